"""The guide of a source and the overview of a notebook as JSON objects (``rag/guide.schema.json``) and as lines."""

from collections.abc import Iterator, Mapping
from typing import Any

from rag.rows import DocumentRow
from rag.source_guides.overview import Overview
from rag.source_guides.types import Digest, Heading, KeyTerm, Lack, SourceGuide
from rag.study_report import source
from rag.types import Citation

_LACKS: Mapping[Lack, str] = {
    "no_prose": "No sentences to summarise: its text is formulas, tables or short lines.",
    "no_questions": "No question was found that the notebook surely answers from it.",
}


def source_report(notebook: str, row: DocumentRow, guide: SourceGuide, names: Mapping[str, str]) -> dict[str, Any]:
    """Describe a source; ``names`` are those of the notebook's sources by their hashes."""
    return {
        "notebook": notebook,
        "kind": "source",
        "language": guide.language,
        "document": row.name,
        "title": guide.title,
        "pages": row.pages,
        "readable": row.readable,
        "sections": guide.sections,
        "headings": [_heading(heading) for heading in guide.headings],
        "terms": [_term(term) for term in guide.terms],
        "summary": [source(citation) for citation in guide.summary],
        "questions": [{"question": one.text, "source": source(one.at)} for one in guide.questions],
        "lacks": list(guide.lacks),
        "digest": guide.digest and _digest(guide.digest, names),
    }


def overview_report(notebook: str, found: Overview) -> dict[str, Any]:
    """Describe what a notebook is about."""
    return {
        "notebook": notebook,
        "kind": "overview",
        "pages": found.pages,
        "languages": list(found.languages),
        "sources": [
            {
                "document": one.row.name,
                "title": one.title,
                "pages": one.row.pages,
                "language": one.row.language,
                "sections": one.sections,
                "headings": [_heading(heading) for heading in one.headings],
            }
            for one in found.chapters
        ],
        "terms": [_term(term) for term in found.terms],
        "questions": [{"question": one.text, "source": source(one.at)} for one in found.questions],
        "unmade": found.unmade,
    }


def source_lines(row: DocumentRow, guide: SourceGuide, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the guide of a source as lines of text."""
    yield f"{guide.title} ({row.name}, {row.readable} of {row.pages} pages readable, {guide.sections} sections)"
    if guide.digest:
        yield from _digest_lines(guide.digest, names)
    yield from (f"- {_line(citation.quote)} [{_page(citation)}]" for citation in guide.summary)
    if guide.terms:
        yield "Key terms: " + ", ".join(f"{term.text} [{_page(term.at)}]" for term in guide.terms)
    yield from (f"  {heading.title} [{_page(heading.at)}]" for heading in guide.headings)
    yield from (f"? {question.text} [{_page(question.at)}]" for question in guide.questions)
    yield from (_LACKS[lack] for lack in guide.lacks)


def overview_lines(notebook: str, found: Overview) -> Iterator[str]:
    """Yield what a notebook is about as lines of text."""
    yield f"{notebook}: {found.pages} pages, {', '.join(found.languages)}"
    for one in found.chapters:
        titles = ", ".join(heading.title for heading in one.headings)
        yield f"- {one.title} ({one.row.name}, {one.row.pages} pages)" + (f": {titles}" if titles else "")
    if found.terms:
        yield "Main terms: " + ", ".join(term.text for term in found.terms)
    yield from (f"? {one.text} [{one.at.document}, {_page(one.at)}]" for one in found.questions)
    if found.unmade:
        yield f"The guides of {found.unmade} sources are still to be made."


def _digest_lines(digest: Digest, names: Mapping[str, str]) -> Iterator[str]:
    if digest.new:
        yield f"New in this notebook: {', '.join(digest.new)}"
    for shared in digest.shared:
        yield f"Also in {', '.join(names[one] for one in shared.sources if one in names)}: {shared.term}"


def _heading(heading: Heading) -> dict[str, Any]:
    return {"title": heading.title, "source": source(heading.at)}


def _term(term: KeyTerm) -> dict[str, Any]:
    return {"term": term.text, "defined": term.defined, "source": source(term.at)}


def _digest(digest: Digest, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "beside": [names[one] for one in digest.beside if one in names],
        "new": list(digest.new),
        "shared": [
            {"term": one.term, "documents": [names[hash_] for hash_ in one.sources if hash_ in names]}
            for one in digest.shared
        ],
    }


def _page(citation: Citation) -> str:
    return f"p. {citation.page_index + 1}"


def _line(text: str) -> str:
    return " ".join(text.split())
