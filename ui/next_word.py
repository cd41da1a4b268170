"""What a language model sees after a text: the probability of each next word, under a temperature and top-p."""

import streamlit as st

from rag.next_words import SHARES, TEMPERATURES, NextWords, place_of
from rag.rows import NotebookRow
from ui import state
from ui.escape import escape
from ui.guard import guard
from ui.next_chart import Bar, next_chart
from ui.numerals import decimal, grouped, likelihood, percent
from ui.page import frame
from ui.services import AppServices
from ui.texts import Texts
from ui.watch import redraw
from ui.words import piece

BARS, BUTTONS = 15, 12
POLL_SECONDS = 0.3
MAX_CHARS = 1000
EXAMPLES = ("next.example_1", "next.example_2", "next.example_3")
_TEXT, _TEMPERATURE, _TOP_P = "next-text", "next-temperature", "next-top-p"


def draw(app: AppServices, texts: Texts) -> None:
    """Draw the page; it is the same for every notebook."""
    frame(app, texts, _next_word)


def _next_word(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    st.markdown(f"# {texts('next.title')}", anchors=False)
    st.markdown(texts("next.about"))
    text = st.text_area(
        texts("next.text"),
        key=_TEXT,
        placeholder=texts.plain("next.placeholder"),
        max_chars=MAX_CHARS,
        height=100,
    )
    if not text or not text.strip():
        _empty(texts)
    elif app.status().holder:
        st.caption(f":material/hourglass_top: {texts('next.elsewhere')}")
    else:
        _steps_back(texts, text)
        found = app.next_words(text)
        if found is None:
            _wait(app, texts, text)
        else:
            _found(texts, text, found)


def _empty(texts: Texts) -> None:
    st.caption(texts("next.empty"))
    st.caption(texts("next.examples"))
    for key in EXAMPLES:
        _text_button(texts, key, key, texts.plain(key))


def _steps_back(texts: Texts, text: str) -> None:
    with st.container(horizontal=True, gap="small", key="next-steps"):
        words = text.rstrip()
        shorter = words[: max(words.rfind(" "), words.rfind("\n"), 0)]
        _text_button(texts, "next.undo", "next-undo", shorter, "undo")
        _text_button(texts, "next.clear", "next-clear", "", "restart_alt")


def _text_button(texts: Texts, name: str, key: str, text: str, icon: str = "edit_note") -> None:
    st.button(texts(name), key=key, type="tertiary", icon=f":material/{icon}:", on_click=_write, args=(text,))


def _write(text: str) -> None:
    state.mirror(_TEXT, text)


def _wait(app: AppServices, texts: Texts, text: str) -> None:
    def body() -> None:
        with guard(texts):
            if app.next_words(text) is not None:
                redraw()
            st.caption(f":material/hourglass_top: {texts('next.waiting')}")
            st.skeleton(height=120)

    st.fragment(run_every=POLL_SECONDS)(body)()


def _found(texts: Texts, text: str, found: NextWords) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        temperature = st.select_slider(
            texts("next.temperature"),
            options=TEMPERATURES,
            value=1.0,
            format_func=lambda value: decimal(texts, value),
            key=_TEMPERATURE,
        )
        st.caption(texts("next.temperature_told"))
    with right:
        top_p = st.select_slider(
            texts("next.top_p"),
            options=SHARES,
            value=1.0,
            format_func=lambda value: decimal(texts, value, 2),
            key=_TOP_P,
        )
        at = place_of(temperature, TEMPERATURES)
        st.caption(_top_p(texts, found, at, place_of(top_p, SHARES)))
    _bars(texts, found, at, place_of(top_p, SHARES))
    _go_on(texts, text, found, at)


def _top_p(texts: Texts, found: NextWords, at: int, share: int) -> str:
    everything = grouped(texts, found.vocabulary)
    if SHARES[share] >= 1:
        return texts("next.top_p_all", all=everything)
    kept = found.kept[at][share]
    values = {"p": decimal(texts, SHARES[share], 2), "all": everything, "held": percent(texts, found.held[at][share])}
    return texts("next.top_p_told_one" if kept == 1 else "next.top_p_told", n=grouped(texts, kept), **values)


def _bars(texts: Texts, found: NextWords, at: int, share: int) -> None:
    chances, kept = found.chances[at][:BARS], found.kept[at][share]
    names = [piece(texts, text) for text in found.texts[:BARS]]
    bars = [Bar(name, chance, n < kept) for n, (name, chance) in enumerate(zip(names, chances, strict=True))]
    rest = max(0.0, 1.0 - sum(chances))
    others = found.vocabulary - len(chances)
    if others:
        bars.append(Bar(texts.plain("next.rest", n=grouped(texts, others)), rest, kept > len(chances)))
    t = decimal(texts, TEMPERATURES[at])
    said = ", ".join(f"{name} {likelihood(texts, chance)}" for name, chance in zip(names, chances, strict=True))
    told = texts.plain("next.chart_told", t=t, words=said, rest=likelihood(texts, rest))
    next_chart(texts, bars, texts.plain("next.chart", t=t), told)


def _go_on(texts: Texts, text: str, found: NextWords, at: int) -> None:
    st.markdown(f"**{texts('next.append')}**")
    with st.container(horizontal=True, gap="small", key="next-words"):
        for n, added in enumerate(found.texts[:BUTTONS]):
            shown = piece(texts, added)
            st.button(
                f"{escape(shown)} :small[{escape(likelihood(texts, found.chances[at][n]))}]",
                key=f"next-{n}",
                # The end of the text, or a part of a character, cannot be written in the box.
                disabled=not added or "\N{REPLACEMENT CHARACTER}" in added,
                on_click=_write,
                args=((text.rstrip(" ") + added)[:MAX_CHARS],),
            )
