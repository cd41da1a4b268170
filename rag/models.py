"""The model that writes, as it is kept: what is chosen, what is being loaded, what failed.

The screen and the command line ask for a model; the process that holds the home loads it. Only a model that was loaded
becomes the chosen one, so that the last good model stays selected whatever happens on the way.
"""

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rag.choice import ModelChoice, default_choice, read_choice, write_choice
from rag.codec import decode, encode
from rag.downloads import Downloads
from rag.errors import RagError
from rag.model_card import ModelCard
from rag.settings import Settings
from rag.speed import Speed
from rag.store import Store

_CARD, _SPEEDS, _MEASURE = "model.card", "model.speeds", "model.measure"
_CHOSEN, _WANTED, _TRIED, _FAILED = "model.chosen", "model.wanted", "model.tried", "model.failed"
_USED = "model.used"
MOST_USED = 12


@dataclass(frozen=True, slots=True)
class Failure:
    """A model that could not be loaded, and why; ``at`` is in seconds since 1970."""

    choice: ModelChoice
    code: str
    details: dict[str, str] = field(default_factory=dict)
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Used:
    """The models that were loaded here, the last one first."""

    choices: tuple[ModelChoice, ...] = ()


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

    def known(self) -> tuple[ModelChoice, ...]:
        """Return the models that can be asked here: chosen, bundled, used before, downloaded; each once."""
        fetched = [ModelChoice("hub", model.id, revision=model.revision) for model in self.downloads.fetched()]
        here = {(choice.name, choice.revision) for choice in fetched}
        # A revision is that of a download here, which may have been deleted since.
        used = [choice for choice in self._used() if not choice.revision or (choice.name, choice.revision) in here]
        return tuple(dict.fromkeys((self.chosen(), self._default, ModelChoice(), *used, *fetched)))

    def remember(self, choice: ModelChoice) -> None:
        """Keep that a model could be loaded here."""
        used = tuple(dict.fromkeys((choice, *self._used())))[:MOST_USED]
        self._store.set_setting(_USED, encode(Used(used)))

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
        self.remember(choice)

    def fail(self, choice: ModelChoice, error: RagError) -> None:
        """Keep why a model could not be loaded; what was chosen stays chosen."""
        self._store.set_setting(_FAILED, encode(Failure(choice, error.code, error.details, time.time())))
        self._store.set_setting(_TRIED, "")

    def recover(self) -> None:
        """Give up what the last process did not end: neither loading nor downloading begins again by itself."""
        self.downloads.recover()
        tried = self._read(_TRIED)
        if tried is not None:
            self.fail(tried, RagError("MODEL_INTERRUPTED", model=tried.label))

    def keep_card(self, card: ModelCard) -> None:
        """Keep what is told of the model that was loaded last."""
        self._store.set_setting(_CARD, encode(card))

    def card(self) -> ModelCard | None:
        """Return what is told of the model that was loaded last."""
        text = self._store.get_setting(_CARD)
        try:
            return decode(ModelCard, text) if text else None
        except ValueError:
            return None

    def ask_speed(self) -> None:
        """Ask for the speed of the model that writes, measured between two questions."""
        self._store.set_setting(_MEASURE, "1")

    def speed_asked(self) -> bool:
        """Tell whether the speed is to be measured."""
        return bool(self._store.get_setting(_MEASURE))

    def keep_speed(self, model_id: str, choice: ModelChoice, device: str, speed: Speed | None) -> None:
        """Keep a measured speed, or give up measuring."""
        if speed is not None:
            speeds = {**self._speeds(), _speed_key(model_id, choice, device): asdict(speed)}
            self._store.set_setting(_SPEEDS, json.dumps(speeds, ensure_ascii=False))
        self._store.set_setting(_MEASURE, "")

    def speed(self, model_id: str, choice: ModelChoice, device: str) -> Speed | None:
        """Return the speed of a model on a device, where it was measured."""
        found = self._speeds().get(_speed_key(model_id, choice, device))
        return Speed(**found) if found else None

    def keep_mcq_score(self, model_id: str, choice: ModelChoice, score: float) -> None:
        """Keep the share (0..1) of multiple-choice questions that a model got right."""
        self._store.set_setting(_score_key(model_id, choice), str(score))

    def mcq_score(self, model_id: str, choice: ModelChoice) -> float | None:
        """Return the share (0..1) of multiple-choice questions that a model got right, where that was measured."""
        measured = self._store.get_setting(_score_key(model_id, choice))
        return float(measured) if measured else None

    def _speeds(self) -> dict[str, dict[str, float]]:
        kept: dict[str, dict[str, float]] = json.loads(self._store.get_setting(_SPEEDS) or "{}")
        return kept

    def _used(self) -> tuple[ModelChoice, ...]:
        text = self._store.get_setting(_USED)
        try:
            return decode(Used, text).choices if text else ()
        except ValueError:
            return ()

    def _read(self, key: str) -> ModelChoice | None:
        return read_choice(self._store.get_setting(key))


def _speed_key(model_id: str, choice: ModelChoice, device: str) -> str:
    revision = f" · {choice.revision}" if choice.revision else ""
    return f"{device} · {_measured(model_id, choice)}{revision}"


def _score_key(model_id: str, choice: ModelChoice) -> str:
    # Without the commit: the command that measures names none.
    return f"mcq.{_measured(model_id, choice)}"


def _measured(model_id: str, choice: ModelChoice) -> str:
    """Name what a figure was measured of: folders of one name, or weights kept in another way, are others."""
    place = str(Path(choice.name).expanduser().absolute()) if choice.kind == "folder" else ""
    weights = "" if choice.weights == "auto" else choice.weights
    return " · ".join(part for part in (model_id, place, weights) if part)
