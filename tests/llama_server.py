"""llama.cpp's own server with the bundled model, in a process of its own: ``python -m tests.llama_server GGUF``."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from rag import gemma
from rag.bundled import GENERATOR_MODULE

ROOT = Path(__file__).parents[1]
ALIAS = "gemma-3-270m"
CONTEXT = 4096


def write_gguf(folder: Path) -> Path:
    """Join the parts of the bundled model's package, as the preparation does."""
    package = import_module(GENERATOR_MODULE)
    path = folder / "gemma-3-270m.gguf"
    assert gemma.join(package.chunk_paths(), path, package.EXPECTED_SHA256, lambda done, whole: None)
    return path


@contextmanager
def serve(gguf: Path) -> Iterator[str]:
    """Serve a GGUF file; give the address. The process ends with the block."""
    command = [sys.executable, "-m", "tests.llama_server", str(gguf)]
    with (gguf.parent / "llama.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, (gguf.parent / "llama.log").read_text()[-2000:]
        yield f"{address}/v1"
    finally:
        process.kill()  # its threads would answer to nothing gentler while a model runs
        process.wait()


def main(gguf: str) -> None:
    """Serve until the process that started this one ends."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = gguf
    params.model_alias = [ALIAS]
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.cpuparams.n_threads = 2
    params.warmup = False
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()  # its end is that of the parent


if __name__ == "__main__":
    main(sys.argv[1])
