"""Brings a database to the present form of the tables."""

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from queues.store.locks import Lock, wait_for
from queues.store.partitions import prepare_days
from queues.store.renumbering import continue_transactions
from queues.store.session import Store


def migrate(url: str) -> None:
    """Apply the migrations that are missing, and prepare the days to come.

    Raises:
        Unavailable: the database cannot be reached.
    """
    store = Store(url, connections=1)
    try:
        with store.transaction() as connection:
            wait_for(connection, Lock.MIGRATING)
            with as_file(files("queues.store") / "migrations") as folder:
                command.upgrade(_config(str(folder), connection), "head")
            continue_transactions(connection)
            today = connection.execute(text("SELECT (now() AT TIME ZONE 'UTC')::date")).scalar_one()
            prepare_days(connection, today)
    finally:
        store.close()


def _config(folder: str, connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", folder)
    config.attributes["connection"] = connection
    return config
