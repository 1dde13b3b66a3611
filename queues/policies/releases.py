"""Publishes releases, and brings them into force."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from engine.diagnostics import Diagnostic, Level
from engine.errors import InvalidPolicy
from engine.rules.model import Policy
from engine.rules.reading import read_policy
from engine.rules.release import Release
from queues.access import PERSON
from queues.errors import Conflict, NotFound
from queues.policies.artefacts import compiled_form, opened_release
from queues.policies.sources import check_sources, files_of
from queues.store import activations, trials
from queues.store.activations import Kind
from queues.store.ledger import AuditEvent, record
from queues.store.notices import Topic, notify
from queues.store.session import Store
from queues.store.tables.policies import releases

_RELEASE: Final = "release"
_OWN: Final = "you published it yourself; somebody else has to bring it into force"

#: Looks at what is in force, None: nothing, before something else comes; raises what speaks
#: against it.
Check = Callable[[Connection, str | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A release that is stored."""

    name: str
    """The first 12 digits of the hash of its sources, as `tierwise run` shows it."""
    new: bool
    """Whether it was not there before."""
    rules: int
    warnings: tuple[Diagnostic, ...]
    """What an author can hardly mean; it keeps nothing from being published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activated:
    """What is in force now."""

    name: str
    before: str | None
    """What was in force until now; None: nothing."""

    @property
    def changed(self) -> bool:
        """Whether something else was in force."""
        return self.name != self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A release as lists show it."""

    name: str
    message: str
    published_by: str
    published_at: datetime
    active: bool


def publish(
    store: Store,
    sources: Mapping[str, str | bytes],
    *,
    by: str,
    message: str,
    base: str | None = None,
) -> Published:
    """Compile rule files and store them as a release: all of them, or nothing.

    Files that were published before stay as they are; with `base` they are said to be made from
    that one from now on.

    Args:
        store: Where to.
        sources: What stands in each file, by its path below the folder of the rules, with `/`.
        by: Who publishes, such as `cli:ana`.
        message: What changed, for people.
        base: The release that they were made from; None: what is in force.

    Raises:
        NotFound: there is no such base.
        Refused: too many files or bytes, or a path that cannot be one of a rule file.
        InvalidPolicy: the files have mistakes; all of them, with their places.
    """
    contents = {path: _bytes(content) for path, content in sources.items()}
    check_sources(contents)
    policy, found = read_policy(contents)
    if policy is None:
        raise InvalidPolicy([one for one in found if one.level is Level.ERROR])
    new = _store(store, policy, contents, by, message, base)
    return Published(name=_name_of(policy), new=new, rules=len(policy.rules), warnings=tuple(found))


def publish_folder(store: Store, folder: Path, *, by: str, message: str) -> Published:
    """Publish the rule files of a folder; raises as `publish`, and as `files_of`."""
    return publish(store, files_of(folder), by=by, message=message)


def sources_of(store: Store, name: str) -> Mapping[str, str]:
    """The files of a release, by path; raises NotFound."""
    with store.read() as connection:
        question = select(releases.c.sources).where(releases.c.name == name)
        found: Mapping[str, str] | None = connection.execute(question).scalar()
    if found is None:
        raise NotFound(_RELEASE, name)
    return found


def listed(store: Store, most: int = 100) -> list[Listed]:
    """The releases, the last published first."""
    with store.read() as connection:
        active = active_in(connection)
        columns = (
            releases.c.name,
            releases.c.message,
            releases.c.published_by,
            releases.c.published_at,
        )
        question = select(*columns).order_by(releases.c.published_at.desc(), releases.c.name)
        rows = connection.execute(question.limit(most)).mappings().all()
    return [Listed(**row, active=row["name"] == active) for row in rows]


def active_name(store: Store) -> str | None:
    """The name of the release in force; None: there is none yet."""
    with store.read() as connection:
        return active_in(connection)


def activate(
    store: Store, name: str, *, by: str, note: str | None = None, check: Check | None = None
) -> Activated:
    """Bring a release into force; one that is in force already stays, and nothing is noted.

    Four eyes: what a person published, another person brings into force. Programs and commands
    are not people: who stands behind them is not known here.

    Args:
        store: Where it is published.
        name: The release.
        by: Who does it.
        note: Why, for people.
        check: Asked while nobody else can change what is in force.

    Raises:
        NotFound: nobody published it.
        Conflict: the person who wants it published it; and what `check` raises.
    """
    with store.transaction() as connection:
        activations.lock(connection)
        refuse_author(connection, name, by)
        activated = Activated(name=name, before=active_in(connection))
        if activated.changed:
            if check is not None:
                check(connection, activated.before)
            activations.bring(connection, Kind.RELEASE, [name], by=by, note=note)
            # What is tried is compared with what was in force.
            trials.end(connection, by=by, why=f"release `{name}` came into force")
            tell(connection, "release.activated", activated, by)
    return activated


def refuse_author(connection: Connection, name: str, by: str, why: str = _OWN) -> None:
    """Four eyes: raises NotFound, and Conflict for the person who published it."""
    if author_of(connection, name) == by and by.startswith(PERSON):
        raise Conflict(named(name), why)


def author_of(connection: Connection, name: str) -> str:
    """Who published a release; raises NotFound."""
    question = select(releases.c.published_by).where(releases.c.name == name)
    author: str | None = connection.execute(question).scalar()
    if author is None:
        raise NotFound(_RELEASE, name)
    return author


def named(name: str) -> str:
    """A release, as refusals speak of it."""
    return f"{_RELEASE} `{name}`"


def _store(
    store: Store,
    policy: Policy,
    contents: Mapping[str, bytes],
    by: str,
    message: str,
    base: str | None,
) -> bool:
    """Store a release; says whether it was new."""
    name = _name_of(policy)
    with store.transaction() as connection:
        if base is not None:
            author_of(connection, base)
        question = select(releases.c.base).where(releases.c.name == name)
        known = connection.execute(question).one_or_none()
        if known is not None:
            if base not in {None, known.base, name}:
                _move(connection, name, base, by)
            return False
    sources = {path: contents[path].decode() for path in sorted(contents)}
    compiled = compiled_form(Release.of(policy))
    # What cannot be opened again is not published.
    opened_release(name, compiled, sources)
    row = insert(releases).values(
        name=name, sources=sources, compiled=compiled, message=message, published_by=by
    )
    with store.transaction() as connection:
        made_from = active_in(connection) if base is None else base
        row = row.values(base=made_from)
        done = connection.execute(row.on_conflict_do_nothing().returning(releases.c.published_at))
        at = done.scalar()
        if at is None:
            return False
        details = {"files": len(sources), "rules": len(policy.rules), "base": made_from}
        event = AuditEvent(at=at, actor=by, kind="release.published", subject=name, details=details)
        record(connection, [event])
    return True


def _move(connection: Connection, name: str, base: str | None, by: str) -> None:
    """Files that are known were made from another release than was said."""
    connection.execute(update(releases).where(releases.c.name == name).values(base=base))
    at = connection.execute(select(func.now())).scalar_one()
    details = {"base": base}
    event = AuditEvent(at=at, actor=by, kind="release.moved", subject=name, details=details)
    record(connection, [event])


def tell(connection: Connection, kind: str, activated: Activated, by: str) -> None:
    """The audit and all processes are told what is in force now."""
    at = connection.execute(select(func.now())).scalar_one()
    event = AuditEvent(
        at=at,
        actor=by,
        kind=kind,
        subject=activated.name,
        details={"before": activated.before},
    )
    record(connection, [event])
    notify(connection, Topic.RELEASE, activated.name)


def active_in(connection: Connection) -> str | None:
    """As `active_name`, within a transaction."""
    names = activations.in_force(connection, Kind.RELEASE)
    return names[0] if names else None


def _name_of(policy: Policy) -> str:
    return policy.source_hash[:12]


def _bytes(content: str | bytes) -> bytes:
    # Half a surrogate is no text: it becomes bytes that the reader refuses with their place.
    return content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
