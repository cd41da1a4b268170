"""Names in the settings to objects; heavy libraries are imported only by what is chosen."""

import sys
from pathlib import Path

from rag.device import choose
from rag.errors import ModelError
from rag.prepare import ready_folder
from rag.settings import BUNDLED, BUNDLED_EMBEDDER, BUNDLED_GENERATOR, OFF, Settings
from rag.types import Embedder, Generator, Reader

READER = Path(__file__).parents[1] / "trained" / "reader"


def build_embedder(settings: Settings) -> Embedder:
    """Load the embedder of the settings. Raises ModelError."""
    try:
        from rag.embed import SentenceTransformerEmbedder

        model, model_id = _source(settings, settings.embedder, BUNDLED_EMBEDDER)
        return SentenceTransformerEmbedder(model, choose(settings), model_id)
    except ModuleNotFoundError as error:
        raise _missing(error, settings.embedder) from error


def build_generator(settings: Settings) -> Generator:
    """Load the generator of the settings. Raises ModelError."""
    try:
        from rag.generate import TransformersGenerator

        model, model_id = _source(settings, settings.generator, BUNDLED_GENERATOR)
        return TransformersGenerator(model, choose(settings), model_id, _adapter(settings))
    except ModuleNotFoundError as error:
        raise _missing(error, settings.generator) from error


def build_reader(settings: Settings) -> Reader | None:
    """Load the reader of the settings; None when it is off. Raises ModelError."""
    if settings.reader == OFF:
        return None
    try:
        from rag.reader import EncoderReader

        folder = READER if settings.reader == BUNDLED else Path(settings.reader).expanduser()
        return EncoderReader(ready_folder(settings, BUNDLED_EMBEDDER), folder, choose(settings))
    except ModuleNotFoundError as error:
        raise _missing(error, settings.reader) from error


def _adapter(settings: Settings) -> str:
    # The bundled adapter is a part of the bundled generator: whoever chooses another one is not told off.
    foreign = settings.adapter == BUNDLED and settings.generator != BUNDLED_GENERATOR
    return "" if foreign else settings.adapter


def _source(settings: Settings, name: str, bundled: str) -> tuple[str, str]:
    if name == bundled:
        return str(ready_folder(settings, name)), name.removeprefix("bundled:")
    return name, name


def _missing(error: ModuleNotFoundError, model: str) -> ModelError:
    package = (error.name or "").partition(".")[0].replace("_", "-")
    return ModelError("LIBRARY_MISSING", package=package, model=model, python=sys.executable)
