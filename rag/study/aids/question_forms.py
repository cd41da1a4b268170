"""The forms of sentence that turn into a question without doubt, French and English, with their questions."""

import re
from dataclasses import dataclass

from ingest.types import Language

_EN_SUBJECT = r"^(?P<subject>(?:(?:The|An?|Each|Every|All|Most) )?[\w’'./+() -]{2,70}?)"
_FR_SUBJECT = r"^(?P<subject>(?:(?:Le|La|Les|Une?|Des|Chaque|Tout|Toute) |L['’])?[\w’'./+() -]{2,70}?)"
_DONE = r"(?P<done>\w+ed|built|known|found|sent|made|held|written|born|set up|split|led|begun|drawn|won|shown|given)"


@dataclass(frozen=True, slots=True)
class Form:
    """A form of sentence and the question that it answers.

    ``crossed`` asks of a quoted subject in the other language; ``dated``: the sentence must hold a date.
    """

    pattern: re.Pattern[str]
    question: str
    crossed: str = ""
    dated: bool = False


FORMS: dict[Language, tuple[Form, ...]] = {
    "en": (
        Form(
            re.compile(rf"{_EN_SUBJECT} (?P<verb>is|are|was|were) (?:\w+ly )?used (?:to|for|as) (?P<rest>.+)$"),
            "What {verb} {subject} used for?",
            "À quoi sert «\u00a0{bare}\u00a0»\u00a0?",
        ),
        Form(
            re.compile(
                rf"{_EN_SUBJECT} (?P<verb>allows|enables|permits|requires|needs|includes|contains) (?P<rest>.+)$"
            ),
            "What does {subject} {plain}?",
        ),
        Form(
            re.compile(rf"{_EN_SUBJECT} (?P<verb>allow|enable|permit|require|include|contain) (?P<rest>.+)$"),
            "What do {subject} {verb}?",
        ),
        Form(
            re.compile(rf"{_EN_SUBJECT} consists of (?P<rest>.+)$"),
            "What does {subject} consist of?",
            "De quoi se compose «\u00a0{bare}\u00a0»\u00a0?",
        ),
        Form(
            re.compile(rf"{_EN_SUBJECT} differs? from (?P<rest>.+ (?:in that|by|because).+)$"),
            "What is particular about {subject}?",
        ),
        Form(
            re.compile(
                rf"{_EN_SUBJECT} (?P<verb>is|are|was|"
                rf"were) (?P<mode>(?:\w+ly )?{_DONE}) (?P<middle>(?!by)[^,;:]{{0,80}}?)\b"
                r"(?:because|in order to|so that|since it|since they|due to) (?P<rest>.+)$"
            ),
            "Why {verb} {subject} {mode} {middle} ?",
        ),
        Form(
            re.compile(
                rf"{_EN_SUBJECT} (?P<verb>was|were) (?P<mode>{_DONE}) (?P<middle>[^,;:]{{0,40}}?)\bby "
                r"(?!hand\b|default\b|means\b|\w+ing\b|\d)(?P<rest>.+)$"
            ),
            "Who or what {verb} {subject} {mode} {middle} by?",
        ),
        Form(
            re.compile(
                rf"{_EN_SUBJECT} (?P<verb>was|were) (?:first |officially )?(?P<mode>{_DONE}) (?P<rest>(?:in|on) .+)$"
            ),
            "When {verb} {subject} {mode}?",
            dated=True,
        ),
        Form(
            re.compile(rf"{_EN_SUBJECT} (?P<verb>caused|led to|results? in|leads? to|causes?) (?P<rest>.+)$"),
            "What are the effects of {subject}?",
            "Quels sont les effets de «\u00a0{bare}\u00a0»\u00a0?",
        ),
    ),
    "fr": (
        Form(
            re.compile(
                rf"{_FR_SUBJECT} (?:sert|servent|est (?:utilisée?|destinée?|employée?)|"
                r"sont (?:utilisée?s|destinée?s|employée?s)) (?P<rest>(?:à|pour|en|dans) .+)$"
            ),
            "À quoi {serve} {subject}\u00a0?",
            "What is “{bare}” used for?",
        ),
        Form(
            re.compile(rf"{_FR_SUBJECT} (?P<verb>permet|permettent) (?P<rest>(?:de |d['’]|à |une? |le |la |les ).+)$"),
            "Que {verb} {subject}\u00a0?",
            "What does “{bare}” make possible?",
        ),
        Form(
            re.compile(
                rf"{_FR_SUBJECT} (?P<verb>se compose|se composent|est composée?|sont composée?s|est constituée?|"
                r"sont constituée?s|est formée?|sont formée?s) (?P<rest>(?:de |d['’]|des |du ).+)$"
            ),
            "De quoi {verb} {subject}\u00a0?",
            "What is “{bare}” made of?",
        ),
        Form(
            re.compile(rf"{_FR_SUBJECT} (?P<verb>comprend|comprennent|contient|contiennent) (?P<rest>.+)$"),
            "Que {verb} {subject}\u00a0?",
            "What does “{bare}” contain?",
        ),
        Form(
            re.compile(
                rf"{_FR_SUBJECT} (?P<verb>est|sont|fut|furent|était|étaient) (?P<mode>\w+ée?s?) "
                r"(?P<middle>(?!par)[^,;:]{0,80}?)\b(?:parce qu[e'’]|afin d[e'’]|afin qu[e'’]|en raison d[eu]s?|"
                r"à cause d[eu]s?|"
                r"pour (?=\w+(?:er|ir|re)\b)|car) ?(?P<rest>.+)$"
            ),
            "Pourquoi {subject} {verb}-{pronoun} {mode} {middle} ?",
        ),
        Form(
            re.compile(
                rf"{_FR_SUBJECT} (?P<verb>est|sont|fut|furent) (?P<mode>\w+(?:ée?|ie?|ue?|te?)s?) par "
                r"(?!défaut|exemple|rapport|la suite)(?P<rest>.+)$"
            ),
            "Par qui ou par quoi {subject} {verb}-{pronoun} {mode}\u00a0?",
        ),
        Form(
            re.compile(
                rf"{_FR_SUBJECT} (?P<verb>est|sont|fut|furent) (?P<mode>\w+(?:ée?|ie?|ue?|te?)s?) "
                r"(?:pour la première fois )?(?P<rest>(?:en|le|vers|dès) .+)$"
            ),
            "Quand {subject} {verb}-{pronoun} {mode}\u00a0?",
            dated=True,
        ),
        Form(
            re.compile(rf"{_FR_SUBJECT} (?P<verb>date|datent) (?P<rest>(?:de|du|des|d['’]) ?.+)$"),
            "De quand {verb} {subject}\u00a0?",
            "When does “{bare}” date from?",
            dated=True,
        ),
        Form(
            re.compile(rf"{_FR_SUBJECT} (?:provoque|provoquent|entraîne|entraînent|cause|causent) (?P<rest>.+)$"),
            "Quels sont les effets de {of}\u00a0?",
            "What are the effects of “{bare}”?",
        ),
    ),
}
