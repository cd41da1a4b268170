"""What is on a sheet, whatever it is written in: the builders make blocks, a renderer a format draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Style = Literal["body", "strong", "quiet", "quote"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 1 is the title, 3 the deepest."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, behind a ``mark`` such as "1." where it has one, ``depth`` steps to the right."""

    text: str
    style: Style = "body"
    mark: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Choices:
    """Marks with their texts, one below the other; a ``tick`` is drawn before each where one shall be chosen."""

    entries: tuple[tuple[str, str], ...]
    tick: Literal["", "circle", "box"] = ""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two columns to match: numbers with room for a letter, letters."""

    left: tuple[tuple[str, str], ...]
    right: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Blanks:
    """Room to write behind each name, side by side, or a whole line where a name is empty."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins a page."""


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks that stay on one page as far as they fit on one."""

    blocks: tuple["Block", ...]


Block = Heading | Paragraph | Choices | Pairs | Blanks | NewPage | Group


@dataclass(frozen=True, slots=True)
class Sheet:
    """Blocks under a title, which is also the file's; ``language`` is a code such as "fr"."""

    title: str
    language: str
    blocks: Sequence[Block]
