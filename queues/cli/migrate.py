"""The command that prepares a database."""

import typer

from queues.bootstrap import Services
from queues.settings import load_settings
from queues.store import migrating


def migrate() -> None:
    """Bring the database to the present form of its tables.

    Once before the first start and once after every upgrade; doing it again does no harm. It also
    prepares the partitions of the days to come.

    Examples:
      tierwise migrate
      TIERWISE_DATABASE__URL=postgresql://me@db.example.org/tierwise tierwise migrate
    """
    migrating.migrate(Services(load_settings()).store.url)
    typer.echo("the database is up to date")
