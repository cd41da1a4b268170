"""A model server that says what a test tells it to, over real sockets, and remembers what it was sent."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import log
from typing import Any

WORDS = ("The", " sky", " is", " blue", ",", " and", " grass", " is", " green", ".", " So", " it", " was", "!")
CHANCES = (0.5, 0.3, 0.2)
OTHERS = ("", " other", " third")


@dataclass(frozen=True)
class Sent:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass
class Script:
    """What the server does. ``say`` answers a chat or a completion; the rest is what it tells of itself.

    ``models``: the entries of its list, or a reply. ``props``: as llama.cpp has it. ``count``: how it counts tokens.
    """

    say: "Callable[[Reply, Sent], None]"
    models: "Sequence[Mapping[str, Any]] | Callable[[Reply, Sent], None]" = ({"id": "tiny"},)
    props: Mapping[str, Any] | None = None
    count: Callable[[str], int] | None = None
    sent: list[Sent] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)

    def asked(self) -> list[Sent]:
        """Return the requests for text alone."""
        return [sent for sent in self.sent if sent.path.endswith("completions")]


class Reply(BaseHTTPRequestHandler):
    """One request being answered."""

    protocol_version = "HTTP/1.1"
    script: Script

    def do_GET(self) -> None:
        self._take(None)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self._take(json.loads(self.rfile.read(length) or b"null"))

    def _take(self, body: Any) -> None:
        sent = Sent(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        self.script.sent.append(sent)
        try:
            self._answer(sent)
        except (BrokenPipeError, ConnectionResetError):
            self.script.hung_up.set()

    def _answer(self, sent: Sent) -> None:
        script = self.script
        if sent.path.endswith("completions"):
            script.say(self, sent)
        elif sent.path.endswith("/models"):
            script.models(self, sent) if callable(script.models) else self.json({"data": list(script.models)})
        elif sent.path == "/props" and script.props is not None:
            self.json(script.props)
        elif sent.path == "/tokenize" and script.count is not None:
            self.json({"tokens": list(range(script.count(sent.body.get("content") or sent.body["prompt"])))})
        else:
            self.json({"error": {"message": "not here"}}, 404)

    def json(self, value: object, status: int = 200, **headers: str) -> None:
        """Answer with a whole object."""
        self.page(json.dumps(value), "application/json", status, **headers)

    def page(self, text: str, kind: str = "text/html", status: int = 200, **headers: str) -> None:
        """Answer with a whole text."""
        data = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def begin(self, kind: str = "text/event-stream") -> None:
        """Begin a stream; it ends where the connection does."""
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def line(self, text: str) -> None:
        """Send a line of the stream, and wait until it is out."""
        self.wfile.write(f"{text}\n\n".encode())
        self.wfile.flush()

    def event(self, value: object) -> None:
        """Send an event."""
        self.line(f"data: {json.dumps(value)}")

    def word(self, text: str | None, *, chat: bool, top: int = 0, finish: str | None = None) -> None:
        """Send a word as the protocol has it."""
        choice: dict[str, Any] = {"index": 0, "finish_reason": finish}
        choice |= {"delta": {} if text is None else {"content": text}} if chat else {"text": text or ""}
        if top and text:
            others = [
                {"token": f"{text}{other}", "logprob": log(chance)}
                for other, chance in zip(OTHERS, CHANCES, strict=True)
            ]
            choice["logprobs"] = {
                "content": [{"token": text, "logprob": log(CHANCES[0]), "top_logprobs": others[:top]}]
            }
        self.event({"object": "chunk", "choices": [choice]})


def model(reply: Reply, sent: Sent) -> None:
    """Write the same words to every prompt, as many as asked for; a seed moves their start. Ignore stop strings."""
    chat, body = sent.path.endswith("chat/completions"), sent.body
    if len(json.dumps(body)) > 40_000:
        reply.json({"error": {"message": "the request exceeds the available context size"}}, 400)
        return
    seed = body.get("seed", 0) if body["temperature"] and body.get("top_p", 1) > 0.01 else 0
    top = body.get("top_logprobs", 0) if chat else body.get("logprobs") or 0
    reply.begin()
    if chat:
        reply.event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": None}, "finish_reason": None}]})
    for place in range(body["max_tokens"]):
        reply.word(WORDS[(place + seed) % len(WORDS)], chat=chat, top=top)
    reply.word(None, chat=chat, finish="length")
    reply.event({"choices": [], "usage": {"completion_tokens": 3}})
    reply.line("data: [DONE]")


@contextmanager
def serve(script: Script) -> Iterator[str]:
    """Run a server; give its address."""
    handler = type("Scripted", (Reply,), {"script": script, "log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
