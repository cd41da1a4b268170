"""A model server is chosen in a form that tests it, says where passages would go, and shows no key."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag.choice import ModelChoice
from rag.endpoint.address import read_address
from rag.endpoint.keys import FILE, Key, Keys
from rag.library import Library
from tests.rag.scripted_server import Script, model, serve
from tests.rag.test_endpoint import thinks
from tests.ui import home
from tests.ui.test_header import shown

Draw = Callable[..., AppTest]

SECRET = "sk-lectern-4Yq7"
REMOTE = "https://llm.example.org/v1"


@pytest.fixture
def script() -> Script:
    return Script(model, models=[{"id": "small"}, {"id": "large", "context_length": 8256}])


@pytest.fixture
def url(script: Script) -> Iterator[str]:
    with serve(script) as address:
        yield address


@pytest.fixture
def page(library: Library) -> Draw:
    """Return a function that draws the models page."""

    def draw(language: str = "en", **status: object) -> AppTest:
        app = AppTest.from_function(_script, kwargs={"app": home.services(library, **status)}, default_timeout=60)
        app.query_params["lang"] = language
        return app.run()

    return draw


def _script(app: object) -> None:
    from ui import state
    from ui.models import draw
    from ui.texts import Texts

    draw(app, Texts(state.language()))


def opened(page: Draw, address: str = "", language: str = "en", **status: object) -> AppTest:
    app = page(language, **status)
    app.segmented_control(key="model-way").set_value("endpoint").run()
    if address:
        app.text_input(key="endpoint-url").set_value(address).run()
    assert not app.exception
    return app


def look_up(app: AppTest) -> AppTest:
    return app.button(key="endpoint-look-up").click().run(timeout=60)


def chosen(library: Library) -> ModelChoice | None:
    """Return the model that the workers are asked to load."""
    return library.models.underway()


def test_a_model_of_the_server_is_tested_and_used(page: Draw, library: Library, url: str) -> None:
    app = look_up(opened(page, f" {url}/ "))
    (models,) = [box for box in app.selectbox if box.label == "Model"]
    assert models.options == ["large", "small"]
    app.button(key="endpoint-test").click().run(timeout=60)
    (told,) = [shown(box.value) for box in app.success]
    assert told.startswith("It answers: first word after 0.") or "first word after" in told
    assert told.endswith("It reads 8192 tokens at once.")
    app.button(key="use-model-endpoint").click().run(timeout=60)
    assert not app.exception
    assert not app.error
    assert chosen(library) == ModelChoice("endpoint", "large", url)
    assert app.button(key="use-model-endpoint").disabled, "until it is loaded"


@pytest.mark.parametrize(
    ("language", "told"), [("en", "spent all its words on thinking"), ("fr", "a dépensé tous ses mots à réfléchir")]
)
def test_a_model_that_only_thinks_is_told(page: Draw, language: str, told: str) -> None:
    with serve(Script(thinks)) as address:
        app = look_up(opened(page, address, language))
        app.button(key="endpoint-test").click().run(timeout=60)
    assert (told in shown(app.error[0].value), len(app.success)) == (True, 0)


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "Nothing answers at 127.0.0.1:1"), ("fr", "Rien ne répond à 127.0.0.1:1")],
)
def test_a_server_that_is_down_is_told_and_nothing_is_chosen(
    page: Draw, library: Library, language: str, told: str
) -> None:
    app = look_up(opened(page, "http://127.0.0.1:1/v1", language))
    assert told in shown(app.error[0].value)
    assert "ENDPOINT_DOWN" in shown(app.error[0].value)
    assert chosen(library) is None
    assert all(button.key != "use-model-endpoint" for button in app.button)


def test_a_model_that_fails_when_it_is_to_be_used_is_not_chosen(
    page: Draw, library: Library, url: str, script: Script
) -> None:
    app = look_up(opened(page, url))
    script.say = lambda reply, sent: reply.page("<html>", status=500)
    app.button(key="use-model-endpoint").click().run(timeout=60)
    assert "ENDPOINT_FAULT" in shown(app.error[0].value)
    assert chosen(library) is None


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "is not the address of a model server"), ("fr", "n’est pas l’adresse d’un serveur de modèles")],
)
def test_what_is_no_address_is_told(page: Draw, language: str, told: str) -> None:
    app = opened(page, "localhost:8080", language)
    assert told in shown(app.error[0].value)
    assert all(button.key != "endpoint-look-up" for button in app.button)


def test_an_empty_form_asks_for_an_address_only(page: Draw) -> None:
    app = opened(page)
    assert [box.key for box in app.text_input if (box.key or "").startswith("endpoint")] == ["endpoint-url"]
    assert not app.error


@pytest.mark.parametrize(
    ("typed", "language", "told", "warned"),
    [
        (REMOTE, "en", "will go to llm.example.org, on the internet", 0),
        (REMOTE, "fr", "iront à llm.example.org, sur internet", 0),
        ("http://192.168.1.20:8000/v1", "en", "will go to 192.168.1.20:8000, on your network", 1),
        ("http://192.168.1.20:8000/v1", "fr", "iront à 192.168.1.20:8000, sur votre réseau", 1),
    ],
)
def test_a_server_elsewhere_wants_consent_once(
    page: Draw, library: Library, typed: str, language: str, told: str, warned: int
) -> None:
    app = opened(page, typed, language)
    app.session_state[f"picked-models-of-{typed}"] = ["large"]  # as if it had been asked
    app.run()
    assert any(told in shown(text.value) for text in app.markdown)
    assert len([box for box in app.warning if "http" in box.value]) == warned
    host = read_address(typed).host
    (consent,) = [box for box in app.checkbox if box.key == f"endpoint-agree-{host}"]
    assert (consent.value, app.button(key="use-model-endpoint").disabled) == (False, True)
    consent.check().run()
    assert not app.button(key="use-model-endpoint").disabled
    library.store.set_setting(f"endpoint.agreed.{host}", "yes")  # as a use would
    app.run()
    assert not [box for box in app.checkbox if (box.key or "").startswith("endpoint")]
    assert not app.button(key="use-model-endpoint").disabled


def test_this_computer_wants_no_consent(page: Draw, url: str) -> None:
    app = look_up(opened(page, url))
    assert not [box for box in app.checkbox if (box.key or "").startswith("endpoint")]
    assert any("nothing leaves it" in text.value for text in app.markdown)


def test_a_key_is_sent_kept_once_used_never_shown_and_can_be_forgotten(
    page: Draw, library: Library, url: str, script: Script
) -> None:
    app = opened(page, url)
    app.text_input(key=f"endpoint-key-{url}").set_value(f" {SECRET} ").run()
    look_up(app)
    assert {sent.headers.get("authorization") for sent in script.sent} == {f"Bearer {SECRET}"}
    assert not (library.home / FILE).exists(), "nothing is kept before the model is used"
    app.button(key="use-model-endpoint").click().run(timeout=60)
    assert Keys(library.home).of(read_address(url)) == Key(SECRET)

    again = opened(page, url)
    box = again.text_input(key=f"endpoint-key-{url}")
    assert (box.value, "kept" in box.placeholder) == ("", True)
    assert SECRET not in str(again.session_state._state) + str(list(again.main)) + str(library.models.underway())
    again.button(key="endpoint-forget").click().run()
    assert not Keys(library.home).holds(read_address(url))


def test_the_key_of_the_environment_goes_to_the_server_of_the_settings_and_to_no_other(
    page: Draw, library: Library, url: str, script: Script
) -> None:
    other = Script(model)
    library.settings = replace(library.settings, generator=f"{url}#small", endpoint_key=SECRET)
    with serve(other) as elsewhere:
        look_up(opened(page, elsewhere))
    look_up(opened(page, url))
    assert [sent.headers.get("authorization") for sent in other.sent] == [None] * len(other.sent) != []
    assert {sent.headers.get("authorization") for sent in script.sent} == {f"Bearer {SECRET}"}


def test_a_key_that_is_none_is_told_without_being_repeated(page: Draw, url: str) -> None:
    app = opened(page, url)
    app.text_input(key=f"endpoint-key-{url}").set_value("two words").run()
    assert "ENDPOINT_KEY_TEXT" in shown(app.error[0].value)
    assert "two words" not in app.error[0].value


def test_the_address_of_the_model_that_writes_is_there(page: Draw, url: str) -> None:
    app = page(choice=ModelChoice("endpoint", "large", url))
    app.segmented_control(key="model-way").set_value("endpoint").run()
    assert app.text_input(key="endpoint-url").value == url


def test_the_form_leaves_no_file_without_a_key(page: Draw, library: Library, url: str, tmp_path: Path) -> None:
    app = look_up(opened(page, url))
    app.button(key="use-model-endpoint").click().run(timeout=60)
    assert not (library.home / FILE).exists()
