"""Keep the evaluation runs of a notebook, a row for each question."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "evaluation_runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("notebook_id", sa.Integer, sa.ForeignKey("notebooks.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("questions_key", sa.String(64), nullable=False),
        sa.Column("document_ids", sa.Text, nullable=False),
        sa.Column("wants_memory", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("model_id", sa.Text, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "evaluation_items",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("evaluation_runs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("expected", sa.Text, nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("citations", sa.Text, nullable=False),
        sa.Column("passages", sa.Text, nullable=False),
        sa.Column("memory_text", sa.Text, nullable=False),
        sa.Column("probability", sa.Float, nullable=True),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_evaluation_runs_notebook", "evaluation_runs", ["notebook_id"])
    op.create_index("ix_evaluation_items_run", "evaluation_items", ["run_id", "position"])
    op.create_index("ix_evaluation_items_state", "evaluation_items", ["state"])


def downgrade() -> None:
    """Drop both tables."""
    for name in ("evaluation_items", "evaluation_runs"):
        op.drop_table(name)
