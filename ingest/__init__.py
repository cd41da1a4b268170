"""Bytes to pages to chunks: knows no model, no storage and no user interface."""

from ingest.chunk import chunk, context_line
from ingest.errors import REFUSALS, Cancelled, IngestError, Refused
from ingest.extract import EXTRACTORS, extract
from ingest.language import detect, fold, sentences
from ingest.render import render_page
from ingest.types import Box, Chunk, ChunkSettings, Document, Language, Page, PageImage, PageWarning, Upload

__all__ = [
    "EXTRACTORS",
    "REFUSALS",
    "Box",
    "Cancelled",
    "Chunk",
    "ChunkSettings",
    "Document",
    "IngestError",
    "Language",
    "Page",
    "PageImage",
    "PageWarning",
    "Refused",
    "Upload",
    "chunk",
    "context_line",
    "detect",
    "extract",
    "fold",
    "render_page",
    "sentences",
]
