"""What ends a certificate, altogether or in a language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from engine.certifying import Hashes, State, state_of
from queues.certifying.alarms import Alarms
from queues.certifying.keeping import End, Kept
from queues.certifying.monitoring import Sampled, alarm_of, languages_of, samples_of
from queues.certifying.series import series_of
from queues.sections import Certifying


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What speaks against a certificate."""

    ended_by: End | None = None
    """None: nothing ends it."""
    why: str = ""
    """In words where something does."""
    languages: Mapping[str, str] = field(default_factory=dict)
    """In which it does not hold any more, beside those before; each with why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Looks for all that ends certificates, at one moment."""

    connection: Connection
    alarms: Alarms
    given: Certifying
    now: datetime

    def over(self, rule: str, kept: Kept, binding: Hashes | None) -> Ending:
        """What speaks against a certificate, whatever ended it before.

        Args:
            rule: Its rule.
            kept: It.
            binding: What the rule matches now; None: it does not decide by itself.
        """
        if binding is None:
            return Ending(ended_by=End.CHANGED, why="the rule does not decide by itself any more")
        standing = state_of(kept.certificate, binding, self.now, alarms=())
        if standing.state is State.EXPIRED:
            return Ending(ended_by=End.EXPIRED, why=standing.why)
        if standing.state is State.REVOKED:
            return Ending(ended_by=End.CHANGED, why=standing.why)
        return self._alarmed(rule, kept) or self._sampled(rule, kept, binding)

    def _alarmed(self, rule: str, kept: Kept) -> Ending | None:
        """Whether what it matches has moved since its labels came."""
        certificate = kept.certificate
        since = series_of(self.connection, rule, certificate.hashes).since
        alarm = self.alarms.against(rule, since, certificate.issued)
        return None if alarm is None else Ending(ended_by=End.ALARM, why=alarm.words)

    def _sampled(self, rule: str, kept: Kept, binding: Hashes) -> Ending:
        """What people said of what it decided alone; languages that it left are left out."""
        limit = kept.certificate.limit
        found = samples_of(self.connection, rule, binding, kept.certificate.issued)
        samples = _without(found, kept.withheld)
        languages = languages_of(samples, limit, self.given)
        others = _without(samples, languages)
        alarm = alarm_of(others, limit, self.given)
        if languages and not others:
            alarm = "; ".join(sorted(languages.values()))
        if alarm is not None:
            return Ending(ended_by=End.ALARM, why=alarm)
        if limit > self.given.error_limit:
            asked = f"an error below {self.given.error_limit:.4g} is asked"
            return Ending(ended_by=End.TERMS, why=f"{asked}, and {limit:.4g} was promised")
        return Ending(languages=languages)


def _without(samples: list[Sampled], languages: Mapping[str, str]) -> list[Sampled]:
    return [each for each in samples if each.language not in languages]
