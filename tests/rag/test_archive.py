"""A notebook leaves as a file and comes back whole; a hostile file leaves nothing."""

import io
import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ingest.types import Upload
from rag.choice import without_place
from rag.errors import RagError
from rag.evaluation_rows import NewQuestion
from rag.export.conversation import write_conversation
from rag.jobs import Workers
from rag.library import Library
from rag.report import report
from rag.rows import AnswerRow, DocumentRow
from tests.rag.export.items import CHOICE
from tests.rag.fakes import TOKENS, pdf


@pytest.fixture
def exported(library: Library, work: Callable[[], Workers]) -> bytes:
    notebook = library.store.create_notebook("Cours")
    library.store.set_ticked(library.receive(notebook.id, Upload("é.pdf", pdf("a", "", "b"))).document.id, False)
    library.receive(notebook.id, Upload("not.pdf", b"hello"))
    library.receive(notebook.id, Upload("b.pdf", pdf("b")))
    first = library.ask(notebook.id, "Quoi ?", language="fr")
    library.ask(notebook.id, "waits", language="en", document_ids=[1])
    workers = work()
    for row in library.store.documents(notebook.id):
        library.wait_document(row.id)
    library.store.set_ticked(library.store.documents(notebook.id)[2].id, True)
    library.evaluate(notebook.id, "q.csv", "upload", [NewQuestion("Quoi ?", "fr", ("blue",))])
    for answer in library.conversation.answers(notebook.id):
        library.wait(answer.id)
    while library.evaluations.runs(notebook.id)[0].state != "done":
        time.sleep(0.01)
    library.conversation.set_feedback(first, -1, "incomplete", "et quand ?")
    library.conversations.rename(answer_row(library, first).conversation_id, "Semaine 1")
    library.conversations.start(notebook.id)
    again = answer_row(library, first)
    third = library.ask(notebook.id, "Et après ?", language="fr")
    library.conversation.save_searched(third, "Et après quoi ?")
    library.ask(notebook.id, "Quoi ?", language="fr", conversation_id=again.conversation_id, turn=again.turn)
    for answer in library.conversation.answers(notebook.id):
        library.wait(answer.id)
    workers.close()
    return library.export_notebook(notebook.id)


def answer_row(library: Library, answer_id: int) -> AnswerRow:
    row = library.conversation.answer(answer_id)
    assert row is not None
    return row


def test_the_place_of_a_model_stays_on_this_computer(library: Library) -> None:
    notebook = library.store.create_notebook("Cours")
    answer_id = library.ask(notebook.id, "Quoi ?", language="fr", sources=False)
    library.conversation.claim_answer("test")
    library.conversation.finish_answer(
        answer_id, "done", memory_text="Bleu.", model_id="/home/ada/models/qwen+a:0123456789ab"
    )
    library.quizzes.take(notebook.id, "Contrôle", [replace(CHOICE, model_id="/home/ada/models/qwen")])
    row = answer_row(library, answer_id)
    assert (row.model_id, report(row)["model"]) == ("qwen+a:0123456789ab", "qwen+a:0123456789ab")
    with zipfile.ZipFile(io.BytesIO(library.export_notebook(notebook.id))) as archive:
        packed = b"".join(archive.read(name) for name in archive.namelist())
    assert b"qwen+a" in packed
    assert b"home" not in packed + write_conversation("md", "Cours", [row], "fr")


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("/home/ada/models/qwen", "qwen"),
        ("/home/ada/a+b/qwen", "qwen"),
        ("~/models/qwen.gguf", "qwen.gguf"),
        ("../qwen+org/adapter:0123456789ab", "qwen+org/adapter:0123456789ab"),
        ("Qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
        ("gemma-3-270m+bundled:0123456789ab", "gemma-3-270m+bundled:0123456789ab"),
        ("", ""),
    ],
)
def test_of_the_name_of_a_model_only_the_last_part_of_a_path_is_shown(kept: str, shown: str) -> None:
    assert without_place(kept) == shown


def as_asked(library: Library, rows: list[AnswerRow]) -> list[tuple[str, int, AnswerRow]]:
    """Answers without what an import numbers anew, with the title of the conversation and the place of the turn."""
    ids = [row.id for row in rows]
    found = []
    for row in rows:
        names = {d.id: d.name for d in library.store.documents(row.notebook_id)}
        titles = {talk.id: talk.title for talk in library.conversations.rows(row.notebook_id)}
        asked: Any = tuple(names[i] for i in row.document_ids)
        plain = replace(row, id=0, notebook_id=0, conversation_id=0, turn=0, document_ids=asked)
        found.append((titles[row.conversation_id], ids.index(row.turn), plain))
    return found


def as_sent(row: DocumentRow) -> DocumentRow:
    return replace(row, id=0, notebook_id=0, stage_started=0.0)


def test_a_notebook_comes_back_without_loss(library: Library, exported: bytes, work: Callable[[], Workers]) -> None:
    source = library.store.find_notebook("Cours")
    assert source is not None
    copy = library.import_notebook(exported)
    assert copy.name == "Cours (2)"
    there = as_asked(library, library.conversation.answers(copy.id))
    assert there == as_asked(library, library.conversation.answers(source.id))
    assert [(title, place, row.searched, row.reason) for title, place, row in there] == [
        ("Semaine 1", 0, "", "incomplete"),
        ("Semaine 1", 1, "", ""),
        ("Et après ?", 2, "Et après quoi ?", ""),
        ("Semaine 1", 0, "", ""),
    ]
    assert [row.state for row in library.store.documents(copy.id)] == ["received", "refused", "received"]
    work()
    for row in library.store.documents(copy.id):
        library.wait_document(row.id)
    assert [as_sent(row) for row in library.store.documents(copy.id)] == [
        as_sent(row) for row in library.store.documents(source.id)
    ]


def test_it_comes_back_after_the_source_was_deleted(library: Library, exported: bytes) -> None:
    source = library.store.find_notebook("Cours")
    assert source is not None
    library.delete_notebook(source.id)
    assert [path for path in library.blobs.folder.rglob("*") if path.is_file()] == []
    copy = library.import_notebook(exported)
    assert copy.name == "Cours"
    [first, _, _] = library.store.documents(copy.id)
    assert library.file(first).read_bytes() == pdf("a", "", "b")


def changed(exported: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """The archive with its manifest changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(exported)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json":
                manifest = json.loads(data)
                change(manifest)
                data = json.dumps(manifest).encode()
            new.writestr(name, data)
    return packed.getvalue()


HOSTILE: dict[str, Callable[[dict[str, Any]], object]] = {
    "a path for a hash": lambda m: m["documents"][0].update(sha256="../../../../etc/passwd"),
    "another hash": lambda m: m["documents"][0].update(sha256="0" * 64),
    "the same file twice": lambda m: m["documents"].append(m["documents"][0]),
    "a text for a number": lambda m: m["answers"][0].update(feedback="1"),
    "no number": lambda m: m["answers"][0].update(asked_at=float("nan")),
    "an endless number": lambda m: m["documents"][0].update(size=10**30),
    "an unknown reason": lambda m: m["documents"][1].update(code="HACKED"),
    "an unknown code": lambda m: m["answers"][0].update(code="HACKED"),
    "an alternative that is none": lambda m: m["answers"][0]["memory_tokens"][0].update(alternatives=[["a"]]),
    "a token more than certain": lambda m: m["answers"][0]["memory_tokens"][0].update(probability=1.5),
    "a code without its details": lambda m: m["answers"][0].update(code="GENERATION", state="error"),
    "a lone surrogate": lambda m: m["answers"][0].update(question="\ud800", memory_text="\ud800"),
    "a citation that is none": lambda m: m["answers"][0]["sourced"].update(citations=[1]),
    "no documents": lambda m: m.pop("documents"),
    "a run with an unknown code": lambda m: m["evaluations"][0]["run"].update(code="HACKED"),
    "a question with an unknown code": lambda m: m["evaluations"][0]["items"][0].update(code="HACKED"),
    "a probability that is none": lambda m: m["evaluations"][0]["items"][0].update(probability=7.0),
    "an endless page": lambda m: m["evaluations"][0]["items"][0].update(page=10**30),
    "a run that is none": lambda m: m.update(evaluations=[1]),
    "an endless turn": lambda m: m["answers"][0].update(turn=10**30),
    "an unknown reason of a verdict": lambda m: m["answers"][0].update(reason="HACKED"),
    "a conversation twice": lambda m: m["conversations"].append(m["conversations"][0]),
    "a conversation that is none": lambda m: m.update(conversations=[1]),
    "a conversation of no number": lambda m: m["conversations"][0].update(id=0),
    "another format": lambda m: m.update(format="zip"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_leaves_nothing(library: Library, exported: bytes, name: str) -> None:
    before = library.store.notebooks(), sorted(library.home.rglob("*"))
    with pytest.raises(RagError, match="ARCHIVE_DAMAGED"):
        library.import_notebook(changed(exported, HOSTILE[name]))
    assert (library.store.notebooks(), sorted(library.home.rglob("*"))) == before


def test_an_archive_that_is_cut_or_no_archive_leaves_nothing(library: Library, exported: bytes) -> None:
    before = library.store.notebooks()
    for data in (b"", b"PK", b"%PDF-1.4", exported[: len(exported) // 2], exported[200:]):
        with pytest.raises(RagError, match="ARCHIVE_DAMAGED"):
            library.import_notebook(data)
    assert library.store.notebooks() == before


def test_a_bomb_is_not_unpacked(library: Library) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b" " * 60_000_000)
    with pytest.raises(RagError, match="ARCHIVE_DAMAGED"):
        library.import_notebook(packed.getvalue())


def as_written_before_conversations(manifest: dict[str, Any]) -> None:
    del manifest["conversations"]
    for answer in manifest["answers"]:
        for name in ("conversation_id", "turn", "searched", "reason", "comment", "history"):
            del answer[name]


def test_an_unknown_field_is_ignored_and_a_newer_version_is_named(library: Library, exported: bytes) -> None:
    library.import_notebook(changed(exported, lambda m: m["notebook"].update(colour="blue")))
    library.import_notebook(changed(exported, lambda m: m.pop("evaluations")))  # as written before there were any
    before = library.import_notebook(changed(exported, as_written_before_conversations))
    [talk] = library.conversations.rows(before.id)
    assert (talk.title, talk.questions) == ("Quoi ?", 4)
    with pytest.raises(RagError, match="ARCHIVE_NEWER"):
        library.import_notebook(changed(exported, lambda m: m.update(version=2)))


def test_tokens_that_do_not_spell_their_text_are_left_out(library: Library, exported: bytes) -> None:
    copy = library.import_notebook(changed(exported, lambda m: m["answers"][0].update(memory_text="Red.")))
    first, second, *_ = library.conversation.answers(copy.id)
    assert (first.memory_text, first.memory_tokens) == ("Red.", ())
    assert (second.memory_text, second.memory_tokens) == ("Green.", TOKENS)
