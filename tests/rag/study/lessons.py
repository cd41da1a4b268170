"""Two small courses made by hand, French and English, as the store would give them."""

from dataclasses import replace

import ingest
from ingest.types import ChunkSettings, Document, Language, Page
from rag.rows import ChunkRow, DocumentRow
from rag.study.material import Material
from rag.study.pool import Pool
from tests.rag.fakes import BagEmbedder

NETWORKS = (
    "Circuit switching\n"
    "Circuit switching is a method which reserves bandwidth for each call before any data is sent.\n"
    "Telenet was founded in 1973 by Larry Roberts.\n"
    "The first public network of the United States, Telenet, was sold to GTE in 1979.",
    "Packet switching\n"
    "Packet switching is a technique which cuts data into small blocks that travel by different roads.\n"
    "Paul Baran developed the theory of survivable networks at the RAND Corporation.\n"
    "Donald Davies built a first network at the National Physical Laboratory in 1965.\n"
    "The User Datagram Protocol (UDP) sends datagrams without any handshake between the two hosts.",
    "Routing\n"
    "A routing table is a list of the addresses that each router knows with the next hop towards them.\n"
    "Louis Pouzin designed the CYCLADES network and shaped the design of the Internet.\n"
    "A virtual circuit is a path that all packets of one session follow from end to end.\n"
    "The Asynchronous Transfer Mode (ATM) uses cells of 53 bytes on fast links.\n"
    "Circuit switching and packet switching are compared by the delay that they add to a routing table.\n"
    "A virtual circuit needs a routing table in each router on the road.",
)
TREES = (
    "Notion d’arbre\n"
    "Un graphe est une collection de sommets que des arêtes relient deux à deux.\n"
    "• Racine : le sommet de départ de la structure.\n"
    "• Feuille : tout sommet sans successeur dans la hiérarchie.\n"
    "• Branche : relation directe entre deux sommets voisins.\n"
    "• Arité : nombre maximal de successeurs permis.",
    "Histoire\n"
    "La théorie des graphes est publiée en 1736 par Leonhard Euler.\n"
    "Arthur Cayley compte les arbres étiquetés en 1889 et publie une formule célèbre.\n"
    "Donald Knuth décrit les arbres binaires en 1968 dans un ouvrage de référence.\n"
    "La matrice d’adjacence permet de décrire un graphe par un tableau de nombres entiers.\n"
    "La matrice d’adjacence contient 64 coefficients pour un graphe de 8 sommets.",
)


def material(*documents: Document, headings: tuple[str, ...] = ()) -> Material:
    """The chosen documents as rows, pages and chunks."""
    rows, pages, chunks = [], {}, []
    for number, document in enumerate(documents, start=1):
        rows.append(_row(number, document))
        pages[number] = tuple(document.pages)
        for part in ingest.chunk(document, ChunkSettings(), lambda text: len(text.split())):
            chunks.append(_chunk(len(chunks) + 1, number, document, part))
    return Material(tuple(rows), pages, tuple(chunks), headings)


def _chunk(place: int, number: int, document: Document, part: ingest.Chunk) -> ChunkRow:
    label = document.pages[part.page_index].label
    return ChunkRow(
        id=place,
        document_id=number,
        sha256=document.id,
        document=document.name,
        title=document.title,
        language=document.language,
        page_index=part.page_index,
        page_label=label,
        section=part.section,
        text=part.text,
        start=part.start,
        end=part.end,
        extractor=document.extractor,
    )


def _row(number: int, document: Document) -> DocumentRow:
    return DocumentRow(
        id=number,
        notebook_id=1,
        sha256=document.id,
        name=document.name,
        size=0,
        state="ready",
        code="",
        details={},
        ticked=True,
        title=document.title,
        language=document.language,
        pages=len(document.pages),
        readable=document.readable,
        warnings=(),
        extractor=document.extractor,
        done=0,
        total=0,
        stage_started=0.0,
        received_at=0.0,
    )


def course(name: str, language: Language, texts: tuple[str, ...]) -> Document:
    """A document each of whose pages is a section under its first line."""
    pages = []
    for index, text in enumerate(texts):
        heading = text.split("\n")[0]
        pages.append(Page(index, str(index + 1), text, (), heading, ((0, heading),)))
    return Document(name[0] * 64, f"{name}.pdf", tuple(pages), name.capitalize(), language)


def networks() -> Document:
    return course("networks", "en", NETWORKS)


def trees() -> Document:
    return course("structures", "fr", TREES)


def pool(*documents: Document) -> Pool:
    return Pool.of(material(*documents), BagEmbedder())


def one_page(text: str, language: Language = "en") -> Document:
    return replace(course("page", language, (text,)), title="Page")
