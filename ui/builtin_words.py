"""Streamlit's own words, which it has in English only and without a setting, in the language of the page.

They are taken away rather than covered, so that a screen reader too is told the words that are shown. Should a later
Streamlit name its parts otherwise, its own words come back.
"""

import json
from collections.abc import Sequence

import streamlit as st

from ui.model_facts import MEGABYTE, size
from ui.texts import Texts

_REPLACED = "{part} > * {{ display: none }} {part}::after {{ content: {words}; {look} }}"
_BUTTON = "button [data-testid=stMarkdownContainer]"
_TOLD = "[data-testid=stFileUploaderDropzoneInstructions]"
# What covers the zone while files are dragged over it; the list of chosen files has buttons.
_DROP = "[data-testid=stFileUploaderDropzone] > div:not([data-testid]):not(:has(button))"
# A chosen file that is not taken turns red; why is told by Streamlit under the pointer alone.
_REFUSED = "{place}:has([data-testid=stFileChipIconError])::after {{ content: {words}; display: block; {look} }}"
_FAINT = "font-size: 0.875rem; opacity: 0.75"  # as captions are
# A field says "Press Enter to apply" before its count of characters, in a narrow one over what is typed; one for a
# number and one to find something in have no count.
_FIELD = """
[data-testid=InputInstructions] > span:first-child:not(:last-child) { display: none }
[data-testid=InputInstructions] > span:last-child::before { content: none }
[data-testid=stNumberInput] [data-testid=InputInstructions],
[class*=st-key-find-] [data-testid=InputInstructions] { display: none }
"""


def field_words() -> None:
    """Leave of what the fields of the page say by themselves only the count of characters."""
    st.html(f"<style>{_FIELD}</style>")


def file_words(texts: Texts, key: str, types: Sequence[str], limit: int) -> None:
    """Name what the chooser with a key does and takes: files of some types, each of at most ``limit`` megabytes."""
    told = texts.plain("files.limit", size=size(texts, limit * MEGABYTE), types=", ".join(types).upper())
    parts = ((_BUTTON, texts.plain("files.choose"), ""), (_DROP, texts.plain("files.drop"), ""), (_TOLD, told, _FAINT))
    refused = json.dumps(texts.plain("files.refused", told=told), ensure_ascii=False)
    rules = " ".join(_replaced(key, *part) for part in parts)
    rules += f" {_REFUSED.format(place=f'.st-key-{key}', words=refused, look=_FAINT)}"
    st.html(f"<style>{rules}</style>")


def _replaced(key: str, part: str, words: str, look: str) -> str:
    place = f".st-key-{key} {part}"
    return _REPLACED.format(part=place, words=json.dumps(words, ensure_ascii=False), look=look)
