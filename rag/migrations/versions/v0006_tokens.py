"""Keep the tokens of a memory answer with their probabilities, and who asked."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns; answers written before have no tokens, and nobody is known to have asked them."""
    op.add_column("answers", sa.Column("memory_tokens", sa.Text, nullable=False, server_default=""))
    op.add_column("answers", sa.Column("asker", sa.String(64), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("answers", "asker")
    op.drop_column("answers", "memory_tokens")
