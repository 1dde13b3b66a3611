"""Tells other processes that something changed, once it is committed."""

from enum import StrEnum

import orjson
from sqlalchemy import Connection, text

#: The channel of LISTEN and NOTIFY.
CHANNEL = "tierwise"


class Topic(StrEnum):
    """What changed."""

    #: Another release is in force.
    RELEASE = "release"
    #: Other models are in force.
    MODELS = "models"
    #: A key was revoked or changed.
    KEY = "key"
    #: Sessions of a person were ended; the name is the account's id.
    SESSION = "session"
    #: A certificate or a sign-off came or went.
    CERTIFICATES = "certificates"
    #: An item was decided; the name is its id.
    DECIDED = "decided"


def notify(connection: Connection, topic: Topic, name: str) -> None:
    """Tell all who listen, with the commit."""
    connection.execute(
        text("SELECT pg_notify(:channel, :payload)"),
        {"channel": CHANNEL, "payload": orjson.dumps([topic.value, name]).decode()},
    )
