"""Courses of two short sources, one a language, and what reads them."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from ingest.types import Language, Page
from rag.rows import ChunkRow, DocumentRow
from rag.study.material import Material
from rag.study.types import Point
from rag.types import Citation

PAGES: dict[Language, tuple[str, ...]] = {
    "en": (
        "Packet networks\n"
        "A packet is a block of data that travels on its own through the network. Paul Baran described the idea at the "
        "RAND Corporation in 1964. This method was new.\n"
        "z = w + 1\n"
        "Packets are used to share one line between many users.",
        "Routing\n"
        "A router forwards each packet to the next node of the network. The routing table of a node was built by hand "
        "in the early 1970s. It grew quickly.\n"
        "Figure 3: The routing table of a node in the network.\n"
        "Every router keeps a routing table that names the next node for each address.",
        "References\nBaran, P. On distributed communications networks, 1964, RAND Corporation.",
    ),
    "fr": (
        "Réseaux de paquets\n"
        "Un paquet est un bloc de données qui voyage seul dans le réseau. Paul Baran a décrit cette idée à la RAND "
        "Corporation en 1964. Cette méthode était nouvelle.\n"
        "z = w + 1\n"
        "Les paquets servent à partager une ligne entre beaucoup d’utilisateurs.",
        "Routage\n"
        "Un routeur transmet chaque paquet au nœud suivant du réseau. La table de routage du nœud fut remplie à la "
        "main au début des années 1970. Elle a vite grandi.\n"
        "Figure 3 : La table de routage du nœud dans le réseau.\n"
        "Chaque routeur garde une table de routage qui nomme le nœud suivant pour chaque adresse.",
        "Références\nBaran, P. On distributed communications networks, 1964, RAND Corporation.",
    ),
}


def source(n: int, language: Language, pages: Sequence[str], title: str = "") -> tuple[DocumentRow, tuple[Page, ...]]:
    """Return a source as it is stored; the first line of each page is its heading."""
    name = f"{language}{n}.pdf"
    row = DocumentRow(
        id=n,
        notebook_id=1,
        sha256=sha256(name.encode()).hexdigest(),
        name=name,
        size=1,
        state="ready",
        code="",
        details={},
        ticked=True,
        title=title,
        language=language,
        pages=len(pages),
        readable=len(pages),
        warnings=(),
        extractor="lines-1",
        done=0,
        total=0,
        stage_started=0.0,
        received_at=0.0,
    )
    texts = (Page(i, str(i + 1), text, section=text.partition("\n")[0]) for i, text in enumerate(pages))
    return row, tuple(texts)


def material(*sources: tuple[DocumentRow, tuple[Page, ...]]) -> Material:
    """Return what guides are made from; each page is one chunk under its first line."""
    chunks = [
        ChunkRow(
            10 * row.id + page.index,
            row.id,
            row.sha256,
            row.name,
            row.title,
            row.language,
            page.index,
            page.label,
            page.section,
            page.text,
            0,
            len(page.text),
            row.extractor,
        )
        for row, pages in sources
        for page in pages
        if page.text
    ]
    return Material(tuple(row for row, _ in sources), {row.id: pages for row, pages in sources}, tuple(chunks))


def course(language: Language, *pages: str) -> Material:
    """Return one source of these pages, by default those of ``PAGES``."""
    return material(source(1, language, pages or PAGES[language]))


def leaves(points: Sequence[Point]) -> Iterator[Point]:
    """Yield the points that have none below them."""
    for point in points:
        if point.children:
            yield from leaves(point.children)
        else:
            yield point


def citations(points: Sequence[Point]) -> Iterator[Citation]:
    """Yield every citation in reading order."""
    for point in points:
        yield from point.citations
        yield from citations(point.children)


def outline(points: Sequence[Point]) -> list[object]:
    """Return the points as nested lists of (note, text), to be read at a glance."""
    return [
        (point.note, point.text, outline(point.children)) if point.children else (point.note, point.text)
        for point in points
    ]
