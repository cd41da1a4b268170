"""The flashcard page, over a real library."""

import time
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from rag.library import Library
from rag.study.rows import CardRow
from tests.ui import home
from tests.ui.test_page import labels, words
from ui.cards_review import interval
from ui.texts import Texts

Draw = Callable[..., AppTest]
DEFINED = "Backpropagation is a method to update the weights of a network by the error of its output."
DAY = 86_400


@pytest.fixture
def page(library: Library) -> Iterator[Draw]:
    """Return a function that draws the page; ``address`` is the query."""

    def draw(address: dict[str, str] | None = None) -> AppTest:
        app = AppTest.from_function(_script, kwargs={"app": home.services(library)}, default_timeout=120)
        for key, value in (address or {}).items():
            app.query_params[key] = value
        return app.run()

    return draw


def _script(app: object) -> None:
    # Streamlit runs this source alone, so it names nothing of this module.
    from ui import state
    from ui.cards import draw
    from ui.texts import Texts

    draw(app, Texts(state.language()))


def added(library: Library, front: str = "Who described ELIZA?", *, cited: bool = False) -> CardRow:
    source = home.citation(home.ready(library)) if cited else None
    card_id = library.cards.add(home.notebook(library).id, front, "Joseph Weizenbaum\nin 1966", "en", source)
    row = library.cards.row(card_id)
    assert row is not None
    return row


def cards(library: Library) -> list[CardRow]:
    return library.cards.rows(home.notebook(library).id)


def view(app: AppTest, library: Library, name: str) -> AppTest:
    key = f"cards-view-{home.notebook(library).id}-{bool(cards(library))}"
    return app.button_group(key=key).set_value(name).run()


def way(app: AppTest, library: Library, name: str) -> AppTest:
    return app.button_group(key=f"cards-way-{home.notebook(library).id}").set_value(name).run()


def test_without_cards_and_sources_it_says_what_to_do(page: Draw, library: Library) -> None:
    app = page()
    assert not app.exception
    assert "Code: NO_SOURCES" in words(app)
    view(app, library, "review")

    assert "No card yet." in words(app)


def test_definitions_become_cards_once(page: Draw, library: Library) -> None:
    home.ready(library, texts=(DEFINED,))
    app = page()
    assert "1 definition found" in words(app)
    assert f"**Backpropagation** · {DEFINED}" in words(app)
    app.button(key="add-cards-definitions").click().run()

    [card] = cards(library)
    assert (card.front, card.back, card.origin) == ("Backpropagation", DEFINED, "definition")
    assert "1 card added." in words(app)
    assert "**1 card to review today** · 1 of them new · 1 in all" in words(app)
    view(app, library, "new")
    app.button(key="add-cards-definitions").click().run()
    assert "These cards are there already." in words(app)


def test_sources_that_define_nothing_say_so(page: Draw, library: Library) -> None:
    text = "The programs of that time were first described by Joseph Weizenbaum in a journal of Boston."
    home.ready(library, texts=(text,))

    assert "Code: NO_DEFINITIONS" in words(page())


def test_a_quiz_becomes_cards(page: Draw, library: Library) -> None:
    source = home.ready(library)
    notebook_id = home.notebook(library).id
    library.quizzes.take(notebook_id, "First quiz", [home.item(source)])
    app = way(page(), library, "quiz")
    assert not app.exception
    app.button(key="add-cards-quiz").click().run()

    [card] = cards(library)
    assert card.front.startswith("Who described ELIZA?")
    assert card.back.startswith("Joseph Weizenbaum")
    assert card.origin == "quiz"


def test_a_card_is_written_by_hand_in_the_language_of_its_words(page: Draw, library: Library) -> None:
    app = way(page(), library, "hand")
    app.text_area(key="new-front").set_value("Qui a décrit le programme ELIZA dans les années soixante ?")
    app.text_area(key="new-back").set_value("C’est Joseph Weizenbaum qui l’a décrit.")
    next(b for b in app.button if b.label == "Add card").click()
    app.run()

    [card] = cards(library)
    assert (card.language, card.origin, card.source) == ("fr", "hand", None)


def test_a_card_without_a_back_is_refused(page: Draw, library: Library) -> None:
    app = way(page(), library, "hand")
    app.text_area(key="new-front").set_value("Who?")
    next(b for b in app.button if b.label == "Add card").click()
    app.run()

    assert cards(library) == []
    assert "Code: CARD_EMPTY" in words(app)


def test_a_card_shows_its_back_and_page_only_when_asked(page: Draw, library: Library) -> None:
    card = added(library, cited=True)
    app = page()
    assert "### Who described ELIZA?" in words(app)
    assert "in 1966" not in words(app)
    assert "Again" not in "".join(labels(app))
    app.button(key=f"show-{card.id}").click().run()
    assert "Joseph Weizenbaum  \nin 1966" in words(app)
    assert f"“{home.QUOTE}”" in words(app)
    app.button(key=f"page-{card.id}").click().run()

    assert f":orange-background[{home.QUOTE}]" in words(app)


def test_each_rating_tells_when_the_card_comes_back_and_keeps_that_promise(page: Draw, library: Library) -> None:
    card = added(library)
    app = page()
    assert app.button(key=f"show-{card.id}").proto.shortcut == "space"
    app.button(key=f"show-{card.id}").click().run()
    told = [app.button(key=f"rate-{rating}-{card.id}") for rating in (1, 2, 3, 4)]
    assert [button.proto.shortcut for button in told] == ["1", "2", "3", "4"]
    assert [button.label.split(" · ")[0] for button in told] == ["Again", "Hard", "Good", "Easy"]
    promised = told[3].label.split(" · ")[1]
    before = time.time()
    told[3].click().run()

    row = library.cards.row(card.id)
    assert row.reviews == 1
    assert interval(Texts("en"), row.due - before) == promised
    assert row.due > before + DAY
    assert "Nothing more to review today." in words(app)
    assert "1 review done today" in words(app)


def test_a_card_just_seen_waits_for_the_others(page: Draw, library: Library) -> None:
    first, second = added(library), added(library, "What did ELIZA imitate?")
    library.cards.review(first.id, 1, time.time())
    app = page()

    assert "### What did ELIZA imitate?" in words(app)
    library.cards.suspend(second.id, True)
    assert "### Who described ELIZA?" in words(app.run())


def test_a_streak_is_told_from_two_days_on(page: Draw, library: Library) -> None:
    card = added(library)
    now = time.time()
    library.cards.review(card.id, 3, now - DAY)
    assert "in a row" not in words(page())
    library.cards.review(card.id, 3, now)

    assert "2 days in a row" in words(page())


def test_cards_are_found_changed_left_out_and_deleted(page: Draw, library: Library) -> None:
    first, second = added(library), added(library, "What did ELIZA imitate?")
    app = view(page(), library, "all")
    app.text_input(key=f"find-card-{home.notebook(library).id}").set_value("IMITATE").run()
    assert [label for label in labels(app) if "Open card" in label] == [":small[Open card 2]"]
    app.button(key=f"open-card-{second.id}").click().run()
    app.text_area(key=f"back-{second.id}").set_value("A therapist")
    app.toggle(key=f"leave-out-{second.id}").set_value(True)
    app.button(key="dialog-confirm").click().run()
    changed = library.cards.row(second.id)
    assert (changed.front, changed.back, changed.suspended) == ("What did ELIZA imitate?", "A therapist", True)
    assert "left out of reviews" in words(app)

    app.button(key=f"open-card-{second.id}").click().run()
    app.button(key=f"drop-card-{second.id}").click().run()
    assert len(cards(library)) == 2
    app.button(key="dialog-confirm").click().run()
    assert [row.id for row in cards(library)] == [first.id]


def test_cards_can_be_taken_away_in_three_forms(page: Draw, library: Library) -> None:
    added(library, cited=True)
    app = view(page(), library, "all")

    assert [e.proto.label for e in app.get("download_button")] == ["Anki (.apkg)", "CSV", "Markdown"]


def test_the_page_speaks_french(page: Draw, library: Library) -> None:
    card = added(library)
    app = page({"lang": "fr"})
    assert "# Cartes mémoire" in words(app)
    assert "**1 carte à réviser aujourd’hui** · dont 1 nouvelle · 1 en tout" in words(app)
    app.button(key=f"show-{card.id}").click().run()

    assert any(label.startswith("À revoir · 1 min") for label in labels(app))


def test_hostile_words_are_only_words(page: Draw, library: Library) -> None:
    card = added(library, "<b>bold</b> **x** $y$ :red[z]")
    app = page()
    app.button(key=f"show-{card.id}").click().run()

    assert not app.exception
    assert any("\\*\\*x\\*\\*" in str(e.value) for e in app.markdown)


@pytest.mark.parametrize(
    "seconds, english, french",
    [
        (20, "1 min", "1 min"),
        (600, "10 min", "10 min"),
        (7200, "2 h", "2 h"),
        (3 * DAY, "3 d", "3 j"),
        (60 * DAY, "2 mo", "2 mois"),
        (800 * DAY, "2 y", "2 a"),
    ],
)
def test_intervals_are_told_in_the_unit_that_fits(seconds: int, english: str, french: str) -> None:
    assert (interval(Texts("en"), seconds), interval(Texts("fr"), seconds)) == (english, french)
