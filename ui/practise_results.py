"""What came of practising: each answer beside the right one and its page, and the count by topic."""

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from rag.study.rows import AttemptRow, Given, ItemStatistics, QuizItemRow, QuizRow
from ui import citations, state
from ui.escape import escape
from ui.guard import act
from ui.numerals import percent
from ui.quiz_item import facts, key_lines, stem
from ui.services import AppServices
from ui.texts import Texts


def is_missed(attempt: AttemptRow) -> bool:
    """Tell whether some question of an attempt was not answered rightly."""
    return bool(_missed(attempt))


def _missed(attempt: AttemptRow) -> list[int]:
    return [i for i in attempt.item_ids if i not in attempt.given or not attempt.given[i].right]


def feedback(texts: Texts, row: QuizItemRow, given: Given | None, asked: ItemStatistics | None) -> None:
    """Draw whether an answer was right, the key with its reasons, and where that stands in the sources."""
    item = row.item
    st.markdown(_verdict(texts, given))
    st.markdown("\n\n".join(key_lines(texts, item, given.answers if given else ())))
    if item.explanation:
        st.markdown(escape(item.explanation))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            f":small[{escape(citations.place(texts, item.source))}]",
            key=f"open-page-{row.id}",
            type="tertiary",
            icon=":material/description:",
            on_click=state.show_dialog,
            args=("quiz_page", row.id),
        )
        st.caption(facts(texts, item, asked), width="content")


def _verdict(texts: Texts, given: Given | None) -> str:
    if given is None:
        return f":gray-badge[:material/remove: {texts('quiz.not_answered')}]"
    if given.right:
        return f":green-badge[:material/check_circle: {texts('quiz.right')}]"
    return f":red-badge[:material/cancel: {texts('quiz.wrong')}]"


def results(
    app: AppServices, texts: Texts, quiz: QuizRow, attempt: AttemptRow, rows: Mapping[int, QuizItemRow]
) -> None:
    """Draw how an attempt ended; what was missed can be tried again."""
    st.markdown(f"## {texts('quiz.results')}", anchors=False)
    right, total = sum(given.right for given in attempt.given.values()), len(attempt.item_ids)
    st.markdown(f"**{texts('quiz.score', right=right, total=total)}** · {escape(percent(texts, right / total))}")
    if attempt.quiz_version != quiz.version:
        st.caption(f":material/info: {texts('quiz.changed_since')}")
    missed = [i for i in _missed(attempt) if i in rows]
    if missed:
        st.button(
            texts.count("quiz.retry", len(missed)),
            key=f"retry-{attempt.id}",
            type="primary",
            icon=":material/replay:",
            on_click=act,
            args=(app.library.attempts.begin, quiz.id, attempt.mode, attempt.feedback, missed),
        )
    shown = [rows[i] for i in attempt.item_ids if i in rows]
    _topics(texts, attempt, shown)
    asked = app.library.attempts.statistics(quiz.id)
    st.markdown(f"**{texts('quiz.answers')}**")
    for n, row in enumerate(shown, start=1):
        given = attempt.given.get(row.id)
        label = f"{_mark(texts, given)} {stem(row.item, n)}"
        with st.expander(label, key=f"result-{attempt.id}-{row.id}", type="compact"):
            feedback(texts, row, given, asked.get(row.id))


def _mark(texts: Texts, given: Given | None) -> str:
    if given is None:
        return f":gray[:material/remove: {texts('quiz.not_answered')} ·]"
    colour, icon, word = ("green", "check_circle", "right") if given.right else ("red", "cancel", "wrong")
    return f":{colour}[:material/{icon}: {texts(f'quiz.{word}')} ·]"


def _topics(texts: Texts, attempt: AttemptRow, rows: Sequence[QuizItemRow]) -> None:
    """Draw the count of right answers by section, the weakest first; one section alone tells nothing new."""
    asked = Counter(row.item.section for row in rows)
    if len(asked) < 2:
        return
    right = Counter(row.item.section for row in rows if (g := attempt.given.get(row.id)) and g.right)
    order = sorted(asked, key=lambda section: right[section] / asked[section])
    lines = [
        {
            texts("quiz.section"): escape(section) or texts("quiz.no_section"),
            texts("quiz.right_of"): f"{right[section]} / {asked[section]}",
        }
        for section in order
    ]
    st.markdown(f"**{texts('quiz.by_topic')}**")
    st.table(lines, hide_index=True, border="horizontal", alt=texts.plain("quiz.by_topic"))
