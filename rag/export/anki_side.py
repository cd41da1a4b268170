"""How a note looks in Anki: its fields, both sides of its card, light and dark."""

import genanki

from rag.export.markup import as_html
from rag.export.repeats import adds
from rag.export.sheet import GAP, LETTERS, matches
from rag.export.words import place, word
from rag.study.types import Item

NOTE_FIELD = "Lectern"
# Written once and never changed: Anki knows the note types by them.
ITEM_MODEL_ID = 1_607_392_301
CARD_MODEL_ID = 1_607_392_302
_CSS = """
.card { font: 18px/1.5 Inter, "Helvetica Neue", Arial, sans-serif; color: #1b1b1f; background: #fff; text-align: left;
  max-width: 40rem; margin: 0 auto; padding: 0 1rem; }
.card.night_mode, .night_mode .card { color: #ececf1; background: #1f1f23; }
.stem { font-weight: 600; }
ol { list-style: upper-alpha; padding-left: 1.8rem; margin: .6rem 0; }
ol.numbers { list-style: decimal; }
li { margin: .25rem 0; }
.answer { font-weight: 600; color: #14713d; }
.night_mode .answer { color: #6fd39b; }
.why, .explanation { font-size: .9em; margin-top: .5rem; }
.hint { font-size: .9em; opacity: .75; }
blockquote { margin: .8rem 0 .2rem; padding-left: .75rem; border-left: 3px solid #9a9aa6; font-style: italic; }
.source { font-size: .8em; opacity: .75; }
"""
_FRONT = """<div class="stem">{{Question}}</div>
{{Options}}
{{#Hint}}<details class="hint"><summary>{{Hint word}}</summary>{{Hint}}</details>{{/Hint}}"""
_BACK = """{{FrontSide}}
<hr id="answer">
<div class="answer">{{Answer}}</div>
{{#Why}}<div class="why">{{Why}}</div>{{/Why}}
{{#Explanation}}<div class="explanation">{{Explanation}}</div>{{/Explanation}}
{{#Quote}}<blockquote>{{Quote}}</blockquote>{{/Quote}}
<div class="source">{{Source}}</div>"""

ITEM_MODEL = genanki.Model(
    ITEM_MODEL_ID,
    "Lectern question",
    fields=[
        {"name": name}
        for name in (
            "Question",
            "Options",
            "Hint",
            "Hint word",
            "Answer",
            "Why",
            "Explanation",
            "Quote",
            "Source",
            NOTE_FIELD,
        )
    ],
    templates=[{"name": "Question", "qfmt": _FRONT, "afmt": _BACK}],
    css=_CSS,
)
CARD_MODEL = genanki.Model(
    CARD_MODEL_ID,
    "Lectern card",
    fields=[{"name": name} for name in ("Front", "Back", "Quote", "Source")],
    templates=[
        {
            "name": "Card",
            "qfmt": '<div class="stem">{{Front}}</div>',
            "afmt": """{{FrontSide}}
<hr id="answer">
<div>{{Back}}</div>
{{#Quote}}<blockquote>{{Quote}}</blockquote>{{/Quote}}
<div class="source">{{Source}}</div>""",
        }
    ],
    css=_CSS,
)


def fields(item: Item) -> dict[str, str]:
    """Return an item's fields in the order of the note type, less the last; named as in ``shown`` where shared."""
    return {
        "stem": as_html(item.stem),
        "options": _options(item),
        "hint": as_html(item.hint),
        "hint_word": as_html(word(item.language, "hint_word")),
        "answer": _answer(item),
        "why": _why(item),
        "explanation": as_html(item.explanation) if adds(item, item.explanation) else "",
        "quote": as_html(item.source.quote),
        "source": as_html(place(item.language, item.source)),
    }


def _options(item: Item) -> str:
    if item.type == "matching":
        return _list([option.text for option in item.options], "numbers") + _list(matches(item))
    return _list([option.text for option in item.options]) if item.options else ""


def _list(texts: list[str], kind: str = "letters") -> str:
    return f'<ol class="{kind}">{"".join(f"<li>{as_html(text)}</li>" for text in texts)}</ol>'


def _answer(item: Item) -> str:
    if item.type == "matching":
        letters = dict(zip(matches(item), LETTERS, strict=False))
        lines = [f"{n} – {letters.get(option.match, '')}. {option.match}" for n, option in enumerate(item.options, 1)]
        return "<br>".join(as_html(line) for line in lines)
    if item.options:
        lines = [
            f"{letter}. {option.text}" for letter, option in zip(LETTERS, item.options, strict=False) if option.correct
        ]
        return "<br>".join(as_html(line) for line in lines)
    if item.type == "cloze":
        return as_html(item.stem.replace(GAP, item.answer)) if GAP in item.stem else as_html(item.answer)
    others = [text for text in item.accepted if text != item.answer]
    also = word(item.language, "accepted", ", ".join(others))
    return as_html(item.answer) + (f'<div class="hint">{as_html(also)}</div>' if others else "")


def _why(item: Item) -> str:
    reasons = [
        f"{letter}. {option.rationale}"
        for letter, option in zip(LETTERS, item.options, strict=False)
        if adds(item, option.rationale)
    ]
    return "<br>".join(as_html(reason) for reason in reasons)
