"""Every state of the page, drawn from rows."""

from collections.abc import Callable

import pytest
from streamlit.config import get_option
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import FileUploader

from ingest.types import PageWarning, Upload
from rag.errors import StorageError
from rag.library import Library
from rag.rows import Receipt
from rag.types import Comparison
from tests.ui import home
from ui.escape import JOINER

Draw = Callable[..., AppTest]


def words(app: AppTest) -> str:
    """Return everything that can be read on the page, without the escapes."""
    kinds = (app.markdown, app.caption, app.error, app.info, app.warning, app.code, app.toast)
    return "\n".join(str(e.value) for kind in kinds for e in kind).replace("\\", "").replace(JOINER, "")


def uploader(app: AppTest) -> FileUploader:
    return next(e for e in app.file_uploader if e.label == "Add PDFs")


def labels(app: AppTest) -> list[str]:
    return [button.label.replace("\\", "") for button in app.button]


def test_an_empty_notebook_asks_for_a_pdf_and_says_what_it_promises(page: Draw) -> None:
    app = page()

    assert not app.exception
    assert "Add a PDF to begin" in words(app)
    assert "Your PDFs, questions and answers stay on this computer." in words(app)
    assert "PDF files up to 200 MB each" in words(app)
    assert len(app.file_uploader) == 3  # the sources (here and in the sidebar), and the import of a notebook
    assert not app.chat_input


def test_an_export_larger_than_a_source_can_be_imported(page: Draw) -> None:
    limits = {e.label: e.proto.max_upload_size_mb for e in page().file_uploader}

    assert limits == {"Add PDFs": 200, "A notebook exported from Lectern (.zip)": 2000}
    assert get_option("server.maxUploadSize") >= 2000  # the server refuses what is larger, whatever a widget allows


def test_a_library_without_notebooks_offers_to_make_one(page: Draw, library: Library) -> None:
    library.delete_notebook(home.notebook(library).id)
    app = page()

    assert "No notebook yet" in words(app)
    app.text_input(key="create-name").set_value("Algebra")
    next(b for b in app.button if b.label == "Create").click()
    app.run()
    assert [row.name for row in library.store.notebooks()] == ["Algebra"]
    assert "# Algebra" in words(app)


def test_a_ready_notebook_waits_for_the_first_question(page: Draw, library: Library) -> None:
    home.ready(library)
    app = page()

    assert "Ask your first question" in words(app)
    assert "1 source, 1 page" in words(app)
    assert "runs on this computer" in words(app)
    assert app.checkbox[0].value is True
    assert app.checkbox[0].label == "cours.txt · 1\u00a0p."  # a screen reader reads it as it stands


def test_an_upload_is_told_only_once_it_is_stored(page: Draw, library: Library) -> None:
    app = page()
    uploader(app).set_value([("notes.txt", b"Some notes.", "text/plain"), ("b.pdf", b"GIF89a", "application/pdf")])
    app.run()

    assert [(r.name, r.state) for r in library.store.documents(home.notebook(library).id)] == [
        ("notes.txt", "received"),
        ("b.pdf", "refused"),
    ]
    assert [toast.value.replace("\\", "") for toast in app.toast] == ["Received: notes.txt"]
    assert "b.pdf is not a PDF file" in words(app)
    assert "Code: NOT_PDF" in words(app)
    assert "Waiting to be read" in app.progress[0].text


def test_a_file_that_cannot_be_stored_stops_no_other(
    page: Draw, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive = library.receive

    def full_for_some(notebook_id: int, upload: Upload) -> Receipt:
        if upload.name.startswith("big"):
            raise StorageError("DISK_FULL", path="/data", reason="no space")
        return receive(notebook_id, upload)

    monkeypatch.setattr(library, "receive", full_for_some)
    app = page()
    before = uploader(app).id
    files = [(name, name.encode(), "text/plain") for name in ("big1.txt", "a.txt", "big2.txt", "b.txt")]
    uploader(app).set_value(files).run()

    assert [row.name for row in library.store.documents(home.notebook(library).id)] == ["a.txt", "b.txt"]
    assert [toast.value for toast in app.toast] == ["Received: 2 files"]
    assert [error.value.replace("\\", "").split("  \n")[0] for error in app.error] == ["**big1.txt**", "**big2.txt**"]
    assert "Code: DISK_FULL" in words(app)
    assert uploader(app).id != before


def test_a_duplicate_is_told_and_not_stored_again(page: Draw, library: Library) -> None:
    home.ready(library)
    app = page()
    uploader(app).set_value([("again.txt", home.TEXT.encode(), "text/plain")]).run()

    assert "Already in this notebook: cours.txt" in words(app)
    assert len(library.store.documents(home.notebook(library).id)) == 1


def test_a_file_on_its_way_shows_stage_and_counts_and_can_be_cancelled(page: Draw, library: Library) -> None:
    row = home.received(library)
    library.queue.claim_document("test")
    library.queue.progress(row.id, "extracting", 12, 48)
    app = page()

    assert "Reading page 12 of 48" in app.progress[0].text
    app.button(key=f"cancel-{row.id}").click().run()
    assert library.store.document(row.id) is None


def test_a_failed_source_can_be_tried_again(page: Draw, library: Library) -> None:
    row = home.received(library)
    library.queue.claim_document("test")
    library.queue.fail(row.id, "MODEL_MEMORY", {"model": "big"})
    app = page()

    assert "The model big does not fit in memory" in words(app)
    app.button(key=f"retry-{row.id}").click().run()
    assert library.store.document(row.id).state == "received"


def test_a_source_that_could_not_be_read_whole_says_which_pages(page: Draw, library: Library) -> None:
    warnings = [PageWarning(1, "NO_TEXT"), PageWarning(2, "NO_TEXT")]
    row = home.ready(library, texts=(home.TEXT, "", ""), warnings=warnings)
    app = page()

    assert app.checkbox[0].label == "⚠ cours.txt · 1/3\u00a0p."
    app.button(key=f"about-{row.id}").click().run()
    assert "**cours.txt**" in words(app)
    assert "1 of 3 pages readable" in words(app)
    assert "Pages 2–3 are pictures; text recognition is not installed." in words(app)
    app.button(key=f"remove-{row.id}").click().run()
    assert library.store.document(row.id) is None


def test_unticking_a_source_is_stored(page: Draw, library: Library) -> None:
    row = home.ready(library)
    app = page()
    app.checkbox[0].uncheck().run()

    assert library.store.document(row.id).ticked is False


def test_a_question_becomes_a_row_that_waits(page: Draw, library: Library) -> None:
    home.ready(library)
    app = page()
    app.toggle[0].set_value(False).run()
    app.chat_input[0].set_value("Who described ELIZA?").run()
    (row,) = library.conversation.answers(home.notebook(library).id)

    assert (row.question, row.state, row.wants_memory) == ("Who described ELIZA?", "queued", False)
    assert "Waiting to start" in words(app)
    assert "Stop" in labels(app)
    assert page().toggle[0].value is False


@pytest.mark.parametrize(
    ("language", "question", "told"),
    [
        ("en", "Who described ELIZA?", "No source is ticked and ready."),
        ("fr", "Qui a décrit ELIZA ?", "Aucune source n’est cochée et prête."),
        ("en", "Why? " * 500, "The question is longer than 2000 characters."),
        ("fr", "Pourquoi ? " * 200, "La question dépasse 2000 caractères."),
    ],
)
def test_a_refused_question_stays_in_the_box(
    page: Draw, library: Library, language: str, question: str, told: str
) -> None:
    row = home.ready(library)
    library.store.set_ticked(row.id, False)
    app = page({"lang": language})
    app.toggle[0].set_value(False).run()
    app.chat_input[0].set_value(question).run()
    box = app.chat_input[0].proto

    assert told in words(app)
    assert (box.set_value, box.value, box.max_chars) == (True, question, 0)
    assert not library.conversation.answers(home.notebook(library).id)


def test_a_question_that_finds_the_disk_full_stays_in_the_box_until_it_is_asked(
    page: Draw, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise StorageError("DISK_FULL", path="/data", reason="no space")

    home.ready(library)
    app = page()
    with monkeypatch.context() as patch:
        patch.setattr(library, "ask", full)
        app.chat_input[0].set_value("Who?").run()
    assert (app.chat_input[0].proto.value, "Code: DISK_FULL" in words(app)) == ("Who?", True)
    app.chat_input[0].set_value("Who?").run()
    assert (app.chat_input[0].proto.set_value, "Code:" in words(app)) == (False, False)
    assert [row.question for row in library.conversation.answers(home.notebook(library).id)] == ["Who?"]


def test_a_waiting_question_shows_its_place_and_can_be_taken_back(page: Draw, library: Library) -> None:
    home.ready(library)
    home.asked(library)
    second = home.asked(library, "And when?")
    app = page()

    assert "1 question before yours" in words(app)
    app.button(key=f"unqueue-{second}").click().run()
    assert library.conversation.answer(second).state == "stopped"


def test_an_answer_is_shown_while_it_is_written_and_can_be_stopped(page: Draw, library: Library) -> None:
    home.ready(library)
    answer_id = home.asked(library)
    home.streaming(library, answer_id, "It was Joseph Weizen")
    app = page()

    assert "It was Joseph Weizen" in words(app)
    assert "Writing from your sources…" in words(app)
    app.button(key=f"stop-{answer_id}").click().run()
    assert library.conversation.answer(answer_id).stopping
    assert "Stopping…" in words(app)
    assert app.button(key=f"stop-{answer_id}").disabled


def test_the_loading_of_the_model_is_told(page: Draw, library: Library) -> None:
    home.ready(library)
    home.streaming(library, home.asked(library))

    assert words(page(models="loading")).count("The model is being loaded…") == 2


def test_a_finished_answer_shows_both_columns_and_what_differs(page: Draw, library: Library) -> None:
    row = home.answered(library, home.sourced(home.ready(library)), comparison=Comparison("differ", ("Alan Turing",)))
    app = page()

    assert not app.exception
    assert "Joseph Weizenbaum described it in 1966 :blue-badge[1]." in words(app)
    assert "In your sources" in words(app)
    assert "supported" in words(app)
    assert "marked on the page" in words(app)
    assert "ELIZA was developed by Alan Turing." in words(app)
    assert "No source · may be wrong" in words(app)
    assert "They differ: “Alan Turing” is in the model's memory, but not in the passages found." in words(app)
    assert app.button(key=f"cite-{row.id}-0").label.replace("\\", "") == "**1** · cours.txt, p.\u00a01"
    assert "[1] cours.txt, p.\u00a01: “ELIZA was described by Joseph Weizenbaum in 1966.”" in words(app)


def test_a_citation_opens_its_page_and_closes(page: Draw, library: Library) -> None:
    row = home.answered(library, home.sourced(home.ready(library)))
    app = page()
    app.button(key=f"cite-{row.id}-0").click().run()

    assert "Citation 1 of 1" in words(app)
    assert f":orange-background[{home.QUOTE}]" in words(app)
    app.button(key=f"close-{row.id}").click().run()
    assert "Citation 1 of 1" not in words(app)


def test_a_quote_that_is_not_on_the_page_marks_nothing(page: Draw, library: Library) -> None:
    source = home.ready(library)
    cited = home.citation(source, "Words that were never there", located="page_only")
    row = home.answered(library, home.sourced(source, citations=(cited,)))
    app = page()
    app.button(key=f"cite-{row.id}-0").click().run()

    assert "page only" in words(app)
    assert "could not be marked on this page with certainty" in words(app)
    assert "-background[" not in words(app)


def test_a_removed_source_keeps_its_quote(page: Draw, library: Library) -> None:
    source = home.ready(library)
    row = home.answered(library, home.sourced(source))
    library.remove(source.id)
    app = page()

    assert "source deleted" in words(app)
    app.button(key=f"cite-{row.id}-0").click().run()
    assert "This source was removed from the notebook." in words(app)
    assert home.QUOTE in words(app)


def test_not_found_is_an_answer_and_offers_the_nearest_passages(page: Draw, library: Library) -> None:
    source = home.ready(library)
    found = home.sourced(source, status="not_found", answer="", text="", citations=())
    row = home.answered(library, found, comparison=Comparison("unsupported", ("Alan Turing",)))
    app = page()

    assert "Not in your sources" in words(app)
    assert "nearness 0.87" in words(app)
    assert "not supported by the passages found: “Alan Turing”" in words(app)
    app.button(key=f"near-{row.id}-0").click().run()
    assert "Passage 1 of 1" in words(app)


@pytest.mark.parametrize(
    "unread, told",
    [
        (1, "1 of your sources was still being read when this was asked."),
        (2, "2 of your sources were still being read"),
    ],
)
def test_sources_unread_when_asked_are_told_before_not_found(
    page: Draw, library: Library, unread: int, told: str
) -> None:
    source = home.ready(library)
    home.answered(library, home.sourced(source, status="not_found", text="", citations=(), unread=unread))
    column = page().columns[0]
    drawn = [str(e.value).replace("\\", "") for e in column if e.type in ("markdown", "caption")]

    assert told in drawn[1]
    assert "Not in your sources" in drawn[2]


def test_sources_unread_when_asked_are_told_beside_an_answer(page: Draw, library: Library) -> None:
    source = home.ready(library)
    home.answered(library, home.sourced(source))
    assert "still being read" not in words(page())

    home.answered(library, home.sourced(source, unread=3), question="And when?")
    assert "3 of your sources were still being read when this was asked. Ask again to include them." in words(page())


def test_the_passages_searched_can_be_looked_at(page: Draw, library: Library) -> None:
    source = home.ready(library)
    passages = (home.passage(source), home.passage(source, 2, score=0.5))
    row = home.answered(library, home.sourced(source, passages=passages, left_out=(2,)))
    app = page()
    app.menu_button(key=f"more-{row.id}").set_value("passages").run()

    assert "did not fit in what the model reads" in words(app)
    app.button(key=f"searched-{row.id}-1").click().run()
    assert "Passage 2 of 2" in words(app)


def test_partial_support_is_told_in_words(page: Draw, library: Library) -> None:
    source = home.ready(library)
    cited = (home.citation(source, support="weak"), home.citation(source, support="not_found"))
    home.answered(library, home.sourced(source, status="partial", citations=cited))
    app = page()

    assert "Partly in your sources" in words(app)
    assert "weak support" in words(app)
    assert "not found in the text" in words(app)
    assert words(app).count("Read the page before you rely on this.") == 2


def test_a_number_that_is_weakly_supported_looks_different(page: Draw, library: Library) -> None:
    source = home.ready(library)
    home.answered(library, home.sourced(source, citations=(home.citation(source, support="weak"),)))

    assert "in 1966 :orange-badge[:material/help: 1]." in words(page())


def test_several_quotes_of_one_passage_are_told_apart(page: Draw, library: Library) -> None:
    source = home.ready(library)
    second = "It imitates a therapist with simple rules."
    start = home.TEXT.index(second)
    cited = (home.citation(source), home.citation(source, second, start=start, end=start + len(second)))
    row = home.answered(library, home.sourced(source, citations=cited))
    app = page()

    chips = [app.button(key=f"cite-{row.id}-{n}").label.replace("\\", "") for n in (0, 1)]
    assert chips == ["**1a** · cours.txt, p.\u00a01", "**1b** · cours.txt, p.\u00a01"]
    assert "[1b] cours.txt, p.\u00a01: “It imitates" in words(app)


def test_the_short_answer_is_set_off_in_its_quote(page: Draw, library: Library) -> None:
    home.answered(library, home.sourced(home.ready(library)))

    assert "“ELIZA was described by **Joseph Weizenbaum** in 1966.”" in words(page())


def test_what_the_sources_do_not_speak_of_is_told(page: Draw, library: Library) -> None:
    home.answered(library, home.sourced(home.ready(library), status="partial", missing=("Paris", "1970")))

    assert "Your sources do not speak of: “Paris” and “1970”." in words(page())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_a_model_wrote_beside_the_sources_is_told(page: Draw, library: Library, language: str) -> None:
    doubted = home.sourced(
        home.ready(library), status="partial", unsupported=("It cost *900* dollars.",), instead="Kenneth Colby"
    )
    home.answered(library, doubted)
    app = page({"lang": language})
    told = {
        "en": ("answer: “Kenneth Colby”.", "1 sentence left out: no passage supports it"),
        "fr": (
            "répondent\u00a0: «\u00a0Kenneth Colby\u00a0».",
            "1 phrase laissée de côté\u00a0: aucun passage ne la confirme",
        ),
    }

    assert told[language][0] in words(app)
    (left_out,) = [e for e in app.expander if e.label == told[language][1]]
    assert [e.value for e in left_out.markdown] == ["- It cost \\*900\\* dollars\\."]


def test_a_partial_answer_without_a_reason_asks_to_read_the_passage(page: Draw, library: Library) -> None:
    home.answered(library, home.sourced(home.ready(library), status="partial"))

    assert "Not sure that this answers all of the question." in words(page())


def test_the_uploader_stays_when_the_last_source_is_removed(page: Draw, library: Library) -> None:
    row = home.ready(library)
    home.answered(library, home.sourced(row))
    library.remove(row.id)
    app = page()

    assert any(e.label == "Add PDFs" for e in app.sidebar.get("file_uploader"))


@pytest.mark.parametrize("code, details", [("GENERATION", {"reason": "out of memory"}), ("INTERRUPTED", {})])
def test_an_error_keeps_what_was_written_and_gives_its_code(
    page: Draw, library: Library, code: str, details: dict[str, str]
) -> None:
    home.answered(library, home.sourced(home.ready(library)), state="error", code=code, details=details)
    app = page()

    assert f"Code: {code}" in app.error[0].value.replace("\\", "")
    assert "Joseph Weizenbaum described it" in words(app)


def test_a_stopped_answer_keeps_its_text(page: Draw, library: Library) -> None:
    home.answered(library, home.sourced(home.ready(library)), state="stopped", memory="ELIZA was")
    app = page()

    assert "Stopped. What was written is kept." in words(app)
    assert "ELIZA was" in words(app)


@pytest.mark.parametrize("state", ["stopped", "error"])
def test_what_was_written_but_not_checked_says_so(page: Draw, library: Library, state: str) -> None:
    home.ready(library)
    answer_id = home.asked(library)
    home.streaming(library, answer_id, "It was Alan Turing [1].")
    assert "Not checked" not in words(page())
    library.conversation.finish_answer(answer_id, state, code="INTERRUPTED" if state == "error" else "")
    drawn = words(page())

    assert drawn.index("Not checked against the sources.") < drawn.index("It was Alan Turing [1].")


def test_the_newest_question_comes_first(page: Draw, library: Library) -> None:
    source = home.ready(library)
    for question in ("First?", "Second?"):
        home.answered(library, home.sourced(source), question=question)
    home.asked(library, "Third?")
    drawn = words(page())

    assert drawn.index("## Third?") < drawn.index("## Second?") < drawn.index("## First?")


def test_judging_asking_again_and_deleting_are_stored(page: Draw, library: Library) -> None:
    row = home.answered(library, home.sourced(home.ready(library)))
    app = page()
    app.feedback[0].set_value(1).run()
    assert library.conversation.answer(row.id).feedback == 1

    app.button(key=f"again-{row.id}").click().run()
    stored = library.conversation.answers(row.notebook_id)
    assert [(r.question, r.turn) for r in stored] == [(row.question, row.id)] * 2
    library.conversation.delete_answer(stored[1].id)

    app = page()
    app.menu_button(key=f"more-{row.id}").set_value("drop_answer").run()
    assert library.conversation.answer(row.id)
    app.button(key="dialog-confirm").click().run()
    assert library.conversation.answer(row.id) is None


@pytest.mark.parametrize("menu, action", [(1, "delete_conversation"), (0, "delete")])
def test_what_cannot_be_undone_is_asked_first(page: Draw, library: Library, menu: int, action: str) -> None:
    home.answered(library, home.sourced(home.ready(library)))
    notebook = home.notebook(library)
    app = page()
    app.menu_button[menu].set_value(action).run()

    assert "will be deleted" in words(app)
    assert library.conversation.answers(notebook.id)
    app.button(key="dialog-confirm").click().run()
    assert not library.conversation.answers(notebook.id)
    assert (library.store.notebook(notebook.id) is None) == (action == "delete")


@pytest.mark.parametrize(
    ("language", "action", "told", "left"),
    [
        ("en", "drop_answer", "It will be deleted from this computer", 1),
        ("fr", "drop_answer", "Elle sera supprimée de cet ordinateur", 1),
        ("en", "drop_versions", "All 2 versions will be deleted", 0),
        ("fr", "drop_versions", "Les 2 versions seront supprimées", 0),
    ],
)
def test_an_answer_or_all_its_versions_are_asked_for_before_they_go(
    page: Draw, library: Library, language: str, action: str, told: str, left: int
) -> None:
    first = home.answered(library, home.sourced(home.ready(library)))
    again = library.ask(first.notebook_id, first.question, conversation_id=first.conversation_id, turn=first.turn)
    library.conversation.claim_answer("test")
    library.conversation.finish_answer(again, "done")
    app = page({"lang": language})
    app.menu_button(key=f"more-{again}").set_value(action).run()
    assert told in words(app)
    app.button(key="dialog-cancel").click().run()
    assert len(library.conversation.answers(first.notebook_id)) == 2
    app.menu_button(key=f"more-{again}").set_value(action).run()
    app.button(key="dialog-confirm").click().run()
    assert [row.id for row in library.conversation.answers(first.notebook_id)] == [first.id][:left]
    assert not app.exception


def test_a_notebook_can_be_renamed_but_not_to_a_taken_name(page: Draw, library: Library) -> None:
    library.store.create_notebook("Taken")
    app = page({"notebook": str(home.notebook(library).id)})
    for name in ("Taken", "Chatbots"):
        app.menu_button[0].set_value("rename").run()
        app.text_input(key=f"name-{home.notebook(library).id}").set_value(name)
        app.button(key="dialog-confirm").click().run()
        assert ("Code: NAME_TAKEN" in words(app)) == (name == "Taken")

    assert home.notebook(library).name == "Chatbots"


def test_the_open_notebook_stands_in_the_address(page: Draw, library: Library) -> None:
    other = library.store.create_notebook("Other")

    assert "# Other" in words(page({"notebook": str(other.id)}))
    assert "# Cours LLM" in words(page({"notebook": str(home.notebook(library).id)}))


def test_without_a_known_notebook_in_the_address_the_newest_opens(page: Draw, library: Library) -> None:
    library.store.create_notebook("A later one")

    assert "# A later one" in words(page())
    assert "# A later one" in words(page({"notebook": "999"}))


def test_the_page_speaks_french(page: Draw, library: Library) -> None:
    home.answered(library, home.sourced(home.ready(library)), comparison=Comparison("differ", ("Alan Turing",)))
    app = page({"lang": "fr"})

    assert "D’après vos sources" in words(app)
    assert "Sans source · peut être faux" in words(app)
    assert "«\u00a0Alan Turing\u00a0» vient de la mémoire du modèle et est absent des passages trouvés." in words(app)
    app.segmented_control[0].set_value("en").run()
    assert "From your sources" in words(app)


def test_a_hostile_name_and_question_are_only_text(page: Draw, library: Library) -> None:
    home.ready(library, name="![x](http:§§evil.example).txt".replace("§", "/")[-30:])
    home.answered(library, None, question="<b>x</b> ![x](https://evil.example/x.png) :material/delete:")
    app = page()
    drawn = [str(e.value) for e in app.markdown] + [button.label for button in app.button]

    assert not any("![" in text or "<b>" in text or "https://" in text for text in drawn)


def test_the_tiny_model_is_told_once(page: Draw) -> None:
    app = page()
    assert "The bundled model is tiny" in words(app)
    app.button(key="tiny-model-told").click().run()

    assert "The bundled model is tiny" not in words(page())


def test_another_process_at_work_and_a_model_that_fails_are_told(page: Draw) -> None:
    assert "Another Lectern process is working" in words(page(holding=False, holder="app, process 7"))
    failed = page(models="error", code="MODEL_NOT_PREPARED", details={"model": "gemma"})
    assert "Code: MODEL_NOT_PREPARED" in failed.error[0].value.replace("\\", "")


def test_an_unexpected_fault_shows_a_code_and_no_traceback(page: Draw, library: Library) -> None:
    library.conversations.rows = lambda _: 1 / 0  # a fault that no one foresaw
    app = page()

    assert not app.exception
    assert "Code: INTERNAL" in app.error[0].value.replace("\\", "")
    assert "division" not in words(app)
