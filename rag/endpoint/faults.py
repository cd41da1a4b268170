"""What a model server or the way to it does wrong, as a code of this package and what fills its sentence."""

import re
import socket
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import openai

from rag.endpoint.address import Address
from rag.endpoint.keys import Key

REASON_CHARS = 160
KNOWN_SHOWN = 12
_TOO_LONG = re.compile(
    r"context.{0,12}(?:length|size|window|limit)|exceed_context|too many tokens|prompt is too long", re.IGNORECASE
)


class Garbled(Exception):
    """What came is no model's answer; the argument says what it was."""


class CutOff(Exception):
    """The stream ended before the model did."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A code of ``rag.errors.MESSAGES`` and what fills its sentence."""

    code: str
    details: dict[str, str] = field(default_factory=dict)


def fault_of(error: BaseException, address: Address, key: Key, model: str, *, begun: bool = False) -> Fault:
    """Return what an exception of the client means; ``begun``: some of the answer had come."""
    host = address.host
    if isinstance(error, openai.APIStatusError):
        return _status(error, address, key, model)
    if isinstance(error, CutOff) or (begun and isinstance(error, openai.APIConnectionError)):
        return Fault("ENDPOINT_CUT", {"host": host})
    if isinstance(error, openai.APIConnectionError | OSError):
        return _connection(error, host)
    if isinstance(error, openai.APIResponseValidationError) or not isinstance(error, openai.APIError):
        reason = str(error) if isinstance(error, Garbled) else "not JSON"
        return Fault("ENDPOINT_GARBAGE", {"host": host, "reason": _short(reason, key)})
    return _said(error.message, host, key, model)


def not_offered(model: str, address: Address, offered: Iterable[str]) -> Fault:
    """Return the fault of a model that a server does not have; its sentence lists what the server offers."""
    names = sorted(offered)
    known = ", ".join(names[:KNOWN_SHOWN]) + (", …" if len(names) > KNOWN_SHOWN else "")
    return Fault("ENDPOINT_MODEL", {"host": address.host, "model": model, "known": known})


def _status(error: openai.APIStatusError, address: Address, key: Key, model: str) -> Fault:
    host, status, said = address.host, error.status_code, message_of(error)
    if status in (401, 403):
        return Fault("ENDPOINT_KEY" if key else "ENDPOINT_KEY_MISSING", {"host": host})
    if status == 404:
        return Fault("ENDPOINT_PATH", {"host": host, "url": address.url})
    if status == 429:
        return Fault("ENDPOINT_BUSY", {"host": host})
    if 300 <= status < 400:
        location = error.response.headers.get("location", "?")
        return Fault("ENDPOINT_MOVED", {"host": host, "location": _short(location.partition("?")[0], key)})
    if status >= 500:
        said = said or f"HTTP {status}"
        # llama.cpp answers 500, and older ones 400, when a prompt does not fit.
        return _said(said, host, key, model)
    if _TOO_LONG.search(said):
        return Fault("ENDPOINT_CONTEXT", {"model": model})
    return Fault("ENDPOINT_REFUSED", {"host": host, "reason": _short(said or f"HTTP {status}", key)})


def _said(message: str, host: str, key: Key, model: str) -> Fault:
    if _TOO_LONG.search(message):
        return Fault("ENDPOINT_CONTEXT", {"model": model})
    return Fault("ENDPOINT_FAULT", {"host": host, "reason": _short(message, key)})


def _connection(error: BaseException, host: str) -> Fault:
    causes = list(_causes(error))
    if any(isinstance(cause, socket.gaierror | UnicodeError) for cause in causes):
        return Fault("ENDPOINT_HOST", {"host": host})
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return Fault("ENDPOINT_DOWN", {"host": host})
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            reason = getattr(cause, "verify_message", "") or cause.reason or "TLS"
            return Fault("ENDPOINT_TLS", {"host": host, "reason": str(reason)})
    if isinstance(error, openai.APITimeoutError):
        if "ConnectTimeout" in {type(cause).__name__ for cause in causes}:
            return Fault("ENDPOINT_UNREACHABLE", {"host": host, "reason": "no connection in time"})
        seconds = error.request.extensions.get("timeout", {}).get("read", "?")
        return Fault("ENDPOINT_SLOW", {"host": host, "seconds": f"{seconds:g}"})
    if any(type(cause).__name__ == "RemoteProtocolError" and "disconnected" not in str(cause) for cause in causes):
        return Fault("ENDPOINT_GARBAGE", {"host": host, "reason": "not HTTP"})
    said = next((str(cause) for cause in reversed(causes) if str(cause)), type(error).__name__)
    return Fault("ENDPOINT_UNREACHABLE", {"host": host, "reason": _short(said, Key())})


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and all that led to it, also those of a group: every address of a name is tried."""
    waiting, seen = [error], set[int]()
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions
        waiting += [inner for inner in (cause.__cause__, cause.__context__) if inner is not None]


def message_of(error: openai.APIStatusError) -> str:
    """Return what the server said, "" for a page or nothing; it may hold the key."""
    body = error.body
    if isinstance(body, dict):
        said = body.get("message") or body.get("detail") or body.get("error") or body.get("type")
        return (
            f"{body.get('type') or ''}: {said}" if body.get("type") == "exceed_context_size_error" else str(said or "")
        )
    text = str(body or "")
    return "" if text.lstrip().startswith("<") else text


def _short(text: str, key: Key) -> str:
    line = " ".join(key.hidden_in(text).split())
    return line if len(line) <= REASON_CHARS else f"{line[: REASON_CHARS - 1]}…"
