"""Judges stored verdicts again: same input, same release, same verdict to the byte."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, func, select
from sqlalchemy.types import Text

from engine.errors import InvalidItem, InvalidModel, InvalidPolicy, InvalidRelease
from queues.errors import NotFound
from queues.judging import Judge
from queues.policies.artefacts import stored_ensemble, stored_release
from queues.store.ledger import AuditEvent, record
from queues.store.naming import floor_of, item_named
from queues.store.session import Store
from queues.store.tables.items import verdicts

#: What stands in place of the input of an erased item.
ERASED: Final = {"erased": True}

_VERDICT: Final = "verdict"
_GONE: Final = "what it was judged from was erased"
_OBSTACLES: Final = (
    InvalidItem,
    InvalidModel,
    InvalidPolicy,
    InvalidRelease,
    NotFound,
    ValueError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A place where the verdict is not what it was."""

    path: str
    """A JSON pointer (RFC 6901) into `signals` or `trace`, such as `/trace/rules/0/name`."""
    was: str | None
    """JSON; None: there was nothing."""
    now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A verdict, judged again."""

    verdict_id: UUID
    item_id: UUID
    at: datetime
    cause: str
    release: str
    models: tuple[str, ...]
    differences: tuple[Difference, ...] = ()
    obstacle: str | None = None
    """Why it could not be judged again; None: it was."""

    @property
    def same(self) -> bool:
        """Whether it was judged again, to the same bytes."""
        return self.obstacle is None and not self.differences


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    """A verdict as it is stored."""

    id: UUID
    item_id: UUID
    at: datetime
    cause: str
    release: str
    models: Sequence[str]
    input: str
    trace: str


def replay(
    store: Store, item: str, *, by: str, verdict_id: UUID | None = None
) -> tuple[Replayed, ...]:
    """Judge the verdicts of an item again, each as it was: same input, moment, release and models.

    Args:
        store: Where they are.
        item: The sender's id, or ours.
        by: Who looks, such as `cli:ana`; it is recorded.
        verdict_id: This verdict alone; by default all that the item ever got, in order.

    Raises:
        NotFound: there is no such item, or it has no such verdict.
    """
    with store.transaction() as connection:
        found = list(_stored(connection, item_named(connection, item), verdict_id))
        if not found:
            raise NotFound(_VERDICT, str(verdict_id or item))
        at = connection.execute(select(func.clock_timestamp())).scalar_one()
        read = AuditEvent(at=at, actor=by, kind="item.replayed", item_id=found[0].item_id)
        record(connection, [read])
    judges: dict[tuple[str, tuple[str, ...]], Judge] = {}
    return tuple(_replayed(store, verdict, judges) for verdict in found)


def differences(was: object, now: object, path: str = "") -> Iterator[Difference]:
    """The places where two JSON values differ."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for key in sorted({*was, *now}):
            inner = f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
            yield from _within(was, now, key, inner)
    elif isinstance(was, list) and isinstance(now, list):
        for place in range(max(len(was), len(now))):
            yield from _within(dict(enumerate(was)), dict(enumerate(now)), place, f"{path}/{place}")
    elif _written(was) != _written(now):
        yield Difference(path=path, was=_written(was), now=_written(now))


def _within(
    was: Mapping[object, object], now: Mapping[object, object], key: object, path: str
) -> Iterator[Difference]:
    if key in was and key in now:
        yield from differences(was[key], now[key], path)
    else:
        before = _written(was[key]) if key in was else None
        after = _written(now[key]) if key in now else None
        yield Difference(path=path, was=before, now=after)


def _written(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _stored(connection: Connection, item_id: UUID, verdict_id: UUID | None) -> Iterator[_Stored]:
    question = select(
        verdicts.c.id,
        verdicts.c.item_id,
        verdicts.c.at,
        verdicts.c.cause,
        verdicts.c.release,
        verdicts.c.models,
        # As text: parsed and written again it would not be the same bytes.
        verdicts.c.input.cast(Text).label("input"),
        verdicts.c.trace.cast(Text).label("trace"),
    ).where(verdicts.c.item_id == item_id, verdicts.c.id >= floor_of(item_id))
    if verdict_id is not None:
        question = question.where(verdicts.c.id == verdict_id)
    for row in connection.execute(question.order_by(verdicts.c.id)).mappings():
        yield _Stored(**row)


def _replayed(
    store: Store, stored: _Stored, judges: dict[tuple[str, tuple[str, ...]], Judge]
) -> Replayed:
    found: tuple[Difference, ...] = ()
    obstacle: str | None = None
    given = orjson.loads(stored.input)
    if given == ERASED:
        obstacle = _GONE
    else:
        try:
            judge = _judge(store, stored, judges)
            signals, trace = judge.judge_again(given, stored.at)
            found = tuple(_compared(given, stored.trace, signals, trace))
        except _OBSTACLES as problem:
            obstacle = str(problem)
    return Replayed(
        verdict_id=stored.id,
        item_id=stored.item_id,
        at=stored.at,
        cause=stored.cause,
        release=stored.release,
        models=tuple(stored.models),
        differences=found,
        obstacle=obstacle,
    )


def _judge(
    store: Store, stored: _Stored, judges: dict[tuple[str, tuple[str, ...]], Judge]
) -> Judge:
    """The release and models of a verdict, opened once."""
    key = stored.release, tuple(stored.models)
    if key not in judges:
        with store.read() as connection:
            release = stored_release(connection, stored.release)
            judges[key] = Judge(release, stored_ensemble(connection, stored.models))
    return judges[key]


def _compared(
    given: Mapping[str, object], was: str, signals: Mapping[str, float], trace: bytes
) -> Iterator[Difference]:
    yield from differences(given["signals"], signals, "/signals")
    if trace.decode() != was:
        told = list(differences(orjson.loads(was), orjson.loads(trace), "/trace"))
        yield from told or [Difference(path="/trace", was=was, now=trace.decode())]
