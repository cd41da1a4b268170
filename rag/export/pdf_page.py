"""A page of A4 in fonts of its own, so that accents and signs print the same everywhere."""

from pathlib import Path

from fpdf import FPDF
from fpdf.enums import MethodReturnValue
from fpdf.fonts import TTFFont

from rag.export.blocks import Style
from rag.export.markup import legible
from rag.export.mathematics import without_marks

_FONTS = Path(__file__).parent / "fonts"
_TEXT, _SIGNS = "Inter", "DejaVu"
_MARGIN = 18.0  # millimetres, as every length here; font sizes are points
_LEADING = 0.5  # millimetres a point of font size
_UNKNOWN = "\ufffd"
_TITLE_SHOWN = 90
STYLES: dict[Style, tuple[str, float, int]] = {
    "body": ("", 10.5, 25),
    "strong": ("B", 10.5, 25),
    "quiet": ("", 9.0, 95),
    "quote": ("I", 10.0, 50),
}


class PdfPage(FPDF):
    """Pages with a footer, on which text is set in the styles of a sheet."""

    def __init__(self, title: str, language: str) -> None:
        super().__init__(format="A4")
        self.set_margin(_MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN)
        for style, file in (("", "Regular"), ("B", "Bold"), ("I", "Italic")):
            self.add_font(_TEXT, style, _FONTS / f"Inter-{file}.ttf")
        self.add_font(_SIGNS, "", _FONTS / "DejaVuSans.ttf")
        self.set_fallback_fonts([_SIGNS], exact_match=False)
        self._glyphs = {code for font in self.fonts.values() if isinstance(font, TTFFont) for code in font.cmap}
        self._title = " ".join(self.printable(title).split())
        self.set_title(legible(title))
        self.set_lang(language)
        self.set_creator("Lectern")

    def footer(self) -> None:
        """Draw the page's number and the title; called at the end of each page."""
        self.set_y(-_MARGIN + 5)
        self.style("quiet", 8)
        title = self._title if len(self._title) <= _TITLE_SHOWN else f"{self._title[:_TITLE_SHOWN].rstrip()}…"
        # The number of pages is filled in last, so its width is not known: nothing may stand behind it.
        self.cell(20, 4, f"{self.page_no()} / {{nb}}")
        self.cell(self.epw - 20, 4, title, align="R")

    def style(self, style: Style, size: float = 0) -> None:
        """Set the font, its size where another than the style's is given, and the grey of what is written next."""
        name, usual, grey = STYLES[style]
        self.set_font(_TEXT, name, size or usual)
        self.set_text_color(grey)

    def pen(self, grey: int, width: float) -> None:
        """Set how lines are drawn: their grey, 0..255, and their width."""
        self.set_draw_color(grey)
        self.set_line_width(width)

    @property
    def leading(self) -> float:
        """The height of a line in the present font."""
        return self.font_size_pt * _LEADING

    @property
    def right(self) -> float:
        """Where text ends on the right."""
        return self.l_margin + self.epw

    def printable(self, text: str) -> str:
        """Return text of which every sign has a glyph; a sign without one is shown as unknown, never left out."""
        signs = legible(without_marks(text)).replace("\t", " ")
        return "".join(c if ord(c) in self._glyphs or not c.isprintable() else _UNKNOWN for c in signs)

    def height_of(self, text: str, width: float) -> float:
        """Return how high ``text``, which is printable, stands in the present font."""
        height = self.multi_cell(width, self.leading, text, align="L", dry_run=True, output=MethodReturnValue.HEIGHT)
        return float(height)  # type: ignore[arg-type]

    def keep(self, height: float) -> None:
        """Begin a page where ``height`` does not fit on this one."""
        if self.will_page_break(height):
            self.add_page()
