"""The evaluation page, drawn from rows as the workers would have written them."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from streamlit.testing.v1 import AppTest

from evaluation.run_figures import figures
from rag.evaluation_rows import EvaluationRun, ItemResult, NewQuestion
from rag.library import Library
from tests.ui import home
from tests.ui.test_page import labels, words
from ui.evaluation_run import progress_text, table
from ui.texts import Texts

Draw = Callable[..., AppTest]
WHO = NewQuestion("Who described ELIZA?", "en", ("Joseph Weizenbaum",), 1, "cours.txt")
ABSENT = NewQuestion("What is the capital of Mongolia?", "en", ())
CSV = b"question,answer,page\nWho described ELIZA?,Joseph Weizenbaum,1\nWhat is the capital of Mongolia?,,\n"


@pytest.fixture
def evaluation(library: Library) -> Iterator[Draw]:
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
    from ui.evaluation import draw
    from ui.texts import Texts

    draw(app, Texts(state.language()))


def runs(library: Library) -> list[EvaluationRun]:
    return library.evaluations.runs(home.notebook(library).id)


def started(library: Library, questions: Sequence[NewQuestion] = (WHO, ABSENT)) -> int:
    return library.evaluate(home.notebook(library).id, "mine.csv", "upload", questions)


def answer(library: Library, *, found: bool = True) -> int:
    """Answer the next question of a run; return its id."""
    item = library.evaluations.claim("test")
    assert item is not None
    [source] = library.store.documents(home.notebook(library).id)
    sourced = home.sourced(source)
    result = ItemResult(
        status="answered" if found else "not_found",
        answer=sourced.answer if found else "",
        text=sourced.text if found else "",
        citations=sourced.citations if found else (),
        passages=sourced.passages,
        memory_text="Alan Turing described it.",
        probability=0.9 if found else 0.2,
        seconds=1.5,
        model_id="scripted",
    )
    library.evaluations.finish(item, result)
    return item.id


def finished(library: Library) -> tuple[int, int]:
    run_id = started(library)
    first = answer(library)
    answer(library, found=False)
    return run_id, first


def test_without_a_ready_source_it_says_what_is_missing(evaluation: Draw) -> None:
    app = evaluation()

    assert not app.exception
    assert "Code: NO_SOURCES" in words(app)
    assert "Start" not in labels(app)


def test_a_file_of_questions_is_shown_and_becomes_a_run(evaluation: Draw, library: Library) -> None:
    home.ready(library)
    app = evaluation()
    chooser = next(e for e in app.file_uploader if e.label.startswith("Questions"))
    chooser.set_value(("mine.csv", CSV, "text/csv")).run()
    assert not app.exception
    assert "2 questions" in words(app)
    assert "1. Who described ELIZA?" in words(app)
    assert "**not in the sources**" in words(app)
    next(b for b in app.button if b.label == "Start").click().run()

    [run] = runs(library)
    assert (run.name, run.origin, run.total, run.wants_memory, run.state) == ("mine.csv", "upload", 2, True, "running")
    assert [item.expected for item in library.evaluations.items(run.id)] == [("Joseph Weizenbaum",), ()]
    assert "0 of 2 answered" in app.progress[0].text if app.progress else words(app)


@pytest.mark.parametrize(
    "code, data",
    [
        ("QUESTIONS_EMPTY", b""),
        ("QUESTIONS_COLUMNS", b"a,b\n1,2\n"),
        ("QUESTIONS_PAGE", b"question,answer,page\nWho?,a,x\n"),
        ("QUESTIONS_DOCUMENT", b"question,answer,document\nWho?,a,other.pdf\n"),
        ("QUESTIONS_TWICE", b"question,answer\nWho?,a\nwho?,a\n"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_a_code(
    evaluation: Draw, library: Library, code: str, data: bytes
) -> None:
    home.ready(library)
    app = evaluation()
    chooser = next(e for e in app.file_uploader if e.label.startswith("Questions"))
    chooser.set_value(("mine.csv", data, "text/csv")).run()

    assert f"Code: {code}" in words(app)
    assert ("Start" in labels(app)) == (code == "QUESTIONS_TWICE")


def test_questions_are_suggested_from_the_text_and_marked_so(evaluation: Draw, library: Library) -> None:
    text = "The program called ELIZA was first described by Joseph Weizenbaum in a journal of that time."
    home.ready(library, texts=(text,))
    app = evaluation()
    app.segmented_control(key=f"way-{home.notebook(library).id}").set_value("suggested").run()
    assert "easier than real questions" in words(app)
    assert "1 question" in words(app)
    next(b for b in app.button if b.label == "Start").click().run()

    [run] = runs(library)
    [item] = library.evaluations.items(run.id)
    assert (run.origin, item.expected, item.page, item.document) == (
        "suggested",
        ("Joseph Weizenbaum",),
        1,
        "cours.txt",
    )


def test_sources_that_make_no_question_say_so(evaluation: Draw, library: Library) -> None:
    home.ready(library, texts=("Short.",))
    app = evaluation()
    app.segmented_control(key=f"way-{home.notebook(library).id}").set_value("suggested").run()

    assert "Code: NOTHING_TO_SUGGEST" in words(app)


def test_a_run_can_be_stopped_and_goes_on_with_the_rest(evaluation: Draw, library: Library) -> None:
    home.ready(library)
    run_id = started(library)
    answer(library)
    app = evaluation()
    assert "Stop" in labels(app)
    app.button(key=f"evaluation.cancel-{run_id}").click().run()
    assert library.evaluations.run(run_id).state == "cancelled"
    app.button(key=f"evaluation.resume-{run_id}").click().run()
    assert library.evaluations.run(run_id).state == "running"
    assert [item.state for item in library.evaluations.items(run_id)] == ["done", "waiting"]


def test_progress_tells_counts_and_the_time_left() -> None:
    run = EvaluationRun(1, 1, "q", "upload", "k", (), True, "running", "", {}, "m", 0.0, 40, 10, 2, 80.0)

    assert progress_text(Texts("en"), run) == "10 of 40 answered · 2 with an error · about 5 min left"
    assert "encore 5 min environ" in progress_text(Texts("fr"), run)


def test_a_model_that_fails_is_told_and_the_run_can_go_on(evaluation: Draw, library: Library) -> None:
    home.ready(library)
    run_id = started(library)
    item = library.evaluations.claim("test")
    library.evaluations.fail_run(item, "MODEL_NOT_PREPARED", {"model": "gemma"})
    app = evaluation()

    assert "Code: MODEL_NOT_PREPARED" in words(app)
    assert "Go on" in labels(app)
    assert library.evaluations.run(run_id).done == 0


def test_results_are_figures_plots_with_words_and_rows(evaluation: Draw, library: Library) -> None:
    home.ready(library)
    _, first = finished(library)
    app = evaluation()

    assert not app.exception
    assert "All 2 answered" in app.get("progress")[0].text
    shown = app.table[-1].value.to_csv()
    assert "100%" in shown
    assert "Expected answer shown" in shown
    assert "Right passage first: 100%; among the first 1: 100%." in words(app)
    assert "only the sources to 1" in words(app)
    assert "Told → came true" in words(app)
    assert "Among the surer half" in words(app)
    assert "rightly not found" in words(app)
    app.button(key=f"item-{first}").click().run()
    assert "Alan Turing described it." in words(app)
    assert "right passage at rank 1" in words(app)
    assert f":orange-background[{home.QUOTE}]" in words(app)


def test_a_run_is_deleted_only_after_it_was_asked(evaluation: Draw, library: Library) -> None:
    home.ready(library)
    run_id, _ = finished(library)
    app = evaluation()
    app.button(key=f"drop-run-{run_id}").click().run()
    assert "Its 2 questions" in words(app)
    assert runs(library)
    app.button(key="dialog-confirm").click().run()

    assert runs(library) == []


def test_a_run_is_compared_with_an_earlier_one_of_the_same_questions(evaluation: Draw, library: Library) -> None:
    home.ready(library)
    first, _ = finished(library)
    other = started(library, (WHO,))
    answer(library)
    second, _ = finished(library)
    app = evaluation()
    chooser = app.selectbox(key=f"compare-{second}")
    assert len(chooser.options) == 2
    chooser.set_value(first).run()

    assert "Earlier run" in app.table[-1].value.to_csv()
    assert other != second
    assert [name.split(" ")[0] for name in app.selectbox(key=f"run-{home.notebook(library).id}").options] == [
        "3.",
        "2.",
        "1.",
    ]


def test_figures_name_the_earlier_value_beside_the_new(library: Library) -> None:
    home.ready(library)
    run_id, _ = finished(library)
    found = figures(library.evaluations.items(run_id))
    [line] = [row for row in table(Texts("fr"), found, found) if "médiane" in row["Mesure"]]

    assert line["Valeur"] == "**1,5\u00a0s**"
    assert line["Série précédente"] == "1,5\u00a0s (1,5 – 1,5\u00a0s)"


def test_the_page_speaks_french(evaluation: Draw, library: Library) -> None:
    home.ready(library)
    finished(library)
    app = evaluation({"lang": "fr"})

    assert "# Évaluation" in words(app)
    assert "la mémoire face aux sources" in words(app)
    assert "absent, à juste titre" in words(app)


def test_hostile_questions_are_only_text(evaluation: Draw, library: Library) -> None:
    home.ready(library)
    hostile = "<b>x</b> ![x](https://evil.example/x.png) :material/delete:"
    started(library, (NewQuestion(hostile, "en", (hostile,)),))
    app = evaluation()
    drawn = [str(e.value) for e in app.markdown] + [button.label for button in app.button]

    assert not any("![" in text or "<b>" in text or "https://" in text for text in drawn)


def test_every_page_is_reached_from_every_other(library: Library) -> None:
    def script(app: object) -> None:
        from ui import state
        from ui.navigation import navigate
        from ui.texts import Texts

        navigate(app, Texts(state.language()))

    app = AppTest.from_function(script, kwargs={"app": home.services(library)}, default_timeout=120)
    app.query_params["notebook"] = str(home.notebook(library).id)
    app.run()

    assert not app.exception
    assert "# Cours LLM" in words(app)
    links = {link.proto.label: link.proto for link in app.get("page_link")}
    assert list(links) == [
        "Notebook",
        "Quiz",
        "Flashcards",
        "Study guide",
        "Notes",
        "Next word",
        "Models",
        "Evaluation",
    ]
    assert all(f"notebook={home.notebook(library).id}" in str(proto) for proto in links.values())
