"""The words of a document: what decides whether a hyphen at a line's end belongs to its word."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.words import CLITICS, PREFIXES

WORD = re.compile(r"[^\W\d_]+(?:[-\u2010'’][^\W\d_]+)*")
_CUT = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,40})(?:\x02[ \r\n]{0,3}|[-\u2010\xad] ?[\r\n]{1,2} ?)([^\W\d_]{1,40})")
OFTEN = 0.04  # cut words per line from which a document is taken to hyphenate when its words do not tell


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a document, lower case, with their counts: what decides about a hyphen at a line's end.

    ``hyphenates`` tells whether the document cuts words at line ends; if not, such hyphens are the author's.
    """

    words: Counter[str] = field(default_factory=Counter)
    hyphenates: bool = True

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Vocabulary":
        """Count the words of raw page texts, those cut at a line's end aside, and judge by these cuts."""
        words: Counter[str] = Counter()
        cuts: list[tuple[str, str]] = []
        lines = 0
        for text in texts:
            lower = text.lower()
            lines += lower.count("\n") + lower.count("\x02") + 1
            cuts += _CUT.findall(lower)
            words.update(word.replace("\u2010", "-") for word in WORD.findall(_CUT.sub(" ", lower)))
        joined = sum(1 for a, b in cuts if words[a + b] > words[f"{a}-{b}"])
        kept = sum(1 for a, b in cuts if words[f"{a}-{b}"] > words[a + b])
        return cls(words, joined > kept or (joined == kept and len(cuts) >= OFTEN * lines))

    def keeps_hyphen(self, first: str, second: str) -> bool:
        """Decide whether ``first-second``, cut at its hyphen by a line's end, is written with the hyphen."""
        if (
            not first
            or not second
            or not second[0].islower()
            or first[-1].isdigit()
            or (len(first) > 1 and first.isupper())
        ):
            return True
        a, b = first.lower(), second.lower()
        with_hyphen, joined = self.words[f"{a}-{b}"], self.words[a.rsplit("-", 1)[-1] + b if "-" in a else a + b]
        if with_hyphen or joined:
            return with_hyphen >= joined
        if not self.hyphenates or "-" in a or a in PREFIXES or b in CLITICS:
            return True
        return len(a) > 2 and len(b) > 2 and self.words[a] > 0 and self.words[b] > 0
