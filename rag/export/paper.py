"""A sheet as PDF: measured group by group before it is drawn, so that no question is torn by a page."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from fpdf.enums import XPos, YPos

from rag.export.blocks import Blanks, Block, Choices, Group, Heading, NewPage, Pairs, Paragraph, Sheet
from rag.export.pdf_page import PdfPage

_STEP = 8.0  # millimetres, as every length here
_HEADINGS = {1: (17.0, 3.0), 2: (13.0, 4.0), 3: (11.0, 2.5)}  # the size of each level and the space before it
_HEADED = 30.0  # a heading that has less below it goes over to the next page
_TICK = 3.4
_NUMBERS, _LETTERS = 20.0, 8.0  # room before the text in each column of pairs


def sheet_pdf(sheet: Sheet) -> bytes:
    """Return a sheet as PDF; its title, language and page numbers are set."""
    paper = _Paper(sheet.title, sheet.language)
    paper.add_page()
    for block in sheet.blocks:
        paper.block(block)
    return bytes(paper.output())


class _Paper(PdfPage):
    """A sheet being drawn; while ``_measuring``, heights are added up and nothing is drawn."""

    def __init__(self, title: str, language: str) -> None:
        super().__init__(title, language)
        self._measuring, self._measured = False, 0.0

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
        if self._measured <= self.eph:
            self.keep(self._measured)
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
        elif not self.will_page_break(height):
            self.ln(height)

    def _write(self, text: str, x: float, width: float) -> None:
        """Write ``text`` in the present font from ``x`` on, below what is there."""
        shown = self.printable(text).strip() or " "
        if self._measuring:
            self._measured += self.height_of(shown, width)
            return
        self.set_x(x)
        self.multi_cell(width, self.leading, shown, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _marked(self, mark: str, text: str, x: float, indent: float) -> None:
        """Write ``mark`` in bold at ``x`` and ``text`` behind it, beginning on one line."""
        if not self._measuring:
            self.keep(self.leading)
            self._put(mark, x, indent)
        self._write(text, x + indent, self.right - x - indent)

    def _put(self, mark: str, x: float, width: float) -> None:
        """Write ``mark`` in bold at ``x``; what comes next may stand on the same line."""
        top, style = self.get_y(), self.font_style
        self.set_font(style="B")
        self.set_x(x)
        self.cell(width, self.leading, self.printable(mark))
        self.set_font(style=style)
        self.set_xy(x, top)

    def _heading(self, text: str, level: int) -> None:
        size, space = _HEADINGS[level]
        if self.get_y() > self.t_margin:
            self._space(space)
        if not self._measuring and level > 1:
            self.keep(_HEADED)
        self.style("strong", size)
        self._write(text, self.l_margin, self.epw)
        self._space(space if level == 1 else space / 2)

    def _paragraph(self, paragraph: Paragraph) -> None:
        self.style(paragraph.style)
        x = self.l_margin + _STEP * paragraph.depth
        if paragraph.style == "quote":
            self._quote(paragraph.text, x)
        elif paragraph.mark:
            self._marked(paragraph.mark, paragraph.text, x, max(_STEP, self.get_string_width(paragraph.mark) + 3))
        else:
            self._write(paragraph.text, x, self.right - x)
        self._space(1.2)

    def _quote(self, text: str, x: float) -> None:
        page, top = self.page, self.get_y()
        self._write(text, x + 3, self.right - x - 3)
        if not self._measuring and self.page == page:
            self.pen(190, 0.6)
            self.line(x, top + 0.5, x, self.get_y() - 0.5)

    def _choices(self, entries: Sequence[tuple[str, str]], tick: str) -> None:
        self.style("strong")
        indent = max(7, *(self.get_string_width(mark) + 3 for mark, _ in entries))
        self.style("body")
        for mark, text in entries:
            x = self.l_margin + _STEP
            if tick:
                self._tick(tick, x)
                x += 6
            self._marked(mark, text, x, indent)
            self._space(0.8)

    def _tick(self, tick: str, x: float) -> None:
        if self._measuring:
            return
        self.keep(self.leading)
        self.pen(90, 0.25)
        draw = self.rect if tick == "box" else self.ellipse
        draw(x, self.get_y() + 0.9, _TICK, _TICK)

    def _pairs(self, left: Sequence[tuple[str, str]], right: Sequence[tuple[str, str]]) -> None:
        self.style("body")
        half = (self.epw - _STEP) / 2
        for n in range(max(len(left), len(right))):
            sides = [side[n] if n < len(side) else ("", "") for side in (left, right)]
            texts = [(mark, self.printable(text).strip()) for mark, text in sides]
            rooms = (half - _NUMBERS - 3, half - _LETTERS - 3)
            height = max(self.height_of(text or " ", room) for (_, text), room in zip(texts, rooms, strict=True))
            if not self._measuring:
                self.keep(height)
                self._pair(texts, half)
            self._measured += height + 1.5

    def _pair(self, sides: Sequence[tuple[str, str]], half: float) -> None:
        """Draw one line of both columns: a blank, a number and its text, then a letter and its text."""
        top, bottom = self.get_y(), self.get_y()
        for n, (mark, text) in enumerate(sides):
            x, room = self.l_margin + _STEP + half * n, (_NUMBERS, _LETTERS)[n]
            if not mark:
                continue
            if n == 0:
                self.pen(130, 0.2)
                self.line(x, top + self.leading - 0.8, x + 10, top + self.leading - 0.8)
            self.set_y(top)
            self._put(mark, x + room - 8, 8)
            self.set_x(x + room)
            self.multi_cell(half - room - 3, self.leading, text, align="L")
            bottom = max(bottom, self.get_y())
        self.set_xy(self.l_margin, bottom)
        self._space(1.5)

    def _blanks(self, names: Sequence[str]) -> None:
        self._space(4)
        self.style("quiet")
        x, gap = (self.l_margin, 4) if names[0] else (self.l_margin + _STEP, 0)
        width = (self.right - x) / len(names)
        if not self._measuring:
            self.pen(130, 0.2)
            for n, name in enumerate(names):
                start, y = x + width * n, self.get_y() + 4.2
                self.set_x(start)
                self.cell(width, 5, name)
                self.line(start + (self.get_string_width(name) + 2 if name else 0), y, start + width - gap, y)
        self._space(11 if names[0] else 8)
