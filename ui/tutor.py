"""A tutor's steps in the place of an answer: a question, a box for the reply, hints, the answer at the end."""

import streamlit as st

from rag import tutoring
from rag.rows import AnswerRow
from rag.tutoring import HINTS, MAX_REPLY, Tutoring
from ui import citations
from ui.escape import escape
from ui.guard import act
from ui.services import AppServices
from ui.texts import Texts


def hides(row: AnswerRow) -> bool:
    """Tell whether an answer is not to be seen yet: its tutor's steps are not done, or the tutor still prepares."""
    if row.tutoring is not None:
        return not row.tutoring.shown
    return row.settings.tutor and row.wants_sources and row.state == "streaming"


def steps(app: AppServices, texts: Texts, row: AnswerRow) -> None:
    """Draw where the student is, and what comes next."""
    st.markdown(f":material/school: **{texts('tutor.title')}**")
    now = row.tutoring
    if now is None:
        st.caption(f":material/progress_activity: {texts('tutor.preparing')}")
        st.skeleton(height=72)
        return
    _asked(texts, now)
    _box(app, texts, row, now)
    with st.container(horizontal=True, gap="small"):
        if now.hinted < HINTS:
            _button(app, texts, row, "tutor.hint", "lightbulb", tutoring.hint(now))
        _button(app, texts, row, "tutor.show", "visibility", tutoring.show(now))


def recap(texts: Texts, row: AnswerRow) -> None:
    """Draw what was asked and replied, or why nothing was, over the answer that is shown now."""
    if row.tutoring is None:
        _silent(texts, row)
    elif row.tutoring.shown:
        _done(texts, row, row.tutoring)


def _silent(texts: Texts, row: AnswerRow) -> None:
    if row.settings.tutor and row.sourced and row.state == "done":
        why = texts("tutor.not_found" if row.sourced.status == "not_found" else "tutor.none")
        st.caption(f":material/school: {why}")


def _done(texts: Texts, row: AnswerRow, now: Tutoring) -> None:
    with st.container(border=True, gap="small", key=f"recap-{row.id}"):
        st.markdown(f":material/school: **{texts('tutor.title')}**")
        _asked(texts, now)
        if not now.right:
            st.markdown(texts("tutor.expected", answer=now.item.answer))


def _asked(texts: Texts, now: Tutoring) -> None:
    st.markdown(f"### {escape(now.item.stem)}", anchors=False)
    if now.item.model_id:
        st.caption(texts("tutor.phrased", model=now.item.model_id))
    for n, given in enumerate(now.replies):
        right = now.right and n == len(now.replies) - 1
        colour, icon = ("green", "check_circle") if right else ("orange", "cancel")
        verdict = f":{colour}-badge[:material/{icon}: {texts('tutor.right' if right else 'tutor.wrong')}]"
        st.markdown(f"{escape(given)} {verdict}")
    if now.hinted > 0:
        place = citations.place(texts, now.item.source)
        nudge = f" {escape(now.nudge)}" if now.nudge else ""
        st.markdown(f":material/lightbulb: {texts('tutor.page', place=place)}{nudge}")
    if now.hinted > 1:
        st.markdown(f":material/lightbulb: {escape(now.gap)}")


def _box(app: AppServices, texts: Texts, row: AnswerRow, now: Tutoring) -> None:
    key = f"tutor-reply-{row.id}-{len(now.replies)}"

    def keep() -> None:
        app.library.conversation.save_tutoring(row.id, tutoring.reply(now, st.session_state[key]))

    with st.form(f"tutor-{row.id}-{len(now.replies)}", border=False):
        st.text_input(texts("tutor.reply"), max_chars=MAX_REPLY, key=key, autocomplete="off")
        st.form_submit_button(texts("tutor.check"), type="primary", on_click=act, args=(keep,))


def _button(app: AppServices, texts: Texts, row: AnswerRow, label: str, icon: str, then: Tutoring) -> None:
    st.button(
        texts(label),
        key=f"{label}-{row.id}",
        type="tertiary",
        icon=f":material/{icon}:",
        on_click=act,
        args=(app.library.conversation.save_tutoring, row.id, then),
    )
