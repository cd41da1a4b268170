"""Answers and guides as readers of Word, PDF and Markdown have them."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from rag.export.cards import write_cards
from rag.export.conversation import write_conversation
from rag.export.guide import write_guide
from rag.rows import AnswerRow
from rag.study.rows import CardRow
from rag.study.types import Guide, Point
from rag.types import Citation, Comparison, SourcedAnswer
from tests.rag.export.items import source

FIRST = source("Les plantes absorbent le CO₂ <sub>.", page=3, label="4")
SECOND = replace(
    source("Elles rejettent de l’O₂.", "Respiration.pdf", 11, "xii"), n=2, support="weak", located="page_only"
)
ANSWERED = AnswerRow(
    id=1, notebook_id=1, question="Que font les plantes ?", language="fr", wants_sources=True, wants_memory=True,
    document_ids=(1,), state="done", stage="", sources_text="", memory_text="Elles mangent.\n\nEt \\(x_1\\) *dorment*.",
    sourced=SourcedAnswer(
        "partial", "CO₂", "Elles absorbent du CO₂ [1].\n\n- et rejettent de l’O₂ [2].", (FIRST, SECOND), (),
        missing=("la nuit",),
    ),
    comparison=Comparison("differ", ("mangent",)), timings={}, model_id="gemma-3", code="", details={}, feedback=0,
    asked_at=0.0, queue_place=0,
)  # fmt: skip
NOT_FOUND = replace(
    ANSWERED, id=2, question="Et la lune ?", memory_text="", comparison=None,
    sourced=SourcedAnswer("not_found", "", "", (), ()),
)  # fmt: skip
STOPPED = replace(
    ANSWERED, id=3, question="Et après ?", state="stopped", sources_text="Un début", sourced=None, memory_text="",
    comparison=None,
)  # fmt: skip
ROWS = [ANSWERED, NOT_FOUND, STOPPED]
PARTS = [
    "Cours de biologie",
    "Que font les plantes ?",
    "D’après vos sources",
    "En partie dans vos sources",
    "Elles absorbent du CO₂ [1].",
    "et rejettent de l’O₂ [2].",
    "Vos sources ne parlent pas de : la nuit.",
    "[1] Cours d’été.pdf, p. 4",
    "« Les plantes absorbent le CO₂ <sub>. »",
    "confirmé, retrouvée sur sa page",
    "[2] Respiration.pdf, p. 12 (xii)",
    "« Elles rejettent de l’O₂. »",
    "faiblement confirmé, page seule",
    "De mémoire",
    "Sans source ; peut être faux. – gemma-3",
    "Elles mangent.",
    "Elles diffèrent : les passages trouvés ne contiennent pas mangent.",
    "Et la lune ?",
    "Pas dans vos sources",
    "Le modèle n’avait rien à dire.",
    "Et après ?",
    "Non vérifié d’après les sources.",
    "Un début",
    "Arrêté avant d’être écrite.",
]


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0]+", " ", text)


def docx_text(data: bytes) -> str:
    return squeezed("\n".join(line.text for line in Document(BytesIO(data)).paragraphs))


def pdf_text(data: bytes) -> str:
    return squeezed("\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages))


def in_order(text: str, parts: list[str]) -> None:
    position = 0
    for part in parts:
        assert part in text[position:], part
        position = text.index(part, position) + len(part)


def test_word_has_both_answers_apart_and_every_citation() -> None:
    data = write_conversation("docx", "Cours de biologie", ROWS, "fr")
    in_order(docx_text(data), PARTS)
    document = Document(BytesIO(data))
    headings = [(line.style.name, line.text) for line in document.paragraphs if line.style.name.startswith("Heading")]
    assert headings[:4] == [
        ("Heading 1", "Cours de biologie"),
        ("Heading 2", "Que font les plantes ?"),
        ("Heading 3", "D’après vos sources"),
        ("Heading 3", "De mémoire"),
    ]
    quotes = [line.text for line in document.paragraphs if line.style.name == "Quote"]
    assert quotes == ["«\u00a0Les plantes absorbent le CO₂ <sub>.\u00a0»", "«\u00a0Elles rejettent de l’O₂.\u00a0»"]
    assert document.core_properties.title == "Cours de biologie"
    assert document.core_properties.language == "fr-FR"


def test_pdf_has_both_answers_apart_and_every_citation() -> None:
    in_order(pdf_text(write_conversation("pdf", "Cours de biologie", ROWS, "fr")), PARTS)


def test_markdown_has_both_answers_apart_and_every_citation() -> None:
    text = write_conversation("md", "Cours de biologie", ROWS, "fr").decode()
    plain = squeezed(re.sub(r"\\(.)", r"\1", text.replace("**", "")).replace("&lt;", "<"))
    in_order(plain, PARTS)
    assert "\n## Que font les plantes ?\n" in text
    assert "\n> «\u00a0Les plantes" in text
    assert "$x_1$" in text
    assert "\\*dorment\\*" in text


def test_one_answer_leaves_alone() -> None:
    text = write_conversation("md", "What do plants do?", [ANSWERED], "en").decode()
    assert "From your sources" in text
    assert "From memory" in text
    assert "Et la lune" not in text


def test_every_version_of_an_answer_is_there_the_newest_first() -> None:
    again = replace(ANSWERED, id=9, turn=1, memory_text="Elles poussent.", searched="Que font les plantes vertes ?")
    text = write_conversation("md", "t", [ANSWERED, NOT_FOUND, again], "fr").decode()
    assert text.count("## Que font les plantes ?\n") == 1
    in_order(
        squeezed(text),
        [
            "## Que font les plantes ?", "Version 2 sur 2", "Recherché : Que font les plantes vertes ?",
            "Elles poussent.", "Version 1 sur 2", "Elles mangent.", "## Et la lune ?",
        ],
    )  # fmt: skip


def test_what_was_not_asked_is_not_shown() -> None:
    text = write_conversation("md", "Q", [replace(ANSWERED, wants_memory=False)], "fr").decode()
    assert "De mémoire" not in text


def test_controls_in_a_text_spoil_no_file() -> None:
    row = replace(ANSWERED, question="a\x00b\x0b\ufffe ?", memory_text="\x1f")
    assert "ab ?" in docx_text(write_conversation("docx", "t\x00", [row], "fr"))
    assert "ab ?" in pdf_text(write_conversation("pdf", "t\x00", [row], "fr"))


GUIDE = Guide(
    "outline",
    "fr",
    (
        Point(
            "Photosynthèse",
            (FIRST,),
            children=(
                Point("Les plantes absorbent le CO₂ <sub>.", (FIRST,)),
                Point("Elles respirent.", (FIRST, SECOND), phrased=True, note="1779"),
                Point("Plus bas", children=(Point("Au fond.", (SECOND,), note="Terme"),)),
            ),
        ),
    ),
)


@pytest.mark.parametrize("suffix", ["md", "docx", "pdf"])
def test_a_guide_names_the_page_of_every_sentence(suffix: str) -> None:
    data = write_guide(suffix, GUIDE, "Fiche")
    readers = {"docx": docx_text, "pdf": pdf_text, "md": lambda raw: squeezed(raw.decode().replace("&lt;", "<"))}
    in_order(
        readers[suffix](data),
        [
            "Fiche",
            "Photosynthèse",
            "Cours d’été.pdf, p. 4",
            "Les plantes absorbent le CO₂ <sub>.",
            "Cours d’été.pdf, p. 4",
            "1779",
            "Elles respirent.",
            "« Les plantes absorbent le CO₂ <sub>. »",
            "Cours d’été.pdf, p. 4",
            "« Elles rejettent de l’O₂. »",
            "Respiration.pdf, p. 12 (xii)",
            "Plus bas",
            "Terme",
            "Au fond.",
            "Respiration.pdf, p. 12 (xii)",
        ],
    )


def test_a_section_is_a_heading_also_where_nothing_stands_below() -> None:
    outline = replace(GUIDE, points=(Point("Introduction", (FIRST,)),))
    assert "\n## Introduction\n" in write_guide("md", outline, "Fiche").decode()
    assert "\nIntroduction\n" in write_guide("md", replace(outline, kind="summary"), "Fiche").decode()


def test_cards_can_be_read_as_markdown() -> None:
    card = CardRow(1, 1, "k", "Quel gaz ?", "le CO₂", "fr", FIRST, "quiz", 0, 0, False, 0)
    hand = CardRow(2, 1, "h", "Front", "Back", "en", None, "hand", 0, 0, False, 0)
    text = squeezed(write_cards("md", "Cours", [card, hand], "fr").decode())
    in_order(text, ["# Cours", "## Quel gaz ?", "le CO₂", "Cours d’été.pdf, p. 4", "## Front", "Back"])


def test_a_page_of_its_own_number_is_not_said_twice() -> None:
    cited = Citation(1, "ab" * 32, "A.pdf", 3, "4", "q", 0, 1)
    row = replace(ANSWERED, sourced=SourcedAnswer("answered", "q", "q [1]", (cited,), ()))
    assert "A.pdf, p.\u00a04\n" in write_conversation("md", "t", [row], "fr").decode()
