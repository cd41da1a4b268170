"""What a file shows of an item, part by part, so that what was changed in it elsewhere is read back."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from rag.export.carried import MAX_OPTIONS, checked
from rag.study.types import Item, Label, Option

SEPARATOR = " | "


def shown(item: Item) -> dict[str, str]:
    """Return the parts that can be edited by name; ``right`` holds the numbers of the right options, from 1."""
    parts = {"stem": item.stem, "hint": item.hint, "explanation": item.explanation}
    for n, option in enumerate(item.options, start=1):
        parts |= {f"option_{n}": option.text, f"match_{n}": option.match, f"rationale_{n}": option.rationale}
    right = [str(n) for n, option in enumerate(item.options, start=1) if option.correct]
    typed = [] if item.options else list(item.accepted or (item.answer,))
    return parts | {"right": SEPARATOR.join(right), "accepted": SEPARATOR.join(typed)}


def changes(was: Mapping[str, str], now: Mapping[str, str], plain: Callable[[str], str] = str) -> dict[str, str]:
    """Return the parts that are other ``now`` than they ``was`` when written, as plain text."""
    return {key: plain(now.get(key, "")) for key in {**was, **now} if now.get(key, "") != was.get(key, "")}


def edited(item: Item, changed: Mapping[str, str]) -> Item:
    """Return the item with the parts of ``changed``, labelled as edited; the same item when nothing changed.

    Raises ValueError when its parts no longer fit together.
    """
    return checked(_overlaid(item, changed)) if changed else item


def _overlaid(item: Item, changed: Mapping[str, str]) -> Item:
    parts = {**shown(item), **changed}
    labels: tuple[Label, ...] = item.labels if "edited" in item.labels else (*item.labels, "edited")
    item = replace(item, stem=parts["stem"], hint=parts["hint"], explanation=parts["explanation"], labels=labels)
    if item.options:
        options = _options(parts)
        answer = SEPARATOR.join(option.text for option in options if option.correct)
        return replace(item, options=options, answer=item.answer if item.type == "matching" else answer)
    accepted = tuple(text.strip() for text in parts["accepted"].split(SEPARATOR.strip()) if text.strip())
    if "accepted" not in changed or not accepted:
        return item
    return replace(item, accepted=accepted, answer=item.answer if item.answer in accepted else accepted[0])


def _options(parts: Mapping[str, str]) -> tuple[Option, ...]:
    right = {number.strip() for number in parts["right"].split(SEPARATOR.strip())}
    return tuple(
        Option(parts[f"option_{n}"], str(n) in right, parts.get(f"rationale_{n}", ""), parts.get(f"match_{n}", ""))
        for n in range(1, MAX_OPTIONS + 1)
        if parts.get(f"option_{n}", "").strip()
    )
