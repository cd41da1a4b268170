"""A server on this computer that speaks as much of the Hugging Face hub's protocol as a download needs."""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

COMMIT = "c0ffee" * 6 + "c0ff"
BLOCK = 1 << 20


@dataclass
class Hub:
    """Serves folders as models by id. ``slow`` is the pause after each block of a large file, in seconds."""

    models: dict[str, Path]
    card: dict[str, Any] = field(default_factory=lambda: {"license": "apache-2.0", "language": ["en", "fr"]})
    gated: set[str] = field(default_factory=set)
    slow: float = 0.0
    asked: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


class _Handler(BaseHTTPRequestHandler):
    hub: ClassVar[Hub]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, *, with_body: bool) -> None:
        path = self.path.partition("?")[0].strip("/")
        if with_body:
            self.hub.asked.append((path, self.headers.get("Range") or ""))
        parts = path.split("/")
        if parts[:2] == ["api", "models"]:
            self._tell("/".join(parts[2:4]))
        elif len(parts) == 5 and parts[2:4] == ["resolve", COMMIT]:
            self._file("/".join(parts[:2]), parts[4], with_body=with_body)
        else:
            self._refuse(404, "EntryNotFound")

    def _tell(self, model: str) -> None:
        if model not in self.hub.models:
            self._refuse(404, "RepoNotFound")
            return
        files = sorted(self.hub.models[model].iterdir())
        siblings = [_sibling(file) for file in files]
        told = {"_id": "1", "id": model, "sha": COMMIT, "siblings": siblings, "cardData": self.hub.card, "tags": []}
        told |= {"safetensors": {"parameters": {"F32": 1234}, "total": 1234}, "downloads": 0, "likes": 0}
        self._send(200, json.dumps({**told, "private": False}).encode(), {"Content-Type": "application/json"})

    def _file(self, model: str, name: str, *, with_body: bool) -> None:
        if model in self.hub.gated:
            self._refuse(403, "GatedRepo")
            return
        file = self.hub.models[model] / name
        if not file.is_file():
            self._refuse(404, "EntryNotFound")
            return
        data = file.read_bytes()
        start = int((self.headers.get("Range") or "bytes=0-")[6:].partition("-")[0])
        known = {"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        if start:
            known["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        self._send(206 if start else 200, data[start:], known, with_body=with_body)

    def _refuse(self, status: int, code: str) -> None:
        self._send(status, b"{}", {"X-Error-Code": code, "X-Error-Message": code})

    def _send(self, status: int, body: bytes, headers: dict[str, str], *, with_body: bool = True) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if not with_body or self.command == "HEAD":
            return
        try:
            for start in range(0, len(body), BLOCK):
                self.wfile.write(body[start : start + BLOCK])
                time.sleep(self.hub.slow if len(body) > 2 * BLOCK else 0)
        except OSError:
            pass  # whoever asked went away


def _sibling(file: Path) -> dict[str, Any]:
    """Tell of a file as the hub does: only large ones have a hash of their content."""
    size = file.stat().st_size
    told: dict[str, Any] = {"rfilename": file.name, "size": size, "blobId": "b"}
    if file.suffix == ".safetensors":
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        told["lfs"] = {"sha256": digest, "size": size, "pointerSize": 1}
    return told


@contextmanager
def serve(hub: Hub) -> Iterator[Hub]:
    """Serve a hub on a free port of this computer for as long as the block lasts."""
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
