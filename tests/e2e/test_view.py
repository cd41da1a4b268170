"""The page in both languages, by day and by night, on a phone, and with hostile words."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from rag.library import Library
from rag.notes import NewNote
from rag.rows import NotebookRow
from tests.e2e import files
from tests.e2e.conftest import Visit
from tests.e2e.screen import SHOTS, Screen, newest, until
from tests.ingest.pdfs import lines
from tests.resident import App

HOSTILE = "<img src=x onerror=alert(1)> **bold** ![p](http://example.org/p.png) :red[red] $x^2$"


def test_the_first_start_opens_the_samples(visit: Visit, library: Library, resident: App) -> None:
    sample = library.store.notebooks()[0]
    assert (sample.name, sample.sample) == ("Sample course", True)
    screen = visit().open()
    expect(screen.page.get_by_role("heading", name="Sample course")).to_be_visible()
    expect(screen.page.get_by_role("checkbox")).to_have_count(6)
    screen.shot("ready")
    shutil.copy(resident.reached.with_name("first_start.png"), SHOTS)


def test_the_page_speaks_the_browsers_language(visit: Visit, notebook: NotebookRow, library: Library) -> None:
    screen = visit(locale="fr-FR").open(notebook.id)
    expect(screen.page.get_by_text("1 source, 4 pages")).to_be_visible()
    row = screen.ask("Qui a conçu le réseau CYCLADES ?")
    for words in ("D’après vos sources", "De mémoire", "Dans vos sources", "Sans source · peut être faux"):
        expect(row).to_contain_text(words)
    row.get_by_role("button", name="packet_switching.pdf, p. 2").first.click()
    row.get_by_role("img", name="les mots cités sont surlignés").wait_for()
    row.get_by_role("button", name="Redemander").wait_for()
    screen.drawn().shot("french")
    assert not re.search(r"\b(Close|Details|Search|Stop|Ask|Copy|Model|Delete|In your)\b", _own_words(screen))
    english = visit().open(notebook.id)
    expect(english.row("Qui a conçu le réseau CYCLADES ?")).to_contain_text("From your sources")


def _own_words(screen: Screen) -> str:
    return " ".join(screen.page.locator("[data-testid=stSidebar], [data-testid=stMain]").all_inner_texts())


@pytest.mark.parametrize(("locale", "name"), [("en-US", "Browse"), ("fr-FR", "Parcourir")])
def test_the_file_chooser_speaks_the_language_of_the_page(
    visit: Visit, notebook: NotebookRow, locale: str, name: str
) -> None:
    screen = visit(locale=locale).open(notebook.id)
    chooser = screen.page.get_by_test_id("stFileUploader").first
    expect(chooser.get_by_role("button", name=name, exact=True)).to_be_visible()
    assert not re.search("Upload|per file" if locale == "fr-FR" else "Upload", chooser.inner_text())


@pytest.mark.parametrize(("locale", "told"), [("en-US", "was not taken"), ("fr-FR", "n’a pas été pris")])
def test_a_file_of_another_type_turns_red_with_words(
    visit: Visit, notebook: NotebookRow, locale: str, told: str
) -> None:
    screen = visit(locale=locale).open(notebook.id)
    chooser = f"[class*='st-key-sidebar-{notebook.id}-']"
    said = "chooser => getComputedStyle(document.querySelector(chooser), '::after').content"
    assert screen.page.evaluate(said, chooser) == "none"
    screen.upload({"name": "lecture.docx", "mimeType": "application/msword", "buffer": b"PK"})
    screen.page.get_by_test_id("stFileChipIconError").wait_for()
    # The words come with the next drawing of the page.
    screen.page.wait_for_function(f"([chooser, told]) => ({said})(chooser).includes(told)", arg=[chooser, told])
    screen.drawn().shot(f"refused_type_{screen.language}")


def test_a_field_to_find_something_in_gives_no_hint_in_english(
    visit: Visit, notebook: NotebookRow, library: Library
) -> None:
    library.notes.add(notebook.id, NewNote("Réseaux", "CYCLADES"))
    screen = visit(locale="fr-FR")
    screen.page.goto(f"{screen.app.url}/notes?notebook={notebook.id}")
    field = screen.page.get_by_role("textbox", name="Chercher dans les notes")
    field.fill("cyc")
    hint = screen.page.locator("[class*=st-key-find-]").get_by_test_id("InputInstructions")
    expect(hint).to_have_count(1)
    expect(hint).to_be_hidden()


@pytest.mark.parametrize(("width", "lines"), [(1280, 1), (390, 2)])
def test_the_actions_under_an_answer_take_few_lines(
    visit: Visit, notebook: NotebookRow, library: Library, width: int, lines: int
) -> None:
    screen = visit(locale="fr-FR", width=width).open(notebook.id)
    row = screen.ask("Qui a conçu le réseau CYCLADES ?")
    until(lambda: newest(library, notebook.id).final)
    row.get_by_role("button", name="Redemander").wait_for()
    actions = screen.drawn().page.locator("[class*='st-key-actions-']")
    tops = actions.locator("button:visible").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert len({round(top / 24) for top in tops}) <= lines


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling_and_reaches_the_question(
    visit: Visit, notebook: NotebookRow, library: Library, colours: str
) -> None:
    screen = visit(width=390, height=844, colours=colours).open(notebook.id)
    row = screen.ask("In which year did Apple create AppleTalk?")
    until(lambda: newest(library, notebook.id).final)
    row.get_by_role("button", name="Ask again").wait_for()
    assert screen.drawn().overflow() == []
    screen.shot(f"phone_{colours}")
    row.get_by_role("button", name="packet_switching.pdf, p. 2").first.click()
    row.get_by_role("img", name="with the quoted words highlighted").wait_for()
    row.get_by_role("img", name="with the quoted words highlighted").scroll_into_view_if_needed()
    assert screen.drawn().overflow() == []
    screen.shot(f"phone_{colours}_citation")
    expect(screen.question_box()).to_be_in_viewport()
    screen.question_box().fill("Another question")
    expect(screen.page.get_by_role("button", name="Send message")).to_be_enabled()


def test_the_dark_page_is_dark_and_can_be_read(visit: Visit, notebook: NotebookRow) -> None:
    screen = visit(colours="dark").open(notebook.id)
    assert _contrast(screen.page.get_by_role("heading", level=1).evaluate(_COLOURS)) > 7
    assert _lightness(screen.page.get_by_test_id("stApp").evaluate(_COLOURS)[1]) < 0.05
    screen.shot("dark")


_COLOURS = """element => {
    let behind = element;
    while (behind && /, 0\\)$/.test(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
    return [getComputedStyle(element).color, getComputedStyle(behind || document.body).backgroundColor];
}"""


def _lightness(colour: str) -> float:
    """Relative luminance, 0..1 (WCAG 2)."""
    shares = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(colours: list[str]) -> float:
    """Contrast of two colours, 1..21 (WCAG 2)."""
    light, dark = sorted((_lightness(colour) for colour in colours), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_hostile_words_are_shown_as_they_are(visit: Visit, notebook: NotebookRow, requested: list[str]) -> None:
    screen = visit().open(notebook.id)
    alerts: list[str] = []
    screen.page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    name = "<img src=x onerror=alert(1)> **b** _i_ [link](x).pdf"
    screen.upload(files.pdf(name, lines(*files.VOLCANO)))
    expect(screen.source(name)).to_be_visible()
    screen.wait_ready(name)
    screen.question_box().fill(HOSTILE)
    screen.question_box().press("Enter")
    heading = screen.page.get_by_role("heading", level=2, name="<img src=x onerror=alert(1)>")
    heading.wait_for()
    screen.page.get_by_role("button", name="Ask again").wait_for()
    # Invisible joiners in an address or a directive keep it from being read as one.
    assert heading.inner_text().replace("\N{WORD JOINER}", "") == HOSTILE
    assert heading.locator("img, strong, a").count() == 0
    screen.shot("hostile")
    assert alerts == []
    assert not [address for address in requested if "example.org" in address]


def test_nothing_reaches_another_computer(visit: Visit, resident: App, requested: list[str]) -> None:
    visit().open()
    assert requested
    assert {address for address in requested if not _is_here(address)} == set()
    assert resident.strangers() == []


def _is_here(address: str) -> bool:
    return bool(re.match(r"(https?|wss?)://(localhost|127\.0\.0\.1)[:/]|(data|blob):", address))
