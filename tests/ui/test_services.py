"""The workers of a process whose predecessor has ended."""

from dataclasses import dataclass

import pytest

from rag.worker_status import WorkerStatus
from ui.services import Desk


@dataclass
class FakeWorkers:
    """Workers that take a home once nobody holds it."""

    holder: str
    holding: bool = False
    starts: int = 0

    def start(self) -> bool:
        self.starts += 1
        self.holding = not self.holder
        return self.holding

    def status(self) -> WorkerStatus:
        return WorkerStatus(self.holding, self.holder, "ready" if self.holding else "loading")


@pytest.mark.parametrize("holder, holding, starts", [("app, process 7", False, 0), ("", True, 1)])
def test_the_workers_take_over_only_a_home_that_nobody_holds(holder: str, holding: bool, starts: int) -> None:
    workers = FakeWorkers(holder)
    desk = Desk(workers)

    assert desk.status().holding == holding
    assert desk.status().holding == holding
    assert workers.starts == starts
