"""A page drawn without a browser, over a real library of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.config import set_option
from streamlit.testing.v1 import AppTest

from rag.library import Library
from tests.ui import home


@pytest.fixture(autouse=True)
def _test_session() -> Iterator[None]:
    # AppTest itself puts functions (how a choice is written) into the session state.
    set_option("runner.enforceSerializableSessionState", False)
    yield
    set_option("runner.enforceSerializableSessionState", True)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    st.cache_data.clear()
    opened = home.open_library(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def page(library: Library) -> Callable[..., AppTest]:
    """Return a function that draws the page; keywords change the workers' status, ``address`` the query."""

    def draw(address: dict[str, str] | None = None, **status: object) -> AppTest:
        app = AppTest.from_function(_script, kwargs={"app": home.services(library, **status)}, default_timeout=20)
        for key, value in (address or {}).items():
            app.query_params[key] = value
        return app.run()

    return draw


def _script(app: object) -> None:
    # Streamlit runs this source alone, so it names nothing of this module.
    from ui import state
    from ui.page import draw
    from ui.texts import Texts

    draw(app, Texts(state.language()))
