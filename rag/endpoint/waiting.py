"""Waiting for a server without being bound to it: whoever waits can stop at any moment, also while nothing comes."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")

POLL = 0.05  # seconds between looks at ``cancelled``
GOODBYE = 0.5  # seconds for closing a connection


class HungUp(Exception):
    """Nobody waits for this any more."""


class TooSlow(Exception):
    """Nothing came in time; the argument is how many seconds were waited."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for a connection, for the first token (a model may have to be loaded), for each next one."""

    connect: float = 5.0
    first: float = 180.0
    following: float = 60.0


class Waiting:
    """An event loop that runs only while the caller waits, in a thread of its own: the caller's may run another.

    A blocking read could not be ended from outside; a task that is cancelled closes its connection at once.
    """

    def __init__(self, cancelled: Callable[[], bool]) -> None:
        self._cancelled = cancelled
        self._loop = asyncio.new_event_loop()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lectern-server")

    def wait(self, work: Callable[[], Awaitable[T]], seconds: float) -> T:
        """Return what ``work`` gives. Raises HungUp, TooSlow after ``seconds``, and what ``work`` raises."""
        began = time.monotonic()
        task = self._loop.create_task(_run(work))
        while not task.done():
            if self._cancelled():
                self._give_up(task)
                raise HungUp
            if time.monotonic() - began > seconds:
                self._give_up(task)
                raise TooSlow
            self._turn(asyncio.wait({task}, timeout=min(POLL, seconds)))
        return task.result()

    def close(self, farewell: Callable[[], Awaitable[None]]) -> None:
        """Run what closes the connection, for at most half a second, and end the loop."""
        # The client's generators hold one another, and asyncio closes them side by side: what it says of that is noise.
        self._loop.set_exception_handler(lambda loop, context: None)
        task = self._loop.create_task(_run(farewell))
        self._turn(asyncio.wait({task}, timeout=GOODBYE))
        self._give_up(task)
        self._turn(self._loop.shutdown_asyncgens())
        self._thread.shutdown()
        self._loop.close()

    def _turn(self, work: Coroutine[Any, Any, object]) -> None:
        self._thread.submit(self._loop.run_until_complete, work).result()

    def _give_up(self, task: "asyncio.Task[T]") -> None:
        task.cancel()
        self._turn(asyncio.wait({task}, timeout=GOODBYE))
        if task.done():
            with contextlib.suppress(BaseException):
                task.exception()  # asked for, so that asyncio does not report it as forgotten


async def _run(work: Callable[[], Awaitable[T]]) -> T:
    return await work()
