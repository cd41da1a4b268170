"""The parts of the sources: each heading where it stands on its page, and the sentences under it."""

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.language import fold
from ingest.types import Page
from rag.rows import DocumentRow
from rag.study.material import Material, Sentence
from rag.terms import content_words
from rag.types import Citation

MAX_TITLE = 90
_NEAR = 2
"""A heading that comes again within so many parts goes on where it was: slides repeat their titles."""

_DENSE = 1_500
"""From so many characters a page on, short lines may be headings; on slides they are lines like all others."""
_LONG_LINE = 60

_NUMBER = re.compile(r"^(\d{1,2}(?:\.\d{1,2})*)\.?\s+(?=\S)")
_CHAPTER = re.compile(
    r"^(?:chapitre|chapter|partie|part|module|unit|unit[ée]|le[çc]on|lesson|lecture|s[ée]ance|annexe|appendix)\s+"
    r"(?:\d+|[IVX]+|[A-Z])\b[\s.:–—-]*", re.IGNORECASE,
)  # fmt: skip
_UNKNOWN = re.compile(r"^\d{1,2}(?:\.\d{1,2}){1,3}\.?\s+[A-ZÀ-ÖØ-Ý][^.!?;=]{2,70}$")
_SHORT_LINE = re.compile(r"^[A-ZÀ-ÖØ-Ý][\w'’-]+(?: [\w'’():-]+){0,6}$")
_NO_TITLE = re.compile(r"[=<>{}|\\@#→←≤≥∈∑∫√]|https?:|www\.|\.{3}|(?:\. ){2}|[,;]$|\b\d{1,2} / \d{1,3}\b")
_LETTERS = re.compile(r"[^\W\d_]{3}")
_ROW = re.compile(r"[a-zà-öø-ÿ].*(?:\b[A-Z]{2,}\b\W+){3}")
_APPARATUS = re.compile(
    r"^(?:\W|\d)*(?:references?|bibliograph\w*|works cited|sources?|further reading|acknowledg\w*|remerciements?|"
    r"contents|(?:table of )?contents|table des matieres|sommaire|plan|outline|index|list of (?:figures|tables)|"
    r"(?:liste|table) des (?:figures|tableaux)|licen[cs]e|copying\b.*|gnu free documentation license.*|copyright.*|"
    r"credits?|mentions legales|exercises?|exercices?|problems?|homework.*|solutions?|corriges?|questions?\b.*|"
    r"about this (?:document|edition|text)|auteurs?(?: du \w+)?|authors?|"
    r"function and data index|concept index|external links|liens externes|see also|voir aussi|notes)\W*$"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and its sentences up to the next one.

    ``title`` is "" before the first heading. ``level`` counts from 1. ``at`` is where the heading stands, None when it
    is not in the text of a page. ``sentences`` are as the material gives them.
    """

    document: DocumentRow
    title: str
    level: int
    at: Citation | None
    sentences: tuple[Sentence, ...]

    @property
    def pages(self) -> tuple[int, int]:
        """Return the indices of the first and the last page that its sentences, or else its heading, stand on."""
        found = [sentence.page_index for sentence in self.sentences] or ([self.at.page_index] if self.at else [0])
        return min(found), max(found)


def parts(material: Material) -> tuple[Part, ...]:
    """Return the parts in reading order; what is no matter of study (references, exercises, contents) is left out."""
    found: list[Part] = []
    for row in material.documents:
        known = {chunk.section for chunk in material.chunks if chunk.document_id == row.id}
        known |= {page.section for page in material.pages[row.id]}
        own = [sentence for sentence in material.sentences if sentence.document.id == row.id]
        found += _of_document(row, material.pages[row.id], sorted(known - {""}, key=len, reverse=True), own)
    return tuple(part for part in found if not _APPARATUS.match(fold(part.title)))


def is_title(heading: str) -> bool:
    """Tell whether a heading reads like one: a few words, no address, formula, sentence or row of a table."""
    if not 3 <= len(heading) <= MAX_TITLE or _NO_TITLE.search(heading) or not _LETTERS.search(heading):
        return False
    if heading.endswith(":") and len(heading.split()) > 2:
        return False
    letters = sum(char.isalpha() or char.isspace() for char in heading) / len(heading)
    meaning = [word for word in content_words(heading) if len(word) > 3]
    return letters > 0.55 and len(set(meaning)) == len(meaning) and not _ROW.search(heading)


def bare_title(heading: str) -> str:
    """Return a heading without its number and without the colon at its end."""
    plain = _NUMBER.sub("", heading).strip(" :–—-•")
    return plain or heading


def _of_document(
    row: DocumentRow, pages: Sequence[Page], known: Sequence[str], sentences: Sequence[Sentence]
) -> list[Part]:
    found: list[Part] = []
    grouped: dict[int, list[Sentence]] = {}
    by_page: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        by_page.setdefault(sentence.page_index, []).append(sentence)
    running = _running_heads(known, pages)
    usable = [heading for heading in known if is_title(heading) and heading not in running]
    current = _open(found, row, "", None)
    dense = bool(pages) and statistics.median(len(page.text) for page in pages) >= _DENSE
    for page in pages:
        places = list(_places(page, usable, dense))
        marks = [(start, heading, end) for start, heading, end in places]
        for sentence in by_page.get(page.index, []):
            while marks and marks[0][0] <= sentence.start:
                start, heading, end = marks.pop(0)
                current = _open(found, row, heading, _cite(row, page, start, end))
            if not any(start <= sentence.start and sentence.end <= end for start, _, end in places):
                grouped.setdefault(current, []).append(sentence)
    return [
        Part(part.document, part.title, part.level, part.at, tuple(grouped.get(place, ())))
        for place, part in enumerate(found)
        if part.title or place in grouped
    ]


def _open(found: list[Part], row: DocumentRow, heading: str, at: Citation | None) -> int:
    for place in range(len(found) - 1, max(-1, len(found) - 1 - _NEAR), -1):
        if fold(found[place].title) == fold(heading):
            return place
    found.append(Part(row, heading.rstrip(" :"), _level(heading), at, ()))
    return len(found) - 1


def _level(heading: str) -> int:
    number = _NUMBER.match(heading)
    return number[1].count(".") + 1 if number else 1


def _running_heads(known: Sequence[str], pages: Sequence[Page]) -> set[str]:
    """Return the headings that differ only in a number, as at the foot of pages."""
    shapes: dict[str, list[str]] = {}
    for heading in known:
        if not _NUMBER.match(heading) and not _CHAPTER.match(heading):
            shapes.setdefault(re.sub(r"\d+", "#", fold(heading)), []).append(heading)
    return {h for shape, found in shapes.items() if "#" in shape and (len(found) > 1 or len(pages) < 3) for h in found}


def _places(page: Page, known: Sequence[str], dense: bool) -> Iterator[tuple[int, str, int]]:
    """Yield (start, heading, end) for each heading that fills whole lines of the page."""
    done = -1
    for match in re.finditer(r"[^\n]+", page.text):
        if match.start() < done:
            continue
        line = " ".join(match.group().split())
        heading = next((h for h in known if line == h or _goes_on(page.text, match.start(), h)), "")
        if not heading and (_UNKNOWN.match(line) or (dense and _looks_like_heading(page.text, match.start(), line))):
            heading = line
        if heading:
            done = _end(page.text, match.start(), heading)
            yield match.start(), heading, done


def _looks_like_heading(text: str, start: int, line: str) -> bool:
    """Tell whether a short line without a full stop stands between a paragraph's end and a long paragraph."""
    before = text[:start].rstrip()[-1:]
    following = text[start:].partition("\n")[2].partition("\n")[0].lstrip("•◦▪ ")
    return (
        bool(_SHORT_LINE.match(line))
        and is_title(line)
        and not line.isupper()
        and before not in (",", ";", ":", "-")
        and len(following) >= _LONG_LINE
        and following[:1].isupper()
    )


def _goes_on(text: str, start: int, heading: str) -> bool:
    end = _end(text, start, heading)
    return end > start and (end == len(text) or text[end] == "\n")


def _end(text: str, start: int, heading: str) -> int:
    """Return where the words of a heading end in the text, whatever space is between them; ``start`` if they do not."""
    at = start
    for word in heading.split():
        while at < len(text) and text[at].isspace():
            at += 1
        if not text.startswith(word, at):
            return start
        at += len(word)
    return at


def _cite(row: DocumentRow, page: Page, start: int, end: int) -> Citation:
    quote = page.text[start:end]
    return Citation(1, row.sha256, row.name, page.index, page.label, quote, start, end, row.extractor)
