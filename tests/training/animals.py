"""A small course to train on: where animals sleep, in both languages."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from rag.types import Passage, Reading

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
                {**question, "context_id": f"{language}{n}0", "doc_id": f"{language}-{n}", "answers": ["nest"]}
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


class NestReader:
    """Knows where animals sleep."""

    model_id = "nest-1"

    def read(
        self, question: str, passages: Sequence[Passage], cancelled: Callable[[], bool] = lambda: False
    ) -> list[Reading]:
        return [Reading(5.0 if " ni" in p.text or " nest" in p.text else -5.0, ()) for p in passages]
