"""What this process knows of certificates and sign-offs, taken into use when they change.

It is read again with each notice and every few seconds. Nothing of it is believed longer than
`certifying.patience`: a process that cannot ask lets no rule act.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from engine.certifying import Hashes
from engine.rules.model import Policy
from queues.certifying import keeping
from queues.certifying.bindings import Models, bindings_of
from queues.certifying.standing import Known, permit
from queues.errors import Unavailable
from queues.listening import Listener
from queues.permitting import Standing
from queues.sections import Certifying
from queues.store.notices import Topic
from queues.store.session import Store
from queues.watching import Watcher

#: Seconds between looks, where no notice comes.
POLL: Final = 5.0
_UNKNOWN: Final = "certificates and sign-offs cannot be read"

_log = structlog.get_logger(__name__)


class Licences:
    """Holds what is known; any thread may ask."""

    def __init__(
        self,
        store: Store,
        given: Certifying,
        *,
        listener: Listener | None = None,
        poll: float = POLL,
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            store: Where they are kept.
            given: What is asked of rules.
            listener: Tells of changes at once; to be started by whoever made it.
            poll: Seconds between looks all the same.
        """
        self.given = given
        self._store = store
        self._poll = poll
        self._known: Known | None = None
        self._looked = 0.0
        self._watcher = Watcher("certificates", self.refresh, poll=poll)
        if listener is not None:
            wake = self._watcher.wake
            listener.subscribe(Topic.CERTIFICATES, wake, missed=wake)

    @property
    def known(self) -> Known | None:
        """What was last read; None: nothing yet."""
        return self._known

    def of(self, policy: Policy, models: Models) -> "ReleaseLicence":
        """The licence of a release, with the classifiers beside it."""
        return ReleaseLicence(self, policy, bindings_of(policy, models))

    def refresh(self) -> None:
        """Read what is kept now; raises Unavailable, and then all stays as it was."""
        with self._store.read() as connection:
            self._known = Known(
                read_at=keeping.now(connection),
                looked_at=keeping.looked_at(connection),
                certificates=keeping.certificates(connection),
                sign_offs=keeping.sign_offs(connection),
            )

    def keep_current(self) -> None:
        """Read again what is old, where no thread does; what cannot be read grows older."""
        if self._watcher.alive and self._known is not None:
            return
        if self._known is None or time.monotonic() - self._looked >= self._poll:
            self._looked = time.monotonic()
            try:
                self.refresh()
            except Unavailable as problem:
                _log.warning("cannot read certificates", reason=str(problem))

    def watch(self) -> None:
        """Follow changes from now on, in a thread of its own; to be called after any fork."""
        self._watcher.start()

    def close(self) -> None:
        """Stop following."""
        self._watcher.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """An answer, and how long it is one."""

    known: Known | None
    since: datetime
    until: datetime
    standing: Standing


class ReleaseLicence:
    """Which rules of one release may act by themselves."""

    def __init__(self, licences: Licences, policy: Policy, bindings: Mapping[str, Hashes]) -> None:
        self._licences = licences
        self._actions = {name: policy.rules[name].then.action for name in bindings}
        self._bindings = bindings
        self._told: _Told | None = None

    def at(self, moment: datetime) -> Standing:
        """How it stands at a moment; whatever cannot be told may not act."""
        known, told = self._licences.known, self._told
        if told is None or told.known is not known or not told.since <= moment < told.until:
            told = self._told = self._tell(known, moment)
        return told.standing

    def _tell(self, known: Known | None, moment: datetime) -> _Told:
        given = self._licences.given
        patience = timedelta(seconds=given.patience)
        if known is None or moment >= known.read_at + patience:
            why = dict.fromkeys(self._bindings, _UNKNOWN)
            until = moment + timedelta(seconds=1)
            return _Told(known=known, since=moment, until=until, standing=self._standing(why, {}))
        why, by, elsewhere = {}, {}, {}
        for rule, present in self._bindings.items():
            found = permit(rule, present, moment, known, given)
            if found.permission.may_act:
                by[rule] = f"{found.permission.basis} {found.by}"
                elsewhere[rule] = found.withheld
            else:
                why[rule] = found.permission.why
        until = min([known.read_at + patience, *_changes(known, moment, given)])
        standing = self._with_languages(why, by, elsewhere)
        return _Told(known=known, since=moment, until=until, standing=standing)

    def _with_languages(
        self,
        why: Mapping[str, str],
        by: Mapping[str, str],
        elsewhere: Mapping[str, Mapping[str, str]],
    ) -> Standing:
        """How it stands, and how in each language in which a certificate does not hold."""
        found = {}
        for language in {language for each in elsewhere.values() for language in each}:
            bad = {rule: each[language] for rule, each in elsewhere.items() if language in each}
            left = {rule: said for rule, said in by.items() if rule not in bad}
            standing = self._standing({**why, **bad}, left)
            records = {
                rule: {**record, "language": language} if rule in bad else record
                for rule, record in standing.records.items()
            }
            found[language] = replace(standing, records=records)
        return replace(self._standing(why, by), languages=found)

    def _standing(self, why: Mapping[str, str], by: Mapping[str, str]) -> Standing:
        records: dict[str, Mapping[str, object]] = {
            rule: {
                "acts": rule in by,
                "why": by.get(rule) or why[rule],
                "action": self._actions[rule],
                "release": present.release,
                "model": present.model,
            }
            for rule, present in self._bindings.items()
        }
        return Standing(withheld=why, records=records)


def _changes(known: Known, moment: datetime, given: Certifying) -> list[datetime]:
    """Moments to come at which something begins or ends to hold."""
    looked = [known.looked_at] if known.looked_at is not None else []
    believed = [each + timedelta(seconds=given.alarm_patience) for each in looked]
    certified = [kept.certificate for kept in known.certificates.values()]
    periods = [kept.sign_off.period for kept in known.sign_offs.values()]
    moments = [edge for each in certified for edge in (each.issued, each.expires)]
    moments += [edge for each in periods for edge in (each.issued, each.expires)]
    return [edge for edge in (*moments, *believed) if edge > moment]
