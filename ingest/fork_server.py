"""Fork a child for each PDF from a process that has PDFium loaded: run as ``python -I fork_server.py``, never imported.

Standard input is a socket of whole messages in JSON. ``{"run": arguments, "folder": path}`` comes with two descriptors,
the child's input and output, and is answered with ``{"pid": n}``; ``{"end": n}`` ends that child, if it still runs, and
is answered with ``{"status": n}``, null where it is none of this process. When the socket closes, everything ends.
"""

import ctypes
import importlib.util
import json
import os
import signal
import socket
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

MAX_REQUEST = 1 << 16
PR_SET_PDEATHSIG = 1  # linux/prctl.h: the signal that a process gets when its parent ends


def load() -> ModuleType:
    """Return the program of the children, with the libraries that it would load by itself."""
    spec = importlib.util.spec_from_file_location("pdf_child", Path(__file__).with_name("pdf_child.py"))
    if spec is None or spec.loader is None:
        raise ImportError("pdf_child.py")
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    for library in ("pypdfium2", "pypdfium2.raw", "PIL.Image", "PIL.PngImagePlugin"):
        importlib.import_module(library)
    return program


def serve(channel: socket.socket, program: ModuleType) -> None:
    """Answer requests until the other side closes; whatever still runs then is ended."""
    running: set[int] = set()
    try:
        while True:
            message, descriptors, _, _ = socket.recv_fds(channel, MAX_REQUEST, 2)
            if not message:
                break
            channel.send(json.dumps(answer(program, json.loads(message), descriptors, running)).encode())
    finally:
        for pid in running:
            end(pid)


def answer(
    program: ModuleType, request: dict[str, Any], descriptors: list[int], running: set[int]
) -> dict[str, int | None]:
    """Do what is asked; ``running`` are the children that have not been ended."""
    if "run" in request:
        own = os.getpid()
        pid = os.fork()
        if pid == 0:
            run(program, request, descriptors, own)
        running.add(pid)
        for descriptor in descriptors:
            os.close(descriptor)
        return {"pid": pid}
    if request["end"] in running:
        running.remove(request["end"])
        return {"status": end(request["end"])}
    return {"status": None}  # a child of a process before this one, with which it ended


def run(program: ModuleType, request: dict[str, Any], descriptors: list[int], parent: int) -> None:
    """Be the child: take the place of a new process, and never return."""
    status = 1
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the line above could tell
            return
        os.setsid()
        for standard, descriptor in enumerate(descriptors):
            os.dup2(descriptor, standard)
            os.close(descriptor)
        os.chdir(request["folder"])
        program.main(request["run"])
        sys.stdout.flush()
        status = 0
    except SystemExit as wanted:
        sys.stdout.flush()
        status = wanted.code if isinstance(wanted.code, int) else 0 if wanted.code is None else 1
    finally:
        os._exit(status)


def end(pid: int) -> int:
    """Kill a child and return its status; one that has closed its output is beyond being killed, and keeps its own."""
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    serve(socket.socket(fileno=0), load())
