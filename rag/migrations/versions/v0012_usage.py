"""Keep what an answer took: tokens, seconds and energy."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column; what answers took before is not known."""
    op.add_column("answers", sa.Column("usage", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("answers", "usage")
