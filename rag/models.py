"""The model that writes, as it is kept: what is chosen, what is being loaded, what failed.

The screen and the command line ask for a model; the process that holds the home loads it. Only a model that was loaded
becomes the chosen one, so that the last good model stays selected whatever happens on the way.
"""

import time
from dataclasses import dataclass, field

from rag.choice import ModelChoice, default_choice, read_choice, write_choice
from rag.codec import decode, encode
from rag.downloads import Downloads
from rag.errors import RagError
from rag.settings import Settings
from rag.store import Store

_CHOSEN, _WANTED, _TRIED, _FAILED = "model.chosen", "model.wanted", "model.tried", "model.failed"


@dataclass(frozen=True, slots=True)
class Failure:
    """A model that could not be loaded, and why; ``at`` is in seconds since 1970."""

    choice: ModelChoice
    code: str
    details: dict[str, str] = field(default_factory=dict)
    at: float = 0.0


class Models:
    """The choice of a home; safe to share between threads and processes."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._default = default_choice(settings)
        self.downloads = Downloads(store)

    @property
    def default(self) -> ModelChoice:
        """Return the model of the settings."""
        return self._default

    def chosen(self) -> ModelChoice:
        """Return the last model that was chosen and could be loaded, else that of the settings."""
        return read_choice(self._store.get_setting(_CHOSEN)) or self._default

    def want(self, choice: ModelChoice) -> None:
        """Ask for another model; the process that runs the jobs loads it and then chooses it."""
        self._store.set_setting(_FAILED, "")
        self._store.set_setting(_WANTED, write_choice(choice))

    def underway(self) -> ModelChoice | None:
        """Return the model that is waited for, from the wish until it is loaded or failed."""
        return self._read(_WANTED) or self._read(_TRIED)

    def failure(self) -> Failure | None:
        """Return the last model that could not be loaded, until it is dismissed or another is asked for."""
        text = self._store.get_setting(_FAILED)
        try:
            return decode(Failure, text) if text else None
        except ValueError:
            return None

    def dismiss_failure(self) -> None:
        """Forget what failed."""
        self._store.set_setting(_FAILED, "")

    def claim(self) -> ModelChoice | None:
        """Take the model that is asked for, to load it; only the process that runs the jobs may call this."""
        wanted = self._read(_WANTED)
        if wanted is not None:
            self._store.set_setting(_TRIED, write_choice(wanted))
            self._store.set_setting(_WANTED, "")
        return wanted

    def succeed(self, choice: ModelChoice) -> None:
        """Choose a model that is loaded; for that of the settings nothing is kept, so that it follows them."""
        self._store.set_setting(_CHOSEN, "" if choice == self._default else write_choice(choice))
        self._store.set_setting(_TRIED, "")

    def fail(self, choice: ModelChoice, error: RagError) -> None:
        """Keep why a model could not be loaded; what was chosen stays chosen."""
        self._store.set_setting(_FAILED, encode(Failure(choice, error.code, error.details, time.time())))
        self._store.set_setting(_TRIED, "")

    def recover(self) -> None:
        """Give up a model whose loading ended the last process: it is not tried again by itself."""
        tried = self._read(_TRIED)
        if tried is not None:
            self.fail(tried, RagError("MODEL_INTERRUPTED", model=tried.label))

    def _read(self, key: str) -> ModelChoice | None:
        return read_choice(self._store.get_setting(key))
