"""Opening, upgrading and sharing the database."""

import logging
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from rag.conversation import Conversation
from rag.conversations import Conversations
from rag.database import MIGRATIONS, Database
from rag.errors import StorageError
from rag.records import document_values
from rag.store import Store
from rag.study.quizzes import Quizzes
from rag.study.types import QuizRequest
from rag.study_tables import quizzes
from rag.tables import metadata

HEAD = ScriptDirectory(str(MIGRATIONS)).get_current_head()
NEXT = f"""
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{HEAD}"


def upgrade():
    op.add_column("notebooks", sa.Column("colour", sa.Text, nullable=True))
"""


def test_migrations_make_the_tables_of_the_code(tmp_path: Path) -> None:
    handlers = list(logging.getLogger().handlers)
    database = Database.open(tmp_path / "home")
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert quizzes.metadata is metadata
        assert compare_metadata(context, metadata) == []
    assert database.findings() == []
    assert logging.getLogger().handlers == handlers
    assert not logging.getLogger("rag").disabled


def test_an_upgrade_keeps_what_is_there_and_a_copy_of_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    database = Database.open(home)
    Store(database).create_notebook("kept")
    database.close()
    newer = shutil.copytree(MIGRATIONS, tmp_path / "migrations")
    (newer / "versions" / "v9999_next.py").write_text(NEXT)

    upgraded = Database.open(home, newer)
    assert [row.name for row in Store(upgraded).notebooks()] == ["kept"]
    upgraded.close()
    copy = sqlite3.connect(home / f"lectern.db.before-{HEAD}")
    assert copy.execute("SELECT name FROM notebooks").fetchall() == [("kept",)]
    copy.close()

    with pytest.raises(StorageError, match="NEWER_DATABASE"):
        Database.open(home)
    assert [row.name for row in Store(Database.open(home, newer)).notebooks()] == ["kept"]


def before_study(folder: Path) -> Path:
    """The migrations as they were before quizzes, cards and guides."""
    older = shutil.copytree(
        MIGRATIONS, folder / "older", ignore=shutil.ignore_patterns("v000[4-9]*", "v00[1-9]*", "__pycache__")
    )
    assert ScriptDirectory(str(older)).get_current_head() == "0003"
    return older


# As a Lectern from before quizzes wrote them.
OLD_ROWS: dict[str, dict[str, object]] = {
    "notebooks": {"id": 1, "name": "kept", "name_key": "kept", "revision": 0, "sample": False, "created_at": 1.0},
    "documents": document_values(1, "a.pdf", "ab" * 32, 9) | {"id": 1, "owner": ""},
    "answers": {
        **dict.fromkeys(("stage", "sources_text", "memory_text", "passages", "sourced", "comparison"), ""),
        **dict.fromkeys(("model_id", "code", "owner"), ""),
        **dict.fromkeys(("started_at", "feedback", "stopping"), 0),
        **dict.fromkeys(("wants_sources", "wants_memory"), True),
        **dict.fromkeys(("timings", "details"), "{}"),
        "id": 1,
        "notebook_id": 1,
        "question": "Quoi ?",
        "language": "fr",
        "document_ids": "[1]",
        "state": "done",
        "asked_at": 1.0,
    },
}


def test_a_home_from_before_quizzes_is_upgraded_and_can_go_back(tmp_path: Path) -> None:
    home = tmp_path / "home"
    older = Database.open(home, before_study(tmp_path))
    with older.writing() as connection:
        for table, row in OLD_ROWS.items():
            columns, places = ", ".join(row), ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({places})"), row)
    older.close()

    upgraded = Database.open(home)
    assert [row.name for row in Store(upgraded).notebooks()] == ["kept"]
    assert [row.name for row in Store(upgraded).documents(1)] == ["a.pdf"]
    asked = Conversation(upgraded).answers(1)
    assert [(row.question, row.document_ids, row.memory_tokens) for row in asked] == [("Quoi ?", (1,), ())]
    [talk] = Conversations(upgraded).rows(1)
    assert (talk.title, talk.questions, asked[0].conversation_id, asked[0].turn) == ("Quoi ?", 1, talk.id, asked[0].id)
    quiz_id = Quizzes(upgraded).create(1, "q", QuizRequest())
    assert Quizzes(upgraded).row(quiz_id) is not None
    assert upgraded.findings() == []
    assert (home / "lectern.db.before-0003").exists()
    with upgraded.writing() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
    upgraded.close()

    older = Database.open(home, tmp_path / "older")
    with older.reading() as connection:
        assert list(connection.scalars(text("SELECT name FROM notebooks"))) == ["kept"]
        names = {row[0] for row in connection.execute(text("SELECT name FROM sqlite_master"))}
    assert "documents" in names
    assert not names & {"quizzes", "quiz_items", "quiz_attempts", "study_guides", "cards", "card_reviews"}
    older.close()


def test_a_failed_upgrade_changes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    Store(Database.open(home)).create_notebook("kept")
    newer = shutil.copytree(MIGRATIONS, tmp_path / "migrations")
    (newer / "versions" / "v9999_next.py").write_text(NEXT + '    raise RuntimeError("cut")\n')
    with pytest.raises(RuntimeError, match="cut"):
        Database.open(home, newer)
    assert [row.name for row in Store(Database.open(home)).notebooks()] == ["kept"]


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "lectern.db").write_bytes(b"something else" * 100)
    with pytest.raises(StorageError, match="DATABASE"):
        Database.open(tmp_path)
    assert (tmp_path / "lectern.db").read_bytes() == b"something else" * 100


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="DATABASE"):
        Database.open(tmp_path / "file" / "home")


def test_readers_see_one_state_and_change_nothing(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    store = Store(database)
    with database.reading() as connection:
        count = text("SELECT count(*) FROM notebooks")
        assert connection.execute(count).scalar_one() == 0
        store.create_notebook("n")
        assert connection.execute(count).scalar_one() == 0
    with pytest.raises(StorageError), database.reading() as connection:
        connection.execute(text("DELETE FROM notebooks"))
    assert len(store.notebooks()) == 1


def test_many_threads_of_two_openings_write_without_loss(tmp_path: Path) -> None:
    stores = [Store(Database.open(tmp_path)), Store(Database.open(tmp_path))]

    def write(name: str, store: Store) -> None:
        for number in range(10):
            store.create_notebook(f"{name} {number}")

    threads = [threading.Thread(target=write, args=(f"t{n}", stores[n % 2])) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores[0].notebooks()) == 60
