"""Items that the machine decided are brought before people because a model learns most from them.

What is chosen so is no random sample: it trains models, and says nothing about all items.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import Connection, text

from engine.rules.model import Policy
from engine.rules.requests import default_queue
from engine.verdict import Priority, Review, Severity, Tier
from queues.learning.candidates import Candidate, candidates
from queues.learning.targets import Target, targets
from queues.learning_settings import Learning
from queues.policies.artefacts import stored_model
from queues.quality.purposes import Purpose
from queues.store.casework import NewCase, add_case
from queues.store.ledger import AuditEvent, record
from queues.store.locks import Lock, wait_for
from queues.store.session import Store

if TYPE_CHECKING:
    from engine.classify.scorer import TextClassifier
    from engine.learning.selection import Suggestion

_BY: Final = "machine:learning"
_DAY: Final = 86_400.0
#: The model in force, and so many before it, differ about what a committee chooses.
_MEMBERS: Final = 3
_log = structlog.get_logger(__name__)

_MADE: Final = text("""
SELECT count(*) FROM suggestions WHERE made_at > now() - interval '24 hours'
""")
# What nobody took in its day makes room for what is newer; whoever is at one may finish it.
_GIVE_UP: Final = text("""
UPDATE cases SET state = 'withdrawn', closed_at = now()
WHERE id IN (
    SELECT id FROM cases WHERE state IN ('waiting', 'open') AND due_at < now()
        AND purpose = 'learning' AND tier = 'single' AND commit_at IS NULL
        AND NOT EXISTS (SELECT FROM votes WHERE votes.case_id = cases.id)
        AND NOT EXISTS (SELECT FROM holds
            WHERE holds.case_id = cases.id AND holds.lease_until >= now())
    FOR UPDATE SKIP LOCKED
)
""")
# Of one name, the last first; the model in force may have come as a file.
_BEFORE: Final = text("""
SELECT models.version, models.artefact FROM models
LEFT JOIN LATERAL (SELECT max(id::text) AS last FROM training_runs
    WHERE challenger = models.version AND state = 'promoted') AS made ON true
WHERE models.version = :champion OR (models.name = :name AND made.last IS NOT NULL)
ORDER BY models.version = :champion DESC, made.last DESC LIMIT :most
""")
# What came before people or went meanwhile is left alone.
_STILL: Final = text("""
SELECT id, now() AS at FROM items WHERE id = ANY(:items) AND state = 'decided'
    AND NOT EXISTS (SELECT FROM cases WHERE cases.item_id = items.id)
ORDER BY id FOR KEY SHARE
""")
_NOTE: Final = text("""
INSERT INTO suggestions (case_id, model, score, strategy, worth, place)
VALUES (:case, :model, :score, :strategy, :worth, :place)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """An item, and why it was chosen."""

    candidate: Candidate = field(repr=False)
    model: str
    score: str
    policy: str
    suggestion: "Suggestion"

    @property
    def why(self) -> dict[str, Any]:
        """As it is written down."""
        return {
            "model": self.model,
            "score": self.score,
            "strategy": self.suggestion.strategy.value,
            "worth": self.suggestion.score,
            "place": self.suggestion.priority,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggesting:
    """Chooses items to learn from, at most so many a day."""

    store: Store
    learning: Learning
    policy: Callable[[], Policy]
    """In force; raises Unavailable where there is none."""

    def suggest(self) -> int:
        """Open cases for what models in force learn most from; says how many.

        Raises:
            Unavailable: there is no release in force, or the database is away.
        """
        with self.store.transaction() as connection:
            connection.execute(_GIVE_UP)
            room = self._room(connection)
        if not room or not self.learning.scores:
            return 0
        policy = self.policy()
        with self.store.read() as connection:
            choices = list(self._choices(connection, policy, room))
        with self.store.transaction() as connection:
            wait_for(connection, Lock.SUGGESTING)
            opened = _open(connection, policy, choices[: self._room(connection)])
        if opened:
            _log.info("items are to be learnt from", opened=opened)
        return opened

    def _room(self, connection: Connection) -> int:
        """How many more there may be today."""
        made: int = connection.execute(_MADE).scalar_one()
        return max(0, self.learning.suggestions - made)

    def _choices(self, connection: Connection, policy: Policy, room: int) -> Iterator[_Choice]:
        """As many as there is room for, each score in its turn."""
        learners = [each for each in targets(connection, self.learning) if each.champion]
        wanted = [(target, score) for target in learners for score in target.scores]
        found = candidates(connection, policy.vocabulary) if wanted else []
        models = {target.name: _models(connection, target) for target in learners if found}
        for place, (target, score) in enumerate(wanted):
            if not found or not room:
                return
            share = ceil(room / (len(wanted) - place))
            mine = self._chosen(found, target, score, models[target.name], share)
            yield from mine
            room -= len(mine)
            taken = {choice.candidate.item_id for choice in mine}
            found = [each for each in found if each.item_id not in taken]

    def _chosen(
        self,
        found: Sequence[Candidate],
        target: Target,
        score: str,
        models: "Sequence[TextClassifier]",
        wanted: int,
    ) -> list[_Choice]:
        """What is chosen for one score."""
        # Loads scikit-learn, which a worker that chooses nothing does not need.
        from engine.learning.selection import Strategy  # noqa: PLC0415
        from queues.learning.choosing import chosen  # noqa: PLC0415

        strategy = Strategy(self.learning.strategy)
        return [
            _Choice(
                candidate=candidate,
                model=models[0].version,
                score=score,
                policy=target.scores[score][0],
                suggestion=suggestion,
            )
            for candidate, suggestion in chosen(found, score, models, strategy, wanted)
        ]


def _models(connection: Connection, target: Target) -> "list[TextClassifier]":
    """The model in force, then those that were under its name before."""
    given = {"champion": target.champion, "name": target.name, "most": _MEMBERS}
    rows = connection.execute(_BEFORE, given)
    return [stored_model(row.version, row.artefact) for row in rows]


def _open(connection: Connection, policy: Policy, choices: Sequence[_Choice]) -> int:
    """A case for each item that nobody has looked at meanwhile."""
    items = sorted(choice.candidate.item_id for choice in choices)
    still = {row.id: row.at for row in connection.execute(_STILL, {"items": items})}
    queue = default_queue(Tier.SINGLE, policy.vocabulary.queues)
    name = Tier.SINGLE.value if queue is None else queue.name
    opened = 0
    for choice in choices:
        case = _case(choice, name)
        if choice.candidate.item_id in still and add_case(connection, case):
            connection.execute(_NOTE, {"case": case.id, **choice.why})
            record(connection, [_audited(choice, case, still[case.item_id])])
            opened += 1
    return opened


def _case(choice: _Choice, queue: str) -> NewCase:
    """For one reviewer, blind, after all that is more urgent."""
    candidate, purpose = choice.candidate, Purpose.LEARNING.value
    review = Review(
        tier=Tier.SINGLE,
        queue=queue,
        priority=Priority.LOW,
        due_in=_DAY,
        reason=purpose,
        rule=purpose,
    )
    return NewCase(
        item_id=candidate.item_id,
        verdict_id=candidate.verdict_id,
        purpose=purpose,
        review=review,
        policy=choice.policy,
        severity=Severity.MEDIUM,
        language=candidate.language,
        # However many see it: what the machine decided stands, and nothing is at stake.
        reach=0.0,
        content=candidate.content,
    )


def _audited(choice: _Choice, case: NewCase, at: datetime) -> AuditEvent:
    return AuditEvent(
        at=at,
        actor=_BY,
        kind="case.suggested",
        item_id=case.item_id,
        subject=str(case.id),
        details=choice.why,
    )
