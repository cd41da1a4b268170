"""Practising a quiz on its page: each kind of answer, when it is judged, what is kept, and the results."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from rag.library import Library
from rag.study.rows import AttemptRow
from tests.ui import home
from tests.ui.test_page import words
from ui.answer_box import _picked

Draw = Callable[..., AppTest]
PRACTISE = {"view": "practise"}


@pytest.fixture
def quizzes(library: Library) -> Iterator[Draw]:
    """Return a function that draws the page; ``address`` is the query."""

    def draw(address: dict[str, str] | None = None) -> AppTest:
        app = AppTest.from_function(_script, kwargs={"app": home.services(library)}, default_timeout=60)
        for key, value in (address or {}).items():
            app.query_params[key] = value
        return app.run()

    return draw


def _script(app: object) -> None:
    # Streamlit runs this source alone, so it names nothing of this module.
    from ui import state
    from ui.quiz import draw
    from ui.texts import Texts

    draw(app, Texts(state.language()))


@pytest.fixture
def quiz_id(library: Library) -> int:
    """A quiz of a choice, a gap to fill and pairs to match."""
    source = home.ready(library)
    return home.quiz(library, home.item(source), home.typed(source), home.matching(source))


def press(app: AppTest, label: str) -> AppTest:
    return next(b for b in app.button if b.label.replace("\\", "").startswith(label)).click().run()


def opened(library: Library, quiz_id: int) -> AttemptRow:
    attempt = library.attempts.open(quiz_id)
    assert attempt is not None
    return attempt


def ids(library: Library, quiz_id: int) -> list[int]:
    return [row.id for row in library.quizzes.items(quiz_id)]


def test_one_at_a_time_tells_at_once_and_ends_in_results(quizzes: Draw, library: Library, quiz_id: int) -> None:
    choice, gap, pairs = ids(library, quiz_id)
    app = press(quizzes(PRACTISE), "Start with 3 questions")
    attempt = opened(library, quiz_id)
    assert (attempt.mode, attempt.feedback, attempt.item_ids) == ("one", "instant", (choice, gap, pairs))
    assert "Question 1 of 3" in app.get("progress")[0].proto.text
    assert app.button(key=f"quiz.check-{attempt.id}-{choice}").disabled
    assert "right answer" not in words(app)

    press(app, "Alan Turing")
    assert "**Alan Turing** :small[(chosen)]" in [b.label for b in app.button]
    assert opened(library, quiz_id).given == {}
    press(app, "Check")
    assert "Wrong" in words(app)
    assert "Alan Turing :small[:gray[· your answer]]" in words(app)
    assert "**Joseph Weizenbaum** :small[:gray[· right answer]]" in words(app)
    assert "The page says who described it." in words(app)
    assert "answered once, 0 rightly" in words(app)

    press(app, "Next")
    app.text_input(key=f"typed-{attempt.id}-{gap}").set_value("in 1966.")
    press(app, "Check")
    assert "Right" in words(app)
    press(app, "Next")
    assert "right so far: 1" in app.get("progress")[0].proto.text
    for n, match in enumerate(("a program", "its author", "its year")):
        app.selectbox(key=f"pair-{n}-{attempt.id}-{pairs}").set_value(match).run()
    press(app, "Check")
    press(app, "See results")

    assert library.attempts.open(quiz_id) is None
    assert "**2 of 3 right** · 67%" in words(app)
    assert app.table[-1].value.to_csv().splitlines()[1:] == ["0,History,1 / 2", "1,Dates,1 / 1"]


def test_the_missed_are_tried_again(quizzes: Draw, library: Library, quiz_id: int) -> None:
    choice, gap, pairs = ids(library, quiz_id)
    attempt_id = library.attempts.begin(quiz_id, "one", "instant")
    library.attempts.answer(attempt_id, choice, ["Joseph Weizenbaum"])
    library.attempts.finish(attempt_id)
    app = press(quizzes(PRACTISE), "Retry the 2 missed")

    assert opened(library, quiz_id).item_ids == (gap, pairs)
    assert "Question 1 of 2" in app.get("progress")[0].proto.text


def test_a_refresh_goes_on_where_it_was(quizzes: Draw, library: Library, quiz_id: int) -> None:
    choice, gap, _ = ids(library, quiz_id)
    attempt_id = library.attempts.begin(quiz_id, "one", "instant")
    library.attempts.answer(attempt_id, choice, ["Joseph Weizenbaum"])
    app = quizzes()

    assert "Question 2 of 3 · right so far: 1" in app.get("progress")[0].proto.text
    assert app.text_input(key=f"typed-{attempt_id}-{gap}").value == ""


def test_at_the_end_means_that_an_answer_may_change_and_is_kept_at_once(
    quizzes: Draw, library: Library, quiz_id: int
) -> None:
    choice, gap, _ = ids(library, quiz_id)
    attempt_id = library.attempts.begin(quiz_id, "one", "final")
    app = quizzes()
    press(app, "Alan Turing")
    assert opened(library, quiz_id).given[choice].answers == ("Alan Turing",)
    press(app, "Joseph Weizenbaum")
    press(app, "Next")
    app.text_input(key=f"typed-{attempt_id}-{gap}").set_value("1970")
    press(app, "Next")
    press(app, "Previous")
    assert app.text_input(key=f"typed-{attempt_id}-{gap}").value == "1970"
    assert "Wrong" not in words(app)
    press(app, "End here")

    assert "**1 of 3 right**" in words(app)
    assert "You wrote: 1970" in words(app)
    assert "Not answered" in words(app)


def test_all_on_a_page_keeps_each_answer_and_finishes_together(quizzes: Draw, library: Library, quiz_id: int) -> None:
    choice, gap, pairs = ids(library, quiz_id)
    attempt_id = library.attempts.begin(quiz_id, "all", "final")
    app = quizzes()
    press(app, "Joseph Weizenbaum")
    app.text_input(key=f"typed-{attempt_id}-{gap}").set_value("1966").run()
    app.selectbox(key=f"pair-0-{attempt_id}-{pairs}").set_value("a program").run()
    given = opened(library, quiz_id).given
    assert {i: (one.answers, one.right) for i, one in given.items()} == {
        choice: (("Joseph Weizenbaum",), True),
        gap: (("1966",), True),
        pairs: (("ELIZA\ta program",), False),
    }
    again = quizzes()
    assert again.selectbox(key=f"pair-0-{attempt_id}-{pairs}").value == "a program"
    press(again, "See results")
    assert "**2 of 3 right**" in words(again)


def test_all_on_a_page_can_tell_at_once(quizzes: Draw, library: Library, quiz_id: int) -> None:
    choice, gap, _ = ids(library, quiz_id)
    attempt_id = library.attempts.begin(quiz_id, "all", "instant")
    app = quizzes()
    press(app, "Joseph Weizenbaum")
    app.button(key=f"check-{attempt_id}-{choice}").click().run()
    assert "About Joseph Weizenbaum." in words(app)
    assert set(opened(library, quiz_id).given) == {choice}
    app.text_input(key=f"typed-{attempt_id}-{gap}").set_value("1966")
    press(app, "Check")
    assert opened(library, quiz_id).given[gap].right


def test_a_hint_is_shown_when_asked_and_remembered(quizzes: Draw, library: Library, quiz_id: int) -> None:
    choice, *_ = ids(library, quiz_id)
    library.attempts.begin(quiz_id, "one", "instant")
    app = quizzes()
    assert "He worked at MIT." not in words(app)
    press(app, "Hint")
    assert "He worked at MIT." in words(app)
    press(app, "Joseph")
    press(app, "Check")

    assert opened(library, quiz_id).given[choice].hinted


def test_a_question_can_be_skipped_and_come_back_to(quizzes: Draw, library: Library, quiz_id: int) -> None:
    library.attempts.begin(quiz_id, "one", "instant")
    app = quizzes()
    press(app, "Skip")
    assert "Question 2 of 3" in app.get("progress")[0].proto.text
    press(app, "Previous")
    assert "Question 1 of 3" in app.get("progress")[0].proto.text
    assert opened(library, quiz_id).given == {}


def test_the_page_of_an_answer_opens(quizzes: Draw, library: Library, quiz_id: int) -> None:
    choice, *_ = ids(library, quiz_id)
    attempt_id = library.attempts.begin(quiz_id, "one", "instant")
    library.attempts.answer(attempt_id, choice, ["Alan Turing"])
    app = quizzes()
    press(app, "Previous")
    app.button(key=f"open-page-{choice}").click().run()

    assert f":orange-background[{home.QUOTE}]" in words(app)


def test_number_keys_and_enter_are_on_the_buttons(quizzes: Draw, library: Library, quiz_id: int) -> None:
    choice, *_ = ids(library, quiz_id)
    attempt = library.attempts.begin(quiz_id, "one", "instant")
    app = quizzes()

    keys = [app.button(key=f"option-{n}-{attempt}-{choice}").proto.shortcut for n in range(1, 5)]
    assert keys == ["1", "2", "3", "4"]
    assert app.button(key=f"quiz.check-{attempt}-{choice}").proto.shortcut == "enter"


def test_a_quiz_that_changed_begins_anew_and_says_so(quizzes: Draw, library: Library, quiz_id: int) -> None:
    choice, gap, _ = ids(library, quiz_id)
    attempt_id = library.attempts.begin(quiz_id, "one", "instant")
    library.attempts.answer(attempt_id, choice, ["Alan Turing"])
    library.attempts.finish(attempt_id)
    library.quizzes.remove(gap)
    app = quizzes(PRACTISE)

    assert "The quiz was changed since." in words(app)
    assert "Retry the 2 missed" in [b.label for b in app.button]
    assert press(app, "Start with 2 questions").get("progress")


def test_several_answers_are_switched_on_and_off(library: Library) -> None:
    item = home.item(home.ready(library), type="several")
    one, two = item.options[0].text, item.options[2].text

    assert _picked(item, (two,), one, many=True) == (one, two)
    assert _picked(item, (one, two), one, many=True) == (two,)
    assert _picked(replace(item, type="choice"), (one,), two, many=False) == (two,)
