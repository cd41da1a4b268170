"""Where a question is answered: options as buttons with keys, pairs as lists to choose from, words in a box."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from rag.study.types import Item
from ui.escape import escape
from ui.guard import act
from ui.texts import Texts

ANSWER_CHARS = 200
TYPED = ("cloze", "short")

Answers = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A place for an answer: the ``key`` of its widgets, what it holds, who keeps a change, whether the keys of the
    keyboard answer it.

    ``submit`` is the key of the words on the button that gives what was typed, "" where each change is kept at once.
    """

    key: str
    answers: Answers
    keep: Callable[[Answers], object]
    keyed: bool = False
    submit: str = ""


def answer_box(texts: Texts, item: Item, box: Box) -> None:
    """Draw how a question is answered, with what was answered so far."""
    if item.type in TYPED:
        _typed(texts, box)
    elif item.type == "matching":
        _pairs(texts, item, box)
    else:
        _options(texts, item, box)


def _options(texts: Texts, item: Item, box: Box) -> None:
    many = item.type == "several"
    st.caption(texts("quiz.pick_many" if many else "quiz.pick_single"))
    icons = ("check_box_outline_blank", "check_box") if many else ("radio_button_unchecked", "radio_button_checked")
    with st.container(gap="xsmall", key=f"options-{box.key}"):
        for n, option in enumerate(item.options, start=1):
            chosen = option.text in box.answers
            # A screen reader knows no icon, so that the label itself tells what is chosen.
            label = texts("quiz.option_chosen", text=option.text) if chosen else escape(option.text)
            st.button(
                label,
                key=f"option-{n}-{box.key}",
                type="tertiary",
                icon=f":material/{icons[chosen]}:",
                shortcut=str(n) if box.keyed else None,
                on_click=act,
                args=(box.keep, _picked(item, box.answers, option.text, many=many)),
            )


def _picked(item: Item, before: Answers, text: str, *, many: bool) -> Answers:
    """Return what is chosen once an option is pressed, in the order of the options."""
    if not many:
        return (text,)
    wanted = {*before} ^ {text}
    return tuple(option.text for option in item.options if option.text in wanted)


def _pairs(texts: Texts, item: Item, box: Box) -> None:
    st.caption(texts("quiz.match"))
    matches = sorted({option.match for option in item.options}, key=str.casefold)
    before = dict(text.split("\t", 1) for text in box.answers)
    keys = [f"pair-{n}-{box.key}" for n in range(len(item.options))]

    def keep() -> None:
        values = [st.session_state.get(key) for key in keys]
        box.keep(tuple(f"{o.text}\t{v}" for o, v in zip(item.options, values, strict=True) if v))

    for key, option in zip(keys, item.options, strict=True):
        chosen = before.get(option.text)
        st.selectbox(
            escape(option.text),
            options=matches,
            index=matches.index(chosen) if chosen in matches else None,
            placeholder=texts.plain("quiz.match_choose"),
            key=key,
            on_change=act,
            args=(keep,),
        )


def _typed(texts: Texts, box: Box) -> None:
    key = f"typed-{box.key}"

    def keep() -> None:
        box.keep(_words(st.session_state.get(key)))

    value = box.answers[0] if box.answers else ""
    if not box.submit:
        st.text_input(texts("quiz.type_answer"), value, ANSWER_CHARS, key=key, on_change=act, args=(keep,))
        return
    with st.form(f"form-{box.key}", border=False):
        st.text_input(texts("quiz.type_answer"), value, ANSWER_CHARS, key=key, autocomplete="off")
        st.form_submit_button(
            texts(box.submit),
            type="primary" if box.keyed else "secondary",
            shortcut="Enter" if box.keyed else None,
            on_click=act,
            args=(keep,),
        )


def _words(typed: Sequence[str] | str | None) -> Answers:
    return (typed.strip(),) if isinstance(typed, str) and typed.strip() else ()
