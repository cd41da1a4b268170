"""Items on a page of a course, in both languages, that pass every check; a test spoils one thing."""

from dataclasses import replace

from ingest.types import Language
from rag.study.types import Item, ItemType, Option
from rag.types import Citation

PAGES: dict[Language, str] = {
    "en": (
        "Packet switching\nPaul Baran described packet switching in 1964 at the RAND Corporation. A router forwards "
        "packets and keeps a table of 200 routes. The modem turns bits into sounds."
    ),
    "fr": (
        "Commutation de paquets\nPaul Baran a décrit la commutation de paquets en 1964 à la RAND Corporation. Un "
        "routeur transmet les paquets et garde une table de 200 routes. Le modem change les bits en sons."
    ),
}
_STEMS: dict[Language, str] = {
    "en": "Who described packet switching at the RAND Corporation?",
    "fr": "Qui a décrit la commutation de paquets à la RAND Corporation\u00a0?",
}
_NAMES = ("Leonard Klein", "Donald Davies", "Vinton Cerf")


def cite(page: str, quote: str) -> Citation:
    """The quote where it stands on the page."""
    start = page.index(quote)
    return Citation(1, "ab" * 32, "a.pdf", 0, "i", quote, start, start + len(quote), "lines-1")


def sentence(page: str, n: int) -> str:
    """The n-th sentence after the page's title."""
    return page.partition("\n")[2].split(". ")[n].rstrip(".") + "."


def choice(language: Language = "en", right: str = "Paul Baran", wrong: tuple[str, ...] = _NAMES) -> Item:
    """One right answer of four, about the first sentence of the page."""
    page = PAGES[language]
    options = (Option(right, True, "so"), *(Option(text, False, "no") for text in wrong))
    return Item("choice", _STEMS[language], options, right, cite(page, sentence(page, 0)), language)


def typed(kind: ItemType, stem: str, answer: str, language: Language = "en", n: int = 0) -> Item:
    """A cloze or a short answer about the n-th sentence."""
    page = PAGES[language]
    return Item(kind, stem, (), answer, cite(page, sentence(page, n)), language, accepted=(answer,))


def with_options(item: Item, *options: tuple[str, bool]) -> Item:
    """The item with other options; its answer follows them."""
    right = " | ".join(text for text, correct in options if correct)
    return replace(item, options=tuple(Option(text, correct, "so") for text, correct in options), answer=right)
