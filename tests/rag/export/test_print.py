"""The sheets as readers of PDF, HTML and Markdown have them."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO

import pytest
from pypdf import PdfReader

from rag.export.quiz import write_quiz
from rag.export.sheet import matches
from rag.study.types import Item
from tests.rag.export.items import ALL, CHOICE, CLOZE, MATCHING, SEVERAL, SHORT, TRUE_FALSE, source

LONG = "La fonction d’onde Ψ vérifie l’équation iħ ∂Ψ/∂t = −(ħ²/2m) ∇²Ψ ; l’œuvre de Born l’a établi. " * 6


def pages(made: tuple[Item, ...] | list[Item], language: str = "fr", name: str = "Révision d’été") -> list[str]:
    reader = PdfReader(BytesIO(write_quiz("pdf", name, made, language)))
    return [re.sub(r"[\s\u00a0]+", " ", page.extract_text()) for page in reader.pages]


def test_the_exam_sheet_gives_nothing_away() -> None:
    exam, answers = pages(ALL)
    for item in ALL:
        assert item.stem.split(" _____")[0] in exam
        assert item.stem.split(" _____")[0] in answers
    assert "mitochondri" not in exam
    assert "1789" not in exam
    assert "Réponse" not in exam
    assert ".pdf" not in exam
    assert "photosynthèse" not in exam
    assert "Nom" in exam
    assert "Note" in exam


def test_the_answer_sheet_has_the_key_the_reasons_the_quote_and_the_page() -> None:
    answers = pages(ALL)[1]
    assert "Révision d’été – Corrigé" in answers
    assert "Réponse : B. le dioxyde de carbone" in answers
    assert "Answer: A. 2; B. 3; D. 5" in answers
    assert "L’azote est à 78 % dans l’air" in answers
    assert "« Les plantes absorbent le dioxyde de carbone : « photosynthèse » ]]> fin. »" in answers
    assert "Cours d’été.pdf, p. 4 (iv)" in answers
    assert "Answer: mitochondrion" in answers
    assert "Also accepted: mitochondria" in answers
    assert "1 B France -> West – Paris" in answers


def test_accents_greek_and_signs_print() -> None:
    item = replace(CHOICE, stem="Œuvre naïve : où ÿ, Ÿ, ∫|Ψ|² dx ≥ 0 → « ℏ » ?", source=source(LONG))
    text = " ".join(pages([item]))
    assert "Œuvre naïve : où ÿ, Ÿ, ∫|Ψ|² dx ≥ 0 → « ℏ » ?" in text
    assert "∂Ψ/∂t = −(ħ²/2m) ∇²Ψ" in text


def test_a_sign_without_a_glyph_is_shown_as_unknown() -> None:
    assert "�� –" in pages([MATCHING], "en")[1]


def test_no_question_is_torn_by_a_page() -> None:
    made = [replace(CHOICE, stem=f"Question {n} ?", source=source(LONG)) for n in range(1, 15)]
    read = pages(made)
    assert len(read) > 4
    for n in range(1, 15):
        homes = [page for page in read if f"Question {n} ?" in page]
        assert len(homes) == 2, "once on the exam sheet, once on the answer sheet"
        assert all("le dioxyde de carbone" in page for page in homes)
    exam = [page for page in read if "Réponse" not in page]
    assert sum(page.count("l’hélium") for page in exam) == 14
    for page in exam:
        assert page.count("Question") == page.count("l’azote") == page.count("CO_2 + H_2O")


def test_a_question_longer_than_a_page_is_still_whole() -> None:
    text = "".join(pages([replace(SHORT, source=source(LONG * 12))]))
    assert text.count("l’œuvre de Born") == 6 * 12


def test_the_file_says_what_it_is() -> None:
    reader = PdfReader(BytesIO(write_quiz("pdf", "Révision d’été", [CHOICE], "fr")))
    assert reader.metadata is not None
    assert reader.metadata.title == "Révision d’été"
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert "1 / 2" in reader.pages[0].extract_text()


def test_what_is_matched_stands_in_an_order_that_tells_nothing() -> None:
    assert matches(MATCHING) == ["Lima = L", "Paris", "東京"]


class _Text(HTMLParser):
    """The text and the tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.words.append(" ")
        assert not {name for name, _ in attrs} & {"src", "href", "onclick"}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_web_page_asks_nothing_of_anyone() -> None:
    page = write_quiz("html", "Été <1>", ALL, "fr").decode()
    read = _Text(page)
    text = re.sub(r"[\s\u00a0]+", " ", "".join(read.words))
    assert '<html lang="fr">' in page
    assert not {"script", "link", "img", "iframe", "he"} & set(read.tags)
    assert "l’hélium <He>" in text
    assert "Réponse : B. le dioxyde de carbone" in text
    assert "Cours d’été.pdf, p. 4 (iv)" in text
    assert "break-inside: avoid" in page


@pytest.mark.parametrize("item", ALL)
def test_markdown_shows_exactly_the_text(item: Item) -> None:
    markdown = pytest.importorskip("markdown", reason="comes with Anki's package")
    page = markdown.markdown(write_quiz("md", "Q", [item], "fr").decode())
    text = re.sub(r"[\s\u00a0]+", " ", "".join(_Text(page).words))
    for part in (*(option.text for option in item.options), item.source.quote, item.source.document):
        assert part.replace("$", "") in text.replace("$", "")


def test_markdown_keeps_the_sheets_apart() -> None:
    exam, _, answers = write_quiz("md", "Été", [CHOICE, SEVERAL, TRUE_FALSE, CLOZE], "fr").decode().partition("\n---\n")
    assert exam.startswith("# Été\n")
    assert "- **B.** le dioxyde de carbone" in exam
    assert "$CO_2 + H_2O$" in exam
    assert "**2.** Which of these are prime?" in exam
    assert "Réponse" not in exam
    assert "> «\u00a0Les plantes absorbent" in answers
    assert "Cours d’été.pdf, p.\u00a04 (iv)" in answers


def test_a_reason_that_only_repeats_the_quote_is_left_out() -> None:
    quote = "Le codage ASCII est dérivé de la télégraphie et tient sur sept bits par caractère."
    repeated = f"Le cours dit : « {quote} » (Cours d’été.pdf, p. 4)"
    item = replace(CHOICE, explanation=repeated, source=source(quote))
    answers = pages([item])[1]
    assert answers.count("dérivé de la télégraphie") == 1
    assert "L’azote est à 78 %" in answers
    more = replace(
        item, explanation=f"{repeated} Sept bits donnent 128 signes, assez pour l’anglais sans les accents, " * 2
    )
    assert "128 signes" in pages([more])[1]
