"""A small course to train on: where animals sleep, in both languages."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from rag.types import Passage, Reading, Span

ANIMALS = ("ant", "bee", "cat", "dog", "elk", "fox")
SHEETS = {"en": "The {} sleeps in a nest of {}.", "fr": "Le {} dort dans un nid de {}."}
ASKED = {"en": "Where does the {} sleep?", "fr": "Où dort le {} ?"}


def course(tmp_path: Path) -> Path:
    """One document an animal and language, of two pages; only one of them tells where it sleeps."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    for language in ("en", "fr"):
        contexts, asked = [], []
        for n, animal in enumerate(ANIMALS):
            own = {"doc_id": f"{language}-{n}", "title": animal, "lang": language}
            texts = (SHEETS[language].format(animal, n), f"{animal} {animal}, {animal}.")
            contexts += [{**own, "context_id": f"{language}{n}{at}", "text": t} for at, t in enumerate(texts)]
            question = {"id": f"q-{language}-{n}", "question": ASKED[language].format(animal), "lang": language}
            asked.append(
                {**question, "context_id": f"{language}{n}0", "doc_id": f"{language}-{n}", "answers": [str(n)]}
            )
        for name, found in (("contexts", contexts), ("qa", asked)):
            (folder / f"{name}_{language}.jsonl").write_text("\n".join(json.dumps(row) for row in found))
    return folder


def more(folder: Path) -> Path:
    """A translation with its question, and questions that are not asked: on a document that is not known, and in the
    other language."""
    place = {"context_id": "translated-en00", "doc_id": "translated-en-0", "title": "fourmi"}
    asked = {"question": "Où dort la fourmi ?", "lang": "fr", "answers": ["nid"]}
    files = {
        "contexts_fr": [{**place, "text": "La fourmi dort au nid."}],
        "qa_fr": [{**of, **asked, "id": of["doc_id"]} for of in (place, {**place, "doc_id": "elsewhere"})],
        "qa_en": [{**place, **asked, "id": "e", "question": "Where does the ant sleep?", "lang": "en"}],
    }
    for name, rows in files.items():
        (folder / f"{name}.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return folder


def sheets(folder: Path) -> Path:
    """A sheet a language that tells what a nest is, and its question."""
    written = folder / "sheets"
    written.mkdir()
    told = {
        "en": ("A nest: a bed that an animal builds", "What is a nest?", "a bed"),
        "fr": ("Un nid : un lit que bâtit un animal", "Qu'est-ce qu'un nid ?", "un lit"),
    }
    for language, (text, question, answer) in told.items():
        place = {"context_id": f"course-{language}-0", "doc_id": f"course-{language}", "lang": language}
        asked = {**place, "id": f"course-{language}-0-0", "question": question, "answers": [answer]}
        for name, row in (("contexts", {**place, "title": "Animals", "text": text}), ("qa", asked)):
            (written / f"{name}_{language}.jsonl").write_text(json.dumps(row))
    return written


def crossed(folder: Path) -> Path:
    """The questions on animals, put in the other language."""
    path = folder / "crossed.jsonl"
    lines = [
        {"id": f"q-{language}-{n}", "lang": other, "question": ASKED[other].format(animal)}
        for language, other in (("en", "fr"), ("fr", "en"))
        for n, animal in enumerate(ANIMALS)
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return path


class NestReader:
    """Knows where animals sleep."""

    model_id = "nest-1"

    def read(
        self, question: str, passages: Sequence[Passage], cancelled: Callable[[], bool] = lambda: False
    ) -> list[Reading]:
        return [_nest(p.text) for p in passages]


def _nest(text: str) -> Reading:
    found = re.search(r"(?<= )(\d|nid(?=[.])|lit|bed)", text)
    first = Span(0, len(text.split()[0]), -3.0)
    return Reading(5.0, (Span(found.start(), found.end(), -0.1), first)) if found else Reading(-5.0, (first,))


class NestWeigher:
    """Finds questions likelier where animals sleep."""

    model_id = "nest-2"

    def log_likelihood(self, before: str, text: str, cancelled: Callable[[], bool] = lambda: False) -> float:
        return -9.0 if " ni" in before or " nest" in before else -30.0
