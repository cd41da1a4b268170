"""Which model writes: a frozen value, stored in the database, that ``rag/build.py`` turns into a generator."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from rag.codec import decode, encode
from rag.settings import BUNDLED, BUNDLED_GENERATOR, Settings

ModelKind = Literal["bundled", "folder", "hub", "endpoint"]
Weights = Literal["auto", "bfloat16", "float32", "int8"]

_ADAPTER = re.compile(r"\+[^+]*:[0-9a-f]{12}$")  # as the name of a model with an adapter ends


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model that writes.

    ``name`` is the bundled model's, a path of a folder or a GGUF file, an id on the Hugging Face hub, or the name of a
    model at an endpoint; ``url`` is the endpoint's, with no key in it. ``adapter`` is "bundled", a folder or an id, ""
    for none. ``weights`` is how each weight is kept in memory: "auto" as is fast on the device, "int8" as eight bits
    and a scale a row. ``revision`` pins the commit of a model from the hub.
    """

    kind: ModelKind = "bundled"
    name: str = BUNDLED_GENERATOR
    url: str = ""
    adapter: str = ""
    weights: Weights = "auto"
    revision: str = ""

    @property
    def label(self) -> str:
        """Return a short name for the screen: of a path its last part."""
        return Path(self.name).name if self.kind == "folder" else self.name.removeprefix("bundled:")

    @property
    def model_id(self) -> str:
        """Return how answers name it, without its place; an adapter's name is added once it is loaded."""
        if self.kind == "endpoint":
            return f"{self.name}@{urlsplit(self.url).netloc.lower()}"
        return self.label

    @property
    def leaves_this_computer(self) -> bool:
        """Tell whether questions and passages go to another program, which may run elsewhere."""
        return self.kind == "endpoint"


def default_choice(settings: Settings) -> ModelChoice:
    """Return the model of the settings, which writes when nothing else is chosen."""
    named = named_choice(settings.generator)
    # The bundled adapter is a part of the bundled generator: whoever chooses another one is not told off.
    is_of_another = settings.adapter == BUNDLED and named.kind != "bundled"
    return named if named.kind == "endpoint" or is_of_another else replace(named, adapter=settings.adapter)


def named_choice(name: str) -> ModelChoice:
    """Return the model of a name as it is typed: the bundled one's, a path, an id on the hub, or ``URL#MODEL``."""
    if name == BUNDLED_GENERATOR:
        return ModelChoice()
    if name.startswith(("http://", "https://")):
        url, _, model = name.partition("#")
        return ModelChoice("endpoint", model, url)
    return ModelChoice("folder" if Path(name).expanduser().exists() else "hub", name)


def without_place(model_id: str) -> str:
    """Return how a model is named, of a path the last part: earlier versions kept the whole of it in their rows."""
    adapter = _ADAPTER.search(model_id)
    name, rest = (model_id[: adapter.start()], adapter[0]) if adapter else (model_id, "")
    is_path = Path(name).is_absolute() or name.startswith(("~", "."))
    return f"{Path(name).name if is_path else name}{rest}"


def write_choice(choice: ModelChoice) -> str:
    """Write a choice as JSON."""
    return encode(choice)


def read_choice(text: str | None) -> ModelChoice | None:
    """Read what ``write_choice`` wrote; None for nothing, or for what this version of Lectern does not know."""
    try:
        return decode(ModelChoice, text) if text else None
    except ValueError:
        return None
