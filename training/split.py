"""Which training documents are set aside: no part is trained on them, all are calibrated on them."""

from zlib import crc32

HELD_OUT_ENGLISH = frozenset({"en-Steam_engine", "en-train-1a609050"})
ONE_IN = 5


def held_out(document_id: str) -> bool:
    """Tell whether a document is set aside: two English articles, one French document in five by its name's CRC-32."""
    if document_id.startswith("en-"):
        return document_id in HELD_OUT_ENGLISH
    return crc32(document_id.encode()) % ONE_IN == 0
