"""PostgreSQL and Valkey started here, for whoever has none: see the README beside this file."""

from queues.embedded.postgres import EmbeddedPostgres
from queues.embedded.valkey import EmbeddedValkey

__all__ = ["EmbeddedPostgres", "EmbeddedValkey"]
