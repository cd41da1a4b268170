"""Ask, read two answers, and look at the page behind a citation."""

import io
from urllib.parse import urljoin

import pypdfium2
from PIL import Image, ImageChops
from playwright.sync_api import Locator, expect

from rag.library import Library
from rag.rows import NotebookRow
from tests.e2e.conftest import SAMPLES, Visit
from tests.e2e.screen import Screen, newest, words

QUESTION = "Who designed the CYCLADES network?"
YELLOW = 60  # how much red must exceed blue, 0..255: the text and the paper are grey
SOURCE = SAMPLES / "packet_switching.pdf"


def picture(screen: Screen, image: Locator) -> Image.Image:
    """Fetch the picture that an image element shows."""
    source = image.get_attribute("src")
    assert source is not None
    return Image.open(io.BytesIO(screen.page.request.get(urljoin(screen.app.url, source)).body())).convert("RGB")


def marked(page: Image.Image) -> Image.Image:
    """Return white where a page is coloured as by a highlighter, black elsewhere."""
    red, _, blue = page.split()
    return ImageChops.subtract(red, blue).point(lambda yellow: 255 if yellow > YELLOW else 0)


def text_within(index: int, box: tuple[float, ...], size: tuple[int, int]) -> str:
    """Read the words of the source's page inside a box of its picture."""
    document = pypdfium2.PdfDocument(SOURCE)
    page = document[index]
    across, down = page.get_width() / size[0], page.get_height() / size[1]
    left, top, right, bottom = box
    text = page.get_textpage().get_text_bounded(
        left=left * across,
        bottom=page.get_height() - bottom * down,
        right=right * across,
        top=page.get_height() - top * down,
    )
    document.close()
    return str(text)


def test_a_question_gets_two_answers_and_a_citation_opens_its_page_with_the_words_marked(
    visit: Visit, library: Library, notebook: NotebookRow
) -> None:
    screen = visit().open(notebook.id)
    row = screen.ask(QUESTION)
    expect(row).to_contain_text("In your sources")
    expect(row).to_contain_text("No source · may be wrong")
    expect(row.get_by_role("button", name="Ask again")).to_be_visible()
    screen.shot("answer")
    stored = newest(library, notebook.id)
    assert (stored.state, stored.language) == ("done", "en")
    assert stored.sourced is not None
    assert "Louis Pouzin" in stored.sourced.text
    assert "Louis Pouzin" in row.inner_text()
    assert stored.memory_text in row.inner_text()

    citation = stored.sourced.citations[0]
    row.get_by_role("button", name="packet_switching.pdf, p. 2").first.click()
    image = row.get_by_role("img", name="packet_switching.pdf, p. 2, with the quoted words highlighted")
    image.wait_for()
    image.scroll_into_view_if_needed()
    screen.drawn().shot("citation")
    shown = picture(screen, image)
    mask = marked(shown)
    box = mask.getbbox()
    assert box is not None
    read, quoted = words(text_within(citation.page_index, box, shown.size)), words(citation.quote)
    assert " ".join(quoted) in " ".join(read)
    assert len(read) < len(quoted) + 20  # its lines, not the page
    assert mask.crop(box).histogram()[255] > 0.3 * (box[2] - box[0]) * (box[3] - box[1])
    plain = library.page_image(library.store.documents(notebook.id)[0], citation.page_index, shown.width)
    assert plain is not None
    assert marked(Image.open(io.BytesIO(plain.png)).convert("RGB")).getbbox() is None

    row.get_by_role("button", name="Close").click()
    expect(image).to_have_count(0)
