"""How a notebook answers is chosen in a dialog, and what was drawn from memory says so."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from rag.answer_settings import USUAL, AnswerSettings
from rag.library import Library
from tests.ui import home

Draw = Callable[..., AppTest]
DRAWN = AnswerSettings(temperature=0.8, top_p=0.95, seed=7)


def opened(page: Draw, language: str = "en") -> AppTest:
    app = page({"lang": language})
    app.menu_button[0].set_value("answering").run()
    assert not app.exception
    return app


def confirm(app: AppTest) -> None:
    app.button(key="dialog-confirm").click().run()
    assert not app.exception


def chosen(library: Library) -> AnswerSettings:
    return home.notebook(library).answering


def test_everything_can_be_chosen_and_is_shown_again(page: Draw, library: Library) -> None:
    app = opened(page)
    app.button_group(key=f"length-{home.notebook(library).id}").set_value("long").run()
    app.radio[0].set_value("beginner").run()
    app.toggle[0].set_value(True).run()
    app.slider[0].set_value(0.8).run()
    app.slider[1].set_value(0.95).run()
    app.number_input[0].set_value(7).run()
    confirm(app)
    expected = AnswerSettings("long", "beginner", tutor=True, temperature=0.8, top_p=0.95, seed=7)
    assert chosen(library) == expected
    app = opened(page, "fr")
    assert (app.radio[0].value, app.toggle[0].value, app.slider[0].value, app.number_input[0].value) == (
        "beginner",
        True,
        0.8,
        7,
    )
    confirm(app)
    assert chosen(library) == expected


def test_cancelling_changes_nothing(page: Draw, library: Library) -> None:
    app = opened(page)
    app.toggle[0].set_value(True).run()
    app.button(key="dialog-cancel").click().run()
    assert chosen(library) == USUAL


def test_without_a_temperature_there_is_nothing_to_draw(page: Draw, library: Library) -> None:
    app = opened(page)
    assert (len(app.slider), len(app.number_input)) == (1, 0)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "drawn at temperature 0.8, top-p 0.95, seed 7"),
        ("fr", "tiré au sort\u00a0: température 0,8, top-p 0,95, graine 7"),
    ],
)
def test_a_memory_answer_that_was_drawn_says_how(page: Draw, library: Library, language: str, told: str) -> None:
    library.store.choose_answering(home.notebook(library).id, DRAWN)
    home.answered(library, home.sourced(home.ready(library)))
    captions = [caption.value.replace("\\", "") for caption in page({"lang": language}).caption]
    assert [told in caption for caption in captions].count(True) == 1


def test_the_likeliest_memory_answer_says_nothing_of_it(page: Draw, library: Library) -> None:
    home.answered(library, home.sourced(home.ready(library)))
    assert not [caption.value for caption in page().caption if "seed" in caption.value]
