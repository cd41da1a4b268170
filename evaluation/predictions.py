"""One JSON line a question, described by ``predictions.schema.json``."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from evaluation.corpus import Place
from evaluation.data import Question
from evaluation.records import Record, json_line

SCHEMA = Path(__file__).with_name("predictions.schema.json")


class Names(Protocol):
    """How pages are called in the predictions."""

    def citation(self, place: Place) -> dict[str, Any]:
        """Return the fields that name a cited page."""
        ...

    def retrieved(self, place: Place) -> str:
        """Return the name of a retrieved page."""
        ...


class Contexts:
    """Pages that are passages of a data set, called by their ids."""

    def __init__(self, contexts: Mapping[Place, str]) -> None:
        self._contexts = contexts

    def citation(self, place: Place) -> dict[str, Any]:
        """Return the passage's id."""
        return {"context_id": self._contexts[place]}

    def retrieved(self, place: Place) -> str:
        """Return the passage's id."""
        return self._contexts[place]


class Files:
    """Pages of files, called by the file's path below its folder and the number from 1."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        self._paths = paths

    def name(self, document_id: str) -> str:
        """Return "language/file"."""
        path = self._paths[document_id]
        return f"{path.parent.name}/{path.name}"

    def document(self, name: str) -> str:
        """Return the id of "language/file"; empty when there is none."""
        return next((document_id for document_id in self._paths if self.name(document_id) == name), "")

    def citation(self, place: Place) -> dict[str, Any]:
        """Return the document and its page."""
        return {"document": self.name(place[0]), "page": place[1] + 1}

    def retrieved(self, place: Place) -> str:
        """Return "document:page"."""
        return f"{self.name(place[0])}:{place[1] + 1}"


def ranking(names: Names, retrieved: list[list[Any]]) -> list[str]:
    """Return the names of retrieved pages, each once, best first."""
    return list(dict.fromkeys(names.retrieved((document, page)) for document, page in retrieved))


@dataclass(frozen=True, slots=True)
class Predictions:
    """A file that grows by one line a question of ``command``; nothing is written without ``write``.

    ``timed`` is false where seconds tell nothing, since what was read before is used again.
    """

    write: Callable[[str], object] | None = None
    command: str = ""
    timed: bool = True

    def of(self, command: str) -> "Predictions":
        """Return the same file for the lines of a command."""
        return replace(self, command=command)

    def add(self, question: Question, names: Names, record: Record, memory: str | None = None) -> None:
        """Write what was found for a question; what was not measured is null."""
        self.line(prediction(question, names, record, memory) | ({} if self.timed else {"seconds": None}))

    def line(self, record: Record) -> None:
        """Write what was found for something that is not a question to the sources."""
        if self.write is not None:
            self.write(json_line({"command": self.command, **record}))


@contextmanager
def predicting(path: Path | None, timed: bool = True) -> Iterator[Predictions]:
    """Open the file of ``--predictions``, or nothing."""
    if path is None:
        yield Predictions()
        return
    with path.open("w", encoding="utf-8", newline="\n") as file:
        yield Predictions(file.write, timed=timed)


def prediction(question: Question, names: Names, record: Record, memory: str | None = None) -> dict[str, Any]:
    """Describe a question's record; with the command, the fields are those of ``predictions.schema.json``."""
    citations = [
        {
            **names.citation((c["sha256"], c["page_index"])),
            "quote": c["quote"],
            "support": c["support"],
            "located": c["located"],
        }
        for c in record.get("citations", ())
    ]
    return {
        "id": question.id,
        "question": question.text,
        "language": question.language,
        "status": record.get("status"),
        "answer": record.get("answer"),
        "text": record.get("text"),
        "citations": citations,
        "retrieved": ranking(names, record.get("retrieved", [])),
        "memory_text": memory,
        "seconds": record["seconds"],
    }
