"""Text from a model behind an OpenAI-compatible server: vLLM, Ollama, llama.cpp and others."""

import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import openai

from rag.detokenise import StopCutter
from rag.endpoint.chunks import read_chunk
from rag.endpoint.faults import CutOff, Garbled, message_of, not_offered
from rag.endpoint.request import Request
from rag.endpoint.server import Server, estimate_tokens
from rag.endpoint.waiting import HungUp, TooSlow, Waiting
from rag.errors import GenerationError, ModelError, RagError
from rag.types import Prompt, Sampling, Token

USUAL_CONTEXT = 4_096  # tokens, where neither the server nor the settings tell
TEMPLATE_TOKENS = 64  # of a context, for the marks that a chat template puts around a prompt

_TROUBLE = (openai.OpenAIError, OSError, ValueError, TypeError, AttributeError, Garbled, CutOff)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A model as its server answered for it.

    ``first_token`` is in seconds; ``thought``: it thinks aloud although it was asked not to, and answers late or never.
    """

    generator: "EndpointGenerator"
    first_token: float
    thought: bool = False


class EndpointGenerator:
    """A Generator over a server; it is asked as often at once as it is called, and queues by itself."""

    def __init__(
        self, server: Server, model: str, *, is_chat: bool = True, context_tokens: int = USUAL_CONTEXT
    ) -> None:
        """Keep what is known of ``model``; nothing is sent. ``connect`` finds out."""
        self.model = model
        self.address = server.address
        self.model_id = f"{model}@{server.address.host}"
        self.is_chat = is_chat
        self.context_tokens = max(1, context_tokens - TEMPLATE_TOKENS)
        self._server = server
        # What the server refused once is not asked for again.
        self._unscored = self._one_turn = False
        self._dialect = server.dialect

    def count_tokens(self, text: str) -> int:
        """Count the tokens of ``text`` as the model does where the server can, else estimate from above."""
        return self._server.count_tokens(text, self.model)

    def stream(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        top: int = 0,
        sampling: Sampling | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[Token]:
        """Yield tokens, cut before any stop string; end early, keeping what came, once ``cancelled()`` is true.

        They are the likeliest ones, or drawn as ``sampling`` says. ``top`` > 0 adds probabilities and alternatives
        where the server gives them. Raises GenerationError; what came before a fault is yielded first.
        """
        request = Request(
            self.model,
            prompt,
            self.is_chat,
            max_tokens,
            stop,
            top,
            sampling,
            self._dialect,
            one_turn=self._one_turn,
            unscored=self._unscored,
        )
        request = self._fitted(request)
        cutter = StopCutter(stop)
        try:
            for token in self._tokens(request, cancelled):
                yield from cutter.add(token)
                if cutter.stopped:
                    return
        except RagError:
            yield from cutter.finish()
            raise
        yield from cutter.finish()

    def _fitted(self, request: Request) -> Request:
        """Leave the model the room to write; servers differ in what they do to a prompt that is too long."""
        if estimate_tokens(request.text) + request.max_tokens <= self.context_tokens:
            return request
        room = self.context_tokens - self.count_tokens(request.text)
        if room < 1:
            raise GenerationError("ENDPOINT_CONTEXT", model=self.model)
        return request.shorter(room)

    def _tokens(self, request: Request, cancelled: Callable[[], bool]) -> Iterator[Token]:
        client = self._server.client()
        waiting = Waiting(cancelled)
        begun = False
        try:
            for token in self._heard(waiting, client, request):
                begun = True
                yield token
        except HungUp:
            return
        except TooSlow as error:
            patience = self._server.patience
            code, seconds = ("ENDPOINT_STALLED", patience.following) if begun else ("ENDPOINT_SLOW", patience.first)
            raise GenerationError(code, host=self.address.host, seconds=f"{seconds:g}") from error
        except _TROUBLE as error:
            raise self._fault(error, begun=begun) from error
        finally:
            waiting.close(client.close)

    def _heard(self, waiting: Waiting, client: openai.AsyncOpenAI, request: Request) -> Iterator[Token]:
        patience, began = self._server.patience, time.monotonic()
        events = self._opened(waiting, client, request)
        heard = wrote = finished = False
        while True:
            left = patience.following if heard else patience.first - (time.monotonic() - began)
            chunk = waiting.wait(lambda: _next(events), left)
            if chunk is _END:
                break
            piece = read_chunk(chunk, request.top)
            finished = finished or piece.finished
            heard = heard or piece.thought or bool(piece.tokens)
            wrote = wrote or bool(piece.tokens)
            yield from piece.tokens
        if not finished:
            raise CutOff if heard else Garbled("nothing")
        if heard and not wrote:
            raise GenerationError("ENDPOINT_THOUGHT", model=self.model)

    def _opened(self, waiting: Waiting, client: openai.AsyncOpenAI, request: Request) -> AsyncIterator[object]:
        """Send the request, again without what the server refuses, and return the events of its answer."""
        while True:
            create: Any = client.chat.completions.create if request.is_chat else client.completions.create
            try:
                stream = waiting.wait(partial(create, **request.body()), self._server.patience.first)
            except (openai.BadRequestError, openai.UnprocessableEntityError, openai.InternalServerError) as error:
                milder = request.milder(message_of(error))
                if milder is None:
                    raise
                request = milder
                self._one_turn, self._unscored, self._dialect = request.one_turn, request.unscored, request.dialect
                continue
            kind = stream.response.headers.get("content-type", "").partition(";")[0].strip()
            if kind != "text/event-stream":
                raise Garbled(kind or "no content type")
            return aiter(stream)

    def _fault(self, error: Exception, *, begun: bool) -> GenerationError:
        if isinstance(error, openai.NotFoundError):
            unknown = self._unknown_model()
            if unknown:
                return unknown
        fault = self._server.fault(error, self.model, begun=begun)
        return GenerationError(fault.code, **fault.details)

    def _unknown_model(self) -> GenerationError | None:
        """Return the error that lists what the server offers instead; None where the model is not what is missing."""
        try:
            offered = list(self._server.models())
        except ModelError:
            return None
        if self.model in offered:
            return None
        fault = not_offered(self.model, self.address, offered)
        return GenerationError(fault.code, **fault.details)


_END = object()


async def _next(events: AsyncIterator[object]) -> object:
    chunk = await anext(events, _END)
    return chunk.to_dict(warnings=False) if isinstance(chunk, openai.BaseModel) else chunk
