"""What was written for this repository: ``training/written/*.jsonl``.

``contexts_fr`` holds passages translated from English ones, ``qa_fr`` questions on them and on the French passages of
the data folder, ``qa_en`` English questions on French passages, ``wrong_en`` English ones written to look answerable.
The id of a question that was translated is that of the original behind ``OF``. ``courses`` is laid out like a data
folder: sheets and slides with questions, above all for what a term means. Nothing is trained on them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from evaluation.data import LANGUAGES, rows
from ingest.types import Language
from training.squad import Example

FOLDER = Path(__file__).with_name("written")
COURSES = FOLDER / "courses"
OF = "fr-"


def sources(data: Path) -> list[tuple[Path, Language]]:
    """Return the folders of passages and questions, with their language: those of ``data``, then these."""
    return [*((folder, language) for folder in (data, COURSES) for language in LANGUAGES), (FOLDER, "fr")]


def load(examples: Sequence[Example], folder: Path = FOLDER) -> list[Example]:
    """Return the questions whose passage is here or among ``examples``."""
    passages = {example.passage_id: example for example in examples}
    for row in rows(folder / "contexts_fr.jsonl"):
        place = (row["text"], row["context_id"], row["doc_id"])
        passages[row["context_id"]] = Example("", "fr", row["title"], *place, ())
    names = ("qa_fr", "qa_en", "wrong_en")
    return [example for name in names for example in _questions(rows(folder / f"{name}.jsonl"), passages)]


def crossed(examples: Sequence[Example], made: Sequence[Example]) -> list[Example]:
    """Return the translated questions both ways: in French on the English passage, in English on the French one."""
    english = {example.id: example for example in examples if example.language == "en" and example.id}
    both = [(example, other) for example in made if (other := english.get(example.id.removeprefix(OF)))]
    return [
        replace(passage, question=question.question, id="")
        for one, other in both
        for question, passage in ((one, other), (other, one))
    ]


def _questions(lines: Iterator[dict[str, Any]], passages: Mapping[str, Example]) -> Iterator[Example]:
    for row in lines:
        if passage := passages.get(row["context_id"]):
            answers = tuple((answer["text"], answer["start"]) for answer in row["answers"])
            yield replace(passage, question=row["question"], answers=answers, id=row["id"])
