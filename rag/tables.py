"""The tables. Nothing here depends on SQLite: its one option is ignored by other databases."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

notebooks = Table(
    "notebooks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("revision", Integer, nullable=False),
    Column("sample", Boolean, nullable=False),
    Column("created_at", Float, nullable=False),
    # An id is never given twice: an index in memory may still know a deleted one.
    sqlite_autoincrement=True,
)

documents = Table(
    "documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notebook_id", ForeignKey("notebooks.id", ondelete="CASCADE"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("code", String(32), nullable=False),
    Column("details", Text, nullable=False),
    Column("ticked", Boolean, nullable=False),
    Column("title", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("pages", Integer, nullable=False),
    Column("readable", Integer, nullable=False),
    Column("warnings", Text, nullable=False),
    Column("extractor", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("stage_started", Float, nullable=False),
    Column("received_at", Float, nullable=False),
    Column("owner", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    UniqueConstraint("notebook_id", "sha256", name="uq_documents_notebook_sha256"),
    Index("ix_documents_sha256", "sha256"),
    Index("ix_documents_state", "state"),
    sqlite_autoincrement=True,
)

pages = Table(
    "pages",
    metadata,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("page_index", Integer, primary_key=True),
    Column("label", Text, nullable=False),
    Column("section", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("source_index", LargeBinary, nullable=False),
)

chunks = Table(
    "chunks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("page_index", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("section", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_chunks_document", "document_id"),
    sqlite_autoincrement=True,
)

vectors = Table(
    "vectors",
    metadata,
    Column("chunk_id", ForeignKey("chunks.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Index("ix_vectors_document", "document_id"),
)

answers = Table(
    "answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notebook_id", ForeignKey("notebooks.id", ondelete="CASCADE"), nullable=False),
    Column("question", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("wants_sources", Boolean, nullable=False),
    Column("wants_memory", Boolean, nullable=False),
    Column("document_ids", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("sources_text", Text, nullable=False),
    Column("memory_text", Text, nullable=False),
    Column("passages", Text, nullable=False),
    Column("sourced", Text, nullable=False),
    Column("comparison", Text, nullable=False),
    Column("timings", Text, nullable=False),
    Column("model_id", Text, nullable=False),
    Column("code", String(32), nullable=False),
    Column("details", Text, nullable=False),
    Column("feedback", Integer, nullable=False),
    Column("asked_at", Float, nullable=False),
    Column("started_at", Float, nullable=False),
    Column("stopping", Boolean, nullable=False),
    Column("owner", Text, nullable=False),
    Index("ix_answers_notebook", "notebook_id"),
    Index("ix_answers_state", "state"),
    sqlite_autoincrement=True,
)

settings = Table(
    "settings",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("owner", String(64), primary_key=True),
    Column("beat", Float, nullable=False),
)
