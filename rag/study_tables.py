"""The tables of quizzes, attempts, cards and guides, beside those of ``rag.tables``."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from rag.tables import metadata

quizzes = Table(
    "quizzes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notebook_id", ForeignKey("notebooks.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("code", String(32), nullable=False),
    Column("details", Text, nullable=False),
    Column("planned", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("dropped", Text, nullable=False),
    Column("model_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("stage_started", Float, nullable=False),
    Column("owner", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("ix_quizzes_notebook", "notebook_id"),
    Index("ix_quizzes_state", "state"),
    sqlite_autoincrement=True,
)

quiz_items = Table(
    "quiz_items",
    metadata,
    # An attempt names items by these ids: they are never given twice.
    Column("id", Integer, primary_key=True),
    Column("quiz_id", ForeignKey("quizzes.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("item", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Index("ix_quiz_items_quiz", "quiz_id", "position"),
    Index("ix_quiz_items_state", "state"),
    sqlite_autoincrement=True,
)

quiz_attempts = Table(
    "quiz_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("quiz_id", ForeignKey("quizzes.id", ondelete="CASCADE"), nullable=False),
    Column("quiz_version", Integer, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("feedback", String(16), nullable=False),
    Column("item_ids", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("given", Text, nullable=False),
    Column("started_at", Float, nullable=False),
    Column("finished_at", Float, nullable=False),
    Index("ix_quiz_attempts_quiz", "quiz_id"),
    sqlite_autoincrement=True,
)

study_guides = Table(
    "study_guides",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notebook_id", ForeignKey("notebooks.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("language", String(16), nullable=False),
    Column("document_ids", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("code", String(32), nullable=False),
    Column("details", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("guide", Text, nullable=False),
    Column("model_id", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("owner", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("ix_study_guides_notebook", "notebook_id"),
    Index("ix_study_guides_state", "state"),
    sqlite_autoincrement=True,
)

cards = Table(
    "cards",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notebook_id", ForeignKey("notebooks.id", ondelete="CASCADE"), nullable=False),
    Column("key", String(64), nullable=False),
    Column("front", Text, nullable=False),
    Column("back", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("source", Text, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("schedule", Text, nullable=False),
    Column("due", Float, nullable=False),
    Column("reviews", Integer, nullable=False),
    Column("suspended", Boolean, nullable=False),
    Column("created_at", Float, nullable=False),
    UniqueConstraint("notebook_id", "key", name="uq_cards_notebook_key"),
    Index("ix_cards_due", "notebook_id", "due"),
    sqlite_autoincrement=True,
)

card_reviews = Table(
    "card_reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    # A day with a review counts in its notebook's streak when the card is gone.
    Column("notebook_id", ForeignKey("notebooks.id", ondelete="CASCADE"), nullable=False),
    Column("card_id", ForeignKey("cards.id", ondelete="SET NULL"), nullable=True),
    Column("rating", Integer, nullable=False),
    Column("reviewed_at", Float, nullable=False),
    Index("ix_card_reviews_notebook", "notebook_id", "reviewed_at"),
    Index("ix_card_reviews_card", "card_id"),
)
