"""Who reaches the page, and where it runs."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from streamlit.config import get_option, set_option
from streamlit.testing.v1 import AppTest

from rag.choice import ModelChoice
from rag.library import Library
from rag.settings import Settings
from tests.ui import home
from ui.header import device_name, is_loopback
from ui.texts import Texts

Draw = Callable[..., AppTest]


def shown(markdown: str) -> str:
    """Return what is read of a text that was escaped."""
    return markdown.replace("\\", "").replace("\N{WORD JOINER}", "")


@pytest.fixture
def open_to_all() -> Iterator[None]:
    before = get_option("server.address")
    set_option("server.address", "0.0.0.0")
    yield
    set_option("server.address", before)


@pytest.mark.parametrize(
    "address, expected",
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.0.0.2", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.7", False),
        ("example.org", False),
        ("", False),
        (None, False),
    ],
)
def test_only_this_computer_is_loopback(address: str | None, expected: bool) -> None:
    assert is_loopback(address) == expected


@pytest.mark.usefixtures("open_to_all")
@pytest.mark.parametrize("language, told", [("en", "Other computers could open"), ("fr", "D’autres ordinateurs")])
def test_a_page_open_to_others_is_refused(page: Draw, library: Library, language: str, told: str) -> None:
    home.ready(library)
    app = page({"lang": language})

    assert not app.exception
    assert told in app.error[0].value
    assert not app.markdown
    assert not app.checkbox


@pytest.mark.usefixtures("open_to_all")
def test_a_page_open_to_others_is_drawn_with_a_warning_where_that_is_allowed(page: Draw, library: Library) -> None:
    library.settings = replace(library.settings, allow_lan=True)
    app = page()

    assert not app.error
    assert "Anyone on this network" in app.warning[0].value


@pytest.mark.parametrize("value, expected", [("1", True), ("0", False), ("yes", False), (None, False)])
def test_only_1_allows_a_network(value: str | None, expected: bool) -> None:
    environ = {} if value is None else {"LECTERN_ALLOW_LAN": value}

    assert Settings.from_environment(environ).allow_lan is expected


@pytest.mark.parametrize(
    "language, device, expected",
    [
        ("fr", "CPU · 2 cores", "CPU · 2 cœurs"),
        ("fr", "CPU · 1 core", "CPU · 1 cœur"),
        ("en", "CPU · 2 cores", "CPU · 2 cores"),
        ("fr", "NVIDIA H200", "NVIDIA H200"),
    ],
)
def test_the_cores_of_a_processor_are_told_in_the_language_of_the_page(
    language: str, device: str, expected: str
) -> None:
    assert device_name(Texts(language), device) == expected


@pytest.mark.parametrize(
    "url, language, told",
    [
        ("", "en", "runs on this computer"),
        ("", "fr", "tout reste sur cet ordinateur"),
        ("http://127.0.0.1:8080/v1", "en", "passages go to a server on this computer"),
        ("http://127.0.0.1:8080/v1", "fr", "les passages vont à un serveur sur cet ordinateur"),
        ("http://192.168.1.20:8000/v1", "en", "passages go to 192.168.1.20:8000"),
        ("https://llm.example.org/v1", "fr", "les passages vont à llm.example.org"),
    ],
)
def test_the_header_says_where_passages_go(page: Draw, library: Library, url: str, language: str, told: str) -> None:
    home.ready(library)
    choice = ModelChoice("endpoint", "qwen3:4b", url) if url else ModelChoice()
    app = page({"lang": language}, choice=choice, generator_id=f"qwen3:4b@{url[7:]}")

    (line,) = [caption.value for caption in app.caption if "page" in caption.value and "·" in caption.value]
    assert told in shown(line)
    assert ("cloud_upload" in line, "lock" in line) == ("127" not in url and bool(url), not url)


def test_the_header_says_it_of_the_model_that_writes_not_of_one_that_could_not_be_reached(
    page: Draw, library: Library
) -> None:
    home.ready(library)
    library.models.succeed(ModelChoice("endpoint", "large", "https://llm.example.org/v1"))

    assert any("runs on this computer" in caption.value for caption in page(choice=ModelChoice()).caption)
    assert any("passages go to llm" in caption.value for caption in page(choice=None).caption)


def test_the_header_says_it_as_soon_as_a_server_is_chosen(page: Draw, library: Library) -> None:
    home.ready(library)
    library.models.want(ModelChoice("endpoint", "large", "https://llm.example.org/v1"))

    assert any("passages go to llm" in caption.value for caption in page(choice=ModelChoice()).caption)


@pytest.mark.parametrize(
    "url, language, told",
    [
        ("", "en", "Your PDFs, questions and answers stay on this computer."),
        ("https://llm.example.org/v1", "en", "go to llm.example.org."),
        ("https://llm.example.org/v1", "fr", "vont à llm.example.org."),
    ],
)
def test_an_empty_notebook_promises_no_more_than_is_kept(
    page: Draw, library: Library, url: str, language: str, told: str
) -> None:
    choice = ModelChoice("endpoint", "large", url) if url else ModelChoice()
    captions = [shown(caption.value) for caption in page({"lang": language}, choice=choice).caption]
    assert [text for text in captions if told in text]
    assert len([text for text in captions if "stay on this computer" in text and "questions" in text]) == (not url)
