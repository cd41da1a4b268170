"""Text from a causal language model, by transformers."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError

from rag.adapters import Adapter
from rag.choice import Weights
from rag.decoding import POLL, Decoding, Scored, Writing
from rag.detokenise import Detokeniser, StopCutter
from rag.device import Device
from rag.errors import GenerationError, ModelError, Stopped
from rag.graphed import reads_of
from rag.kv_cache import can_cut
from rag.loading import load_network
from rag.next_logits import log_likelihood, read_next
from rag.next_words import NextWords
from rag.types import Prompt, Sampling, Token
from rag.weights import context_tokens, is_out_of_memory, locate

if TYPE_CHECKING:
    from rag.structured import Mask, Schemas

LOOKUP_TOKENS = 8  # drafted from the prompt at a time: answers from sources repeat it


class TransformersGenerator:
    """A Generator over a folder, a GGUF file or a cached model id; one generation at a time, others wait.

    Prompts go through the tokenizer's chat template where it has one, as plain completions where not.
    """

    def __init__(
        self,
        model: str,
        device: Device,
        model_id: str = "",
        adapter: str = "",
        weights: Weights = "auto",
        base: str = "",
    ) -> None:
        """Load, attach the adapter, if one is named, and warm up.

        ``model_id`` goes into what is stored and exported; ``base`` is what the adapter's own base is compared with.
        Raises ModelError: those of ``locate``, ``load_network`` and Adapter.
        """
        self.model_id = model_id or model
        self._model, self._tokenizer = load_network(self.model_id, locate(model), device, weights)
        self._adapter = Adapter(adapter, self._model, base or self.model_id) if adapter else None
        if self._adapter:
            self.model_id = f"{self.model_id}+{self._adapter.adapter_id}"
        self._specials = _special_texts(self._tokenizer)
        self._turn = threading.Lock()
        self._drafts = LOOKUP_TOKENS if can_cut(self._model) else 0
        self._kept = reads_of(self._model, device.compiled)
        self.is_chat = bool(self._tokenizer.chat_template)
        self.context_tokens = context_tokens(self._model.config.get_text_config().max_position_embeddings)
        for _ in self.stream(Prompt("", "a", "a"), max_tokens=2):
            pass  # the first pass allocates; the first question should not wait for it

    def count_tokens(self, text: str) -> int:
        """Count the tokens of ``text`` without special tokens."""
        return len(self._tokenizer.encode(text, add_special_tokens=False))

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
        """Yield the likeliest tokens, or drawn ones: exactly the text after the prompt, cut before any stop string.

        Ends early, keeping what came, once ``cancelled()`` is true. ``top`` > 0 adds probabilities and that many
        alternatives from the raw logits. Raises GenerationError, or ModelError (MODEL_MEMORY) when memory runs out.
        """
        yield from self._written(prompt, max_tokens, stop, top, cancelled, sampling=sampling)

    def next_words(self, text: str) -> NextWords:
        """Tell what may follow ``text``, read as it stands, without a chat template: one pass, once it is free.

        Spaces at its end are left out: they belong to the next token. Raises GenerationError, or ModelError.
        """
        prompt = Prompt("", text, text.rstrip(" "), memory=True)
        ids = self._tokenizer.encode(self._harmless(prompt.completion)) or self._ends[:1]
        ids = ids[-self.context_tokens :]
        detokeniser = Detokeniser(self._decode, ids)
        with self._turn, self._translated():
            self._switch(prompt)
            return read_next(self._model, ids, detokeniser.would_add, self.model_id)

    def log_likelihood(self, before: str, text: str, cancelled: Callable[[], bool] = lambda: False) -> float:
        """Return the natural logarithm of the probability of ``text`` after ``before``, once the model is free.

        They are read as they stand, without a chat template or the adapter; of what is too long, the end.
        Raises Stopped, GenerationError, or ModelError.
        """
        known = self._tokenizer.encode(self._harmless(before)) or self._ends[:1]
        asked = self._tokenizer.encode(self._harmless(text), add_special_tokens=False)[: self.context_tokens - 1]
        while not self._turn.acquire(timeout=POLL):
            if cancelled():
                raise Stopped
        try:
            with self._translated():
                self._switch(Prompt("", "", "", adapted=False))
                return log_likelihood(self._model, known[len(asked) - self.context_tokens :], asked)
        finally:
            self._turn.release()

    def structured(
        self,
        system: str,
        user: str,
        schema: str,
        max_tokens: int,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> str:
        """Return a text that the JSON ``schema`` accepts, or the beginning of one where ``max_tokens`` end it.

        Raises GenerationError, also where the schema or the tokenizer does not allow it, and ModelError.
        """
        try:
            mask = self._schemas.mask(schema)
        except ValueError as error:
            raise GenerationError("GENERATION", reason=str(error).partition("\n")[0]) from error
        prompt = Prompt(system, user, f"{system}\n\n{user}\n")
        return "".join(token.text for token in self._written(prompt, max_tokens, (), 0, cancelled, mask))

    def _written(
        self,
        prompt: Prompt,
        max_tokens: int,
        stop: Sequence[str],
        top: int,
        cancelled: Callable[[], bool],
        mask: "Mask | None" = None,
        sampling: Sampling | None = None,
    ) -> Iterator[Token]:
        ids = self._encode(prompt)
        room = min(max_tokens, self.context_tokens - len(ids))
        if room < 1:
            raise GenerationError("GENERATION", reason=f"the prompt fills the {self.context_tokens} tokens it reads")
        # Tokens drafted from the prompt would run ahead of the mask, or of what is drawn or scored.
        drafts = 0 if mask or sampling or top else self._drafts
        allowed = mask.allowed if mask else None
        writing = Writing(room, frozenset(self._ends), drafts, top, allowed, sampling)
        decoding = Decoding(self._model, self._kept, ids, writing, lambda: self._switch(prompt))
        decoding.start(self._turn)
        try:
            with self._translated():
                yield from self._texts(decoding.tokens(cancelled), ids, stop)
        finally:
            decoding.stop()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (RuntimeError, ValueError, IndexError, TypeError) as error:
            if is_out_of_memory(error):
                raise ModelError("MODEL_MEMORY", model=self.model_id) from error
            raise GenerationError("GENERATION", reason=str(error).partition("\n")[0]) from error

    def _switch(self, prompt: Prompt) -> bool:
        """Switch the adapter as the prompt wants it; tell whether it is on."""
        if self._adapter is None:
            return False
        on = prompt.adapted and not (prompt.memory and self._adapter.sources_only)
        self._adapter.use(on)
        return on

    def _texts(self, tokens: Iterator[tuple[int, Scored]], ids: list[int], stop: Sequence[str]) -> Iterator[Token]:
        text, cutter = Detokeniser(self._decode, ids), StopCutter(stop)
        for token_id, scored in tokens:
            alternatives = tuple((text.would_add(other), chance) for other, chance in scored.alternatives)
            whole = text.add(token_id, Token("", scored.probability, alternatives))
            yield from cutter.add(whole) if whole else ()
            if cutter.stopped:
                return
        yield from cutter.finish()

    @cached_property
    def _ends(self) -> list[int]:
        own = self._model.generation_config.eos_token_id
        ends = own if own is not None else self._tokenizer.eos_token_id
        return list(ends) if isinstance(ends, list) else [ends]

    @cached_property
    def _schemas(self) -> "Schemas":
        from rag.structured import Schemas

        return Schemas(self._tokenizer, self._model.config.get_text_config().vocab_size, self._ends)

    def _encode(self, prompt: Prompt) -> list[int]:
        if not self.is_chat:
            return list(self._tokenizer.encode(self._harmless(prompt.completion)))
        system, user = self._harmless(prompt.system), self._harmless(prompt.user)
        try:
            text = self._chat([("system", system), ("user", user)] if system else [("user", user)])
        except TemplateError:  # some templates refuse a system message
            text = self._chat([("user", f"{system}\n\n{user}")])
        return list(self._tokenizer.encode(text, add_special_tokens=False))

    def _chat(self, messages: list[tuple[str, str]]) -> str:
        turns = [{"role": role, "content": content} for role, content in messages]
        options = {"add_generation_prompt": True, "tokenize": False, "enable_thinking": False}
        return str(self._tokenizer.apply_chat_template(turns, **options))

    def _harmless(self, text: str) -> str:
        """Break up the texts of special tokens: a document must not be able to end the user's turn."""
        for special in self._specials:
            if special in text:
                text = text.replace(special, f"{special[0]} {special[1:]}")
        return text

    def _decode(self, ids: Sequence[int]) -> str:
        return str(self._tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False))


def _special_texts(tokenizer: Any) -> list[str]:
    return [str(token) for token in tokenizer.added_tokens_decoder.values() if token.special and len(str(token)) > 1]
