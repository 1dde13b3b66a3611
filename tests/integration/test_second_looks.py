"""Second looks and false positives: whose they are, what they count, and for how much."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import text

from engine.quality.operations import FalsePositives, false_positives
from engine.quality.proportions import Share
from queues.measurement import Figure, Of, compared
from queues.measurement.false_positives import Flagging, flagging
from queues.measurement.looks import looks
from queues.measurement.rollups import span_of
from queues.sections import Rates, Wellness
from queues.store.session import Store
from tests.integration.desks import POLICY, Desk
from tests.integration.histories import History

RATES: Final = Rates(moderator=18.0, senior=36.0, occupancy=0.6)
#: A panel checks some, and all that is reported.
CHECKED: Final = (
    POLICY.replace(
        """\
rule: reported
status: live
when: { reports.count: { at_least: 1 } }
then: { tier: auto, action: hide, reason: hate.attack }
tests:
  - { given: { text: x, reports.count: 1 }, expect: match }
""",
        """\
rule: reported
status: live
when: { reports.count: { at_least: 1 } }
then: { tier: senior, reason: hate.attack }
""",
    )
    + """\
---
rule: check
policy: quality
status: live
stage: after
sample: 100% of items
when: { text: { has_any: [checked] } }
then: { tier: senior, reason: quality }
"""
)
#: First votes, row by row.
SEEN: Final = text("""
SELECT cases.purpose = 'sample' AND verdicts.tier IN ('auto', 'none') AS sampled, cases.tier,
    cases.queue, votes.blind, verdicts.action <> 'publish' AS acted,
    votes.action <> 'publish' AS found, verdicts.inclusion_probability AS inclusion,
    verdicts.models, verdicts.trace, cases.item_id
FROM cases JOIN verdicts ON verdicts.id = cases.verdict_id
JOIN LATERAL (SELECT * FROM votes WHERE case_id = cases.id ORDER BY id LIMIT 1) AS votes ON true
WHERE purpose IN ('review', 'sample') AND verdicts.inclusion_probability > 0 ORDER BY cases.id
""")
MODEL: Final = text("""
INSERT INTO models (version, name, artefact, published_by) VALUES ('new', 'toxicity', '', 'a test')
""")
ALL: Final = {"cleo": "keep", "dee": "keep", "eli": "keep"}


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation in which panels look again."""
    return Desk(store, tmp_path, CHECKED)


def figures(store: Store) -> Mapping[tuple[str, str, str], Figure]:
    """What stands beside the targets, by name, of what, and which."""
    told = compared(store, since=None, rates=RATES, wellness=Wellness()).figures
    return {(each.name, each.of.value, each.which): each for each in told}


def second_looks(store: Store) -> dict[str, tuple[int, int]]:
    """Overturned, of how many, by kind."""
    found: dict[str, tuple[int, int]] = {}
    for (_, of, which), each in figures(store).items():
        if of == Of.SECOND_LOOK:
            assert isinstance(each.measure, Share)
            found[which] = (each.measure.hits, each.measure.n)
    return found


def test_second_looks_are_told_apart(desk: Desk) -> None:
    """A panel over one reviewer, samples over the machine, appeals over what was appealed.

    A panel that decides an item first, or that one reviewer hands it to, overturns nobody.
    """
    assert second_looks(desk.store) == {"panel": (0, 0), "sample": (0, 0), "appeal": (0, 0)}
    desk.send("odd checked", "odd checked", "odd", "odd", "grave", "vile", "fine sampled")
    desk.work()
    for number, action in enumerate(("hide", "keep", "keep")):
        desk.says(f"ana-{number}", action, *(["hate.slur"] if action == "hide" else []))
    desk.review.escalate("ana-3", desk.next("ana-3").id, comment="Not alone.")
    desk.says("ana-4", "hide", "hate.slur")  # the sample
    desk.work()
    desk.report("i2")
    desk.work()
    for _ in range(5):  # two samples, a report, what was handed on, and what is grave
        desk.panel_says(ALL)
    assert second_looks(desk.store) == {"panel": (1, 3), "sample": (1, 1), "appeal": (0, 0)}
    desk.appeal("i5")
    for reviewer in ("bo", "flo"):  # what the sample found wrong, and the appeal
        desk.says(reviewer, "keep")
    desk.work()
    assert second_looks(desk.store)["appeal"] == (1, 1)


@dataclass(frozen=True)
class Answered:
    """What people answered, row by row, and what is told of it."""

    found: Flagging
    blind: Sequence[Any]
    weights: Mapping[Any, float]
    """1/(π · b) by item."""

    def wanted(self, rows: Sequence[Any], flagged: Sequence[bool]) -> FalsePositives:
        """By the engine, one look after the other."""
        weights = [self.weights[row.item_id] for row in rows]
        return false_positives(flagged, [row.found for row in rows], weights)


@pytest.fixture
def answered(store: Store) -> Answered:
    """Made-up work; one of the models is known."""
    history = History(store, 14)
    history.go_on(60)
    with store.transaction() as connection:
        connection.execute(MODEL)
        for come in (history.sampled, history.comes_before_people) * 100:
            come(connection)
            history.people_decide(connection)
    with store.read() as connection:
        span = span_of(connection, history.now.replace(year=2000))
        known = looks(connection, span)
        found = flagging(connection, span, known)
        rows = connection.execute(SEEN).all()
    # Else queues of one tier would make no difference.
    assert len({share for key, share in known.shares.items() if key[:2] == (True, "single")}) > 1
    # The first about each item is the last that is put down.
    seen = list({row.item_id: row for row in reversed(rows)}.values())
    many, blind = Counter(map(like, seen)), Counter(like(row) for row in seen if row.blind)
    weights = {
        row.item_id: many[like(row)] / blind[like(row)] / row.inclusion for row in seen if row.blind
    }
    return Answered(found, [row for row in seen if row.blind], weights)


def test_rules_that_flag_wrongly(answered: Answered) -> None:
    """Of all items: what they matched, but for exemptions and what they could not tell."""
    matched = [
        {
            rule["name"]
            for rule in row.trace.get("rules", ())
            if rule["status"] not in {"missing", "exempt"}
        }
        for row in answered.blind
    ]
    rules = {rule for each in matched for rule in each}
    assert rules
    assert answered.found.rules.keys() == rules
    for rule in rules:
        flagged = [rule in each for each in matched]
        same(answered.found.rules[rule], answered.wanted(answered.blind, flagged))


def test_machine_and_models_that_flag_wrongly(answered: Answered) -> None:
    """Of what the machine decided alone; a model by its name, where that is known."""
    sampled = [row for row in answered.blind if row.sampled]
    same(answered.found.machine, answered.wanted(sampled, [row.acted for row in sampled]))
    names = {"new": "toxicity@new"}
    models = {model for row in sampled for model in row.models}
    assert models
    assert answered.found.models.keys() == {names.get(model, model) for model in models}
    for model in models:
        own = [row for row in sampled if model in row.models]
        wanted = answered.wanted(own, [row.acted for row in own])
        same(answered.found.models[names.get(model, model)], wanted)


def like(row: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a row
    """What cases are alike by that are decided blind equally often."""
    return row.sampled, row.tier, row.queue


def same(found: FalsePositives, wanted: FalsePositives) -> None:
    """Both shares, from as many."""
    for one, other in ((found.fdr, wanted.fdr), (found.fpr, wanted.fpr)):
        assert (one.n, one.hits) == (other.n, other.hits)
        assert one.effective == pytest.approx(other.effective)
