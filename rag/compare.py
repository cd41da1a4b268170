"""What differs between the memory answer and the sourced one, by stated rules over names and numbers.

1. No memory answer: not comparable.
2. The question's own names and numbers count for nothing.
3. The sources are silent (not found): unsupported, naming what the memory claims; not comparable when it claims
   no name or number.
4. The memory claims no name or number: agree when it holds every content word of the sourced answer, else not
   comparable.
5. Every claim stands in the passages and one stands in the sourced answer: agree.
6. A claim stands in no passage: differ when the sourced answer has names or numbers of its own, else unsupported.
7. Otherwise not comparable: the claims stand in the passages, but speak of something else.
"""

import re

from rag.facts import missing_from
from rag.terms import content_words, names, numbers, stem
from rag.types import Comparison, SourcedAnswer

# A capital that only opens a sentence makes no name; one before another capital ("Alan Turing") does.
_OPENING = re.compile(r"(?:^|[.!?]\s+)([^\W\d_][\w’'-]*)(?=\s+[^\WA-ZÀ-ÖØ-Ý])")


def claims(text: str, question: str) -> tuple[str, ...]:
    """Return the names and numbers of a text that its question did not already hold, in order."""
    opening = {match.group(1) for match in _OPENING.finditer(text)}
    own = (*(name for name in names(text) if name not in opening), *numbers(text))
    return tuple(item for item in dict.fromkeys(own) if missing_from(item, question))


def compare(question: str, sourced: SourcedAnswer, memory: str) -> Comparison:
    """Compare a memory answer with a sourced one."""
    if not memory.strip():
        return Comparison("not_comparable")
    claimed = claims(memory, question)
    if sourced.status == "not_found":
        return Comparison("unsupported", claimed) if claimed else Comparison("not_comparable")
    said = f"{sourced.answer}\n{sourced.text}"
    if not claimed:
        return Comparison("agree" if _holds(memory, sourced.answer) else "not_comparable")
    evidence = "\n".join([said, *(p.text for p in sourced.passages)])
    lost = tuple(item for item in claimed if missing_from(item, evidence))
    shared = tuple(item for item in claimed if not missing_from(item, said))
    if lost:
        return Comparison("differ" if claims(said, question) else "unsupported", lost, shared)
    return Comparison("agree" if shared else "not_comparable", (), shared)


def _holds(memory: str, answer: str) -> bool:
    wanted = {stem(word) for word in content_words(answer)}
    return bool(wanted) and wanted <= {stem(word) for word in content_words(memory)}
