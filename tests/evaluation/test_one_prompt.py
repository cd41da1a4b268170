from evaluation.one_prompt import parse, write
from rag.study.material import Material
from tests.evaluation.material import material_of
from tests.rag.examples import ScriptedGenerator
from tests.rag.study.items import PAGES

WRITTEN = """ Who described packet switching?
A) Paul Baran
B) Donald Davies
C) Vinton Cerf
D) Ada Lovelace
Answer: A
2. What turns bits into sounds?
A. a router
B. a cable
C. a modem
D. a switch
**Answer:** C) a modem
Question 3: What is left open?
A) this
B) that
Answer: A
"""


def source() -> Material:
    return material_of("en", PAGES["en"])


def test_questions_are_read_as_loosely_as_they_are_written() -> None:
    first, second, third = parse(f"Question: {WRITTEN}")
    assert first == {
        "question": "Who described packet switching?",
        "A": "Paul Baran",
        "B": "Donald Davies",
        "C": "Vinton Cerf",
        "D": "Ada Lovelace",
        "answer": "A",
    }
    assert (second["question"], second["C"], second["answer"]) == (
        "What turns bits into sounds?",
        "a modem",
        "C) a modem",
    )
    assert "D" not in third


def test_the_items_cite_the_sentence_nearest_to_question_and_answer() -> None:
    generator = ScriptedGenerator(WRITTEN)
    items, unreadable = write(generator, source(), 5)
    assert unreadable == 1
    assert [item.answer for item in items] == ["Paul Baran", "a modem"]
    assert items[0].source.quote.startswith("Paul Baran described packet switching in 1964")
    assert items[1].source.quote == "The modem turns bits into sounds."
    assert PAGES["en"][items[1].source.start : items[1].source.end] == items[1].source.quote
    assert [option.correct for option in items[1].options] == [False, False, True, False]
    assert "A router forwards packets" in generator.prompts[0].completion


def test_no_more_are_kept_than_were_asked_for() -> None:
    items, unreadable = write(ScriptedGenerator(WRITTEN), source(), 1)
    assert ([item.answer for item in items], unreadable) == (["Paul Baran"], 0)


def test_a_text_that_is_no_quiz_gives_nothing() -> None:
    assert write(ScriptedGenerator("I am a language model."), source(), 5) == ([], 1)
