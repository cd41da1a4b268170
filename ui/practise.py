"""Practising a quiz: how it begins, and the questions, one at a time or all on a page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

import streamlit as st

from rag.library import Library
from rag.study.rows import AttemptFeedback, AttemptMode, AttemptRow, ItemStatistics, QuizItemRow, QuizRow
from ui import state
from ui.answer_box import TYPED, Answers, Box, answer_box
from ui.escape import escape
from ui.guard import act
from ui.practise_results import feedback, is_missed, results
from ui.quiz_item import stem
from ui.services import AppServices
from ui.texts import Texts

Act = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of an attempt, the n-th from 1."""

    library: Library
    attempt: AttemptRow
    row: QuizItemRow
    n: int
    statistics: ItemStatistics | None

    @property
    def key(self) -> str:
        """Return what the widgets of this question are called by."""
        return f"{self.attempt.id}-{self.row.id}"

    @property
    def instant(self) -> bool:
        """Tell whether an answer is judged at once."""
        return self.attempt.feedback == "instant"

    @property
    def is_told(self) -> bool:
        """Tell whether the right answer is shown."""
        return self.instant and self.row.id in self.attempt.given

    @property
    def answers(self) -> Answers:
        """Return what is chosen so far: what will be judged at once is not given before it is checked."""
        given = self.attempt.given.get(self.row.id)
        return given.answers if given else state.picked(self.key)

    def give(self, answers: Answers) -> None:
        """Keep an answer."""
        self.library.attempts.answer(self.attempt.id, self.row.id, answers, state.hint_seen(self.key))

    def choose(self, answers: Answers) -> None:
        """Keep a choice that may still change."""
        if self.instant:
            state.pick(self.key, answers)
        else:
            self.give(answers)

    def check(self) -> None:
        """Have the choice judged."""
        self.give(state.picked(self.key))


def practise(app: AppServices, texts: Texts, quiz: QuizRow, rows: Sequence[QuizItemRow]) -> None:
    """Draw the attempt that is open, else the results of the last one and how another begins."""
    attempt = app.library.attempts.open(quiz.id)
    by_id = {row.id: row for row in rows}
    if attempt and attempt.item_ids:
        asked, rows = app.library.attempts.statistics(quiz.id), [by_id[i] for i in attempt.item_ids if i in by_id]
        turns = [Turn(app.library, attempt, row, n, asked.get(row.id)) for n, row in enumerate(rows, start=1)]
        (_one if attempt.mode == "one" else _all)(app, texts, attempt, turns)
        return
    last = next((one for one in reversed(app.library.attempts.all(quiz.id)) if one.state == "done"), None)
    if last:
        results(app, texts, quiz, last, by_id)
    if rows:
        _start(app, texts, quiz, len(rows), last)


def _start(app: AppServices, texts: Texts, quiz: QuizRow, total: int, last: AttemptRow | None) -> None:
    st.markdown(f"## {texts('quiz.again' if last else 'quiz.begin')}", anchors=False)
    mode = _choice(texts, "mode", get_args(AttemptMode), last.mode if last else "one", quiz.id)
    told = _choice(texts, "feedback", get_args(AttemptFeedback), last.feedback if last else "instant", quiz.id)
    missed = last is not None and is_missed(last)
    st.button(
        texts.count("quiz.start", total),
        key=f"begin-{quiz.id}",
        type="secondary" if missed else "primary",
        icon=":material/play_arrow:",
        on_click=act,
        args=(app.library.attempts.begin, quiz.id, mode, told),
    )


def _choice(texts: Texts, name: str, options: Sequence[str], default: str, quiz_id: int) -> str:
    chosen = st.segmented_control(
        texts(f"quiz.{name}"),
        options=options,
        default=default,
        format_func=lambda option: texts.plain(f"quiz.{name}_{option}"),
        key=f"{name}-{quiz_id}",
        required=True,
    )
    return chosen or default


def _one(app: AppServices, texts: Texts, attempt: AttemptRow, turns: Sequence[Turn]) -> None:
    end = len(turns) - 1
    first_open = next((n for n, turn in enumerate(turns) if turn.row.id not in attempt.given), end)
    place = min(state.place_in(attempt.id, first_open), end)
    state.go_to(attempt.id, place)  # an answer that is judged at once must not move the page on
    turn = turns[place]

    def onward() -> None:
        if place == end:
            app.library.attempts.finish(attempt.id)
        else:
            state.go_to(attempt.id, place + 1)

    _progress(texts, attempt, texts("quiz.question_of", n=place + 1, total=len(turns)))
    st.markdown(f"### {stem(turn.row.item, turn.n)}", anchors=False)
    with st.container(key=f"turn-{turn.key}", gap="small"):
        _question(texts, turn, onward, "quiz.finish" if place == end else "quiz.next")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if place:
            _quiet(texts, "quiz.previous", turn.key, "chevron_left", lambda: state.go_to(attempt.id, place - 1))
        if place < end and turn.instant and not turn.is_told:
            _quiet(texts, "quiz.skip", turn.key, "chevron_right", onward)
        if place < end:
            _quiet(texts, "quiz.end", turn.key, "flag", lambda: app.library.attempts.finish(attempt.id))


def _question(texts: Texts, turn: Turn, onward: Act, onward_key: str) -> None:
    """Draw one question alone, with the button that checks it or goes on; both answer to the Enter key."""
    if turn.is_told:
        feedback(texts, turn.row, turn.attempt.given[turn.row.id], turn.statistics)
        _primary(texts, onward_key, turn.key, onward)
        return
    item = turn.row.item

    def typed(answers: Answers) -> None:
        if answers:
            turn.give(answers)
        if not turn.instant:
            onward()

    if item.type in TYPED:
        answer_box(texts, item, Box(turn.key, turn.answers, typed, True, "quiz.check" if turn.instant else onward_key))
        _hint(texts, turn)
        return
    answer_box(texts, item, Box(turn.key, turn.answers, turn.choose, keyed=True))
    _hint(texts, turn)
    if turn.instant:
        _primary(texts, "quiz.check", turn.key, turn.check, disabled=not turn.answers)
    else:
        _primary(texts, onward_key, turn.key, onward)


def _all(app: AppServices, texts: Texts, attempt: AttemptRow, turns: Sequence[Turn]) -> None:
    _progress(texts, attempt, texts("quiz.answered_of", n=len(attempt.given), total=len(turns)))
    for turn in turns:
        st.markdown(f"### {stem(turn.row.item, turn.n)}", anchors=False)
        with st.container(key=f"turn-{turn.key}", gap="small"):
            if turn.is_told:
                feedback(texts, turn.row, attempt.given[turn.row.id], turn.statistics)
            else:
                _among_others(texts, turn)
    finish = app.library.attempts.finish
    _primary(texts, "quiz.finish", f"all-{attempt.id}", lambda: finish(attempt.id), shortcut=None)


def _among_others(texts: Texts, turn: Turn) -> None:
    item = turn.row.item
    is_form = item.type in TYPED and turn.instant
    keep = turn.give if is_form else turn.choose
    answer_box(texts, item, Box(turn.key, turn.answers, keep, submit="quiz.check" if is_form else ""))
    if turn.instant and not is_form:
        st.button(
            texts("quiz.check"), key=f"check-{turn.key}", disabled=not turn.answers, on_click=act, args=(turn.check,)
        )
    _hint(texts, turn)


def _progress(texts: Texts, attempt: AttemptRow, where: str) -> None:
    parts = [where]
    if attempt.feedback == "instant":
        parts.append(texts("quiz.right_so_far", n=sum(one.right for one in attempt.given.values())))
    st.progress(len(attempt.given) / len(attempt.item_ids), text=f":small[{' · '.join(parts)}]")


def _hint(texts: Texts, turn: Turn) -> None:
    if not turn.row.item.hint:
        return
    if state.hint_seen(turn.key):
        st.markdown(f":material/lightbulb: {escape(turn.row.item.hint)}")
    else:
        _quiet(texts, "quiz.hint", turn.key, "lightbulb", lambda: state.see_hint(turn.key))


def _primary(
    texts: Texts, label: str, key: str, do: Act, *, disabled: bool = False, shortcut: str | None = "Enter"
) -> None:
    st.button(
        texts(label),
        key=f"{label}-{key}",
        type="primary",
        shortcut=shortcut,
        disabled=disabled,
        on_click=act,
        args=(do,),
    )


def _quiet(texts: Texts, label: str, key: str, icon: str, do: Act) -> None:
    st.button(texts(label), key=f"{label}-{key}", type="tertiary", icon=f":material/{icon}:", on_click=act, args=(do,))
