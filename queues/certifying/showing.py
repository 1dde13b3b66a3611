"""How every rule stands that decides by itself: in figures, and in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import inf
from typing import Final

from sqlalchemy import Connection, text

from engine.certifying import (
    Basis,
    Hashes,
    Terms,
    progress_by_looks,
    upper_limit,
)
from engine.rules.model import Policy
from queues.certifying import keeping
from queues.certifying.keeping import Kept
from queues.certifying.series import Series, series_of, terms_of
from queues.certifying.standing import Known, Permit, permit, unwatched
from queues.ids import id_floor
from queues.sections import Certifying
from queues.store.session import Store

#: Days that the pace of labels is told from.
_DAYS: Final = 7
_PACE: Final = text("""
SELECT rule, release, model, count(*) AS labels FROM certifying_labels
WHERE case_id >= :floor AND NOT left_out GROUP BY 1, 2, 3
""")
_OFF: Final = (
    "Certification is off: every rule acts as it says, without proof that it errs seldom. A new"
    " installation has no labels; sign off what has to act, then set certifying.on."
)


class State(StrEnum):
    """Whether a rule decides by itself."""

    #: Certification is off.
    NOT_ASKED = "not_asked"
    #: By a certificate.
    CERTIFIED = "certified"
    #: By a sign-off.
    SIGNED_OFF = "signed_off"
    #: It has a certificate, which does not count: nobody looked for alarms. One reviewer looks.
    SUSPENDED = "suspended"
    #: One reviewer looks.
    UNCERTIFIED = "uncertified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How a rule stands."""

    rule: str
    policy: str
    action: str
    """What it does by itself."""
    release: str
    """The hash of all that its matches depend on."""
    state: State
    why: str
    """In words."""
    labels: int
    """n: of the certificate, else so far."""
    errors: int
    """k: as n."""
    upper: float | None
    """The error is below with the confidence asked for; of labels so far it is told for planning,
    and is no promise. None: no labels."""
    spent: int
    """Looks that were made; each that comes has less of the doubt."""
    before: int
    """Labels of the last of them, among those that count now."""
    next_look: int | None
    """Labels at which it is tested next; None: it has a certificate."""
    needed: int | None
    """Labels that are missing until the next look."""
    expected: int | None
    """Labels that are missing, if errors go on as so far, until a look would pass; None: out of
    reach."""
    days: float | None
    """Until then, at the pace of the last seven days; None: nobody labels, or out of reach."""
    waiting: int
    """Drawn, and waiting for people."""
    expires: datetime | None
    """Of the certificate or the sign-off that it acts on, or would."""
    withheld: Mapping[str, str]
    """Languages in which one reviewer looks all the same, each with why; empty: those of items that
    tell none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How all rules stand that decide by themselves."""

    on: bool
    words: str
    error_limit: float
    confidence: float
    """Of each rule, after sharing."""
    blind_share: float
    looked_at: datetime | None
    """When somebody last looked for alarms; None: nobody ever did."""
    rules: tuple[Shown, ...]


def overview(
    store: Store,
    policy: Policy,
    bindings: Callable[[], Mapping[str, Hashes]],
    given: Certifying,
) -> Overview:
    """How all rules stand now.

    Args:
        store: Where certificates and labels are.
        policy: In force.
        bindings: Of its rules that decide by themselves.
        given: What is asked of them.
    """
    terms = terms_of(given)
    with store.read() as connection:
        now = keeping.now(connection)
        known = Known(
            read_at=now,
            looked_at=keeping.looked_at(connection),
            certificates=keeping.certificates(connection),
            sign_offs=keeping.sign_offs(connection),
        )
        paces = _paces(connection, now)
        rules = tuple(
            _shown(connection, rule, binding, policy, known, paces, given)
            for rule, binding in bindings().items()
        )
    return Overview(
        on=given.on,
        words=_words(rules, unwatched(known.looked_at, now, given), given) if given.on else _OFF,
        error_limit=terms.limit,
        confidence=1 - terms.doubt,
        blind_share=given.blind_share,
        looked_at=known.looked_at,
        rules=rules,
    )


def seconds_since_look(store: Store) -> float:
    """How long ago somebody last looked for alarms; infinite: nobody ever did."""
    with store.read() as connection:
        now, looked_at = keeping.now(connection), keeping.looked_at(connection)
    return inf if looked_at is None else (now - looked_at).total_seconds()


def _shown(  # noqa: PLR0913, PLR0917 - all that a line is made from
    connection: Connection,
    rule: str,
    binding: Hashes,
    policy: Policy,
    known: Known,
    paces: Mapping[tuple[str, ...], float],
    given: Certifying,
) -> Shown:
    found = permit(rule, binding, known.read_at, known, given)
    series = series_of(connection, rule, binding)
    kept = known.certificates.get(rule)
    certified = found.permission.basis is Basis.CERTIFICATE or found.suspended
    labels, errors = _figures(series, kept if certified else None)
    terms = terms_of(given)
    due = None if certified else series.next_look(given).labels
    pace = paces.get((rule, binding.release or "", binding.model or ""), 0.0)
    further = progress_by_looks(
        labels, errors, terms, spent=series.spent, before=series.before, per_day=pace
    )
    written = policy.rules[rule]
    return Shown(
        rule=rule,
        policy=written.policy,
        action=written.then.action,
        release=binding.release or "",
        state=_state(found, given),
        why=_why(found, labels, errors, terms, due),
        labels=labels,
        errors=errors,
        upper=upper_limit(labels, errors, terms.doubt) if labels else None,
        spent=series.spent,
        before=series.before,
        next_look=due,
        needed=None if due is None else max(0, due - labels),
        expected=None if certified else further.missing,
        days=None if certified else further.days,
        waiting=series.waiting,
        expires=_expires(rule, found, known),
        withheld=found.withheld,
    )


def _figures(series: Series, kept: Kept | None) -> tuple[int, int]:
    if kept is not None:
        return kept.certificate.labels, kept.certificate.errors
    return len(series.wrong), sum(series.wrong)


def _state(found: Permit, given: Certifying) -> State:
    if not given.on:
        return State.NOT_ASKED
    if found.suspended:
        return State.SUSPENDED
    return {
        Basis.CERTIFICATE: State.CERTIFIED,
        Basis.SIGN_OFF: State.SIGNED_OFF,
        Basis.NONE: State.UNCERTIFIED,
    }[found.permission.basis]


def _why(found: Permit, labels: int, errors: int, terms: Terms, due: int | None) -> str:
    """What is to be said of a rule, in words; `due`: the labels of its next look, if any."""
    if due is not None:
        so_far = f"{errors} errors in {labels} labels so far"
        return f"{found.permission.why}; {so_far}; tested next at {due} labels"
    shown = (
        f"{errors} errors in {labels} labels show an error below {terms.limit:.4g} "
        f"with confidence {1 - terms.doubt:.6g}"
    )
    return f"{found.permission.why}; {shown}" if found.suspended else shown


def _expires(rule: str, found: Permit, known: Known) -> datetime | None:
    if found.permission.basis is Basis.CERTIFICATE or found.suspended:
        return known.certificates[rule].certificate.expires
    if found.permission.basis is Basis.SIGN_OFF:
        return known.sign_offs[rule].sign_off.period.expires
    return None


def _paces(connection: Connection, now: datetime) -> dict[tuple[str, ...], float]:
    """Labels drawn in a day, lately, by rule and what it matches."""
    floor = id_floor(now - timedelta(days=_DAYS))
    rows = connection.execute(_PACE, {"floor": floor})
    return {(row.rule, row.release, row.model): row.labels / _DAYS for row in rows}


def _words(rules: tuple[Shown, ...], unseen: str | None, given: Certifying) -> str:
    counts = {state: sum(rule.state is state for rule in rules) for state in State}
    certified, signed = counts[State.CERTIFIED], counts[State.SIGNED_OFF]
    warning = "" if unseen is None else f"No certificate counts: {unseen}. "
    return (
        f"{warning}{certified} of {len(rules)} rules decide by a certificate (error below"
        f" {given.error_limit:.4g}), {signed} by a sign-off; of the others each match goes to one"
        f" reviewer, {given.blind_share:.0%} of them without a suggestion, as labels."
    )
