"""What the maker of source guides is given, and what it gives back step by step."""

from dataclasses import dataclass

from rag.rows import DocumentRow
from rag.source_guides.types import SourceGuide
from rag.study.material import Material


@dataclass(frozen=True, slots=True)
class Step:
    """One step is done: ``done`` percent of all (0..100), and what of the guide is to be kept, if anything changed."""

    done: int
    guide: SourceGuide | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A source to make a guide of.

    ``material`` holds it alone; ``others`` are the notebook's other sources that are ready. ``begun`` is what was made
    of this very source before, if anything; with ``again`` its questions are asked once more, first of all.
    """

    notebook_id: int
    row: DocumentRow
    material: Material
    others: tuple[DocumentRow, ...]
    begun: SourceGuide | None = None
    again: bool = False
