"""The guide of a source and the overview of its notebook, drawn from rows as the workers would have written them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from rag.library import Library
from rag.rows import DocumentRow
from rag.source_guides.types import Digest, GuideQuestion, Heading, KeyTerm, Shared, SourceGuide
from tests.ui import home
from tests.ui.test_page import labels, words

Draw = Callable[..., AppTest]
QUESTION = "Who described ELIZA?"


@pytest.fixture
def page(library: Library) -> Draw:
    """Return a function that draws the notebook page; ``language`` is that of its words."""

    def draw(language: str = "en") -> AppTest:
        app = AppTest.from_function(_script, kwargs={"app": home.services(library)}, default_timeout=120)
        app.query_params["lang"] = language
        return app.run()

    return draw


def _script(app: object) -> None:
    # Streamlit runs this source alone, so it names nothing of this module.
    from ui import state
    from ui.page import draw
    from ui.texts import Texts

    draw(app, Texts(state.language()))


def guide(row: DocumentRow, **changes: object) -> SourceGuide:
    at = home.citation(
        row, home.QUOTE, start=home.TEXT.find(home.QUOTE), end=home.TEXT.find(home.QUOTE) + len(home.QUOTE)
    )
    values = {
        "language": "en",
        "title": "Early programs",
        "sections": 1,
        "headings": (Heading("History", at),),
        "terms": (KeyTerm("ELIZA", at, True),),
        "summary": (at,),
        "questions": (GuideQuestion(QUESTION, at),),
        **changes,
    }
    return SourceGuide(**values)


def made(library: Library, row: DocumentRow, **changes: object) -> None:
    """Store a whole guide as the worker does; every other source's is left as it is."""
    for other in library.store.documents(row.notebook_id):
        if other.id != row.id and library.source_guides.row(other.id).state == "waiting":
            library.source_guides.cancel(other.id)
    claim = library.source_guides.claim("test")
    assert claim is not None
    assert claim.document_id == row.id
    library.source_guides.finish(replace(claim, asked_of="key"), "test", guide(row, **changes))


def opened(page: Draw, row: DocumentRow) -> AppTest:
    return page().button(key=f"about-{row.id}").click().run()


def test_the_list_of_sources_opens_the_guide(page: Draw, library: Library) -> None:
    row = home.ready(library)
    made(library, row)
    app = opened(page, row)

    assert not app.exception
    said = words(app)
    assert "# Early programs" in said.splitlines(), "a dialog draws smaller headings too small to read"
    assert "cours.txt · 1 page · 1 section · in English" in said
    assert home.QUOTE in said
    assert "It was put to this notebook first" in said
    assert ":small[ELIZA · p.\u00a01]" in labels(app)
    assert ":small[History · p.\u00a01]" in labels(app)


@pytest.mark.parametrize("position", [0, 1, 2], ids=["sentence", "term", "section"])
def test_a_sentence_a_term_or_a_section_opens_its_page(page: Draw, library: Library, position: int) -> None:
    row = home.ready(library)
    made(library, row)
    app = opened(page, row)
    app.button(key=f"open-source-{row.id}-{position}").click().run()
    assert f":orange-background[{home.QUOTE}]" in words(app)
    app.button(key=f"open-source-{row.id}-{position}").click().run()
    assert ":orange-background" not in words(app)


def test_a_pressed_question_is_asked_of_its_source(page: Draw, library: Library) -> None:
    row = home.ready(library)
    made(library, row)
    library.store.set_ticked(row.id, False)
    app = opened(page, row)
    app.button(key=f"ask-source-{row.id}-0").click().run()

    [answer] = library.conversation.answers(row.notebook_id)
    assert (answer.question, answer.document_ids, answer.state) == (QUESTION, (row.id,), "queued")
    assert "# Early programs" not in words(app), "the guide makes room for the answer"


def test_a_small_guide_says_why_it_is_small(page: Draw, library: Library) -> None:
    row = home.ready(library)
    empty = {"summary": (), "terms": (), "headings": (), "questions": (), "sections": 0}
    made(library, row, **empty, lacks=("no_prose", "no_questions"))
    said = words(opened(page, row))

    assert "No sentences to summarise" in said
    assert "Ask in your own words." in said
    assert "Key terms" not in said


def test_a_guide_in_the_making_can_be_stopped_and_begun_again(page: Draw, library: Library) -> None:
    row = home.ready(library)
    app = opened(page, row)
    assert "in the background, behind your questions" in app.get("progress")[0].text
    app.button(key=f"source_guide.cancel-{row.id}").click().run()
    assert library.source_guides.row(row.id).state == "cancelled"
    assert "Stopped before the guide was whole." in words(app)
    app.button(key=f"source_guide.resume-{row.id}").click().run()
    assert library.source_guides.row(row.id).state == "waiting"


def test_an_empty_conversation_shows_what_the_notebook_is_about_and_questions(page: Draw, library: Library) -> None:
    row = home.ready(library)
    made(library, row)
    app = page()
    said = words(app)
    assert "What this notebook is about" in said
    assert "**Main terms:** ELIZA" in said
    assert "This was put to the whole notebook first, which answered it from a source ticked here." in said
    assert "**Early programs**" in labels(app)
    app.button(key=f"start-{row.notebook_id}-0").click().run()

    [answer] = library.conversation.answers(row.notebook_id)
    assert (answer.question, answer.document_ids) == (QUESTION, (row.id,))
    assert "What this notebook is about" not in words(app)


def test_what_is_not_ticked_is_not_offered(page: Draw, library: Library) -> None:
    row = home.ready(library)
    other = home.ready(library, "other.txt", ("Another page.",))
    made(library, other, questions=(GuideQuestion("What is on another page?", home.citation(other, "Another page.")),))
    library.source_guides.resume(row.id)
    made(library, row)
    assert {QUESTION, "What is on another page?"} <= set(labels(page()))
    library.store.set_ticked(row.id, False)
    app = page("fr")
    assert QUESTION not in labels(app)
    assert "What is on another page?" in labels(app)
    assert "posée à tout le carnet, qui y a répondu d’après une source cochée ici" in words(app)


def test_a_new_source_tells_what_it_brings_until_that_is_dismissed(page: Draw, library: Library) -> None:
    old = home.ready(library)
    new = home.ready(library, "new.txt", ("Another page.",))
    shared = (Shared("ELIZA", (old.sha256,)),)
    made(library, new, digest=Digest((old.sha256,), ("Dropout",), shared))
    app = page()
    said = words(app)
    assert "**New: new.txt** :small[1 page, 1 section]" in said
    assert "New here: Dropout" in said
    assert "Also in cours.txt: ELIZA" in said
    app.button(key=f"news-dismiss-{new.id}").click().run()
    assert "New here: Dropout" not in words(app)
    library.remove(old.id)
    assert "New here" not in words(opened(page, new)), "there is nothing left to compare with"


def test_the_words_around_are_french_on_a_french_page(page: Draw, library: Library) -> None:
    row = home.ready(library)
    made(library, row)
    app = page("fr")
    assert "De quoi parle ce carnet" in words(app)
    assert "Elle a d’abord été posée à tout le carnet" in words(app)
    assert QUESTION in labels(app), "no source is in French"
