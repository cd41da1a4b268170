"""The models of a running process: loaded in the background; the one that writes is exchanged for another on demand.

Another one can be lent for a single piece of work; then the one that writes is there again.
"""

import gc
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rag.choice import ModelChoice
from rag.errors import ModelError, RagError, StorageError
from rag.foundation import Foundation, Services
from rag.models import Models
from rag.room import Room
from rag.speed import measure
from rag.weights import collect

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.3


class ModelSwitch:
    """Gives the models to whoever works, and exchanges the one that writes between two pieces of work.

    ``build`` loads what stays. ``put_back`` lets go of work that was begun with the old model.
    """

    def __init__(
        self,
        models: Models,
        build: Callable[[], Foundation],
        put_back: Callable[[], None],
        closing: threading.Event,
    ) -> None:
        self._models, self._build, self._put_back, self._closing = models, build, put_back, closing
        self._free = threading.Condition()
        self._loading = threading.Lock()  # two that are loaded at once would both count the same memory as free
        self._users, self._is_exchanged = 0, False
        self._services: Services | None = None
        self.foundation: Foundation | None = None
        self.error: RagError | None = None
        self.woken = threading.Event()

    @property
    def services(self) -> Services | None:
        """Return the models; None until they are loaded, and while one is exchanged that leaves no room for another."""
        return self._services

    @contextmanager
    def in_use(self) -> Iterator[Services | None]:
        """Give the models to one piece of work, which ends before they are exchanged."""
        with self._free:
            while self._is_exchanged and not self._closing.is_set():
                self._free.wait(LOOK_SECONDS)
            self._users += 1
        try:
            yield self._services
        finally:
            with self._free:
                self._users -= 1
                self._free.notify_all()

    def load(self, ready: Callable[[Foundation], None]) -> None:
        """Load the models; ``ready`` is called with those that stay before anybody works with them.

        Where the chosen model cannot be loaded any more, that of the settings writes.
        """
        try:
            foundation = self._build()
            ready(foundation)
        except RagError as error:
            logger.warning("the models could not be loaded: %s", error)
            self.error = error
        except Exception as error:
            logger.exception("the models could not be loaded")
            self.error = RagError("INTERNAL", reason=type(error).__name__)
        else:
            self.foundation = foundation
            self._load_first(foundation, self._models.chosen())

    def _load_first(self, foundation: Foundation, chosen: ModelChoice) -> None:
        loaded = _load(foundation, chosen)
        if isinstance(loaded, RagError) and chosen != self._models.default:
            self._models.fail(chosen, loaded)
            loaded = _load(foundation, self._models.default)
        if isinstance(loaded, RagError):
            self.error = loaded
        else:
            self._settle(loaded)

    def watch(self) -> None:
        """Exchange the model that writes whenever another is asked for, until the process ends."""
        while not self._closing.is_set():
            try:
                if self.foundation and (choice := self._models.claim()):
                    with self._loading:
                        self._exchange(self.foundation, choice)
                    continue
            except Exception:
                # A full disk, say: what is asked for is looked at again later.
                logger.exception("the model cannot be exchanged now")
            self.woken.wait(LOOK_SECONDS)
            self.woken.clear()

    def measure(self, services: Services | None, waiting: Callable[[], bool]) -> bool:
        """Measure the speed of the model that writes, if that is asked for; a user's question breaks it off."""
        if services is None or not self._models.speed_asked():
            return False
        try:
            speed = measure(services.generator, lambda: self._closing.is_set() or waiting())
        except RagError as error:
            logger.warning("the speed of %s could not be measured: %s", services.generator_id, error)
            speed = None
        if speed is not None or not waiting():
            self._models.keep_speed(services.generator_id, services.choice, services.device, speed)
        return True

    def lend(self, choice: ModelChoice, work: Callable[[Services], None]) -> RagError | None:
        """Load another model for one piece of work, beside the one that writes or, without room, in its place.

        The one that writes stays chosen, and is loaded again where it had to go. Return why there was no work. Whoever
        calls this has no model ``in_use``; ``work`` raises nothing, and keeps nothing of what it is given.
        """
        with self._loading:
            foundation = self.foundation
            if foundation is None:
                return self.error or RagError("INTERRUPTED")
            before = self._services.choice if self._services else None
            room = _room_for(foundation, choice, before)
            if isinstance(room, RagError):
                return room
            if room == "beside":
                error = self._lent(foundation, choice, work)
                collect()
                return error
            with self._exchanging():
                self._release()
                try:
                    return self._lent(foundation, choice, work)
                finally:
                    self._take_back(foundation, before)

    def _lent(self, foundation: Foundation, choice: ModelChoice, work: Callable[[Services], None]) -> RagError | None:
        loaded = _load(foundation, choice)
        if isinstance(loaded, RagError):
            return loaded
        _kept(lambda: self._models.remember(choice))
        work(loaded)
        return None

    def _exchange(self, foundation: Foundation, choice: ModelChoice) -> None:
        error = self._replace(foundation, choice)
        if error is None:
            self.error = None
            self._models.succeed(choice)
        else:
            self._models.fail(choice, error)

    def _replace(self, foundation: Foundation, choice: ModelChoice) -> RagError | None:
        """Put another model in the place of the one that writes; return why that is not possible."""
        before = self._services.choice if self._services else None
        room = _room_for(foundation, choice, before)
        if isinstance(room, RagError):
            return room
        if room == "instead":
            return self._replace_alone(foundation, choice, before)
        loaded = _load(foundation, choice)
        if isinstance(loaded, RagError):
            return loaded
        with self._exchanging():
            gc.unfreeze()
            self._settle(loaded)
        return None

    def _replace_alone(
        self, foundation: Foundation, choice: ModelChoice, before: ModelChoice | None
    ) -> RagError | None:
        """Release the model that writes, then load the other; one that fails gives the place back."""
        with self._exchanging():
            self._release()
            loaded = _load(foundation, choice)
            if not isinstance(loaded, RagError):
                self._settle(loaded)
                return None
            self._take_back(foundation, before)
            return loaded

    def _release(self) -> None:
        """Let the model that writes go out of memory."""
        self._services = None
        gc.unfreeze()
        collect()

    def _take_back(self, foundation: Foundation, before: ModelChoice | None) -> None:
        """Load the model that wrote before, unless the process ends."""
        collect()
        if before is None or self._closing.is_set():
            return
        loaded = _load(foundation, before)
        if isinstance(loaded, RagError):
            self.error = loaded
        else:
            self._settle(loaded)

    @contextmanager
    def _exchanging(self) -> Iterator[None]:
        """Wait until nobody works with the models, and keep it so."""
        with self._free:
            self._is_exchanged = True
            while self._users and not self._closing.is_set():
                self._free.wait(LOOK_SECONDS)
        try:
            self._put_back()
            yield
        finally:
            with self._free:
                self._is_exchanged = False
                self._free.notify_all()

    def _settle(self, services: Services) -> None:
        self._services = services
        # The models live long: the collector need not walk their half million objects again.
        collect()
        gc.freeze()
        _kept(lambda: self._models.keep_card(services.card))


def _kept(write: Callable[[], None]) -> None:
    """Keep what is told of a model; a disk that is full does not keep it from its work."""
    try:
        write()
    except StorageError:
        logger.exception("what is told of a model cannot be kept now")


def _room_for(foundation: Foundation, choice: ModelChoice, before: ModelChoice | None) -> Room | RagError:
    try:
        return foundation.room_for(choice, before)
    except RagError as error:
        return error
    except Exception as error:
        logger.exception("the model %s could not be measured", choice.name)
        return ModelError("MODEL_LOAD", model=choice.label, reason=type(error).__name__)


def _load(foundation: Foundation, choice: ModelChoice) -> Services | RagError:
    """Load a model; what is returned instead is a new error, whose traceback keeps no half-loaded model alive."""
    try:
        return foundation.load(choice)
    except RagError as raised:
        logger.warning("the model %s could not be loaded: %s", choice.name, raised)
        code, details = raised.code, raised.details
    except Exception as raised:
        logger.exception("the model %s could not be loaded", choice.name)
        code, details = "MODEL_LOAD", {"model": choice.label, "reason": type(raised).__name__}
    return ModelError(code, **details)
