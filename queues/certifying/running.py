"""Issues certificates when labels allow it, and ends them when they hold no more.

One run does everything, under a lock: two runs at once would spend the doubt twice.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import structlog
from sqlalchemy import Connection

from engine.certifying import Hashes, Period, Sample, State, certify_rule, state_of
from queues.certifying import keeping
from queues.certifying.drawing import draw, label
from queues.certifying.keeping import End, Kept
from queues.certifying.monitoring import Samples, alarm_of
from queues.certifying.series import Series, keep, series_of
from queues.certifying.standing import Known, permit
from queues.ids import id_floor, new_id
from queues.quality.blinding import Blinding
from queues.sections import Certifying
from queues.store.events import EventKind, NewEvent, emit
from queues.store.ledger import AuditEvent, record
from queues.store.locks import Lock, wait_for
from queues.store.notices import Topic, notify
from queues.store.session import Store

_MACHINE: Final = "machine"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a run did, or would do."""

    drawn: int = 0
    """Labels that were drawn."""
    labelled: int = 0
    """Of which it is known now what people said, or that nobody will."""
    issued: Mapping[str, str] = field(default_factory=dict)
    """Rule → in words."""
    revoked: Mapping[str, str] = field(default_factory=dict)
    """Rule → why."""
    failed: Mapping[str, str] = field(default_factory=dict)
    """Rule → why the look that was due did not pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certifier:
    """Sees to certificates."""

    store: Store
    bindings: Callable[[], Mapping[str, Hashes]]
    """Of the rules in force that decide by themselves; raises Unavailable where none are."""
    blinding: Blinding
    given: Certifying

    def reserve(self) -> int:
        """Draw alone, before somebody learns from what was decided; off: nothing.

        Raises:
            Unavailable: the database is away, or no release is in force.
        """
        if not self.given.on:
            return 0
        bindings = self.bindings()
        with self.store.transaction() as connection:
            wait_for(connection, Lock.CERTIFYING)
            return draw(connection, list(bindings), self.blinding)

    def run(self, rules: Iterable[str] | None = None, *, dry: bool = False) -> Done:
        """Draw, count, end and issue what can be now; off: nothing.

        Args:
            rules: Look at the labels of these alone; None: of all.
            dry: Change nothing, and say what would be done. A look that is not due is never made.

        Raises:
            Unavailable: the database is away, or no release is in force.
        """
        if not self.given.on:
            return Done()
        bindings = self.bindings()
        run = _Run(bindings=bindings, given=self.given)
        with self.store.transaction() as connection, connection.begin_nested() as work:
            wait_for(connection, Lock.CERTIFYING)
            drawn = draw(connection, list(bindings), self.blinding)
            labelled = label(connection)
            run.go(connection, None if rules is None else set(rules))
            if dry:
                work.rollback()
        return Done(
            drawn=drawn,
            labelled=labelled,
            issued=run.issued,
            revoked=run.revoked,
            failed=run.failed,
        )


@dataclass(kw_only=True)
class _Run:
    """One run, in one transaction."""

    bindings: Mapping[str, Hashes]
    given: Certifying
    issued: dict[str, str] = field(default_factory=dict)
    revoked: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def go(self, connection: Connection, rules: set[str] | None) -> None:
        """End what holds no more, then look at the labels of what has no certificate."""
        now = keeping.now(connection)
        kept = keeping.certificates(connection)
        self._end(connection, kept, now)
        kept = keeping.certificates(connection)
        self._begin_again(connection, kept, now)
        known = Known(read_at=now, certificates=keeping.certificates(connection), sign_offs={})
        for rule, binding in self.bindings.items():
            if rules is not None and rule not in rules:
                continue
            if not permit(rule, binding, now, known, self.given).permission.may_act:
                self._look(connection, rule, binding, now)
        if self.issued or self.revoked:
            notify(connection, Topic.CERTIFICATES, "")

    def _end(self, connection: Connection, kept: Mapping[str, Kept], now: datetime) -> None:
        standing = {rule: each for rule, each in kept.items() if each.ended_by is None}
        if not standing:
            return
        samples = Samples(connection, min(each.certificate.issued for each in standing.values()))
        for rule, each in standing.items():
            found = self._ended(rule, each, samples, now)
            if found is None:
                continue
            ended_by, why = found
            keeping.end(connection, each.id, ended_by, why)
            self._start_anew(connection, rule, each, ended_by, now)
            self.revoked[rule] = why
            _tell(connection, EventKind.CERTIFICATE_REVOKED, rule, each, why, now)

    def _ended(
        self, rule: str, kept: Kept, samples: Samples, now: datetime
    ) -> tuple[End, str] | None:
        """What ends a certificate now, and why."""
        certificate, binding = kept.certificate, self.bindings.get(rule)
        if binding is None:
            return End.CHANGED, "the rule does not decide by itself any more"
        alarm = alarm_of(
            samples.of(rule, binding, certificate.issued), certificate.limit, self.given
        )
        standing = state_of(certificate, binding, now, alarms=() if alarm is None else (alarm,))
        if standing.state is State.EXPIRED:
            return End.EXPIRED, standing.why
        if alarm is not None:
            return End.ALARM, alarm
        if standing.state is State.REVOKED:
            return End.CHANGED, standing.why
        if certificate.limit > self.given.error_limit:
            asked = f"an error below {self.given.error_limit:.4g} is asked"
            return End.TERMS, f"{asked}, and {certificate.limit:.4g} was promised"
        return None

    def _start_anew(
        self, connection: Connection, rule: str, kept: Kept, ended_by: End, now: datetime
    ) -> None:
        """Let only labels of new cases count, where the old ones speak for another time."""
        if ended_by not in {End.ALARM, End.EXPIRED}:
            return
        series = series_of(connection, rule, kept.certificate.hashes)
        # After an alarm it is the same promise that is tried again, so what was spent is spent.
        spent = 0 if ended_by is End.EXPIRED else series.spent
        keep(connection, series, since=id_floor(now), spent=spent, before=0)

    def _begin_again(self, connection: Connection, kept: Mapping[str, Kept], now: datetime) -> None:
        """What was earned holds again where a rule is again what it was: no new test is made."""
        for rule, each in kept.items():
            binding = self.bindings.get(rule)
            if each.ended_by is not End.CHANGED or binding is None:
                continue
            fits = state_of(each.certificate, binding, now, alarms=()).state is State.VALID
            if fits and each.certificate.limit <= self.given.error_limit:
                why = "the rule is again what was certified"
                keeping.begin_again(connection, [each.id])
                self.revoked.pop(rule, None)
                self.issued[rule] = why
                _tell(connection, EventKind.CERTIFICATE_ISSUED, rule, each, why, now)

    def _look(self, connection: Connection, rule: str, binding: Hashes, now: datetime) -> None:
        """Test a rule, if it has as many labels as the next look takes."""
        series = series_of(connection, rule, binding)
        due = series.next_look(self.given)
        if len(series.items) < due.labels:
            return
        keep(connection, series, since=series.since, spent=due.number, before=due.labels)
        ends = now + timedelta(days=self.given.valid_days)
        outcome = certify_rule(
            rule,
            _sample(series, due.labels),
            due.terms,
            hashes=binding,
            used={},
            period=Period(issued=now, expires=ends),
        )
        if outcome.certificate is None:
            self.failed[rule] = outcome.why
            details = {"look": due.number, "labels": due.labels, "why": outcome.why}
            kind = "certificate.not_earned"
            record(
                connection,
                [AuditEvent(at=now, actor=_MACHINE, kind=kind, subject=rule, details=details)],
            )
            return
        new = Kept(id=new_id(), certificate=outcome.certificate, ended_by=None, why=None)
        keeping.add(connection, new.id, outcome.certificate)
        self.issued[rule] = outcome.why
        _tell(connection, EventKind.CERTIFICATE_ISSUED, rule, new, outcome.why, now)


def _sample(series: Series, labels: int) -> Sample:
    return Sample(
        ids=series.items[:labels],
        scores=np.zeros(labels),
        wrong=np.array(series.wrong[:labels], dtype=np.bool_),
    )


def _tell(
    connection: Connection, kind: EventKind, rule: str, kept: Kept, why: str, now: datetime
) -> None:
    """Tell receivers and the audit what became of a certificate."""
    certificate = kept.certificate
    about = {
        "certificate_id": kept.id,
        "rule": rule,
        "release": certificate.hashes.release,
        "model": certificate.hashes.model,
        "labels": certificate.labels,
        "errors": certificate.errors,
        "error_limit": certificate.limit,
        "doubt": certificate.doubt,
        "sample_hash": certificate.sample_hash,
        "expires_at": certificate.expires,
        "why": why,
    }
    emit(connection, [NewEvent(kind=kind.value, item_id=None, payload=about)])
    event = AuditEvent(at=now, actor=_MACHINE, kind=kind.value, subject=rule, details=about)
    record(connection, [event])
    _log.info(kind.value, rule=rule, why=why)
