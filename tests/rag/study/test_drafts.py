"""Drafts of all six types: whole items by hand, and what holds for every one of them."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest

from ingest.types import Language, Page
from rag.study.distractors import is_told
from rag.study.drafts import draft, draft_matching
from rag.study.gate import GAP, faults
from rag.study.pool import Pool
from rag.study.roots import root
from rag.study.types import BLOOM, Difficulty, Item, ItemType
from rag.terms import content_words, words
from tests.rag.study.lessons import networks, one_page, pool, trees

POOLS: dict[Language, Pool] = {"en": pool(networks()), "fr": pool(trees())}


def drafts(made: Pool, language: Language, seed: int = 1) -> Iterator[Item]:
    """Every draft that the statements of a pool give."""
    for statement in made.statements:
        for type in get_args(ItemType):
            for difficulty in get_args(Difficulty):
                rng = random.Random(f"{statement.text} {type} {difficulty} {seed}")
                if type == "matching":
                    item = draft_matching([statement.sentence], made, language, difficulty, rng)
                else:
                    item = draft(statement.sentence, type, made, language, difficulty, rng)
                if item:
                    yield item


def page_of(made: Pool, item: Item) -> Page:
    row = next(row for row in made.material.documents if row.sha256 == item.source.sha256)
    return made.material.pages[row.id][item.source.page_index]


def about(
    made: Pool, text: str, type: ItemType, difficulty: Difficulty, language: Language, seed: int = 1
) -> Item | None:
    sentence = next(s.sentence for s in made.statements if text in s.text)
    return draft(sentence, type, made, language, difficulty, random.Random(seed))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_draft_passes_the_gate(language: Language) -> None:
    made = POOLS[language]
    for item in drafts(made, language):
        page = page_of(made, item)
        assert faults(item, page.text, ()) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_key_and_quote_lie_in_the_page(language: Language) -> None:
    made = POOLS[language]
    for item in drafts(made, language):
        page = page_of(made, item)
        assert page.text[item.source.start : item.source.end] == item.source.quote
        if item.type not in ("true_false", "matching"):
            quote = " ".join(words(item.source.quote))
            assert all(" ".join(words(answer)) in quote for answer in item.answer.split(" | "))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_wrong_options_are_distinct_and_told_of_the_stem_nowhere(language: Language, seed: int) -> None:
    made = POOLS[language]
    for item in drafts(made, language, seed):
        folded = [words(option.text) for option in item.options]
        assert len(set(folded)) == len(folded)
        if item.type == "choice" and item.difficulty != "hard":
            told = {root(word) for word in content_words(item.source.quote)} - {
                root(word) for word in content_words(item.answer)
            }
            for option in item.options:
                assert option.correct or not is_told(told, option.text, made)
                assert option.correct or words(option.text)[0] not in words(item.stem) or len(words(option.text)) > 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_draft_is_explained(language: Language) -> None:
    for item in drafts(POOLS[language], language):
        assert item.hint
        assert item.explanation.startswith("“" if language == "en" else "«\u00a0")
        assert f"p.{' ' if language == 'en' else chr(160)}{item.source.page_label}" in item.explanation
        assert item.bloom == BLOOM[item.difficulty]
        assert all(option.rationale and "p." in option.rationale for option in item.options)
        if item.type in ("cloze", "short"):
            assert item.answer in item.accepted
            assert not set(content_words(item.answer)) & set(content_words(item.hint))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_same_input_gives_the_same_drafts(language: Language) -> None:
    assert list(drafts(POOLS[language], language)) == list(drafts(POOLS[language], language))


def test_a_name_asks_who() -> None:
    item = about(POOLS["en"], "Paul Baran developed", "choice", "easy", "en")
    assert item is not None
    assert item.stem == "Who developed the theory of survivable networks at the RAND Corporation?"
    assert item.answer == "Paul Baran"
    assert {option.text for option in item.options} == {"Paul Baran", "Donald Davies", "Larry Roberts", "Louis Pouzin"}
    wrong = next(option for option in item.options if option.text == "Louis Pouzin")
    assert wrong.rationale == (
        "The course speaks of “Louis Pouzin” elsewhere: “Louis Pouzin designed the CYCLADES network and shaped the "
        "design of the Internet.” (p. 3)."
    )


def test_a_year_asks_when() -> None:
    item = about(POOLS["en"], "founded in 1973", "short", "easy", "en")
    assert item is not None
    assert (item.stem, item.accepted, item.hint) == (
        "In which year was Telenet founded by Larry Roberts?",
        ("1973",),
        "The value lies between 1970 and 1980.",
    )


def test_a_definition_asks_for_its_meaning_among_those_of_other_terms() -> None:
    item = about(POOLS["fr"], "Feuille", "choice", "medium", "fr")
    assert item is not None
    assert item.stem == "Que désigne le terme «\u00a0feuille\u00a0»\u00a0?"
    assert item.answer == "tout sommet sans successeur dans la hiérarchie"
    assert len(item.options) == 4


def test_a_definition_asks_for_its_term() -> None:
    item = about(POOLS["fr"], "Un graphe est", "short", "medium", "fr")
    assert item is not None
    assert item.stem == (
        "Quel terme correspond à cette définition\u00a0: «\u00a0une collection de sommets que des arêtes relient deux "
        "à deux\u00a0»\u00a0?"
    )
    assert (item.answer, item.hint) == ("graphe", "La réponse commence par «\u00a0g\u00a0» et compte 6 lettres.")


def test_an_abbreviation_asks_what_it_stands_for() -> None:
    item = about(POOLS["en"], "(UDP)", "short", "medium", "en")
    assert item is not None
    assert (item.stem, item.answer) == ("What does the abbreviation UDP stand for?", "User Datagram Protocol")


def test_a_cloze_keeps_its_sentence_around_the_gap() -> None:
    item = about(POOLS["fr"], "Arthur Cayley", "cloze", "easy", "fr")
    assert item is not None
    assert item.stem == f"Arthur Cayley compte les arbres étiquetés en {GAP} et publie une formule célèbre."
    assert item.accepted == ("1889",)


def test_a_false_statement_differs_by_its_value() -> None:
    made = POOLS["fr"]
    items = [about(made, "contient 64", "true_false", "easy", "fr", seed) for seed in range(12)]
    answers = {item.answer for item in items if item}
    assert answers == {"Vrai", "Faux"}
    for item in items:
        assert item is not None
        assert ("64" in item.stem) == (item.answer == "Vrai")


def test_matching_pairs_terms_with_their_definitions() -> None:
    made = POOLS["fr"]
    first = next(s.sentence for s in made.statements if s.text.startswith("Racine"))
    item = draft_matching([first], made, "fr", "hard", random.Random(1))
    assert item is not None
    assert item.stem == "Associez chaque terme à sa définition."
    assert {(option.text, option.match) for option in item.options} == {
        ("racine", "le sommet de départ de la structure"),
        ("feuille", "tout sommet sans successeur dans la hiérarchie"),
        ("branche", "relation directe entre deux sommets voisins"),
        ("arité", "nombre maximal de successeurs permis"),
    }
    assert item.source.quote == first.text


def test_the_frame_is_in_the_language_asked_and_the_words_are_the_source_s() -> None:
    item = about(POOLS["en"], "founded in 1973", "cloze", "easy", "fr")
    assert item is None or item.language == "fr"
    item = about(POOLS["en"], "Donald Davies built", "cloze", "easy", "fr")
    assert item is not None
    gapped = f"Donald Davies built a first network at the National Physical Laboratory in {GAP}."
    assert item.stem == f"Complétez\u00a0: «\u00a0{gapped}\u00a0»"
    assert item.explanation.startswith("«\u00a0Donald Davies built")
    item = about(POOLS["en"], "Circuit switching is", "short", "medium", "fr")
    assert item is not None
    assert item.stem.startswith("Quel terme correspond à cette définition\u00a0: «\u00a0a method which reserves")


def test_a_sentence_that_says_nothing_alone_gives_nothing() -> None:
    made = POOLS["en"]
    heading = made.material.sentences[0]
    assert heading.text == "Circuit switching"
    assert [draft(heading, type, made, "en", "easy", random.Random(1)) for type in get_args(ItemType)] == [None] * 6


def test_a_cancelled_pool_embeds_no_more() -> None:
    embedder = _Counting()
    Pool.of(POOLS["en"].material, embedder, lambda: True)
    assert embedder.texts == 0
    Pool.of(POOLS["en"].material, embedder)
    assert embedder.texts == len(POOLS["en"].vectors)


class _Counting:
    """The fake embedder of words, which counts what it embeds."""

    model_id, dimension, texts = "counting", 8, 0

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def embed_documents(self, texts):  # type: ignore[no-untyped-def]
        from tests.rag.fakes import BagEmbedder

        self.texts += len(texts)
        return BagEmbedder().embed_documents(texts)

    def embed_query(self, text: str):  # type: ignore[no-untyped-def]
        raise AssertionError("only candidates are embedded")


def test_items_of_one_seed_stay_when_others_are_asked() -> None:
    item = about(POOLS["fr"], "Arthur Cayley", "choice", "easy", "fr")
    assert item is not None
    assert replace(item, id="x") == replace(about(POOLS["fr"], "Arthur Cayley", "choice", "easy", "fr") or item, id="x")


def test_a_long_statement_is_quoted_whole() -> None:
    long = (
        "Routing tables were written by hand until 1979 in the networks of the national operators of the continent, "
        "which kept the roads of the calls between the large towns fixed for months and served only a few lines."
    )
    made = pool(one_page(f"Routing\n{long}"))
    items = [about(made, "written by hand", "true_false", "easy", "fr", seed) for seed in range(6)]
    assert any(item is not None and item.stem.endswith(f"{long}\u00a0»") for item in items)
