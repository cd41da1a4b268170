"""One evaluation run: how far it is, what it shows, its files, and how it differs from an earlier one."""

import time
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from evaluation.run_export import csv_rows, figures_json, json_rows
from evaluation.run_figures import NAMES, RunFigures, figures
from rag.evaluation_rows import EvaluationItem, EvaluationRun
from ui import state
from ui.escape import escape
from ui.evaluation_rows import rows
from ui.guard import act, guard, show_error
from ui.notebook_dialogs import decide
from ui.numerals import interval, moment, value
from ui.plots import plots
from ui.services import AppServices
from ui.texts import Texts
from ui.watch import redraw

POLL_SECONDS = 1.0
# Below this many answers a mean says little, and so does a guess of the time left.
FEW = 20
SEEN = 2


def show_run(app: AppServices, texts: Texts, run: EvaluationRun, runs: Sequence[EvaluationRun]) -> None:
    """Draw a run; while it is worked on, its progress alone is drawn again and again."""
    _progress(app, texts, run)
    if run.code:
        show_error(texts, run.code, run.details)
    items = app.library.evaluations.items(run.id)
    found = _figures(items, run.id, run.done, run.seconds)
    if run.done:
        with guard(texts):
            _table(app, texts, run, found, runs)
        with guard(texts):
            plots(texts, found)
    with guard(texts):
        rows(texts, run, items)
    _files(texts, run, items, found)


def run_names(texts: Texts, runs: Sequence[EvaluationRun]) -> dict[int, str]:
    """Return what each run is called in a list: a number, its file or that it was suggested, when, how far it is.

    The number keeps two runs of one minute apart: the browser names the chosen one by these words.
    """
    names = {}
    for number, run in enumerate(runs, start=1):
        name = texts.plain("evaluation.suggested_name") if run.origin == "suggested" else run.name
        names[run.id] = f"{number}. {name} · {moment(texts, run.created_at)} · {run.done}/{run.total}"
    return names


@st.cache_data(max_entries=32, show_spinner=False)
def _figures(_items: Sequence[EvaluationItem], run_id: int, done: int, seconds: float) -> RunFigures:
    # What was answered does not change, so the counts name the items in the cache.
    return figures(_items)


def _progress(app: AppServices, texts: Texts, run: EvaluationRun) -> None:
    def body() -> None:
        with guard(texts):
            now = app.library.evaluations.run(run.id)
            if now is None or now.state != run.state:
                redraw()
            if now is not None and now.total:
                st.progress(now.done / now.total, text=f":small[{progress_text(texts, now)}]")
                _waiting(app, texts, now)

    st.fragment(run_every=POLL_SECONDS if run.state == "running" else None)(body)()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        _buttons(app, texts, run)


def _waiting(app: AppServices, texts: Texts, run: EvaluationRun) -> None:
    status = app.status()
    if run.state == "running" and status.holding and status.models == "loading":
        st.caption(f":material/hourglass_top: {texts('app.model_loading')}")
    elif run.state == "running" and app.library.conversation.waiting():
        st.caption(f":material/low_priority: {texts('evaluation.gives_way')}")


def _buttons(app: AppServices, texts: Texts, run: EvaluationRun) -> None:
    if run.state == "running":
        _button(app, texts, run, "evaluation.cancel", ":material/stop:", app.library.evaluations.cancel)
        st.button(texts("evaluation.refresh"), key=f"refresh-{run.id}", type="tertiary", icon=":material/refresh:")
    elif run.done < run.total:
        _button(app, texts, run, "evaluation.resume", ":material/play_arrow:", app.library.evaluations.resume)
    elif run.failed:
        _button(app, texts, run, "evaluation.again", ":material/refresh:", app.library.evaluations.resume)
    st.button(
        texts("evaluation.drop"),
        key=f"drop-run-{run.id}",
        type="tertiary",
        icon=":material/delete:",
        on_click=state.show_dialog,
        args=("drop_run", run.id),
    )


def _button(
    app: AppServices, texts: Texts, run: EvaluationRun, key: str, icon: str, action: Callable[[int], None]
) -> None:
    def do() -> None:
        action(run.id)
        app.wake()

    st.button(texts(key), key=f"{key}-{run.id}", icon=icon, on_click=act, args=(do,))


def progress_text(texts: Texts, run: EvaluationRun) -> str:
    """Return how far a run is as markdown and, once it can be told, the time left."""
    parts = [texts(f"evaluation.state_{run.state}", done=run.done, total=run.total)]
    if run.failed:
        parts.append(texts.count("evaluation.failed", run.failed))
    answered = run.done - run.failed
    if run.state == "running" and answered >= SEEN:
        left = run.seconds / answered * (run.total - run.done)
        unit = ("seconds", max(1, round(left))) if left < 60 else ("minutes", round(left / 60))
        parts.append(texts(f"sources.left_{unit[0]}", n=unit[1]))
    return " · ".join(parts)


def _table(
    app: AppServices, texts: Texts, run: EvaluationRun, found: RunFigures, runs: Sequence[EvaluationRun]
) -> None:
    st.markdown(f"## {texts('evaluation.figures')}", anchors=False)
    earlier = [one for one in runs if one.questions_key == run.questions_key and one.id != run.id and one.done]
    other = _other(texts, run, earlier, run_names(texts, runs))
    compared = None
    if other:
        compared = _figures(app.library.evaluations.items(other.id), other.id, other.done, other.seconds)
    st.table(table(texts, found, compared), hide_index=True, border="horizontal", alt=texts.plain("evaluation.figures"))
    st.caption(texts("evaluation.interval_told"))
    if run.done < FEW:
        st.caption(f":material/warning: {texts('evaluation.few')}")
    if run.model_id:
        st.caption(f":material/memory: {texts('app.model', name=run.model_id)}")


def _other(
    texts: Texts, run: EvaluationRun, earlier: Sequence[EvaluationRun], names: Mapping[int, str]
) -> EvaluationRun | None:
    if not earlier:
        return None
    by_id = {one.id: one for one in reversed(earlier)}
    chosen = st.selectbox(
        texts("evaluation.compare"),
        options=[0, *by_id],
        format_func=lambda i: names[i] if i else texts.plain("evaluation.compare_none"),
        key=f"compare-{run.id}",
    )
    return by_id.get(chosen)


def table(texts: Texts, found: RunFigures, other: RunFigures | None = None) -> list[dict[str, str]]:
    """Return the figures that some question tells, a row each, every cell as markdown."""
    lines = []
    for name in NAMES:
        figure, before = found.figures[name], other.figures[name] if other else None
        if figure is None:
            continue
        seconds = name == "seconds"
        line = {
            texts("evaluation.figure"): texts(f"evaluation.{name}"),
            texts("evaluation.value"): f"**{escape(value(texts, figure, seconds=seconds))}**",
            texts("evaluation.interval"): escape(interval(texts, figure, seconds=seconds)),
            texts("evaluation.cases"): str(figure.n),
        }
        if other is not None:
            line[texts("evaluation.before")] = (
                escape(f"{value(texts, before, seconds=seconds)} ({interval(texts, before, seconds=seconds)})")
                if before
                else "–"
            )
        lines.append(line)
    return lines


def _files(texts: Texts, run: EvaluationRun, items: Sequence[EvaluationItem], found: RunFigures) -> None:
    name = f"evaluation-{time.strftime('%Y%m%d-%H%M', time.localtime(run.created_at))}"
    st.markdown(f"**{texts('evaluation.export')}**")
    with st.container(horizontal=True, gap="small"):
        for key, suffix, mime, data in (
            ("rows_csv", "csv", "text/csv", lambda: csv_rows(items)),
            ("rows_jsonl", "jsonl", "application/x-ndjson", lambda: json_rows(items)),
            ("figures_json", "json", "application/json", lambda: figures_json(run, found)),
        ):
            st.download_button(
                texts(f"evaluation.{key}"),
                data=data,
                file_name=f"{name}.{suffix}",
                mime=mime,
                key=f"{key}-{run.id}",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
            )


def drop_run(app: AppServices, texts: Texts, run_id: int) -> None:
    """Ask before a run is deleted: the content of a dialog."""
    run = app.library.evaluations.run(run_id)
    st.markdown(texts("evaluation.drop_body", total=run.total if run else 0))
    decide(texts, "evaluation.drop", lambda: app.library.evaluations.delete(run_id))
