"""The models page: what writes now, what failed, and how another is chosen."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag.choice import ModelChoice
from rag.codec import encode
from rag.downloads import Download, Fetched
from rag.errors import ModelError
from rag.hub import HubFile, HubModel
from rag.library import Library
from rag.model_card import ModelCard
from rag.models import Models
from rag.speed import Speed
from tests.ui import home
from ui.escape import escape

Draw = Callable[..., AppTest]

FOUND = HubModel("a/b", "c0ffee", "mit", ("fr", "en"), (HubFile("model.safetensors", 2_500_000_000),), 1_250_000_000)
HERE = ModelChoice("hub", "a/b", revision=FOUND.revision)
CARD = ModelCard(ModelChoice(), "gemma-3-270m", 536_000_000, 900_000_000, "Gemma", ("en", "fr"), 8192)


@pytest.fixture
def models(library: Library) -> Draw:
    def draw(language: str = "en", **status: object) -> AppTest:
        app = AppTest.from_function(_script, kwargs={"app": home.services(library, **status)}, default_timeout=20)
        app.query_params["lang"] = language
        app.run()
        assert not app.exception
        return app

    return draw


def _script(app: object) -> None:
    from ui import state
    from ui.models import draw
    from ui.texts import Texts

    draw(app, Texts(state.language()))


def shown(app: AppTest) -> str:
    return "\n".join(e.value for e in (*app.markdown, *app.caption)).replace("\\", "")


def choose_way(app: AppTest, kind: str) -> AppTest:
    app.segmented_control(key="model-way").set_value(kind).run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["536 MB", "900 MB · Fastest here", "8192 tokens", "Gemma", "English, French", "not measured"]),
        ("fr", ["536\u00a0Mo", "900\u00a0Mo · Au plus rapide ici", "8192 jetons", "non mesuré"]),
    ],
)
def test_the_card_tells_what_is_known(models: Draw, library: Library, language: str, told: list[str]) -> None:
    library.models.keep_card(CARD)
    text = shown(models(language))
    assert [part for part in told if part not in text] == []


def test_measured_figures_stand_on_the_card(models: Draw, library: Library) -> None:
    library.models.keep_card(CARD)
    library.models.keep_speed("gemma-3-270m", ModelChoice(), "CPU · 2 cores", Speed(812.4, 16.25))
    library.models.keep_mcq_score("gemma-3-270m", ModelChoice(), 0.26)
    text = shown(models())
    assert "reads 812, writes 16.2 tokens a second" in text
    assert "26 % right" in text
    library.models.keep_card(replace(CARD, choice=ModelChoice(weights="int8")))
    text = shown(models())
    assert [part for part in ("reads 812", "26 % right") if part in text] == []


def test_the_speed_is_asked_for(models: Draw, library: Library) -> None:
    library.models.keep_card(CARD)
    app = models()
    app.button(key="measure-speed").click().run()
    assert library.models.speed_asked()


def test_a_folder_is_asked_for_with_its_weights(models: Draw, library: Library, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").touch()
    app = choose_way(models(), "folder")
    assert app.button(key="use-model-folder").disabled
    app.text_input(key="model-path").set_value(f" {tmp_path} ").run()
    app.selectbox(key="model-weights-folder").set_value("int8").run()
    app.button(key="use-model-folder").click().run()
    wanted = ModelChoice("folder", str(tmp_path), weights="int8")
    assert (library.models.underway(), library.models.chosen()) == (wanted, ModelChoice())
    assert any("is being loaded" in e.value for e in app.info)


@pytest.mark.parametrize(
    ("file", "code"), [("", "MODEL_EMPTY"), ("pytorch_model.bin", "MODEL_UNSAFE"), (None, "MODEL_NOT_FOUND")]
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_cannot_be_loaded_is_refused_at_once(
    models: Draw, library: Library, tmp_path: Path, file: str | None, code: str, language: str
) -> None:
    place = tmp_path / "model"
    if file is not None:
        place.mkdir()
    if file:
        (place / file).touch()
    app = choose_way(models(language), "folder")
    app.text_input(key="model-path").set_value(str(place)).run()
    app.button(key="use-model-folder").click().run()
    assert code in app.error[0].value.replace("\\", "")
    drawn = [(element.type, getattr(element, "key", None)) for element in app.main]
    assert drawn.index(("error", None)) + 1 == drawn.index(("button", "use-model-folder")), (
        "it is seen where one pressed"
    )
    assert library.models.underway() is None


@pytest.mark.parametrize(("file", "code"), [(None, "ADAPTER_NOT_FOUND"), ("adapter_model.bin", "ADAPTER_UNSAFE")])
@pytest.mark.parametrize("way", ["folder", "bundled"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_adapter_that_cannot_be_attached_is_refused_at_once(
    models: Draw, library: Library, tmp_path: Path, file: str | None, code: str, way: str, language: str
) -> None:
    (tmp_path / "model.safetensors").touch()
    if file:
        (tmp_path / "adapter").mkdir()
        (tmp_path / "adapter" / file).touch()
    app = choose_way(models(language), way)
    if way == "folder":
        app.text_input(key="model-path").set_value(str(tmp_path)).run()
    app.text_input(key=f"model-adapter-{way}").set_value(str(tmp_path / "adapter")).run()
    app.button(key=f"use-model-{way}").click().run()
    assert code in app.error[0].value.replace("\\", "")
    assert library.models.underway() is None


@pytest.mark.parametrize(
    ("language", "option", "label"),
    [
        ("en", "Adapter", "LoRA adapter: a folder, or a Hugging Face id on this computer"),
        ("fr", "Adaptateur", "Adaptateur LoRA : un dossier, ou un nom Hugging Face présent sur cet ordinateur"),
    ],
)
def test_the_bundled_model_is_asked_for_with_an_adapter(
    models: Draw, library: Library, tmp_path: Path, language: str, option: str, label: str
) -> None:
    (tmp_path / "adapter_model.safetensors").touch()
    app = models(language)
    assert option in [box.label for box in app.expander]
    field = app.text_input(key="model-adapter-bundled")
    assert (field.label.replace("\\", "").replace("\u00a0", " "), field.value) == (label, "")
    field.set_value(f" {tmp_path} ").run()
    app.button(key="use-model-bundled").click().run()
    assert not app.error
    assert library.models.underway() == ModelChoice(adapter=str(tmp_path))


def test_the_adapter_of_the_settings_is_kept_or_left_out(models: Draw, library: Library, tmp_path: Path) -> None:
    (tmp_path / "adapter_model.safetensors").touch()
    library.models = Models(library.store, replace(library.settings, adapter=str(tmp_path)))
    app = models()
    app.button(key="use-model-bundled").click().run()
    assert library.models.underway() == library.models.default == ModelChoice(adapter=str(tmp_path))
    library.models.succeed(library.models.claim() or ModelChoice())
    app = models()
    app.text_input(key="model-adapter-bundled").set_value("").run()
    app.button(key="use-model-bundled").click().run()
    assert library.models.underway() == ModelChoice()


@pytest.mark.parametrize(("language", "told"), [("en", "was not chosen"), ("fr", "n’a pas été choisi")])
def test_a_failure_is_told_until_it_is_dismissed(models: Draw, library: Library, language: str, told: str) -> None:
    library.models.fail(ModelChoice("hub", "a/b"), ModelError("MODEL_LOAD", model="a/b", reason="no weights"))
    app = models(language)
    assert told in app.error[0].value
    assert "MODEL_LOAD" in app.error[0].value.replace("\\", "")
    app.button(key="model-failure").click().run()
    assert not app.error
    assert library.models.failure() is None


def test_a_model_of_the_hub_is_told_and_only_then_fetched(models: Draw, library: Library) -> None:
    library.models.downloads.offer(FOUND)
    app = choose_way(models(), "hub")
    text = shown(app)
    assert "2.5 GB to download, mit. In memory about 2.5 GB in bfloat16, 1.2 GB in int8." in text
    assert app.button(key="download-start").label.replace("\\", "") == "Download 2.5 GB"
    app.button(key="download-start").click().run()
    assert library.models.downloads.current() == Download(FOUND)
    app.button(key="download-stop").click().run()
    now = library.models.downloads.current()
    assert now is not None
    assert now.state == "stopped"


@pytest.mark.parametrize(
    ("language", "told"), [("en", "1.0 GB of 2.5 GB · about 3 s left"), ("fr", "encore 3\u00a0s environ")]
)
def test_the_way_of_a_download_is_told(
    models: Draw, library: Library, language: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 102.0)
    now = Download(FOUND, "running", 1_000_000_000, 0, 100.0)
    library.store.set_setting("model.download", encode(now))
    app = choose_way(models(language), "hub")
    assert told in app.get("progress")[0].proto.text.replace("\\", "")


@pytest.fixture
def fetched(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the weights of a model that was downloaded."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    weights = tmp_path / "models--a--b" / "snapshots" / FOUND.revision / "model.safetensors"
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"weights")
    library.store.set_setting("model.fetched", encode(Fetched((FOUND,))))
    return weights


def compare(library: Library) -> int:
    """Have a question answered by the model that was downloaded; return the id of its answer, not yet written."""
    row = home.answered(library, home.sourced(home.ready(library)))
    other = library.conversation.ask_another(row.id, HERE)
    assert library.conversation.claim_answer("test")
    return other


def test_what_was_fetched_can_be_deleted(models: Draw, library: Library, fetched: Path) -> None:
    app = choose_way(models("fr"), "hub")
    assert "quitte cet ordinateur" in shown(app)
    app.button(key="remove-a/b").click().run()
    assert (library.models.downloads.fetched(), fetched.exists()) == ((), False)


@pytest.mark.parametrize(
    ("use", "hint"),
    [
        ("chosen", "The model a/b writes now."),
        ("underway", "The model a/b writes now."),
        ("writes", "The model a/b writes now."),
        ("lent", "The model a/b is in use: it answers a question for a comparison."),
    ],
)
def test_what_is_used_cannot_be_deleted(models: Draw, library: Library, fetched: Path, use: str, hint: str) -> None:
    if use == "chosen":
        library.models.succeed(HERE)
    if use == "underway":
        library.models.want(HERE)
    if use == "lent":
        compare(library)
    app = choose_way(models(choice=HERE if use == "writes" else None), "hub")
    (popover,) = [box for box in app.get("popover") if "Delete" in box.proto.popover.label]
    assert popover.proto.popover.disabled
    assert popover.proto.popover.help.startswith(hint)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "it answers a question for a comparison. Try again once its answer is written."),
        ("fr", "il répond à une question pour une comparaison. Réessayez quand sa réponse sera écrite."),
    ],
)
def test_what_is_lent_since_the_page_was_drawn_is_not_deleted(
    models: Draw, library: Library, fetched: Path, language: str, told: str
) -> None:
    app = choose_way(models(language), "hub")
    other = compare(library)
    app.button(key="remove-a/b").click().run()
    assert told in app.error[0].value.replace("\\", "")
    assert (library.models.downloads.fetched(), fetched.exists()) == ((FOUND,), True)
    library.conversation.finish_answer(other, "done", model_id="a/b")
    app.button(key="remove-a/b").click().run()
    assert not app.error
    assert (library.models.downloads.fetched(), fetched.exists()) == ((), False)


def test_what_is_chosen_since_the_page_was_drawn_is_not_deleted(models: Draw, library: Library, fetched: Path) -> None:
    app = choose_way(models(), "hub")
    library.models.succeed(HERE)
    app.button(key="remove-a/b").click().run()
    assert "Choose another one first." in app.error[0].value
    assert (library.models.downloads.fetched(), fetched.exists()) == ((FOUND,), True)


def test_what_was_fetched_can_be_used(models: Draw, library: Library) -> None:
    library.store.set_setting("model.fetched", encode(Fetched((FOUND,))))
    app = choose_way(models(), "hub")
    assert escape("a/b") in shown(app)
    app.button(key="use-model-hub-a/b").click().run()
    # Its files are not in the cache of this test.
    assert "MODEL_NOT_FOUND" in app.error[0].value.replace("\\", "")
