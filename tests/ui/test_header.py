"""Who reaches the page, and where it runs."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from streamlit.config import get_option, set_option
from streamlit.testing.v1 import AppTest

from rag.library import Library
from rag.settings import Settings
from tests.ui import home
from ui.header import device_name, is_loopback
from ui.texts import Texts

Draw = Callable[..., AppTest]


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
