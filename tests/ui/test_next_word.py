"""The page that shows what a model sees after a text."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import torch
from streamlit.testing.v1 import AppTest

from rag.errors import GenerationError
from rag.library import Library
from rag.next_logits import next_words
from rag.next_words import NextWords
from tests.ui import home
from tests.ui.test_page import words

Draw = Callable[..., AppTest]
TEXTS = (" beach", " mountains", " pool", "s", "", *(f" other{n}" for n in range(35)))
LOGITS = torch.tensor([6.0, 5.0, 4.0, 3.0, 2.0, *[-n / 10 for n in range(35)]])
FOUND = next_words(LOGITS, TEXTS.__getitem__, "tiny")


@pytest.fixture
def asked() -> list[str]:
    """Every text that the page asked about."""
    return []


@pytest.fixture
def page(library: Library, asked: list[str]) -> Iterator[Draw]:
    """Return a function that draws the page; ``found`` is what the model tells."""

    def draw(found: NextWords | Exception | None = FOUND, language: str = "en", **status: object) -> AppTest:
        def tell(text: str) -> NextWords | None:
            asked.append(text)
            if isinstance(found, Exception):
                raise found
            return found

        services = replace(home.services(library, **status), next_words=tell)
        app = AppTest.from_function(_script, kwargs={"app": services}, default_timeout=20)
        app.query_params["lang"] = language
        return app.run()

    return draw


def _script(app: object) -> None:
    # Streamlit runs this source alone, so it names nothing of this module.
    from ui import state
    from ui.next_word import draw
    from ui.texts import Texts

    draw(app, Texts(state.language()))


def typed(app: AppTest, text: str = "On holiday I like to go to the") -> AppTest:
    return app.text_area(key="next-text").set_value(text).run()


def test_without_a_text_nothing_is_asked_and_examples_are_offered(page: Draw, asked: list[str]) -> None:
    app = page()
    assert not app.exception
    assert asked == []
    app.button(key="next.example_1").click().run()
    assert asked == ["On holiday I like to go to the"]


def test_words_are_drawn_as_bars_and_one_can_be_appended(page: Draw, asked: list[str]) -> None:
    app = typed(page())
    assert not app.exception
    (chart,) = app.get("vega_lite_chart")
    assert "beach 63%, mountains 23%, pool 8%, …s 3%, (end) 1%" in str(chart.proto)
    assert app.button(key="next-0").label == "beach :small[63%]"
    app.button(key="next-0").click().run()
    assert asked[-1] == "On holiday I like to go to the beach"
    app.button(key="next-3").click().run()
    assert asked[-1] == "On holiday I like to go to the beachs"
    app.button(key="next-undo").click().run()
    assert asked[-1] == "On holiday I like to go to the"
    app.button(key="next-clear").click().run()
    assert app.text_area(key="next-text").value == ""


def test_the_end_of_the_text_cannot_be_appended(page: Draw) -> None:
    app = typed(page())
    assert [app.button(key=f"next-{n}").disabled for n in range(5)] == [False, False, False, False, True]


def test_temperature_changes_the_bars_without_asking_again(page: Draw, asked: list[str]) -> None:
    app = typed(page())
    before = set(asked)
    app.select_slider(key="next-temperature").set_value(0.1).run()
    assert "beach > 99%" in str(app.get("vega_lite_chart")[0].proto).replace("\u00a0", " ").replace("\\302\\240", " ")
    assert set(asked) == before
    assert "Temperature divides the model’s scores" in words(app)


def test_top_p_says_how_many_words_it_keeps_and_what_they_hold(page: Draw) -> None:
    app = typed(page())
    assert "Top-p 1 keeps all 40 words." in words(app)
    app.select_slider(key="next-top-p").set_value(0.9).run()
    assert "Top-p 0.90 keeps the likeliest words until together they hold 0.90: here 3 of 40, which hold 94%." in words(
        app
    )
    app.select_slider(key="next-top-p").set_value(0.5).run()
    assert "here 1 of 40, which holds 63%" in words(app)


def test_the_page_speaks_french(page: Draw) -> None:
    app = typed(page(language="fr"), "En vacances, j’aime aller à la")
    assert "Mot suivant" in words(app)
    assert app.button(key="next-0").label == "beach :small[63\u00a0%]"
    app.select_slider(key="next-top-p").set_value(0.9).run()
    assert "Top-p 0,90 garde les mots les plus probables" in words(app)


def test_it_says_that_it_waits(page: Draw) -> None:
    assert "The model is asked as soon as it is free…" in words(typed(page(None)))


def test_a_model_that_gives_no_probabilities_is_named_with_a_way_out(page: Draw) -> None:
    app = typed(page(GenerationError("NO_PROBABILITIES", model="gpt-9")))
    assert "gpt-9 does not tell how likely its words are. Choose a model that runs inside Lectern" in words(app)
    assert app.text_area(key="next-text").value


def test_where_another_process_runs_the_model_the_page_says_so(page: Draw, asked: list[str]) -> None:
    app = typed(page(holding=False, holder="app, process 7"))
    assert "Another Lectern process runs the model." in words(app)
    assert asked == []
