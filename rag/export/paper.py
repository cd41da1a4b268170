"""A sheet as PDF on A4, in fonts of its own, so that accents and signs print the same everywhere."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos

from rag.export.blocks import Blanks, Block, Choices, Group, Heading, NewPage, Pairs, Paragraph, Sheet, Style
from rag.export.markup import legible

_FONTS = Path(__file__).parent / "fonts"
_TEXT, _SIGNS = "Inter", "DejaVu"
_MARGIN = 18.0  # millimetres, as every length here; font sizes are points
_STEP = 8.0
_LEADING = 0.5  # millimetres a point of font size
_SIZES = {1: 17.0, 2: 13.0, 3: 11.0}
_SPACES = {1: 3.0, 2: 4.0, 3: 2.5}
_STYLES: dict[Style, tuple[str, float, int]] = {
    "body": ("", 10.5, 25),
    "strong": ("B", 10.5, 25),
    "quiet": ("", 9.0, 95),
    "quote": ("I", 10.0, 50),
}


def sheet_pdf(sheet: Sheet) -> bytes:
    """Return a sheet as PDF; its title, language and page numbers are set."""
    paper = _Paper(sheet)
    paper.add_page()
    for block in sheet.blocks:
        paper.block(block)
    return bytes(paper.output())


class _Paper(FPDF):
    """A sheet being drawn; while ``_measuring``, heights are added up and nothing is drawn."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(format="A4")
        self._title, self._measuring, self._measured, self._top = legible(sheet.title), False, 0.0, True
        self.set_margin(_MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN)
        for style, file in (("", "Regular"), ("B", "Bold"), ("I", "Italic")):
            self.add_font(_TEXT, style, _FONTS / f"Inter-{file}.ttf")
        self.add_font(_SIGNS, "", _FONTS / "DejaVuSans.ttf")
        self.set_fallback_fonts([_SIGNS], exact_match=False)
        self.set_title(self._title)
        self.set_lang(sheet.language)
        self.set_creator("Lectern")

    def footer(self) -> None:
        """Draw the title and the page's number; FPDF calls it at the end of each page."""
        self.set_y(-_MARGIN + 5)
        self._font("quiet")
        self.set_font_size(8)
        title = self._title if len(self._title) <= 90 else f"{self._title[:90].rstrip()}…"
        self.cell(self.epw - 20, 4, title)
        self.cell(20, 4, f"{self.page_no()} / {{nb}}", align="R")

    def block(self, block: Block) -> None:
        match block:
            case Heading(text, level):
                self._heading(text, level)
            case Paragraph():
                self._paragraph(block)
            case Choices(entries, tick):
                self._choices(entries, tick)
            case Pairs(left, right):
                self._pairs(left, right)
            case Blanks(names):
                self._blanks(names)
            case NewPage():
                self.add_page()
            case Group(blocks):
                self._group(blocks)

    def _group(self, blocks: Sequence[Block]) -> None:
        with self._measure():
            for block in blocks:
                self.block(block)
        if self._measured <= self.eph and self.get_y() + self._measured > self.page_break_trigger:
            self.add_page()
        for block in blocks:
            self.block(block)
        self._space(5)

    @contextmanager
    def _measure(self) -> Iterator[None]:
        self._measuring, self._measured = True, 0.0
        yield
        self._measuring = False

    def _space(self, height: float) -> None:
        if self._measuring:
            self._measured += height
        elif self.get_y() + height < self.page_break_trigger:
            self.ln(height)

    def _font(self, style: Style) -> None:
        name, size, grey = _STYLES[style]
        self.set_font(_TEXT, name, size)
        self.set_text_color(grey)

    def _write(self, text: str, x: float, width: float) -> None:
        """Write ``text`` in the present font from ``x`` on, below what is there."""
        height = self.font_size_pt * _LEADING
        lines = legible(text).strip() or " "
        if self._measuring:
            measured = self.multi_cell(width, height, lines, align="L", dry_run=True, output=MethodReturnValue.HEIGHT)
            self._measured += float(measured)  # type: ignore[arg-type]
            return
        self.set_x(x)
        self.multi_cell(width, height, lines, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _marked(self, mark: str, text: str, x: float, indent: float, *, bold: bool = False) -> None:
        """Write ``mark`` at ``x`` and ``text`` behind it, beginning on one line."""
        if not self._measuring:
            if self.will_page_break(self.font_size_pt * _LEADING):
                self.add_page()
            top, style = self.get_y(), self.font_style
            self.set_font(style="B" if bold else style)
            self.set_x(x)
            self.cell(indent, self.font_size_pt * _LEADING, legible(mark))
            self.set_font(style=style)
            self.set_y(top)
        self._write(text, x + indent, self.l_margin + self.epw - x - indent)

    def _heading(self, text: str, level: int) -> None:
        if self.get_y() > self.t_margin:
            self._space(_SPACES[level])
        # A heading at the foot of a page goes over with what it heads.
        if not self._measuring and level > 1 and self.will_page_break(30):
            self.add_page()
        self.set_font(_TEXT, "B", _SIZES[level])
        self.set_text_color(25)
        self._write(text, self.l_margin, self.epw)
        self._space(_SPACES[level] / 2)

    def _paragraph(self, paragraph: Paragraph) -> None:
        self._font(paragraph.style)
        x = self.l_margin + _STEP * paragraph.depth
        if paragraph.style == "quote":
            self._quote(paragraph.text, x)
        elif paragraph.mark:
            self._marked(paragraph.mark, paragraph.text, x, max(_STEP, self.get_string_width(paragraph.mark) + 3))
        else:
            self._write(paragraph.text, x, self.epw - _STEP * paragraph.depth)
        self._space(1.2)

    def _quote(self, text: str, x: float) -> None:
        page, top = self.page, self.get_y()
        self._write(text, x + 3, self.l_margin + self.epw - x - 3)
        if not self._measuring and self.page == page:
            self.set_draw_color(190)
            self.set_line_width(0.6)
            self.line(x, top + 0.5, x, self.get_y() - 0.5)

    def _choices(self, entries: Sequence[tuple[str, str]], tick: str) -> None:
        for mark, text in entries:
            self._font("body")
            x = self.l_margin + _STEP
            if tick:
                self._tick(tick, x)
                x += 6
            self._marked(mark, text, x, 7, bold=True)
            self._space(0.8)

    def _tick(self, tick: str, x: float) -> None:
        if self._measuring:
            return
        if self.will_page_break(self.font_size_pt * _LEADING):
            self.add_page()
        self.set_draw_color(90)
        self.set_line_width(0.25)
        y = self.get_y() + 0.9
        if tick == "box":
            self.rect(x, y, 3.4, 3.4)
        else:
            self.ellipse(x, y, 3.4, 3.4)

    def _pairs(self, left: Sequence[tuple[str, str]], right: Sequence[tuple[str, str]]) -> None:
        half = (self.epw - _STEP) / 2
        for n in range(max(len(left), len(right))):
            rows = [side[n] if n < len(side) else ("", "") for side in (left, right)]
            self._pair_row(rows, half)

    def _pair_row(self, rows: Sequence[tuple[str, str]], half: float) -> None:
        """Draw one line of both columns; the higher one makes its height."""
        self._font("body")
        height = self.font_size_pt * _LEADING
        room = (20.0, 8.0)
        lines = [
            self.multi_cell(
                half - room[i] - 3,
                height,
                legible(text) or " ",
                align="L",
                dry_run=True,
                output=MethodReturnValue.LINES,
            )
            for i, (_, text) in enumerate(rows)
        ]
        total = height * max(len(found) for found in lines) + 1.5  # type: ignore[arg-type]
        if self._measuring:
            self._measured += total
            return
        if self.will_page_break(total):
            self.add_page()
        top = self.get_y()
        for i, (mark, text) in enumerate(rows):
            x = self.l_margin + _STEP + half * i
            if mark and i == 0:
                self.set_draw_color(130)
                self.set_line_width(0.2)
                self.line(x, top + height - 0.8, x + 10, top + height - 0.8)
            if mark:
                self.set_xy(x + room[i] - 8, top)
                self.set_font(style="B")
                self.cell(8, height, mark)
                self.set_font(style="")
                self.set_xy(x + room[i], top)
                self.multi_cell(half - room[i] - 3, height, legible(text), align="L")
        self.set_xy(self.l_margin, top + total)

    def _blanks(self, names: Sequence[str]) -> None:
        self._space(4)
        self._font("quiet")
        x = self.l_margin + (0 if names[0] else _STEP)
        width = (self.l_margin + self.epw - x) / len(names)
        if not self._measuring:
            self.set_draw_color(130)
            self.set_line_width(0.2)
            for n, name in enumerate(names):
                start = x + width * n
                self.set_x(start)
                self.cell(width, 5, name)
                begin = start + (self.get_string_width(name) + 2 if name else 0)
                self.line(begin, self.get_y() + 4.2, start + width - (4 if names[0] else 0), self.get_y() + 4.2)
        self._space(8)
