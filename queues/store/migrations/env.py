"""Runs migrations inside the transaction that `migrating.migrate` opened."""

from alembic import context

from queues.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
