"""Whether a reason says more than the quote that stands below it anyway."""

from rag.study.types import Item

_AROUND = 80  # characters around a quote that only lead to it: "The course says: … (notes.pdf, p. 4)"


def adds(item: Item, text: str) -> bool:
    """Tell whether ``text`` is more than the item's quote with a few words around it."""
    said, quote = " ".join(text.split()), " ".join(item.source.quote.split())
    if not quote or quote not in said:
        return bool(said)
    return len(said) - len(quote) > _AROUND + len(item.source.document)
