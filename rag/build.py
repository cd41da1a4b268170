"""Names in the settings to objects; heavy libraries are imported only by what is chosen."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from rag.adapted import NotebookReaders, weights_hash
from rag.choice import ModelChoice, ModelKind, default_choice
from rag.device import choose
from rag.errors import ModelError
from rag.prepare import ready_folder
from rag.room import model_path
from rag.settings import BUNDLED, BUNDLED_EMBEDDER, OFF, Settings
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


def build_generator(settings: Settings, choice: ModelChoice | None = None) -> Generator:
    """Load the generator that is chosen, by default that of the settings. Raises ModelError."""
    choice = choice or default_choice(settings)
    try:
        return _GENERATORS[choice.kind](settings, choice)
    except ModuleNotFoundError as error:
        raise _missing(error, choice.name) from error


def _local_generator(settings: Settings, choice: ModelChoice) -> Generator:
    from rag.generate import TransformersGenerator
    from rag.weights import locate

    path = locate(model_path(settings, choice), choice.revision)
    base = choice.name.removeprefix("bundled:")
    return TransformersGenerator(str(path), choose(settings), choice.model_id, choice.adapter, choice.weights, base)


def _endpoint_generator(settings: Settings, choice: ModelChoice) -> Generator:
    from rag.endpoint.address import read_address
    from rag.endpoint.connect import connect
    from rag.endpoint.keys import keys_of
    from rag.endpoint.server import Server

    address = read_address(choice.url)
    server = Server(address, keys_of(settings).of(address))
    return connect(server, choice.name, settings.endpoint_context).generator


# What opens each kind of model.
_GENERATORS: Mapping[ModelKind, Callable[[Settings, ModelChoice], Generator]] = {
    "bundled": _local_generator,
    "folder": _local_generator,
    "hub": _local_generator,
    "endpoint": _endpoint_generator,
}


def build_reader(settings: Settings) -> Reader | None:
    """Load the reader of the settings; None when it is off. Raises ModelError."""
    return None if settings.reader == OFF else _open_reader(settings, reader_folder(settings))


def build_notebook_readers(settings: Settings) -> NotebookReaders:
    """Load the reader of the settings; those adapted to notebooks are loaded when first asked. Raises ModelError."""
    usual = build_reader(settings)
    base = weights_hash(reader_folder(settings)) if usual else ""
    return NotebookReaders(settings.home, usual, base, lambda place: _open_reader(settings, place))


def reader_folder(settings: Settings) -> Path:
    """Return where the weights of the settings' reader lie; those of the bundled one when it is off."""
    return READER if settings.reader in (BUNDLED, OFF) else Path(settings.reader).expanduser()


def _open_reader(settings: Settings, place: Path) -> Reader:
    try:
        from rag.reader import EncoderReader

        return EncoderReader(ready_folder(settings, BUNDLED_EMBEDDER), place, choose(settings))
    except ModuleNotFoundError as error:
        raise _missing(error, settings.reader) from error


def _source(settings: Settings, name: str, bundled: str) -> tuple[str, str]:
    if name == bundled:
        return str(ready_folder(settings, name)), name.removeprefix("bundled:")
    return name, name


def _missing(error: ModuleNotFoundError, model: str) -> ModelError:
    package = (error.name or "").partition(".")[0].replace("_", "-")
    return ModelError("LIBRARY_MISSING", package=package, model=model, python=sys.executable)
