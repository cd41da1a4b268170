"""What counts of the chosen sources: the sentences whole, in order, and of the chosen headings only."""

from ingest.types import Document
from tests.rag.study.lessons import material, networks, one_page, trees


def texts(document: Document, *headings: str) -> list[str]:
    return [sentence.text for sentence in material(document, headings=headings).sentences]


def test_a_sentence_lies_where_it_says() -> None:
    made = material(networks(), trees())
    for sentence in made.sentences:
        page = made.pages[sentence.document.id][sentence.page_index]
        assert page.text[sentence.start : sentence.end] == sentence.text


def test_lines_that_only_a_break_parts_are_one_sentence() -> None:
    page = one_page("A title\nThe loss is the distance between\nthe answer and the target.\nAnother line stands.")
    assert texts(page) == [
        "A title",
        "The loss is the distance between\nthe answer and the target.",
        "Another line stands.",
    ]


def test_a_heading_an_item_and_a_closed_line_are_not_joined() -> None:
    page = one_page(
        "Sleep and rest of mammals\nthey sleep at night in burrows.\nThese are:\n• first of them\n• second one"
    )
    assert texts(page) == [
        "Sleep and rest of mammals",
        "they sleep at night in burrows.",
        "These are:",
        "first of them",
        "second one",
    ]


def test_a_sentence_begins_behind_its_bullet_or_number() -> None:
    page = one_page("Liste\n• Racine : le départ.\n2) Feuille sans fils.\n— Branche : un lien.\n- 5 degrés", "fr")
    assert texts(page) == ["Liste", "Racine : le départ.", "Feuille sans fils.", "Branche : un lien.", "5 degrés"]


def test_only_the_sentences_of_the_chosen_headings_count() -> None:
    whole = material(networks())
    chosen = material(networks(), headings=("Routing",))
    assert {sentence.section for sentence in chosen.sentences} == {"Routing"}
    assert list(chosen.sentences) == [s for s in whole.sentences if s.section == "Routing"]
    assert [section.heading for section in whole.sections] == ["Circuit switching", "Packet switching", "Routing"]
