"""The only file that knows SQLite: connections, transactions, migrations, integrity."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from rag.blobs import disk_error
from rag.errors import StorageError
from rag.turn import Turn

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 30
NEARLY_FULL = 1 << 20

_COMMON = ("PRAGMA foreign_keys=ON", f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
_WRITER = (*_COMMON, "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")
_READER = (*_COMMON, "PRAGMA query_only=ON", "PRAGMA wal_autocheckpoint=0")


class Database:
    """A SQLite file with one writer at a time and readers that never wait.

    All writes and checkpoints of all processes pass one file lock: SQLite before 3.51.3 can damage a write-ahead log
    that two connections reset at once (sqlite.org/wal.html, "WAL-reset bug").
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._turn = Turn(path.with_name("writing.lock"))
        self.writer = _engine(path, _WRITER, "BEGIN IMMEDIATE", pool_size=1, max_overflow=0)
        self._reader = _engine(path, _READER, "BEGIN", pool_size=8, max_overflow=56)

    @classmethod
    def open(cls, home: Path, migrations: Path = MIGRATIONS) -> "Database":
        """Open the database of ``home``, making or upgrading it. Raises StorageError."""
        path = home / "lectern.db"
        try:
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            database = cls(path)
            database._upgrade(migrations)
        except OSError as error:
            raise disk_error(error, home) from error
        return database

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the database and changes nothing."""
        try:
            with self._reader.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise self._translated(error) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open the one writing transaction; it is on disk when the block ends, or leaves nothing."""
        try:
            with self._turn, self.writer.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise self._translated(error) from error

    def findings(self) -> list[str]:
        """Check the whole file; an empty list means that it is sound."""
        with self.reading() as connection:
            found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
            orphans = [
                f"{row[0]} row {row[1]} has no {row[2]}" for row in connection.execute(text("PRAGMA foreign_key_check"))
            ]
        return [line for line in found if line != "ok"] + orphans

    def close(self) -> None:
        """Close every connection."""
        self._reader.dispose()
        self.writer.dispose()

    def _upgrade(self, migrations: Path) -> None:
        config = Config()
        config.set_main_option("script_location", str(migrations).replace("%", "%%"))
        scripts = ScriptDirectory.from_config(config)
        with self.writing() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            head = scripts.get_current_head()
            if current == head:
                return
            if current is not None:
                if current not in {script.revision for script in scripts.walk_revisions()}:
                    raise StorageError("NEWER_DATABASE", path=str(self.path))
                self._back_up(current)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def _back_up(self, version: str) -> None:
        """Copy the last committed state beside the database, through a connection of its own."""
        source = sqlite3.connect(self.path)
        target = sqlite3.connect(self.path.with_name(f"{self.path.name}.before-{version}"))
        try:
            source.backup(target)
        finally:
            target.close()
            source.close()

    def _translated(self, error: DBAPIError) -> StorageError:
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        full = code == sqlite3.SQLITE_FULL or (
            code == sqlite3.SQLITE_IOERR and shutil.disk_usage(self.path.parent).free < NEARLY_FULL
        )
        if full:
            return StorageError("DISK_FULL", path=str(self.path.parent))
        return StorageError("DATABASE", path=str(self.path), reason=str(error.orig))


def _engine(path: Path, pragmas: tuple[str, ...], begin: str, *, pool_size: int, max_overflow: int) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=max_overflow,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        # The driver would begin transactions by itself, too late for IMMEDIATE.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
