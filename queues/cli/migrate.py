"""The command that prepares a database."""

from contextlib import closing
from typing import Annotated

import typer

from queues.bootstrap import Services
from queues.settings import load_settings
from queues.store import migrating
from queues.store.granting import grant as grant_to


def migrate(
    *,
    grant: Annotated[
        str | None,
        typer.Option(help="Let this role of the database run the service, and only add to audits."),
    ] = None,
) -> None:
    """Bring the database to the present form of its tables.

    Once before the first start and once after every upgrade; doing it again does no harm. It also
    prepares the partitions of the days to come. After a restore it lets the audit chain go on.

    Examples:
      tierwise migrate
      tierwise migrate --grant tierwise_app
      TIERWISE_DATABASE__URL=postgresql://me@db.example.org/tierwise tierwise migrate
    """
    with closing(Services(load_settings())) as here:
        migrating.migrate(here.store.url)
        if grant is not None:
            with here.store.transaction() as connection:
                grant_to(connection, grant)
    typer.echo("the database is up to date")
