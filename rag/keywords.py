"""Keyword search (BM25) with a French and an English analysis, in memory.

A text is analysed in the language of its document; a question is analysed in both, so that names and numbers are found
across languages, but for its function words, which are rare in the other language and would count most. Questions never
pass through the engine's query parser, which fails on ordinary French punctuation.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import tantivy
from tantivy import Filter, Occur, Query, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from ingest.types import Language
from rag.terms import content_words

_WRITER_BYTES = 50_000_000
_LANGUAGES: dict[Language, str] = {"fr": "french", "en": "english"}
# What elision leaves before the apostrophe, which the tokenizer cuts at.
_ELIDED = ["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"]


@dataclass(frozen=True, slots=True)
class KeywordText:
    """A text to be found: its id, its document's row and language."""

    id: int
    document_id: int
    language: Language
    text: str


@cache
def analyzer(language: Language) -> TextAnalyzer:
    """Build the analysis: words, lower case, elision, stop words, stems, then plain letters."""
    name = _LANGUAGES[language]
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(60)).filter(Filter.lowercase())
    if language == "fr":
        builder = builder.filter(Filter.custom_stopword(_ELIDED))
    builder = builder.filter(Filter.stopword(name)).filter(Filter.stemmer(name)).filter(Filter.ascii_fold())
    return builder.build()


def analyse(text: str, language: Language) -> list[str]:
    """Return the stems of the words that carry meaning, in order."""
    found: list[str] = analyzer(language).analyze(text)
    return found


def _asked(question: str, spoken: Language, language: Language) -> list[str]:
    """Return the distinct stems of a question that is ``spoken`` in one language, as ``language`` analyses them."""
    carrying = question if spoken == language else " ".join(content_words(question))
    return list(dict.fromkeys(analyse(carrying, language)))


class KeywordIndex:
    """BM25 over the texts of one notebook."""

    def __init__(self) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("id", stored=True, indexed=True)
        builder.add_unsigned_field("document", indexed=True)
        for language in _LANGUAGES:
            builder.add_text_field(_field(language), tokenizer_name=language)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        # By itself it would look again as soon as something is committed, and our own look would wait 100 ms for it.
        self._index.config_reader("manual")
        for language in _LANGUAGES:
            self._index.register_tokenizer(language, analyzer(language))

    def update(self, added: Sequence[KeywordText], removed: Iterable[int] = ()) -> None:
        """Add texts under new ids and remove ids, visible at once."""
        writer = self._index.writer(_WRITER_BYTES, 1)
        for unwanted in removed:
            writer.delete_documents_by_query(Query.term_query(self._schema, "id", unwanted))
        for item in added:
            fields = {"id": item.id, "document": item.document_id, _field(item.language): item.text}
            writer.add_document(tantivy.Document.from_dict(fields, self._schema))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(
        self, question: str, language: Language, k: int, documents: Iterable[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return at most ``k`` (id, BM25 score > 0), best first; only texts of ``documents`` when given.

        ``language`` is the question's.
        """
        only = None if documents is None else Query.term_set_query(self._schema, "document", list(documents))
        return self._hits(question, language, k, only)

    def scores(self, question: str, language: Language, ids: Sequence[int]) -> dict[int, float]:
        """Return the BM25 scores of those of ``ids`` that hold a word of the question."""
        # A set of terms is looked for in the list of all ids; a few are found faster one by one.
        each = [(Occur.Should, Query.term_query(self._schema, "id", one)) for one in ids]
        return dict(self._hits(question, language, len(ids), Query.boolean_query(each))) if ids else {}

    def weights(self, question: str, language: Language) -> dict[str, float]:
        """Return the stems of the question, each with its rarity among the texts as BM25 counts it."""
        searcher, field = self._index.searcher(), _field(language)
        total = searcher.num_docs
        weights = {}
        for term in analyse(question, language):
            # Removed texts are counted until their segment is merged.
            held = min(total, searcher.doc_freq(field, term))
            weights[term] = math.log(1 + (total - held + 0.5) / (held + 0.5))
        return weights

    def _hits(self, question: str, spoken: Language, k: int, only: Query | None) -> list[tuple[int, float]]:
        terms = [
            (Occur.Should, Query.term_query(self._schema, _field(language), term))
            for language in _LANGUAGES
            for term in _asked(question, spoken, language)
        ]
        if not terms:
            return []
        query = Query.boolean_query(terms)
        if only is not None:
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, Query.const_score_query(only, 0.0))])
        searcher = self._index.searcher()
        hits = searcher.search(query, k, count=False).hits
        found = [(int(searcher.doc(place)["id"][0]), float(score)) for score, place in hits]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _field(language: Language) -> str:
    return f"text_{language}"
