"""A sheet as a Word document, in the styles of Word's own template, so that its outline and contents work."""

import io

from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Line

from rag.export.blocks import Blanks, Block, Choices, Group, Heading, NewPage, Pairs, Paragraph, Sheet
from rag.export.markup import legible
from rag.export.mathematics import without_marks

_QUIET = RGBColor(0x5B, 0x5B, 0x66)
_STEP = Cm(0.8)
_LOCALES = {"fr": "fr-FR", "en": "en-GB"}


def sheet_docx(sheet: Sheet) -> bytes:
    """Return a sheet as .docx; its title and language are set."""
    document = Document()
    document.core_properties.title = legible(sheet.title)[:255]
    document.core_properties.author = "Lectern"
    document.core_properties.language = _LOCALES.get(sheet.language, sheet.language)
    _spell_in(document, _LOCALES.get(sheet.language, sheet.language))
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    for block in sheet.blocks:
        _block(document, block)
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def _typed(text: str) -> str:
    return legible(without_marks(text))


def _spell_in(document: Docx, locale: str) -> None:
    """Set the language that spelling is checked in, which the template leaves at American English."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), locale)


def _block(document: Docx, block: Block) -> list[Line]:
    """Add a block; return its paragraphs."""
    match block:
        case Heading(text, level):
            return [document.add_heading(_typed(text), level)]
        case Paragraph():
            return [_paragraph(document, block)]
        case Choices(entries):
            return [_marked(document, f"{mark}.", text) for mark, text in entries]
        case Pairs(left, right):
            numbers = [_marked(document, mark, f"{text}  ______") for mark, text in left]
            return numbers + [_marked(document, f"{mark}.", text) for mark, text in right]
        case Blanks(names):
            return [document.add_paragraph("    ".join(f"{name} ____________".strip() for name in names))]
        case NewPage():
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
            return []
        case Group(blocks):
            return _together([line for inner in blocks for line in _block(document, inner)])


def _together(lines: list[Line]) -> list[Line]:
    for line in lines[:-1]:
        line.paragraph_format.keep_with_next = True
    return lines


def _paragraph(document: Docx, paragraph: Paragraph) -> Line:
    text = _typed(paragraph.text.strip())
    if paragraph.mark:
        return _marked(document, paragraph.mark, text, strong=paragraph.style == "strong", indent=False)
    line = document.add_paragraph(style="Quote" if paragraph.style == "quote" else None)
    run = line.add_run(text)
    line.paragraph_format.left_indent = _STEP * paragraph.depth
    line.paragraph_format.space_after = Pt(4)
    run.bold = paragraph.style == "strong" or None
    if paragraph.style == "quiet":
        run.font.size, run.font.color.rgb = Pt(9), _QUIET
    return line


def _marked(document: Docx, mark: str, text: str, *, strong: bool = False, indent: bool = True) -> Line:
    """Add a paragraph that hangs behind its mark."""
    line = document.add_paragraph()
    line.add_run(f"{legible(mark)}\t").bold = True
    line.add_run(_typed(text)).bold = strong or None
    form = line.paragraph_format
    form.left_indent, form.first_line_indent, form.space_after = _STEP * (2 if indent else 1), -_STEP, Pt(3)
    form.tab_stops.add_tab_stop(form.left_indent)
    return line
