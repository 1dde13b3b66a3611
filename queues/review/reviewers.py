"""Reviewers at a moment: whether they are at work, and which cases fit them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, text

from queues.people import (
    Account,
    AccountState,
    account_at,
    accounts_of,
    is_paused,
    next_begin,
    on_shift,
    paused_until,
)
from queues.store.session import ask

# To plan the statement that claims takes longer than to run it, and whoever asks, the plan is the
# same: in this transaction Postgres keeps to the one it has.
_BEGIN: Final = "SELECT now() AS at, set_config('plan_cache_mode', 'force_generic_plan', true)"


class Reason(StrEnum):
    """Why somebody is handed nothing."""

    #: There is nothing that they could be handed.
    NOTHING_WAITS = "nothing_waits"
    #: They have seen as much in this shift as they may, or what is left is too much for the rest.
    NO_EXPOSURE_LEFT = "no_exposure_left"
    #: They had so many of the most severe cases one after the other that a break comes first.
    BREAK_DUE = "break_due"
    #: They are not at work now.
    OFF_SHIFT = "off_shift"
    #: They said that they stop.
    PAUSED = "paused"
    #: Their account was closed.
    ACCOUNT_DISABLED = "account_disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why somebody is handed nothing."""

    reason: Reason
    again_at: datetime | None = None
    """From then on it is different, where that is known: the next shift begins, or the break is
    over. Of somebody who paused and has no shifts it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Which cases somebody can be handed, whatever they have seen; of all kinds by default."""

    languages: tuple[str, ...] | None = None
    """Patterns of the names of languages, in lower case; None: all."""
    policies: tuple[str, ...] | None = None
    """None: all."""
    opted_out: tuple[str, ...] = ()
    """Policies whose cases they never get."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """Somebody who reviews, at a moment."""

    name: str
    at: datetime
    account: Account | None
    """None: a platform names them, and knows itself when and on what they work."""

    @property
    def absent(self) -> Why | None:
        """Why they are not at work; None: they are."""
        if self.account is None:
            return None
        if self.account.state is AccountState.DISABLED:
            return Why(reason=Reason.ACCOUNT_DISABLED)
        if is_paused(self.account, self.at):
            return Why(reason=Reason.PAUSED, again_at=paused_until(self.account))
        if on_shift(self.account.hours, self.at):
            return None
        begins = next_begin(self.account.hours, self.at)
        return Why(reason=Reason.OFF_SHIFT, again_at=begins)

    @property
    def fit(self) -> Fit:
        """Which cases they can be handed."""
        known = self.account
        if known is None:
            return Fit()
        return Fit(
            languages=patterns_of(known.languages) if known.languages else None,
            policies=known.policies or None,
            opted_out=known.opted_out,
        )


def reviewer_at(connection: Connection, name: str) -> Reviewer:
    """Somebody at the moment of the transaction, alone with it until it ends."""
    (begun,) = ask(connection, _BEGIN)
    return Reviewer(name=name, at=begun["at"], account=account_at(connection, name))


def absentees(connection: Connection, names: Sequence[str]) -> list[str]:
    """Which of these have an account and are not at work."""
    at = _now(connection)
    found = (
        Reviewer(name=account.name, at=at, account=account)
        for account in accounts_of(connection, names)
    )
    return [each.name for each in found if each.absent is not None]


def patterns_of(languages: Iterable[str]) -> tuple[str, ...]:
    """What languages of items look like that somebody reads, for LIKE, in lower case.

    Who reads `pt` reads `pt-BR`. Who reads `pt-BR` gets what is just said to be `pt`, and not
    `pt-PT`.
    """
    found: set[str] = set()
    for language in languages:
        parts = language.lower().split("-")
        found |= {"-".join(parts[:number]) for number in range(1, len(parts) + 1)}
        found.add("-".join(parts) + "-%")
    return tuple(sorted(found))


def _now(connection: Connection) -> datetime:
    now: datetime = connection.execute(text("SELECT now()")).scalar_one()
    return now
