"""Keep conversations, the versions of an answer, what was searched for, and why an answer was not good."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TITLE = 80
_COLUMNS = ("conversation_id", "turn", "searched", "reason", "comment")


def upgrade() -> None:
    """Create the table; what a notebook was asked so far becomes one conversation."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("notebook_id", sa.Integer, sa.ForeignKey("notebooks.id", ondelete="CASCADE"), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_conversations_notebook", "conversations", ["notebook_id"])
    op.add_column("answers", sa.Column("turn", sa.Integer, nullable=False, server_default="0"))
    op.add_column("answers", sa.Column("searched", sa.Text, nullable=False, server_default=""))
    op.add_column("answers", sa.Column("reason", sa.String(16), nullable=False, server_default=""))
    op.add_column("answers", sa.Column("comment", sa.Text, nullable=False, server_default=""))
    # Written out, as Alembic would copy the table for the sake of the reference, and what refers to it would be lost.
    op.execute("ALTER TABLE answers ADD COLUMN conversation_id INTEGER REFERENCES conversations (id)")
    _gather(op.get_bind())
    op.create_index("ix_answers_conversation", "answers", ["conversation_id"])


def _gather(connection: sa.Connection) -> None:
    first = sa.text("SELECT notebook_id, question, asked_at, MIN(id) FROM answers GROUP BY notebook_id")
    for notebook_id, question, asked_at, _ in connection.execute(first).all():
        line = " ".join(question.split())
        title = line if len(line) <= TITLE else line[:TITLE].rsplit(" ", 1)[0] + "…"
        values = {"notebook": notebook_id, "title": title, "at": asked_at}
        made = sa.text("INSERT INTO conversations (notebook_id, title, created_at) VALUES (:notebook, :title, :at)")
        connection.execute(made, values)
    connection.execute(
        sa.text(
            "UPDATE answers SET conversation_id ="
            " (SELECT c.id FROM conversations c WHERE c.notebook_id = answers.notebook_id)"
        )
    )


def downgrade() -> None:
    """Drop the table and the columns; every answer stays."""
    op.drop_index("ix_answers_conversation", "answers")
    for name in _COLUMNS:
        op.drop_column("answers", name)
    op.drop_table("conversations")
