"""The tutor stands in the place of the answer until its steps are done."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from rag.answer_settings import AnswerSettings
from rag.library import Library
from rag.rows import AnswerRow
from rag.tutoring import Tutoring, reply, show
from tests.ui import home
from ui.conversation import _is_still

Draw = Callable[..., AppTest]
GAP = "ELIZA was described by _____ in 1966."


@pytest.fixture
def row(library: Library) -> AnswerRow:
    library.store.choose_answering(home.notebook(library).id, AnswerSettings(tutor=True))
    source = home.ready(library)
    made = Tutoring(home.typed(source, answer="Joseph Weizenbaum", accepted=("Joseph Weizenbaum",)), GAP, "A nudge.")
    answered = home.answered(library, home.sourced(source))
    library.conversation.save_tutoring(answered.id, made)
    return answered


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown).replace("\\", "")


def give(app: AppTest, row: AnswerRow, text: str, n: int = 0) -> AppTest:
    app.text_input(key=f"tutor-reply-{row.id}-{n}").set_value(text)
    next(button for button in app.button if "FormSubmitter:tutor" in str(button.key)).click().run()
    assert not app.exception
    return app


def test_neither_answer_is_seen_before_the_student_replied(page: Draw, row: AnswerRow) -> None:
    app = page()
    assert "### ELIZA was described in _____." in said(app)
    assert "Weizenbaum" not in said(app)
    assert "Turing" not in said(app)  # what the model remembers may tell as well
    assert not [button for button in app.button if button.key == f"cite-{row.id}-0"]
    assert f"more-{row.id}" not in [menu.key for menu in app.menu_button]


def test_a_wrong_reply_brings_the_page_then_the_gap_then_the_answer(page: Draw, row: AnswerRow) -> None:
    app = give(page(), row, "Alan Kay")
    assert "Not yet" in said(app)
    assert "Read again: cours.txt, p.\u00a01. A nudge." in said(app)
    assert GAP not in said(app)
    app = give(app, row, "John McCarthy", 1)
    assert GAP in said(app)
    assert "Weizenbaum" not in said(app)
    app = give(app, row, "Claude Shannon", 2)
    assert "Expected: **Joseph Weizenbaum**" in said(app)
    assert "Joseph Weizenbaum described it in 1966" in said(app)


def test_a_right_reply_shows_the_cited_answer(page: Draw, library: Library, row: AnswerRow) -> None:
    app = give(page({"lang": "fr"}), row, "joseph weizenbaum")
    assert "Juste" in said(app)
    assert app.button(key=f"cite-{row.id}-0")
    stored = library.conversation.answer(row.id)
    assert stored is not None
    assert stored.tutoring is not None
    assert (stored.tutoring.right, stored.tutoring.shown) == (True, True)


def test_the_answer_can_be_shown_at_once(page: Draw, row: AnswerRow) -> None:
    app = page()
    app.button(key=f"tutor.show-{row.id}").click().run()
    assert "Joseph Weizenbaum described it in 1966" in said(app)


def test_the_answer_stays_hidden_while_the_tutor_prepares(page: Draw, library: Library) -> None:
    library.store.choose_answering(home.notebook(library).id, AnswerSettings(tutor=True))
    home.ready(library)
    home.streaming(library, home.asked(library), sources="Joseph Weizenbaum")
    app = page()
    assert "Weizenbaum" not in said(app)
    assert [c.value for c in app.caption if "the answer stays hidden" in c.value]


def test_the_steps_stand_still_while_the_answer_behind_them_is_written(library: Library, row: AnswerRow) -> None:
    steps = replace(row, state="streaming", tutoring=library.conversation.answers(row.notebook_id)[0].tutoring)
    assert steps.tutoring is not None
    preparing = replace(steps, tutoring=None)
    shown = replace(steps, tutoring=show(steps.tutoring))
    assert [_is_still(one) for one in (steps, preparing, shown)] == [True, False, False]
    assert _is_still(replace(shown, state="done"))


@pytest.mark.parametrize(
    ("language", "status", "why"),
    [
        ("en", "answered", "no cited sentence gives a question that passes its checks"),
        ("fr", "answered", "aucune phrase citée ne donne de question"),
        ("en", "not_found", "The tutor asks nothing here: your sources do not answer."),
        ("fr", "not_found", "vos sources ne répondent pas"),
    ],
)
def test_without_a_question_the_answer_is_shown_and_why_nothing_is_asked(
    page: Draw, library: Library, language: str, status: str, why: str
) -> None:
    library.store.choose_answering(home.notebook(library).id, AnswerSettings(tutor=True))
    home.answered(library, home.sourced(home.ready(library), status=status))
    app = page({"lang": language})
    assert ("Joseph Weizenbaum described it in 1966" in said(app)) == (status == "answered")
    assert [c.value for c in app.caption if why in c.value.replace("\\", "")]


def test_a_notebook_without_a_tutor_misses_none(page: Draw, library: Library) -> None:
    home.answered(library, home.sourced(home.ready(library)))
    assert not [c.value for c in page().caption if "tutor" in c.value]


def test_steps_done_are_told_over_the_answer(page: Draw, library: Library, row: AnswerRow) -> None:
    stored = library.conversation.answer(row.id)
    assert stored is not None
    assert stored.tutoring is not None
    library.conversation.save_tutoring(row.id, show(reply(stored.tutoring, "Alan Kay")))
    assert "Alan Kay :orange-badge" in said(page())
