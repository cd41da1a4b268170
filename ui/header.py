"""What the open notebook holds, where it runs, and what a newcomer should know once."""

import ipaddress
import re
from collections.abc import Sequence

import streamlit as st

from rag.rows import DocumentRow, NotebookRow
from ui import state
from ui.destination import destination
from ui.escape import escape
from ui.guard import act, show_error
from ui.model_facts import name_of_id
from ui.services import AppServices
from ui.shelf import actions
from ui.texts import LANGUAGES, Texts
from ui.watch import redraw

POLL_SECONDS = 0.5
_TOLD = "ui.tiny_model_told"
_CPU = re.compile(r"CPU · (\d+) cores?")
_LANGUAGE_NAMES = {"en": "English", "fr": "Français"}


def header(app: AppServices, texts: Texts, notebook: NotebookRow, documents: Sequence[DocumentRow]) -> None:
    """Draw the notebook's name and one line of facts."""
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        st.markdown(f"# {escape(notebook.name)}", anchors=False, width="stretch")
        actions(texts, notebook)
    usable = [row for row in documents if row.state in ("ready", "ready_warnings")]
    pages = sum(row.pages for row in usable)
    held = f"{texts.count('app.sources', len(usable))}, {texts.count('app.pages', pages)} · " if usable else ""
    st.caption(f"{held}{destination(app, texts)}")


def is_loopback(address: str | None) -> bool:
    """Tell whether only this computer reaches a page served at ``address``; None is every address."""
    try:
        return ipaddress.ip_address(address or "0.0.0.0").is_loopback  # noqa: S104  nothing is bound here
    except ValueError:
        return address == "localhost"


def refuse_network(app: AppServices, texts: Texts, address: str | None) -> None:
    """End the page, before anything of the notebooks is drawn, where others could read it and nobody allowed that."""
    if not is_loopback(address) and not app.library.settings.allow_lan:
        st.error(texts("app.lan_refused"), icon=":material/lan:")
        st.stop()


def banners(app: AppServices, texts: Texts, address: str | None) -> None:
    """Draw what concerns the whole app: an open network, another process at work."""
    if not is_loopback(address):
        st.warning(texts("app.lan"), icon=":material/lan:")
    status = app.status()
    if status.holder:
        st.info(texts("app.holder", holder=status.holder), icon=":material/hourglass_top:")
    if status.code:
        show_error(texts, status.code, status.details)


def tiny_model(app: AppServices, texts: Texts) -> None:
    """Draw once that the bundled model is tiny, until that is understood."""
    if app.library.models.chosen().kind == "bundled" and not app.library.store.get_setting(_TOLD):
        with st.container(horizontal=True, vertical_alignment="center", border=True, wrap=False):
            st.caption(f":material/info: {texts('app.tiny_model')}", width="stretch")
            st.button(
                texts("app.understood"),
                key="tiny-model-told",
                on_click=act,
                args=(app.library.store.set_setting, _TOLD, "1"),
            )


def footer(app: AppServices, texts: Texts) -> None:
    """Draw the model, the device and the language at the end of the sidebar."""
    status = app.status()
    model = status.generator_id or app.library.settings.generator
    lines = [f":material/memory: {texts('app.model', name=name_of_id(model))}"]
    if status.models == "loading" and status.holding:
        lines.append(texts("app.model_loading"))
    elif status.device:
        lines.append(device_name(texts, status.device))
    if app.library.models.underway():
        lines.append(f":material/progress_activity: {texts('endpoint.underway')}")
        _await_exchange(app)
    st.caption("  \n".join(lines))
    st.segmented_control(
        texts("app.language"),
        options=LANGUAGES,
        format_func=lambda language: _LANGUAGE_NAMES[language],
        key=state.mirror("language", texts.language),
        required=True,
        on_change=lambda: state.choose_language(st.session_state["language"]),
        label_visibility="collapsed",
    )


def _await_exchange(app: AppServices) -> None:
    """Draw the page anew as soon as another model writes, or could not be loaded."""

    def look() -> None:
        if app.library.models.underway() is None:
            redraw()

    st.fragment(run_every=POLL_SECONDS)(look)()


def device_name(texts: Texts, device: str) -> str:
    """Return where the models run as markdown, the cores of a processor in the language of the page."""
    cpu = _CPU.fullmatch(device)
    return texts.count("app.cores", int(cpu[1])) if cpu else escape(device)
