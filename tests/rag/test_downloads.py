"""A model comes from a hub when the user asks: told first, only what is safe, going on where it stopped."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.build import build_generator
from rag.choice import ModelChoice
from rag.downloads import Download
from rag.errors import ModelError, StorageError
from rag.hub import HubFile, HubModel, is_wanted, look_up
from rag.library import Library
from rag.settings import Settings, online_environment
from tests.hub_server import COMMIT, Hub, serve
from tests.tiny_models import save_qwen3

TINY = "tests/tiny-qwen3"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    place = save_qwen3(tmp_path / "served", hidden=64)
    for name in ("pytorch_model.bin", "modeling_tiny.py", "README.md"):
        (place / name).write_text("what is fetched of this?")
    pickled = tmp_path / "pickled"
    pickled.mkdir()
    (pickled / "pytorch_model.bin").write_bytes(b"cos\nsystem\n")
    with serve(Hub({TINY: place, "tests/pickled": pickled, "tests/gated": place}, gated={"tests/gated"})) as served:
        monkeypatch.setenv("HF_ENDPOINT", served.url)
        monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")  # as start.py sets it
        yield served


def downloaded(library: Library, cache: Path) -> Download:
    downloads = library.models.downloads
    downloads.run(lambda: False)
    now = downloads.current()
    assert now is not None
    return now


def test_a_model_is_told_before_it_is_fetched(hub: Hub) -> None:
    found = look_up(TINY)
    names = [file.name for file in found.files]
    assert (found.id, found.revision, found.licence, found.languages, found.parameters) == (
        TINY,
        COMMIT,
        "apache-2.0",
        ("en", "fr"),
        1234,
    )
    assert names == [
        "README.md", "chat_template.jinja", "config.json", "generation_config.json", "model.safetensors",
        "tokenizer.json", "tokenizer_config.json",
    ]  # fmt: skip
    assert found.size == sum((hub.models[TINY] / name).stat().st_size for name in names)
    assert hub.paths() == [f"api/models/{TINY}"]


@pytest.mark.parametrize(
    ("model", "code"),
    [("tests/none", "HUB_UNKNOWN"), ("no id at all", "HUB_UNKNOWN"), ("tests/pickled", "MODEL_UNSAFE")],
)
def test_what_cannot_be_fetched_is_told_at_once(hub: Hub, model: str, code: str) -> None:
    with pytest.raises(ModelError) as raised:
        look_up(model)
    assert raised.value.code == code


def test_a_hub_that_is_down_is_told(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelError, match="HUB_UNREACHABLE"):
        look_up(TINY)


def test_a_hub_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        with pytest.raises(ModelError, match="HUB_UNREACHABLE"):
            look_up(TINY, seconds=1.0)
    assert time.monotonic() - began < 8


def test_what_did_not_arrive_as_the_hub_has_it_is_deleted_and_told(hub: Hub, library: Library, tmp_path: Path) -> None:
    downloads, found = library.models.downloads, look_up(TINY)
    weights = hub.models[TINY] / "model.safetensors"
    right = weights.read_bytes()
    weights.write_bytes(right[:-1] + bytes([right[-1] ^ 1]))
    downloads.start(found, tmp_path / "cache")
    ended = downloaded(library, tmp_path)
    assert (ended.state, ended.code, ended.details["reason"]) == ("failed", "HUB_DAMAGED", "model.safetensors")
    assert not [*tmp_path.glob("cache/**/model.safetensors*")]
    weights.write_bytes(right)
    downloads.start(found, tmp_path / "cache")
    assert downloaded(library, tmp_path).state == "done"
    (kept,) = tmp_path.glob("cache/**/model.safetensors")
    assert kept.read_bytes() == right


def test_a_downloaded_model_is_loaded_offline_at_its_commit(hub: Hub, library: Library, tmp_path: Path) -> None:
    downloads, found = library.models.downloads, look_up(TINY)
    downloads.start(found, tmp_path / "cache")
    assert downloads.current() == Download(found)
    assert not any("resolve" in path for path in hub.paths())
    ended = downloaded(library, tmp_path)
    assert (ended.state, ended.done, downloads.fetched()) == ("done", found.size, (found,))
    assert {path.rpartition("/")[2] for path in hub.paths() if "resolve" in path} == {f.name for f in found.files}
    folder = next((tmp_path / "cache").glob(f"models--*/snapshots/{COMMIT}"))
    settings = Settings(home=tmp_path, models=tmp_path, device="cpu", threads=1)
    generator = build_generator(settings, ModelChoice("folder", str(folder)))
    assert generator.is_chat


def test_a_stopped_download_goes_on_where_it_was(hub: Hub, library: Library, tmp_path: Path) -> None:
    weights = 24 << 20  # the hub's library writes ten megabytes at a time
    (hub.models[TINY] / "model.safetensors").write_bytes(bytes(weights))
    downloads, found = library.models.downloads, look_up(TINY)
    hub.slow = 0.2
    downloads.start(found, tmp_path / "cache")
    thread = threading.Thread(target=downloads.run, args=(lambda: False,))
    thread.start()
    parts = tmp_path / "cache" / "models--tests--tiny-qwen3" / "parts" / COMMIT
    until(lambda: (now := downloads.current()) is not None and now.done > 10 << 20)
    downloads.stop()
    thread.join(20)
    assert not thread.is_alive()
    now = downloads.current()
    assert now is not None
    assert now.state == "stopped"
    part = next(parts.glob("*.part")).stat().st_size
    assert 0 < part < weights
    hub.slow, hub.asked[:] = 0.0, []
    downloads.start(found, tmp_path / "cache")
    assert downloaded(library, tmp_path).state == "done"
    # The part that was here was not sent again.
    assert (f"{TINY}/resolve/{COMMIT}/model.safetensors", f"bytes={part}-") in hub.asked


def test_what_was_fetched_is_deleted_and_nothing_else(hub: Hub, library: Library, tmp_path: Path) -> None:
    downloads, found, cache = library.models.downloads, look_up(TINY), tmp_path / "cache"
    downloads.start(found, cache)
    downloaded(library, tmp_path)
    repository = cache / "models--tests--tiny-qwen3"
    (repository / "blobs").mkdir()
    (repository / "blobs" / "of another program").write_text("x")
    linked = repository / "snapshots" / COMMIT / "linked.json"
    linked.symlink_to(repository / "blobs" / "of another program")
    downloads.remove(found, cache)
    assert (downloads.fetched(), downloads.current()) == ((), None)
    assert {path for path in repository.rglob("*") if not path.is_dir()} == {linked, linked.resolve()}
    downloads.remove(found, cache)  # what is gone already is no fault


def test_what_came_of_a_stopped_download_can_be_deleted(library: Library, tmp_path: Path) -> None:
    model = HubModel("a/b", COMMIT, "mit", ("en",), (HubFile("model.safetensors", 100),))
    part = tmp_path / "models--a--b" / "parts" / COMMIT / "model.safetensors.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half")
    downloads = library.models.downloads
    downloads.start(model, tmp_path)
    with pytest.raises(ModelError, match="HUB_BUSY"):
        downloads.remove(model, tmp_path)
    downloads.stop()
    downloads.remove(model, tmp_path)
    assert list(tmp_path.glob("models--*")) == []
    assert downloads.current() is None


def test_what_could_not_be_deleted_is_still_told(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads = library.models.downloads
    downloads.start(SMALL, tmp_path)
    assert downloads.run(lambda: False, lambda model: iter([1000]))
    place = tmp_path / "models--a--b" / "snapshots" / COMMIT
    place.mkdir(parents=True)
    (place / "model.safetensors").touch()

    def fails(path: Path) -> None:
        raise PermissionError(13, "in use", str(path))

    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", fails)
        with pytest.raises(StorageError, match="in use"):
            downloads.remove(SMALL, tmp_path)
    assert downloads.fetched() == (SMALL,)
    downloads.remove(SMALL, tmp_path)
    assert (downloads.fetched(), [*tmp_path.glob("models--*")]) == ((), [])


@pytest.mark.parametrize("at", [0, 1])
def test_a_stop_between_two_looks_is_not_overwritten(library: Library, tmp_path: Path, at: int) -> None:
    downloads = library.models.downloads
    downloads.start(SMALL, tmp_path)

    def stopping(model: HubModel) -> Iterator[int]:
        for n in range(3):
            if n == at:
                library.models.downloads.stop()
            time.sleep(0.6)  # longer than between two times that it is kept
            yield 300 * n + 100

    closed: list[bool] = []
    assert downloads.run(lambda: bool(closed.append(True)), stopping)
    now = downloads.current()
    assert now is not None
    assert (now.state, now.done) == ("stopped", 300 * at + 100)


def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.02)


def test_terms_that_are_not_accepted_are_told(hub: Hub, library: Library, tmp_path: Path) -> None:
    library.models.downloads.start(look_up("tests/gated"), tmp_path / "cache")
    ended = downloaded(library, tmp_path)
    assert (ended.state, ended.code, ended.details["model"]) == ("failed", "HUB_GATED", "tests/gated")


SMALL = HubModel("a/b", COMMIT, "mit", ("fr",), (HubFile("model.safetensors", 1000),), 10)


def test_a_download_needs_room_and_waits_for_the_one_before(library: Library, tmp_path: Path) -> None:
    downloads = library.models.downloads
    with pytest.raises(ModelError, match="HUB_DISK"):
        downloads.start(replace(SMALL, files=(HubFile("model.safetensors", 10**18),)), tmp_path)
    downloads.start(SMALL, tmp_path / "not" / "there")
    with pytest.raises(ModelError, match="HUB_BUSY"):
        downloads.start(SMALL, tmp_path)
    downloads.stop()
    downloads.dismiss()
    assert downloads.current() is None


def test_a_download_whose_process_ended_waits_for_the_user(library: Library, tmp_path: Path) -> None:
    downloads = library.models.downloads
    downloads.start(SMALL, tmp_path)

    def killed(model: HubModel) -> Iterator[int]:
        yield 400
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        downloads.run(lambda: False, killed)
    downloads.recover()
    now = downloads.current()
    assert now is not None
    assert (now.state, downloads.run(lambda: False)) == ("stopped", False)


def test_the_time_left_is_told_from_what_came_since_the_start() -> None:
    download = Download(SMALL, "running", done=600, before=200, started_at=100.0)
    assert download.seconds_left(101.0) is None
    assert download.seconds_left(104.0) == 4.0


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("model-00001-of-00002.safetensors", True), ("tokenizer.json", True), ("config.json", True),
        ("LICENSE", True), ("chat_template.jinja", True), ("tokenizer.model", True),
        ("pytorch_model.bin", False), ("model.pt", False), ("optimizer.pkl", False), ("modeling_x.py", False),
        ("original/model.safetensors", False), (".gitattributes", False), ("consolidated.safetensors", False),
    ],
)  # fmt: skip
def test_only_weights_words_and_terms_are_fetched(name: str, wanted: bool) -> None:
    assert is_wanted(name) == wanted


def test_only_the_child_process_is_online() -> None:
    environ = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HOME": "h"}
    assert online_environment(environ) == {
        "HOME": "h",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    }
