r"""A quiz as GIFT, Moodle's plain text format; a comment, which other readers skip, carries each item whole.

``~ = # { } :`` and the backslash are escaped; a line end inside a text is ``\n``. GIFT knows no hint.
"""

import re
from collections.abc import Iterator, Sequence

from ingest.types import Language
from rag.export.carried import carried, carry, distinct
from rag.export.markup import as_html, from_html, legible
from rag.export.moodle_xml import explanation_of, feedback_html, fractions, is_true, moodle_type
from rag.export.shown import SEPARATOR, changes, edited
from rag.study.types import Item

NOTE = "// lectern: "
_CATEGORY = "$CATEGORY: $course$/top/"
_TITLE_LIMIT = 60
_SPECIAL = re.compile(r"[~=#{}:\\]")
_ESCAPED = re.compile(r"\\([~=#{}:\\n])")
_QUESTION = re.compile(
    r"::(?P<title>(?:\\.|[^\\:])*)::\[html\](?P<stem>(?:\\.|[^\\{])*)\{(?P<answers>(?:\\.|[^\\}])*)\}", re.DOTALL
)
_ANSWER = re.compile(
    r"(?P<mark>[=~])(?P<share>%-?[\d.]+%)?(?P<text>(?:\\.|[^\\=~#])*)(?:#(?!#)(?P<why>(?:\\.|[^\\=~#])*))?"
)


def write_gift(name: str, items: Sequence[Item], language: Language) -> bytes:
    """Return the items in UTF-8 under a category named after the quiz; each is in its own ``language``."""
    category = _CATEGORY + " ".join(legible(name).split()).replace("/", "//")
    blocks = [_question(number, item) for number, item in enumerate(items, start=1)]
    return ("\n\n".join([category, *blocks]) + "\n").encode()


def read_gift(data: bytes) -> tuple[str, list[Item]]:
    """Return the name and the items of what ``write_gift`` wrote; texts changed since are read.

    Raises ValueError, or RagError QUIZ_FILE_NEWER.
    """
    lines = data.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    category = next((line for line in lines if line.startswith(_CATEGORY)), "")
    text = "\n".join(line for line in lines if line != category)
    note, *rest = re.split(rf"^{NOTE}(.*)$", text, flags=re.MULTILINE)
    if _QUESTION.search(note):
        raise ValueError("a question was not written by Lectern")
    items = [_item(*pair) for pair in zip(rest[::2], rest[1::2], strict=True)]
    return category.removeprefix(_CATEGORY).replace("//", "/"), distinct(items)


def _question(number: int, item: Item) -> str:
    title = " ".join(legible(item.stem).split())
    head = f"::{number:02d} {_plain(title[:_TITLE_LIMIT])}::[html]{_html(item.stem)}"
    return f"{NOTE}{carry(item)}\n{head}{{{''.join(_answers(item))}\n\t####{_escape(feedback_html(item))}\n}}"


def _answers(item: Item) -> Iterator[str]:
    kind = moodle_type(item)
    if kind == "truefalse":
        right = next(option for option in item.options if option.correct)
        wrong = next(option for option in item.options if not option.correct)
        yield f"{'TRUE' if is_true(right.text) else 'FALSE'}#{_html(wrong.rationale)}#{_html(right.rationale)}"
    elif kind == "shortanswer":
        for text in item.accepted or (item.answer,):
            # An arrow would make it a matching question, an asterisk stand for any characters.
            yield f"\n\t=%100%{_plain(text.replace('->', '→').replace('*', '∗'))}"
    elif kind == "matching":
        for option in item.options:
            yield f"\n\t={_html(option.text)} -> {_plain(option.match)}"
    else:
        for option, fraction in zip(item.options, fractions(item), strict=True):
            mark = f"~%{fraction}%" if item.type == "several" else "=" if option.correct else "~"
            yield f"\n\t{mark}{_html(option.text)}#{_html(option.rationale)}"


def _html(text: str) -> str:
    # A percent sign or a bracket in first place would be read as a share or a format.
    return _escape(re.sub(r"^\s*([%\[])", lambda match: f"&#{ord(match[1])};", as_html(text)))


def _plain(text: str) -> str:
    return _escape(legible(text).strip())


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text).replace("\n", r"\n")


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: "\n" if match[1] == "n" else match[1], text)


def _item(note: str, block: str) -> Item:
    item = carried(note)
    if len(_QUESTION.findall(block)) != 1:
        raise ValueError(f"“{item.stem:.40}” does not follow its note, or another question stands there")
    return edited(item, changes(_parts(item, _question(1, item)), _parts(item, block), from_html))


def _parts(item: Item, block: str) -> dict[str, str]:
    """Return what the block of an item shows, by the names of ``shown``, as HTML."""
    match = _QUESTION.search(block)
    if match is None:
        raise ValueError(f"“{item.stem:.40}” is malformed")
    answers, _, feedback = match["answers"].partition("####")
    parts = {"stem": _unescape(match["stem"]), "explanation": explanation_of(_unescape(feedback.strip()))}
    if moodle_type(item) == "truefalse":
        return parts | _truth(item, answers)
    found = list(_ANSWER.finditer(answers))
    if not item.options:
        return parts | {"accepted": SEPARATOR.join(_unescape(answer["text"]).strip() for answer in found)}
    right = [str(n) for n, answer in enumerate(found, start=1) if _is_right(answer)]
    for n, answer in enumerate(found, start=1):
        text, _, match_text = _unescape(answer["text"]).strip().partition(" -> " if item.type == "matching" else "\0")
        parts |= {
            f"option_{n}": text,
            f"match_{n}": match_text,
            f"rationale_{n}": _unescape(answer["why"] or "").strip(),
        }
    return parts | {"right": SEPARATOR.join(right)}


def _is_right(answer: re.Match[str]) -> bool:
    return answer["mark"] == "=" or not (answer["share"] or "%-").startswith("%-")


def _truth(item: Item, answers: str) -> dict[str, str]:
    verdict, *whys = re.split(r"(?<!\\)#", answers.strip())
    says_true = verdict.strip().upper() in ("TRUE", "T")
    wrong, right = (_unescape(why).strip() for why in (*whys, "", "")[:2])
    numbers = {n: is_true(option.text) == says_true for n, option in enumerate(item.options, start=1)}
    whys_by_number = {f"rationale_{n}": right if is_right else wrong for n, is_right in numbers.items()}
    return whys_by_number | {"right": SEPARATOR.join(str(n) for n, is_right in numbers.items() if is_right)}
