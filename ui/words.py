"""The words of a memory answer, shaded by how likely the model held them; each tells what else was likely in its place.

The shades are one scale from the ground of the page to a strong amber: the stronger, the less likely. Each has its own
ink, with a contrast of at least 4.5 in both themes, also while a word has the focus.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import streamlit as st

from rag.detokenise import BROKEN
from rag.rows import AnswerRow
from rag.tokens import Word, spell, words
from ui import state
from ui.escape import escape, escape_answer
from ui.guard import act
from ui.numerals import likelihood
from ui.services import AppServices
from ui.texts import Texts

LEVELS = (0.9, 0.5, 0.2, 0.05)
"""A word at least as likely as the first is not shaded, one less likely than the last has the strongest shade."""

LIGHT = ("#0F1215", ("", "#FFE9A8", "#FFD27A", "#F5B05A", "#EC8F4E"))
DARK = ("#F2F1ED", ("", "#3D3318", "#5C4614", "#7D5511", "#9C4F1A"))
_SETTING = "ui.shade_words"
_EXPLORED, _PRESSED = "explored-answer", "pressed-word"


def memory_words(app: AppServices, texts: Texts, row: AnswerRow) -> None:
    """Draw the memory answer as far as it is written, shaded where that is wanted and the model tells how."""
    tokens = row.memory_tokens
    if not tokens or spell(tokens) != row.memory_text:
        st.markdown(escape_answer(row.memory_text))
        return
    if any(token.probability is None for token in tokens):
        st.markdown(escape_answer(row.memory_text))
        if row.final:
            st.caption(texts("words.unknown"))
        return
    wanted = app.library.store.get_setting(_SETTING) != "no"
    if not wanted:
        st.markdown(escape_answer(row.memory_text))
    elif row.final and state.chosen(_EXPLORED, row.notebook_id) == row.id:
        _explored(texts, row)
    else:
        st.markdown(shaded(words(tokens)))
    if row.final:
        _choices(app, texts, row, wanted=wanted)


def _choices(app: AppServices, texts: Texts, row: AnswerRow, *, wanted: bool) -> None:
    """Draw the legend, whether to shade, and whether to look at each word."""
    if wanted:
        st.markdown(f":small[{legend(texts)}]")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"shading-{row.id}"):
        key = state.mirror(f"shade-{row.id}", wanted)
        st.toggle(texts("words.shade"), key=key, on_change=act, args=(_remember, app, key))
        if wanted:
            is_open = state.chosen(_EXPLORED, row.notebook_id) == row.id
            st.button(
                texts("words.close" if is_open else "words.explore"),
                key=f"explore-{row.id}",
                type="tertiary",
                icon=":material/expand_less:" if is_open else ":material/manage_search:",
                on_click=state.choose,
                args=(_EXPLORED, row.notebook_id, 0 if is_open else row.id),
            )


def _remember(app: AppServices, key: str) -> None:
    app.library.store.set_setting(_SETTING, "yes" if st.session_state[key] else "no")


def _explored(texts: Texts, row: AnswerRow) -> None:
    """Draw each word as a button: the focus shows what was likely in its place, a press keeps that below the text."""
    found = words(row.memory_tokens)
    for start, line in _lines(found):
        with st.container(horizontal=True, gap="xxsmall", key=f"words-{row.id}-{start}"):
            for n, word in enumerate(line, start=start):
                st.button(
                    shade(word),
                    key=f"word-{row.id}-{n}",
                    type="tertiary",
                    help="  \n".join(alternatives(texts, found, n)),
                    on_click=state.choose,
                    args=(_PRESSED, row.id, n + 1),
                )
    pressed = state.chosen(_PRESSED, row.id) - 1
    if 0 <= pressed < len(found):
        with st.container(border=True, gap="xsmall", key=f"pressed-{row.id}"):
            st.markdown("  \n".join([_product(texts, found[pressed]), *alternatives(texts, found, pressed)]))
    st.caption(texts("words.about"))


def _lines(found: Sequence[Word]) -> Iterator[tuple[int, Sequence[Word]]]:
    """Yield the lines of a text, each with the number of its first word."""
    starts = [n for n, word in enumerate(found) if n == 0 or "\n" in word.before]
    for start, end in zip(starts, [*starts[1:], len(found)], strict=True):
        yield start, found[start:end]


def shaded(found: Sequence[Word]) -> str:
    """Return a text as markdown with each word on its shade; line ends stay."""
    parts = []
    for word in found:
        breaks = word.before.count("\n")
        parts += ["\n\n" if breaks > 1 else "  \n" if breaks else " " if word.before else "", shade(word)]
    return "".join(parts).strip()


def shade(word: Word) -> str:
    """Return a word as markdown on the shade of its probability, in the theme that is shown."""
    return _on_shade(escape(word.text), level(word.probability or 0.0)) if word.text else ""


def level(probability: float) -> int:
    """Return which shade a probability has: 0, none, to 4, the strongest."""
    return sum(probability < bound for bound in LEVELS)


def _on_shade(markdown: str, which: int) -> str:
    ink, grounds = DARK if st.context.theme.type == "dark" else LIGHT
    return f':color[{markdown}]{{foreground="{ink}" background="{grounds[which]}"}}' if which else markdown


def legend(texts: Texts) -> str:
    """Return what each shade means, as markdown."""
    bounds = [likelihood(texts, bound) for bound in LEVELS]
    names = [texts("words.from", low=bounds[0])]
    names += [texts("words.between", low=low, high=high) for high, low in pairwise(bounds)]
    names.append(texts("words.below", high=bounds[-1]))
    return " ".join(_on_shade(name, which) for which, name in enumerate(names))


def alternatives(texts: Texts, found: Sequence[Word], n: int) -> list[str]:
    """Return what was likely in the place of the n-th word, likeliest first: a line of markdown for each token."""
    tokens = [token for token in found[n].tokens if token.text.strip() or len(found[n].tokens) == 1]
    lines = []
    for position, token in enumerate(tokens):
        begins = n == 0 and position == 0
        line = ", ".join(_chance(texts, text, chance, begins=begins) for text, chance in token.alternatives)
        if token.text.strip() not in [text.strip() for text, _ in token.alternatives]:
            written = _chance(texts, token.text, token.probability or 0.0, begins=begins)
            line = f"{written} · {line}" if line else written
        lines.append(line if len(tokens) == 1 else f"**{escape(piece(texts, token.text, begins=begins))}** · {line}")
    return lines


def _chance(texts: Texts, text: str, probability: float, *, begins: bool) -> str:
    return f"{escape(piece(texts, text, begins=begins))} {escape(likelihood(texts, probability))}"


def piece(texts: Texts, text: str, *, begins: bool = False) -> str:
    """Return a token as it can be read: marks in quotes, and what goes on with a word begins with an ellipsis."""
    if not text:
        return texts.plain("words.end")
    if BROKEN in text:
        return texts.plain("words.part")
    if not text.strip():
        return texts.plain("words.line_end" if "\n" in text else "words.space")
    if not any(character.isalnum() for character in text):
        return texts.plain("answer.quote", text=text.strip())
    goes_on = text[0].isalnum() and not begins
    return f"…{text.strip()}" if goes_on else text.strip()


def _product(texts: Texts, word: Word) -> str:
    """Return how likely a word is, and of which tokens that is the product."""
    whole = likelihood(texts, word.probability or 0.0)
    line = f"**{escape(word.text)}** {escape(whole)}"
    factors = [_chance(texts, token.text, token.probability or 0.0, begins=True) for token in word.tokens]
    return f"{line} = {' × '.join(factors)}" if len(factors) > 1 else line
