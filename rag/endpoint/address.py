"""The address of a model server: what may be typed, and how far away it is."""

import ipaddress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from rag.errors import ModelError

Reach = Literal["computer", "network", "internet"]

# Names that no public server has: https://www.iana.org/assignments/special-use-domain-names and RFC 8375.
_NETWORK_NAMES = (".local", ".lan", ".home", ".internal", ".home.arpa")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a model server listens.

    ``url`` is as typed, without a last slash; ``host`` is its name with the port, if one is given; ``reach`` tells
    whether it is this computer, one of the local network, or farther away.
    """

    url: str
    host: str
    reach: Reach
    encrypted: bool

    @property
    def origin(self) -> tuple[str, str, int | None]:
        """Return scheme, host and port: what tells one server from another."""
        parts = urlsplit(self.url)
        return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)

    @property
    def root(self) -> str:
        """Return the address above ``/v1``, where llama.cpp and vLLM keep what OpenAI does not have."""
        return self.url.removesuffix("/v1")


def read_address(typed: str) -> Address:
    """Read what was typed. Raises ModelError: ENDPOINT_URL, ENDPOINT_URL_KEY when it holds a secret."""
    url = typed.strip().rstrip("/")
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or _odd(url):
        raise ModelError("ENDPOINT_URL", url=_without_secret(typed.strip()))
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise ModelError("ENDPOINT_URL_KEY")
    return Address(url, parts.netloc.lower(), _reach(parts.hostname), parts.scheme == "https")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # is read only when asked for
    except ValueError:
        return None
    return parts


def _odd(url: str) -> bool:
    return any(character.isspace() or not character.isprintable() for character in url)


def _without_secret(typed: str) -> str:
    """Return what was typed without anything that may be a key."""
    return typed.partition("?")[0].rpartition("@")[2][:80]


def _reach(name: str) -> Reach:
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        if name == "localhost":
            return "computer"
        return "network" if "." not in name or name.endswith(_NETWORK_NAMES) else "internet"
    if address.is_loopback:
        return "computer"
    return "network" if address.is_private or address.is_link_local else "internet"
