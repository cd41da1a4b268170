"""A model server: its clients, what it offers, and what it tells about itself."""

import logging
import math
import re
import ssl
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

import openai

from rag.endpoint.address import Address
from rag.endpoint.faults import Fault, Garbled, fault_of
from rag.endpoint.keys import NO_KEY, Key
from rag.endpoint.request import Dialect
from rag.endpoint.waiting import Patience
from rag.errors import ModelError

RETRIES = 1  # one hiccup of the network is forgiven; more would only make the user wait
ASK_SECONDS = 5.0  # for what a server answers at once: its models, its settings, a count
RECOVER_SECONDS = 60.0  # until a server that failed to count is asked to count again

# What goes with a request; the client's own headers tell the system, the processor and the versions of this computer.
_HEADERS = {"host", "accept", "accept-encoding", "connection", "content-type", "content-length", "authorization"}
_CONTEXT_NAMES = ("max_model_len", "context_length", "context_window", "max_context_length")
_TURN_MARK = re.compile(r"<[|｜][^<>|｜\s]+[|｜]>")
_PARTS = re.compile(r"[^\W\d_]+|\S|[\r\n]| (?=[\d ])")

# Their lines at level "info" or "debug" hold addresses; the switch that the client reads itself may not turn them on.
for _name in ("openai", "httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)


def estimate_tokens(text: str) -> int:
    """Count tokens from above where no tokenizer is at hand.

    A token for every sign, digit and space that no word follows, for 3 bytes of a word, for 2 of a word in capitals:
    more than the bundled models count on any page of the sample documents.
    """
    parts = _PARTS.findall(text)
    return sum(math.ceil(len(part.encode()) / (2 if part.isupper() else 3)) for part in parts)


class Server:
    """One OpenAI-compatible server. Safe to share between threads."""

    def __init__(self, address: Address, key: Key = NO_KEY, patience: Patience | None = None) -> None:
        self.address = address
        self.patience = patience or Patience()
        self.dialect: Dialect = "other"
        self._key = key
        self._counts_from = 0.0
        http = openai.DefaultHttpxClient(**_transport(), event_hooks={"request": [self._strip]})
        self._client = openai.OpenAI(http_client=http, **self._options(ASK_SECONDS, 0))

    def client(self) -> openai.AsyncOpenAI:
        """Return a client for one streamed answer; it belongs to the event loop that uses it first."""

        async def strip(request: Any) -> None:
            self._strip(request)

        http = openai.DefaultAsyncHttpxClient(**_transport(), event_hooks={"request": [strip]})
        return openai.AsyncOpenAI(http_client=http, **self._options(self.patience.first, RETRIES))

    def models(self) -> dict[str, Mapping[str, Any]]:
        """Return what the server offers, by name. Raises ModelError."""
        try:
            listed = self._client.get("/models", cast_to=object)
            return _by_name(listed)
        except (openai.OpenAIError, OSError, ValueError, TypeError, Garbled) as error:
            fault = self.fault(error, "")
            raise ModelError(fault.code, **fault.details) from error

    def describe(self, entry: Mapping[str, Any]) -> tuple[int, bool]:
        """Return how many tokens a model reads, 0 where nothing tells, and whether it knows turns of a conversation.

        Also finds out whose server it is, and so what more it can be asked.
        """
        props = self._props()
        if "default_generation_settings" in props:
            self.dialect = "llama.cpp"
        elif entry.get("owned_by") == "vllm":
            self.dialect = "vllm"
        meta = entry.get("meta")
        told = [
            _path(props, "default_generation_settings", "n_ctx"),
            *(entry.get(name) for name in _CONTEXT_NAMES),
            meta.get("n_ctx") if isinstance(meta, Mapping) else None,
        ]
        context = next((value for value in told if isinstance(value, int) and value > 0), 0)
        return context, self._knows_turns(str(props.get("chat_template", "")))

    def count_tokens(self, text: str, model: str) -> int:
        """Count tokens as the model does where the server can, else estimate from above."""
        if self.dialect == "other" or time.monotonic() < self._counts_from:
            return estimate_tokens(text)
        try:
            return self._count(text, model)
        except (openai.OpenAIError, OSError, ValueError, TypeError):
            self._counts_from = time.monotonic() + RECOVER_SECONDS
            return estimate_tokens(text)

    def fault(self, error: BaseException, model: str, *, begun: bool = False) -> Fault:
        """Return what went wrong, without the key in it."""
        return fault_of(error, self.address, self._key, model, begun=begun)

    def _count(self, text: str, model: str) -> int:
        body: dict[str, Any] = {"content": text}
        if self.dialect == "vllm":
            body = {"model": model, "prompt": text, "add_special_tokens": False}
        counted = self._client.post(f"{self.address.root}/tokenize", cast_to=object, body=body)
        if not isinstance(counted, Mapping) or not isinstance(counted.get("tokens"), list):
            raise TypeError("no tokens")
        return len(counted["tokens"])

    def _props(self) -> Mapping[str, Any]:
        try:
            props = self._client.get(f"{self.address.root}/props", cast_to=object)
        except (openai.OpenAIError, OSError, ValueError, TypeError):
            return {}  # only llama.cpp has them
        return props if isinstance(props, Mapping) else {}

    def _knows_turns(self, template: str) -> bool:
        """Tell whether the marks of a template are tokens of the model.

        llama.cpp gives a base model, which has no template, one of its own, whose marks that model never saw.
        """
        marks = _TURN_MARK.findall(template)
        if self.dialect != "llama.cpp" or not marks:
            return True
        try:
            return self._count(marks[0], "") == 1
        except (openai.OpenAIError, OSError, ValueError, TypeError):
            return True

    def _options(self, read: float, retries: int) -> dict[str, Any]:
        connect = self.patience.connect
        return {
            "base_url": self.address.url,
            # An empty key would be looked for in the environment; without one, no header is sent: see _strip.
            "api_key": self._key.value or "none",
            "organization": "",
            "project": "",
            "max_retries": retries,
            "timeout": openai.Timeout(read, connect=connect, write=read, pool=connect),
        }

    def _strip(self, request: Any) -> None:
        for name in list(request.headers):
            if name.lower() not in _HEADERS:
                del request.headers[name]
        request.headers["user-agent"] = "lectern"
        if self._key:
            request.headers["authorization"] = f"Bearer {self._key.value}"
        else:
            request.headers.pop("authorization", None)


@cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()


def _transport() -> dict[str, Any]:
    # No proxy of the environment and no redirection: passages go to the address that the screen names, or nowhere.
    return {"trust_env": False, "follow_redirects": False, "verify": _certificates()}


def _by_name(listed: object) -> dict[str, Mapping[str, Any]]:
    entries = listed.get("data") if isinstance(listed, Mapping) else None
    if not isinstance(entries, list):
        raise Garbled("a page instead of a list of models" if isinstance(listed, str) else "no list of models")
    return {entry["id"]: entry for entry in entries if isinstance(entry, Mapping) and isinstance(entry.get("id"), str)}


def _path(values: Mapping[str, Any], *names: str) -> object:
    found: object = values
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
