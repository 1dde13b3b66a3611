"""What this machine's Postgres does at most: pgbench writes items and messages, nothing else."""

import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg
from sqlalchemy.engine import make_url

from queues.embedded.binaries import find_postgres

_TABLES: Final = (
    (
        "CREATE TABLE ceiling_item (id uuid PRIMARY KEY DEFAULT uuidv7(), sender_id text UNIQUE,"
        " body json)"
    ),
    (
        "CREATE TABLE ceiling_outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        " item uuid, at timestamptz DEFAULT now())"
    ),
)
_BODY: Final = '{"id": "12345678", "text": "%s"}' % ("a short comment of common length " * 3)[:84]  # noqa: UP031 - braces
_INSERT: Final = (
    "WITH added AS (INSERT INTO ceiling_item (sender_id, body)"
    " SELECT gen_random_uuid()::text, '{body}' FROM generate_series(1, {rows}) RETURNING id)"
    " INSERT INTO ceiling_outbox (item) SELECT id FROM added;\n"
)
_RATE: Final = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


def ceiling(url: str, *, rows: int, clients: int, seconds: int) -> float:
    """Items a second that pgbench writes, each with a message, `rows` in a transaction."""
    place = make_url(url).set(drivername="postgresql")
    with psycopg.connect(place.render_as_string(hide_password=False), autocommit=True) as admin:
        for statement in _TABLES:
            admin.execute(statement.encode())
        try:
            return _pgbench(url, rows=rows, clients=clients, seconds=seconds) * rows
        finally:
            admin.execute("DROP TABLE ceiling_item, ceiling_outbox")


def _pgbench(url: str, *, rows: int, clients: int, seconds: int) -> float:
    place = make_url(url)
    with TemporaryDirectory() as folder:
        script = Path(folder, "insert.sql")
        script.write_text(_INSERT.format(body=_BODY, rows=rows), encoding="utf-8")
        done = subprocess.run(
            [
                str(find_postgres().postgres.with_name("pgbench")),
                *("--host", str(place.host), "--port", str(place.port)),
                *("--username", str(place.username), "--no-vacuum"),
                *("--client", str(clients), "--jobs", "2", "--time", str(seconds)),
                *("--file", str(script), str(place.database)),
            ],
            env={"PGPASSWORD": str(place.password or "")},
            capture_output=True,
            text=True,
            check=True,
        )
    found = _RATE.search(done.stdout)
    if found is None:
        message = f"pgbench said no rate: {done.stdout}"
        raise RuntimeError(message)
    return float(found.group(1))
