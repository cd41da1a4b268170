"""Another model is asked the same question, and both versions are read side by side."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from rag.choice import ModelChoice
from rag.library import Library
from rag.rows import AnswerRow
from rag.used import Usage, Usages
from tests.ui import home
from tests.ui.test_dialogue import words

Draw = Callable[..., AppTest]

TINY = ModelChoice("folder", "/models/tiny", weights="int8")
REMOTE = ModelChoice("endpoint", "large", "https://llm.example.org/v1")
LOCAL = ModelChoice("endpoint", "large", "http://127.0.0.1:8080/v1")
TOOK = Usages(Usage(412, 38, 3.2), Usage(20, 9, 0.8))


def finish(library: Library, answer_id: int, text: str, model_id: str = "/models/tiny") -> None:
    library.conversation.claim_answer("test")
    source = library.store.documents(1)[0]
    library.conversation.save_sourced(answer_id, home.sourced(source, text=text))
    library.conversation.finish_answer(
        answer_id, "done", memory_text=f"Memory of {model_id}.", model_id=model_id, usage=TOOK
    )


@pytest.fixture
def row(library: Library) -> AnswerRow:
    return home.answered(library, home.sourced(home.ready(library)), model_id="gemma-3-270m")


def opened(app: AppTest, row: AnswerRow) -> AppTest:
    app.menu_button(key=f"more-{row.id}").set_value("compare").run()
    assert not app.exception
    return app


def headings(app: AppTest) -> list[str]:
    return [line.partition(": ")[2] for line in words(app).splitlines() if line.startswith("### :material/memory:")]


@pytest.mark.parametrize(
    ("language", "told"), [("en", "No other model is known"), ("fr", "Aucun autre modèle n’est connu")]
)
def test_without_another_model_the_way_to_one_is_told(page: Draw, row: AnswerRow, language: str, told: str) -> None:
    app = opened(page({"lang": language}, choice=ModelChoice()), row)
    assert told in words(app)
    assert not app.radio


@pytest.mark.parametrize(
    ("language", "loading", "alone"),
    [
        ("en", "tiny · int8 is getting ready…", "One version at a time"),
        ("fr", "tiny · int8 se prépare…", "Une version à la fois"),
    ],
)
def test_another_model_answers_beside_the_one_that_wrote(
    page: Draw, library: Library, row: AnswerRow, language: str, loading: str, alone: str
) -> None:
    library.models.remember(LOCAL)
    library.models.remember(TINY)
    app = opened(page({"lang": language}, choice=ModelChoice()), row)
    (models,) = app.radio
    assert [name.replace("\\", "") for name in models.options] == ["tiny · int8", "large"]
    app.button(key="dialog-confirm").click().run()
    other = library.conversation.answers(1)[-1]
    assert (other.choice, other.turn, other.state) == (TINY, row.turn, "queued")
    assert headings(app) == ["Gemma 3 270M", "tiny · int8"]

    library.conversation.claim_answer("test")
    app.run()
    assert loading in words(app)
    finish(library, other.id, "It was Weizenbaum, in 1966 [1].")
    app.run()
    assert headings(app) == ["Gemma 3 270M", "tiny · int8"]
    text = words(app)
    assert "Joseph Weizenbaum described it in 1966" in text
    assert "It was Weizenbaum, in 1966" in text
    assert "ELIZA was developed by Alan Turing." in text
    assert "Memory of /models/tiny." in text
    assert ("412 tokens read" if language == "en" else "412 jetons lus") in text
    assert [button.label for button in app.button if button.key == f"alone-{row.turn}"] == [alone]

    app.button(key=f"cite-{other.id}-0").click().run()
    assert app.button(key=f"close-{other.id}")
    app.button(key=f"alone-{row.turn}").click().run()
    assert "It was Weizenbaum" not in words(app)
    assert ("Version 1 of 2 · Gemma 3 270M" if language == "en" else "Version 1 sur 2 · Gemma 3 270M") in words(app)


def test_versions_that_are_there_are_put_side_by_side(page: Draw, library: Library, row: AnswerRow) -> None:
    finish(library, library.conversation.ask_another(row.id, TINY), "Second [1].")
    third = library.conversation.ask_another(row.id, LOCAL)
    finish(library, third, "Third [1].", "large@127.0.0.1:8080")
    app = page()
    assert "Version 3 of 3 · large" in words(app)
    app.button(key=f"beside-{row.turn}").click().run()
    assert headings(app) == ["tiny · int8", "large"]
    assert "passages go to a server on this computer" in words(app)
    left = app.selectbox(key=f"version-shown-{row.turn}")
    assert left.options == ["Version 1 of 3 · Gemma 3 270M", "Version 2 of 3 · tiny · int8"]
    left.set_value(row.id).run()
    assert headings(app) == ["Gemma 3 270M", "large"]
    app.selectbox(key=f"beside-shown-{row.turn}").set_value(row.id + 1).run()
    assert headings(app) == ["Gemma 3 270M", "tiny · int8"]
    library.conversation.delete_answer(row.id + 1)
    app.run()
    assert headings(app) == []
    assert "Version 1 of 2" in words(app)


def test_the_first_version_stands_beside_the_second(page: Draw, library: Library, row: AnswerRow) -> None:
    finish(library, library.conversation.ask_another(row.id, TINY), "Second [1].")
    app = page()
    app.button(key=f"older-{row.turn}").click().run()
    app.button(key=f"beside-{row.turn}").click().run()
    assert headings(app) == ["Gemma 3 270M", "tiny · int8"]


@pytest.mark.parametrize(
    ("language", "where", "goes"),
    [
        ("en", "will go to llm.example.org, on the internet", "passages go to llm.example.org"),
        ("fr", "iront à llm.example.org, sur internet", "les passages vont à llm.example.org"),
    ],
)
def test_a_server_elsewhere_wants_consent_and_the_page_says_where_passages_go(
    page: Draw, library: Library, row: AnswerRow, language: str, where: str, goes: str
) -> None:
    library.models.remember(REMOTE)
    app = opened(page({"lang": language}, choice=ModelChoice()), row)
    assert where in words(app)
    assert app.button(key="dialog-confirm").disabled
    app.checkbox(key="endpoint-agree-llm.example.org").check().run()
    app.button(key="dialog-confirm").click().run()
    assert words(app).count(f"**{goes}**") == 2, "in the header, and over the answer"
    assert library.store.get_setting("endpoint.agreed.llm.example.org") == "yes"
    library.stop(library.conversation.answers(1)[-1].id)
    app.run()
    assert words(app).count(f"**{goes}**") == 1, "the header speaks of what is asked now"
    app = page({"lang": language}, choice=ModelChoice())
    app.button(key=f"older-{row.turn}").click().run()
    opened(app, row)
    assert not [box for box in app.checkbox if (box.key or "").startswith("endpoint")]
    assert not app.button(key="dialog-confirm").disabled


@pytest.mark.parametrize(
    ("language", "told"), [("en", "Nothing answers at 127.0.0.1:8080"), ("fr", "Rien ne répond à 127.0.0.1:8080")]
)
def test_a_model_that_could_not_be_loaded_says_so_in_its_place(
    page: Draw, library: Library, row: AnswerRow, language: str, told: str
) -> None:
    other = library.conversation.ask_another(row.id, LOCAL)
    library.conversation.claim_answer("test")
    library.conversation.finish_answer(
        other, "error", code="ENDPOINT_DOWN", details={"host": "127.0.0.1:8080"}, model_id=LOCAL.model_id
    )
    app = page({"lang": language})
    app.button(key=f"beside-{row.turn}").click().run()
    (error,) = app.error
    assert told in error.value.replace("\\", "").replace("\u2060", "")
    assert headings(app) == ["Gemma 3 270M", "large"]
    assert not any(told in words(app) for told in ("Not reached.", "Pas commencé.")), "nothing was begun"


def test_the_model_that_wrote_is_not_offered(page: Draw, library: Library, row: AnswerRow) -> None:
    library.models.remember(TINY)
    other = library.conversation.ask_another(row.id, TINY)
    finish(library, other, "Second [1].")
    app = page(choice=ModelChoice())
    app.menu_button(key=f"more-{other}").set_value("compare").run()
    assert app.radio[0].options == ["Gemma 3 270M"]
