"""A sheet as Markdown, which stays readable as plain text."""

from rag.export.blocks import Blanks, Block, Choices, Group, Heading, NewPage, Pairs, Paragraph, Sheet
from rag.export.markup import as_markdown

_LINE = "…" * 8


def sheet_markdown(sheet: Sheet) -> bytes:
    """Return a sheet as Markdown in UTF-8."""
    parts = [part for block in sheet.blocks for part in _block(block)]
    return ("\n\n".join(parts) + "\n").encode()


def _block(block: Block) -> list[str]:
    match block:
        case Heading(text, level):
            return [f"{'#' * level} {_inline(text)}"]
        case Paragraph():
            return [_paragraph(block)]
        case Choices(entries):
            return ["\n".join(f"- **{mark}.** {_inline(text)}" for mark, text in entries)]
        case Pairs(left, right):
            numbers = [f"- **{mark}** {_inline(text)} {_LINE}" for mark, text in left]
            letters = [f"- **{mark}.** {_inline(text)}" for mark, text in right]
            return ["\n".join(numbers), "\n".join(letters)]
        case Blanks(names):
            return ["  \n".join(f"{as_markdown(name)} {_LINE}".strip() for name in names)]
        case NewPage():
            return ["---"]
        case Group(blocks):
            return [part for inner in blocks for part in _block(inner)]


def _paragraph(paragraph: Paragraph) -> str:
    text = as_markdown(paragraph.text.strip())
    if paragraph.style == "quote":
        return "\n".join(f"> {line}" for line in text.split("\n"))
    # Emphasis around a text of several lines or with marks of its own would not hold: only the mark is bold.
    mark = f"**{paragraph.mark}** " if paragraph.mark else ""
    return mark + text


def _inline(text: str) -> str:
    return as_markdown(" ".join(text.split(" ")).replace("\n", " ").strip())
