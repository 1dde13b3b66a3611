"""Locks of Postgres that belong to no row (advisory): each has a number of its own, given here."""

from enum import IntEnum, unique

from sqlalchemy import Connection, text


@unique
class Lock(IntEnum):
    """What only one does at a time."""

    #: Two programs that start together migrate one after the other.
    MIGRATING = 7_205_759_403
    #: What is in force changes step by step.
    ACTIVATING = 7_205_759_404
    #: One process seals the audit chain.
    SEALING = 7_205_759_405
    #: Somebody who may manage people is always left.
    ACCOUNTS = 7_205_759_406
    #: Two runs at once would spend the doubt of certificates twice.
    CERTIFYING = 7_205_759_407
    #: Those who sign off rules and take that back do so one after the other.
    SIGNING_OFF = 7_205_759_408
    #: One training at a time.
    TRAINING = 7_205_759_409
    #: Two shadows of one release would count what they see twice.
    SHADOWING = 7_205_759_410
    #: Two who choose items to learn from would choose twice as many.
    SUGGESTING = 7_205_759_412


def wait_for(connection: Connection, lock: Lock) -> None:
    """Hold a lock until the transaction ends; waits until nobody else does."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock.value})
