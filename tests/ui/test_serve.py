"""A page of another origin is refused, and the server asks no other computer who it is."""

import ast
import http.client
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.resident import ROOT, environment, free_port, guarded

HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "bGVjdGVybiBpcyBoZXJlIQ==",
}


def status(port: int, path: str, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


@contextmanager
def server(folder: Path, module: str, *arguments: str) -> Iterator[int]:
    """Serve a page of one line under the guard; yield the port."""
    script, port = folder / "page.py", free_port()
    script.write_text("import streamlit as st\n\nst.write('hello')\n")
    command = guarded(folder / "reached.txt", module, *arguments, str(script), "--server.port", str(port))
    with (folder / "page.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(folder), stdout=log, stderr=log)
    try:
        for _ in range(300):
            try:
                status(port, "/_stcore/health", {})
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.kill()
        process.wait()


def test_a_page_of_another_origin_is_refused_and_nobody_is_asked(tmp_path: Path) -> None:
    with server(tmp_path, "ui.serve") as port:
        for origin in ("http://evil.example", "http://[::1]:1", "http://192.0.2.1:8501"):
            assert status(port, "/_stcore/stream", {**HANDSHAKE, "Origin": origin}) == 403
            status(port, "/_stcore/health", {"Origin": origin})
        assert status(port, "/_stcore/stream", {**HANDSHAKE, "Origin": f"http://localhost:{port}"}) == 101
    assert (tmp_path / "reached.txt").read_text() == ""


def test_the_guard_sees_what_streamlit_asks_by_itself(tmp_path: Path) -> None:
    with server(tmp_path, "streamlit", "run") as port:
        assert status(port, "/_stcore/stream", {**HANDSHAKE, "Origin": "http://evil.example"}) == 403
    reached = (tmp_path / "reached.txt").read_text()
    assert "8.8.8.8" in reached
    assert "checkip.amazonaws.com" in reached


def test_the_page_itself_keeps_off_the_network_however_it_is_served() -> None:
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    called = [ast.unparse(node.value) for node in tree.body if isinstance(node, ast.Expr)]
    assert "stay_off_the_network()" in called
