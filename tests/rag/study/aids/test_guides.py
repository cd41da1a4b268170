"""Every kind of guide, made from courses in both languages: complete, cited word for word, the same every time."""

from collections.abc import Sequence
from typing import get_args

import pytest

from ingest.types import Language
from rag.errors import RagError
from rag.study.aids.maker import AIDS, GuideMaker
from rag.study.material import Material
from rag.study.types import Guide, GuideKind, QuizLanguage
from tests.rag.examples import ScriptedGenerator
from tests.rag.fakes import BagEmbedder
from tests.rag.study.aids.course import PAGES, citations, course, leaves, material, outline, source

KINDS: tuple[GuideKind, ...] = get_args(GuideKind)
TOPICS: dict[Language, tuple[str, ...]] = {
    "en": ("copper", "glass", "timber", "marble", "leather", "cotton", "silver", "paper", "rubber", "cement"),
    "fr": ("cuivre", "verre", "bois", "marbre", "cuir", "coton", "argent", "papier", "caoutchouc", "ciment"),
}
TOLD: dict[Language, str] = {
    "en": "{title}\nThe {0} is a material of the workshop number {n}. The {0} of the workshop was sold in 19{n}0 by "
    "the masters. Masters of the trade keep the {0} in a dry room of the house.",
    "fr": "{title}\nLe {0} est une matière de l’atelier numéro {n}. Le {0} de l’atelier fut vendu en 19{n}0 par les "
    "maîtres. Les maîtres du métier gardent le {0} dans une pièce sèche de la maison.",
}


def long_course(language: Language, n: int = 1) -> Material:
    pages = [TOLD[language].format(topic, title=topic.capitalize(), n=i) for i, topic in enumerate(TOPICS[language])]
    return material(source(n, language, pages, "Materials"))


def make(kind: GuideKind, of: Material, language: QuizLanguage = "document") -> Guide:
    *percents, guide = GuideMaker(BagEmbedder(), ScriptedGenerator()).make(kind, of, language)
    assert isinstance(guide, Guide)
    done = [percent for percent in percents if isinstance(percent, int)]
    assert (done, done[0], done[-1]) == (sorted(percents, key=int), 0, 100)
    return guide


def misplaced(guide: Guide, of: Material) -> list[str]:
    pages = {(row.sha256, page.index): page.text for row in of.documents for page in of.pages[row.id]}
    cited = citations(guide.points)
    return [c.quote for c in cited if pages[c.sha256, c.page_index][c.start : c.end] != c.quote or not c.quote]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("wanted", ["document", "en", "fr"])
def test_every_point_opens_at_its_words_and_no_sentence_comes_twice(
    kind: GuideKind, language: Language, wanted: QuizLanguage
) -> None:
    for of in (course(language), long_course(language)):
        guide = make(kind, of, wanted)
        assert guide == make(kind, of, wanted)
        assert (guide.kind, guide.language, guide.model_id) == (kind, language if wanted == "document" else wanted, "")
        assert misplaced(guide, of) == []
        assert [c.n for c in citations(guide.points)] == list(range(1, 1 + len(list(citations(guide.points)))))
        ends = list(leaves(guide.points))
        assert ends
        assert [point.text for point in ends if point.phrased or not point.citations] == []
        texts = [point.text for point in ends]
        assert len(set(texts)) == len(texts)


def test_there_is_an_aid_for_every_kind() -> None:
    assert sorted(AIDS) == sorted(KINDS)


@pytest.mark.parametrize(
    "language, expected",
    [
        (
            "en",
            [
                (
                    "",
                    "Packet networks",
                    [("", "A packet is a block of data that travels on its own through the network.")],
                ),
                (
                    "",
                    "Routing",
                    [("", "A router forwards each packet to the next node of the network.")],
                ),
            ],
        ),
        (
            "fr",
            [
                ("", "Réseaux de paquets", [("", "Un paquet est un bloc de données qui voyage seul dans le réseau.")]),
                ("", "Routage", [("", "Un routeur transmet chaque paquet au nœud suivant du réseau.")]),
            ],
        ),
    ],
)
def test_the_outline_has_every_heading_with_its_key_sentence(language: Language, expected: list[object]) -> None:
    assert outline(make("outline", course(language)).points) == expected


def test_several_sources_stand_each_under_its_title() -> None:
    both = material(source(1, "en", PAGES["en"], "Networks"), source(2, "fr", PAGES["fr"], "Réseaux"))

    for kind in ("summary", "outline", "plan"):
        guide = make(kind, both, "fr")
        assert [point.text for point in guide.points] == ["Networks", "Réseaux"]
        assert misplaced(guide, both) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_mind_map_has_one_root_and_at_most_seven_below_each_node(language: Language) -> None:
    (root,) = make("mindmap", long_course(language)).points

    assert root.text == "Materials"
    assert 2 <= len(root.children) <= 7
    assert all(len(branch.children) <= 7 for branch in root.children)
    assert all(not leaf.children for branch in root.children for leaf in branch.children)
    assert all(node.citations for node in (root, *root.children, *(n for b in root.children for n in b.children)))


@pytest.mark.parametrize("wanted, word, pages", [("en", "Session", "page"), ("fr", "Séance", "page")])
def test_the_sessions_of_a_plan_follow_the_sources_and_share_them(wanted: Language, word: str, pages: str) -> None:
    sessions = make("plan", long_course("fr"), wanted).points

    assert [point.text.partition(":")[0].strip() for point in sessions] == [
        f"{word} {n}" for n in range(1, len(sessions) + 1)
    ]
    assert all(point.note.startswith(pages) for point in sessions)
    shares = [int(point.note.partition(", ")[2].rstrip("%\u00a0")) for point in sessions]
    assert 95 <= sum(shares) <= 105
    places = [c.page_index for c in citations(sessions)]
    assert places == sorted(places)


def test_terms_are_in_order_and_hold_the_defined_ones() -> None:
    found = make("terms", long_course("en")).points

    notes = [point.note for point in found]
    assert notes == sorted(notes)
    assert {topic.capitalize() for topic in TOPICS["en"]} <= set(notes)


@pytest.mark.parametrize("pages", [(), ("",), ("x = y + 1\nz = w",), ("• one\n• two",), ("12 13 14\n15 16",)])
@pytest.mark.parametrize("kind", KINDS)
def test_sources_without_a_sentence_are_told(kind: GuideKind, pages: Sequence[str]) -> None:
    with pytest.raises(RagError) as raised:
        make(kind, material(source(1, "en", pages)))
    assert raised.value.code == "STUDY_NO_TEXT"


@pytest.mark.parametrize(
    "kind, code", [("timeline", "GUIDE_NO_DATES"), ("faq", "GUIDE_NO_QUESTIONS"), ("terms", "GUIDE_NO_TERMS")]
)
def test_what_a_guide_needs_and_the_sources_lack_is_told(kind: GuideKind, code: str) -> None:
    with pytest.raises(RagError) as raised:
        make(kind, course("en", "Weather\nClouds move slowly over the wide hills when winds are weak."))
    assert raised.value.code == code


@pytest.mark.parametrize("kind", ["summary", "outline", "mindmap", "plan"])
def test_a_page_with_one_sentence_gives_a_guide(kind: GuideKind) -> None:
    sentence = "Clouds move slowly over the wide hills when winds are weak."
    guide = make(kind, course("en", f"Weather\n{sentence}"))

    assert sentence in {c.quote for c in citations(guide.points)} or kind == "mindmap"


def test_a_cancelled_guide_ends_without_one() -> None:
    events = list(GuideMaker(BagEmbedder(), ScriptedGenerator()).make("summary", long_course("en"), "en", lambda: True))

    assert events == [0]


def test_a_sentence_over_two_lines_is_shown_on_one_and_cited_as_it_stands() -> None:
    broken = "A packet is a block of data that travels on its own through the\nnetwork of the university."
    of = course("en", f"Packets\n{broken}")

    (point,) = make("summary", of).points[0].children

    assert point.text == broken.replace("\n", " ")
    assert [citation.quote for citation in point.citations] == [broken]
    assert misplaced(make("summary", of), of) == []


def test_a_bullet_without_a_verb_is_not_shown_where_there_are_sentences() -> None:
    sentence = "A router forwards each packet to the next node of the network."
    of = course("en", f"Routers\n• A standard way of getting the packets to the node.\n{sentence}")

    assert [point.text for point in leaves(make("summary", of).points)] == [sentence]
