"""What is sent to a model server for one prompt: the prompt, and nothing about this computer or its files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rag.types import Prompt

MOST_STOPS = 4  # OpenAI's limit; further ones are cut here alone
MOST_ALTERNATIVES = 20  # OpenAI's limit

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

    ``one_turn``: the template takes no system message. ``unscored``: the server gives no probabilities. ``quiet``: it
    knows how to be told not to think aloud.
    """

    model: str
    prompt: Prompt
    is_chat: bool
    max_tokens: int
    stop: Sequence[str] = ()
    top: int = 0
    quiet: bool = False
    one_turn: bool = False
    unscored: bool = False

    def body(self) -> dict[str, Any]:
        """Return the arguments of the client's method."""
        body: dict[str, Any] = {
            "model": self.model,
            "max_tokens": self.max_tokens,
            "stream": True,
            "temperature": 0,
            **self._asked(),
        }
        if self.stop:
            body["stop"] = list(self.stop[:MOST_STOPS])
        if self.top and not self.unscored:
            count = min(self.top, MOST_ALTERNATIVES)
            body |= {"logprobs": True, "top_logprobs": count} if self.is_chat else {"logprobs": count}
        return body

    def milder(self, refusal: str) -> "Request | None":
        """Return this request without what the server refused, None where there is nothing to leave out."""
        said = refusal.lower()
        if self.top and not self.unscored and "logprobs" in said:
            return replace(self, unscored=True)
        if self.is_chat and not self.one_turn and self.prompt.system and "system" in said:
            return replace(self, one_turn=True)
        if self.quiet and "chat_template_kwargs" in said:
            return replace(self, quiet=False)
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
        asked: dict[str, Any] = {"messages": [*turns, {"role": "user", "content": user}]}
        if self.quiet:
            asked["extra_body"] = {"chat_template_kwargs": {"enable_thinking": False}}
        return asked
