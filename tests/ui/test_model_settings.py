"""A notebook's parts are chosen in a dialog that says what each is for."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag.adapted import folder
from rag.library import Library
from rag.parts import Parts
from tests.ui import home

Draw = Callable[..., AppTest]


def opened(page: Draw, language: str = "en") -> AppTest:
    app = page({"lang": language})
    app.menu_button[0].set_value("model_settings").run()
    assert not app.exception
    return app


def confirm(app: AppTest) -> None:
    app.button(key="dialog-confirm").click().run()
    assert not app.exception


def adapted(library: Library, notebook_id: int) -> None:
    place = folder(library.home, notebook_id)
    place.mkdir(parents=True)
    figures = {"own": {"before": {"f1": 0.412, "auc": 0.9}, "after": {"f1": 0.638, "auc": 0.95}}}
    (place / "manifest.json").write_text(
        json.dumps({"sha256": "cd", "base": "ab", "date": "2026-11-22", "figures": figures})
    )


def parts(library: Library) -> Parts:
    return home.notebook(library).parts


def test_the_reader_can_be_switched_off_and_on_again(page: Draw, library: Library) -> None:
    app = opened(page)
    assert app.radio[0].options == ["The reader of the settings", "No reader"]
    app.radio[0].set_value("off").run()
    confirm(app)
    assert parts(library) == Parts(reader="off")
    app = opened(page)
    assert app.radio[0].value == "off"
    app.radio[0].set_value("default").run()
    confirm(app)
    assert parts(library) == Parts()


def test_cancelling_changes_nothing(page: Draw, library: Library) -> None:
    app = opened(page)
    app.radio[0].set_value("off").run()
    app.button(key="dialog-cancel").click().run()
    assert parts(library) == Parts()
    assert not app.radio


def test_without_an_adapted_reader_the_command_is_shown(page: Draw) -> None:
    assert [e.value for e in opened(page).code] == ['python -m training adapt --notebook "Cours LLM"']


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "match the expected ones by 64 %, before by 41 %"),
        ("fr", "coïncident à 64 % avec ceux attendus, à 41 % auparavant"),
    ],
)
def test_an_adapted_reader_is_offered_with_its_figures(page: Draw, library: Library, language: str, told: str) -> None:
    adapted(library, home.notebook(library).id)
    app = opened(page, language)
    assert len(app.radio[0].options) == 3
    assert not app.code
    assert any(told in caption.replace("\\", "") for caption in app.radio[0].proto.captions)
    app.radio[0].set_value("adapted").run()
    confirm(app)
    assert parts(library) == Parts(reader="adapted")


def test_a_choice_whose_reader_is_gone_shows_the_usual_one(page: Draw, library: Library) -> None:
    library.store.choose_parts(home.notebook(library).id, Parts(reader="adapted"))
    assert opened(page).radio[0].value == "default"


def test_the_adapter_of_the_settings_can_be_left_out(page: Draw, library: Library, tmp_path: Path) -> None:
    assert not opened(page).toggle
    library.settings = replace(library.settings, adapter="some/adapter")
    app = opened(page)
    assert (app.toggle[0].label.replace("\\", ""), app.toggle[0].value) == ("Use the adapter some/adapter", True)
    app.toggle[0].set_value(False).run()
    confirm(app)
    assert parts(library) == Parts(adapter=False)
