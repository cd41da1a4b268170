"""What can go wrong between a file and its chunks.

IngestError
├── Refused            the file cannot be used: a final verdict with a code
└── Cancelled          the user stopped the work; nothing is kept
"""

from collections.abc import Mapping

REFUSALS: Mapping[str, str] = {
    "NOT_PDF": "{name} is not a PDF file. Export it as PDF and add it again.",
    "PASSWORD": "{name} is protected by a password. Save a copy without the password and add that.",
    "DAMAGED": "{name} is damaged and cannot be read. Open it in a PDF reader, print it to a new PDF and add that.",
    "NO_PAGES": "{name} has no pages. Check the file and add it again.",
    "TOO_LARGE": "{name} is larger than {limit}. Split it and add the parts.",
    "TOO_COMPLEX": "{name} needs more time or memory than is safe here."
    " Print it to a new PDF, or split it, and add that.",
    "NO_TEXT": "{name} holds only pictures of pages and text recognition is not installed."
    " Run OCR on it and add the result.",
}


class IngestError(Exception):
    """Base of all errors of this package."""


class Refused(IngestError):
    """A file that cannot be used.

    ``code`` is a key of ``REFUSALS``; ``details`` fills its sentence (always ``name``, and ``limit`` for TOO_LARGE).
    """

    def __init__(self, code: str, name: str, **details: str) -> None:
        self.code = code
        self.details = {"name": name, **details}
        super().__init__(f"{REFUSALS[code].format(**self.details)} [{code}]")


class Cancelled(IngestError):
    """The user stopped the work."""
