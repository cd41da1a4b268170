"""Run migrations on the connection that ``rag.database`` hands over; logging is left as it is."""

from alembic import context

from rag.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
