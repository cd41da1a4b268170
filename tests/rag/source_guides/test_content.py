"""The guide of a source tells what it holds in its own words, and says so where it holds nothing to tell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from ingest.types import Language, Page
from rag.errors import Stopped
from rag.rows import DocumentRow
from rag.source_guides import content, digest, questions
from rag.source_guides.maker import SourceGuideMaker
from rag.source_guides.task import Step, Task
from rag.source_guides.types import Digest, GuideQuestion, KeyTerm, Shared, SourceGuide
from rag.study.aids.lesson import Lesson, read, weigh
from rag.study.aids.parts import parts
from rag.types import Citation
from tests.rag.fakes import BagEmbedder
from tests.rag.study.aids.course import PAGES, material, source

AT = Citation(1, "ab" * 32, "a.pdf", 0, "1", "A packet", 0, 8)
ASKED: dict[Language, list[tuple[str, int]]] = {
    "en": [("What is a packet?", 0), ("What are packets used for?", 0)],
    "fr": [("Qu’est-ce qu’un paquet\u00a0?", 0), ("À quoi servent les paquets\u00a0?", 0)],
}


def lesson(*pages: str, language: Language = "en", title: str = "") -> Lesson:
    found = read(material(source(1, language, pages, title)))
    return next(step for step in weigh(found, BagEmbedder(), {}, lambda: False) if isinstance(step, Lesson))


@dataclass
class Notebook:
    """Answers every question but those that hold a word of ``unknown``; the first ``busy`` times it gives way."""

    unknown: tuple[str, ...] = ()
    busy: int = 0
    asked: list[str] = field(default_factory=list)

    def passes(
        self,
        notebook_id: int,
        question: GuideQuestion,
        language: Language,
        document_ids: Sequence[int],
        gives_way: Callable[[], bool] = lambda: False,
    ) -> bool:
        if self.busy:
            self.busy -= 1
            raise Stopped
        self.asked.append(question.text)
        return not any(word in question.text for word in self.unknown)


def made(
    notebook: Notebook,
    one: tuple[DocumentRow, tuple[Page, ...]],
    others: Sequence[tuple[DocumentRow, tuple[Page, ...]]] = (),
    begun: SourceGuide | None = None,
    again: bool = False,
) -> list[Step]:
    pages = {row.id: found for row, found in (one, *others)}
    maker = SourceGuideMaker(BagEmbedder(), notebook, lambda document_id: pages[document_id])
    task = Task(1, one[0], material(one), tuple(row for row, _ in others), begun, again)
    return list(maker.make(task, lambda: False))


def whole(steps: Sequence[Step]) -> SourceGuide:
    guide = steps[-1].guide
    assert guide is not None
    assert steps[-1].done == 100
    return guide


@pytest.mark.parametrize("language", ["en", "fr"])
def test_everything_it_says_is_its_page_word_for_word(language: Language) -> None:
    row, pages = source(1, language, PAGES[language])
    guide = whole(made(Notebook(), (row, pages)))

    cited = [*guide.summary, *(h.at for h in guide.headings), *(t.at for t in guide.terms)]
    cited += [question.at for question in guide.questions]
    assert cited
    assert [c.quote for c in cited] == [pages[c.page_index].text[c.start : c.end] for c in cited]
    assert {(c.sha256, c.extractor) for c in cited} == {(row.sha256, row.extractor)}
    assert guide.lacks == ()
    assert [heading.title for heading in guide.headings] == [page.text.partition("\n")[0] for page in pages[:2]], (
        "references are no section"
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_its_questions_are_in_its_language_and_made_from_a_page(language: Language) -> None:
    found = questions.candidates(lesson(*PAGES[language], language=language), language, set())

    assert [(question.text, question.at.page_index) for question in found] == ASKED[language]


def test_only_questions_that_were_answered_are_offered() -> None:
    notebook = Notebook(unknown=("used",))
    guide = whole(made(notebook, source(1, "en", PAGES["en"])))

    assert notebook.asked == ["What is a packet?", "What are packets used for?"]
    assert [question.text for question in guide.questions] == ["What is a packet?"]
    assert guide.tried == 2


def test_a_question_that_gave_way_is_asked_again() -> None:
    notebook = Notebook(busy=3)
    guide = whole(made(notebook, source(1, "en", PAGES["en"])))

    assert notebook.asked == ["What is a packet?", "What are packets used for?"]
    assert len(guide.questions) == 2


def test_what_was_begun_is_not_asked_again() -> None:
    one = source(1, "en", PAGES["en"])
    half = next(step.guide for step in made(Notebook(), one) if step.guide and step.guide.tried == 1)
    notebook = Notebook()
    guide = whole(made(notebook, one, begun=half))

    assert notebook.asked == ["What are packets used for?"]
    assert guide == whole(made(Notebook(), one))


def test_asked_anew_a_question_that_fails_now_goes_and_the_others_stay_till_the_end() -> None:
    one = source(1, "en", PAGES["en"])
    before = whole(made(Notebook(), one))
    steps = made(Notebook(unknown=("What is",)), one, begun=before, again=True)

    assert [step.guide for step in steps[:-1]] == [None] * (len(steps) - 1)
    assert [question.text for question in whole(steps).questions] == ["What are packets used for?"]


@pytest.mark.parametrize(
    "page",
    [
        "x = y + 1\nf(x) = 2 x\n∑ a = b",
        "Item\n1 2 3\n4 5 6\nTotal 12",
        "Smith, J. A theory of graphs, Proceedings, 1999, pp. 1-9.",
    ],
)
def test_formulas_tables_and_references_give_an_honest_small_guide(page: str) -> None:
    guide = whole(made(Notebook(), source(1, "en", [page])))

    assert (guide.summary, guide.questions, guide.lacks) == ((), (), ("no_prose", "no_questions"))


@pytest.mark.parametrize(
    "sentence",
    [
        "Can also be used for cases with missing entries in the table.",
        "The observer moves together with the rod of the system (X0, Y0) at all times.",
        "RL training A key challenge in training the agent is the time that it takes.",
        "The treatments are numerous and their indications vary from case to case.",
    ],
)
def test_no_sentence_that_leans_on_another_sums_a_source_up(sentence: str) -> None:
    sure = "A router is a device that sends each packet to the next node."
    found = content.summary(lesson(f"Routing\n{sure} {sentence}"))

    assert [statement.text for statement in found] == [sure]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("MULTI-CLASS CALIBRATION", "Multi-class calibration"),
        ("BINNING AND PLATT SCALING", "Binning and Platt scaling"),
        ("PAIR-ADJACENT VIOLATORS (PAVA)", "Pair-adjacent violators (PAVA)"),
        ("II. KINEMATICAL PART", "II. Kinematical part"),
        ("UNICODE", "Unicode"),
        ("ASCII", "ASCII"),
        ("Au début", "Au début"),
    ],
)
def test_a_heading_does_not_shout(title: str, shown: str) -> None:
    assert content.in_small(title, {"platt"}) == shown


def test_it_calls_itself_as_its_first_page_does() -> None:
    row, pages = source(1, "fr", ["Systèmes linéaires\nUn système a une solution."], "Cours de mathématiques")
    assert content.title_of(row, parts(material((row, pages))), pages[0].text) == "Systèmes linéaires"
    said = replace(row, title="Systèmes linéaires")
    assert content.title_of(said, (), pages[0].text) == "Systèmes linéaires"
    assert content.title_of(replace(row, title=""), (), "") == "fr1.pdf"


def terms(*names: str) -> list[KeyTerm]:
    return [KeyTerm(name, AT) for name in names]


def test_a_digest_tells_new_terms_from_shared_ones_in_either_number() -> None:
    there = [source(n, "fr", [text])[0] for n, text in ((1, "Les réseaux de neurones."), (2, "Une matrice."))]
    texts = {1: "Les réseaux de neurones apprennent.", 2: "Une matrice de REDONDANCE."}

    def pages_of(document_id: int) -> list[Page]:
        return [Page(0, "1", texts[document_id], ())]

    found = list(digest.compare(terms("Réseau de neurones", "Matrices", "Dropout", "Redon"), there, pages_of))
    shared = (Shared("Réseau de neurones", (there[0].sha256,)), Shared("Matrices", (there[1].sha256,)))
    assert found == [None, None, Digest(tuple(row.sha256 for row in there), ("Dropout", "Redon"), shared)]
    assert list(digest.compare(terms("Dropout"), [], pages_of)) == []


def test_sources_added_together_are_not_new_beside_each_other() -> None:
    old, new = source(1, "en", ["A."])[0], source(2, "en", ["B."])[0]
    assert digest.before(replace(new, received_at=100.0), [replace(old, stage_started=50.0)])
    assert not digest.before(replace(new, received_at=100.0), [replace(old, stage_started=99.0)])


def test_a_digest_forgets_the_sources_that_are_gone() -> None:
    held = Digest(("a", "b"), ("Dropout",), (Shared("Matrix", ("a",)), Shared("Graph", ("a", "b"))))
    assert digest.of_those_there(held, {"b", "c"}) == Digest(("b",), ("Dropout", "Matrix"), (Shared("Graph", ("b",)),))
    assert digest.of_those_there(held, {"c"}) is None


def test_a_source_added_to_others_tells_what_it_brings() -> None:
    old = source(2, "en", ["A packet is a block of data that travels alone."])
    row, pages = source(1, "en", PAGES["en"])
    added = (replace(row, received_at=1000.0), pages)
    guide = whole(made(Notebook(), added, [old]))

    assert guide.digest is not None
    assert guide.digest.beside == (old[0].sha256,)
    assert [shared.sources for shared in guide.digest.shared if shared.term == "Packet"] == [(old[0].sha256,)]
    assert guide.digest.new == ("Routing",)
