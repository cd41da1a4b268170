"""A quiz as an exam sheet without answers, then an answer sheet with every page."""

from collections.abc import Sequence

from ingest.types import Language
from rag.export.blocks import Blanks, Block, Choices, Group, Heading, NewPage, Pairs, Paragraph, Sheet
from rag.export.repeats import adds
from rag.export.words import place, quoted, word
from rag.study.types import Item

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
GAP = "_____"
_WIDE_GAP = "____________"
# How to answer is told where the room for the answer does not show it.
_TOLD = frozenset({"several", "matching"})


def quiz_sheet(name: str, items: Sequence[Item], language: Language) -> Sheet:
    """Return both sheets; the words around each item are in the item's own language."""
    labels = tuple(word(language, key) for key in ("name", "class", "date", "score"))
    blocks: list[Block] = [Heading(name, 1), Blanks(labels)]
    blocks += [_question(n, item) for n, item in enumerate(items, start=1)]
    blocks += [NewPage(), Heading(f"{name} – {word(language, 'answers')}", 1)]
    blocks += [_solution(n, item) for n, item in enumerate(items, start=1)]
    return Sheet(name, language, blocks)


def _question(n: int, item: Item) -> Group:
    stem = Paragraph(item.stem.replace(GAP, _WIDE_GAP), "strong", f"{n}.")
    told = (Paragraph(word(item.language, f"type.{item.type}"), "quiet", depth=1),) if item.type in _TOLD else ()
    return Group((stem, *told, *_room(item)))


def _room(item: Item) -> tuple[Block, ...]:
    if item.type == "matching":
        left = tuple((f"{n}.", option.text) for n, option in enumerate(item.options, start=1))
        return (Pairs(left, tuple(zip(LETTERS, matches(item), strict=False))),)
    if item.options:
        entries = tuple(zip(LETTERS, (option.text for option in item.options), strict=False))
        return (Choices(entries, "box" if item.type == "several" else "circle"),)
    # A gap has its room in the sentence.
    return () if item.type == "cloze" else (Blanks(("",)),)


def matches(item: Item) -> list[str]:
    """Return what is to be matched, each once, in an order that tells nothing."""
    return sorted({option.match for option in item.options}, key=lambda text: (text.casefold(), text))


def _solution(n: int, item: Item) -> Group:
    language, source = item.language, item.source
    blocks: list[Block] = [Paragraph(item.stem, "strong", f"{n}."), *_key(item)]
    if adds(item, item.explanation):
        blocks.append(Paragraph(word(language, "explanation", item.explanation), depth=1))
    reasons = tuple(
        (LETTERS[i], option.rationale) for i, option in enumerate(item.options) if adds(item, option.rationale)
    )
    if reasons:
        blocks.append(Choices(reasons))
    if source.quote:
        blocks.append(Paragraph(quoted(language, source.quote), "quote", depth=1))
    blocks.append(Paragraph(place(language, source), "quiet", depth=1))
    return Group(tuple(blocks))


def _key(item: Item) -> tuple[Block, ...]:
    if item.type == "matching":
        letters = dict(zip(matches(item), LETTERS, strict=False))
        pairs = (
            (f"{n} {letters.get(option.match, '')}", f"{option.text} – {option.match}")
            for n, option in enumerate(item.options, start=1)
        )
        return (Choices(tuple(pairs)),)
    if item.options:
        right = [f"{LETTERS[i]}. {option.text}" for i, option in enumerate(item.options) if option.correct]
        return (Paragraph(word(item.language, "answer", "; ".join(right)), "strong", depth=1),)
    answer = Paragraph(word(item.language, "answer", item.answer), "strong", depth=1)
    others = [text for text in item.accepted if text != item.answer]
    also = Paragraph(word(item.language, "accepted", ", ".join(others)), "quiet", depth=1)
    return (answer, also) if others else (answer,)
