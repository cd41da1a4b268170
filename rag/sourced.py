"""The answer from the sources: a decision, then the model's words where they hold, else the sentences as quotes."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ingest.types import Language
from rag.agreement import behind, telling
from rag.answer_settings import USUAL, AnswerSettings, Length, Style
from rag.cite import cite_span, number_by_citation
from rag.compose import Checked, check
from rag.evidence import Evidence
from rag.facts import missing_from
from rag.ground import Grounding
from rag.phrase import ShortAnswer, short_answer
from rag.prompt import ABSENT, sources_prompt
from rag.question import kind_of
from rag.quotes import find_quote
from rag.runaway import runaway_start
from rag.spans import Candidate
from rag.study.defining import defined_term
from rag.terms import content_words
from rag.types import AnswerStatus, Citation, Generator, Passage, SourcedAnswer, SourcesReady, TextDelta
from rag.verify import Judge

_REFERENCE = re.compile(r"\[\s*\d[^\]]*\]")
MAX_TOKENS: dict[Length, int] = {"short": 96, "normal": 256, "long": 512}
_QUOTED: dict[Language, str] = {"fr": "« {} »", "en": "“{}”"}
_QUOTES: dict[Length, tuple[int, float]] = {"short": (1, 3.0), "normal": (3, 3.0), "long": (6, 6.0)}
"""So many quotes are shown at most; a further one when its log-odds are at most so far below the best one's."""
MEANINGS = 2


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
    settings: AnswerSettings = USUAL,
    judge: Judge | None = None,
) -> Iterator[TextDelta | SourcesReady]:
    """Yield the text as it comes, then the checked answer, which replaces it; ``judge`` grades a model's sentences."""
    if grounding.decision.status == "not_found":
        yield SourcesReady(not_found(passages))
    elif generator.is_chat:
        yield from _composed(question, language, passages, grounding, generator, cancelled, settings, judge or Judge())
    elif grounding.answer is not None:
        yield SourcesReady(quoted_answer(question, language, passages, grounding, settings))
    else:
        short = short_answer(question, language, grounding.evidence[0], generator, cancelled)
        # What was broken off may end in the middle of a name.
        quoted = _quoted(question, language, passages, grounding, None if cancelled() else short, settings)
        yield SourcesReady(number_by_citation(quoted))


def quoted_answer(
    question: str,
    language: Language,
    passages: Sequence[Passage],
    grounding: Grounding,
    settings: AnswerSettings = USUAL,
) -> SourcedAnswer:
    """Return what the sources say in their own words alone, no generator asked."""
    if grounding.decision.status == "not_found":
        return not_found(passages)
    return number_by_citation(_quoted(question, language, passages, grounding, _read(grounding.answer), settings))


def _read(answer: Candidate | None) -> ShortAnswer | None:
    return None if answer is None else ShortAnswer(answer.text, (answer.start, answer.end))


def _composed(
    question: str,
    language: Language,
    passages: Sequence[Passage],
    grounding: Grounding,
    generator: Generator,
    cancelled: Callable[[], bool],
    settings: AnswerSettings,
    judge: Judge,
) -> Iterator[TextDelta | SourcesReady]:
    most = MAX_TOKENS[settings.length]
    budget, count = generator.context_tokens - most, generator.count_tokens
    prompt = sources_prompt(question, language, passages, budget=budget, count_tokens=count, settings=settings)
    raw = ""
    for token in generator.stream(prompt, max_tokens=most, cancelled=cancelled):
        raw += token.text
        if runaway_start(raw) is not None:
            break
        yield TextDelta("sources", token.text)
    sent = [passage for passage in passages if passage.n not in prompt.left_out]
    checked = check(raw, language, sent, judge, listed=settings.style == "bullets")
    if not checked.citations:
        # A model that was asked and finds no answer is a doubt, though not a verdict.
        status: AnswerStatus = "partial" if ABSENT in raw else grounding.decision.status
        answer = _quoted(question, language, passages, grounding, _read(grounding.answer), settings)
        answer = replace(answer, status=status, unsupported=checked.unsupported)
    else:
        answer = _said(question, language, passages, grounding, checked, judge.grading.behind)
    yield SourcesReady(number_by_citation(replace(answer, left_out=prompt.left_out)))


def _said(
    question: str,
    language: Language,
    passages: Sequence[Passage],
    grounding: Grounding,
    checked: Checked,
    most_behind: float,
) -> SourcedAnswer:
    instead = _instead(question, language, grounding, checked, most_behind)
    whole = not checked.dropped and not instead
    status = grounding.decision.status if whole else "partial"
    cited = {citation.n for citation in checked.citations}
    return SourcedAnswer(
        status=status,
        answer=_shortest(checked, grounding.answer),
        text=checked.text,
        citations=tuple(replace(c, support="weak") for c in checked.citations) if instead else checked.citations,
        passages=tuple(passages),
        missing=_unheard(question, [p for p in passages if p.n in cited]) if status == "partial" else (),
        unsupported=checked.unsupported,
        instead=instead,
    )


def _instead(question: str, language: Language, grounding: Grounding, checked: Checked, most_behind: float) -> str:
    # A definition has many wordings, and between languages the words differ.
    if kind_of(question) == "definition":
        return ""
    own = telling(question, [answer for answer in grounding.answers if answer.passage.language == language])
    return own[0].text if own and behind(question, checked.text, own) > most_behind else ""


def _shortest(checked: Checked, read: Candidate | None) -> str:
    # What the reader found counts only if the model says it too.
    if read is not None and find_quote(checked.text, read.text):
        return read.text
    return min((c.quote for c in checked.citations), key=len)


def _quoted(
    question: str,
    language: Language,
    passages: Sequence[Passage],
    grounding: Grounding,
    short: ShortAnswer | None,
    settings: AnswerSettings,
) -> SourcedAnswer:
    quotes, margin = _QUOTES[settings.length]
    chosen = _best_quotes(grounding.evidence, quotes, margin)
    if short is not None:
        # Only what holds the answer supports it; what else its passage tells makes plain whether a reader was right.
        first, *others = grounding.evidence if grounding.answer else chosen
        others = [item for item in others if find_quote(item.text, short.text) or _beside(grounding, item, margin)]
        chosen = [first, *others[: quotes - 1]]
    meanings = _meanings(chosen, grounding.evidence) if settings.style == "beginner" else []
    citations = (*(_cite(item, short) for item in chosen), *(_cite(item, None) for item in meanings))
    best = chosen[0]
    answer = " ".join(best.text.split()) if short is None else best.passage.text[slice(*short.span)]
    said = [f"{_QUOTED[language].format(_line(item.text))} [{item.passage.n}]" for item in (*chosen, *meanings)]
    if short is not None and kind_of(question) != "definition":
        # A definition is the whole sentence; a few words of it would define nothing.
        line = _line(short.text)
        said = [f"{line[0].upper()}{line[1:]}. [{best.passage.n}]", *(said if settings.style != "plain" else ())]
    text = _laid_out(said, settings.style)
    status = grounding.decision.status
    missing = _unheard(question, [item.passage for item in (*chosen, *meanings)]) if status == "partial" else ()
    return SourcedAnswer(status, answer, text, citations, tuple(passages), missing=missing)


def _unheard(question: str, cited: Sequence[Passage]) -> tuple[str, ...]:
    # The names and numbers asked about that nothing cited speaks of.
    return missing_from(question, " ".join(f"{p.document} {p.section} {p.text}" for p in cited))


def _laid_out(said: Sequence[str], style: Style) -> str:
    return "\n".join(f"- {line}" for line in said) if style == "bullets" else "\n\n".join(said)


def _meanings(chosen: Sequence[Evidence], evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentences that define a word of the chosen ones: what a beginner may not know, as the sources say."""
    heard = {word for item in chosen for word in content_words(item.text)}
    others = [item for item in evidence if item not in chosen]
    found = []
    for item in others:
        term = content_words(defined_term(" ".join(item.text.split()), item.passage.language))
        if term and heard.issuperset(term):
            found.append(item)
    return found[:MEANINGS]


def _beside(grounding: Grounding, item: Evidence, margin: float) -> bool:
    first = grounding.evidence[0]
    near = item.passage.n == first.passage.n and item.score >= first.score - margin
    return grounding.answer is not None and near


def _best_quotes(evidence: Sequence[Evidence], quotes: int, margin: float) -> list[Evidence]:
    floor = evidence[0].score - margin
    return [item for item in evidence[:quotes] if item.score >= floor]


def _cite(item: Evidence, short: ShortAnswer | None) -> Citation:
    text = item.passage.text[item.start : item.end]
    lead = len(text) - len(text.lstrip())
    held = short is None or find_quote(text, short.text) is not None
    return cite_span(item.passage, item.start + lead, item.start + len(text.rstrip()), "supported" if held else "weak")


def _line(text: str) -> str:
    # A reference such as [12] inside a quote would read as one of our marks.
    return _REFERENCE.sub("[…]", " ".join(text.split()))
