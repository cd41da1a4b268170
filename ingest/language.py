"""French or English: tell them apart, cut them into sentences, fold them for comparison."""

import re
import unicodedata
from functools import cache
from typing import Any

from ingest.types import Language

_WORD = re.compile(r"[^\W\d_]+")
# Words that belong to one of the two languages only; a short question is decided by them.
_FRENCH = frozenset(
    "le la les un une des du de et est sont qui que quoi quel quelle quels quelles où quand comment pourquoi combien dans"
    " pour par avec sur sous chez vers ce cet cette ces il elle ils elles nous vous je tu on ne pas plus son sa ses leur"
    " leurs au aux en dont fut était ont été peut être fait selon entre mais ou donc si quelqu lequel laquelle l d qu n s c j"
    " mon ma mes ton ta tes notre votre faut dit sans avant après depuis".split()
)
_ENGLISH = frozenset(
    "the a an of and is are was were who whom whose what which where when how why in for by with from at as this that these"
    " those it its they their he she his her we you i not do does did done has have had be been can could would should will"
    " may might there than then about into between during many much name my your our if or but to".split()
)
_SHARED = frozenset("a on as me but sale an ton son or plus dont fait pour par mes est des les sur s d if".split())
DETECT_CHARS = 4_000

# A full stop after these ends no sentence.
_ABBREVIATIONS = frozenset(
    "m mm mme mmes mlle mlles me mgr dr pr prof st ste mr mrs ms jr sr messrs cf fig figs éq eq eqs tab chap ch sect sec art"
    " al no nos n° p pp vol vols éd ed eds coll trad réf ref refs resp ex env av apr vs viz approx incl max min"
    " tél tel bd blvd av adj adv angl fr gén gen col capt lt rev hon gov sen rep inc ltd co corp dept univ assoc def déf th"
    " thm prop cor lem rem rq ann app suppl op cit ibid id loc sq sqq jan janv feb févr mar apr avr jun jul juil aug sep sept"
    " oct nov dec déc c.-à-d dir".split()
)
_SENTENCE_END = re.compile(r"""\n+|(?:[.!?…]+|(?<=\s)[?!])["'’»”)\]]*(?:\s*\[\d+\])*(?:\s*»)?(?=\s|$)""")
_LAST_WORD = re.compile(r"([^\W_][\w.\-°]*)\.$")


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["fr", "en"])
    return identifier


def detect(text: str) -> Language:
    """Return the language of a question or a document, English when nothing tells."""
    text = text[:DETECT_CHARS]
    words = [word.lower() for word in _WORD.findall(text)]
    french = sum(1.0 if word not in _SHARED else 0.4 for word in words if word in _FRENCH)
    english = sum(1.0 if word not in _SHARED else 0.4 for word in words if word in _ENGLISH)
    french += 0.5 * sum(1 for char in text if char in "éèêëàâçùûîïôœ")
    if abs(french - english) >= 1.0 and max(french, english) >= 2 * min(french, english):
        return "fr" if french > english else "en"
    if not words:
        return "en"
    best: str = _identifier().classify(text)[0]
    return "fr" if best == "fr" else "en"


def sentences(text: str, language: Language) -> list[tuple[int, int]]:
    """Return the spans of the sentences: in order, without overlap, covering all but white space at their ends.

    Line breaks end a sentence too (items, headings). ``language`` decides how quotation marks close.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if _ends(text, match, language):
            _add_span(spans, text, start, match.end())
            start = match.end()
    _add_span(spans, text, start, len(text))
    return spans


def _add_span(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    part = text[start:end]
    if part.strip():
        spans.append((start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())))


def _ends(text: str, match: re.Match[str], language: Language) -> bool:
    """Tell a sentence's end from an abbreviation, an initial or a mark inside a sentence."""
    if match.group().startswith("\n"):
        return True
    following = text[match.end() : match.end() + 40].lstrip(" ")
    if following[:1].islower() or following[:1] in tuple(",;:)»"):
        return False
    if language == "fr" and following[:1] in ("?", "!"):
        return False
    if match.group().strip() != ".":
        return True
    word = _LAST_WORD.search(text, max(0, match.start() - 30), match.start() + 1)
    if word is None:
        return True
    return not _is_abbreviation(word.group(1), following, text[max(0, word.start() - 40) : word.start()])


def _is_abbreviation(word: str, following: str, before: str) -> bool:
    """Judge a word with a full stop from what follows and, for an initial, from what stands before."""
    if len(word) == 1 and word.isalpha():
        return word.isupper() and _is_initial(word, following, before.rstrip())
    if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]|[^\W\d_]\.-[^\W\d_]", word):  # e.g, U.S, J.-C
        return word.lower() in ("e.g", "i.e", "p.ex") or not following[:1].isupper()
    return word.lower() in _ABBREVIATIONS


def _is_initial(word: str, following: str, before: str) -> bool:
    """Tell the initial of a name, as in "M. Dupont" and "Donald E. Knuth", from a letter that ends its sentence."""
    after = _WORD.match(following)
    if after is None or after.group().lower() in _FRENCH | _ENGLISH:
        return False
    last = before.split()[-1:]
    return word in "MJ" or not before or before[-1] in ".«“(,;:" or (last[0][:1].isupper() and len(last[0]) > 1)


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, with one kind of apostrophe, for comparison; its length may change."""
    text = text.lower().replace("’", "'").replace("ʼ", "'").replace("œ", "oe").replace("æ", "ae")
    if text.isascii():
        return text
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
