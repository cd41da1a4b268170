"""A notebook's overview puts the guides of its sources together: sources take turns, the reader's language first."""

from ingest.types import Language
from rag.rows import DocumentRow
from rag.source_guides.overview import Starter, overview
from rag.source_guides.rows import SourceGuideRow
from rag.source_guides.types import GuideQuestion, Heading, KeyTerm, SourceGuide
from rag.types import Citation
from tests.rag.study.aids.course import source

AT = Citation(1, "ab" * 32, "a.pdf", 0, "1", "A packet", 0, 8)


def row(n: int, language: Language, pages: int = 1) -> DocumentRow:
    return source(n, language, ["page"] * pages)[0]


def made(n: int, language: Language, questions: str = "", terms: str = "", headings: int = 0) -> SourceGuideRow:
    guide = SourceGuide(
        language,
        f"Title {n}",
        sections=headings,
        headings=tuple(Heading(f"H{place}", AT) for place in range(headings)),
        terms=tuple(KeyTerm(text, AT) for text in terms.split()),
        questions=tuple(GuideQuestion(text, AT) for text in questions.split()),
    )
    return SourceGuideRow(n, "done", "", {}, 100, guide, "1 lines-1", "key", False)


def waiting(n: int) -> SourceGuideRow:
    return SourceGuideRow(n, "waiting", "", {}, 0, None, "", "", False)


def test_sources_take_turns_with_their_questions_in_the_readers_language() -> None:
    rows = [row(1, "en"), row(2, "fr"), row(3, "en")]
    guides = {1: made(1, "en", "a b c"), 2: made(2, "fr", "x"), 3: made(3, "en", "d")}

    assert [starter.text for starter in overview(rows, guides, "en").questions] == ["a", "d", "b", "c"]
    assert overview(rows, guides, "fr").questions == (Starter("x", "fr", AT),)
    assert [starter.text for starter in overview(rows, guides, "en", most=2).questions] == ["a", "d"]


def test_without_one_in_the_readers_language_the_others_are_shown() -> None:
    found = overview([row(1, "en")], {1: made(1, "en", "a")}, "fr")
    assert [starter.text for starter in found.questions] == ["a"]


def test_it_counts_pages_languages_and_what_is_still_to_be_made() -> None:
    rows = [row(1, "en", 3), row(2, "fr", 2), row(3, "fr", 1)]
    found = overview(rows, {1: made(1, "en"), 2: waiting(2)}, "en")

    assert (found.pages, found.languages, found.unmade) == (6, ("fr", "en"), 2)
    assert [chapter.title for chapter in found.chapters] == ["Title 1"]


def test_a_term_of_two_sources_comes_once_and_headings_are_spread() -> None:
    rows = [row(1, "fr"), row(2, "fr")]
    guides = {1: made(1, "fr", terms="Réseaux Paquet", headings=10), 2: made(2, "fr", terms="Réseau Routeur")}
    found = overview(rows, guides, "fr")

    assert [term.text for term in found.terms] == ["Réseaux", "Paquet", "Routeur"]
    assert [heading.title for heading in found.chapters[0].headings] == ["H0", "H2", "H4", "H6", "H8"]
