"""How the open notebook answers: length, style, tutor, and how the memory answer is drawn."""

from typing import get_args

import streamlit as st

from rag.answer_settings import HOTTEST, LARGEST_SEED, AnswerSettings, Length, Style
from ui.notebook_dialogs import decide
from ui.services import AppServices
from ui.texts import Texts

LENGTHS: tuple[Length, ...] = get_args(Length)
STYLES: tuple[Style, ...] = get_args(Style)


def answering(app: AppServices, texts: Texts, notebook_id: int) -> None:
    """Let a notebook choose how its next questions are answered: the content of a dialog."""
    notebook = app.library.store.notebook(notebook_id)
    if notebook is None:
        return
    current = notebook.answering
    st.markdown(texts("answering.body"))
    length: Length = (
        st.segmented_control(
            texts("answering.length"),
            options=LENGTHS,
            default=current.length,
            required=True,
            format_func=lambda name: texts.plain(f"answering.length_{name}"),
            key=f"length-{notebook_id}",
        )
        or current.length
    )
    st.caption(texts("answering.length_told"))
    style: Style = st.radio(
        texts("answering.style"),
        options=STYLES,
        index=STYLES.index(current.style),
        format_func=lambda name: texts.plain(f"answering.style_{name}"),
        captions=[texts(f"answering.style_{name}_told") for name in STYLES],
        key=f"style-{notebook_id}",
    )
    tutor = st.toggle(texts("answering.tutor"), value=current.tutor, key=f"tutor-{notebook_id}")
    st.caption(texts("answering.tutor_told"))
    temperature, top_p, seed = _sampling(texts, notebook_id, current)
    chosen = AnswerSettings(length, style, tutor, temperature, top_p, seed)
    decide(texts, "answering.save", lambda: app.library.store.choose_answering(notebook_id, chosen))


def _sampling(texts: Texts, notebook_id: int, current: AnswerSettings) -> tuple[float, float, int]:
    st.markdown(f":material/psychology: **{texts('answering.sampling')}**")
    st.caption(texts("answering.sampling_told"))
    temperature = st.slider(
        texts("answering.temperature"), 0.0, HOTTEST, current.temperature, 0.1, key=f"temperature-{notebook_id}"
    )
    if not temperature:
        st.caption(texts("answering.greedy"))
        return 0.0, current.top_p, current.seed
    top_p = st.slider(
        texts("answering.top_p"), 0.05, 1.0, max(current.top_p, 0.05), 0.05,
        help=texts("answering.top_p_told"), key=f"top-p-{notebook_id}",
    )  # fmt: skip
    seed = st.number_input(
        texts("answering.seed"), 0, LARGEST_SEED - 1, current.seed, 1,
        help=texts("answering.seed_told"), key=f"seed-{notebook_id}",
    )  # fmt: skip
    return round(temperature, 2), round(top_p, 2), int(seed)
