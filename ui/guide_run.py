"""One guide: how far it is, what it says, its files."""

from collections.abc import Callable

import streamlit as st

from rag.study.rows import GuideRow
from rag.study.types import Guide
from ui import state
from ui.cited_page import large_page
from ui.downloads import DOCUMENTS, downloads
from ui.guard import act, guard, show_error
from ui.guide_lines import cited, lines
from ui.guide_points import points
from ui.mindmap import mindmap
from ui.notebook_dialogs import decide
from ui.services import AppServices
from ui.texts import Texts
from ui.timeline import timeline
from ui.watch import redraw

POLL_SECONDS = 1.0
PICTURES = {"mindmap": mindmap, "timeline": timeline}


def view_of(guide_id: int) -> str:
    """Return the name of a guide's view, under which a tab remembers the page that is open in it."""
    return f"guide-{guide_id}"


def show_guide(app: AppServices, texts: Texts, row: GuideRow) -> None:
    """Draw a guide; while it is made, its progress alone is drawn again and again."""
    if not row.final:
        _progress(app, texts, row)
    elif row.state == "cancelled":
        st.caption(f":material/stop_circle: {texts('guide.state_cancelled')}")
    if row.code:
        show_error(texts, row.code, row.details)
    if row.guide:
        with guard(texts):
            _guide(app, texts, row, row.guide)
        with guard(texts):
            _files(app, texts, row, row.guide)
    _buttons(app, texts, row)


def _guide(app: AppServices, texts: Texts, row: GuideRow, guide: Guide) -> None:
    st.markdown(f"## {texts(f'guide.kind_{row.kind}')}", anchors=False)
    if not guide.points:
        st.caption(texts("guide.empty"))
        return
    phrased = any(line.point.phrased for line in lines(guide))
    st.caption(f":material/format_quote: {texts('guide.phrased' if phrased else 'guide.word_for_word')}")
    view = view_of(row.id)
    picture = PICTURES.get(row.kind)
    if picture:
        picture(app, texts, row, guide, view)
        st.markdown(f"### {texts('guide.as_list')}", anchors=False)
    points(app, texts, row, guide, view)


def _files(app: AppServices, texts: Texts, row: GuideRow, guide: Guide) -> None:
    notebook = app.library.store.notebook(row.notebook_id)
    title = f"{notebook.name if notebook else 'Lectern'} - {texts.plain(f'guide.kind_{row.kind}')}"

    def write(suffix: str) -> bytes:
        # What writes the files is loaded when one is asked for.
        from rag.export.guide import write_guide

        return write_guide(suffix, guide, title)

    st.markdown(f"**{texts('files.title')}**")
    downloads(texts, view_of(row.id), title, DOCUMENTS, write)


def _progress(app: AppServices, texts: Texts, row: GuideRow) -> None:
    def body() -> None:
        with guard(texts):
            now = app.library.guides.row(row.id)
            if now is None or now.final or now.state != row.state:
                redraw()
            if now is None:
                return
            share = now.done / now.total if now.total else 0.0
            st.progress(min(share, 1.0), text=f":small[{texts(f'guide.state_{now.state}', done=round(100 * share))}]")
            _waiting(app, texts)

    st.fragment(run_every=POLL_SECONDS)(body)()


def _waiting(app: AppServices, texts: Texts) -> None:
    status = app.status()
    if status.holding and status.models == "loading":
        st.caption(f":material/hourglass_top: {texts('app.model_loading')}")
    elif app.library.conversation.waiting():
        st.caption(f":material/low_priority: {texts('guide.gives_way')}")


def _buttons(app: AppServices, texts: Texts, row: GuideRow) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if not row.final:
            _button(app, texts, row, "guide.cancel", ":material/stop:", app.library.guides.cancel)
        elif row.state in ("cancelled", "failed"):
            _button(app, texts, row, "guide.resume", ":material/play_arrow:", app.library.guides.resume)
        st.button(
            texts("guide.drop"),
            key=f"drop-guide-{row.id}",
            type="tertiary",
            icon=":material/delete:",
            on_click=state.show_dialog,
            args=("drop_guide", row.id),
        )


def _button(
    app: AppServices, texts: Texts, row: GuideRow, key: str, icon: str, action: Callable[[int], object]
) -> None:
    def do() -> None:
        action(row.id)
        app.wake()

    st.button(texts(key), key=f"{key}-{row.id}", icon=icon, on_click=act, args=(do,))


def drop_guide(app: AppServices, texts: Texts, guide_id: int) -> None:
    """Ask before a guide is deleted: the content of a dialog."""
    st.markdown(texts("guide.drop_body"))

    def do() -> None:
        app.library.guides.delete(guide_id)
        state.close_place()

    decide(texts, "guide.drop", do)


def enlarged_place(app: AppServices, texts: Texts, guide_id: int) -> None:
    """Draw the page that is open in a guide large: the content of a dialog."""
    row = app.library.guides.row(guide_id)
    place = state.opened_place(view_of(guide_id))
    if row and row.guide and place:
        large_page(app, texts, row.notebook_id, place, cited(row.guide))
