"""A user's file of questions: what is understood, and what is refused by line."""

import json

import pytest

from evaluation.question_file import MAX_QUESTIONS, read_questions
from rag.errors import RagError
from rag.evaluation_rows import NewQuestion

DOCUMENTS = ("Cours 1.pdf", "b.pdf")
WHO = NewQuestion("Who described ELIZA in 1966?", "en", ("Weizenbaum", "Joseph Weizenbaum"), 12, "b.pdf")
QUI = NewQuestion("Qui a décrit le système ?", "fr", ())
AS_JSON = {"question": WHO.question, "answers": [*WHO.expected], "page": 12, "document": "b.pdf", "more": 1}


def read(text: str | bytes, name: str = "q.csv", max_chars: int = 100) -> tuple[NewQuestion, ...]:
    data = text.encode() if isinstance(text, str) else text
    return read_questions(name, data, DOCUMENTS, max_chars).questions


@pytest.mark.parametrize(
    "name, text",
    [
        ("q.csv", f"question,answer,page,document\n{WHO.question},Weizenbaum | Joseph Weizenbaum,12,B.PDF\n"),
        ("q.csv", f"Document;Page;Réponse;Question\nb;12.0;Weizenbaum|Joseph Weizenbaum;{WHO.question}\n"),
        (
            "q.tsv",
            f"question\tanswer\tpage\tdocument\tx\n\n{WHO.question}\tWeizenbaum|Joseph Weizenbaum\t12\tb.pdf\ty\n",
        ),
        ("q.jsonl", json.dumps(AS_JSON)),
    ],
)
def test_tables_and_json_lines_say_the_same(name: str, text: str) -> None:
    assert read(text, name) == (WHO,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_spreadsheets_save_is_understood(encoding: str) -> None:
    assert read("question;answer\nQui a décrit le système ?;\n".encode(encoding)) == (QUI,)


def test_an_empty_answer_says_that_the_sources_do_not_hold_one() -> None:
    found = read('{"question": "Who?", "answer": null}\n{"question": "When?", "answer": ""}')
    assert [question.expected for question in found] == [(), ()]


def test_a_question_asked_twice_is_asked_once_and_told() -> None:
    found = read_questions("q.csv", b"question,answer\nWho?,a\nWhen?,b\nwho?,c\n WHO?,d\n", DOCUMENTS, 100)

    assert [(q.question, q.expected) for q in found.questions] == [("Who?", ("a",)), ("When?", ("b",))]
    assert found.repeated == (4, 5)


def test_the_same_words_about_two_documents_are_two_questions() -> None:
    assert len(read("question,answer,document\nWho?,a,b.pdf\nWho?,b,Cours 1.pdf\n")) == 2


MANY = "question,answer\n" + "".join(f"q{n},a\n" for n in range(MAX_QUESTIONS + 1))
UNUSABLE: list[tuple[str, str, str | bytes, str]] = [
    ("QUESTIONS_EMPTY", "q.csv", "", "q.csv"),
    ("QUESTIONS_EMPTY", "q.csv", "question,answer\n\n , \n", "q.csv"),
    ("QUESTIONS_EMPTY", "q.jsonl", "\n", "q.jsonl"),
    ("QUESTIONS_COLUMNS", "q.csv", "frage,antwort\na,b\n", "frage, antwort"),
    ("QUESTIONS_COLUMNS", "q.csv", "question,page\na,1\n", "question, page"),
    ("QUESTIONS_COLUMNS", "q.jsonl", '{"question": "a"}', "question"),
    ("QUESTIONS_UNREADABLE", "q.jsonl", '{"question": "a", "answer": "b"}\n{"question": \n', "2: "),
    ("QUESTIONS_UNREADABLE", "q.jsonl", "[1]", "1: "),
    ("QUESTIONS_UNREADABLE", "q.csv", b"\x81\x8d\x8f\x90", "UTF-8"),
    ("QUESTIONS_UNREADABLE", "q.jsonl", "[" * 100_000, "q.jsonl"),
    ("QUESTIONS_LARGE", "q.csv", b"x" * 2_000_001, "2 MB"),
    ("QUESTIONS_LARGE", "q.csv", MANY, "500 questions"),
    ("QUESTIONS_LINE", "q.csv", "question,answer\nWho?,a\n,b\n", "Line 3"),
    ("QUESTIONS_LINE", "q.csv", f"question,answer\n{'x' * 101},a\n", "100 characters"),
    ("QUESTIONS_PAGE", "q.csv", "question,answer,page\nWho?,a,0\n", "page 0"),
    ("QUESTIONS_PAGE", "q.csv", "question,answer,page\nWho?,a,xii\n", "page xii"),
    ("QUESTIONS_PAGE", "q.csv", f"question,answer,page\nWho?,a,{'9' * 5000}\n", "Line 2"),
    ("QUESTIONS_DOCUMENT", "q.csv", "question,answer,document\nWho?,a,c.pdf\n", "Sources: Cours 1.pdf, b.pdf"),
]


@pytest.mark.parametrize("code, name, text, told", UNUSABLE)
def test_what_cannot_be_used_is_told_by_line_and_code(code: str, name: str, text: str | bytes, told: str) -> None:
    with pytest.raises(RagError) as raised:
        read(text, name)
    assert raised.value.code == code
    assert told in str(raised.value)
