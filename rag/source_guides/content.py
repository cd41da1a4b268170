"""What a source holds: its main headings, its key terms, and the few sentences that say most. All is taken out."""

import re
from collections.abc import Collection, Sequence

from ingest.language import fold
from rag.rows import DocumentRow
from rag.source_guides.types import Heading, KeyTerm
from rag.study.aids.blocks import find_term, is_telling, key_terms, titled
from rag.study.aids.definitions import base, defined, defined_term
from rag.study.aids.lesson import Lesson, Statement, pick
from rag.study.aids.parts import Part
from rag.study.aids.summary import shares
from rag.study.aids.word_lists import NO_TERMS
from rag.study.keypoints import plain
from rag.study.lexicon import Term
from rag.study.titles import clean_title
from rag.study.wording import is_finite
from rag.terms import FUNCTION_WORDS, words
from rag.types import Citation

MOST_HEADINGS = 40
MOST_TERMS = 10
MOST_READ = 60
"""So many candidates for key terms are looked at, the most telling first."""
FEWEST_SENTENCES, MOST_SENTENCES = 3, 5
_SENTENCES = 25
"""One sentence more for so many that could be shown."""

_NUMBERED = re.compile(r"^(?:§ ?)?\d{1,2}(?:\.\d{1,2})*[.)]?\s")
_FEW_NUMBERED = 3
# A line of authors, a date, exercises, the head of a table: no section of the matter.
_NO_SECTION = re.compile(r"^(?:by|par) [A-Z]|^Fiche d[’']exercices|\b(?:19|20)\d{2}$")
_SHOUTS = 6
_COUNTED = re.compile(r"(?:§ ?)?(?:\d[\d.]*|[IVX]+)[.:)]? (?=\S)")
_BRACKETED = re.compile(r"\([A-Z0-9-]{2,8}\)")
_BARE = re.compile(
    r"^(?:(?:The|Le|La|Les|Each|Every|All|Most|Chaque|Tout|Toute) |L[’'])(?P<noun>[\w-]+) (?P<next>[\w-]+)"
)
_FORMULA = re.compile(r"\w\(|\b[A-Za-z]\d\b|\d\s[-+*/]\s?\d|\s[,;]\w|\b\d [a-z0-9] \d\b")
_LABELS = {"per", "via", "vs", "introduction", "probleme", "quelques", "auteurs", "i", "ii", "iii", "iv", "v"}
_NOT_FIRST = NO_TERMS | FUNCTION_WORDS | _LABELS
_DEFINED_AHEAD = 5
"""A term that is defined goes before so many that come oftener."""

# A heading in the line of the sentence that it heads: "RL training A key challenge is …".
_GLUED = re.compile(
    r"(?<=[a-zà-öø-ÿ]) (?:An?|The|This|In|We|It|For|To|When|While|Le|La|Les|Une?|Des|Pour|Dans|On|Si) (?=[a-zà-öø-ÿ])"
)


def headings(parts: Sequence[Part], names: Collection[str]) -> list[Heading]:
    """Return the headings that stand on a page, each once, in reading order; numbered ones alone where there are some.

    Where headings are numbered, other short lines are rather heads of tables and figures. ``names`` are the folded
    words that the source writes with a capital only.
    """
    found = [part for part in parts if part.title and part.at and not _NO_SECTION.search(part.title)]
    numbered = [part for part in found if _NUMBERED.match(part.title)]
    if len(numbered) >= _FEW_NUMBERED:
        found = numbered
    titles = {words(part.document.title) for part in found} if len(found) > 1 else set()
    once = {words(part.title): part for part in reversed(found) if words(part.title) not in titles}
    return [Heading(in_small(part.title, names), part.at) for part in reversed(once.values()) if part.at]


def in_small(title: str, names: Collection[str] = ()) -> str:
    """Write a heading that shouts as a sentence begins; names and an abbreviation in brackets stay as they are."""
    if not title.isupper() or len(title) <= _SHOUTS:
        return title
    number = _COUNTED.match(title)
    lead = number.end() if number else 0
    parts = re.split(r"(\w+)", title[lead:])
    small = [part.capitalize() if fold(part) in names else part.lower() for part in parts]
    text = "".join(small)
    for match in _BRACKETED.finditer(title[lead:]):
        text = text[: match.start()] + match.group() + text[match.end() :]
    return title[:lead] + text[:1].upper() + text[1:]


def title_of(row: DocumentRow, parts: Sequence[Part], first_page: str) -> str:
    """Return what a source calls itself: its title if its first page says it, else the heading there, else any name."""
    if row.title and " ".join(words(row.title)) in " ".join(words(first_page)):
        return row.title
    own = (part.title for part in parts[:2] if part.at and part.at.page_index == 0 and not _NUMBERED.match(part.title))
    return next((in_small(title) for title in own if title and not _NO_SECTION.search(title)), row.title or row.name)


def summary(lesson: Lesson) -> list[Statement]:
    """Return the sentences that say most, in reading order: only such as stand alone without any doubt."""
    sure = [
        tuple(s for s in group if is_sure(s, part)) for part, group in zip(lesson.parts, lesson.statements, strict=True)
    ]
    usable = Lesson(lesson.material, lesson.parts, tuple(sure), lesson.likeness)
    count = min(MOST_SENTENCES, FEWEST_SENTENCES + len(usable.all()) // _SENTENCES)
    chosen = [
        statement
        for place, share in shares(usable, count).items()
        for statement in pick(usable.statements[place], lesson.likeness, share)
    ]
    return sorted(chosen, key=usable.all().index)


def is_sure(statement: Statement, part: Part) -> bool:
    """Tell whether a sentence of a part stands alone by the rules of guides and by those of quizzes: no formula."""
    text, language = statement.text, statement.sentence.language
    if statement.standing < 2 or _FORMULA.search(text) or _GLUED.search(text) or not plain(text, language):
        return False
    return bool(defined_term(text, language)) or not _is_bare(statement, part)


def _is_bare(statement: Statement, part: Part) -> bool:
    """Tell whether a sentence is about "the" thing of one word that only its neighbours make known."""
    match = _BARE.match(statement.text)
    language = statement.sentence.language
    if match is None or match["noun"][0].isupper() or not is_finite(fold(match["next"]), language):
        return False
    named = words(f"{part.title} {part.document.title} {statement.sentence.section}")
    return not {word.rstrip("sx") for word in words(match["noun"])} & {word.rstrip("sx") for word in named}


def terms(lesson: Lesson, row: DocumentRow, names: Collection[str]) -> list[KeyTerm]:
    """Return the key terms, the most telling first: what is defined, comes often, or heads a part; not the title.

    ``names`` are the folded words that the source writes with a capital only.
    """
    statements = lesson.all()
    telling = key_terms(lesson, statements, ())
    order = {base(term.text): place for place, term in enumerate(telling)}
    sure = [statement for statement in statements if is_sure(statement, lesson.parts[statement.part])]
    found = [KeyTerm(point.note, point.citations[0], True) for point, _ in defined(statements)]
    for term in telling[:MOST_READ]:
        if _is_key(term) and (at := _place(term, lesson, sure)):
            found.append(KeyTerm(in_small(titled(term), names), at))
    found.sort(key=lambda term: order.get(base(term.text), len(order)) - _DEFINED_AHEAD * term.defined)
    return _apart(found, row.title)[:MOST_TERMS]


def _is_key(term: Term) -> bool:
    first = term.key[0]
    if not is_telling(term) or first in _NOT_FIRST or first.rstrip("s") in _NOT_FIRST or "?" in term.text:
        return False
    # A heading that comes nowhere else may be any label.
    return term.count > 1 or (bool(clean_title(term.text)) and " vs" not in term.text)


def _place(term: Term, lesson: Lesson, sure: Sequence[Statement]) -> Citation | None:
    """Return the ``sure`` sentence that tells most of a term, else the heading that holds it, else any sentence."""
    if (held := find_term(term, sure)) is not None:
        return held.sentence.cite()
    wanted = f" {' '.join(term.key)} "
    heads = (part.at for part in lesson.parts if part.at and wanted in f" {' '.join(words(part.title))} ")
    held = find_term(term, lesson.all())
    return next(heads, held.sentence.cite() if held else None)


def _apart(found: Sequence[KeyTerm], title: str) -> list[KeyTerm]:
    """Leave out what is the title, or within a term before or around it."""
    kept: list[KeyTerm] = []
    for term in found:
        key = set(base(term.text))
        others = [set(base(other.text)) for other in kept]
        if key and key != set(base(title)) and not any(key <= other or other <= key for other in others):
            kept.append(term)
    return kept
