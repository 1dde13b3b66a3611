"""Migrations, applied in order by `tierwise migrate`."""
