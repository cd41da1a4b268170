"""Keep what a tutor asks before an answer is shown."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column; answers that are there have no tutor."""
    op.add_column("answers", sa.Column("tutoring", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("answers", "tutoring")
