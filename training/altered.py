"""Questions changed so that their passage no longer answers them: what the reader must learn to refuse.

The kinds follow what Rajpurkar, Jia and Liang, "Know What You Don't Know" (2018), table 1, found in questions written
to deceive: another name or number, an opposite, a negation.
"""

import random
import re
from collections.abc import Iterator, Sequence

from ingest.types import Language
from rag.terms import names, numbers
from training.squad import Example

_OPPOSITES: dict[Language, str] = {
    "en": "first/last before/after largest/smallest biggest/smallest highest/lowest most/least more/less "
    "oldest/newest longest/shortest earliest/latest north/south east/west northern/southern "
    "eastern/western won/lost began/ended start/end increase/decrease increased/decreased rise/fall "
    "rose/fell above/below inside/outside born/died husband/wife father/mother brother/sister "
    "son/daughter male/female public/private old/new early/late high/low large/small strong/weak "
    "major/minor common/rare allowed/forbidden accepted/rejected supported/opposed joined/left "
    "founded/abolished arrived/departed buy/sell import/export positive/negative always/never many/few "
    "day/night summer/winter left/right best/worst",
    "fr": "premier/dernier première/dernière avant/après grand/petit grande/petite haut/bas haute/basse "
    "plus/moins ancien/nouveau ancienne/nouvelle long/court longue/courte début/fin nord/sud "
    "gagné/perdu né/mort née/morte père/mère frère/sœur fils/fille mari/femme homme/femme "
    "augmentation/diminution augmenté/diminué hausse/baisse dessus/dessous intérieur/extérieur "
    "public/privé publique/privée fort/faible majeur/mineur meilleur/pire positif/négatif toujours/jamais "
    "commence/finit commencé/fini accepté/refusé autorisé/interdit fondé/dissous arrivé/parti "
    "acheté/vendu importation/exportation jour/nuit gauche/droite",
}
_SWAPS: dict[Language, dict[str, str]] = {
    language: {a: b for pair in pairs.split() for a, b in (pair.split("/"), pair.split("/")[::-1])}
    for language, pairs in _OPPOSITES.items()
}
_DENIED: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\b(is|are|was|were|did|does|do|has|have|had|can|could|will|would)\b(?! not)"),
    "fr": re.compile(r"(?<=-t-)(il|elle|on|ils|elles)\b|(?<=-)(il|elle|ils|elles|on)\b"),
}


def altered(example: Example, others: Sequence[str], chooser: random.Random) -> str | None:
    """Return the question with one thing changed, or None when nothing in it can be; ``others`` are names and numbers
    of the same document."""
    made = list(dict.fromkeys(_exchanged(example, others, chooser)))
    swapped = [*_opposed(example), *_denied(example)]
    # Names first: they are what most such questions turn on, and what can be exchanged without a trace in the grammar.
    pool = made if made and (not swapped or chooser.random() < 0.6) else swapped
    return chooser.choice(pool) if pool else None


def _exchanged(example: Example, others: Sequence[str], chooser: random.Random) -> Iterator[str]:
    inside = [part for part in (*names(example.question)[1:], *numbers(example.question)) if len(part) > 1]
    near = [*names(example.passage), *numbers(example.passage)]
    for old in inside:
        for pool in (near, others):
            kind = old[0].isdigit()
            fitting = [n for n in pool if len(n) > 1 and n[0].isdigit() == kind and n not in example.question]
            fitting = [n for n in fitting if all(n not in text for text, _ in example.answers)]
            if fitting:
                yield example.question.replace(old, chooser.choice(fitting))


def _opposed(example: Example) -> Iterator[str]:
    swaps = _SWAPS[example.language]
    for match in re.finditer(r"\w+", example.question):
        if other := swaps.get(match.group().lower()):
            yield example.question[: match.start()] + other + example.question[match.end() :]


def _denied(example: Example) -> Iterator[str]:
    match = _DENIED[example.language].search(example.question)
    if match:
        word = "not" if example.language == "en" else "pas"
        yield f"{example.question[: match.end()]} {word}{example.question[match.end() :]}"
