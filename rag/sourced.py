"""The answer from the sources: a decision, then the model's words where they hold, else the sentences as quotes."""

import re
from collections.abc import Callable, Iterator, Sequence

from ingest.types import Language
from rag.cite import cite_span, number_by_citation
from rag.compose import check
from rag.evidence import Evidence
from rag.ground import Grounding
from rag.phrase import ShortAnswer, short_answer
from rag.prompt import ABSENT, sources_prompt
from rag.quotes import find_quote
from rag.runaway import runaway_start
from rag.types import AnswerStatus, Citation, Generator, Passage, SourcedAnswer, SourcesReady, TextDelta

_REFERENCE = re.compile(r"\[\s*\d[^\]]*\]")
MAX_TOKENS = 256
_QUOTED: dict[Language, str] = {"fr": "« {} »", "en": "“{}”"}
QUOTES = 3
_QUOTE_MARGIN = 3.0
"""A further quote is shown when its log-odds are at most this far below the best one's."""


def not_found(passages: Sequence[Passage]) -> SourcedAnswer:
    """Say that the sources do not answer; the nearest passages are offered."""
    return SourcedAnswer("not_found", "", "", (), tuple(passages))


def answer_from_sources(
    question: str,
    language: Language,
    passages: Sequence[Passage],
    grounding: Grounding,
    generator: Generator,
    cancelled: Callable[[], bool],
) -> Iterator[TextDelta | SourcesReady]:
    """Yield the text as it comes, then the checked answer, which replaces it."""
    if grounding.decision.status == "not_found":
        yield SourcesReady(not_found(passages))
    elif generator.is_chat:
        yield from _composed(question, language, passages, grounding, generator, cancelled)
    else:
        short = short_answer(question, language, grounding.evidence[0], generator, cancelled)
        # What was broken off may end in the middle of a name.
        kept = None if cancelled() else short
        yield SourcesReady(_quoted(language, passages, grounding, kept, status=grounding.decision.status))


def _composed(
    question: str,
    language: Language,
    passages: Sequence[Passage],
    grounding: Grounding,
    generator: Generator,
    cancelled: Callable[[], bool],
) -> Iterator[TextDelta | SourcesReady]:
    budget = generator.context_tokens - MAX_TOKENS
    prompt = sources_prompt(question, language, passages, budget=budget, count_tokens=generator.count_tokens)
    raw = ""
    for token in generator.stream(prompt, max_tokens=MAX_TOKENS, cancelled=cancelled):
        raw += token.text
        if runaway_start(raw) is not None:
            break
        yield TextDelta("sources", token.text)
    sent = [passage for passage in passages if passage.n not in prompt.left_out]
    checked = check(raw, language, sent)
    if not checked.citations:
        # A model that was asked and finds no answer is a doubt, though not a verdict.
        doubted = "partial" if ABSENT in raw else grounding.decision.status
        yield SourcesReady(_quoted(language, passages, grounding, None, status=doubted, left_out=prompt.left_out))
        return
    status = "partial" if checked.dropped else grounding.decision.status
    short = min((c.quote for c in checked.citations), key=len)
    answer = SourcedAnswer(status, short, checked.text, checked.citations, tuple(passages), prompt.left_out)
    yield SourcesReady(number_by_citation(answer))


def _quoted(
    language: Language,
    passages: Sequence[Passage],
    grounding: Grounding,
    short: ShortAnswer | None,
    *,
    status: AnswerStatus,
    left_out: tuple[int, ...] = (),
) -> SourcedAnswer:
    chosen = _best_quotes(grounding.evidence)
    if short is not None:
        # Only what holds the answer supports it.
        chosen = [chosen[0], *(item for item in chosen[1:] if find_quote(item.text, short.text))]
    citations = tuple(_cite(item) for item in chosen)
    best = chosen[0]
    if short is None:
        text = "\n\n".join(f"{_QUOTED[language].format(_line(item.text))} [{item.passage.n}]" for item in chosen)
        answer = " ".join(best.text.split())
    else:
        text = f"{short.text[0].upper()}{_line(short.text[1:])}. [{best.passage.n}]"
        answer = best.passage.text[slice(*short.span)]
    return number_by_citation(SourcedAnswer(status, answer, text, citations, tuple(passages), left_out))


def _best_quotes(evidence: Sequence[Evidence]) -> list[Evidence]:
    floor = evidence[0].score - _QUOTE_MARGIN
    return [item for item in evidence[:QUOTES] if item.score >= floor]


def _cite(item: Evidence) -> Citation:
    text = item.passage.text[item.start : item.end]
    lead = len(text) - len(text.lstrip())
    return cite_span(item.passage, item.start + lead, item.start + len(text.rstrip()), "supported")


def _line(text: str) -> str:
    # A reference such as [12] inside a quote would read as one of our marks.
    return _REFERENCE.sub("[…]", " ".join(text.split()))
