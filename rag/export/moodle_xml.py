"""A quiz as Moodle XML; a processing instruction, which other readers ignore, carries each item whole."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, ProcessingInstruction, SubElement, TreeBuilder, indent, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from ingest.language import fold
from ingest.types import Language
from rag.export.carried import carried, carry, distinct
from rag.export.markup import as_html, from_html, legible
from rag.export.repeats import adds
from rag.export.shown import SEPARATOR, changes, edited
from rag.export.words import place, word
from rag.study.types import Item

NOTE = "lectern"
_TOP = "$course$/top/"
_NAME_LIMIT = 80
_SOURCE = '<div class="lectern-source">'
_TRUE = frozenset({"true", "vrai"})


def write_xml(name: str, items: Sequence[Item], language: Language) -> bytes:
    """Return a question bank in UTF-8: a category named after the quiz and its items."""
    quiz = Element("quiz")
    category = SubElement(quiz, "question", type="category")
    _text(category, "category", _TOP + legible(name).replace("/", "//"))
    for number, item in enumerate(items, start=1):
        quiz.append(_question(number, item, language))
    indent(quiz, " ")
    content: bytes = tostring(quiz, "utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + content + b"\n"


def read_xml(data: bytes) -> tuple[str, list[Item]]:
    """Return the name and the items of a bank that ``write_xml`` wrote; texts changed since are read.

    Entities and document types are refused. Raises ValueError, or RagError QUIZ_FILE_NEWER.
    """
    parser = DefusedXMLParser(target=TreeBuilder(insert_pis=True), forbid_dtd=True)
    try:
        parser.feed(data)
        quiz = parser.close()
    except (ParseError, DefusedXmlException) as error:
        raise ValueError(f"its XML is damaged: {error}") from error
    category = quiz.findtext("question[@type='category']/category/text") or ""
    questions = [question for question in quiz.iterfind("question") if question.get("type") != "category"]
    name = category.removeprefix(_TOP).replace("//", "/")
    return name, distinct([_item(n, question) for n, question in enumerate(questions, start=1)])


def moodle_type(item: Item) -> str:
    """Return Moodle's name for an item's type; two options that do not say true and false are a choice."""
    if item.type == "true_false" and len({fold(option.text) in _TRUE for option in item.options}) == 2:
        return "truefalse"
    kinds = {"cloze": "shortanswer", "short": "shortanswer", "matching": "matching"}
    return kinds.get(item.type, "multichoice")


def feedback_html(item: Item) -> str:
    """Return the explanation, then the quote with its document and page, as HTML in the item's language."""
    explanation = f"<p>{as_html(item.explanation)}</p>" if adds(item, item.explanation) else ""
    quoted = f"<blockquote>{as_html(item.source.quote)}</blockquote>" if item.source.quote else ""
    return f"{explanation}{_SOURCE}{quoted}<p>{as_html(place(item.language, item.source))}</p></div>"


def explanation_of(feedback: str) -> str:
    """Return the explanation in what ``feedback_html`` wrote."""
    return feedback.partition(_SOURCE)[0]


def fractions(item: Item) -> list[str]:
    """Return the share of the mark that each option gives, in percent: the right ones make 100, ticking all none."""
    right = sum(option.correct for option in item.options)
    wrong = len(item.options) - right
    if item.type != "several":
        return ["100" if option.correct else "0" for option in item.options]
    return [_share(right) if option.correct else f"-{_share(wrong)}" for option in item.options]


def is_true(text: str) -> bool:
    """Tell whether an option says that the statement is true."""
    return fold(text) in _TRUE


def _share(count: int) -> str:
    return f"{100 / count:.5f}".rstrip("0").rstrip(".")


def _question(number: int, item: Item, language: Language) -> Element:
    kind = moodle_type(item)
    question = Element("question", type=kind)
    question.append(ProcessingInstruction(NOTE, carry(item)))
    _text(question, "name", _title(number, item))
    _html(question, "questiontext", as_html(item.stem))
    _html(question, "generalfeedback", feedback_html(item))
    SubElement(question, "defaultgrade").text = "1"
    SubElement(question, "penalty").text = "1" if kind == "truefalse" else "0.3333333"
    SubElement(question, "hidden").text = "0"
    SubElement(question, "idnumber").text = item.id
    for element in _answers(item, kind):
        question.append(element)
    if item.hint:
        _html(question, "hint", as_html(item.hint))
    tags = SubElement(question, "tags")
    for tag in ("lectern", word(language, f"difficulty.{item.difficulty}"), item.section):
        if tag.strip():
            _text(tags, "tag", legible(" ".join(tag.split()))[:50])
    return question


def _title(number: int, item: Item) -> str:
    stem = " ".join(legible(item.stem).split())
    return f"{number:02d} {stem if len(stem) <= _NAME_LIMIT else stem[:_NAME_LIMIT].rsplit(' ', 1)[0] + '…'}"


def _answers(item: Item, kind: str) -> Iterator[Element]:
    if kind == "shortanswer":
        yield _leaf("usecase", "0")
        for text in item.accepted or (item.answer,):
            # An asterisk stands for any characters.
            yield _answer("100", legible(text).replace("*", r"\*"), "", "moodle_auto_format")
    elif kind == "matching":
        yield _leaf("shuffleanswers", "true")
        for option in item.options:
            yield _pair(option.text, option.match)
    elif kind == "truefalse":
        for option in item.options:
            truth = "true" if is_true(option.text) else "false"
            yield _answer("100" if option.correct else "0", truth, option.rationale, "moodle_auto_format")
    else:
        yield _leaf("single", "false" if item.type == "several" else "true")
        yield _leaf("shuffleanswers", "true")
        yield _leaf("answernumbering", "ABCD")
        for option, fraction in zip(item.options, fractions(item), strict=True):
            yield _answer(fraction, as_html(option.text), option.rationale, "html")


def _answer(fraction: str, text: str, rationale: str, text_format: str) -> Element:
    answer = Element("answer", fraction=fraction, format=text_format)
    SubElement(answer, "text").text = text
    _html(answer, "feedback", as_html(rationale))
    return answer


def _pair(left: str, right: str) -> Element:
    pair = Element("subquestion", format="html")
    SubElement(pair, "text").text = as_html(left)
    _text(pair, "answer", legible(right))
    return pair


def _leaf(name: str, text: str) -> Element:
    element = Element(name)
    element.text = text
    return element


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(SubElement(parent, name), "text").text = text


def _html(parent: Element, name: str, text: str) -> None:
    SubElement(SubElement(parent, name, format="html"), "text").text = text


def _item(number: int, question: Element) -> Item:
    note = next((node.text or "" for node in question if callable(node.tag)), "")
    target, _, content = note.partition(" ")
    if target != NOTE:
        raise ValueError(f"question {number} was not written by Lectern")
    item = carried(content)
    return edited(item, changes(_parts(_question(number, item, item.language)), _parts(question), from_html))


def _parts(question: Element) -> dict[str, str]:
    """Return what the element shows, by the names of ``shown``, as HTML."""
    answers = question.findall("answer")
    parts = {
        "stem": question.findtext("questiontext/text") or "",
        "hint": question.findtext("hint/text") or "",
        "explanation": explanation_of(question.findtext("generalfeedback/text") or ""),
    }
    if question.get("type") == "shortanswer":
        typed = [(answer.findtext("text") or "").replace(r"\*", "*") for answer in answers]
        return parts | {"accepted": SEPARATOR.join(typed)}
    for n, pair in enumerate(question.findall("subquestion"), start=1):
        parts |= {f"option_{n}": pair.findtext("text") or "", f"match_{n}": pair.findtext("answer/text") or ""}
    right = [
        str(n) for n, answer in enumerate(answers, start=1) if not answer.get("fraction", "0").startswith(("0", "-"))
    ]
    for n, answer in enumerate(answers, start=1):
        parts |= {f"rationale_{n}": answer.findtext("feedback/text") or ""}
        if question.get("type") == "multichoice":
            parts |= {f"option_{n}": answer.findtext("text") or ""}
    return parts | ({"right": SEPARATOR.join(right)} if answers else {})
