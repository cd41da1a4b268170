"""The guide of a source as a study aid, to be written as a file like every other one."""

from ingest.types import Language
from rag.source_guides.types import SourceGuide
from rag.study.types import Guide, Point

_TITLES: dict[Language, tuple[str, str, str, str]] = {
    "en": ("Summary", "Key terms", "Questions it answers", "Sections"),
    "fr": ("Résumé", "Termes clés", "Questions auxquelles il répond", "Sections"),
}


def as_aid(guide: SourceGuide) -> Guide:
    """Return its parts, those that are there, under a title each; every point with its place."""
    groups = (
        tuple(Point(" ".join(citation.quote.split()), (citation,)) for citation in guide.summary),
        tuple(Point(term.text, (term.at,)) for term in guide.terms),
        tuple(Point(question.text, (question.at,)) for question in guide.questions),
        tuple(Point(heading.title, (heading.at,)) for heading in guide.headings),
    )
    titles = _TITLES[guide.language]
    points = (Point(title, children=group) for title, group in zip(titles, groups, strict=True) if group)
    return Guide("summary", guide.language, tuple(points))
