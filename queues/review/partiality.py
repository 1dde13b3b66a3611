"""Nobody checks what they decided themselves, also where they were handed both before."""

from typing import Final

from sqlalchemy import Connection, text

from queues.errors import Conflict
from queues.review.claims import UNBIASED
from queues.review.docket import Docket

_UNBIASED: Final = text(f"SELECT {UNBIASED} FROM cases WHERE cases.id = :case")  # noqa: S608 - made of constants


def refuse_partial(connection: Connection, docket: Docket, reviewer: str) -> None:
    """Refuse somebody who voted on the item in another case since they claimed this one.

    Args:
        connection: The docket was locked in it, so that no such vote can come meanwhile.
        docket: What they are about to decide.
        reviewer: Who.

    Raises:
        Conflict: it is for others; it can be given back.
    """
    given = {"case": docket.id, "reviewer": reviewer}
    if not connection.execute(_UNBIASED, given).scalar_one():
        what, why = (
            f"case `{docket.id}`",
            "you voted on its item, or on a duplicate, in another case; give it back",
        )
        raise Conflict(what, why)
