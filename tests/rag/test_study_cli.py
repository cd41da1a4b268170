"""Quizzes, cards, guides and conversations as a user of the command line makes them and takes them away."""

import json
import signal
import threading
from pathlib import Path
from zipfile import ZipFile

import pytest
from jsonschema import validate

from rag.export.quiz import FORMATS, read_quiz
from rag.export_path import SUFFIXES
from rag.jobs import Workers
from rag.notes import NewNote
from rag.study.types import Item
from rag.study_report import SCHEMAS, quiz_report
from tests.rag.fakes import CITATION, FakeServices
from tests.rag.scripted_study import ScriptedGuideMaker, ScriptedQuizMaker
from tests.rag.study.items import choice, typed
from tests.rag.terminal_user import Terminal

PAGE_1 = "Page 1 tells that the number 1 follows 0."


def checked(kind: str, out: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(out)
    validate(found, json.loads(SCHEMAS[kind].read_text(encoding="utf-8")))
    return found


def test_a_quiz_is_printed_with_all_its_fields(run: Terminal) -> None:
    run("add", "numbers.pdf", "--notebook", "Numbers")
    status, out, err = run("quiz", "--count", "5", "--json")
    assert (status, err) == (0, "")
    found = checked("quiz", out)
    assert {key: found[key] for key in ("notebook", "asked", "made", "dropped")} == {
        "notebook": "Numbers",
        "asked": 5,
        "made": 2,
        "dropped": {},
    }
    first = found["items"][0]  # type: ignore[index]
    assert first["answer"] == "Page"
    assert first["options"][0] == {"text": "Page", "correct": True, "rationale": "It stands there."}
    assert first["source"] == {
        "document": "numbers.pdf",
        "page": 1,
        "page_label": "1",
        "quote": "Page 1 tells that the number 1 follows 0.",
        "start": 0,
        "end": 41,
        "located": "located",
    }


def test_what_was_asked_for_reaches_the_maker(run: Terminal) -> None:
    run("add", "numbers.pdf", "other.pdf")
    words = [
        "--types",
        "cloze,matching",
        "--difficulty",
        "hard",
        "--topic",
        "numbers",
        "--language",
        "fr",
        "--seed",
        "7",
    ]
    assert run("quiz", "--count", "6", *words, "--documents", "other.pdf", "--json")[0] == 0
    (request,) = run.services.quiz_maker.requests
    assert (request.count, request.types, request.difficulty) == (6, ("cloze", "matching"), "hard")
    assert (request.topic, request.language, request.seed) == ("numbers", "fr", 7)
    assert len(request.document_ids) == 1


def test_a_quiz_is_readable_and_says_why_there_are_fewer_items(run: Terminal) -> None:
    run("add", "numbers.pdf")
    status, out, _ = run("quiz", "--count", "5")
    assert status == 0
    assert out == (
        "1. What begins 'Page 1 tells that the number 1 follows 0.'?\n"
        "   * a) Page\n     b) Page0\n     c) Page1\n     d) Page2\n"
        "   Why: Page 1 tells that the number 1 follows 0.\n"
        '   numbers.pdf, p. 1: "Page 1 tells that the number 1 follows 0."\n'
        "\n"
        "2. What begins 'Page 2 tells that the number 2 follows 1.'?\n"
        "   * a) Page\n     b) Page0\n     c) Page1\n     d) Page2\n"
        "   Why: Page 2 tells that the number 2 follows 1.\n"
        '   numbers.pdf, p. 2: "Page 2 tells that the number 2 follows 1."\n'
        "\n"
        "2 of 5 items made; the sources have passages for 2.\n"
    )


@pytest.mark.parametrize("suffix", SUFFIXES["quiz"])
def test_a_quiz_is_written_in_every_format(run: Terminal, tmp_path: Path, suffix: str) -> None:
    run("add", "numbers.pdf")
    status, out, _ = run("quiz", "--count", "5", "--export", f"quiz.{suffix}")
    assert (status, out) == (0, f"quiz.{suffix}: 2 of 5 items made; the sources have passages for 2.\n")
    data = (tmp_path / f"quiz.{suffix}").read_bytes()
    assert data
    if suffix in ("json", "xml", "gift", "csv", "apkg"):
        assert [item.answer for item in read_quiz(f"quiz.{suffix}", data)[1]] == ["Page", "Page"]


def test_the_formats_are_those_that_can_be_written() -> None:
    assert set(SUFFIXES["quiz"]) == set(FORMATS)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("quiz", "--count", "4"), "QUIZ_COUNT"),
        (("quiz", "--count", "31"), "QUIZ_COUNT"),
        (("quiz", "--notebook", "Unknown"), "NOTEBOOK_UNKNOWN"),
        (("quiz", "--documents", "absent.pdf"), "SOURCE_UNKNOWN"),
        (("quiz",), "NO_SOURCES"),
        (("quiz", "--export", "quiz.doc"), "EXPORT_FORMAT"),
        (("quiz", "--export", "none/quiz.csv"), "FILE_UNWRITABLE"),
        (("cards",), "NO_SOURCES"),
        (("cards", "--export", "cards.pdf"), "EXPORT_FORMAT"),
        (("guide", "--kind", "faq"), "NO_SOURCES"),
        (("guide", "--kind", "faq", "--export", "faq.csv"), "EXPORT_FORMAT"),
        (("conversation", "--export", "talk"), "EXPORT_FORMAT"),
        (("notes", "--export", "notes.txt"), "EXPORT_FORMAT"),
    ],
)
def test_a_refused_input_is_one_line_and_loads_nothing(run: Terminal, arguments: tuple[str, ...], code: str) -> None:
    library = run.library()
    library.store.create_notebook("Empty")
    library.close()
    status, out, err = run(*arguments)
    assert (status, out, run.loads) == (2, "", 0)
    assert err.count("\n") == 1
    assert err.endswith(f" [{code}]\n")


@pytest.mark.parametrize(
    "typed_words",
    [
        "quiz --types essay",
        "quiz --count x",
        "guide --kind faq --document a.pdf",
        "guide --kind poem",
        "quiz --json --export a.md",
    ],
)
def test_words_that_mean_nothing_are_told(typed_words: str, run: Terminal) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*typed_words.split())
    assert ended.value.code == 2
    assert "usage: python -m rag" in run.capture.readouterr().err


def test_a_fault_is_told_and_what_was_made_before_it_is_not_lost(run: Terminal, tmp_path: Path) -> None:
    run.services.quiz_maker = Faulty()
    run("add", "numbers.pdf")
    status, out, err = run("quiz", "--count", "5", "--json")
    assert status == 1
    assert err.endswith(" [INTERNAL]\n")
    assert checked("quiz", out)["made"] == 1


def test_a_quiz_of_which_nothing_can_be_made_is_one_line(run: Terminal) -> None:
    run.services.quiz_maker = Faulty(after=0)
    run("add", "numbers.pdf")
    status, out, err = run("quiz", "--count", "5", "--json")
    assert (status, out, err.count("\n")) == (1, "", 1)


class Faulty(ScriptedQuizMaker):
    """Fails after some items."""

    def __init__(self, after: int = 1) -> None:
        super().__init__()
        self._after = after

    def make(self, *given: object, **more: object):  # type: ignore[no-untyped-def,override]
        events = super().make(*given, **more)  # type: ignore[arg-type]
        for _ in range(self._after + 1):
            yield next(events)
        raise ZeroDivisionError


def test_ctrl_c_ends_the_making_and_keeps_what_is_good(run: Terminal) -> None:
    run.services.quiz_maker = ScriptedQuizMaker(delay=0.6)
    run("add", "other.pdf")
    interrupt = threading.Timer(1.7, signal.raise_signal, [signal.SIGINT])
    interrupt.start()
    status, out, err = run("quiz", "--count", "5", "--json")
    assert status == 130
    assert err == "Interrupted: what was made until then is kept.\n"
    made = checked("quiz", out)["made"]
    library = run.library()
    (row,) = library.quizzes.rows(1)
    assert row.state == "cancelled"
    assert made in range(3)
    assert len(library.quizzes.items(row.id)) >= made
    library.close()


def test_beside_a_working_process_nothing_is_loaded(run: Terminal) -> None:
    run("add", "numbers.pdf")
    library = run.library()
    workers = Workers(library, lambda: FakeServices())
    assert workers.start()
    try:
        loads = run.loads
        assert run("quiz", "--count", "5", "--json")[0] == 0
        assert run("guide", "--kind", "summary", "--json")[0] == 0
        assert run.loads == loads
    finally:
        workers.close()
        library.close()


def test_a_guide_is_printed_and_written(run: Terminal, tmp_path: Path) -> None:
    run("add", "numbers.pdf")
    status, out, _ = run("guide", "--kind", "summary", "--language", "en", "--json")
    assert status == 0
    found = checked("guide", out)
    assert (found["kind"], found["language"], found["model"]) == ("summary", "en", "scripted")
    assert found["points"][0]["sources"][0]["located"] == "located"  # type: ignore[index]
    assert run("guide", "--kind", "faq")[1].splitlines()[0] == (
        "- Page 1 tells that the number 1 follows 0. [numbers.pdf, p. 1]"
    )
    for suffix in SUFFIXES["guide"]:
        status, out, _ = run("guide", "--kind", "outline", "--export", f"guide.{suffix}")
        assert (status, out) == (0, f"guide.{suffix}: outline of Lectern.\n")
        assert (tmp_path / f"guide.{suffix}").stat().st_size > 20


def test_ctrl_c_ends_a_guide(run: Terminal) -> None:
    run.services.guide_maker = ScriptedGuideMaker(delay=0.3)
    run("add", "numbers.pdf")
    interrupt = threading.Timer(1.0, signal.raise_signal, [signal.SIGINT])
    interrupt.start()
    assert run("guide", "--kind", "summary", "--json")[:2] == (130, "")


def test_cards_are_made_of_quizzes_once(run: Terminal, tmp_path: Path) -> None:
    run("add", "numbers.pdf")
    status, out, err = run("cards")
    assert (status, out, err.endswith("[NO_DEFINITIONS]\n")) == (2, "", True)
    run("quiz", "--count", "5")
    found = checked("cards", run("cards", "--json")[1])
    assert (found["added"], found["due"], len(found["cards"])) == (2, 2, 2)  # type: ignore[arg-type]
    assert checked("cards", run("cards", "--json")[1])["added"] == 0
    assert run("cards")[1].endswith("2 cards, 2 due today.\n")
    for suffix in SUFFIXES["cards"]:
        assert run("cards", "--export", f"cards.{suffix}")[1] == f"cards.{suffix}: 2 cards, 0 of them new.\n"
    with ZipFile(tmp_path / "cards.apkg") as package:
        assert "collection.anki2" in package.namelist()


def test_notes_are_listed_and_taken_away(run: Terminal, tmp_path: Path) -> None:
    library = run.library()
    notebook = library.store.create_notebook("Lectern")
    library.close()
    assert run("notes") == (0, "", "There are no notes in Lectern yet.\n")
    library = run.library()
    library.notes.add(notebook.id, NewNote("Sky", "It is blue [1].", (CITATION,), "answer"))
    library.close()
    assert run("notes") == (0, 'Sky\nIt is blue [1].\n[1] a.pdf, p. 1: "blue"\n', "")
    for suffix in SUFFIXES["notes"]:
        assert run("notes", "--export", f"notes.{suffix}")[1] == f"notes.{suffix}: 1 note.\n"
    assert "source removed" in Path("notes.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("item", [typed("cloze", "The _____ turns bits into sounds.", "modem", n=2), choice("fr")])
def test_items_without_options_and_in_french_fit_the_schema(item: Item) -> None:
    from rag.study.types import identified

    made = identified(item)
    checked("quiz", json.dumps(quiz_report("N", 5, {"blind": 2}, [made])))


def test_the_guide_of_a_source_is_made_and_printed(run: Terminal) -> None:
    run("add", "numbers.pdf", "other.pdf", "--notebook", "Numbers")
    status, out, err = run("guide", "--document", "numbers.pdf", "--json")
    assert (status, err) == (0, "")
    found = checked("guide", out)
    kept = ("notebook", "kind", "document", "pages", "readable", "headings", "terms", "lacks", "digest")
    assert {key: found[key] for key in kept} == {
        "notebook": "Numbers",
        "kind": "source",
        "document": "numbers.pdf",
        "pages": 2,
        "readable": 2,
        "headings": [],
        "terms": [],
        "lacks": [],
        "digest": None,
    }
    [first] = found["summary"]  # type: ignore[misc]
    assert (first["page"], first["quote"], first["located"]) == (1, PAGE_1, "located")
    assert [one["source"]["page"] for one in found["questions"]] == [1, 2]  # type: ignore[attr-defined]

    status, out, _ = run("guide", "--document", "numbers.pdf")
    assert (status, f"- {PAGE_1} [p. 1]" in out, "? What about Page? [p. 1]" in out) == (0, True, True)
    assert run("guide", "--document", "numbers.pdf", "--export", "guide.md")[:2] == (
        0,
        "guide.md: guide of numbers.pdf.\n",
    )
    assert PAGE_1 in (run.home.parent / "guide.md").read_text(encoding="utf-8")
    status, _, err = run("guide", "--document", "none.pdf")
    assert (status, "[SOURCE_UNKNOWN]" in err) == (2, True)


def test_without_a_kind_it_says_what_the_notebook_is_about(run: Terminal) -> None:
    run("add", "numbers.pdf", "other.pdf", "--notebook", "Numbers")
    run("guide", "--document", "other.pdf")
    status, out, _ = run("guide", "--json")
    found = checked("guide", out)
    assert (status, found["kind"], found["pages"]) == (0, "overview", 5)
    assert found["unmade"] in (0, 1)
    assert "other.pdf" in [one["document"] for one in found["sources"]]  # type: ignore[attr-defined]
    status, out, _ = run("guide")
    assert (status, out.partition(":")[0]) == (0, "Numbers")
