"""Reading PDFs: pages a second of one core, beside pypdf."""

from collections.abc import Callable, Sequence

from bench import documents, naive
from bench.figures import Figure
from bench.measure import in_turn, ratio
from bench.stand import Stand
from ingest.extract import extract
from ingest.types import Document, Upload


def measure(stand: Stand) -> list[Figure]:
    """Extract whole: characters with their map, normalised, in reading order; and the raw text alone, apart."""
    figures = []
    for name, uploads, least in (
        ("made lectures", [documents.lecture(seed=seed) for seed in (1, 2)], None),
        ("sample PDFs", documents.samples(), None),
        ("both", [*documents.samples(), *(documents.lecture(seed=seed) for seed in (1, 2))], 4.0),
    ):
        figures.append(_whole(stand, name, uploads, least))
    return [*figures, _raw(stand, documents.samples())]


def read(stand: Stand, upload: Upload) -> Document:
    """Extract as the app does."""
    return extract(upload, scratch=stand.scratch, progress=lambda done, total: None, cancelled=lambda: False)


def _whole(stand: Stand, name: str, uploads: Sequence[Upload], least: float | None) -> Figure:
    pages = sum(len(naive.page_texts(upload.data)) for upload in uploads)
    times = in_turn({"ours": lambda: [read(stand, u) for u in uploads], "naive": _pypdf(uploads)}, stand.repeats)
    return Figure(
        f"full extraction, {name}",
        "pages/s per core",
        times["ours"].rates_per_core(pages),
        times["naive"].rates_per_core(pages),
        ratio(times["naive"].cpu, times["ours"].cpu),
        least=least,
        note=f"{pages} pages, {len(uploads)} files",
    )


def _pypdf(uploads: Sequence[Upload]) -> Callable[[], object]:
    return lambda: [naive.page_texts(upload.data) for upload in uploads]


def _raw(stand: Stand, uploads: Sequence[Upload]) -> Figure:
    """Compare the libraries alone, in this process: what is left when nothing is promised about the text."""
    import pypdfium2

    def texts() -> None:
        for upload in uploads:
            for page in pypdfium2.PdfDocument(upload.data):
                page.get_textpage().get_text_range()

    pages = sum(len(naive.page_texts(upload.data)) for upload in uploads)
    times = in_turn({"ours": texts, "naive": _pypdf(uploads)}, stand.repeats)
    ours, theirs = times["ours"], times["naive"]
    rates = ours.rates_per_core(pages), theirs.rates_per_core(pages)
    return Figure("raw text by PDFium, sample PDFs", "pages/s per core", *rates, ratio(theirs.cpu, ours.cpu))
