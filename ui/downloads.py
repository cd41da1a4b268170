"""Files to take away: one button for each form, written only when it is pressed."""

from collections.abc import Callable, Mapping

import streamlit as st

from ui.escape import one_line
from ui.texts import Texts

MIMES: Mapping[str, str] = {
    "md": "text/markdown",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "apkg": "application/octet-stream",
}
DOCUMENTS = ("md", "docx", "pdf")
TABLES = ("csv", "jsonl")


def downloads(texts: Texts, key: str, name: str, suffixes: tuple[str, ...], write: Callable[[str], bytes]) -> None:
    """Draw a button for each suffix; ``write`` gives the bytes of one, and ``name`` is the file's without it."""
    with st.container(horizontal=True, gap="small", key=f"downloads-{key}"):
        for suffix in suffixes:
            st.download_button(
                texts(f"files.{suffix}"),
                data=_writer(write, suffix),
                file_name=f"{_file_name(name)}.{suffix}",
                mime=MIMES[suffix],
                key=f"download-{suffix}-{key}",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
            )


def _writer(write: Callable[[str], bytes], suffix: str) -> Callable[[], bytes]:
    return lambda: write(suffix)


def _file_name(name: str) -> str:
    """Return a name that every system takes."""
    kept = "".join(" " if c in '<>:"/\\|?*' else c for c in one_line(name))
    return " ".join(kept.split())[:80].strip(". ") or "Lectern"
