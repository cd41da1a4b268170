"""Moodle XML as another parser has it, held to what Moodle's importer asks for."""

import html
import re

import pytest
from hypothesis import given, settings
from lxml import etree

from rag.errors import RagError
from rag.export.quiz import read_quiz, write_quiz
from rag.study.types import Item
from tests.rag.export.items import ALL, CHOICE, CLOZE, MATCHING, SEVERAL, SHORT, TRUE_FALSE
from tests.rag.export.nasty import items

TYPES = {"multichoice", "truefalse", "shortanswer", "matching"}
FORMATS = {"html", "moodle_auto_format", "plain_text", "markdown"}
# The shares that Moodle takes without complaint.
SHARES = [
    100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5, 11.11111, 10,
    5, 0,
]  # fmt: skip
IN_HEAD = ["name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden", "idnumber"]


def questions(made: list[Item] | tuple[Item, ...]) -> list[etree._Element]:
    data = write_quiz("xml", "Été / 1", made, "fr")
    quiz = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    assert quiz.tag == "quiz"
    first, *rest = quiz.findall("question")
    assert first.get("type") == "category"
    assert first.findtext("category/text") == "$course$/top/Été // 1"
    for question in rest:
        check(question)
    return rest


def check(question: etree._Element) -> None:
    """Assert what a schema of the format would."""
    children = [child for child in question if isinstance(child.tag, str)]
    assert question.get("type") in TYPES
    assert [child.tag for child in children][: len(IN_HEAD)] == IN_HEAD
    for tag in ("questiontext", "generalfeedback"):
        assert question.find(tag).get("format") in FORMATS
    for child in question.iter("text"):
        assert len(child) == 0
    assert question.findtext("name/text", "").strip()
    for answer in question.findall("answer"):
        assert min(abs(abs(float(answer.get("fraction"))) - share) for share in SHARES) < 1e-5
        assert answer.get("format") in FORMATS
        assert answer.find("feedback/text") is not None
    if question.get("type") == "multichoice":
        assert question.findtext("single") in ("true", "false")
    if question.get("type") == "matching":
        assert len(question.findall("subquestion/answer/text")) == len(question.findall("subquestion")) >= 2


def one(item: Item) -> etree._Element:
    return questions([item])[0]


def plain(text: str | None) -> str:
    return html.unescape(re.sub(r"<br>", "\n", text or "")).strip()


def test_all_types_are_types_of_moodle() -> None:
    kinds = [question.get("type") for question in questions(ALL)]
    assert kinds == ["multichoice", "multichoice", "truefalse", "shortanswer", "shortanswer", "matching"]


def test_a_choice_keeps_everything_that_moodle_can_show() -> None:
    question = one(CHOICE)
    assert plain(question.findtext("questiontext/text")) == CHOICE.stem
    assert question.findtext("single") == "true"
    assert [answer.get("fraction") for answer in question.findall("answer")] == ["0", "100", "0", "0"]
    texts = [plain(answer.findtext("text")) for answer in question.findall("answer")]
    assert texts == ["l’azote", "le dioxyde de carbone", "l’hélium <He>", "\\(CO_2 + H_2O\\)"]
    reasons = [plain(answer.findtext("feedback/text")) for answer in question.findall("answer")]
    assert reasons == [option.rationale for option in CHOICE.options]
    assert plain(question.findtext("hint/text")) == CHOICE.hint
    feedback = question.findtext("generalfeedback/text") or ""
    assert "<blockquote>Les plantes absorbent" in feedback
    assert "« photosynthèse » ]]>" in html.unescape(feedback)
    assert "Cours d’été.pdf, p.\u00a04 (iv)" in feedback
    assert question.findtext("idnumber") == CHOICE.id
    assert "1. Énergie" in [tag.text for tag in question.findall("tags/tag/text")]


def test_several_right_ones_make_the_whole_mark_and_all_ticked_none() -> None:
    question = one(SEVERAL)
    shares = [float(answer.get("fraction", "")) for answer in question.findall("answer")]
    assert question.findtext("single") == "false"
    assert sum(share for share in shares if share > 0) == pytest.approx(100, abs=0.001)
    assert sum(shares) == pytest.approx(0, abs=0.001)


def test_true_and_false_are_moodles_words() -> None:
    answers = [(answer.findtext("text"), answer.get("fraction")) for answer in one(TRUE_FALSE).findall("answer")]
    assert answers == [("true", "100"), ("false", "0")]


def test_typed_answers_take_no_wildcards() -> None:
    typed = [answer.findtext("text") for answer in one(CLOZE).findall("answer")]
    assert typed == ["mitochondrion", "mitochondria", "a->b\\*"]
    assert one(SHORT).findtext("usecase") == "0"


def test_pairs_stay_pairs() -> None:
    pairs = [
        (plain(pair.findtext("text")), pair.findtext("answer/text")) for pair in one(MATCHING).findall("subquestion")
    ]
    assert pairs == [(option.text, option.match) for option in MATCHING.options]


def test_marked_sections_are_not_used() -> None:
    assert b"CDATA" not in write_quiz("xml", "Q", ALL, "fr")


@settings(max_examples=40, deadline=None)
@given(item=items())
def test_any_text_stays_well_formed(item: Item) -> None:
    question = one(item)
    assert len(question.findall("answer")) + len(question.findall("subquestion")) == len(item.options or item.accepted)


def test_texts_changed_elsewhere_are_read_as_changed() -> None:
    data = write_quiz("xml", "Q", [CHOICE, CLOZE, MATCHING], "fr").decode()
    data = data.replace("<text>l’azote</text>", "<text>&lt;p&gt;l’argon &amp;amp; co&lt;/p&gt;</text>")
    data = data.replace("<text>mitochondria</text>", "<text>the mitochondrion</text>")
    data = data.replace("<text>Paris</text>", "<text>Lutèce</text>")
    choice, cloze, matching = read_quiz("q.xml", data.encode())[1]
    assert choice.options[0].text == "l’argon & co"
    assert choice.options[1:] == CHOICE.options[1:]
    assert cloze.accepted == ("mitochondrion", "the mitochondrion", "a->b*")
    assert matching.options[0].match == "Lutèce"
    assert matching.options[1:] == MATCHING.options[1:]
    assert all("edited" in item.labels for item in (choice, cloze, matching))


def test_another_key_marked_elsewhere_is_read() -> None:
    data = write_quiz("xml", "Q", [CHOICE], "fr").decode()
    data = data.replace('fraction="100"', 'fraction="-1"').replace('fraction="0"', 'fraction="100"', 1)
    item = read_quiz("q.xml", data.encode())[1][0]
    assert [option.correct for option in item.options] == [True, False, False, False]
    assert item.answer == "l’azote"


def test_a_change_that_leaves_no_right_option_is_refused() -> None:
    data = write_quiz("xml", "Q", [CHOICE], "fr").replace(b'fraction="100"', b'fraction="0"')
    with pytest.raises(RagError, match="do not fit"):
        read_quiz("q.xml", data)
