"""An answer that is stopped ends in time, also while its worker is deep in one step, such as reading a long passage."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 0.4  # most steps look whether they shall end ten times a second, and end with more of their text

logger = logging.getLogger(__name__)


@contextmanager
def ended_in_time(is_stopped: Callable[[], bool], end: Callable[[], object]) -> Iterator[None]:
    """While the block runs, look whether it ``is_stopped``; call ``end`` when it then does not come to its end soon."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(LOOK_SECONDS):
            try:
                if is_stopped():
                    if not over.wait(PATIENCE_SECONDS):
                        end()
                    return
            except Exception:
                # A database that is busy, say: looked at again soon.
                logger.exception("it cannot be seen now whether an answer is stopped")

    thread = threading.Thread(target=watch, name="stop", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
