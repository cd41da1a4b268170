"""A sheet as one HTML page that prints well and asks nothing of any server."""

import html

from rag.export.blocks import Blanks, Block, Choices, Group, Heading, NewPage, Pairs, Paragraph, Sheet
from rag.export.markup import as_html, legible
from rag.export.mathematics import without_marks

_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 Inter, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; color: #1b1b1f; background: #fff;
  max-width: 46rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .25rem 0; white-space: pre-line; }
section { margin: 1.5rem 0; break-inside: avoid; }
.marked { display: grid; grid-template-columns: 2rem 1fr; }
.strong { font-weight: 600; }
.quiet { color: #5b5b66; font-size: .875rem; }
.depth { margin-left: 2rem; }
blockquote { margin: .4rem 0 .2rem; padding-left: .75rem; border-left: 3px solid #c9c9d4; font-style: italic; }
ul { list-style: none; margin: .4rem 0 .4rem 2rem; padding: 0; }
li { display: grid; grid-template-columns: auto 1fr; gap: .6rem; margin: .3rem 0; }
.tick { display: inline-block; width: .8rem; height: .8rem; margin-right: .5rem; border: 1px solid #5b5b66;
  border-radius: 50%; vertical-align: -1px; }
.box { border-radius: 2px; }
.pairs { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; }
.blanks { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; margin: .75rem 0 .75rem; }
.blank { display: flex; flex: 1 1 8rem; gap: .5rem; }
.blank::after { content: ""; flex: 1; border-bottom: 1px solid #85858f; min-height: 1.6rem; }
.page { break-before: page; margin-top: 4rem; }
@media print { body { font-size: 11pt; margin: 0; max-width: none; } .page { margin-top: 0; } }
@page { size: A4; margin: 18mm; }
"""


def sheet_html(sheet: Sheet) -> bytes:
    """Return a sheet as an HTML page in UTF-8, without scripts and without anything to fetch."""
    body = "\n".join(_block(block) for block in sheet.blocks)
    return f"""<!DOCTYPE html>
<html lang="{html.escape(sheet.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{html.escape(legible(sheet.title))}</title>
<style>{_STYLE}</style>
</head>
<body>
{body}
</body>
</html>
""".encode()


def _text(text: str) -> str:
    return as_html(without_marks(text))


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level}>{_text(text)}</h{level}>"
        case Paragraph():
            return _paragraph(block)
        case Choices(entries, tick):
            return _list(entries, f'<span class="tick {tick}"></span>' if tick else "")
        case Pairs(left, right):
            numbered = tuple((f"{mark} ____", text) for mark, text in left)
            return f'<div class="pairs">{_list(numbered)}{_list(right)}</div>'
        case Blanks(names):
            return f'<div class="blanks">{"".join(f"<span class=blank>{_text(name)}</span>" for name in names)}</div>'
        case NewPage():
            return '<div class="page"></div>'
        case Group(blocks):
            return f"<section>{''.join(_block(inner) for inner in blocks)}</section>"


def _paragraph(paragraph: Paragraph) -> str:
    text = _text(paragraph.text.strip())
    depth = ' class="depth"' if paragraph.depth else ""
    if paragraph.style == "quote":
        return f"<div{depth}><blockquote>{text}</blockquote></div>"
    if paragraph.mark:
        return f'<p class="marked {paragraph.style}"><span>{_text(paragraph.mark)}</span><span>{text}</span></p>'
    return f'<p class="{paragraph.style}{" depth" if paragraph.depth else ""}">{text}</p>'


def _list(entries: tuple[tuple[str, str], ...], before: str = "") -> str:
    items = (f"<li><span>{before}{_text(mark)}</span><span>{_text(text)}</span></li>" for mark, text in entries)
    return f"<ul>{''.join(items)}</ul>"
