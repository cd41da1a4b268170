"""The formats that a quiz leaves in, and those that it comes back from."""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType
from zipfile import BadZipFile

from ingest.types import Language
from rag.errors import RagError
from rag.export.anki import read_apkg, write_apkg
from rag.export.blocks import Sheet
from rag.export.csv_table import read_csv, write_csv
from rag.export.gift import read_gift, write_gift
from rag.export.json_file import read_json, write_json
from rag.export.markdown import sheet_markdown
from rag.export.moodle_xml import read_xml, write_xml
from rag.export.paper import sheet_pdf
from rag.export.sheet import quiz_sheet
from rag.export.web_page import sheet_html
from rag.study.types import Item, identified

Write = Callable[[str, Sequence[Item], Language], bytes]
Read = Callable[[bytes], tuple[str, list[Item]]]
MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class QuizFormat:
    """A kind of file: its suffix, its media type, the key of its name on screen and what writes it."""

    suffix: str
    mime: str
    label_key: str
    write: Write


def _format(suffix: str, mime: str, write: Write) -> QuizFormat:
    return QuizFormat(suffix, mime, f"quiz.format_{suffix}", write)


def _printed(render: Callable[[Sheet], bytes]) -> Write:
    return lambda name, items, language: render(quiz_sheet(name, items, language))


FORMATS: Mapping[str, QuizFormat] = MappingProxyType(
    {
        known.suffix: known
        for known in (
            _format("apkg", "application/octet-stream", write_apkg),
            _format("xml", "application/xml", write_xml),
            _format("gift", "text/plain", write_gift),
            _format("csv", "text/csv", write_csv),
            _format("json", "application/json", write_json),
            _format("md", "text/markdown", _printed(sheet_markdown)),
            _format("pdf", "application/pdf", _printed(sheet_pdf)),
            _format("html", "text/html", _printed(sheet_html)),
        )
    }
)
READERS: Mapping[str, Read] = MappingProxyType(
    {"json": read_json, "xml": read_xml, "gift": read_gift, "csv": read_csv, "apkg": read_apkg}
)


def write_quiz(suffix: str, name: str, items: Sequence[Item], language: Language) -> bytes:
    """Return the file of a quiz; ``suffix`` is a key of ``FORMATS``, ``language`` that of the words around items."""
    return FORMATS[suffix].write(name, [item if item.id else identified(item) for item in items], language)


def read_quiz(name: str, data: bytes) -> tuple[str, list[Item]]:
    """Return a quiz's name, or that of the file where it carries none, and its items.

    ``name`` is the file's; its suffix is a key of ``READERS``. Texts that were changed elsewhere are read as changed.
    Raises RagError QUIZ_FILE when it cannot be read, QUIZ_FILE_NEWER when a newer Lectern wrote it.
    """
    file = PurePath(name)
    read = READERS.get(file.suffix.lower().removeprefix("."))
    with _damaged():
        if read is None:
            raise ValueError(f"{file.suffix or 'a name without an ending'} is none of {', '.join(READERS)}")
        if len(data) > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES // 1_000_000} MB")
        title, items = read(data)
    return title.strip() or file.stem, items


@contextmanager
def _damaged() -> Iterator[None]:
    """Tell in one error what can be wrong with a file."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise RagError("QUIZ_FILE", reason="its text is not in UTF-8") from error
    except (ValueError, KeyError, EOFError, RuntimeError, BadZipFile, zlib.error) as error:
        raise RagError("QUIZ_FILE", reason=str(error)[:200] or type(error).__name__) from error
