"""Does a sentence deny, or turn round, what its source says? Such a sentence shares nearly all its words."""

import re

from ingest.language import fold
from rag.terms import content_words, stem, words

_NEGATION = re.compile(
    r"\b(?:not|never|no(?! ?\d|[.°])|none|nobody|nothing|nor|neither|cannot|without|\w+n't|n'\w+|ne|jamais|aucune?s?|"
    r"ni|sans|"
    r"non(?!-)|hardly|barely|fails? to|failed to|incapable|impossible)\b"
)
# Double or idle negations: "ne … que" limits, "not only" and "non seulement" add, "no longer" ends.
_IDLE = re.compile(r"\bnot only\b|\bnon seulement\b|\bsans doute\b|\bno doubt\b|\bno less than\b|\bsinon\b")
_CLAUSE = re.compile(
    r"\s*[,;:()–—]\s*|\s+(?=(?:but|whereas|while|although|though|however|because|which|mais|tandis que|alors que|"
    r"bien que|quoique|cependant|parce que|car|or)\b)"
)
_OPPOSITES = (
    ("increas", "decreas"), ("rais", "lower"), ("more", "less", "fewer"), ("before", "after"), ("above", "below"),
    ("higher", "lower"), ("highest", "lowest"), ("largest", "smallest"), ("larger", "smaller"),
    ("maximum", "minimum"), ("win", "lose"), ("won", "lost"), ("north", "south"), ("east", "west"),
    ("accept", "reject", "refus"), ("allow", "forbid", "prohibit", "ban"), ("always", "never"),
    ("positive", "negative"), ("internal", "external"), ("success", "fail"), ("oldest", "youngest"),
    ("augment", "diminu", "baiss", "redui"), ("avant", "apres"), ("superieur", "inferieur"),
    ("maximal", "minimal"), ("gagn", "perd"), ("nord", "sud"), 
    ("accepte", "refuse", "rejett"), ("autoris", "interdi"), ("positi", "negati"), 
    ("toujours", "jamais"), ("croissant", "decroissant"),
)  # fmt: skip


def denies(text: str) -> bool:
    """Tell whether a text holds a negation."""
    return bool(_NEGATION.search(_IDLE.sub(" ", fold(text))))


def turns_round(sentence: str, source: str) -> bool:
    """Tell whether ``sentence`` negates what ``source``, the sentence nearest to it, affirms, or the reverse.

    Only the source's clauses that speak of the same count; an opposite in the place of a word turns round as well.
    """
    if denies(sentence) != any(denies(clause) for clause in _clauses_about(sentence, source)):
        return True
    return _says_opposite(words(sentence), words(source))


def _clauses_about(sentence: str, source: str) -> list[str]:
    wanted = {stem(word) for word in content_words(sentence)}
    clauses = [part for part in _CLAUSE.split(fold(source)) if part]
    shared = [len(wanted & {stem(word) for word in content_words(clause)}) for clause in clauses]
    # A clause counts when it brings a good part of what is shared.
    return [clause for clause, count in zip(clauses, shared, strict=True) if count and count * 3 >= max(shared)]


def _says_opposite(claim: tuple[str, ...], source: tuple[str, ...]) -> bool:
    for group in _OPPOSITES:
        said = {root for root in group if any(_is(word, root) for word in claim)}
        held = {root for root in group if any(_is(word, root) for word in source)}
        if said and held and not said & held:
            return True
    return False


def _is(word: str, root: str) -> bool:
    return word.startswith(root) if len(root) > 4 else word == root
