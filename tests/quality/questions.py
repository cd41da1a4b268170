"""Questions that a student would ask of the sample documents, with where the answer stands."""

from dataclasses import dataclass

FR_SLIDES, FR_PROSE, FR_SHEET = (
    "nsi_codage_caracteres.pdf",
    "sciences_lectures_1.pdf",
    "cheatsheet_fr_apprentissage_profond.pdf",
)
EN_PROSE, EN_SLIDES, EN_SHEET = (
    "packet_switching.pdf",
    "aml_slides_calibration.pdf",
    "cheatsheet_en_deep_learning.pdf",
)


@dataclass(frozen=True)
class Question:
    """A question; any of ``places`` (document, page from 1) answers it, in words that hold ``words``."""

    text: str
    language: str
    words: str
    places: tuple[tuple[str, int], ...]


FRENCH = (
    Question("En quelle année Unicode est-il paru pour la première fois ?", "fr", "1991", ((FR_SLIDES, 17),)),
    Question("Quelle est la vitesse de pointe d'un guépard ?", "fr", "100 km/h", ((FR_PROSE, 4),)),
    Question("D'où vient le mot « hongre » ?", "fr", "hongrois", ((FR_PROSE, 17),)),
    Question("Combien de jours dure en moyenne une année du calendrier musulman ?", "fr", "354,37", ((FR_PROSE, 18),)),
    Question(
        "Quel traitement de l'apnée du sommeil marche toujours ?",
        "fr",
        "ventilation en pression positive",
        ((FR_PROSE, 5),),
    ),
    Question("À quoi sert le dropout ?", "fr", "sur-ajustement", ((FR_SHEET, 1),)),
    Question("Quelles sont les deux formes de normalisation d'Unicode ?", "fr", "NFC", ((FR_SLIDES, 23),)),
)
ENGLISH = (
    Question("Who designed the CYCLADES network?", "en", "Louis Pouzin", ((EN_PROSE, 2),)),
    Question("In which year did Apple create AppleTalk?", "en", "1985", ((EN_PROSE, 2),)),
    Question("What was the first licensed public data network in America?", "en", "Telenet", ((EN_PROSE, 3),)),
    Question("Who came up with the name packet switching?", "en", "Davies", ((EN_PROSE, 1),)),
    Question("Which calibration method fits a logistic regression to the scores?", "en", "Platt", ((EN_SLIDES, 3),)),
    Question("How does an LSTM deal with vanishing gradients?", "en", "forget", ((EN_SHEET, 2),)),
    Question("What is dropout good for?", "en", "overfitting", ((EN_SHEET, 1),)),
)
CROSSED = (
    Question("Quelle entreprise a mis au point DATAPAC ?", "fr", "Bell Northern Research", ((EN_PROSE, 3),)),
    Question("How fast can a cheetah run?", "en", "100 km/h", ((FR_PROSE, 4),)),
)
ELSEWHERE = (
    "Qui a gagné la Coupe du monde de football 2018 ?",
    "What is the boiling point of mercury?",
    "Quelle est la capitale de l'Australie ?",
)
