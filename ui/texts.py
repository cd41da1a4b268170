"""The words on the screen, from the catalogues in ``ui/locales``; English and French."""

import logging
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import get_args

from ingest.errors import REFUSALS
from ingest.types import Language
from rag.errors import MESSAGES
from ui.escape import escape

LANGUAGES: tuple[Language, ...] = get_args(Language)
_ENGLISH_ERRORS = {f"errors.{code}": text for code, text in {**REFUSALS, **MESSAGES}.items()}
_FOLDER = Path(__file__).parent / "locales"
_logger = logging.getLogger(__name__)


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Return every text of a language by its dotted key ("answer.copy")."""
    own: dict[str, str] = {}
    for path in (_FOLDER / f"{language}.toml", *sorted(_FOLDER.glob(f"*.{language}.toml"))):
        sections: dict[str, dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))
        own |= {f"{section}.{key}": text for section, texts in sections.items() for key, text in texts.items()}
    return {**_ENGLISH_ERRORS, **own} if language == "en" else own


class _Known(dict[str, str]):
    """Values of a sentence; one that a stored row does not have is shown as an ellipsis."""

    def __missing__(self, key: str) -> str:
        _logger.warning("no value for %s", key)
        return "…"


class Texts:
    """The texts of one language. Calling gives markdown with every value escaped; ``plain`` gives characters."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._catalogue = catalogue(language)

    def __call__(self, key: str, **values: str | int) -> str:
        """Return a text as markdown; what fills it is shown literally."""
        return self._fill(key, {name: escape(str(value)) for name, value in values.items()})

    def plain(self, key: str, **values: str | int) -> str:
        """Return a text for places that do not read markdown: placeholders, options, files to copy."""
        return self._fill(key, {name: str(value) for name, value in values.items()})

    def count(self, key: str, n: int, **values: str | int) -> str:
        """Return ``key_one`` for one thing (in French, also for none) and ``key`` for many, as markdown."""
        singular = n == 1 or (self.language == "fr" and n == 0)
        return self(f"{key}_one" if singular else key, n=n, **values)

    def error(self, code: str, details: Mapping[str, str]) -> str:
        """Return what a refusal or an error code means and what to do next, as markdown."""
        if f"errors.{code}" not in self._catalogue:
            return self("errors.INTERNAL", reason=code)
        return self(f"errors.{code}", **details)

    def names(self, items: tuple[str, ...]) -> str:
        """Join names as in a sentence ("A, B and C"), each in quotes, not yet escaped."""
        quoted = [self.plain("answer.quote", text=item) for item in items]
        return ", ".join(quoted[:-1]) + self.plain("sources.and") + quoted[-1] if len(quoted) > 1 else "".join(quoted)

    def language_names(self, codes: Iterable[str]) -> str:
        """Return the names of languages after each other, not yet escaped; one that has none here by its code."""
        return ", ".join(self._catalogue.get(f"languages.{code.lower()}", code) for code in codes)

    def _fill(self, key: str, values: Mapping[str, str]) -> str:
        return self._catalogue[key].format_map(_Known(values))
