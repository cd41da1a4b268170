"""Notes are copies that stay: with their citations, marked once edited, carried by export, written as files."""

import io
from dataclasses import replace

import pytest
from docx import Document
from pypdf import PdfReader

from rag.errors import RagError
from rag.export.notes import write_notes
from rag.library import Library
from rag.notes import MAX_TITLE, NewNote, NoteRow
from tests.rag.fakes import CITATION

ANSWER = NewNote("What colour?", "It is blue [1].", (CITATION,), "answer")


def only(library: Library, notebook_id: int) -> NoteRow:
    (row,) = library.notes.rows(notebook_id)
    return row


@pytest.fixture
def notebook_id(library: Library) -> int:
    return library.store.create_notebook("Cours").id


def test_a_note_keeps_its_citations_whatever_becomes_of_the_answer(library: Library, notebook_id: int) -> None:
    asked = library.ask(notebook_id, "What colour?")
    note_id = library.notes.add(notebook_id, ANSWER)
    library.conversation.delete_answer(asked)
    row = library.notes.row(note_id)
    assert row is not None
    assert (row.title, row.text, row.citations, row.origin, row.edited) == (
        "What colour?",
        "It is blue [1].",
        (CITATION,),
        "answer",
        False,
    )


def test_a_changed_text_is_marked_as_edited_a_changed_title_is_not(library: Library, notebook_id: int) -> None:
    note_id = library.notes.add(notebook_id, ANSWER)
    library.notes.edit(note_id, "The sky", ANSWER.text)
    assert replace(only(library, notebook_id), changed_at=0) == NoteRow(
        note_id, notebook_id, "The sky", ANSWER.text, (CITATION,), "answer", False,
        only(library, notebook_id).created_at, 0,
    )  # fmt: skip
    library.notes.edit(note_id, "The sky", "It is deep blue [1].")
    library.notes.edit(note_id, "The sky", "It is deep blue [1].")
    row = only(library, notebook_id)
    assert (row.text, row.edited, row.citations) == ("It is deep blue [1].", True, (CITATION,))


@pytest.mark.parametrize(
    ("title", "text", "kept"),
    [("", "Le ciel\nest bleu.", "Le ciel est bleu."), ("a\nb", "t", "a b"), ("é" * 300, "t", "é" * 199 + "…")],
)
def test_a_title_is_one_line_and_never_empty(
    library: Library, notebook_id: int, title: str, text: str, kept: str
) -> None:
    library.notes.add(notebook_id, NewNote(title, text))
    assert only(library, notebook_id).title == kept
    assert len(kept) <= MAX_TITLE


@pytest.mark.parametrize(("text", "code"), [(" \n", "NOTE_EMPTY"), ("a" * 50_001, "NOTE_LONG")])
def test_what_cannot_be_kept_is_told(library: Library, notebook_id: int, text: str, code: str) -> None:
    with pytest.raises(RagError, match=code):
        library.notes.add(notebook_id, NewNote("t", text))
    note_id = library.notes.add(notebook_id, ANSWER)
    with pytest.raises(RagError, match=code):
        library.notes.edit(note_id, "t", text)
    assert only(library, notebook_id).text == ANSWER.text


def test_a_deleted_note_is_gone(library: Library, notebook_id: int) -> None:
    note_id = library.notes.add(notebook_id, ANSWER)
    library.notes.delete(note_id)
    assert (library.notes.rows(notebook_id), library.notes.row(note_id)) == ([], None)
    with pytest.raises(RagError, match="NOTE_GONE"):
        library.notes.edit(note_id, "t", "t")


def test_notes_need_a_notebook_and_go_with_it(library: Library, notebook_id: int) -> None:
    library.notes.add(notebook_id, ANSWER)
    library.delete_notebook(notebook_id)
    assert library.notes.rows(notebook_id) == []
    with pytest.raises(RagError, match="NOTEBOOK_UNKNOWN"):
        library.notes.add(notebook_id, ANSWER)


def test_notes_are_carried_by_export(library: Library, notebook_id: int) -> None:
    first = library.notes.add(notebook_id, ANSWER)
    library.notes.add(notebook_id, NewNote("Mienne", "À revoir."))
    library.notes.edit(first, "Ciel", "Bleu [1].")
    imported = library.import_notebook(library.export_notebook(notebook_id))
    before, after = library.notes.rows(notebook_id), library.notes.rows(imported.id)
    assert [replace(row, id=0, notebook_id=0) for row in after] == [replace(row, id=0, notebook_id=0) for row in before]


NOTES = [
    NoteRow(1, 1, "Le ciel", "Il est bleu [1].", (CITATION,), "answer", True, 0, 0),
    NoteRow(2, 1, "Rappel", "À revoir.", (), "own", True, 0, 0),
    NoteRow(3, 1, "Souvenir", "Vert.", (), "memory", False, 0, 0),
]


def test_a_file_says_whose_words_they_are_and_gives_each_citation() -> None:
    assert write_notes("md", "Cours - Notes", NOTES, "fr").decode() == (
        "# Cours - Notes\n\n"
        "## Le ciel\n\n"
        "D’après vos sources. Texte modifié après l’enregistrement.\n\n"
        "Il est bleu \\[1\\].\n\n"
        "**[1]** a.pdf, p.\u00a01 (i)\n\n"
        "> «\u00a0blue\u00a0»\n\n"
        "confirmé, retrouvée sur sa page\n\n"
        "## Rappel\n\nMots de l’auteur.\n\nÀ revoir.\n\n"
        "## Souvenir\n\nDe mémoire\u00a0: sans source, peut être faux.\n\nVert.\n"
    )


@pytest.mark.parametrize("language", ["fr", "en"])
def test_word_and_pdf_hold_the_same(language: str) -> None:
    paragraphs = [p.text for p in Document(io.BytesIO(write_notes("docx", "Notes", NOTES, language))).paragraphs]  # type: ignore[arg-type]
    printed = " ".join(
        page.extract_text()
        for page in PdfReader(io.BytesIO(write_notes("pdf", "Notes", NOTES, language))).pages  # type: ignore[arg-type]
    )
    for text in ("Le ciel", "Il est bleu [1].", "a.pdf", "Rappel", "Souvenir"):
        assert any(text in paragraph for paragraph in paragraphs)
        assert text in " ".join(printed.split())
