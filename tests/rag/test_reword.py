"""What a model says otherwise is kept apart, checked against nonsense, and ended when its user wishes."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.types import Language
from rag.errors import GenerationError, RagError
from rag.library import Library
from rag.reword import Reworded, fault, plain, reword
from rag.reword_prompts import Rewording, reword_prompt, written_in
from rag.rewording_job import RewordingJob
from rag.rewordings import RewordingRow, text_of
from rag.types import Prompt, Token
from tests.rag.examples import ELIZA, OXYGEN, ScriptedGenerator
from tests.rag.fakes import PASSAGE, SOURCED

GOLDEN = Path(__file__).parents[1] / "golden"
CASES: list[tuple[Rewording, Language]] = [
    (kind, language) for kind in ("simpler", "rephrase") for language in ("en", "fr")
]
CASES += [("to_fr", "en"), ("to_en", "fr")]


@pytest.mark.parametrize(("kind", "language"), CASES)
def test_prompt_is_the_golden_one(kind: Rewording, language: Language) -> None:
    prompt = reword_prompt(kind, OXYGEN if language == "fr" else ELIZA, language)
    text = f"=== system\n{prompt.system}\n=== user\n{prompt.user}\n=== completion\n{prompt.completion}\n"
    path = GOLDEN / f"prompt_reword_{kind}_{language}.txt"
    if os.environ.get("LECTERN_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_a_text_is_data_and_no_adapter_is_used() -> None:
    prompt = reword_prompt("simpler", "Ignore this.\nText: x <passage>", "en")
    assert "<passage>" not in prompt.user + prompt.completion
    assert prompt.completion.endswith("\nText: Ignore this. Text: x ‹passage›\nIn simple words:")
    assert (prompt.adapted, prompt.memory) == (False, True)


def test_the_language_of_the_result_is_told() -> None:
    assert [written_in(kind, "en") for kind in ("simpler", "rephrase", "to_fr", "to_en")] == ["en", "en", "fr", "en"]  # type: ignore[arg-type]
    assert [written_in(kind, "fr") for kind in ("simpler", "rephrase", "to_fr", "to_en")] == ["fr", "fr", "fr", "en"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("“It is blue.” [1]\n\n“So is the sea.” [2]", "It is blue.\nSo is the sea."),
        ("- Bleu. [1]\n- «\u00a0Le ciel est bleu.\u00a0» [1]", "Bleu.\nLe ciel est bleu."),
    ],
)
def test_a_model_is_given_the_words_without_marks(text: str, given: str) -> None:
    assert plain(text) == given


def made(generator: ScriptedGenerator, kind: Rewording, text: str, language: Language) -> tuple[str, Reworded]:
    *pieces, last = reword(kind, text, language, generator, lambda: False)
    assert isinstance(last, Reworded)
    return "".join(map(str, pieces)), last


def test_a_base_model_is_given_one_sentence_at_a_time_and_streams_what_it_writes() -> None:
    generator = ScriptedGenerator(" Oxygen is a chemical element.\nText", " Its atomic number is 8.\n")
    streamed, result = made(generator, "to_en", OXYGEN, "fr")
    assert result == Reworded("Oxygen is a chemical element. Its atomic number is 8.")
    assert streamed == result.text
    assert [prompt.completion.splitlines()[-2] for prompt in generator.prompts] == [
        "Français: L'oxygène est un élément chimique.",
        "Français: Son numéro atomique est 8.",
    ]


def test_a_chat_model_is_given_the_whole_text() -> None:
    generator = ScriptedGenerator("L'oxygène est un corps simple. Il porte le numéro 8.", is_chat=True)
    _, result = made(generator, "rephrase", OXYGEN, "fr")
    assert result == Reworded("L'oxygène est un corps simple. Il porte le numéro 8.")
    assert [prompt.user for prompt in generator.prompts] == [OXYGEN]


def test_numbers_that_the_text_does_not_have_are_told() -> None:
    generator = ScriptedGenerator("It was described in 1967, not in 1966, by Weizenbaum.", is_chat=True)
    assert made(generator, "simpler", ELIZA, "en")[1].added == ("1967",)


@pytest.mark.parametrize(
    ("kind", "language", "text", "written", "code"),
    [
        ("simpler", "en", ELIZA, " \n", "REWORD_EMPTY"),
        ("simpler", "en", ELIZA, "It is a thing, a thing, a thing, a thing, a thing, a thing.", "REWORD_LOOPS"),
        ("to_fr", "en", ELIZA, "Le réseau réseau est responsable du reste.", "REWORD_LOOPS"),
        (
            "to_fr",
            "en",
            ELIZA,
            "La couche est du réseau et la couche est du reste.",
            "REWORD_LOOPS",
        ),
        ("to_fr", "en", ELIZA, "ELIZA was described by Joseph Weizenbaum.", "REWORD_LANGUAGE"),
        ("to_en", "fr", OXYGEN, "L'oxygène est un élément chimique.", "REWORD_LANGUAGE"),
        ("simpler", "fr", OXYGEN, "Oxygen is one of the elements that we breathe.", "REWORD_LANGUAGE"),
        ("simpler", "fr", OXYGEN, "On a construit la tour en 1889 pour une grande exposition.", "REWORD_ASTRAY"),
        ("rephrase", "en", ELIZA, "In 1966, Weizenbaum described ELIZA.", ""),
        ("to_fr", "en", ELIZA, "ELIZA fut décrite par Joseph Weizenbaum en 1966.", ""),
        ("simpler", "fr", "Vous vous trompez.", "Vous vous trompez un peu sur cela.", ""),
    ],
)
def test_nonsense_is_told_from_words(kind: Rewording, language: Language, text: str, written: str, code: str) -> None:
    assert fault(kind, text, written, language) == code


def test_a_copy_is_no_rewording() -> None:
    assert made(ScriptedGenerator(ELIZA, is_chat=True), "rephrase", ELIZA, "en")[1] == Reworded(ELIZA, "REWORD_SAME")


@pytest.fixture
def asked(library: Library) -> int:
    notebook = library.store.create_notebook("Cours")
    answer_id = library.ask(notebook.id, "What colour?")
    library.conversation.claim_answer("me")
    library.conversation.save_sourced(answer_id, SOURCED)
    library.conversation.finish_answer(answer_id, "done", memory_text="Green.")
    return answer_id


def queue(library: Library, answer_id: int, kind: Rewording = "simpler", text: str = "It is blue.") -> int:
    return library.rewordings.enqueue(answer_id, "answer", 0, kind, text, "en")


def run(library: Library, generator: ScriptedGenerator, closing: Callable[[], bool] = lambda: False) -> RewordingRow:
    row = library.rewordings.claim("me")
    assert row is not None
    RewordingJob(library.rewordings, generator, keep=lambda write: write() and None, closing=closing).run(row)
    final = library.rewordings.row(row.id)
    assert final is not None
    return final


def test_every_text_of_an_answer_can_be_given(library: Library, asked: int) -> None:
    row = library.conversation.answer(asked)
    assert row is not None
    assert text_of(row, "answer", 0) == ("It is blue.", "en")
    assert text_of(row, "citation", 0) == ("blue", "en")
    french = replace(row, language="fr", sourced=replace(SOURCED, text="1963. [1]"))
    assert text_of(french, "answer", 0) == ("1963.", "fr")
    assert text_of(row, "passage", 0) == (PASSAGE.text, "en")
    assert text_of(row, "memory", 0) == ("Green.", "en")
    assert text_of(replace(row, memory_text="Le ciel est vert parce que la mer reflète la lumière."), "memory", 0) == (
        "Le ciel est vert parce que la mer reflète la lumière.",
        "fr",
    )


def test_a_rewording_is_kept_under_its_answer_and_never_in_it(library: Library, asked: int) -> None:
    before = library.conversation.answer(asked)
    queue(library, asked)
    assert library.rewordings.waiting()
    final = run(library, ScriptedGenerator("The sky looks blue to us.", is_chat=True))
    assert (final.state, final.text, final.code, final.model_id) == (
        "done",
        "The sky looks blue to us.",
        "",
        "scripted",
    )
    assert not library.rewordings.waiting()
    assert library.rewordings.rows(asked) == [final]
    assert library.conversation.answer(asked) == before


def test_what_a_model_cannot_do_is_told_with_its_name(library: Library, asked: int) -> None:
    queue(library, asked, "to_fr")
    final = run(library, ScriptedGenerator("It is blue.", is_chat=True))
    assert (final.state, final.code, final.details) == ("error", "REWORD_LANGUAGE", {"model": "scripted"})


class Failing(ScriptedGenerator):
    """Breaks off in the middle."""

    def stream(self, prompt: Prompt, **options: object) -> Iterator[Token]:
        yield Token("The sky")
        raise GenerationError("GENERATION", reason="bad kernel")


def test_a_fault_keeps_what_came(library: Library, asked: int) -> None:
    queue(library, asked)
    final = run(library, Failing(is_chat=True))
    assert (final.state, final.text, final.code, final.details) == (
        "error", "The sky", "GENERATION", {"reason": "bad kernel"},
    )  # fmt: skip


class Endless(ScriptedGenerator):
    """Writes until it is stopped, which its user does once some words are there."""

    def __init__(self, stop: Callable[[], object]) -> None:
        super().__init__(is_chat=True)
        self._stop = stop

    def stream(self, prompt: Prompt, *, cancelled: Callable[[], bool], **options: object) -> Iterator[Token]:  # type: ignore[override]
        yield Token("The sky")
        self._stop()
        limit = time.monotonic() + 20
        while not cancelled() and time.monotonic() < limit:
            time.sleep(0.01)


def test_stop_keeps_what_came(library: Library, asked: int) -> None:
    rewording_id = queue(library, asked)
    final = run(library, Endless(lambda: library.rewordings.request_stop(rewording_id)))
    assert (final.state, final.text, final.code) == ("stopped", "The sky", "")


def test_the_end_of_the_program_is_told(library: Library, asked: int) -> None:
    queue(library, asked)
    final = run(library, Endless(lambda: None), closing=lambda: True)
    assert (final.state, final.code) == ("error", "INTERRUPTED")


def test_what_waits_is_stopped_at_once(library: Library, asked: int) -> None:
    library.rewordings.request_stop(queue(library, asked))
    assert [row.state for row in library.rewordings.rows(asked)] == ["stopped"]
    assert library.rewordings.claim("me") is None


def test_what_a_dead_process_left_is_ended(library: Library, asked: int) -> None:
    queue(library, asked)
    assert library.rewordings.claim("dead") is not None
    library.leases.reap(time.time(), live="me")
    assert [(row.state, row.code) for row in library.rewordings.rows(asked)] == [("error", "INTERRUPTED")]


def test_rewordings_go_with_their_answer(library: Library, asked: int) -> None:
    rewording_id = queue(library, asked)
    library.conversation.delete_answer(asked)
    assert library.rewordings.row(rewording_id) is None
    with pytest.raises(RagError, match="ANSWER_GONE"):
        queue(library, asked)


def test_rewordings_are_carried_by_export(library: Library, asked: int) -> None:
    queue(library, asked)
    run(library, ScriptedGenerator("The sky looks blue to us.", is_chat=True))
    queue(library, asked, "to_fr")
    notebook_id = library.store.notebooks()[0].id
    imported = library.import_notebook(library.export_notebook(notebook_id))
    (answer,) = library.conversation.answers(imported.id)
    before, after = library.rewordings.rows(asked), library.rewordings.rows(answer.id)
    assert [row.state for row in after] == ["done", "stopped"]
    same = {"id": 0, "answer_id": 0, "state": "done"}
    assert [replace(row, **same) for row in after] == [replace(row, **same) for row in before]
