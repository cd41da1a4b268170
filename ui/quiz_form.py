"""The fields of a question: what can be written in them, and the question that they make."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar, get_args

import streamlit as st

from rag.errors import RagError
from rag.study.gate import GAP
from rag.study.types import OPTIONS, Bloom, Difficulty, Item, Option, answers
from ui.texts import Texts

Name = TypeVar("Name", bound=str)

PAIRS = 6
WORDS_CHARS = 1000


def item_form(texts: Texts, item: Item, key: str) -> Item | None:
    """Draw a question as a form; return what it was made once it is to be saved.

    Raises ITEM_INCOMPLETE and ITEM_GAP, and the fields keep what is in them.
    """
    with st.form(f"form-{key}", border=False):
        about = texts("quiz.gap_help", gap=GAP) if item.type == "cloze" else None
        stem = st.text_area(texts("quiz.stem"), item.stem, key=f"stem-{key}", max_chars=WORDS_CHARS, help=about)
        made = _answered(texts, replace(item, stem=stem.strip()), key)
        hint = st.text_input(texts("quiz.hint"), item.hint, key=f"hint-{key}", max_chars=WORDS_CHARS)
        told = st.text_area(
            texts("quiz.explanation"), item.explanation, key=f"explanation-{key}", max_chars=WORDS_CHARS
        )
        difficulties: tuple[Difficulty, ...] = get_args(Difficulty)
        difficulty = _one_of(texts, "difficulty", difficulties, item.difficulty, key)
        blooms: tuple[Bloom, ...] = get_args(Bloom)
        bloom = _one_of(texts, "bloom", blooms, item.bloom, key)
        if not st.form_submit_button(texts("notebook.save"), type="primary"):
            return None
    made = replace(made, hint=hint.strip(), explanation=told.strip(), difficulty=difficulty, bloom=bloom)
    _refuse_incomplete(made)
    return made


def _refuse_incomplete(item: Item) -> None:
    if item.type == "cloze" and item.stem.count(GAP) != 1:
        raise RagError("ITEM_GAP", gap=GAP)
    few = item.type in ("choice", "several", "matching") and len(item.options) < 2
    if few or not item.stem or not item.answer:
        raise RagError("ITEM_INCOMPLETE")


def _one_of(texts: Texts, field: str, options: Sequence[Name], default: Name, key: str) -> Name:
    chosen = st.segmented_control(
        texts(f"quiz.{field}"),
        options=options,
        default=default,
        format_func=lambda name: texts.plain(f"quiz.{field}_{name}"),
        key=f"{field}-{key}",
        required=True,
    )
    return chosen or default


def _answered(texts: Texts, item: Item, key: str) -> Item:
    """Draw the fields of the answer; return the item with what they hold."""
    match item.type:
        case "cloze" | "short":
            return _typed(texts, item, key)
        case "matching":
            return _matched(texts, item, key)
        case "true_false":
            return _true_or_false(texts, item, key)
        case "choice" | "several":
            return _chosen(texts, item, key)


def _typed(texts: Texts, item: Item, key: str) -> Item:
    answer = st.text_input(texts("quiz.answer"), item.answer, key=f"answer-{key}", max_chars=WORDS_CHARS).strip()
    others = [text for text in item.accepted if text != item.answer]
    also = st.text_area(texts("quiz.accepted"), "\n".join(others), key=f"accepted-{key}", max_chars=WORDS_CHARS)
    accepted = dict.fromkeys([answer, *(line.strip() for line in also.splitlines() if line.strip())])
    return replace(item, answer=answer, accepted=tuple(accepted))


def _true_or_false(texts: Texts, item: Item, key: str) -> Item:
    own = Texts(item.language)
    options = item.options or tuple(Option(own.plain(f"quiz.{name}"), name == "true") for name in ("true", "false"))
    names = [option.text for option in options]
    wanted = item.answer if item.answer in names else names[0]
    answer = st.segmented_control(texts("quiz.answer"), names, default=wanted, key=f"answer-{key}", required=True)
    changed = answer != item.answer
    # What was said of an option as the wrong one cannot stay when it is the right one.
    kept = [replace(o, correct=o.text == answer, rationale="" if changed else o.rationale) for o in options]
    return replace(item, options=tuple(kept), answer=answer or wanted)


def _chosen(texts: Texts, item: Item, key: str) -> Item:
    before = [*item.options, *[Option("", False)] * (OPTIONS - len(item.options))]
    numbers = list(range(1, len(before) + 1))
    right = [n for n, option in zip(numbers, before, strict=True) if option.correct]
    options = []
    for n, option in zip(numbers, before, strict=True):
        with st.container(horizontal=True, gap="small"):
            text = st.text_input(texts("quiz.option", n=n), option.text, key=f"option-{n}-{key}", max_chars=WORDS_CHARS)
            reason = st.text_input(
                texts("quiz.rationale", n=n), option.rationale, key=f"rationale-{n}-{key}", max_chars=WORDS_CHARS
            )
        options.append(Option(text.strip(), n in right, reason.strip()))
    if item.type == "several":
        marked = st.pills(texts("quiz.right_ones"), numbers, selection_mode="multi", default=right, key=f"right-{key}")
    else:
        one = st.segmented_control(
            texts("quiz.right_one"), numbers, default=(right or [1])[0], key=f"right-{key}", required=True
        )
        marked = [one or 1]
    kept = tuple(replace(o, correct=n in marked) for n, o in zip(numbers, options, strict=True) if o.text)
    return replace(item, options=kept, answer=" | ".join(o.text for o in kept if o.correct))


def _matched(texts: Texts, item: Item, key: str) -> Item:
    before = [*item.options, *[Option("", True)] * (PAIRS - len(item.options))]
    pairs = []
    for n, option in enumerate(before, start=1):
        with st.container(horizontal=True, gap="small"):
            left = st.text_input(texts("quiz.left", n=n), option.text, key=f"left-{n}-{key}", max_chars=WORDS_CHARS)
            right = st.text_input(
                texts("quiz.match_of", n=n), option.match, key=f"match-{n}-{key}", max_chars=WORDS_CHARS
            )
        if left.strip() and right.strip():
            pairs.append(Option(left.strip(), True, option.rationale, right.strip()))
    made = replace(item, options=tuple(pairs))
    return replace(made, answer=" | ".join(answers(made)) if pairs else "")
