"""The words that files need besides the content, in both languages."""

from collections.abc import Mapping

from ingest.types import Language
from rag.notes import Origin
from rag.study.types import Bloom, Difficulty, ItemType
from rag.types import AnswerStatus, Citation, Located, Passage, Support, Verdict

WORDS: Mapping[str, tuple[str, str]] = {
    "accepted": ("Also accepted: {text}", "Aussi accepté : {text}"),
    "answer": ("Answer: {text}", "Réponse : {text}"),
    "answers": ("Answers", "Corrigé"),
    "at_hand": ("Added by hand", "Ajoutée à la main"),
    "class": ("Group", "Groupe"),
    "edited": ("Text edited after it was saved.", "Texte modifié après l’enregistrement."),
    "comparison.agree": ("Both answers agree.", "Les deux réponses concordent."),
    "comparison.differ": (
        "They differ: the passages found do not hold {text}.",
        "Elles diffèrent : les passages trouvés ne contiennent pas {text}.",
    ),
    "comparison.not_comparable": ("The two answers cannot be compared.", "Les deux réponses ne se comparent pas."),
    "comparison.unsupported": (
        "The passages found do not confirm what the model remembers.",
        "Les passages trouvés ne confirment pas ce dont le modèle se souvient.",
    ),
    "date": ("Date", "Date"),
    "difficulty.easy": ("easy", "facile"),
    "difficulty.hard": ("hard", "difficile"),
    "difficulty.medium": ("medium", "moyen"),
    "explanation": ("Why: {text}", "Pourquoi : {text}"),
    "hint_word": ("Hint", "Indice"),
    "instead": (
        "Word for word, the same passages answer: “{text}”.",
        "Mot pour mot, les mêmes passages répondent : « {text} ».",
    ),
    "located.deleted": ("source removed", "source retirée"),
    "located.located": ("found on its page", "retrouvée sur sa page"),
    "located.page_only": ("page only", "page seule"),
    "memory": ("From memory", "De mémoire"),
    "memory_caption": ("No source; may be wrong.", "Sans source ; peut être faux."),
    "memory_empty": ("The model had nothing to say.", "Le modèle n’avait rien à dire."),
    "missing": ("Your sources do not speak of: {text}.", "Vos sources ne parlent pas de : {text}."),
    "name": ("Name", "Nom"),
    "not_reached": ("Stopped before it was written.", "Arrêté avant d’être écrite."),
    "origin.answer": ("From your sources", "D’après vos sources"),
    "origin.memory": ("From memory: no source, may be wrong.", "De mémoire : sans source, peut être faux."),
    "origin.own": ("Own words", "Mots de l’auteur"),
    "origin.passage": ("Quote from your sources", "Citation de vos sources"),
    "page": ("p. {text}", "p. {text}"),
    "page_labelled": ("p. {text} ({label})", "p. {text} ({label})"),
    "quoted": ("“{text}”", "« {text} »"),
    "score": ("Score", "Note"),
    "sources": ("From your sources", "D’après vos sources"),
    "status.answered": ("In your sources", "Dans vos sources"),
    "status.not_found": ("Not in your sources", "Pas dans vos sources"),
    "status.partial": ("Partly in your sources", "En partie dans vos sources"),
    "support.not_found": ("not in the text", "absent du texte"),
    "support.supported": ("supported", "confirmé"),
    "support.weak": ("weakly supported", "faiblement confirmé"),
    "type.matching": (
        "Write beside each number the letter that goes with it.",
        "Écrivez à côté de chaque numéro la lettre qui lui correspond.",
    ),
    "type.several": ("More than one answer may be right.", "Plusieurs réponses peuvent être justes."),
    "searched": ("Searched for: {text}", "Recherché : {text}"),
    "version": ("Version {text} of {label}", "Version {text} sur {label}"),
    "unchecked": ("Not checked against the sources.", "Non vérifié d’après les sources."),
    "unsupported": (
        "The model also wrote, and no passage supports it: {text}",
        "Le modèle a aussi écrit, sans qu’aucun passage le confirme : {text}",
    ),
}

_Named = Origin | ItemType | Difficulty | Bloom | AnswerStatus | Support | Located | Verdict


def word(language: Language, key: str, text: str = "", label: str = "") -> str:
    """Return the words of ``key`` with ``text`` and ``label`` filled in."""
    english, french = WORDS[key]
    return (french if language == "fr" else english).format(text=text, label=label)


def named(language: Language, group: str, value: _Named) -> str:
    """Return the words for one value of a closed list, as "type" and "choice"."""
    return word(language, f"{group}.{value}")


def quoted(language: Language, text: str) -> str:
    """Return a quote in the quotation marks of the language."""
    return word(language, "quoted", text.strip())


def page(language: Language, index: int, label: str) -> str:
    """Return "p. 12", with the printed number where it differs; ``index`` counts from 0."""
    number = str(index + 1)
    if label and label != number:
        return word(language, "page_labelled", number, label)
    return word(language, "page", number)


def place(language: Language, source: Citation | Passage) -> str:
    """Return the document and page of a citation or passage; "Added by hand" where there is none."""
    if not source.document:
        return word(language, "at_hand")
    return f"{source.document}, {page(language, source.page_index, source.page_label)}"
