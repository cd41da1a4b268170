"""A bundled model is prepared whole or not at all, and damage to it is seen."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.bundled import Recipe, Step
from rag.errors import ModelError, StorageError
from rag.prepare import folder, is_ready, prepare, ready_folder, verify
from rag.settings import BUNDLED_EMBEDDER, BUNDLED_GENERATOR, Settings

Run = Callable[[Path, Callable[[int, int], None]], None]


def write(name: str, text: str) -> Run:
    def run(draft: Path, advance: Callable[[int, int], None]) -> None:
        (draft / name).parent.mkdir(exist_ok=True)
        (draft / name).write_text(text)
        advance(1, 2)

    return run


def fail(draft: Path, advance: Callable[[int, int], None]) -> None:
    raise ModelError("MODEL_PACKAGE_MISSING", package="weights==1")


def recipe(*runs: Run) -> Recipe:
    return Recipe(tuple(Step(f"step {n}", 100, run) for n, run in enumerate(runs)), disk=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", models=tmp_path / "models")


RECIPES = {
    BUNDLED_EMBEDDER: recipe(write("a.txt", "aa"), write("sub/b.txt", "bb")),
    BUNDLED_GENERATOR: recipe(write("c.txt", "cc")),
}


def test_models_are_written_with_progress_and_then_left_alone(settings: Settings) -> None:
    seen: list[tuple[str, int, int]] = []
    prepare(settings, lambda *report: seen.append(report), RECIPES)
    first, second = (
        [(f"step {n}", n * 100 + part, 300) for n in (0, 1) for part in (0, 50, 100)],
        [("step 0", 200 + part, 300) for part in (0, 50, 100)],
    )
    assert seen == first + second
    assert (ready_folder(settings, BUNDLED_EMBEDDER) / "sub" / "b.txt").read_text() == "bb"
    seen.clear()
    prepare(settings, lambda *report: seen.append(report), RECIPES)
    assert seen == []


def test_only_models_in_use_are_prepared(settings: Settings) -> None:
    own = Settings(home=settings.home, models=settings.models, generator="gpt2")
    prepare(own, recipes=RECIPES)
    assert is_ready(own, BUNDLED_EMBEDDER)
    assert not folder(own, BUNDLED_GENERATOR).exists()


def test_what_failed_half_way_leaves_nothing(settings: Settings) -> None:
    with pytest.raises(ModelError, match=r"weights==1 is not installed.*start\.py"):
        prepare(settings, recipes={BUNDLED_EMBEDDER: recipe(write("a.txt", "aa"), fail)})
    assert [path.name for path in settings.models.iterdir()] == ["prepare.lock"]
    with pytest.raises(ModelError, match="MODEL_NOT_PREPARED"):
        ready_folder(settings, BUNDLED_EMBEDDER)


def test_what_a_killed_process_left_is_written_over(settings: Settings) -> None:
    draft = settings.models / "multilingual-e5-small.part"
    draft.mkdir(parents=True)
    (draft / "half").write_text("x")
    prepare(settings, recipes=RECIPES)
    assert not draft.exists()
    assert not (ready_folder(settings, BUNDLED_EMBEDDER) / "half").exists()


def test_a_file_of_another_size_is_damage_and_is_repaired(settings: Settings) -> None:
    prepare(settings, recipes=RECIPES)
    (folder(settings, BUNDLED_GENERATOR) / "c.txt").write_text("c")
    with pytest.raises(ModelError, match="MODEL_DAMAGED"):
        ready_folder(settings, BUNDLED_GENERATOR)
    prepare(settings, recipes=RECIPES)
    assert set(verify(settings, RECIPES).values()) == {"ok"}


def test_hashes_see_what_sizes_do_not(settings: Settings) -> None:
    prepare(settings, recipes=RECIPES)
    place = folder(settings, BUNDLED_EMBEDDER)
    (place / "a.txt").write_text("aX")
    (place / "sub" / "b.txt").unlink()
    assert verify(settings, RECIPES) == {
        "multilingual-e5-small/a.txt": "damaged",
        "multilingual-e5-small/sub/b.txt": "missing",
        "gemma-3-270m/c.txt": "ok",
    }


def test_a_disk_that_is_too_small_is_told_before_anything_is_written(settings: Settings) -> None:
    with pytest.raises(StorageError, match="DISK_FULL"):
        prepare(settings, recipes={BUNDLED_EMBEDDER: Recipe(RECIPES[BUNDLED_EMBEDDER].steps, disk=1 << 60)})


def test_a_models_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="MODEL_FOLDER"):
        prepare(Settings(home=tmp_path, models=tmp_path / "file" / "models"), recipes=RECIPES)


@pytest.mark.models
def test_the_prepared_models_have_their_hashes() -> None:
    settings = Settings.from_environment()
    if not is_ready(settings, BUNDLED_EMBEDDER):
        pytest.skip(f"the bundled models are not prepared in {settings.models}")
    assert set(verify(settings).values()) == {"ok"}
