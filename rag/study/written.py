"""An item in a model's words: one call with one passage; the quote must stand in the passage, the page is known."""

from collections.abc import Callable
from dataclasses import dataclass

from ingest.types import Language, Page
from rag.errors import Stopped
from rag.facts import missing_from
from rag.orders import without_orders
from rag.prompt import fence
from rag.quotes import find_quote
from rag.study.blind import passage_around
from rag.study.gate import faults
from rag.study.instructions import fault_line, item_prompt
from rag.study.material import Sentence
from rag.study.parse import SCHEMA, Unreadable, Written, parse
from rag.study.phrases import because_right, explanation, place, say
from rag.study.types import BLOOM, Difficulty, Item, ItemType, Option, Structured
from rag.types import Citation, Generator, Passage, Prompt

PROMPT_VERSION = "item-1"
MAX_TOKENS = 420


class Unwritten(Exception):
    """The model wrote nothing that can be kept; ``reason`` is one of the gate's ``REASONS``."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Writer:
    """Has a generator write items; it is held to the schema while it writes where it can be, asked for lines if not."""

    generator: Generator

    @property
    def types(self) -> frozenset[ItemType]:
        """Return the types that it writes."""
        return frozenset({"choice", "short"})

    def write(
        self,
        sentence: Sentence,
        page: Page,
        item_type: ItemType,
        language: Language,
        difficulty: Difficulty,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Item:
        """Return an item about ``sentence``, written anew once if a check by the letter fails.

        Raises Unwritten when the second one cannot be read or its quote is not in the passage; Stopped.
        """
        passage = passage_around(page, sentence.start, sentence.end, sentence)
        prompt = item_prompt(_shown(passage), sentence.text, language, difficulty, labelled=not self._is_held)
        text, fault = "", ""
        for _ in range(2):
            text = self._text(_again(prompt, text, fault, language) if fault else prompt, cancelled)
            try:
                item = _item(parse(text), passage, sentence, item_type, language, difficulty, self.generator.model_id)
            except Unreadable:
                fault = "unreadable"
                continue
            except Unwritten as unwritten:
                fault = unwritten.reason
                continue
            if fault or not (found := faults(item, page.text, ())):
                return item
            fault = found[0]
        raise Unwritten(fault)

    @property
    def _is_held(self) -> bool:
        return isinstance(self.generator, Structured)

    def _text(self, prompt: Prompt, cancelled: Callable[[], bool]) -> str:
        if isinstance(self.generator, Structured):
            text = self.generator.structured(prompt.system, prompt.user, SCHEMA, MAX_TOKENS, cancelled)
        else:
            text = "".join(t.text for t in self.generator.stream(prompt, max_tokens=MAX_TOKENS, cancelled=cancelled))
        if cancelled():
            raise Stopped
        return text


def _shown(passage: Passage) -> str:
    return fence(without_orders(passage.text, passage.language))


def _again(prompt: Prompt, text: str, fault: str, language: Language) -> Prompt:
    """Show the model what it wrote and what is wrong with it."""
    user = f"{prompt.user}\n\n{fence(text.strip())}\n\n{fault_line(fault, language)}"
    return Prompt(prompt.system, user, f"{prompt.system}\n\n{user}")


def _item(
    written: Written,
    passage: Passage,
    sentence: Sentence,
    item_type: ItemType,
    language: Language,
    difficulty: Difficulty,
    model_id: str,
) -> Item:
    span = find_quote(passage.text, written.quote) or find_quote(_shown(passage), written.quote)
    if span is None:
        raise Unwritten("quote_not_found")
    if missing_from(written.right, f"{passage.text}\n{passage.title}\n{passage.section}"):
        raise Unwritten("unsupported")
    source = _cite(passage, *span)
    because = because_right(sentence, source.quote, language)
    instead = say(language, "not_said", key=written.right, place=place(sentence, language))
    options = (Option(written.right, True, because), *(Option(text, False, instead) for text in written.wrong))
    told = explanation(sentence, source.quote, language)
    return Item(
        type=item_type,
        stem=written.question,
        options=options if item_type == "choice" else (),
        answer=written.right,
        source=source,
        language=language,
        difficulty=difficulty,
        bloom=BLOOM[difficulty],
        hint=written.hint or say(language, "hint_page", passage.page_label or str(passage.page_index + 1)),
        explanation=f"{written.why} {told}".strip(),
        section=sentence.section,
        accepted=() if item_type == "choice" else (written.right,),
        model_id=model_id,
        prompt_version=PROMPT_VERSION,
    )


def _cite(passage: Passage, start: int, end: int) -> Citation:
    return Citation(
        n=1,
        sha256=passage.sha256,
        document=passage.document,
        page_index=passage.page_index,
        page_label=passage.page_label,
        quote=passage.text[start:end],
        start=passage.start + start,
        end=passage.start + end,
        extractor=passage.extractor,
    )
