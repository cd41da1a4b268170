"""Values beside a value: years, numbers and dates of the course first, then made ones of the same look and size."""

import random
import re
from collections.abc import Iterator, Sequence

from ingest.language import fold
from rag.study.kinds import SPELLED
from rag.study.material import Sentence
from rag.study.pool import Candidate, Pool
from rag.study.roots import root
from rag.study.stems import Asked
from rag.terms import FUNCTION_WORDS

Variant = tuple[str, Sentence | None]
LATEST_YEAR = 2025
_MONTH_NAMES = (
    "January February March April May June July August September October November December",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
)


def years_near(key: str, known: Sequence[Candidate], rng: random.Random) -> list[Variant]:
    """Return other years, so mixed that the key may stand anywhere among the first three."""
    year = int(key)
    own = [(int(c.text), c.sentences[0]) for c in known if c.text != key and abs(int(c.text) - year) <= 60]
    own.sort(key=lambda entry: (abs(entry[0] - year), entry[0]))
    held = {number for number, _ in own}
    steps = [2, 3, 4, 6, 8, 11, 15]
    made = [year + sign * step for step in steps for sign in (-1, 1)]
    made = [number for number in made if number not in held and number <= max(LATEST_YEAR, year)]
    pool: list[tuple[int, Sentence | None]] = [*own[:6], *((number, None) for number in made)]
    return [(str(number), sentence) for number, sentence in _around(year, pool, rng)]


def _around(
    key: float, pool: Sequence[tuple[float, Sentence | None]], rng: random.Random
) -> list[tuple[float, Sentence | None]]:
    """Order values so that the first three hold a drawn number of smaller ones, the course's own ones first."""
    below = [entry for entry in pool if entry[0] < key]
    above = [entry for entry in pool if entry[0] > key]
    rank = rng.randrange(4)
    first = [*below[:rank], *above[: 3 - rank]]
    return first + [entry for entry in pool if entry not in first]


def numbers_near(asked: Asked, known: Sequence[Candidate], rng: random.Random) -> list[Variant]:
    """Return other numbers of the same unit and size, written as the key is."""
    language = asked.statement.language
    if asked.key.lower() in SPELLED[language]:
        place = SPELLED[language].index(asked.key.lower()) + 2
        made = [(float(n), None) for n in range(2, 13) if n != place and abs(n - place) <= 4]
        rng.shuffle(made)
        made.sort(key=lambda entry: abs(entry[0] - place))
        return [(SPELLED[language][int(n) - 2], None) for n, _ in _around(place, made[:7], rng)]
    digits = re.sub(r"\D", "", asked.key)
    if asked.unit == "century":
        near = sorted(range(4, 21), key=lambda n: abs(n - int(digits or 0)))[1:8]
        return [(str(int(n)), None) for n, _ in _around(int(digits or 0), [(float(n), None) for n in near], rng)]
    if not digits or re.sub(r"[\d.,\s\u00a0\u202f]", "", asked.key):
        return []
    value = int(digits)
    own: list[tuple[float, Sentence | None]] = []
    for candidate in known:
        other = re.sub(r"\D", "", candidate.text)
        alike = candidate.unit == asked.unit and _look(candidate.text) == _look(asked.key)
        if alike and other and other != digits and value / 4 <= int(other) <= value * 4:
            own.append((int(other), candidate.sentences[0]))
    made = [(float(n), None) for n in _made(value, asked) if n not in {o for o, _ in own}]
    rng.shuffle(made)
    pool = [*own[:4], *made]
    written = dict(own)
    return [(_written(int(n), asked.key), written.get(n, s)) for n, s in _around(value, pool, rng)]


def _look(text: str) -> tuple[bool, int]:
    decimals = re.search(r"[.,](\d{1,2})$", text)
    return bool(decimals), len(decimals[1]) if decimals else 0


def _made(value: int, asked: Asked) -> Iterator[int]:
    zeros = len(str(value)) - len(str(value).rstrip("0")) if value else 0
    step = 10 ** min(zeros, len(str(value)) - 1)
    top = value // step
    wanted = (
        range(max(1, top - 4), top + 5)
        if top < 20
        else [round(top * f) for f in (0.5, 0.6, 0.75, 0.85, 1.2, 1.35, 1.5, 1.8)]
    )
    percent = asked.unit == "%"
    fewest = 2 if asked.unit.isalpha() else 1
    for number in wanted:
        if number * step < fewest and not _look(asked.key)[0]:
            continue
        if number != top and not (percent and value <= 100 and not _look(asked.key)[0] and number * step > 100):
            yield number * step


def _written(number: int, like: str) -> str:
    """Write a number with the marks of another: its decimals and its groups of three."""
    decimal, places = _look(like)
    text = str(number)
    if decimal:
        text = text.rjust(places + 1, "0")
        mark = like[-places - 1]
        return f"{text[:-places]}{mark}{text[-places:]}"
    group = re.search(r"\d([ \u00a0\u202f,.])\d{3}", like)
    return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", group[1], text) if group and len(text) > 3 else text


def dates_near(asked: Asked, known: Sequence[Candidate], rng: random.Random) -> list[Variant]:
    """Return other dates with the same parts: the course's own, then with another year or month."""
    own = [(c.text, c.sentences[0]) for c in known if c.unit == asked.unit and c.text != asked.key]
    own = [entry for entry in own if len(entry[0].split()) == len(asked.key.split())]
    rng.shuffle(own)
    year = re.search(r"\d{4}", asked.key)
    made: list[str] = []
    if year:
        others = years_near(year.group(), (), rng)[:3]
        made += [asked.key.replace(year.group(), text) for text, _ in others]
    for names in (line.split() for line in _MONTH_NAMES):
        month = next((name for name in names if re.search(rf"\b{name}\b", asked.key, re.IGNORECASE)), None)
        if month:
            rest = [name for name in names if name != month]
            made += [re.sub(month, name, asked.key, flags=re.IGNORECASE) for name in rng.sample(rest, 3)]
            break
    return [*own[:2], *((text, None) for text in made)]


def respelled(long: str, pool: Pool) -> list[str]:
    """Return three other expansions with the initials of ``long``: two of its words exchanged, each and both.

    So no option is the odd one out. The words come from the course's terms, alike in case, number and ending; empty
    where there are none.
    """
    parts = long.split(" ")
    if "," in long or " and " in long or " et " in long:
        return []
    places = [
        at for at, part in enumerate(parts) if len(part) > 3 and part.isalpha() and fold(part) not in FUNCTION_WORDS
    ]
    found = [(at, other) for at in places if (other := _same_initial(parts[at], at == len(parts) - 1, long, pool))]
    if len(found) < 2:
        return []
    one, two = found[-2:]
    return [_exchanged(parts, [one]), _exchanged(parts, [two]), _exchanged(parts, [one, two])]


def _exchanged(parts: Sequence[str], changes: Sequence[tuple[int, str]]) -> str:
    written = list(parts)
    for at, word in changes:
        written[at] = word
    return " ".join(written)


def _same_initial(word: str, last: bool, long: str, pool: Pool) -> str:
    """Return the course's word that could best stand for another in an expansion, "" when there is none."""
    best, rank = "", 0.0
    for candidate in pool.candidates.get("term", []):
        if not candidate.text.islower() and all(found.long != candidate.text for found in pool.abbreviations):
            continue
        tokens = candidate.text.split(" ")
        for at, token in enumerate(tokens):
            fits = (
                len(token) > 3 and token.isalpha() and fold(token)[0] == fold(word)[0] and fold(token) not in fold(long)
            )
            if not fits or root(fold(token)) == root(fold(word)) or (token[-1] == "s") != (word[-1] == "s"):
                continue
            score = (
                1 + 2 * (len(tokens) > 1 and (at == len(tokens) - 1) == last) + (fold(token)[-2:] == fold(word)[-2:])
            )
            if score > rank:
                best, rank = token, score
    return best.capitalize() if word[0].isupper() else best.lower()
