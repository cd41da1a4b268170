"""What the store keeps of a source's guide."""

from dataclasses import dataclass

from rag.source_guides.types import SourceGuide
from rag.study.rows import FINAL_STUDY_STATES, StudyState


@dataclass(frozen=True, slots=True)
class SourceGuideRow:
    """The guide of a source and how far its making is, ``done`` percent.

    ``guide`` is there as soon as it is worth reading, and stays while it is made anew. ``made_from`` names the rules
    and the extractor it was made by; ``asked_of`` is the key of the sources that its questions were put to. ``told``:
    its digest was seen.
    """

    document_id: int
    state: StudyState
    code: str
    details: dict[str, str]
    done: int
    guide: SourceGuide | None
    made_from: str
    asked_of: str
    told: bool

    @property
    def final(self) -> bool:
        """Tell whether nothing more will be made without the user."""
        return self.state in FINAL_STUDY_STATES
