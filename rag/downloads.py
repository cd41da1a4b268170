"""The download of a model: asked for on the screen, kept in the database, done by the process that runs the jobs."""

import shutil
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from rag.blobs import disk_error
from rag.codec import decode, encode
from rag.errors import ModelError, RagError
from rag.hub import HubModel, fetch
from rag.store import Store
from rag.weights import gigabytes

DownloadState = Literal["offered", "queued", "running", "done", "stopped", "failed"]
Fetch = Callable[[HubModel], Iterator[int]]

MARGIN = 500_000_000  # bytes of the disk that a download leaves free
KEEP_SECONDS = 0.5
_CURRENT, _FETCHED = "model.download", "model.fetched"


@dataclass(frozen=True, slots=True)
class Download:
    """How far a download is, in bytes; ``started_at`` is in seconds since 1970, when ``before`` bytes were here."""

    model: HubModel
    state: DownloadState = "queued"
    done: int = 0
    before: int = 0
    started_at: float = 0.0
    code: str = ""
    details: dict[str, str] = field(default_factory=dict)

    @property
    def underway(self) -> bool:
        """Tell whether it waits or runs."""
        return self.state in ("queued", "running")

    def seconds_left(self, now: float) -> float | None:
        """Return the time left at the speed so far; None while too little was seen."""
        came, elapsed = self.done - self.before, now - self.started_at
        if not came or elapsed < 1.5:
            return None
        return elapsed / came * max(self.model.size - self.done, 0)


@dataclass(frozen=True, slots=True)
class Fetched:
    """The models that were downloaded here."""

    models: tuple[HubModel, ...] = ()


class Downloads:
    """The one download of a home, and what came before; safe to share between threads and processes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def current(self) -> Download | None:
        """Return the download that waits, runs or ended last."""
        return _read(self._store.get_setting(_CURRENT))

    def offer(self, model: HubModel) -> None:
        """Keep what was told of a model, for the user to decide. Raises ModelError HUB_BUSY."""
        self._require_idle()
        self._keep(Download(model, "offered"))

    def start(self, model: HubModel, cache: Path) -> None:
        """Queue a download, or go on with one that stopped. Raises ModelError HUB_DISK, HUB_BUSY."""
        self._require_idle()
        now = self.current()
        place = next(folder for folder in (cache, *cache.parents) if folder.is_dir())
        free, here = shutil.disk_usage(place).free, now.done if now and now.model == model else 0
        if model.size - here + MARGIN > free:
            need = gigabytes(model.size - here + MARGIN)
            raise ModelError("HUB_DISK", model=model.id, need=need, free=gigabytes(free), reason=str(place))
        self._keep(Download(model))

    def stop(self) -> None:
        """Stop the download; what came is kept."""

        def stopped(text: str | None) -> str:
            now = _read(text)
            return encode(replace(now, state="stopped")) if now is not None and now.underway else text or ""

        self._store.change_setting(_CURRENT, stopped)

    def dismiss(self) -> None:
        """Forget a download that ended."""
        now = self.current()
        if now is not None and not now.underway:
            self._store.set_setting(_CURRENT, "")

    def fetched(self) -> tuple[HubModel, ...]:
        """Return the models that were downloaded here, the newest first."""
        text = self._store.get_setting(_FETCHED)
        try:
            return decode(Fetched, text).models if text else ()
        except ValueError:
            return ()

    def remove(self, model: HubModel, cache: Path) -> None:
        """Delete what is here of a model at its commit, whole or in part. Raises ModelError HUB_BUSY, StorageError."""
        now = self.current()
        if now is not None and now.model.id == model.id:
            self._require_idle()
        repository = cache / f"models--{model.id.replace('/', '--')}"
        folders = [repository / kind for kind in ("snapshots", "parts")]
        try:
            for folder in (*(folder / model.revision for folder in folders), *folders, repository):
                _empty(folder)
        except OSError as error:
            raise disk_error(error, cache) from error
        # Only now: what could not be deleted is still told, and can be deleted again.
        if now is not None and now.model.id == model.id:
            self.dismiss()
        others = tuple(other for other in self.fetched() if other != model)
        self._store.set_setting(_FETCHED, encode(Fetched(others)))

    def recover(self) -> None:
        """Stop a download whose process ended: the network is used again only when the user says so."""
        now = self.current()
        if now is not None and now.state == "running":
            self._keep(replace(now, state="stopped"))

    def run(self, closing: Callable[[], bool], fetch: Fetch = fetch) -> bool:
        """Do the download that waits, if there is one; only the process that runs the jobs may call this."""
        now = self.current()
        if now is None or now.state != "queued":
            return False
        came = fetch(now.model)
        try:
            self._follow(replace(now, state="running", started_at=time.time()), came, closing)
        except RagError as error:
            latest = self.current() or now
            self._keep(replace(latest, state="failed", code=error.code, details=error.details))
        finally:
            if isinstance(came, Generator):
                came.close()
        return True

    def _follow(self, now: Download, came: Iterator[int], closing: Callable[[], bool]) -> None:
        if not self._goes_on(now):
            return
        kept = 0.0
        for done in came:
            if not now.before:
                now = replace(now, before=done)
            if time.monotonic() - kept < KEEP_SECONDS:
                continue
            kept = time.monotonic()
            now = replace(now, state="stopped" if closing() else "running", done=done)
            if not self._goes_on(now):
                return
        others = tuple(model for model in self.fetched() if model.id != now.model.id)
        self._store.set_setting(_FETCHED, encode(Fetched((now.model, *others))))
        self._keep(replace(now, state="done", done=now.model.size))

    def _goes_on(self, now: Download) -> bool:
        """Keep how far a download is; tell whether it goes on: what the user stopped meanwhile stays stopped."""

        def changed(text: str | None) -> str:
            latest = _read(text)
            is_wanted = latest is not None and latest.underway
            return encode(now if is_wanted else replace(now, state="stopped"))

        latest = _read(self._store.change_setting(_CURRENT, changed))
        return latest is not None and latest.underway

    def _require_idle(self) -> None:
        now = self.current()
        if now is not None and now.underway:
            raise ModelError("HUB_BUSY", model=now.model.id)

    def _keep(self, download: Download) -> None:
        self._store.set_setting(_CURRENT, encode(download))


def _read(text: str | None) -> Download | None:
    try:
        return decode(Download, text) if text else None
    except ValueError:
        return None


def _empty(folder: Path) -> None:
    """Delete the files of a folder, and the folder when nothing is left in it.

    A link leads to what another program has fetched into the cache that all share, and stays.
    """
    if folder.is_dir():
        for file in folder.iterdir():
            if file.is_file() and not file.is_symlink():
                file.unlink()
        if not any(folder.iterdir()):
            folder.rmdir()
