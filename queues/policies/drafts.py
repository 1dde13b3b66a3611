"""Drafts: what somebody changes of a release before it is published, and nobody else sees."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Executable, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from queues.errors import Conflict, NotFound, Refused
from queues.ids import new_id
from queues.policies.sources import check_sources
from queues.store.session import Store
from queues.store.tables.policies import policy_drafts, releases

#: Of each file: what stands in it, or None where it is gone.
Changes = Mapping[str, str | None]

_RELEASE: Final = "release"
_DRAFT: Final = "draft"
_CHANGES: Final = "changes"
_ELSEWHERE: Final = "it was changed or discarded elsewhere; read it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody changed so far."""

    base: str
    """The release that it began as."""
    changes: Changes
    """Files that differ from it."""
    revision: UUID
    """Another one whenever it is kept."""
    changed_at: datetime


_SHOWN: Final = (
    policy_drafts.c.base,
    policy_drafts.c.changes,
    policy_drafts.c.revision,
    policy_drafts.c.changed_at,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """Drafts of people, one each, by the id of their account."""

    store: Store

    def of(self, account: UUID) -> Draft | None:
        """What somebody keeps; None: nothing."""
        question = select(*_SHOWN).where(policy_drafts.c.account_id == account)
        with self.store.read() as connection:
            row = connection.execute(question).mappings().one_or_none()
        return None if row is None else Draft(**row)

    def keep(self, account: UUID, base: str, changes: Changes, *, after: UUID | None) -> Draft:
        """Keep a draft in place of the one before.

        Args:
            account: Whose.
            base: The release that it began as.
            changes: Files that differ from it.
            after: The revision that this follows; None: there was no draft.

        Raises:
            NotFound: there is no such release.
            Refused: a path cannot be one of a rule file, a text is none, or there is too much.
            Conflict: the draft is another one by now.
        """
        _check(changes)
        values = {"base": base, "changes": dict(changes), "revision": new_id()}
        with self.store.transaction() as connection:
            known = select(releases.c.name).where(releases.c.name == base)
            if connection.execute(known).scalar() is None:
                raise NotFound(_RELEASE, base)
            change = _added(account, values) if after is None else _changed(account, after, values)
            row = connection.execute(change).mappings().one_or_none()
        if row is None:
            raise Conflict(_DRAFT, _ELSEWHERE)
        return Draft(**row)

    def discard(self, account: UUID) -> None:
        """Forget what somebody wrote; without a draft nothing happens."""
        with self.store.transaction() as connection:
            connection.execute(delete(policy_drafts).where(policy_drafts.c.account_id == account))


def _added(account: UUID, values: Mapping[str, object]) -> Executable:
    """A first draft; nothing where there is one."""
    row = insert(policy_drafts).values(account_id=account, **values)
    return row.on_conflict_do_nothing().returning(*_SHOWN)


def _changed(account: UUID, after: UUID, values: Mapping[str, object]) -> Executable:
    """Another draft in place of one; nothing where that is not the one that is there."""
    ours = (policy_drafts.c.account_id == account, policy_drafts.c.revision == after)
    change = update(policy_drafts).where(*ours).values(**values, changed_at=func.now())
    return change.returning(*_SHOWN)


def _check(changes: Changes) -> None:
    """Refuse what no release could have; raises Refused."""
    try:
        contents = {path: (text or "").encode() for path, text in changes.items()}
    except UnicodeEncodeError as problem:
        reason = "a text has half a surrogate, which no file can have"
        raise Refused(_CHANGES, reason) from problem
    if contents:
        check_sources(contents)
