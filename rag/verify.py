"""Does a passage support a sentence? Numbers, names and quotes are tested letter by letter, the rest by a fitted score.

What fails a letter test is not found. What passes is graded by the words it shares with the passage, and where that
leaves a doubt by its cosine to the passage's sentences; the limits are fixed in ``support.json``.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from ingest.language import sentences
from ingest.types import Language
from rag.facts import Facts, check_facts
from rag.grading import Grading, load
from rag.polarity import turns_round
from rag.quotes import find_quote
from rag.terms import content_words, stem
from rag.types import Embedder, Passage, Support

_MARKS = re.compile(r"«\s*([^«»]+?)\s*»|“\s*([^“”]+?)\s*”|\"\s*([^\"]+?)\s*\"|‘\s*([^‘’]+(?:’\w[^‘’]*)*)\s*’(?!\w)")
_OPENING, _CLOSING = "«“", "»”"
_ELISION = re.compile(r"\s*(?:\[(?:\.{3}|…)\]|\((?:\.{3}|…)\)|\.{3}|…)\s*")
_EDGES = " .,;:!?\u00a0\u202f"
_FEW_WORDS = 3


def quoted_parts(text: str) -> tuple[str, ...]:
    """Return what stands between quotation marks; a mark without its other half quotes to the end or from the start."""
    found = [next(part for part in match.groups() if part) for match in _MARKS.finditer(text)]
    rest = _MARKS.sub("\n", text)
    for mark in (*_OPENING, '"'):
        if mark in rest:
            found.append(rest.rpartition(mark)[2].partition("\n")[0])
    for mark in _CLOSING:
        if mark in rest:
            found.append(rest.partition(mark)[0].rpartition("\n")[2])
    pieces = (piece.strip(_EDGES) for part in found for piece in _ELISION.split(part))
    return tuple(piece for piece in pieces if piece)


def without_quotes(text: str) -> str:
    """Return ``text`` without what stands between quotation marks."""
    return _MARKS.sub(" ", text)


def shared_words(sentence: str, source: str) -> float:
    """Return the share (0..1) of the sentence's content words that stand in the source, by stem; 1 when it has none."""
    wanted = [stem(word) for word in content_words(sentence)]
    held = {stem(word) for word in content_words(source)}
    return sum(word in held for word in wanted) / len(wanted) if wanted else 1.0


@dataclass(frozen=True)
class Judge:
    """Grade sentences against passages.

    With an ``embedder`` doubts are settled by similarity.
    """

    embedder: Embedder | None = None
    grading: Grading = field(default_factory=load)

    def grade(self, sentence: str, passage: Passage, language: Language) -> Support:
        """Grade how far a passage supports a sentence written in ``language``."""
        context = f"{Path(passage.document).stem}\n{passage.section}"
        claim = Claim(sentence, passage.text, language, passage.language, context)
        return claim.grade(self.grading, self.embedder)


def support(sentence: str, source: str, embedder: Embedder | None = None) -> Support:
    """Grade how far ``source`` supports ``sentence``, both of unknown language."""
    return Claim(sentence, source, None, None).grade(load(), embedder)


class Claim:
    """A sentence beside the source that it cites; ``context`` is the source's title and section, whose names count."""

    def __init__(
        self,
        sentence: str,
        source: str,
        language: Language | None,
        source_language: Language | None,
        context: str = "",
    ) -> None:
        self.sentence = sentence
        self.source = source
        self._spans = sentences(source, source_language or "en")
        self._crossed = language is not None and source_language is not None and language != source_language
        self._languages = (language, source_language)
        self.facts: Facts = check_facts(sentence, f"{source}\n{context}", language, source_language)

    def grade(self, grading: Grading, embedder: Embedder | None) -> Support:
        """Test the letters, then score the words, then the likeness of meaning."""
        if not self._spans:
            return "not_found"
        if self.is_verbatim:
            return "supported"
        if self.fails_letters():
            return "not_found"
        features = self.word_features()
        grade = grading.words.grade(features)
        if embedder is not None and grading.similarity is not None and grade != "supported":
            grade = grading.similarity.grade({**features, "cosine": self.cosine(embedder)})
        return "weak" if grade == "supported" and self.facts.loose else grade

    @property
    def is_verbatim(self) -> bool:
        """Tell whether the sentence stands in the source as it is."""
        return bool(find_quote(self.source, self.sentence.strip(_EDGES)))

    def fails_letters(self) -> bool:
        """Tell whether a number, a name or a quote is missing, or the sentence says the contrary."""
        if self.facts.missing or any(not find_quote(self.source, part) for part in quoted_parts(self.sentence)):
            return True
        return not self._crossed and turns_round(self.sentence, self._nearest())

    def word_features(self) -> dict[str, float]:
        """Return the features of ``grading.WORD_FEATURES``."""
        window = max(self._windows(), key=lambda text: shared_words(self.sentence, text))
        wanted = [stem(word) for word in content_words(self.sentence)]
        order = [stem(word) for word in content_words(window)]
        pairs, there = set(pairwise(wanted)), {frozenset(pair) for pair in pairwise(order)}
        facts = self.facts.held + self.facts.loose
        near = check_facts(self.sentence, window, *self._languages)
        return {
            "passage": shared_words(self.sentence, self.source),
            "near": shared_words(self.sentence, window),
            "pairs": sum(frozenset(pair) in there for pair in pairs) / len(pairs) if pairs else 1.0,
            "facts": len(near.held) / len(facts) if facts else 1.0,
        }

    def cosine(self, embedder: Embedder) -> float:
        """Return the highest cosine of the sentence to a sentence of the source."""
        texts = [self.source[start:end] for start, end in self._spans]
        texts = [text for text in texts if len(text.split()) >= _FEW_WORDS] or [self.source]
        vectors = embedder.embed_documents([self.sentence, *texts])
        return float((vectors[1:] @ vectors[0]).max())

    def _nearest(self) -> str:
        parts = [self.source[start:end] for start, end in self._spans]
        return max(parts, key=lambda part: shared_words(self.sentence, part))

    def _windows(self) -> list[str]:
        ends = [end for _, end in self._spans]
        return [self.source[start:end] for (start, _), end in zip(self._spans, [*ends[1:], ends[-1]], strict=True)]
