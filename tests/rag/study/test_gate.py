"""The gate lets a good item through, in both languages and every type, and names what is wrong with a bad one."""

from dataclasses import replace

import pytest

from ingest.types import Language
from rag.study.gate import CHECKS, REASONS, faults, is_mostly_formula
from rag.study.types import Item, Option
from tests.rag.study.items import PAGES, choice, cite, sentence, typed, with_options

EN, FR = PAGES["en"], PAGES["fr"]


def judged(item: Item, *others: Item) -> list[str]:
    return faults(item, PAGES[item.language], others)


def several() -> Item:
    page = PAGES["en"]
    item = Item("several", "What does a router do?", (), "", cite(page, sentence(page, 1)), "en")
    return with_options(
        item, ("forwards packets", True), ("keeps a table", True), ("hears sounds", False), ("writes mails", False)
    )


def matching() -> Item:
    pairs = (("router", "forwards packets"), ("modem", "turns bits into sounds"), ("Baran", "RAND Corporation"))
    options = tuple(Option(left, True, "so", right) for left, right in pairs)
    answer = " | ".join(f"{left} – {right}" for left, right in pairs)
    return Item("matching", "Match each with what it does.", options, answer, cite(EN, sentence(EN, 1)), "en")


def true_false(language: Language) -> Item:
    words = ("True", "False") if language == "en" else ("Vrai", "Faux")
    page = PAGES[language]
    stem = sentence(page, 0).replace("1964", "1974")
    options = (Option(words[0], False, "no"), Option(words[1], True, "so"))
    return Item("true_false", stem, options, words[1], cite(page, sentence(page, 0)), language)


@pytest.mark.parametrize(
    "item",
    [
        choice("en"),
        choice("fr"),
        several(),
        matching(),
        true_false("en"),
        true_false("fr"),
        typed("cloze", "A router forwards packets and keeps a table of _____ routes.", "200", n=1),
        typed("cloze", "Le _____ change les bits en sons.", "modem", "fr", n=2),
        typed("short", "When was packet switching described?", "1964"),
        typed("short", "En quelle année la commutation de paquets a-t-elle été décrite ?", "1964", "fr"),
    ],
)
def test_a_good_item_passes(item: Item) -> None:
    assert judged(item) == []


def stem(text: str, language: Language = "en") -> Item:
    return replace(choice(language), stem=text)


@pytest.mark.parametrize(
    "name, item",
    [
        ("options_alike", choice(wrong=("Donald Davies", "donald davies!", "Vinton Cerf"))),
        ("options_alike", choice("fr", wrong=("Hélène Roux", "HELENE ROUX", "Vinton Cerf"))),
        ("right_count", choice(wrong=("Donald Davies", "Vinton Cerf"))),
        ("right_count", replace(choice(), answer="Donald Davies")),
        (
            "right_count",
            with_options(choice(), ("Paul Baran", True), ("B. Cerf", True), ("C. Dee", False), ("D. E", False)),
        ),
        ("right_count", replace(several(), answer="forwards packets")),
        ("right_count", replace(typed("short", "When?", "1964"), accepted=("1974",))),
        ("quote_not_found", replace(choice(), source=replace(choice().source, quote="Nobody said this in 1964."))),
        ("quote_not_found", replace(choice(), source=replace(choice().source, start=3, end=9))),
        ("quote_not_found", replace(choice(), source=replace(choice().source, located="page_only"))),
        ("number_not_in_passage", typed("short", "How many routes are kept?", "300", n=1)),
        ("number_not_in_passage", typed("short", "Combien de routes sont gardées ?", "trois cents", "fr", n=1)),
        ("all_of_the_above", choice(wrong=("Donald Davies", "Vinton Cerf", "All of the above"))),
        ("all_of_the_above", choice(wrong=("Donald Davies", "Vinton Cerf", "None of these"))),
        ("all_of_the_above", choice("fr", wrong=("Donald Davies", "Vinton Cerf", "Toutes les réponses ci-dessus"))),
        ("all_of_the_above", choice("fr", wrong=("Donald Davies", "Vinton Cerf", "Aucune de ces réponses"))),
        ("key_long", choice(wrong=("Cerf", "Dee", "Roux"))),
        (
            "key_long",
            choice(right="Paul Baran of RAND in 1964", wrong=("Donald Davies", "Jo", "Vinton Cerf, the other")),
        ),
        ("stem_has_answer", stem("What did Paul Baran describe, and who was he?")),
        ("stem_has_answer", typed("cloze", "The modem is a _____ for bits: a modem.", "modem", n=2)),
        ("stem_has_answer", typed("short", "Que change le modem en sons, des bits ?", "les bits", "fr", n=2)),
        ("refers_to_text", stem("According to the text, who described this switching?")),
        ("refers_to_text", stem("Who is described above?")),
        ("refers_to_text", stem("Who is named in this lecture?")),
        ("refers_to_text", stem("D’après le texte, qui a décrit la commutation ?", "fr")),
        ("refers_to_text", stem("Selon l’auteur, qui a décrit la commutation ?", "fr")),
        ("refers_to_text", stem("Qui a décrit la méthode ci-dessus ?", "fr")),
        ("refers_to_text", stem("Who or what does it at level two?")),
        ("debris", choice(wrong=("Donald Davies", "Vinton Cerf https", "Leonard Klein"))),
        ("debris", stem("Who described packet switching (at the RAND?")),
        ("language", stem("Who has described the switching of packets?", "fr")),
        ("language", stem("Qui est celui qui a décrit la commutation ?", "en")),
        ("empty", stem("  ")),
        ("empty", choice(wrong=("Donald Davies", "", "Vinton Cerf"))),
        ("empty", typed("cloze", "A router keeps a table.", "200", n=1)),
    ],
)
def test_a_fault_is_named(name: str, item: Item) -> None:
    assert name in judged(item)


def test_other_words_in_quotation_marks_are_no_other_language() -> None:
    asked = stem("Quel mot manque dans « the modem turns the bits into _____ of the line » ?", "fr")
    assert "language" not in judged(asked)


@pytest.mark.parametrize(
    "asked",
    ["Who described packet switching at RAND Corporation?", "Who described the packet switching of RAND Corporation?"],
)
def test_a_stem_asked_before_is_a_duplicate(asked: str) -> None:
    assert judged(replace(choice(), stem=asked), choice()) == ["duplicate"]


def test_another_question_is_no_duplicate() -> None:
    assert judged(typed("short", "When was the switching of packets first described?", "1964"), choice()) == []


def test_the_same_words_of_the_same_passage_are_a_duplicate() -> None:
    first = typed("short", "When was packet switching described?", "1964")
    assert "duplicate" in judged(replace(first, stem="Which year saw Baran's report at RAND?"), first)


@pytest.mark.parametrize(
    "text, mostly",
    [
        ("f(x) = σ(Wx + b), ∂L/∂w = Σ (y − ŷ) x, α = 0.1", True),
        ("∀ε > 0 ∃δ : |x − a| < δ ⇒ |f(x) − l| < ε", True),
        ("The loss falls when the rate of 0.1 is used with 20 units.", False),
        ("La perte vaut 12 % et l’erreur reste d’environ 3 km.", False),
    ],
)
def test_formulas_are_told_from_prose(text: str, mostly: bool) -> None:
    assert is_mostly_formula(text) is mostly


def test_a_passage_of_formulas_gives_no_item() -> None:
    quote = "f(x) = σ(Wx + b), ∂L/∂w = Σ (y − ŷ) x"
    assert "formula" in faults(replace(choice(), source=cite(quote, quote)), quote, ())


def test_every_reason_is_named_once() -> None:
    assert list(REASONS) == sorted(set(REASONS))
    assert set(CHECKS) < set(REASONS)
