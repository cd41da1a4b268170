"""One command sets everything up, says clearly why it cannot, and ends cleanly."""

import ast
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

import start

SCRIPT = Path(start.__file__)
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_an_old_python_is_told_what_it_needs() -> None:
    start.check_python((3, 11))
    start.check_python((3, 14))
    with pytest.raises(start.StartError, match=r"needs Python 3\.11 or newer and this is 3\.9"):
        start.check_python((3, 9))


def test_the_script_can_be_read_by_an_old_python() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 8))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    assert {name.name.partition(".")[0] for node in imports for name in node.names} <= set(sys.stdlib_module_names)
    assert "annotations" in [
        name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names
    ]


def test_the_address_is_this_computer_by_default() -> None:
    assert start.read_address({}) == ("127.0.0.1", 8501)
    assert start.read_address({"HOST": "::1", "PORT": "9000"}) == ("::1", 9000)
    assert start.url("127.0.0.1", 8501) == start.url("0.0.0.0", 8501) == "http://localhost:8501"
    assert start.url("::1", 80) == start.url("::", 80) == start.url("localhost", 80) == "http://localhost:80"
    assert start.url("127.0.0.2", 80) == "http://127.0.0.2:80"
    assert start.url("fd00::1", 80) == "http://[fd00::1]:80"
    assert start.url("192.168.1.5", 80) == "http://192.168.1.5:80"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", "::"])
def test_other_computers_are_let_in_only_on_purpose(host: str) -> None:
    with pytest.raises(start.StartError, match="LECTERN_ALLOW_LAN=1"):
        start.read_address({"HOST": host})
    assert start.read_address({"HOST": host, "LECTERN_ALLOW_LAN": "1"}) == (host, 8501)


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_told(port: str) -> None:
    with pytest.raises(start.StartError, match=f"PORT is {port}"):
        start.read_address({"PORT": port})


def test_a_port_in_use_is_told_with_the_next_thing_to_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(start.StartError, match=f"running already.*PORT={port + 1}"):
            start.check_port("127.0.0.1", port)
    start.check_port("127.0.0.1", free_port())


def test_requirements_are_exact_and_dev_builds_on_them() -> None:
    lines = [line for name in REQUIREMENTS for line in (SCRIPT.parent / name).read_text().splitlines()]
    pins = [line for line in lines if line and not line.startswith(("#", "-r "))]
    assert all("==" in pin and "*" not in pin for pin in pins)
    assert "-r requirements.txt" in lines
    assert start.fingerprint(REQUIREMENTS[0]) != start.fingerprint(REQUIREMENTS[1])


def project(folder: Path) -> Path:
    """A copy of the script in a project that needs no library."""
    shutil.copy(SCRIPT, folder)
    for name in REQUIREMENTS:
        (folder / name).write_text("# nothing\n")
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "start.py", *arguments], cwd=folder, capture_output=True, text=True)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere installing fetches a model archive")
def test_installing_is_done_once_and_again_when_requirements_change(tmp_path: Path) -> None:
    folder = project(tmp_path)
    first = run(folder, "install")
    assert (first.returncode, first.stdout.splitlines()[:1]) == (0, ["Making .venv"])
    started = time.monotonic()
    assert run(folder, "install").stdout == ""
    assert time.monotonic() - started < 2
    (folder / "requirements.txt").write_text("# changed\n")
    assert run(folder, "install").stdout.startswith("Installing")
    (folder / "requirements.txt").write_text("not a requirement\n")
    failed = run(folder, "install")
    assert failed.returncode == 2
    assert "Installing failed" in failed.stderr


def start_with_broken(monkeypatch: pytest.MonkeyPatch, folder: Path, failure: BaseException) -> None:
    """Start in ``folder`` with an ensurepip that fails once ``.venv`` has its interpreter."""

    def fail(*_: object) -> None:
        assert start.venv_python().exists()
        raise failure

    monkeypatch.setattr(start, "ROOT", folder)
    monkeypatch.setattr(start, "VENV", folder / ".venv")
    with monkeypatch.context() as patched:
        patched.setattr("venv.EnvBuilder._setup_pip", fail)
        start.install("requirements.txt")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere installing fetches a model archive")
def test_a_venv_that_was_not_finished_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = project(tmp_path)
    with pytest.raises(start.StartError, match=r"apt install python3-venv"):
        start_with_broken(monkeypatch, folder, subprocess.CalledProcessError(1, "ensurepip"))
    with pytest.raises(start.StartError, match=r"No space left"):
        start_with_broken(monkeypatch, folder, OSError(28, "No space left on device"))
    with pytest.raises(KeyboardInterrupt):
        start_with_broken(monkeypatch, folder, KeyboardInterrupt())
    assert not start.is_made()
    start.install("requirements.txt")
    assert start.is_made()


def test_a_venv_of_another_python_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "VENV", tmp_path / ".venv")
    start.venv_python().parent.mkdir(parents=True)
    start.venv_python().touch()
    (start.VENV / start.MADE_BY).write_text(start.this_python())
    assert start.is_made()
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    assert not start.is_made()


class SlowApp:
    """An app that answers 503 first; counts how often it is asked."""

    def __init__(self, statuses: list[int]) -> None:
        self.statuses, self.waits = statuses, 0

    def poll(self) -> None:
        return None

    def connect(self, *_: object, **__: object) -> "SlowApp":
        return self

    def request(self, *_: object) -> None:
        pass

    def getresponse(self) -> SimpleNamespace:
        return SimpleNamespace(status=self.statuses.pop(0))

    def close(self) -> None:
        pass

    def sleep(self, _: float) -> None:
        self.waits += 1


def test_an_app_that_is_not_ready_is_asked_again_after_a_pause(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = SlowApp([503, 404, 200])
    monkeypatch.setattr("http.client.HTTPConnection", app.connect)
    monkeypatch.setattr("time.sleep", app.sleep)
    start.announce(app, "127.0.0.2", 8501)  # type: ignore[arg-type]
    assert (app.statuses, app.waits) == ([], 2)
    assert "http://127.0.0.2:8501" in capsys.readouterr().out


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """A project whose .venv is this one's, stamped as installed, with a page of one line and nothing to prepare."""
    folder = project(tmp_path)
    own = Path(sys.prefix)
    (folder / ".venv").mkdir()
    shutil.copy(own / "pyvenv.cfg", folder / ".venv")
    for part in ("bin", "lib"):
        (folder / ".venv" / part).symlink_to(own / part)
    (folder / "rag").mkdir()
    (folder / "ui").mkdir()
    shutil.copy(SCRIPT.parent / "ui" / "serve.py", folder / "ui")
    (folder / "rag" / "__main__.py").write_text("import sys; sys.exit(sys.argv[1:] != ['prepare'])\n")
    (folder / "app.py").write_text("import streamlit as st\n\nst.write('hello')\n")
    code = (
        "import start; (start.VENV / 'requirements.txt.sha256').write_text(start.fingerprint('requirements.txt'));"
        "(start.VENV / start.MADE_BY).write_text(start.this_python())"
    )
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True)
    return folder


@pytest.mark.skipif(os.name != "posix" or sys.prefix == sys.base_prefix, reason="links to the .venv of the tests")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_within_ten_seconds_and_ends_cleanly(served: Path, ending: signal.Signals) -> None:
    port = free_port()
    environment = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1"}
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "start.py"], cwd=served, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        line = next(line for line in process.stdout if "ready" in line)
        assert time.monotonic() - started < 10
        assert f"http://localhost:{port} " in line
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health") as answer:
            assert answer.status == 200
        process.send_signal(ending)
        assert process.wait(timeout=15) == 0
        start.check_port("127.0.0.1", port)
    finally:
        process.kill()
        process.wait()


def test_a_failed_preparation_ends_the_start(served: Path) -> None:
    (served / "rag" / "__main__.py").write_text("import sys; sys.exit('The disk is full. [DISK_FULL]')\n")
    result = run(served, "models")
    assert (result.returncode, result.stderr) == (
        2,
        "The disk is full. [DISK_FULL]\nThe models are not ready; the lines above say why.\n",
    )


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
@pytest.mark.parametrize("status", [0, 2])
def test_the_last_line_of_a_run_is_the_one_that_counts_the_tests(tmp_path: Path, status: int) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(SCRIPT.parent / ".ci" / "run", tmp_path / ".ci")
    closing = "===== 1 failed, 2 passed in 3.45s ====="
    (tmp_path / "make").write_text(
        f'#!/bin/sh\n[ "$1" = check ] && exit 0\necho "{closing}"\necho "make: error" >&2\nexit {status}\n'
    )
    (tmp_path / "make").chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    result = subprocess.run([tmp_path / ".ci" / "run"], env=environment, capture_output=True, text=True)
    assert (result.returncode, result.stdout.splitlines()[-1]) == (status, closing)
