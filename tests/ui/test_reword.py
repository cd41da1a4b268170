"""The model's other words are asked for in a dialog and stand apart from the answer, marked as what they are."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from rag.choice import ModelChoice
from rag.library import Library
from rag.rewordings import RewordingRow
from rag.rows import AnswerRow
from tests.ui import home

Draw = Callable[..., AppTest]


@pytest.fixture
def row(library: Library) -> AnswerRow:
    return home.answered(library, home.sourced(home.ready(library)))


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown).replace("\\", "")


def reworded(library: Library, row: AnswerRow, text: str, state: str = "done", **end: object) -> RewordingRow:
    rewording_id = library.rewordings.enqueue(row.id, "answer", 0, "simpler", "It is blue.", "en")
    library.rewordings.claim("test")
    library.rewordings.finish(rewording_id, state, text, model_id="tiny", **end)  # type: ignore[arg-type]
    found = library.rewordings.row(rewording_id)
    assert found is not None
    return found


def test_a_text_and_what_to_do_with_it_are_chosen(page: Draw, library: Library, row: AnswerRow) -> None:
    app = page(choice=ModelChoice())
    app.menu_button(key=f"more-{row.id}").set_value("reword").run()
    assert app.selectbox(key=f"reword-what-{row.id}").options == [
        "The answer from your sources", "Quote: cours.txt, p.\u00a01", "Passage: cours.txt, p.\u00a01",
        "The answer from the model’s memory (no source)",
    ]  # fmt: skip
    assert any("The bundled model is tiny" in caption.value for caption in app.caption)
    app.selectbox(key=f"reword-what-{row.id}").set_value(("citation", 0)).run()
    app.radio(key=f"reword-how-{row.id}-en").set_value("to_fr").run()
    app.button(key="dialog-confirm").click().run()
    assert not app.exception
    (asked,) = library.rewordings.rows(row.id)
    assert (asked.target, asked.position, asked.kind, asked.source, asked.language, asked.state) == (
        "citation", 0, "to_fr", home.QUOTE, "en", "queued",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "The answer from the model’s memory (no source)"),
        ("fr", "La réponse de mémoire du modèle (sans source)"),
    ],
)
def test_the_memory_answer_is_marked_as_one(page: Draw, library: Library, language: str, name: str) -> None:
    row = home.answered(library, None)  # nothing else can be said otherwise
    app = page({"lang": language})
    app.menu_button(key=f"more-{row.id}").set_value("reword").run()
    assert app.selectbox(key=f"reword-what-{row.id}").options == [name]
    app.button(key="dialog-confirm").click().run()
    (asked,) = library.rewordings.rows(row.id)
    assert (asked.target, asked.source) == ("memory", "ELIZA was developed by Alan Turing.")
    assert name in said(page({"lang": language}))


@pytest.mark.parametrize(
    ("language", "badge"),
    [("en", "the model’s words · not checked"), ("fr", "mots du modèle · non vérifiés")],
)
def test_the_models_words_are_marked_and_cite_nothing(
    page: Draw, library: Library, row: AnswerRow, language: str, badge: str
) -> None:
    one = reworded(library, row, "The sky looks blue [1].", added=("12",))
    app = page({"lang": language})
    assert badge in said(app)
    assert "The sky looks blue [1]." in said(app)
    assert said(app).count(":blue-badge[1]") == 1  # that of the answer from the sources
    assert [caption.value for caption in app.caption if "12" in caption.value]
    app.button(key=f"end-rewording-{one.id}").click().run()
    assert library.rewordings.rows(row.id) == []


def test_what_the_model_cannot_do_is_said(page: Draw, library: Library, row: AnswerRow) -> None:
    reworded(library, row, "It is blue.", "error", code="REWORD_SAME", details={"model": "tiny"})
    assert [error.value for error in page().error if "only copied this text" in error.value]


def test_what_waits_can_be_stopped(page: Draw, library: Library, row: AnswerRow) -> None:
    rewording_id = library.rewordings.enqueue(row.id, "answer", 0, "simpler", "It is blue.", "en")
    app = page()
    app.button(key=f"end-rewording-{rewording_id}").click().run()
    assert [one.state for one in library.rewordings.rows(row.id)] == ["stopped"]
