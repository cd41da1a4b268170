"""What is sent to a model server for one prompt: the prompt, and nothing about this computer or its files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from rag.types import Prompt, Sampling

Dialect = Literal["llama.cpp", "vllm", "other", "plain"]

MOST_STOPS = 4  # OpenAI's limit; further ones are cut here alone
MOST_ALTERNATIVES = 20  # OpenAI's limit
_THOUGHTS = ("reasoning", "thinking")  # how servers call what they refuse to switch off
LEAST_TOP_P = 1e-6  # vLLM refuses 0; the likeliest token alone is left either way

# How the usual chat templates mark turns and thoughts: <|im_end|>, <|eot_id|>, <｜User｜>, <end_of_turn>, [INST], …
_MARKS = re.compile(
    r"<[|｜][^<>|｜\s]{1,40}[|｜]>"
    r"|</?(?:s|bos|eos|pad|unk|mask|think|start_of_turn|end_of_turn|start_of_image|end_of_image|turn\|)>"
    r"|<\|turn>"
    r"|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]"
    r"|<</?SYS>>"
)


def harmless(text: str) -> str:
    """Break up what a chat template may take for the end of a turn: a document must not be able to end one."""
    return _MARKS.sub(lambda mark: f"{mark[0][0]} {mark[0][1:]}", text)


@dataclass(frozen=True, slots=True)
class Request:
    """One prompt for one model.

    ``dialect``: what the server takes beside what all do, "plain" nothing. ``one_turn``: its template takes no system
    message. ``unscored``: it gives no probabilities.
    """

    model: str
    prompt: Prompt
    is_chat: bool
    max_tokens: int
    stop: Sequence[str] = ()
    top: int = 0
    sampling: Sampling | None = None
    dialect: Dialect = "other"
    one_turn: bool = False
    unscored: bool = False

    def body(self) -> dict[str, Any]:
        """Return the arguments of the client's method."""
        body: dict[str, Any] = {
            "model": self.model,
            "max_tokens": self.max_tokens,
            "stream": True,
            **self._drawn(),
            **self._asked(),
        }
        if self.stop:
            body["stop"] = list(self.stop[:MOST_STOPS])
        if self.top and not self.unscored:
            count = min(self.top, MOST_ALTERNATIVES)
            body |= {"logprobs": True, "top_logprobs": count} if self.is_chat else {"logprobs": count}
        if more := self._more():
            body["extra_body"] = more
        return body

    def milder(self, refusal: str) -> "Request | None":
        """Return this request without what the server refused, None where there is nothing to leave out."""
        said = refusal.lower()
        if self.top and not self.unscored and "logprobs" in said:
            return replace(self, unscored=True)
        if self.is_chat and not self.one_turn and self.prompt.system and "system" in said:
            return replace(self, one_turn=True)
        if any(name in said for name in (*self._more(), *(_THOUGHTS if self._more() else ()))):
            return replace(self, dialect="plain")
        return None

    def shorter(self, room: int) -> "Request":
        """Return this request for at most ``room`` tokens."""
        return replace(self, max_tokens=min(self.max_tokens, room))

    @property
    def text(self) -> str:
        """Return all that the model reads."""
        return f"{self.prompt.system}\n\n{self.prompt.user}" if self.is_chat else self.prompt.completion

    def _asked(self) -> dict[str, Any]:
        if not self.is_chat:
            return {"prompt": harmless(self.prompt.completion)}
        system, user = harmless(self.prompt.system), harmless(self.prompt.user)
        if system and self.one_turn:
            system, user = "", f"{system}\n\n{user}"
        turns = [{"role": "system", "content": system}] if system else []
        return {"messages": [*turns, {"role": "user", "content": user}]}

    def _drawn(self) -> dict[str, Any]:
        if self.sampling is None:
            return {"temperature": 0}
        top_p = min(1.0, max(LEAST_TOP_P, self.sampling.top_p))
        return {"temperature": self.sampling.temperature, "top_p": top_p, "seed": self.sampling.seed}

    def _more(self) -> dict[str, Any]:
        """Return what keeps a model from thinking aloud, and its server from drawing otherwise than asked."""
        if self.dialect == "plain":
            return {}
        if self.dialect == "other":
            return {"reasoning_effort": "none"} if self.is_chat else {}
        more: dict[str, Any] = {"chat_template_kwargs": {"enable_thinking": False}} if self.is_chat else {}
        if self.sampling is not None:
            more |= {"samplers": ["temperature", "top_p"]} if self.dialect == "llama.cpp" else {"top_k": -1, "min_p": 0}
        return more
