"""Why something failed leaves with a notebook, without the folders of the computer that it failed on."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.types import Upload
from rag.archive_places import last_names
from rag.build import build_generator
from rag.choice import ModelChoice
from rag.evaluation_rows import NewQuestion
from rag.foundation import Foundation
from rag.jobs import Workers
from rag.library import Library
from rag.study.types import QuizRequest
from tests.rag.fakes import LineReader, pdf
from tests.rag.model_choices import until


def fail_everything(library: Library, place: Path) -> None:
    """Queue one of all that the first notebook can hold, for workers whose model is gone from its folder."""

    def gone() -> Foundation:
        build_generator(library.settings, ModelChoice("folder", str(place)))
        raise AssertionError("there is no such model")

    document_id = library.receive(1, Upload("b.pdf", pdf("b"))).document.id
    answer_id = library.ask(1, "Which colour?", language="en")
    rewording_id = library.rewordings.enqueue(answer_id, "answer", 0, "simpler", "It is blue.", "en")
    quiz_id, guide_id = library.make_quiz(1, QuizRequest(count=5)), library.make_guide(1, "timeline", "fr")
    library.evaluate(1, "q.csv", "upload", [NewQuestion("Quoi ?", "fr", ("blue",))])
    workers = Workers(library, gone, reader=LineReader())
    assert workers.start()
    try:
        library.wait_document(document_id)
        library.wait(answer_id)
        library.wait_quiz(quiz_id)
        library.wait_guide(guide_id)
        until(lambda: (row := library.rewordings.row(rewording_id)) and row.code)
        until(lambda: library.evaluations.runs(1)[0].code)
    finally:
        workers.close()


def failures(library: Library, notebook_id: int) -> dict[str, dict[str, str]]:
    """Return the details of every failure of a notebook."""
    [run] = library.evaluations.runs(notebook_id)
    [rewording] = library.rewordings.of_notebook(notebook_id)
    return {
        "answer": library.conversation.answers(notebook_id)[0].details,
        "rewording": rewording.details,
        "run": run.details,
        "quiz": library.quizzes.rows(notebook_id)[0].details,
        "guide": library.guides.rows(notebook_id)[0].details,
    }


def told(value: Any) -> list[dict[str, str]]:
    """Return all details in what JSON holds."""
    if isinstance(value, list):
        return [details for one in value for details in told(one)]
    if not isinstance(value, dict):
        return []
    own = [value["details"]] if value.get("details") else []
    return own + [details for one in value.values() for details in told(one)]


def test_no_folder_of_this_computer_leaves_with_a_failure(
    library: Library, work: Callable[[], Workers], tmp_path: Path
) -> None:
    library.store.create_notebook("Cours")
    workers = work()
    library.wait_document(library.receive(1, Upload("a.pdf", pdf("a"))).document.id)
    workers.close()
    place = tmp_path / "Modèles d'Ada" / "qwen"
    fail_everything(library, place)
    assert all(details == {"model": str(place)} for details in failures(library, 1).values()), "here it is told whole"

    packed = library.export_notebook(1)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert [name for name, text in files.items() if str(tmp_path) in text or "Ada" in text] == []
    # The source that was being added, and each of the failures above.
    assert told(json.loads(files["manifest.json"])) == [{"model": "qwen"}] * 6
    copy = library.import_notebook(packed)
    assert all(details == {"model": "qwen"} for details in failures(library, copy.id).values())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("/home/ada/models/qwen", "qwen"),
        ("/home/ada/mes cours/l'été/qwen.gguf", "qwen.gguf"),
        ("~/models/qwen", "qwen"),
        ("../qwen", "qwen"),
        (r"C:\Users\Ada Byron\models\qwen", "qwen"),
        (r"\\server\share\qwen", "qwen"),
        ("file:///home/ada/qwen", "file:qwen"),
        ("[Errno 2] No such file: '/home/ada/a.bin' -> '/tmp/b.bin'", "[Errno 2] No such file: 'a.bin' -> 'b.bin'"),
        ("/home/ada/a.bin: its header is 3/4 long", "a.bin: its header is 3/4 long"),
        ("Qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
        ("http://127.0.0.1:8080/v1 and localhost:8080/v1", "http://127.0.0.1:8080/v1 and localhost:8080/v1"),
        ("and / or", "and / or"),
        ("", ""),
    ],
)
def test_of_a_path_the_last_name_is_told(text: str, kept: str) -> None:
    assert last_names(text) == kept
