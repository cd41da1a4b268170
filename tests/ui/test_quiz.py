"""The quiz page, drawn from rows as the workers would have written them: making, checking, changing, files."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from rag.export.quiz import FORMATS, write_quiz
from rag.library import Library
from rag.study.gate import REASONS
from rag.study.queue import StudyQueue
from rag.study.rows import QuizRow
from rag.study.types import QuizRequest
from tests.ui import home
from tests.ui.test_page import labels, words
from ui.quiz_new import USUAL
from ui.quiz_progress import progress_text, seconds_left
from ui.texts import Texts, catalogue

Draw = Callable[..., AppTest]


@pytest.fixture
def quizzes(library: Library) -> Iterator[Draw]:
    """Return a function that draws the page; keywords change the workers' status, ``address`` the query."""

    def draw(address: dict[str, str] | None = None, **status: object) -> AppTest:
        app = AppTest.from_function(_script, kwargs={"app": home.services(library, **status)}, default_timeout=60)
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


def rows(library: Library) -> list[QuizRow]:
    return library.quizzes.rows(home.notebook(library).id)


def press(app: AppTest, label: str) -> AppTest:
    return next(b for b in app.button if b.label == label).click().run()


def making(library: Library, count: int = 10, **request: object) -> tuple[StudyQueue, QuizRow]:
    """Begin to make a quiz as a worker does."""
    library.make_quiz(home.notebook(library).id, QuizRequest(count, **request), "Week 2")
    queue = StudyQueue(library.quizzes._database)
    work = queue.claim("test")
    assert isinstance(work, QuizRow)
    return queue, work


def test_without_a_ready_source_it_says_what_is_missing(quizzes: Draw) -> None:
    app = quizzes()

    assert not app.exception
    assert "Code: NO_SOURCES" in words(app)
    assert "Make the quiz" not in labels(app)


def test_one_press_makes_a_quiz_and_a_second_press_of_it_no_other(quizzes: Draw, library: Library) -> None:
    source = home.ready(library)
    app, same = quizzes(), quizzes()
    press(app, "Make the quiz")
    [quiz] = rows(library)
    assert (quiz.name, quiz.state) == ("Quiz 1", "waiting")
    assert quiz.request == QuizRequest(types=USUAL, document_ids=(source.id,))
    assert "Waiting to be made" in app.get("progress")[0].proto.text
    press(same, "Make the quiz")
    assert len(rows(library)) == 1
    press(app, "Make the quiz")
    assert [row.request.seed for row in rows(library)] == [1, 2]


def test_what_is_chosen_is_what_is_asked_for(quizzes: Draw, library: Library) -> None:
    home.ready(library)
    other = home.ready(library, "deux.txt", ("Un autre texte sur les réseaux.",))
    app = quizzes()
    notebook_id = home.notebook(library).id
    app.slider(key=f"quiz-count-{notebook_id}").set_value(7)
    app.button_group(key=f"quiz-types-{notebook_id}").set_value(["cloze", "matching"])
    app.button_group(key=f"quiz-difficulty-{notebook_id}").set_value("hard")
    app.button_group(key=f"quiz-language-{notebook_id}").set_value("fr")
    app.text_input(key=f"quiz-topic-{notebook_id}-0").set_value(" ELIZA ")
    app.multiselect(key=f"quiz-documents-{notebook_id}").set_value([other.id])
    press(app.run(), "Make the quiz")

    [quiz] = rows(library)
    assert quiz.name == "ELIZA"
    assert quiz.request == QuizRequest(7, ("cloze", "matching"), "hard", "ELIZA", (other.id,), (), "fr", 1)


def test_no_kind_of_question_makes_no_quiz(quizzes: Draw, library: Library) -> None:
    home.ready(library)
    app = quizzes()
    app.button_group(key=f"quiz-types-{home.notebook(library).id}").set_value([]).run()

    assert "Choose at least one kind of question." in words(app)
    assert next(b for b in app.button if b.label == "Make the quiz").disabled


def test_progress_shows_what_came_and_can_be_stopped_and_go_on(quizzes: Draw, library: Library) -> None:
    source = home.ready(library)
    queue, quiz = making(library)
    queue.plan(quiz, "test", 10)
    queue.keep(quiz, "test", home.item(source))
    queue.drop(quiz, "test", "blind")
    app = quizzes()
    assert "1 of 10 made · 1 tried and dropped" in app.get("progress")[0].proto.text
    assert "1. Who described ELIZA?" in words(app)
    press(app, "Stop")
    assert library.quizzes.row(quiz.id).state == "cancelled"
    assert "Stopped: 1 of 10 made" in words(app)
    assert app.button_group(key=f"quiz-view-{quiz.id}").options == ["Practise", "Check the questions"]
    press(app, "Go on")
    assert library.quizzes.row(quiz.id).state == "waiting"
    assert len(library.quizzes.items(quiz.id)) == 1


def test_the_time_left_is_told_once_two_are_made() -> None:
    quiz = QuizRow(1, 1, "q", QuizRequest(10), "making", "", {}, 10, 4, {"blind": 3}, "", 1, 0.0, 1000.0)

    assert seconds_left(replace(quiz, done=1), 1020.0) is None
    assert seconds_left(quiz, 1020.0) == 30.0
    assert progress_text(Texts("en"), quiz, 1020.0) == "4 of 10 made · 3 tried and dropped · about 30 s left"
    assert "3 essayées et écartées · encore 30" in progress_text(Texts("fr"), quiz, 1020.0)


def test_fewer_than_asked_is_told_with_the_reasons(quizzes: Draw, library: Library) -> None:
    source = home.ready(library)
    queue, quiz = making(library, 30)
    queue.plan(quiz, "test", 2)
    queue.keep(quiz, "test", home.item(source))
    for reason in ("duplicate", "blind", "duplicate"):
        queue.drop(quiz, "test", reason)
    queue.finish_quiz(quiz, "test", "scripted")
    told = words(quizzes())

    assert "**1 of the 30 questions asked for.**" in told
    assert "The sources chosen have 2 passages" in told
    assert "The other passages gave no question" not in told
    assert told.index("2 · nearly the same as another question") < told.index("1 · answering from the passage")


def test_a_quiz_without_a_question_says_why_and_can_be_written_by_hand(quizzes: Draw, library: Library) -> None:
    home.ready(library)
    queue, quiz = making(library)
    queue.drop(quiz, "test", "formula")
    queue.finish_quiz(quiz, "test", "scripted")
    app = quizzes()

    assert "**0 of the 10 questions asked for.**" in words(app)
    assert "1 · the passage is mostly formulas" in words(app)
    assert "Add a question" in labels(app)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_reason_has_its_words(language: str) -> None:
    assert {f"quiz.dropped_{reason}" for reason in REASONS} <= set(catalogue(language))


def test_a_quiz_that_cannot_be_made_says_why(quizzes: Draw, library: Library) -> None:
    home.ready(library)
    queue, quiz = making(library)
    queue.fail(quiz, "test", "MODEL_NOT_PREPARED", {"model": "gemma"})
    app = quizzes()

    assert "Code: MODEL_NOT_PREPARED" in words(app)
    assert "Go on" in labels(app)


def test_each_question_is_shown_with_key_reasons_and_place(quizzes: Draw, library: Library) -> None:
    source = home.ready(library)
    home.quiz(library, home.item(source), home.typed(source), home.matching(source))
    app = quizzes()
    shown = words(app)

    assert not app.exception
    assert "### 1. Who described ELIZA?" in shown
    assert "**Joseph Weizenbaum** :small[:gray[· right answer]]" in shown
    assert "About Alan Turing." in shown
    assert "**Hint** He worked at MIT." in shown
    assert "blue-badge[One right answer]" in shown
    assert "gray-badge[understand]" in shown
    assert "History · scripted" in shown
    assert "cours.txt, p.\u00a01" in shown
    assert f":orange-background[{home.QUOTE}]" in shown
    assert "**ELIZA** → a program" in shown


def test_a_question_is_edited_in_a_form_and_a_bad_form_changes_nothing(quizzes: Draw, library: Library) -> None:
    quiz_id = home.quiz(library, home.item(home.ready(library)))
    [row] = library.quizzes.items(quiz_id)
    app = quizzes()
    app.button(key=f"edit-item-{row.id}").click().run()
    form = f"edit-{row.id}"
    app.text_area(key=f"stem-{form}").set_value("")
    press(app, "Save")
    assert "Code: ITEM_INCOMPLETE" in words(app)
    assert library.quizzes.items(quiz_id) == [row]

    app.text_area(key=f"stem-{form}").set_value("Which of these people described ELIZA?")
    app.text_input(key=f"option-1-{form}").set_value("Ada Lovelace")
    app.text_area(key=f"explanation-{form}").set_value("The first line says so.")
    press(app, "Save")
    [edited] = library.quizzes.items(quiz_id)
    assert edited.item.stem == "Which of these people described ELIZA?"
    assert edited.item.options[0].text == "Ada Lovelace"
    assert (edited.item.answer, edited.item.explanation) == ("Joseph Weizenbaum", "The first line says so.")
    assert "edited" in edited.item.labels
    assert library.quizzes.row(quiz_id).version == 2


def test_what_is_wrong_with_a_question_is_told(quizzes: Draw, library: Library) -> None:
    source = home.ready(library)
    home.quiz(library, home.typed(source, answer="1999", accepted=("1999",)), home.item(source))
    shown = words(quizzes())

    assert "a number of the answer is not in the passage" in shown
    assert "orange-badge[:material/flag: needs review]" in shown


def test_a_cloze_needs_its_gap(quizzes: Draw, library: Library) -> None:
    quiz_id = home.quiz(library, home.typed(home.ready(library)))
    [row] = library.quizzes.items(quiz_id)
    app = quizzes()
    app.button(key=f"edit-item-{row.id}").click().run()
    app.text_area(key=f"stem-edit-{row.id}").set_value("ELIZA was described then.")
    press(app, "Save")

    assert "Code: ITEM_GAP" in words(app)
    assert library.quizzes.items(quiz_id) == [row]


def test_a_question_is_added_by_hand_from_a_sentence(quizzes: Draw, library: Library) -> None:
    source = home.ready(library)
    quiz_id = home.quiz(library, home.item(source))
    app = quizzes()
    press(app, "Add a question")
    form = f"add-{quiz_id}-choice"
    app.selectbox(key=f"add-sentence-{quiz_id}-{source.id}-0").set_value(1).run()
    app.text_area(key=f"stem-{form}").set_value("What does ELIZA imitate?")
    for n, text in enumerate(("a therapist", "a chess player", "a teacher", "a poet"), start=1):
        app.text_input(key=f"option-{n}-{form}").set_value(text)
    press(app, "Save")

    item = library.quizzes.items(quiz_id)[1].item
    assert (item.type, item.answer, item.source.page_index) == ("choice", "a therapist", 0)
    assert item.source.quote == "It imitates a therapist with simple rules."
    assert home.TEXT[item.source.start : item.source.end] == item.source.quote
    assert "by_hand" in item.labels


def test_questions_are_moved_flagged_removed_and_put_back(quizzes: Draw, library: Library) -> None:
    source = home.ready(library)
    quiz_id = home.quiz(library, home.item(source), home.typed(source))
    first, second = library.quizzes.items(quiz_id)
    app = quizzes()
    app.button(key=f"remove-item-{first.id}").click().run()
    assert [row.id for row in library.quizzes.items(quiz_id)] == [second.id]
    assert "1 question removed or replaced" in [e.label for e in app.expander]
    app.button(key=f"restore-item-{first.id}").click().run()
    assert [row.id for row in library.quizzes.items(quiz_id)] == [first.id, second.id]


def test_a_question_to_be_replaced_waits_and_says_so(quizzes: Draw, library: Library) -> None:
    source = home.ready(library)
    quiz_id = home.quiz(library, home.item(source), home.typed(source))
    row = library.quizzes.items(quiz_id)[0]
    app = quizzes()
    app.button(key=f"redo-item-{row.id}").click().run()

    assert library.quizzes.items(quiz_id)[0].state == "redo"
    assert "being replaced" in words(app)
    assert app.button(key=f"redo-item-{row.id}").disabled


def test_a_deleted_source_keeps_its_quote_and_says_so(quizzes: Draw, library: Library) -> None:
    source = home.ready(library)
    home.ready(library, "other.txt", ("Another text.",))
    home.quiz(library, home.item(source))
    library.remove(source.id)
    shown = words(quizzes())

    assert "This source was removed from the notebook." in shown
    assert home.QUOTE in shown


def test_quizzes_are_listed_renamed_and_deleted_after_a_question(quizzes: Draw, library: Library) -> None:
    source = home.ready(library)
    first = home.quiz(library, home.item(source), name="Same")
    second = home.quiz(library, home.typed(source), name="Same")
    app = quizzes()
    chooser = app.selectbox(key="chosen-quiz")
    assert [name.split(" ")[0] for name in chooser.options] == ["2.", "1."]
    assert chooser.value == second
    chooser.set_value(first).run()
    assert "Who described ELIZA?" in words(app)
    assert app.query_params["quiz"] == str(first)


def test_the_address_names_the_quiz_and_a_wrong_one_is_ignored(quizzes: Draw, library: Library) -> None:
    source = home.ready(library)
    first = home.quiz(library, home.item(source))
    second = home.quiz(library, home.typed(source))

    assert quizzes({"quiz": str(first)}).selectbox(key="chosen-quiz").value == first
    for named in ("999", "x", ""):
        assert quizzes({"quiz": named}).selectbox(key="chosen-quiz").value == second


def test_every_format_can_be_taken_away(quizzes: Draw, library: Library) -> None:
    home.quiz(library, home.item(home.ready(library)))
    app = quizzes()
    offered = {e.label for e in app.get("download_button") if "export" in e.proto.id}

    assert offered == {Texts("en")(form.label_key) for form in FORMATS.values()}


def test_a_file_becomes_a_quiz_and_a_damaged_one_says_so(quizzes: Draw, library: Library) -> None:
    source = home.ready(library)
    items = [home.item(source), home.typed(source)]
    app = quizzes()
    app.button_group(key=f"quiz-way-{home.notebook(library).id}").set_value("import").run()

    def upload(name: str, data: bytes) -> None:
        chooser = next(e for e in app.file_uploader if e.label == "Quiz file")
        chooser.set_value((name, data, "application/json")).run()

    upload("bad.json", b"{}")
    assert "Code: QUIZ_FILE" in words(app)
    assert rows(library) == []
    upload("week.json", write_quiz("json", "Week 3", items, "en"))
    [quiz] = rows(library)
    assert (quiz.name, quiz.state) == ("Week 3", "done")
    assert [row.item.stem for row in library.quizzes.items(quiz.id)] == [item.stem for item in items]
    assert "“Week 3” was imported with its 2 questions." in words(app)
    assert "asked for" not in words(app)


def test_cards_are_made_of_the_questions_once(quizzes: Draw, library: Library) -> None:
    home.quiz(library, home.item(home.ready(library)))
    app = quizzes()
    press(app, "Make flashcards")
    assert "New flashcards: 1." in words(app)
    press(app, "Make flashcards")
    assert "New flashcards: 0." in words(app)


def test_the_page_speaks_french(quizzes: Draw, library: Library) -> None:
    home.quiz(library, home.item(home.ready(library)))
    shown = words(quizzes({"lang": "fr"}))

    assert "Une bonne réponse" in shown
    assert "· bonne réponse" in shown
    assert "**Indice**" in shown


def test_hostile_questions_are_only_text(quizzes: Draw, library: Library) -> None:
    hostile = "<img src=x> ![p](http://example.org/p.png) :red[red] $x$"
    home.quiz(library, home.item(home.ready(library), hostile, section=hostile, hint=hostile))
    app = quizzes()

    drawn = [str(e.value) for e in (*app.markdown, *app.caption) if "example" in str(e.value)]
    assert len(drawn) == 3
    assert all(r"\<img src\=x\> \!\[p\](http" in text and r"red\[red\] \$x\$" in text for text in drawn)


def test_time_is_read_from_the_clock_of_the_row(library: Library) -> None:
    home.ready(library)
    _, quiz = making(library)
    assert abs(quiz.stage_started - time.time()) < 60
