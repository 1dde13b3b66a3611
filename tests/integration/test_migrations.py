"""A migrated database has the tables that the code speaks of."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from queues.store.session import Store
from queues.store.tables import metadata


def test_migrations_make_the_tables_of_the_code(store: Store) -> None:
    """The same columns, types, keys and indexes; partitions are known by their tables."""
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables,
            },
        )
        assert compare_metadata(context, metadata) == []
