"""What keeps a release from acting on anybody: failing tests, too few eyes, cases without a queue.

What speaks against it can be set aside with a reason, which is written down; too few eyes cannot.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text

from engine.rules.model import Policy
from queues.access import PERSON
from queues.errors import Conflict
from queues.releasing.steps import Step, Stepped, add_step
from queues.releasing.testing import Tested

_QUEUES: Final = text("""
SELECT queue, count(*) AS cases FROM cases WHERE state IN ('waiting', 'open')
GROUP BY queue ORDER BY queue
""")
_NAMED: Final = 5


def eyes(steps: list[Stepped], author: str, by: str | None) -> set[str]:
    """Who stands behind a release beside its author.

    Args:
        steps: Of the release.
        author: Who published it.
        by: Who is about to bring it into force; a program or command counts for whoever runs it.
    """
    seen = {each.by for each in steps if each.step is Step.APPROVED} - {author}
    if by is not None and (by != author or not by.startswith(PERSON)):
        seen.add(by)
    return seen


def check_eyes(what: str, seen: set[str], needed: int) -> None:
    """Refuse what too few stand behind; raises Conflict."""
    if len(seen) < needed:
        why = (
            f"it needs {needed} beside its author who stand behind it, and has {len(seen)}; "
            "somebody else has to approve it"
        )
        raise Conflict(what, why)


def obstacles(connection: Connection, tested: Tested, policy: Policy) -> Iterator[str]:
    """What speaks against bringing a release into force, in words."""
    if tested.failed:
        more = ", …" if tested.failed > _NAMED else ""
        named = ", ".join(tested.failures[:_NAMED])
        yield f"{tested.failed} of its tests fail ({named}{more})"
    known = policy.vocabulary.queues
    for row in connection.execute(_QUEUES):
        if row.queue not in known:
            yield f"it has no queue `{row.queue}`, in which {row.cases} cases wait"


def set_aside(
    connection: Connection, name: str, against: list[str], despite: str | None, *, by: str
) -> None:
    """Refuse what something speaks against, or write down why it goes on; raises Conflict."""
    if not against:
        return
    if despite is None:
        why = f"{'; '.join(against)}. Mend it, or say with `despite` why it goes on all the same"
        what = f"release `{name}`"
        raise Conflict(what, why)
    add_step(connection, name, Step.EXCEPTED, by=by, note=despite, details={"despite": against})


def strange_to(policy: Policy, control: Policy) -> list[str]:
    """Names that a release gives to cases, and that the one in force does not know.

    People work the cases of both by the vocabulary that is in force.
    """
    ours, known = policy.vocabulary, control.vocabulary
    return [
        f"{kind} `{name}`"
        for kind, mine, theirs in (
            ("queue", ours.queues, known.queues),
            ("reason", ours.reasons, known.reasons),
            ("action", ours.actions, known.actions),
        )
        for name in sorted(set(mine) - set(theirs))
    ]
