"""Which trained parts the open notebook uses."""

import streamlit as st

from rag.adapted import Adapted, find
from rag.parts import Parts, ReaderChoice
from ui.notebook_dialogs import decide
from ui.services import AppServices
from ui.texts import Texts

_NAMES: dict[ReaderChoice, str] = {
    "default": "model_settings.reader_default",
    "adapted": "model_settings.reader_adapted",
    "off": "model_settings.reader_off",
}


def model_settings(app: AppServices, texts: Texts, notebook_id: int) -> None:
    """Let a notebook choose its reader, and whether the adapter of the settings is used."""
    notebook = app.library.store.notebook(notebook_id)
    if notebook is None:
        return
    adapted = find(app.library.home, notebook_id)
    st.markdown(texts("model_settings.body"))
    reader = _reader(texts, notebook_id, notebook.parts.reader, adapted)
    adapter = notebook.parts.adapter
    if app.library.settings.adapter:
        adapter = st.toggle(
            texts("model_settings.adapter", adapter=app.library.settings.adapter),
            value=adapter,
            help=texts("model_settings.adapter_help"),
            key=f"adapter-{notebook_id}",
        )
    if adapted is None:
        st.caption(texts("model_settings.adapt_how"))
        st.code(f'python -m training adapt --notebook "{notebook.name}"', language=None, wrap_lines=True)
    chosen = Parts(reader, adapter)
    decide(texts, "model_settings.save", lambda: app.library.store.choose_parts(notebook_id, chosen))


def _reader(texts: Texts, notebook_id: int, current: ReaderChoice, adapted: Adapted | None) -> ReaderChoice:
    helps = {
        "default": texts("model_settings.reader_default_help"),
        "adapted": _figures(texts, adapted),
        "off": texts("model_settings.reader_off_help"),
    }
    choices = [choice for choice in _NAMES if adapted or choice != "adapted"]
    chosen: ReaderChoice = st.radio(
        texts("model_settings.reader"),
        options=choices,
        index=choices.index(current) if current in choices else 0,
        format_func=lambda choice: texts.plain(_NAMES[choice]),
        captions=[helps[choice] for choice in choices],
        key=f"reader-{notebook_id}",
    )
    return chosen


def _figures(texts: Texts, adapted: Adapted | None) -> str:
    if adapted is None:
        return ""
    before, after = (round(100 * value) for value in (adapted.before, adapted.after))
    return texts("model_settings.reader_adapted_help", date=adapted.date, before=before, after=after)
