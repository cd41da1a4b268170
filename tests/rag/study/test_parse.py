"""What a model writes is read with patience, in JSON or labelled lines, and an item that lacks something is refused."""

import json

import pytest

from rag.study.parse import Unreadable, Written, parse

WHOLE = Written(
    "Le foie produit la bile.",
    "Quel organe produit la bile ?",
    "Le foie",
    ("Le rein", "Le cœur", "L'estomac"),
    "La bile y est produite.",
    "Sous le diaphragme.",
)
FIELDS = {
    "quote": WHOLE.quote,
    "question": WHOLE.question,
    "right": WHOLE.right,
    "wrong": list(WHOLE.wrong),
    "why": WHOLE.why,
    "hint": WHOLE.hint,
}
JSON = json.dumps(FIELDS, ensure_ascii=False)
LINES = """Citation : Le foie produit la bile.
Question : Quel organe produit la bile ?
Bonne réponse : Le foie
Mauvaise réponse : Le rein
Mauvaise réponse : Le cœur
Mauvaise réponse : L'estomac
Pourquoi : La bile y est produite.
Indice : Sous le diaphragme."""
ENGLISH = """**Quote:** "Le foie produit la bile."
**Question:** Quel organe produit la bile ?
**Answer:** Le foie
W1: Le rein
W2: Le cœur
W3: L'estomac
Why: La bile y est produite.
Hint: Sous le diaphragme."""


@pytest.mark.parametrize(
    "text",
    [
        JSON,
        json.dumps(FIELDS),
        f"Here it is:\n```json\n{JSON}\n```\nI hope this helps.",
        JSON.replace('"L\'estomac"]', '"L\'estomac",]').replace('"}', '",}'),
        JSON[:-2],
        JSON[:-1],
        LINES,
        f"Voici :\n{LINES}\n",
        ENGLISH,
        LINES.replace("Mauvaise réponse : Le rein\n", "Mauvaises réponses :\n- Le rein\n").replace(
            "Mauvaise réponse", "Mauvaise réponse 2"
        ),
        LINES.replace("Bonne réponse", "RÉPONSE"),
    ],
)
def test_an_item_is_read(text: str) -> None:
    assert parse(text) == WHOLE


def test_a_cut_object_is_read_as_far_as_it_goes() -> None:
    cut = JSON[: JSON.index('"hint"') + 12]
    assert (parse(cut).right, parse(cut).wrong) == (WHOLE.right, WHOLE.wrong)


@pytest.mark.parametrize(
    "text, missing",
    [
        ("", "no field"),
        ("PINEAPPLE", "no field"),
        ("{", "no field"),
        ("[1, 2, 3]", "no field"),
        ('{"a": 1}', "no field"),
        (JSON[:40], "empty: question, right"),
        (json.dumps({**FIELDS, "right": "  "}), "empty: right"),
        (json.dumps({**FIELDS, "wrong": ["Le rein", "Le rein", ""]}), "1 different wrong answers"),
        (json.dumps({**FIELDS, "wrong": "Le rein"}), "1 different wrong answers"),
        (LINES.replace("Mauvaise réponse : Le cœur\n", ""), "2 different wrong answers"),
        ("\n".join(LINES.splitlines()[:2]), "empty: right"),
    ],
)
def test_what_lacks_something_is_refused_with_what_it_lacks(text: str, missing: str) -> None:
    with pytest.raises(Unreadable, match=missing):
        parse(text)


def test_letters_before_options_go_and_initials_stay() -> None:
    options = ["a) Le rein", "B) Le cœur", "3. L'estomac"]
    assert parse(json.dumps({**FIELDS, "wrong": options})).wrong == WHOLE.wrong
    assert parse(json.dumps({**FIELDS, "right": "A. Turing"})).right == "A. Turing"
