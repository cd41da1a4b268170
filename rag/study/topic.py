"""The passages that are about a topic given in free words, by their words and by their meaning, in either language."""

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

import numpy as np

from rag.errors import RagError, Stopped
from rag.study.material import Section, Sentence
from rag.terms import content_words, stem, words
from rag.types import Embedder, Vectors

Found = list[tuple[Section, list[Sentence]]]

SURE, LIKELY, LEAD = 0.84, 0.83, 0.055
"""A sentence is about a topic from a cosine of ``SURE`` on, or of ``LIKELY`` if it leads the mean of all by ``LEAD``.

Measured with the bundled embedder on the sample documents: topics that are in none stay below 0.833 and 0.054."""
TITLE, TITLE_LEAD, NEXT_LEAD = 0.84, 0.05, 0.02
"""A section is about a topic from a cosine of ``TITLE`` of its heading on, if that leads the mean of all headings by
``TITLE_LEAD`` or the next one by ``NEXT_LEAD``. Measured likewise: what is in none leads by 0.044 and 0.013 at most."""
BEHIND = 0.04
"""How far behind the nearest sentence another one may be and still belong to the topic."""
MOST = 400
"""So many sentences are compared by meaning, the best of all sections first; the others by their words only."""
NEAREST = 3
_BATCH = 16


def on_topic(topic: str, found: Found, embedder: Embedder, cancelled: Callable[[], bool]) -> Found:
    """Return the sections and sentences that are about ``topic``, in their order; none is empty.

    Raises TOPIC_NOT_FOUND, which names the nearest headings, and Stopped.
    """
    vector = embedder.embed_query(topic)
    near = _near(vector, _first(found), embedder, cancelled)
    titles = _titles(vector, found, embedder)
    about = _leading(titles)
    wanted = {stem(word) for word in content_words(topic) or words(topic)}
    chosen = [
        (section, [s for s in sentences if _title(section) in about or _place(s) in near or _speaks_of(wanted, s)])
        for section, sentences in found
    ]
    if not any(sentences for _, sentences in chosen):
        known = ", ".join(name for name, _ in titles[:NEAREST])
        raise RagError("TOPIC_NOT_FOUND", topic=topic.strip(), known=known)
    return [(section, sentences) for section, sentences in chosen if sentences]


def _near(
    vector: Vectors, sentences: Sequence[Sentence], embedder: Embedder, cancelled: Callable[[], bool]
) -> set[tuple[int, int, int]]:
    """Return the places of the sentences whose meaning is near enough."""
    cosines = np.concatenate([batch @ vector for batch in _embedded(sentences, embedder, cancelled)])
    best = float(cosines.max())
    if best < SURE and (best < LIKELY or best - float(cosines.mean()) < LEAD):
        return set()
    limit = max(LIKELY, best - BEHIND)
    return {_place(s) for s, cosine in zip(sentences, cosines, strict=True) if cosine >= limit}


def _embedded(sentences: Sequence[Sentence], embedder: Embedder, cancelled: Callable[[], bool]) -> Iterator[Vectors]:
    for start in range(0, len(sentences), _BATCH):
        if cancelled():
            raise Stopped
        yield embedder.embed_documents([_titled(sentence) for sentence in sentences[start : start + _BATCH]])


def _titled(sentence: Sentence) -> str:
    return f"{sentence.section}. {sentence.text}" if sentence.section else sentence.text


def _first(found: Found) -> list[Sentence]:
    """Return at most ``MOST`` sentences, the first of every section before the second of any."""
    rounds = zip_longest(*(sentences for _, sentences in found))
    return [sentence for turn in rounds for sentence in turn if sentence is not None][:MOST]


def _speaks_of(wanted: set[str], sentence: Sentence) -> bool:
    text = f"{sentence.document.title} {sentence.section} {sentence.text}"
    return wanted <= {stem(word) for word in words(text)}


def _titles(vector: Vectors, found: Found, embedder: Embedder) -> list[tuple[str, float]]:
    """Return the headings with their cosines to the topic, the nearest first."""
    names = list(dict.fromkeys(_title(section) for section, _ in found))
    cosines = (float(cosine) for cosine in embedder.embed_documents(names) @ vector)
    return sorted(zip(names, cosines, strict=True), key=lambda pair: -pair[1])


def _leading(titles: Sequence[tuple[str, float]]) -> set[str]:
    """Return the headings that are about the topic: the nearest, if it stands out, and those close behind."""
    best = titles[0][1]
    mean = sum(cosine for _, cosine in titles) / len(titles)
    after = titles[1][1] if len(titles) > 1 else best
    if best < TITLE or (best - mean < TITLE_LEAD and best - after < NEXT_LEAD):
        return set()
    return {name for name, cosine in titles if cosine > best - NEXT_LEAD}


def _title(section: Section) -> str:
    return " ".join((section.heading or section.document.title or section.document.name).split())


def _place(sentence: Sentence) -> tuple[int, int, int]:
    return sentence.document.id, sentence.page_index, sentence.start
