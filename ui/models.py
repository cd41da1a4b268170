"""The models page: which model writes, what is known of it, and how to choose another."""

import streamlit as st

from rag.rows import NotebookRow
from ui.escape import escape
from ui.guard import act, guard, show_error
from ui.model_facts import facts, name_of
from ui.model_ways import ways
from ui.page import frame
from ui.services import AppServices
from ui.texts import Texts
from ui.watch import redraw

POLL_SECONDS = 0.7


def draw(app: AppServices, texts: Texts) -> None:
    """Draw everything from the stored rows."""
    frame(app, texts, _models)


def _models(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    st.markdown(f"# {texts('models.title')}", anchors=False)
    st.caption(texts("models.about"))
    with st.container(key="now"):
        _now(app, texts)
    st.markdown(f"## {texts('models.choose')}", anchors=False)
    ways(app, texts)


def _now(app: AppServices, texts: Texts) -> None:
    """Draw the model that writes, again and again while another is loaded or its speed is measured."""
    is_changing = _is_changing(app)

    def body() -> None:
        with guard(texts):
            if is_changing and not _is_changing(app):
                redraw()
            _card(app, texts)
            _underway(app, texts)
            _failure(app, texts)

    st.fragment(run_every=POLL_SECONDS if is_changing else None)(body)()


def _is_changing(app: AppServices) -> bool:
    models, status = app.library.models, app.status()
    is_loading = status.holding and status.models == "loading"
    return is_loading or models.underway() is not None or models.speed_asked()


def _card(app: AppServices, texts: Texts) -> None:
    status, card = app.status(), app.library.models.card()
    with st.container(border=True, key="model-now"):
        st.caption(texts("models.now"))
        if status.models == "error" or card is None:
            st.markdown(texts("models.none" if status.models != "loading" else "app.model_loading"))
            return
        st.markdown(f"### :material/memory: {escape(name_of(card.choice))}", anchors=False)
        if card.choice.kind == "folder":
            st.caption(escape(card.choice.name))
        told = facts(app, texts, card)
        st.markdown("  \n".join(f":small[**{texts(f'models.{label}')}** · {value}]" for label, value in told))
        _measure(app, texts)


def _measure(app: AppServices, texts: Texts) -> None:
    if app.library.models.speed_asked():
        st.caption(f":material/progress_activity: {texts('models.measuring')}")
        return
    st.button(
        texts("models.measure"),
        key="measure-speed",
        type="tertiary",
        icon=":material/speed:",
        on_click=act,
        args=(_ask_speed, app),
    )


def _ask_speed(app: AppServices) -> None:
    app.library.models.ask_speed()
    app.wake()


def _underway(app: AppServices, texts: Texts) -> None:
    choice = app.library.models.underway()
    if choice is not None:
        key = "models.loading_alone" if app.status().models == "loading" else "models.loading"
        st.info(texts(key, name=name_of(choice)), icon=":material/hourglass_top:")


def _failure(app: AppServices, texts: Texts) -> None:
    failure = app.library.models.failure()
    if failure is None:
        return
    show_error(texts, failure.code, failure.details, texts.plain("models.failed", name=name_of(failure.choice)))
    st.button(texts("models.dismiss"), key="model-failure", on_click=act, args=(app.library.models.dismiss_failure,))
