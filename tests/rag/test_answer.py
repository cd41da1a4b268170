"""Both answers to one question, over real storage and search: their order, their independence, and Stop."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rag.answer import Answerer
from rag.answer_settings import USUAL, AnswerSettings
from rag.calibration import Calibrations
from rag.errors import GenerationError
from rag.ground import Grounder
from rag.library import Library
from rag.notebook import Asked, add_document
from rag.retrieve import Retriever
from rag.tokens import spell
from rag.types import (
    AnswerReady,
    AskEvent,
    MemoryReady,
    PassagesFound,
    Prompt,
    Sampling,
    SourcedAnswer,
    SourcesReady,
    TextDelta,
    Token,
    UsageCounted,
)
from rag.used import Usages
from tests.rag.examples import BY_COVERAGE, ELIZA, OXYGEN, ScriptedGenerator, alike, document
from tests.rag.fakes import BagEmbedder

EMBEDDER = BagEmbedder()
WHO = "Who described ELIZA?"
STEPS = {"search", "evidence", "sources", "memory", "sources_first_word", "memory_first_word", "total"}


class Breaking(ScriptedGenerator):
    """Fails after the first word from memory, the only text that is asked with alternatives."""

    def stream(self, prompt: Prompt, *, top: int = 0, **how: Any) -> Iterator[Token]:
        words = super().stream(prompt, top=top, **how)
        if not top:
            yield from words
            return
        yield next(words)
        raise GenerationError("GENERATION", reason="scripted")


class Desk:
    """A notebook with three sources and an answerer."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.notebook_id = library.store.create_notebook("n").id
        pages = {"eliza.pdf": ELIZA, "oxygen.pdf": OXYGEN, "bile.pdf": "Bile is made by the liver."}
        self.ids = {
            name: add_document(library, EMBEDDER, self.notebook_id, document(name, text))
            for name, text in pages.items()
        }
        self.retriever = Retriever(library.store, EMBEDDER)

    def ask(
        self,
        generator: ScriptedGenerator,
        question: str = WHO,
        *,
        sources: bool = True,
        memory: bool = True,
        names: tuple[str, ...] = ("eliza.pdf", "oxygen.pdf", "bile.pdf"),
        cancelled: Callable[[], bool] = lambda: False,
        settings: AnswerSettings = USUAL,
    ) -> list[AskEvent]:
        grounder = Grounder(EMBEDDER, Calibrations(alike(BY_COVERAGE), BY_COVERAGE))
        ids = [self.ids[name] for name in names]
        asked = Asked(self.notebook_id, question, "en", ids, sources, memory, settings=settings)
        return list(Answerer(self.retriever, grounder, generator).answer(asked, cancelled))


@pytest.fixture
def desk(library: Library) -> Desk:
    return Desk(library)


def kinds(events: list[AskEvent]) -> list[str]:
    """Name the events in order after the counting of usage, runs of text as one."""
    assert isinstance(events[0], UsageCounted)
    names = [event.column if isinstance(event, TextDelta) else type(event).__name__ for event in events[1:]]
    return [name for place, name in enumerate(names) if place == 0 or names[place - 1] != name]


def sourced(events: list[AskEvent]) -> SourcedAnswer:
    (ready,) = (event for event in events if isinstance(event, SourcesReady))
    return ready.answer


def used(events: list[AskEvent]) -> Usages:
    first = events[0]
    assert isinstance(first, UsageCounted)
    return first.used()


def finished(events: list[AskEvent]) -> AnswerReady:
    last = events[-1]
    assert isinstance(last, AnswerReady)
    return last


def test_sources_come_first_and_memory_second(desk: Desk) -> None:
    events = desk.ask(ScriptedGenerator("Joseph Weizenbaum", "Alan Turing, in 1950."))
    assert kinds(events) == ["PassagesFound", "SourcesReady", "memory", "MemoryReady", "AnswerReady"]
    assert sourced(events).text == "Joseph Weizenbaum. [1]"
    assert sourced(events).citations[0].document == "eliza.pdf"
    assert next(e.text for e in events if isinstance(e, MemoryReady)) == "Alan Turing, in 1950."
    comparison = finished(events).comparison
    assert comparison is not None
    assert (comparison.verdict, comparison.differences) == ("differ", ("Alan", "Turing", "1950"))


def test_a_chat_model_streams_both_columns(desk: Desk) -> None:
    events = desk.ask(ScriptedGenerator("Joseph Weizenbaum described it [1].", "He did.", is_chat=True))
    assert kinds(events) == ["PassagesFound", "sources", "SourcesReady", "memory", "MemoryReady", "AnswerReady"]


def test_the_memory_prompt_holds_nothing_of_the_sources(desk: Desk) -> None:
    generator = ScriptedGenerator("Joseph Weizenbaum", "Turing.")
    desk.ask(generator)
    from_sources, from_memory = generator.prompts
    assert "Weizenbaum" in from_sources.completion
    shown = f"{from_memory.system}{from_memory.user}{from_memory.completion}"
    assert not {"Weizenbaum", "1966", "therapist", "eliza.pdf", "bile"} & set(shown.replace(".", " ").split())


def test_the_memory_answer_does_not_depend_on_the_sources(desk: Desk) -> None:
    with_sources, alone = (ScriptedGenerator("Turing.", "Turing.") for _ in range(2))
    desk.ask(with_sources)
    desk.ask(alone, sources=False)
    assert with_sources.prompts[1] == alone.prompts[0]


def test_memory_keeps_its_tokens_and_they_spell_its_text(desk: Desk) -> None:
    events = desk.ask(ScriptedGenerator("  Alan Turing.\nQuestion: and", is_chat=False), sources=False)
    (ready,) = (event for event in events if isinstance(event, MemoryReady))
    assert ready == MemoryReady(
        "Alan Turing.",
        (
            Token("Alan", 0.5, ((" Alan", 0.5), (" or", 0.25))),
            Token(" Turing.", 0.5, ((" Turing.", 0.5), (" or", 0.25))),
        ),
    )
    assert spell(e.token for e in events if isinstance(e, TextDelta) and e.token) == "  Alan Turing."


def test_what_repeats_itself_is_cut_from_the_text_and_its_tokens(desk: Desk) -> None:
    events = desk.ask(ScriptedGenerator("It is so" + " and so" * 8, is_chat=True), sources=False)
    (ready,) = (event for event in events if isinstance(event, MemoryReady))
    assert ready.text == "It is so and"
    assert spell(ready.tokens) == ready.text


def test_only_the_sources(desk: Desk) -> None:
    events = desk.ask(ScriptedGenerator("Joseph Weizenbaum"), memory=False)
    assert kinds(events) == ["PassagesFound", "SourcesReady", "AnswerReady"]
    assert finished(events).comparison is None
    assert set(finished(events).timings) == STEPS - {"memory", "memory_first_word"}


def test_only_memory_searches_nothing(desk: Desk) -> None:
    events = desk.ask(ScriptedGenerator("Turing."), sources=False)
    assert kinds(events) == ["memory", "MemoryReady", "AnswerReady"]
    assert finished(events).comparison is None
    assert set(finished(events).timings) == {"memory", "memory_first_word", "total"}


def test_every_step_is_timed(desk: Desk) -> None:
    timings = finished(desk.ask(ScriptedGenerator("Joseph Weizenbaum", "Turing."))).timings
    assert set(timings) == STEPS
    assert all(0 <= seconds <= timings["total"] for seconds in timings.values())
    assert timings["sources_first_word"] <= timings["memory_first_word"]


def test_not_found_cites_nothing_and_offers_the_nearest(desk: Desk) -> None:
    events = desk.ask(ScriptedGenerator("Turing."), "Which volcano erupted?")
    answer = sourced(events)
    assert (answer.status, answer.text, answer.citations) == ("not_found", "", ())
    assert [passage.n for passage in answer.passages] == [1, 2, 3]
    assert next(e for e in events if isinstance(e, PassagesFound)).passages == answer.passages
    comparison = finished(events).comparison
    assert comparison is not None
    assert comparison.verdict == "unsupported"


def test_only_the_given_documents_answer(desk: Desk) -> None:
    answer = sourced(desk.ask(ScriptedGenerator(), memory=False, names=("bile.pdf",)))
    assert answer.status == "not_found"
    assert {passage.document for passage in answer.passages} == {"bile.pdf"}


def test_no_document_at_all_is_not_found_and_memory_still_answers(desk: Desk) -> None:
    events = desk.ask(ScriptedGenerator("Turing."), names=())
    assert sourced(events) == SourcedAnswer("not_found", "", "", (), (), probability=0.0)
    assert kinds(events)[-2:] == ["MemoryReady", "AnswerReady"]


def test_a_removed_document_answers_nothing_any_more(desk: Desk) -> None:
    desk.ask(ScriptedGenerator("Joseph Weizenbaum"), memory=False)
    desk.library.remove(desk.ids["eliza.pdf"])
    answer = sourced(desk.ask(ScriptedGenerator(), memory=False))
    assert answer.status == "not_found"
    assert "eliza.pdf" not in {passage.document for passage in answer.passages}


@pytest.mark.parametrize("is_chat", [False, True])
def test_stopped_before_the_search_ended_nothing_is_written(desk: Desk, is_chat: bool) -> None:
    generator = ScriptedGenerator(is_chat=is_chat)
    assert kinds(desk.ask(generator, cancelled=lambda: True)) == ["PassagesFound"]
    assert generator.prompts == []


def test_stopped_in_the_sources_no_memory_follows(desk: Desk) -> None:
    generator = ScriptedGenerator("Joseph Weizenbaum described ELIZA in 1966 [1]. Then", is_chat=True)
    looks = iter([False] * 8)
    events = desk.ask(generator, cancelled=lambda: next(looks, True))
    assert kinds(events) == ["PassagesFound", "sources", "SourcesReady"]
    assert len(generator.prompts) == 1


def test_stopped_in_memory_both_texts_are_kept_and_nothing_is_compared(desk: Desk) -> None:
    generator = ScriptedGenerator("Joseph Weizenbaum", "Alan Turing in 1950, they say, in a paper.")
    looks = iter([False] * 9)
    events = desk.ask(generator, cancelled=lambda: next(looks, True))
    assert kinds(events) == ["PassagesFound", "SourcesReady", "memory", "MemoryReady"]
    assert "Alan Turing in 1950, they say, in a paper.".startswith(events[-1].text)  # type: ignore[union-attr]


def test_what_was_used_until_an_answer_ends_is_known_of_each_column(desk: Desk) -> None:
    whole = desk.ask(ScriptedGenerator("Joseph Weizenbaum", "Alan Turing in 1950, they say.", is_chat=True))
    ready = finished(whole)
    assert (used(whole).sources, used(whole).memory) == (ready.usage.sources, ready.usage.memory)
    looks = iter([False] * 8)
    in_sources = desk.ask(
        ScriptedGenerator("Joseph Weizenbaum described ELIZA in 1966 [1]. Then", is_chat=True),
        cancelled=lambda: next(looks, True),
    )
    assert used(in_sources).sources
    assert used(in_sources).sources.written > 0
    assert used(in_sources).memory is None


def test_what_a_broken_column_took_is_known_beside_the_whole_one(desk: Desk) -> None:
    begun: list[AskEvent] = []
    grounder = Grounder(EMBEDDER, Calibrations(alike(BY_COVERAGE), BY_COVERAGE))
    generator = Breaking("Joseph Weizenbaum described ELIZA [1].", "Alan Turing.", is_chat=True)
    asked = Asked(desk.notebook_id, WHO, "en", list(desk.ids.values()))
    with pytest.raises(GenerationError):
        begun.extend(Answerer(desk.retriever, grounder, generator).answer(asked, lambda: False))
    sources, memory = used(begun).sources, used(begun).memory
    assert sources
    assert memory
    assert (sources.written, memory.written) == (5, 1)


def test_a_memory_that_repeats_itself_is_cut(desk: Desk) -> None:
    events = desk.ask(ScriptedGenerator("It is so good. " * 30, is_chat=True), sources=False)
    assert next(e.text for e in events if isinstance(e, MemoryReady)) == "It is so good."
    assert len(events) < 40


def test_a_base_model_stops_at_the_end_of_its_line(desk: Desk) -> None:
    events = desk.ask(ScriptedGenerator(" Alan Turing.\nQuestion: another"), sources=False)
    assert next(e.text for e in events if isinstance(e, MemoryReady)) == "Alan Turing."


def test_what_is_streamed_is_what_is_kept(desk: Desk) -> None:
    events = desk.ask(ScriptedGenerator("Alan Turing, in 1950."), sources=False)
    streamed = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert next(e.text for e in events if isinstance(e, MemoryReady)) == streamed.strip()


@pytest.mark.parametrize("without", [False, True])
def test_a_notebook_chooses_whether_the_adapter_writes(desk: Desk, without: bool) -> None:
    generator = ScriptedGenerator("Joseph Weizenbaum.", "Turing.")
    grounder = Grounder(EMBEDDER, Calibrations(alike(BY_COVERAGE), BY_COVERAGE))
    answerer = Answerer(desk.retriever, grounder, generator, lambda notebook_id: without)
    list(answerer.answer(Asked(desk.notebook_id, WHO, "en", list(desk.ids.values())), lambda: False))
    short, _memory = generator.prompts
    assert short.adapted is not without


def test_only_the_memory_answer_is_drawn(desk: Desk) -> None:
    generator = ScriptedGenerator("Joseph Weizenbaum", "By Alan Turing.")
    desk.ask(generator, settings=AnswerSettings(temperature=0.7, top_p=0.9, seed=4))
    assert [sampling for _, sampling in generator.asked] == [None, Sampling(0.7, 0.9, 4)]
    assert [prompt.memory for prompt in generator.prompts] == [False, True]


@pytest.mark.parametrize(("is_chat", "most"), [(True, 256), (False, 96)])
def test_a_chat_model_remembers_as_long_as_it_is_told_to(desk: Desk, is_chat: bool, most: int) -> None:
    generator = ScriptedGenerator("By Alan Turing.", is_chat=is_chat)
    desk.ask(generator, sources=False, settings=AnswerSettings("long"))
    assert [asked for asked, _ in generator.asked] == [most]
