"""Keep a guide of each source, with the questions that its notebook was seen to answer."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "source_guides",
        sa.Column("document_id", sa.Integer, sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("guide", sa.Text, nullable=False),
        sa.Column("made_from", sa.Text, nullable=False),
        sa.Column("asked_of", sa.String(64), nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
    )
    op.create_index("ix_source_guides_state", "source_guides", ["state"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("source_guides")
