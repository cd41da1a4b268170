from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rag.cite import cite_span, number_by_citation, read_marks
from rag.types import SourcedAnswer
from tests.rag.examples import ELIZA, OXYGEN, passage


def test_marks_are_taken_out_and_resolved() -> None:
    marked = read_marks("ELIZA dates from 1966 [1], says [2, 7].", (1, 2))
    assert (marked.text, marked.numbers, marked.dropped) == ("ELIZA dates from 1966, says.", (1, 2), 1)


def test_a_mark_of_a_passage_that_was_not_sent_is_dropped() -> None:
    assert read_marks("True [9].", (1, 2)).numbers == ()


def test_text_in_brackets_that_is_no_number_stays() -> None:
    assert read_marks("see [sic] and [a1]", (1,)).text == "see [sic] and [a1]"


@given(st.text(max_size=80), st.lists(st.integers(1, 999), max_size=5), st.sets(st.integers(1, 20)))
def test_only_known_numbers_ever_resolve(text: str, cited: list[int], known: set[int]) -> None:
    sentence = text + "".join(f" [{n}]" for n in cited)
    marked = read_marks(sentence, tuple(known))
    assert set(marked.numbers) <= known
    assert set(cited) & known <= set(marked.numbers)


def test_a_citation_takes_its_page_and_span_from_the_passage() -> None:
    source = passage(3, ELIZA, page=11, start=100)
    citation = cite_span(source, 0, 49, "supported")
    assert citation.quote == "ELIZA was described by Joseph Weizenbaum in 1966."
    assert (citation.page_index, citation.start, citation.end, citation.n) == (11, 100, 149, 3)


def test_the_cited_passages_come_first_and_everything_is_renumbered_alike() -> None:
    sources = (passage(1, OXYGEN), passage(2, "Nothing."), passage(3, ELIZA))
    answer = SourcedAnswer(
        "answered", "1966", "In 1966. [3]", (cite_span(sources[2], 0, 5, "supported"),), sources, (2,)
    )
    numbered = number_by_citation(answer)
    assert numbered.text == "In 1966. [1]"
    assert [c.n for c in numbered.citations] == [1]
    assert [(p.n, p.text) for p in numbered.passages] == [(1, ELIZA), (2, OXYGEN), (3, "Nothing.")]
    assert numbered.left_out == (3,)


def test_a_number_in_brackets_that_is_no_passage_s_is_no_mark() -> None:
    sources = (passage(1, OXYGEN), passage(2, ELIZA))
    cited = (cite_span(sources[1], 0, 5, "supported"),)
    numbered = number_by_citation(SourcedAnswer("answered", "1966", "In [1966] by [12]. [2]", cited, sources))
    assert numbered.text == "In [1966] by [12]. [1]"
    assert [p.n for p in numbered.passages] == [1, 2]
    assert [c.n for c in numbered.citations] == [1]


def test_a_citation_names_what_read_its_text() -> None:
    assert cite_span(replace(passage(1, ELIZA), extractor="pdf-3"), 0, 5, "weak").extractor == "pdf-3"
