"""How far a quiz is, and why it may hold fewer questions than were asked for."""

import time

import streamlit as st

from rag.study.rows import QuizRow
from ui.guard import act, guard, show_error
from ui.quiz_item import reason_words, stem
from ui.services import AppServices
from ui.texts import Texts
from ui.watch import redraw

POLL_SECONDS = 1.0
# A time left is a guess until this many questions are made.
SEEN = 2


def show_progress(app: AppServices, texts: Texts, quiz: QuizRow) -> None:
    """Draw what is being made, and the questions as they come; then why it ended early, if it did."""
    if not quiz.final:
        _watch(app, texts, quiz)
        return
    if quiz.code:
        show_error(texts, quiz.code, quiz.details)
    if quiz.state in ("cancelled", "failed"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(progress_text(texts, quiz, time.time()), width="content")
            _button(app, texts, "resume", ":material/play_arrow:", quiz.id)


def _watch(app: AppServices, texts: Texts, quiz: QuizRow) -> None:
    def body() -> None:
        with guard(texts):
            now = app.library.quizzes.row(quiz.id)
            if now is None or now.final:
                redraw()
            if now is not None:
                wanted = now.request.count
                st.progress(min(now.done / wanted, 1.0), text=f":small[{progress_text(texts, now, time.time())}]")
                _waiting(app, texts)
                for n, row in enumerate(app.library.quizzes.items(quiz.id), start=1):
                    st.markdown(f":small[{stem(row.item, n)}]")

    _button(app, texts, "cancel", ":material/stop:", quiz.id)
    st.fragment(run_every=POLL_SECONDS)(body)()


def _waiting(app: AppServices, texts: Texts) -> None:
    status = app.status()
    if status.holding and status.models == "loading":
        st.caption(f":material/hourglass_top: {texts('app.model_loading')}")
    elif app.library.conversation.waiting():
        st.caption(f":material/low_priority: {texts('evaluation.gives_way')}")


def _button(app: AppServices, texts: Texts, name: str, icon: str, quiz_id: int) -> None:
    actions = {"cancel": app.library.quizzes.cancel, "resume": app.library.quizzes.resume}

    def do() -> None:
        actions[name](quiz_id)
        app.wake()

    st.button(texts(f"quiz.{name}"), key=f"{name}-quiz-{quiz_id}", icon=icon, on_click=act, args=(do,))


def progress_text(texts: Texts, quiz: QuizRow, now: float) -> str:
    """Return how far a quiz is as markdown and, once it can be told, the time left."""
    parts = [texts(f"quiz.state_{quiz.state}", done=quiz.done, count=quiz.request.count)]
    dropped = sum(quiz.dropped.values())
    if dropped:
        parts.append(texts.count("quiz.tried", dropped))
    left = seconds_left(quiz, now)
    if left is not None:
        unit = ("seconds", max(1, round(left))) if left < 60 else ("minutes", round(left / 60))
        parts.append(texts(f"sources.left_{unit[0]}", n=unit[1]))
    return " · ".join(parts)


def seconds_left(quiz: QuizRow, now: float) -> float | None:
    """Return the time left at the speed so far, or None while too little was seen."""
    if quiz.state != "making" or quiz.done < SEEN or not quiz.stage_started:
        return None
    return (now - quiz.stage_started) / quiz.done * max(quiz.request.count - quiz.done, 0)


def tell_shortfall(texts: Texts, quiz: QuizRow) -> None:
    """Draw what was dropped while a quiz was made, and why it holds fewer questions than were asked for."""
    if quiz.state != "done":
        return
    wanted, dropped = quiz.request.count, reasons(texts, quiz)
    is_imported = not quiz.stage_started
    if is_imported or quiz.done >= wanted:
        if dropped:
            with st.expander(texts("quiz.dropped", n=sum(quiz.dropped.values())), type="compact"):
                st.markdown("\n".join(dropped))
        return
    told = [f"**{texts.count('quiz.fewer', quiz.done, count=wanted)}** {texts('quiz.never_padded')}"]
    if quiz.planned < wanted:
        told.append(texts.count("quiz.passages", quiz.planned))
    elif quiz.done + sum(quiz.dropped.values()) < wanted:
        told.append(texts("quiz.barren"))
    told.append(texts("quiz.more_how"))
    st.info("\n\n".join([" ".join(told), "\n".join(dropped)]), icon=":material/info:")


def reasons(texts: Texts, quiz: QuizRow) -> list[str]:
    """Return why questions were dropped, the commonest first, as lines of a list."""
    counted = sorted(quiz.dropped.items(), key=lambda pair: (-pair[1], pair[0]))
    return [f"- {n} · {reason_words(texts, name)}" for name, n in counted]
