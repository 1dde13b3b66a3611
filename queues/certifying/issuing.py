"""One run of the certifier: what ends, what holds again, and what is tested now."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import structlog
from sqlalchemy import Connection

from engine.certifying import Hashes, Look, Period, Sample, certify_rule, parts
from queues.certifying import keeping
from queues.certifying.ending import Watch
from queues.certifying.keeping import End, Kept
from queues.certifying.series import Series, keep, series_of, terms_of
from queues.certifying.standing import Known, permit
from queues.ids import id_floor, new_id
from queues.sections import Certifying
from queues.store.events import EventKind, NewEvent, emit
from queues.store.ledger import AuditEvent, record
from queues.store.notices import Topic, notify

_MACHINE: Final = "machine"

_log = structlog.get_logger(__name__)


@dataclass(kw_only=True)
class Run:
    """One run, in one transaction."""

    connection: Connection
    bindings: Mapping[str, Hashes]
    given: Certifying
    now: datetime
    watch: Watch
    issued: dict[str, str] = field(default_factory=dict)
    narrowed: dict[str, str] = field(default_factory=dict)
    revoked: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def go(self, rules: set[str] | None) -> None:
        """End what holds no more, then look at the labels of what has no certificate."""
        self._end()
        self._begin_again()
        known = Known(
            read_at=self.now,
            looked_at=self.now,
            certificates=keeping.certificates(self.connection),
            sign_offs={},
        )
        for rule, binding in self.bindings.items():
            if rules is not None and rule not in rules:
                continue
            if not permit(rule, binding, self.now, known, self.given).permission.may_act:
                self._look(rule, binding)
        keeping.look(self.connection, self.now)
        if self.issued or self.narrowed or self.revoked:
            notify(self.connection, Topic.CERTIFICATES, "")

    def _end(self) -> None:
        """End certificates that hold no more, and take out languages in which they do not."""
        for rule, kept in keeping.certificates(self.connection).items():
            if kept.ended_by is not None:
                continue
            found = self.watch.over(rule, kept, self.bindings.get(rule))
            if found.ended_by is not None:
                self._revoke(rule, kept, found.ended_by, found.why)
            else:
                self._withhold(rule, kept, found.languages)

    def _begin_again(self) -> None:
        """What was earned holds again where a rule is again what it was: no new test is made."""
        standing = keeping.certificates(self.connection)
        for rule, binding in self.bindings.items():
            if rule in standing and standing[rule].ended_by is None:
                continue
            kept = keeping.certificate_of(self.connection, rule, binding)
            if kept is None or kept.ended_by is not End.CHANGED:
                continue
            found = self.watch.over(rule, kept, binding)
            if found.ended_by in {End.ALARM, End.EXPIRED}:
                # It would not have lasted, had its rule stayed what it was.
                self._revoke(rule, kept, found.ended_by, found.why)
            elif found.ended_by is None:
                why = "the rule is again what was certified"
                keeping.begin_again(self.connection, kept.id)
                self.issued[rule] = why
                _tell(self.connection, EventKind.CERTIFICATE_ISSUED, rule, kept, why, self.now)
                self._withhold(rule, kept, found.languages)

    def _revoke(self, rule: str, kept: Kept, ended_by: End, why: str) -> None:
        keeping.end(self.connection, kept.id, ended_by, why)
        self._start_anew(rule, kept, ended_by)
        self.revoked[rule] = why
        _tell(self.connection, EventKind.CERTIFICATE_REVOKED, rule, kept, why, self.now)

    def _withhold(self, rule: str, kept: Kept, languages: Mapping[str, str]) -> None:
        if languages:
            keeping.withhold(self.connection, kept.id, languages)
            self._narrow(rule, kept, languages)

    def _narrow(self, rule: str, kept: Kept, languages: Mapping[str, str]) -> None:
        why = "; ".join(f"{_language(name)}: {said}" for name, said in sorted(languages.items()))
        self.narrowed[rule] = why
        left = replace(kept, withheld={**kept.withheld, **languages})
        _tell(self.connection, EventKind.CERTIFICATE_NARROWED, rule, left, why, self.now)

    def _start_anew(self, rule: str, kept: Kept, ended_by: End) -> None:
        """Let only labels of new cases count, where the old ones speak for another time."""
        if ended_by not in {End.ALARM, End.EXPIRED}:
            return
        series = series_of(self.connection, rule, kept.certificate.hashes)
        # After an alarm it is the same promise that is tried again, so what was spent is spent.
        spent = 0 if ended_by is End.EXPIRED else series.spent
        keep(self.connection, series, since=id_floor(self.now), spent=spent, before=0)

    def _series(self, rule: str, binding: Hashes) -> Series:
        """The labels of a rule; what an alarm speaks against counts no more."""
        series = series_of(self.connection, rule, binding)
        since = self.watch.alarms.after(rule, series.since)
        if since is None:
            return series
        keep(self.connection, series, since=since, spent=series.spent, before=0)
        return series_of(self.connection, rule, binding)

    def _look(self, rule: str, binding: Hashes) -> None:
        """Test a rule, if it has as many labels as the next look takes."""
        series = self._series(rule, binding)
        due = series.next_look(self.given)
        if len(series.items) < due.labels:
            return
        keep(self.connection, series, since=series.since, spent=due.number, before=due.labels)
        ends = self.now + timedelta(days=self.given.valid_days)
        outcome = certify_rule(
            rule,
            _sample(series, due.labels),
            due.terms,
            hashes=binding,
            # Nothing is trained on labels, and their models are older than their items.
            used={},
            period=Period(issued=self.now, expires=ends),
        )
        if outcome.certificate is None:
            self._fail(rule, due, outcome.why)
            return
        languages = _bad(series, due.labels, self.given)
        new = Kept(
            id=new_id(),
            certificate=outcome.certificate,
            ended_by=None,
            why=None,
            withheld=languages,
        )
        keeping.add(self.connection, new)
        self.issued[rule] = outcome.why
        _tell(self.connection, EventKind.CERTIFICATE_ISSUED, rule, new, outcome.why, self.now)
        if languages:
            self._narrow(rule, new, languages)

    def _fail(self, rule: str, due: Look, why: str) -> None:
        self.failed[rule] = why
        details = {"look": due.number, "labels": due.labels, "why": why}
        event = AuditEvent(
            at=self.now,
            actor=_MACHINE,
            kind="certificate.not_earned",
            subject=rule,
            details=details,
        )
        record(self.connection, [event])


def _bad(series: Series, labels: int, given: Certifying) -> dict[str, str]:
    """Languages in which a rule surely errs more often than it may, by labels that certify it."""
    terms = terms_of(given)
    named = zip(series.languages[:labels], series.wrong[:labels], strict=True)
    return {
        part.name: f"{part.errors} errors in {part.labels} labels: surely above {terms.limit:.4g}"
        for part in parts(named, terms)
        if part.above
    }


def _language(name: str) -> str:
    return f"`{name}`" if name else "no language told"


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
        "withheld": sorted(kept.withheld),
        "why": why,
    }
    emit(connection, [NewEvent(kind=kind.value, item_id=None, payload=about)])
    event = AuditEvent(at=now, actor=_MACHINE, kind=kind.value, subject=rule, details=about)
    record(connection, [event])
    _log.info(kind.value, rule=rule, why=why)
