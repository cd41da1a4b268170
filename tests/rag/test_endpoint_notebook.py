"""A notebook whose model is behind a server: what leaves this computer, where the key is, and what a fault leaves."""

import io
import logging
import re
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answer import Answerer
from rag.answering import AnswerJob
from rag.build import build_generator
from rag.calibration import Calibrations
from rag.choice import ModelChoice, default_choice
from rag.endpoint.address import read_address
from rag.endpoint.keys import FILE, Key, Keys
from rag.errors import ModelError
from rag.ground import Grounder
from rag.library import Library
from rag.notebook import add_document
from rag.prompt import memory_prompt
from rag.retrieve import Retriever
from rag.rows import AnswerRow
from rag.settings import BUNDLED_GENERATOR, Settings
from tests.guarded_app import ADDRESSES, NAMES
from tests.rag.examples import BY_COVERAGE, ELIZA, OXYGEN, alike, document
from tests.rag.fakes import BagEmbedder
from tests.rag.scripted_server import Reply, Script, Sent, serve
from tests.rag.test_endpoint import SECRET, words

EMBEDDER = BagEmbedder()
WHO = "Who described ELIZA?"


def student(reply: Reply, sent: Sent) -> None:
    """Answer from passage 1 where there are passages, else from memory."""
    sources = "<passage" in sent.body["messages"][-1]["content"]
    said = ("Joseph", " Weizenbaum", " described", " it", " [1].") if sources else ("Alan", " Turing", ".")
    words(*said)(reply, sent)


class Desk:
    """A home with three sources, and a model that was chosen behind a server."""

    def __init__(self, library: Library, choice: ModelChoice) -> None:
        self.library = library
        self.choice = choice
        library.models.succeed(choice)
        self.notebook_id = library.store.create_notebook("n").id
        for name, text in {"eliza.pdf": ELIZA, "oxygen.pdf": OXYGEN, "bile.pdf": "Bile is made by the liver."}.items():
            add_document(library, EMBEDDER, self.notebook_id, document(name, text))

    def ask(self, stop_when: threading.Event | None = None) -> AnswerRow:
        """Bring a question to its final state, as the workers do; stop it when something happens."""
        generator = build_generator(self.library.settings, self.choice)
        grounder = Grounder(EMBEDDER, Calibrations(alike(BY_COVERAGE), BY_COVERAGE))
        answerer = Answerer(Retriever(self.library.store, EMBEDDER), grounder, generator)
        conversation = self.library.conversation
        answer_id = self.library.ask(self.notebook_id, WHO, language="en")
        row = conversation.claim_answer("test")
        assert row is not None
        if stop_when:
            threading.Thread(target=lambda: stop_when.wait(60) and self.library.stop(answer_id)).start()
        job = AnswerJob(conversation, answerer, generator.model_id, keep=lambda do: do(), closing=lambda: False)
        job.run(row)
        answered = conversation.answer(answer_id)
        assert answered is not None
        return answered


@pytest.fixture
def script() -> Script:
    return Script(student)


@pytest.fixture
def desk(library: Library, script: Script) -> Iterator[Desk]:
    with serve(script) as url:
        yield Desk(library, ModelChoice("endpoint", "tiny", url))


def test_a_notebook_is_answered_by_the_model_behind_the_server(desk: Desk) -> None:
    row = desk.ask()
    assert (row.state, row.memory_text, row.model_id) == ("done", "Alan Turing.", f"tiny@{host(desk)}")
    assert row.sourced is not None
    assert (row.sourced.status, row.sourced.text) == ("answered", "Joseph Weizenbaum described it. [1]")
    (citation,) = row.sourced.citations
    assert (citation.document, citation.quote in ELIZA) == ("eliza.pdf", True)


def test_what_leaves_is_the_question_its_passages_and_nothing_else(desk: Desk, script: Script) -> None:
    row = desk.ask()
    first, sourced, memory = (sent.body["messages"] for sent in script.asked())
    assert first == [{"role": "user", "content": "a"}]
    asked = memory_prompt(WHO, "en")
    assert memory == [{"role": "system", "content": asked.system}, {"role": "user", "content": WHO}]
    told = sourced[-1]["content"]
    shown = re.findall(r'<passage n="\d+" source="([^"]*)">\n(.*?)\n</passage>', told, re.DOTALL)
    assert shown == [(passage.document, passage.text) for passage in row.passages]
    rest = re.sub(r"<passage.*?</passage>\n", "", told, flags=re.DOTALL)
    assert rest == f"Question: {WHO}\nAnswer in English."
    sent = [(one.method, one.path) for one in script.sent if one not in script.asked()]
    assert sorted(set(sent)) == [("GET", "/props"), ("GET", "/v1/models")]
    everything = str([(one.path, one.headers, one.body) for one in script.sent])
    assert str(desk.library.home) not in everything
    assert not re.search(r"[0-9a-f]{64}", everything), "no file is named by its hash"


def test_no_other_host_is_contacted_or_looked_up(desk: Desk) -> None:
    contacted: set[object] = set()
    is_listening = True

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if is_listening and event in NAMES:
            contacted.add(arguments[0])
        elif is_listening and event in ADDRESSES and isinstance(arguments[-1], tuple):
            contacted.add(arguments[-1][:2])

    sys.addaudithook(hook)  # it stays until the process ends, so it is told to be quiet
    try:
        assert desk.ask().state == "done"
    finally:
        is_listening = False
    name, port = host(desk).split(":")
    assert contacted - {name} == {(name, int(port))}


def test_the_key_is_in_no_database_no_export_no_conversation_and_no_log(
    desk: Desk, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    keys = Keys(desk.library.home)
    keys.keep(read_address(desk.choice.url), Key(SECRET))
    desk.ask()
    script.say = lambda reply, sent: reply.json({"error": {"message": f"bad key {SECRET}"}}, 401)
    with pytest.raises(ModelError, match="ENDPOINT_KEY") as raised:
        build_generator(desk.library.settings, desk.choice)
    desk.library.models.fail(desk.choice, raised.value)
    assert script.sent[-1].headers["authorization"] == f"Bearer {SECRET}"

    archive = zipfile.ZipFile(io.BytesIO(desk.library.export_notebook(desk.notebook_id)))
    exported = b"".join(archive.read(name) for name in archive.namelist())
    desk.library.database.writer.dispose()
    holding = [path.name for path in desk.library.home.rglob("*") if path.is_file() and SECRET in bytes_of(path)]
    assert holding == [FILE]
    assert SECRET.encode() not in exported
    assert FILE not in archive.namelist()
    assert SECRET not in caplog.text + str(raised.value) + repr(desk.library.settings)


def bytes_of(path: Path) -> str:
    return path.read_bytes().decode("latin-1")


def host(desk: Desk) -> str:
    return read_address(desk.choice.url).host


@pytest.mark.parametrize("kind", ["memory", "sources"])
def test_what_came_before_the_stream_was_cut_is_kept_and_the_answer_says_so(
    desk: Desk, script: Script, kind: str
) -> None:
    def say(reply: Reply, sent: Sent) -> None:
        is_cut = ("<passage" in str(sent.body)) == (kind == "sources") and len(script.asked()) > 1
        (words("It was", " Jo", finish=None) if is_cut else student)(reply, sent)

    script.say = say
    row = desk.ask()
    assert (row.state, row.code, row.details) == ("error", "ENDPOINT_CUT", {"host": host(desk)})
    assert (row.sources_text if kind == "sources" else row.memory_text) == "It was Jo"
    assert (row.sourced is None) == (kind == "sources"), "what was checked before the cut stays"
    script.say = student
    assert desk.ask().state == "done"


def test_stop_ends_an_answer_while_the_server_is_silent(desk: Desk, script: Script) -> None:
    def say(reply: Reply, sent: Sent) -> None:
        if len(script.asked()) < 3:
            student(reply, sent)
            return
        reply.begin()
        reply.word("It was", chat=True)
        written.set()
        reply.connection.recv(1)

    written = threading.Event()
    script.say = say
    row = desk.ask(stop_when=written)
    assert (row.state, row.memory_text, row.code) == ("stopped", "It was", "")
    assert row.sourced is not None


def test_a_server_that_is_gone_leaves_the_last_good_model_selected(desk: Desk) -> None:
    good = desk.library.models.chosen()
    gone = replace(desk.choice, url="http://127.0.0.1:1/v1")
    desk.library.models.want(gone)
    assert desk.library.models.claim() == gone
    with pytest.raises(ModelError, match="ENDPOINT_DOWN") as raised:
        build_generator(desk.library.settings, gone)
    desk.library.models.fail(gone, raised.value)
    assert desk.library.models.chosen() == good
    assert desk.ask().state == "done"


def test_the_settings_may_name_a_server_its_model_and_its_key(tmp_path: Path, script: Script) -> None:
    with serve(script) as url:
        environ = {
            "LECTERN_HOME": str(tmp_path),
            "LECTERN_GENERATOR": f"{url}#tiny",
            "LECTERN_ENDPOINT_KEY": f" {SECRET} ",
            "LECTERN_ENDPOINT_CONTEXT": "2000",
        }
        settings = Settings.from_environment(environ)
        assert default_choice(settings) == ModelChoice("endpoint", "tiny", url)
        generator = build_generator(settings)
    assert (generator.model_id, generator.context_tokens) == (f"tiny@{read_address(url).host}", 2000 - 64)
    assert {sent.headers["authorization"] for sent in script.sent} == {f"Bearer {SECRET}"}
    assert SECRET not in repr(settings)
    assert Settings.from_environment({"LECTERN_HOME": str(tmp_path)}).generator == BUNDLED_GENERATOR
