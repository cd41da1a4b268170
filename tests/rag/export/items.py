"""Items of every type, in both languages, with text that breaks careless writers."""

from dataclasses import replace

from rag.study.types import Item, Option, identified
from rag.types import Citation

SHA = "ab" * 32


def source(quote: str, document: str = "Cours d’été.pdf", page: int = 3, label: str = "iv") -> Citation:
    return Citation(1, SHA, document, page, label, quote, 10, 10 + len(quote), "pdfium 1")


CHOICE = identified(
    Item(
        "choice",
        "Quel gaz les plantes absorbent-elles ?",
        (
            Option("l’azote", False, "L’azote est à 78 % dans l’air, mais n’est pas absorbé."),
            Option("le dioxyde de carbone", True, "C’est ce que dit la page."),
            Option("l’hélium <He>", False, "a = b ~ c # d { e } : f \\ g & h"),
            Option("$CO_2 + H_2O$", False),
        ),
        "le dioxyde de carbone",
        source("Les plantes absorbent le dioxyde de carbone : « photosynthèse » ]]> fin."),
        "fr",
        hint="Pensez à la photosynthèse.",
        explanation="Voir \\(CO_2\\).",
        section="1. Énergie",
        labels=("needs_review",),
        model_id="gemma",
        prompt_version="quiz-1",
    )
)
SEVERAL = identified(
    Item(
        "several",
        "Which of these are prime?",
        (Option("2", True), Option("3", True), Option("4", False), Option("5", True), Option("6", False)),
        "2 | 3 | 5",
        source("2, 3 and 5 are prime.", "Numbers.pdf", 0, "1"),
        "en",
    )
)
TRUE_FALSE = identified(
    Item(
        "true_false",
        "L’eau bout à 100 °C au niveau de la mer.",
        (Option("Vrai", True, "C’est dit."), Option("Faux", False, "La page dit le contraire.")),
        "Vrai",
        source("L’eau bout à 100 °C."),
        "fr",
    )
)
CLOZE = identified(
    Item(
        "cloze",
        "The _____ is the powerhouse of the cell.",
        (),
        "mitochondrion",
        source("The mitochondrion is the powerhouse of the cell.", "Cells & tissues.pdf"),
        "en",
        accepted=("mitochondrion", "mitochondria", "a->b*"),
        hint="An organelle.",
    )
)
SHORT = identified(
    Item("short", "En quelle année ?", (), "1789", source("En 1789, la Bastille."), "fr", accepted=("1789",))
)
MATCHING = identified(
    Item(
        "matching",
        "Match each country with its capital.",
        (
            Option("France -> West", True, match="Paris"),
            Option("Perú", True, match="Lima = L"),
            Option("日本", True, match="東京"),
        ),
        "France -> West | Perú | 日本",
        source("France: Paris. Peru: Lima. Japan: Tokyo.", "Atlas.pdf"),
        "en",
    )
)
ALL = (CHOICE, SEVERAL, TRUE_FALSE, CLOZE, SHORT, MATCHING)


def with_stem(item: Item, stem: str) -> Item:
    return replace(item, stem=stem)
