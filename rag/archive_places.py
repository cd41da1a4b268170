"""Why something failed, as an archive tells it: names of files and models, without the folders of this computer."""

import json
import re
from typing import Any

# An address of a server, which is no folder; or the folders of a path, up to its last name.
_PLACE = re.compile(
    r"""(?P<address>(?!file:)\b[a-z]+://\S+)
    | (?<![\w.~])
      (?:~\w*|\.{1,2}|[A-Za-z]:|\\)?[/\\](?=\S)
      (?:(?:[^/\\\n'":]|(?<=\w)'(?=\w)|:(?!\s))*[/\\](?=[^\s'":]))*
    """,
    re.VERBOSE,
)


def without_folders(packed: str) -> str:
    """Return JSON in which the ``details`` of every failure, however deep, tell no folder."""
    return json.dumps(json.loads(packed, object_hook=_row), ensure_ascii=False)


def last_names(text: str) -> str:
    """Return a text with each of its paths as its last name; addresses and ids ("Qwen/Qwen3-8B") stay."""
    return _PLACE.sub(lambda found: found["address"] or "", text)


def _row(values: dict[str, Any]) -> dict[str, Any]:
    details = values.get("details")
    if not isinstance(details, dict):
        return values
    return values | {"details": {name: last_names(text) for name, text in details.items()}}
