"""A chat model's own sentences, each checked against the passages it cites."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.language import detect, sentences
from ingest.types import Language
from rag.cite import Marked, cite_span, read_marks
from rag.orders import is_order, without_orders
from rag.prompt import ABSENT
from rag.quotes import find_quote
from rag.runaway import cut_runaway
from rag.terms import content_words, names, words
from rag.types import Citation, Passage, Support
from rag.verify import Judge, shared_words, without_quotes

_ORDER: dict[Support, int] = {"supported": 0, "weak": 1, "not_found": 2}
_MAX_CITED = 2
_TELLING_WORDS = 3
_TELLING_SENTENCE = 6
# Prose from the sources needs no address that opens, no image and no markup; a bare host name must be the source's.
_ACTIVE = re.compile(
    r"\w+://|\bwww\.|\b(?:javascript|data|mailto):|<\s*/?\s*[a-zA-Z!]|!\[|\]\s*\(|```|[\w.+-]+@[\w-]+\.\w|&#?\w+;"
)
_BULLET = re.compile(r"^\s*[-–•*]\s+")
_HOST = re.compile(
    r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|info|example|test|invalid|io|eu|fr|uk|de|ru|cn|xyz|app|dev)\b(?:/\S*)?"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What survived the checks: text with marks, its citations, and how many sentences were dropped; of these, those
    that are ``unsupported``, and not unfit to be shown at all."""

    text: str
    citations: tuple[Citation, ...]
    dropped: int
    unsupported: tuple[str, ...] = ()


def check(
    raw: str, language: Language, passages: Sequence[Passage], judge: Judge | None = None, *, listed: bool = False
) -> Checked:
    """Check a generated answer sentence by sentence; ``listed``, each that stays is an entry of a list.

    A sentence stays when a passage it cites supports it, at least weakly; one without a valid mark is given the passage
    that supports it fully, or goes. Orders that stand in passages support nothing. A text in the wrong language goes
    whole.
    """
    text = cut_runaway(raw)[0].strip()
    if not text or ABSENT in text or _in_another_language(read_marks(text, ()).text, language, _TELLING_WORDS):
        return Checked("", (), len(sentences(text, language)))
    trusted = [replace(passage, text=without_orders(passage.text, passage.language)) for passage in passages]
    judge = judge or Judge()
    lines: list[str] = []
    citations: list[Citation] = []
    unsupported: list[str] = []
    pieces = [_BULLET.sub("", text[start:end]) for start, end in _with_marks(text, language)]
    for marked in (read_marks(piece, [passage.n for passage in passages]) for piece in pieces):
        if not content_words(marked.text) or _is_unfit(marked.text, language):
            continue
        if good := _supporters(marked, language, trusted, judge):
            lines.append(marked.text + "".join(f" [{passage.n}]" for _, passage in good))
            citations += [_best_quote(marked.text, passage, grade) for grade, passage in good]
        else:
            unsupported.append(marked.text)
    kept_text = "\n".join(f"- {line}" for line in lines) if listed else " ".join(lines)
    return Checked(kept_text, tuple(dict.fromkeys(citations)), len(pieces) - len(lines), tuple(unsupported))


def _in_another_language(text: str, language: Language, telling: int) -> bool:
    # Names and numbers alone ("Joseph Weizenbaum, 1966.") are of no language, quotes of their source's.
    text = without_quotes(text)
    own = {word for name in names(text) for word in words(name)}
    plain = [word for word in words(text) if word not in own and not word.isdigit()]
    return len(plain) >= telling and detect(text) != language


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


def _supporters(
    marked: Marked, language: Language, passages: Sequence[Passage], judge: Judge
) -> list[tuple[Support, Passage]]:
    cited = [passage for passage in passages if passage.n in marked.numbers]
    graded = [(_grade(marked.text, passage, language, judge), passage) for passage in cited or passages]
    wanted = ("supported", "weak") if cited else ("supported",)
    good = sorted((pair for pair in graded if pair[0] in wanted), key=lambda pair: (_ORDER[pair[0]], pair[1].n))
    return good[: _MAX_CITED if cited else 1]


def _grade(sentence: str, passage: Passage, language: Language, judge: Judge) -> Support:
    if any(not find_quote(passage.text, match.group()) for match in _HOST.finditer(sentence)):
        return "not_found"
    return judge.grade(sentence, passage, language)


def _is_unfit(sentence: str, language: Language) -> bool:
    return (
        bool(_ACTIVE.search(sentence))
        or is_order(sentence)
        or _in_another_language(sentence, language, _TELLING_SENTENCE)
    )


def _best_quote(sentence: str, passage: Passage, grade: Support) -> Citation:
    spans = sentences(passage.text, passage.language)
    start, end = max(spans, key=lambda span: shared_words(sentence, passage.text[span[0] : span[1]]))
    return cite_span(passage, start, end, grade)
