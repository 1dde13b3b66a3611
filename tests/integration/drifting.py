"""Rows of traffic of other days, for tests of drift: verdicts, and a quality sample with labels."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

import orjson
from sqlalchemy import text

from engine.rules.model import Policy
from engine.rules.release import Release
from queues.ids import id_at
from queues.store.adding import Table, add
from queues.store.session import Store
from tests.integration.intakes import POLICY

RULES: Final = frozenset({"remove", "look"})
RELEASE: Final = "r1"
MODEL: Final = "m1"

_ITEMS: Final = Table(
    "items",
    id="uuid",
    sender_id="text",
    digest="bytea",
    kind="text",
    state="text",
    tier="text",
    action="text",
    verdict_id="uuid",
)
_VERDICTS: Final = Table(
    "verdicts",
    id="uuid",
    item_id="uuid",
    at="timestamptz",
    cause="text",
    release="text",
    models="text[]",
    tier="text",
    action="text",
    inclusion_probability="float8",
    input="json",
    trace="json",
)
_CASES: Final = Table(
    "cases",
    id="uuid",
    item_id="uuid",
    verdict_id="uuid",
    purpose="text",
    tier="text",
    queue="text",
    policy="text",
    reason="text",
    rule="text",
    priority="smallint",
    severity="text",
    state="text",
    enqueued_at="timestamptz",
    due_at="timestamptz",
)
_VOTES: Final = Table(
    "votes",
    id="uuid",
    case_id="uuid",
    reviewer="text",
    round="smallint",
    action="text",
    blind="bool",
)
_DECISIONS: Final = Table(
    "decisions",
    id="uuid",
    item_id="uuid",
    verdict_id="uuid",
    case_id="uuid",
    made_by="text",
    tier="text",
    action="text",
    policy="text",
    inclusion_probability="float8",
    at="timestamptz",
)


def scores_of(versions: Collection[str]) -> frozenset[str]:
    """The score that the classifier of the traffic fills, beside novelty."""
    return frozenset({"score.hate"} if MODEL in versions else ())


def policy_in(folder: Path) -> Policy:
    """The words of rules, by a file of this folder."""
    file = folder / "all.yaml"
    file.write_text(POLICY, encoding="utf-8")
    return Release.load(file).policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What comes in: scores are of a beta distribution, and people find so many violations."""

    score: tuple[float, float] = (2.0, 5.0)
    words: Sequence[str] = ("good", "morning", "all", "fine", "here", "today")
    hits: float = 0.1
    """How often `look` passes; `remove` passes where the score is above one half."""
    wrong: float = 0.02
    """How often people disagree with the machine."""
    found: float = 0.2
    """How often they find a violation."""
    release: str = RELEASE
    override: bool = False


@dataclass(slots=True)
class Past:
    """Writes traffic of other days into a database."""

    store: Store
    dice: Random = field(default_factory=lambda: Random(7))
    written: int = 0

    def write(self, traffic: Traffic, *, days: tuple[float, float], count: int) -> None:
        """So many verdicts, all over a time that began so many days ago and ended so many ago."""
        moments = self._moments(days, count)
        rows = [self._verdict(traffic, moment, chance=0.5) for moment in moments]
        with self.store.transaction() as connection:
            add(connection, {_VERDICTS: rows})

    def judge(self, traffic: Traffic, *, days: tuple[float, float], count: int) -> None:
        """A quality sample of so many items, each with the blind vote and decision of a person."""
        items, verdicts, cases, votes, decisions = [], [], [], [], []
        for moment in self._moments(days, count):
            chance = self.dice.choice((0.5, 1.0))
            verdict = self._verdict(traffic, moment, chance=chance)
            identity, item = verdict[0], verdict[1]
            found = self.dice.random() < traffic.found
            wrong = self.dice.random() < traffic.wrong
            said = "remove" if found is not wrong else "publish"
            action = "remove" if found else "publish"
            verdict = (*verdict[:6], *("auto", said), *verdict[8:])
            case, name = id_at(moment), f"past-{self.written}"
            about = (item, identity)
            why = ("sample", "single", "qa", "hate", "hate.attack", "sample", 9, "low", "decided")
            cases.append((case, *about, *why, moment, moment + timedelta(days=5)))
            votes.append((id_at(moment), case, "ana", 1, action, True))
            decided = ("person", "single", action, "hate" if found else None, chance, moment)
            decisions.append((id_at(moment), *about, case, *decided))
            items.append((item, name, b"", "post", "decided", "auto", said, identity))
            verdicts.append(verdict)
        with self.store.transaction() as connection:
            add(connection, {_ITEMS: items, _VERDICTS: verdicts, _CASES: cases})
            add(connection, {_VOTES: votes, _DECISIONS: decisions})

    def _moments(self, days: tuple[float, float], count: int) -> list[datetime]:
        with self.store.read() as connection:
            now: datetime = connection.execute(text("SELECT now()")).scalar_one()
        first, last = days
        step = (first - last) / count
        return [now - timedelta(days=first - step * (place + 0.5)) for place in range(count)]

    def _verdict(self, traffic: Traffic, moment: datetime, *, chance: float) -> tuple[object, ...]:
        self.written += 1
        score = round(self.dice.betavariate(*traffic.score), 4)
        passed = ["remove"] if score > 0.5 else []
        passed += ["look"] if self.dice.random() < traffic.hits else []
        words = " ".join(self.dice.choices(traffic.words, k=6))
        given = {
            "raw": {"id": f"past-{self.written}", "kind": "post", "text": words},
            "facts": {},
            "signals": {"score.hate": score, "score.novelty": 1.0},
        }
        trace: dict[str, object] = {"rules": [{"name": name, "status": "live"} for name in passed]}
        if traffic.override:
            trace["override"] = {"held_off_by": None}
        return (
            id_at(moment),
            id_at(moment),
            moment,
            "received",
            traffic.release,
            [MODEL],
            "auto",
            "remove" if score > 0.5 else "publish",
            chance,
            orjson.dumps(given).decode(),
            orjson.dumps(trace).decode(),
        )
