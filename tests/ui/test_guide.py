"""The study guide page, drawn from rows as the workers would have written them."""

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from rag.library import Library
from rag.rows import DocumentRow
from rag.study.queue import StudyQueue
from rag.study.rows import GuideRow
from rag.study.types import Guide, GuideKind, Point
from tests.ui import home
from tests.ui.test_page import labels, words
from ui.guide_lines import cited, groups, lines, only_document
from ui.mindmap import tree
from ui.texts import Texts
from ui.timeline import along

Draw = Callable[..., AppTest]
SECOND = "It imitates a therapist with simple rules."


@pytest.fixture
def page(library: Library) -> Iterator[Draw]:
    """Return a function that draws the page; keywords change the workers' status, ``address`` the query."""

    def draw(address: dict[str, str] | None = None, **status: object) -> AppTest:
        app = AppTest.from_function(_script, kwargs={"app": home.services(library, **status)}, default_timeout=120)
        for key, value in (address or {}).items():
            app.query_params[key] = value
        return app.run()

    return draw


def _script(app: object) -> None:
    # Streamlit runs this source alone, so it names nothing of this module.
    from ui import state
    from ui.guide import draw
    from ui.texts import Texts

    draw(app, Texts(state.language()))


def sentence(row: DocumentRow, quote: str = home.QUOTE, **changes: object) -> Point:
    """Return a sentence of the first page of a source as a point."""
    start = home.TEXT.find(quote)
    cited = home.citation(row, quote, start=start, end=start + len(quote))
    values = {"text": quote, "citations": (cited,), **changes}
    return Point(**values)


def waiting(library: Library, kind: GuideKind = "summary") -> GuideRow:
    row = library.guides.row(library.make_guide(home.notebook(library).id, kind))
    assert row is not None
    return row


def made(library: Library, kind: GuideKind, *points: Point) -> GuideRow:
    """Make a guide as the worker does."""
    row, queue = waiting(library, kind), StudyQueue(library.database)
    assert queue.claim("test") is not None
    queue.finish_guide(row, "test", Guide(kind, "en", points, "scripted"))
    done = library.guides.row(row.id)
    assert done is not None
    return done


def nested(row: DocumentRow) -> Point:
    return Point("Early programs", children=(sentence(row), sentence(row, SECOND, note="ELIZA")))


def test_without_a_ready_source_it_says_what_is_missing(page: Draw) -> None:
    app = page()

    assert not app.exception
    assert "Code: NO_SOURCES" in words(app)
    assert "Make" not in labels(app)


def test_a_guide_is_asked_for_by_kind_and_language(page: Draw, library: Library) -> None:
    home.ready(library)
    app = page()
    notebook_id = home.notebook(library).id
    app.button_group(key=f"guide-kind-{notebook_id}").set_value("timeline").run()
    assert "What happened when" in words(app)
    app.button_group(key=f"guide-language-{notebook_id}").set_value("fr").run()
    app.button(key=f"make-guide-{notebook_id}").click().run()

    [row] = library.guides.rows(notebook_id)
    assert (row.kind, row.language, row.state) == ("timeline", "fr", "waiting")
    assert "Waiting to start" in app.get("progress")[0].text
    assert "Stop" in labels(app)


def test_a_guide_in_the_making_can_be_stopped_and_begun_again(page: Draw, library: Library) -> None:
    home.ready(library)
    row, queue = waiting(library), StudyQueue(library.database)
    queue.claim("test")
    queue.progress(row, "test", 40)
    app = page()
    assert app.get("progress")[0].text == ":small[Being made: 40 %]"
    app.button(key=f"guide.cancel-{row.id}").click().run()
    assert library.guides.row(row.id).state == "cancelled"
    assert "Stopped before it was done." in words(app)
    app.button(key=f"guide.resume-{row.id}").click().run()

    assert library.guides.row(row.id).state == "waiting"


def test_what_went_wrong_is_told_with_a_code(page: Draw, library: Library) -> None:
    home.ready(library)
    row, queue = waiting(library), StudyQueue(library.database)
    queue.claim("test")
    queue.fail(row, "test", "INTERNAL", {"reason": "KeyError"})
    app = page()

    assert "Code: INTERNAL" in words(app)
    assert "Start again" in labels(app)


def test_a_sentence_opens_its_page_in_its_row_with_the_words_marked(page: Draw, library: Library) -> None:
    source = home.ready(library)
    row = made(library, "outline", nested(source))
    app = page()
    assert "## Outline" in words(app)
    assert "### Early programs" in words(app)
    assert f"**ELIZA** · {SECOND}" in words(app)
    assert ":orange-background" not in words(app)
    app.button(key=f"cite-guide-{row.id}-list-1").click().run()

    assert not app.exception
    assert f":orange-background[{SECOND}]" in words(app)
    assert "Citation 2 of 2" in words(app)
    app.button(key=f"panel--1-guide-{row.id}").click().run()
    assert f":orange-background[{home.QUOTE}]" in words(app)
    app.button(key=f"close-guide-{row.id}").click().run()
    assert ":orange-background" not in words(app)


def test_a_document_is_named_once_where_all_of_a_group_cites_it(page: Draw, library: Library) -> None:
    first, second = home.ready(library), home.ready(library, "other.txt", ("Another source says it too.",))
    made(library, "summary", sentence(first), sentence(second))
    app = page()

    pages = [label.replace("\u00a0", " ") for label in labels(app) if "**" in label]
    assert pages == [":small[**1** · cours.txt, p. 1]", ":small[**2** · other.txt, p. 1]"]


def test_a_deleted_source_leaves_its_sentences(page: Draw, library: Library) -> None:
    source = home.ready(library)
    row = made(library, "summary", sentence(source))
    library.remove(source.id)
    app = page()
    app.button(key=f"cite-guide-{row.id}-list-0").click().run()

    assert home.QUOTE in words(app)
    assert "This source was removed from the notebook." in words(app)


@pytest.mark.parametrize("kind", ["mindmap", "timeline"])
def test_a_pressed_box_shows_its_page(page: Draw, library: Library, kind: GuideKind) -> None:
    source = home.ready(library)
    row = made(library, kind, sentence(source, note="1966"), sentence(source, SECOND, note="1967"))
    app = page()
    assert "### As a list" in words(app)
    # What a press of the second box does; only a browser can press a picture.
    app.session_state["opened_place"] = (f"guide-{row.id}", 1, "picture")
    app.session_state["dialog"] = ("enlarge_place", row.id)
    app.run()

    assert not app.exception
    assert f":orange-background[{SECOND}]" in words(app)
    [chart] = app.get("vega_lite_chart")
    assert list(chart.proto.selection_mode) == ["pressed"]
    assert "Press" in chart.proto.alt


def test_questions_stand_above_their_answers(page: Draw, library: Library) -> None:
    source = home.ready(library)
    made(library, "faq", sentence(source, note="Who described ELIZA?"))
    app = page()

    assert f"**Who described ELIZA?**  \n{home.QUOTE}" in words(app)


def test_hostile_text_is_only_text(page: Draw, library: Library) -> None:
    source = home.ready(library)
    hostile = "<img src=x> **bold** [link](http://example.org) $x$ :red[red]"
    made(library, "mindmap", Point(hostile, sentence(source).citations, children=(sentence(source, note=hostile),)))
    app = page()

    assert not app.exception
    raw = "\n".join(str(element.value) for element in app.markdown)
    assert "\\*\\*bold\\*\\*" in raw
    assert "\\<img" in raw


def test_the_guide_to_look_at_is_chosen_and_deleted_after_asking(page: Draw, library: Library) -> None:
    source = home.ready(library)
    first = made(library, "summary", sentence(source))
    made(library, "terms", sentence(source, SECOND, note="ELIZA"))
    app = page()
    assert "## Key terms" in words(app)
    app.selectbox(key=f"guide-{home.notebook(library).id}").set_value(first.id).run()
    assert "## Summary" in words(app)
    app.button(key=f"drop-guide-{first.id}").click().run()
    app.button(key="dialog-confirm").click().run()

    assert [row.kind for row in library.guides.rows(home.notebook(library).id)] == ["terms"]


def test_the_page_speaks_french(page: Draw, library: Library) -> None:
    source = home.ready(library)
    made(library, "plan", nested(source))
    app = page({"lang": "fr"})

    assert "# Guide d’étude" in words(app)
    assert "## Plan de cours" in words(app)
    assert "Mot pour mot d’après vos sources." in words(app)
    assert "Supprimer le guide" in labels(app)


def test_lines_are_numbered_in_reading_order(library: Library) -> None:
    source = home.ready(library)
    guide = Guide("outline", "en", (sentence(source), nested(source)))
    found = lines(guide)

    assert [(line.depth, line.number, line.first) for line in found] == [(0, 0, 0), (0, 1, 1), (1, 2, 1), (1, 3, 2)]
    assert [citation.quote for citation in cited(guide)] == [home.QUOTE, home.QUOTE, SECOND]
    assert [(heading and heading.number, [line.number for line in under]) for heading, under in groups(guide)] == [
        (None, [0]),
        (1, [2, 3]),
    ]
    assert only_document(found) == "cours.txt"


def test_no_two_boxes_of_a_map_overlap_and_each_hangs_on_its_heading(library: Library) -> None:
    source = home.ready(library)
    sections = tuple(
        Point(f"Heading {n} " * 6, children=tuple(sentence(source, note=f"Term {n}.{m} " * 5) for m in range(n)))
        for n in range(4)
    )
    picture = tree(Texts("en"), Guide("mindmap", "en", sections), "Course")

    assert [box.level for box in picture.boxes] == [0, 1, 1, 2, 1, 2, 2, 1, 2, 2, 2]
    assert len(picture.curves) == len(picture.boxes) - 1
    assert picture.told.startswith("A tree of 11 boxes from “Course”.")
    boxes = picture.boxes
    assert not [
        (a.words, b.words)
        for i, a in enumerate(boxes)
        for b in boxes[i + 1 :]
        if a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom
    ]
    assert all(box.bottom <= picture.height for box in boxes)


def test_events_stand_in_order_with_their_dates(library: Library) -> None:
    source = home.ready(library)
    guide = Guide("timeline", "en", (sentence(source, note="1966"), sentence(source, SECOND, note="1967")))
    picture = along(Texts("fr"), guide)

    assert [(box.title, box.number) for box in picture.boxes] == [("1966", 0), ("1967", 1)]
    assert picture.boxes[0].bottom < picture.boxes[1].top
    assert picture.told.startswith("2 événements de 1966 à 1967")
