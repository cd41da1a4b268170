"""Make quizzes of every PDF of ``pdfs_course/`` and ``qa_pdfs/``, and check every item by means that made none of them.

Each PDF is a notebook by itself: their subjects have nothing in common, and a course is what a teacher makes a quiz of.
"""

import argparse
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evaluation import command, one_prompt, quiz_figures, quiz_sheet, report
from evaluation.corpus import course
from evaluation.data import LANGUAGES, choose, require, rows
from evaluation.examiner import Examiner
from evaluation.fingerprint import code_hash, key
from evaluation.item_checks import by_letters
from evaluation.predictions import Predictions
from evaluation.quiz_figures import LECTERN, ONE_PROMPT
from evaluation.records import Record
from evaluation.report import Measured
from evaluation.session import Ready, Session
from ingest.errors import Refused
from ingest.types import Language, Page
from rag.errors import RagError
from rag.retrieve import Retriever
from rag.study.gate import faults
from rag.study.material import Material, gather
from rag.study.types import MAX_ITEMS, MIN_ITEMS, Dropped, Item, ItemType, Made, Planned, QuizRequest

FOLDERS = ("pdfs_course", "qa_pdfs")
KINDS: Mapping[str, tuple[ItemType, ...]] = {
    "choice": ("choice",),
    "others": ("several", "true_false", "cloze", "short", "matching"),
}
"""A quiz of choices alone, and one of all other types, of each PDF."""

COUNT = MAX_ITEMS
BASELINE_COUNT, BASELINE_PDFS = 5, 2
MARKS = "quiz"
SAMPLE = 60
PASSAGES = 8
_CHECKS = tuple(
    f"evaluation/{name}.py" for name in ("examiner", "item_checks", "one_prompt", "quiz", "metrics", "normalise")
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A quiz to make and check: of a PDF, by a maker, of some types."""

    path: Path
    language: Language
    maker: str
    kind: str
    count: int
    seed: int

    @property
    def key(self) -> str:
        """Return what tells it from every other."""
        return key(data=course(self.path).data, maker=self.maker, kind=self.kind, count=self.count, seed=self.seed)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command; ``--limit`` counts PDFs."""
    command.add_common(parser)
    parser.add_argument(
        "--count",
        type=command.whole_number("--count"),
        default=COUNT,
        metavar="N",
        help=f"choices asked of each PDF, and half as many items of other types (default: {COUNT})",
    )
    parser.add_argument(
        "--baseline",
        type=command.whole_number("--baseline"),
        default=BASELINE_PDFS,
        metavar="N",
        help=f"PDFs of each folder and language that one prompt is tried on (default: {BASELINE_PDFS})",
    )
    parser.add_argument(
        "--sample",
        type=command.whole_number("--sample"),
        default=SAMPLE,
        metavar="N",
        help=f"items on the sheet, half of them French (default: {SAMPLE})",
    )
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="write items to be judged by a person, as Markdown")


def run(options: argparse.Namespace) -> int:
    """Measure and report."""
    report.writable(options.sheet)
    return command.run({"quiz": measure}, options, MARKS)


def measure(session: Session, options: argparse.Namespace, predictions: Predictions) -> Measured:
    """Make and check all quizzes. Raises RagError."""
    measuring = Measuring(session)
    kept = session.records("quiz", checks=code_hash(_CHECKS))
    found = [
        {**record, "document": unit.path.name, "language": unit.language, "maker": unit.maker, "kind": unit.kind}
        for unit, record in kept.complete_by(lambda unit: unit.key, "quizzes", _units(options), measuring.measure)
    ]
    for record in found:
        for row in record["items"]:
            predictions.line({name: record[name] for name in ("document", "maker", "kind")} | row)
    if options.sheet:
        own = [record for record in found if record["maker"] == LECTERN]
        report.write_text(options.sheet, quiz_sheet.sheet(own, options.sample, options.seed))
    return quiz_figures.summary(found)


def _units(options: argparse.Namespace) -> list[Unit]:
    found: list[Unit] = []
    for folder in FOLDERS:
        for language in (options.language,) if options.language else LANGUAGES:
            paths = choose(_paths(options.data / folder, language), options.limit, options.seed)
            compared = choose(paths, options.baseline, options.seed) if options.baseline else []
            for path in paths:
                for kind in KINDS:
                    found.append(Unit(path, language, LECTERN, kind, _count(kind, options.count), options.seed))
                if path in compared:
                    found.append(Unit(path, language, ONE_PROMPT, "choice", BASELINE_COUNT, options.seed))
    if not found:
        require(options.data, *(f"{folder}/manifest.jsonl" for folder in FOLDERS))
    return found


def _count(kind: str, count: int) -> int:
    """Return how many items to ask: most are choices, so that the places of their keys can be told apart."""
    return count if kind == "choice" else max(MIN_ITEMS, count // 2)


def _paths(folder: Path, language: Language) -> list[Path]:
    """Return the PDFs that the folder's manifest calls by that language."""
    if not (folder / "manifest.jsonl").is_file():
        return []
    return [folder / row["file"] for row in rows(folder / "manifest.jsonl") if row.get("lang") == language]


class Measuring:
    """What the quizzes of a run are made and checked with."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._search = Retriever(session.library.store, session.services.embedder)

    def measure(self, unit: Unit) -> Record:
        """Make a quiz and check its items; a PDF that cannot be read or has no usable text gives the code why."""
        record: Record = {"asked": unit.count, "sections": 0, "dropped": {}, "refused": "", "seconds": 0.0, "items": []}
        try:
            ready = self._session.ready(course(unit.path))
            material = gather(self._session.library.store, ready.notebook.id)
            start = time.perf_counter()
            items = self._made(unit, ready, material, record)
        except (RagError, Refused) as error:
            return {**record, "refused": error.code}
        record["seconds"] = round(time.perf_counter() - start, 2)
        return {**record, "items": self._checked(items, ready, material)}

    def _made(self, unit: Unit, ready: Ready, material: Material, record: Record) -> list[Item]:
        if unit.maker == ONE_PROMPT:
            return self._at_once(unit, material, record)
        request = QuizRequest(unit.count, KINDS[unit.kind], seed=unit.seed)
        items: list[Item] = []
        dropped: Counter[str] = Counter()
        for event in self._session.services.quiz_maker.make(ready.notebook.id, request, material):
            if isinstance(event, Planned):
                record["sections"] = event.sections
            elif isinstance(event, Made):
                items.append(event.item)
            elif isinstance(event, Dropped):
                dropped[event.reason] += 1
        record["dropped"] = dict(dropped)
        return items

    def _at_once(self, unit: Unit, material: Material, record: Record) -> list[Item]:
        if not material.chunks:
            raise RagError("STUDY_NO_TEXT")
        items, unreadable = one_prompt.write(self._session.services.generator, material, unit.count)
        record["dropped"] = {"unreadable": unreadable} if unreadable else {}
        return items

    def _checked(self, items: Sequence[Item], ready: Ready, material: Material) -> list[Record]:
        pages = {(row.sha256, page.index): page for row in material.documents for page in material.pages[row.id]}
        examiner = self._examiner(ready)
        return [self._row(item, items, number, pages, examiner) for number, item in enumerate(items)]

    def _row(
        self,
        item: Item,
        items: Sequence[Item],
        number: int,
        pages: Mapping[tuple[str, int], Page],
        examiner: Examiner,
    ) -> Record:
        page = pages.get((item.source.sha256, item.source.page_index))
        others = [*items[:number], *items[number + 1 :]]
        return {
            "item": asdict(item),
            "faults": faults(item, page.text if page else "", others),
            **asdict(by_letters(item, page, items[:number])),
            **asdict(examiner.examine(item)),
        }

    def _examiner(self, ready: Ready) -> Examiner:
        reader = self._session.services.reader_of(ready.notebook.id)
        ids = list(ready.rows.values())
        return Examiner(
            lambda text: self._search.retrieve(ready.notebook.id, text, ids, PASSAGES).passages,
            reader.read if reader else None,
        )
