"""A question of a quiz as markdown: its words, its key, what was answered. Pure: no widget is drawn here."""

from collections.abc import Collection, Sequence

from rag.study.gate import REASONS
from rag.study.rows import ItemStatistics
from rag.study.types import Item, Label, Option, answers
from ui.escape import escape
from ui.texts import Texts

_LABELS: dict[Label, tuple[str, str]] = {
    "needs_review": ("orange", "flag"),
    "common_knowledge": ("gray", "public"),
    "edited": ("gray", "edit"),
    "by_hand": ("gray", "person"),
}


def stem(item: Item, n: int) -> str:
    """Return the numbered question."""
    return f"{n}\\. {escape(item.stem)}"


def badges(texts: Texts, item: Item, *, redo: bool = False) -> str:
    """Return what kind of question it is, and what there is to know about it, as badges."""
    kinds = (f"type_{item.type}", f"bloom_{item.bloom}", f"difficulty_{item.difficulty}")
    parts = [f":blue-badge[{texts(f'quiz.{kinds[0]}')}]", *(f":gray-badge[{texts(f'quiz.{k}')}]" for k in kinds[1:])]
    if redo:
        parts.append(f":orange-badge[:material/hourglass_top: {texts('quiz.redo_waits')}]")
    for label in item.labels:
        colour, icon = _LABELS[label]
        parts.append(f":{colour}-badge[:material/{icon}: {texts(f'quiz.label_{label}')}]")
    return " ".join(parts)


def pair(option: Option) -> str:
    """Return a pair of a matching question as it is answered."""
    return f"{option.text}\t{option.match}"


def key_lines(texts: Texts, item: Item, given: Collection[str] | None = None) -> list[str]:
    """Return the key with its reasons, a line each; ``given`` marks what was answered, None for nobody."""
    if item.type == "matching":
        return [_pair_line(texts, option, given) for option in item.options]
    if item.options:
        return [_option_line(texts, option, given) for option in item.options]
    return _typed_lines(texts, item, given)


def _option_line(texts: Texts, option: Option, given: Collection[str] | None) -> str:
    chosen = given is not None and option.text in given
    icon = ":gray[:material/radio_button_unchecked:]"
    if option.correct:
        icon = ":green[:material/check_circle:]"
    elif chosen:
        icon = ":red[:material/cancel:]"
    words = [texts("quiz.right_answer")] if option.correct else []
    words += [texts("quiz.your_answer")] if chosen else []
    text = f"**{escape(option.text)}**" if option.correct else escape(option.text)
    told = f" :small[:gray[· {' · '.join(words)}]]" if words else ""
    reason = f"  \n:small[:gray[{escape(option.rationale)}]]" if option.rationale else ""
    return f"{icon} {text}{told}{reason}"


def _pair_line(texts: Texts, option: Option, given: Collection[str] | None) -> str:
    body = f"**{escape(option.text)}** → {escape(option.match)}"
    if given is None:
        return f":green[:material/check_circle:] {body}"
    if pair(option) in given:
        return f":green[:material/check_circle:] {body} :small[:gray[· {texts('quiz.your_answer')}]]"
    other = next((text.partition("\t")[2] for text in given if text.partition("\t")[0] == option.text), "")
    told = f" :small[:gray[· {texts('quiz.you_matched', text=other)}]]" if other else ""
    return f":red[:material/cancel:] {body}{told}"


def _typed_lines(texts: Texts, item: Item, given: Collection[str] | None) -> list[str]:
    lines = [f":green[:material/check_circle:] **{escape(item.answer)}**"]
    others = [text for text in answers(item) if text != item.answer]
    if others:
        lines.append(f":small[:gray[{texts('quiz.also_right', names=', '.join(others))}]]")
    if given:
        lines.append(f":material/edit: {texts('quiz.you_wrote', text=', '.join(given))}")
    return lines


def facts(texts: Texts, item: Item, asked: ItemStatistics | None) -> str:
    """Return its section, its model and how it was answered so far, as one line."""
    parts: Sequence[str] = (
        escape(item.section),
        escape(item.model_id),
        texts.count("quiz.asked", asked.asked, right=asked.right) if asked and asked.asked else "",
    )
    return " · ".join(part for part in parts if part)


def reason_words(texts: Texts, reason: str) -> str:
    """Return what is wrong with a question; a quiz from elsewhere may name what is not known here."""
    return texts(f"quiz.dropped_{reason if reason in REASONS else 'other'}")
