"""The only process that reaches the Hugging Face hub, started when the user presses a button.

It reads one JSON object from a line of its input, and writes JSON lines: what is told of a model, or how many bytes of
its files are here. It ends with its input, so that it never outlives the app.
"""

import hashlib
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

TELL_SECONDS = 0.4
ANSWER_SECONDS = 10.0


class DamagedError(Exception):
    """A file did not arrive as the hub has it."""


def tell(**values: Any) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def look_up(model: str) -> dict[str, Any]:
    """Return what the hub tells of a model: commit, licence, languages, files with sizes, number of weights."""
    from huggingface_hub import HfApi

    found = HfApi().model_info(model, files_metadata=True, timeout=ANSWER_SECONDS)
    card: dict[str, Any] = found.card_data.to_dict() if found.card_data else {}  # type: ignore[no-untyped-call]
    languages = card.get("language") or []
    return {
        "id": found.id,
        "revision": found.sha,
        "licence": str(card.get("license_name") or card.get("license") or ""),
        "languages": [languages] if isinstance(languages, str) else [str(language) for language in languages],
        "files": [
            {"name": one.rfilename, "size": int(one.size or 0), "sha256": one.lfs.sha256 if one.lfs else ""}
            for one in found.siblings or []
        ],
        "parameters": int(found.safetensors.total) if found.safetensors else 0,
    }


def size(part: Path) -> int:
    """Return the bytes of a file that is being written; 0 once it has its final name."""
    try:
        return part.stat().st_size
    except FileNotFoundError:
        return 0


def fetch(model: str, revision: str, files: list[dict[str, Any]]) -> None:
    """Download files of one commit into the cache, going on where an earlier try ended.

    The hub's own ``hf_hub_download`` begins a file anew in each process, so that parts are kept here.
    """
    from huggingface_hub.constants import HF_HUB_CACHE

    repository = Path(HF_HUB_CACHE) / f"models--{model.replace('/', '--')}"
    place, parts = repository / "snapshots" / revision, repository / "parts" / revision
    for folder in (place, parts):
        folder.mkdir(parents=True, exist_ok=True)
    done = 0
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(TELL_SECONDS):
            tell(done=done + sum(map(size, parts.glob("*.part"))))

    threading.Thread(target=watch, daemon=True).start()
    for file in files:
        if not (place / file["name"]).exists():
            part = parts / f"{file['name']}.part"
            fetch_file(model, revision, file, part)
            require_whole(file, part)
            part.replace(place / file["name"])
        done += file["size"]
        tell(done=done)
    ended.set()


def fetch_file(model: str, revision: str, file: dict[str, Any], part: Path) -> None:
    """Download one file, from where its part ends."""
    from huggingface_hub import hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils._headers import build_hf_headers

    with part.open("ab") as out:
        if out.tell() < file["size"]:
            url = hf_hub_url(model, file["name"], revision=revision)
            http_get(url, out, resume_size=out.tell(), headers=build_hf_headers(), expected_size=file["size"])
        # A file has its final name only once its content is on the disk.
        out.flush()
        os.fsync(out.fileno())


def require_whole(file: dict[str, Any], part: Path) -> None:
    """Hold what came to what the hub tells of it; what differs is deleted, as going on from there mends nothing.

    Raises DamagedError.
    """
    if not file["sha256"]:
        return
    with part.open("rb") as source:
        found = hashlib.file_digest(source, "sha256").hexdigest()
    if found != file["sha256"]:
        part.unlink()
        raise DamagedError(file["name"])


def code_of(error: Exception) -> str:
    """Return the code of what went wrong with the hub."""
    from huggingface_hub import errors

    if isinstance(error, DamagedError):
        return "HUB_DAMAGED"
    if isinstance(error, errors.GatedRepoError):
        return "HUB_GATED"
    if isinstance(error, errors.RepositoryNotFoundError | errors.RevisionNotFoundError | errors.HFValidationError):
        return "HUB_UNKNOWN"
    return "HUB_DISK" if isinstance(error, OSError) and error.errno == 28 else "HUB_UNREACHABLE"


def main() -> None:
    """Do what the first line of the input asks."""
    asked = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        if "files" in asked:
            fetch(asked["model"], asked["revision"], asked["files"])
            tell(ended=True)
        else:
            tell(found=look_up(asked["model"]))
    except Exception as error:  # noqa: BLE001 - whatever it is, the app that waits tells it
        reason = str(error) if isinstance(error, DamagedError) else f"{type(error).__name__}: {error}"
        tell(code=code_of(error), reason=reason.partition("\n")[0][:200])


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
