"""A chat model's own sentences, each checked against the passages it cites."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.language import detect, sentences
from ingest.types import Language
from rag.cite import cite_span, read_marks
from rag.prompt import ABSENT
from rag.runaway import cut_runaway
from rag.terms import content_words, names, words
from rag.types import Citation, Passage, Support
from rag.verify import shared_words, support

_ORDER: dict[Support, int] = {"supported": 0, "weak": 1, "not_found": 2}
_MAX_CITED = 2
_TELLING_WORDS = 3


@dataclass(frozen=True, slots=True)
class Checked:
    """What survived the checks: text with marks, its citations, and how many sentences were dropped."""

    text: str
    citations: tuple[Citation, ...]
    dropped: int


def check(raw: str, language: Language, passages: Sequence[Passage]) -> Checked:
    """Check a generated answer sentence by sentence.

    A sentence stays when a passage it cites supports it, at least weakly; one without a valid mark is given the passage
    that supports it fully, or goes. A text in the wrong language goes whole.
    """
    text = cut_runaway(raw)[0].strip()
    if not text or ABSENT in text or _in_another_language(read_marks(text, ()).text, language):
        return Checked("", (), len(sentences(text, language)))
    lines: list[str] = []
    citations: list[Citation] = []
    dropped = 0
    for start, end in _with_marks(text, language):
        kept = _check_sentence(text[start:end], passages)
        if kept is None:
            dropped += 1
            continue
        lines.append(kept[0])
        citations += kept[1]
    return Checked(" ".join(lines), tuple(dict.fromkeys(citations)), dropped)


def _in_another_language(text: str, language: Language) -> bool:
    # Names and numbers alone ("Joseph Weizenbaum, 1966.") are of no language.
    own = {word for name in names(text) for word in words(name)}
    plain = [word for word in words(text) if word not in own and not word.isdigit()]
    return len(plain) >= _TELLING_WORDS and detect(text) != language


def _with_marks(text: str, language: Language) -> list[tuple[int, int]]:
    # A mark written after the full stop belongs to the sentence before it.
    spans: list[tuple[int, int]] = []
    for start, end in sentences(text, language):
        piece = text[start:end]
        if spans and not read_marks(piece, ()).text.strip(" .") and "[" in piece:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _check_sentence(sentence: str, passages: Sequence[Passage]) -> tuple[str, list[Citation]] | None:
    by_number = {passage.n: passage for passage in passages}
    marked = read_marks(sentence, tuple(by_number))
    if not content_words(marked.text):
        return None
    graded = [(support(marked.text, by_number[n].text), by_number[n]) for n in marked.numbers]
    good = [pair for pair in graded if pair[0] != "not_found"]
    if not good and not marked.numbers:
        good = [("supported", p) for p in passages if support(marked.text, p.text) == "supported"][:1]
    if not good:
        return None
    good = sorted(good, key=lambda pair: (_ORDER[pair[0]], pair[1].n))[:_MAX_CITED]
    marks = "".join(f" [{passage.n}]" for _, passage in good)
    return f"{marked.text}{marks}", [_best_quote(marked.text, passage, grade) for grade, passage in good]


def _best_quote(sentence: str, passage: Passage, grade: Support) -> Citation:
    spans = sentences(passage.text, passage.language)
    start, end = max(spans, key=lambda span: shared_words(sentence, passage.text[span[0] : span[1]]))
    return cite_span(passage, start, end, grade)
