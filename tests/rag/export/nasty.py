"""Items of any text, for properties that hold for all of them."""

from hypothesis import strategies as st

from rag.study.types import Item, ItemType, Option, identified
from rag.types import Citation

_PIECES = [
    "~", "=", "#", "{", "}", ":", "\\", "<", ">", "&", "]]>", "«", "»", "\n", "$", "$x_1$", "\\(x^2\\)", "%50%",
    "[html]", "-> ", "//", "::", "####", "*", "|", " | ", "'", '"', ",", ";", "=1+1", "@", "?>", "<!--", "&amp;",
    "{{c1::a}}", "\t", "é", "œ", "Ÿ", "\u00a0", "\u202f", "😀", "שלום", "العربية", "日本", "e\u0301", "\u200d",
    "\x0b", "\x1f", "\ufffe", "_____", "a", "1",
]  # fmt: skip


def texts(least: int = 0) -> st.SearchStrategy[str]:
    """Texts of signs that mean something to some format, and of any other."""
    anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
    return st.lists(st.sampled_from(_PIECES) | anything, min_size=least, max_size=6).map("".join)


def filled() -> st.SearchStrategy[str]:
    """Texts that are not blank."""
    return texts(1).map(lambda text: text if text.strip() else f"{text}x")


@st.composite
def items(draw: st.DrawFn) -> Item:
    """One item of any type that fits together."""
    kind: ItemType = draw(st.sampled_from(["choice", "several", "true_false", "cloze", "short", "matching"]))
    count = {"cloze": 0, "short": 0, "true_false": 2}.get(kind, draw(st.integers(2, 5)))
    right = draw(st.integers(0, max(count - 1, 0)))
    options = tuple(
        Option(
            draw(filled()),
            kind == "matching" or n == right or (kind == "several" and draw(st.booleans())),
            "" if kind == "matching" else draw(texts()),
            draw(filled()) if kind == "matching" else "",
        )
        for n in range(count)
    )
    answer = " | ".join(option.text for option in options if option.correct) or draw(filled())
    quote = draw(texts())
    source = Citation(1, "ab" * 32, draw(filled()), draw(st.integers(0, 400)), draw(texts()), quote, 3, 3 + len(quote))
    accepted = () if options else (answer, *draw(st.lists(filled(), max_size=2)))
    return identified(
        Item(
            kind, draw(filled()), options, answer, source, draw(st.sampled_from(["fr", "en"])),
            hint=draw(texts()), explanation=draw(texts()), section=draw(texts()), accepted=accepted,
        )
    )  # fmt: skip
