"""Find a quote in a text whatever its case, accents, spaces and line ends."""

from ingest.language import fold


def find_quote(text: str, quote: str, near: int = 0) -> tuple[int, int] | None:
    """Return the span of ``quote`` in ``text`` on word boundaries; of several, the one nearest to ``near``."""
    wanted, _ = _flat(quote)
    if not wanted:
        return None
    flat, origin = _flat(text)
    spans: list[tuple[int, int]] = []
    at = flat.find(wanted)
    while at >= 0:
        if _bounded(flat, at, at + len(wanted)):
            spans.append((origin[at], origin[at + len(wanted) - 1] + 1))
        at = flat.find(wanted, at + 1)
    return min(spans, key=lambda span: abs(span[0] - near), default=None)


def _flat(text: str) -> tuple[str, list[int]]:
    characters: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        for folded in " " if character.isspace() else fold(character):
            if folded == " " and (not characters or characters[-1] == " "):
                continue
            characters.append(folded)
            origin.append(index)
    while characters and characters[-1] == " ":
        characters.pop()
        origin.pop()
    return "".join(characters), origin


def _bounded(flat: str, start: int, end: int) -> bool:
    before = start > 0 and flat[start - 1].isalnum() and flat[start].isalnum()
    after = end < len(flat) and flat[end].isalnum() and flat[end - 1].isalnum()
    return not before and not after
