"""Keep which model an answer is asked of, where that is not the one that writes."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column; answers that are there were asked of the model that wrote."""
    op.add_column("answers", sa.Column("choice", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("answers", "choice")
