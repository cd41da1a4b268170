"""Keep how each notebook answers, and with which settings each question was asked."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns; what is there was asked, and is answered, as usual."""
    op.add_column("notebooks", sa.Column("answering", sa.Text, nullable=False, server_default="{}"))
    op.add_column("answers", sa.Column("settings", sa.Text, nullable=False, server_default="{}"))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("answers", "settings")
    op.drop_column("notebooks", "answering")
