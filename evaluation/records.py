"""What was measured, question by question, kept on disk: a run that was ended goes on where it stopped."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from evaluation.data import Question
from evaluation.fingerprint import key
from evaluation.progress import Progress

Record = dict[str, Any]


T = TypeVar("T")

_OTHER_LINE_ENDS = re.compile("[\u0085\u2028\u2029]")


class Records:
    """A file of one JSON line a question; a line cut off by a crash counts as never written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, Record] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = path.read_bytes() if path.exists() else b""
        kept = whole[: whole.rfind(b"\n") + 1]
        if kept != whole:
            path.write_bytes(kept)
        for line in kept.decode("utf-8").splitlines():
            record = json.loads(line)
            self._known[record["key"]] = record

    def get(self, name: str) -> Record | None:
        """Return what is kept by that name."""
        return self._known.get(name)

    def __len__(self) -> int:
        """Count the questions kept."""
        return len(self._known)

    def complete(
        self, label: str, questions: Sequence[Question], measure: Callable[[Question], Record]
    ) -> Iterator[tuple[Question, Record]]:
        """Yield each question with its record, in order; ``measure`` is called for those not kept yet."""
        return self.complete_by(question_key, label, questions, measure)

    def complete_by(
        self, name: Callable[[T], str], label: str, items: Sequence[T], measure: Callable[[T], Record]
    ) -> Iterator[tuple[T, Record]]:
        """Do the same for anything that ``name`` tells from all others."""
        new = [item for item in items if name(item) not in self._known]
        if len(new) < len(items):
            label = f"{label} ({len(items) - len(new)} kept)"
        progress = iter(Progress(label).over(new)) if new else iter(())
        for item in items:
            if name(item) not in self._known:
                next(progress)
                self.add(name(item), measure(item))
            yield item, self._known[name(item)]
        next(progress, None)

    def add(self, name: str, record: Record) -> None:
        """Keep a record by a name that has none yet."""
        self._known[name] = {"key": name, **record}
        with self._path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json_line(self._known[name]))


def json_line(value: Mapping[str, Any]) -> str:
    """Return a value as one line of JSON, also for readers that end lines at every Unicode line end."""
    line = json.dumps(value, ensure_ascii=False)
    return _OTHER_LINE_ENDS.sub(lambda match: f"\\u{ord(match.group()):04x}", line) + "\n"


def question_key(question: Question) -> str:
    """Return what makes two questions the same: their words, and the document they are asked of."""
    return key(text=question.text, document="" if question.specific else question.document_id)
