"""Keep which parts each notebook uses."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; notebooks that are there use the parts of the settings."""
    op.add_column("notebooks", sa.Column("parts", sa.Text, nullable=False, server_default="{}"))
