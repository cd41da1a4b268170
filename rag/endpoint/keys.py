"""The keys of model servers: a file of its own, that only the user's account can read.

They are kept apart from the database, so that no export, no copy of a notebook and no log can hold one.
"""

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from rag.endpoint.address import Address, read_address
from rag.errors import ModelError, StorageError
from rag.settings import Settings

FILE = "endpoint-keys.json"
HIDDEN = "…"


@dataclass(frozen=True, slots=True)
class Key:
    """A key; ``value`` is "" where a server wants none, and is never part of a text made of this object."""

    value: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        """Tell whether there is a key."""
        return bool(self.value)

    def hidden_in(self, text: str) -> str:
        """Return ``text`` without the key: a server may repeat it in its messages."""
        return text.replace(self.value, HIDDEN) if self.value else text


NO_KEY = Key()


def read_key(typed: str) -> Key:
    """Read what was typed. Raises ModelError (ENDPOINT_KEY_TEXT) for what cannot be sent as a key."""
    value = typed.strip()
    if not value.isascii() or any(character.isspace() or not character.isprintable() for character in value):
        raise ModelError("ENDPOINT_KEY_TEXT")
    return Key(value)


class Keys:
    """The keys of a home, one an address.

    ``given`` is that of the environment, for the server ``given_for`` alone: an address that is only typed gets none.
    """

    def __init__(self, home: Path, given: Key = NO_KEY, given_for: Address | None = None) -> None:
        self._file = home / FILE
        self._given, self._given_for = given, given_for

    def of(self, address: Address) -> Key:
        """Return the key to send to an address."""
        typed = Key(self._stored().get(address.url, ""))
        is_meant = self._given_for is not None and self._given_for.origin == address.origin
        return typed or (self._given if is_meant else NO_KEY)

    def holds(self, address: Address) -> bool:
        """Tell whether a key was typed for an address."""
        return address.url in self._stored()

    def keep(self, address: Address, key: Key) -> None:
        """Keep the key of an address; an empty one forgets it. Raises StorageError (ENDPOINT_KEY_FILE)."""
        stored = {url: value for url, value in self._stored().items() if url != address.url}
        if key:
            stored[address.url] = key.value
        try:
            self._write(json.dumps(stored, indent=1))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise StorageError("ENDPOINT_KEY_FILE", path=str(self._file), reason=reason) from error

    def _stored(self) -> dict[str, str]:
        try:
            stored = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(stored, dict):
            return {}
        return {url: value for url, value in stored.items() if isinstance(value, str)}

    def _write(self, text: str) -> None:
        draft = self._file.with_name(f"{FILE}.{secrets.token_hex(4)}")
        # Never readable by others, not even for a moment: the mode is set when the file is made.
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            draft.replace(self._file)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def keys_of(settings: Settings) -> Keys:
    """Return the keys of a home; LECTERN_ENDPOINT_KEY is that of the server in LECTERN_GENERATOR."""
    try:
        meant = read_address(settings.generator.partition("#")[0])
    except ModelError:
        meant = None
    return Keys(settings.home, Key(settings.endpoint_key), meant)
