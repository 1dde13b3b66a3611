"""Where the action of a decision stands."""

from enum import StrEnum


class ActionState(StrEnum):
    """States of rows of `actions`."""

    #: A worker will carry it out.
    PENDING = "pending"
    #: It was carried out.
    ENFORCED = "enforced"
    #: Another decision replaced it before it was; it never was.
    SUPERSEDED = "superseded"
