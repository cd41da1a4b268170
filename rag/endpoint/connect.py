"""Find out what a server and its model can do, by asking for a first token."""

import time
from collections.abc import Mapping
from typing import Any

from rag.endpoint.faults import not_offered
from rag.endpoint.generator import USUAL_CONTEXT, EndpointGenerator, Spoken
from rag.endpoint.server import Server
from rag.errors import GenerationError, ModelError
from rag.types import Prompt

_FIRST = Prompt("", "a", "a")  # nothing of the user's
_FIRST_TOKENS = 4
_NO_CHAT = ("template", "chat", "not supported", "not implemented")


def connect(server: Server, model: str = "", context_tokens: int = 0) -> Spoken:
    """Return a generator for ``model``, by default the first that the server offers, once it wrote a token.

    ``context_tokens`` is how much the model reads where the server does not tell, 0 for the usual. Whether it is asked
    for turns of a conversation or for the continuation of a text is found out. Raises ModelError.
    """
    listed = _listed(server, model)
    if model and listed and model not in listed:
        fault = not_offered(model, server.address, listed)
        raise ModelError(fault.code, **fault.details)
    name = model or next(iter(listed))
    told, knows_turns = server.describe(listed.get(name, {}))
    context = told or context_tokens or USUAL_CONTEXT
    try:
        return _spoken(EndpointGenerator(server, name, is_chat=knows_turns, context_tokens=context))
    except GenerationError as error:
        if not knows_turns or not _lacks_chat(error):
            raise ModelError(error.code, **error.details) from error
        return _as_base(server, name, context, error)


def offered(server: Server) -> Mapping[str, Mapping[str, Any]]:
    """Return what a server offers, by name, at least one model. Raises ModelError."""
    found = server.models()
    if not found:
        raise ModelError("ENDPOINT_EMPTY", host=server.address.host)
    return found


def _listed(server: Server, model: str) -> Mapping[str, Mapping[str, Any]]:
    try:
        return offered(server)
    except ModelError as error:
        # Some servers answer for one model and list none.
        if error.code != "ENDPOINT_PATH" or not model:
            raise
        return {}


def _as_base(server: Server, name: str, context: int, first: GenerationError) -> Spoken:
    try:
        return _spoken(EndpointGenerator(server, name, is_chat=False, context_tokens=context))
    except GenerationError as error:
        raise ModelError(first.code, **first.details) from error


def _lacks_chat(error: GenerationError) -> bool:
    said = error.details.get("reason", "").lower()
    return error.code == "ENDPOINT_PATH" or any(words in said for words in _NO_CHAT)


def _spoken(generator: EndpointGenerator) -> Spoken:
    began, thought = time.perf_counter(), False
    try:
        next(generator.stream(_FIRST, max_tokens=_FIRST_TOKENS), None)
    except GenerationError as error:
        if error.code != "ENDPOINT_THOUGHT":
            raise
        thought = True  # it may write, only not within a few tokens
    return Spoken(generator, time.perf_counter() - began, thought)
