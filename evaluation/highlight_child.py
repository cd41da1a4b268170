"""Say which characters of a PDF page lie under given boxes. Runs alone, in a process of its own, started by its path.

It reads one JSON object, {"path", "page" from 0, "boxes": [[left, top, right, bottom] as fractions of the page]}, and
prints the characters as one JSON string. It shares no code with what draws highlights.
"""

import ctypes
import json
import sys
from typing import Any


def under(page: Any, boxes: list[list[float]]) -> str:
    """Return, in PDFium's order, the characters whose middle lies in a box; the page must not be turned."""
    import pypdfium2.raw as pdfium

    left, bottom, right, top = page.get_cropbox()
    text = page.get_textpage()
    found = ""
    for index in range(text.count_chars()):
        sides = [ctypes.c_double() for _ in range(4)]  # left, right, bottom, top
        if not pdfium.FPDFText_GetCharBox(text.raw, index, *sides):
            continue
        x = ((sides[0].value + sides[1].value) / 2 - left) / (right - left)
        y = (top - (sides[2].value + sides[3].value) / 2) / (top - bottom)
        if any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in boxes):
            found += chr(pdfium.FPDFText_GetUnicode(text.raw, index))
    return found


def main() -> None:
    """Answer one request."""
    import pypdfium2

    request = json.load(sys.stdin)
    document = pypdfium2.PdfDocument(request["path"])
    json.dump(under(document[request["page"]], request["boxes"]), sys.stdout)


if __name__ == "__main__":
    main()
