"""The evaluation page: how well the sources of a notebook answer questions whose answer is known."""

import streamlit as st

from rag.evaluation_rows import EvaluationRun
from rag.rows import NotebookRow
from ui import state
from ui.escape import escape
from ui.evaluation_new import new_run
from ui.evaluation_run import run_names, show_run
from ui.page import frame
from ui.services import AppServices
from ui.texts import Texts


def draw(app: AppServices, texts: Texts) -> None:
    """Draw everything from the stored rows."""
    frame(app, texts, _evaluation)


def _evaluation(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    st.markdown(f"# {texts('evaluation.title')}", anchors=False)
    st.caption(f"{escape(notebook.name)} · {texts('evaluation.about')}")
    runs = app.library.evaluations.runs(notebook.id)
    with st.expander(texts("evaluation.new"), expanded=not runs, icon=":material/add:", key=f"new-run-{len(runs)}"):
        new_run(app, texts, notebook)
    if runs:
        run = _chosen(texts, notebook, runs)
        show_run(app, texts, run, runs)


def _chosen(texts: Texts, notebook: NotebookRow, runs: list[EvaluationRun]) -> EvaluationRun:
    """Draw the list of runs, the newest first; return the one to look at."""
    by_id = {run.id: run for run in reversed(runs)}
    wanted = state.chosen("run", notebook.id)
    key = state.mirror(f"run-{notebook.id}", wanted if wanted in by_id else runs[-1].id)
    names = run_names(texts, runs)
    chosen = st.selectbox(
        texts("evaluation.run"),
        options=list(by_id),
        format_func=lambda run_id: names[run_id],
        key=key,
        on_change=lambda: state.choose("run", notebook.id, st.session_state[key]),
    )
    return by_id[chosen]
