"""What tests of learning share: an installation in which people have decided much, quickly."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from queues.learning import Training, Trainings
from queues.learning.trainer import Trainer
from queues.learning_settings import Learning
from queues.store.session import Store
from tests.generators.labelled import KIND, UNKIND, rows
from tests.integration.desks import Desk
from tests.integration.intakes import accepted, intake_over

BY: Final = "cli:test"
#: Small enough for two hundred short texts.
LEARNING: Final[dict[str, Any]] = {
    "scores": {"score.hate": ("hate",)},
    "labels": 100,
    "least": 15,
    "folds": 2,
    "calibration": 0.5,
}

#: Words that give away what people say; a person here never errs.
_TELLING: Final = frozenset(UNKIND)

_DECIDE: Final = text("""
INSERT INTO decisions (id, item_id, verdict_id, case_id, made_by, tier, action, reasons, policy,
    inclusion_probability, at)
SELECT uuidv7(), cases.item_id, cases.verdict_id, cases.id, 'person', 'single', told.action, '{}',
    told.policy, verdicts.inclusion_probability, clock_timestamp()
FROM unnest(CAST(:names AS text[]), CAST(:actions AS text[]), CAST(:policies AS text[]))
    WITH ORDINALITY AS told (name, action, policy, place)
JOIN items ON items.sender_id = told.name JOIN cases ON cases.item_id = items.id
JOIN verdicts ON verdicts.id = cases.verdict_id
ORDER BY place
""")


_CLOSE: Final = text("""
WITH closed AS (
    UPDATE cases SET state = 'decided', decision_id = decisions.id, closed_at = decisions.at
    FROM decisions WHERE decisions.case_id = cases.id AND cases.decision_id IS NULL
    RETURNING cases.item_id, decisions.id AS decision, decisions.action
)
UPDATE items SET state = 'decided', decision_id = closed.decision, action = closed.action
FROM closed WHERE items.id = closed.item_id
""")


class School(Desk):
    """A desk whose decisions are learnt from."""

    def __init__(self, store: Store, folder: Path, **learning: Any) -> None:  # noqa: ANN401 - as the settings
        super().__init__(store, folder)
        self.rules = folder
        self.learning = Learning(**LEARNING | learning)

    @property
    def trainings(self) -> Trainings:
        """Asks for trainings."""
        return Trainings(store=self.store, learning=self.learning)

    @property
    def trainer(self) -> Trainer:
        """Trains here."""
        return Trainer(store=self.store, learning=self.learning, rules=self.rules)

    def teach(self, count: int, *, seed: int = 0, upside_down: bool = False) -> list[str]:
        """People decide so many new items under `hate`, as their words say, or the other way."""
        lines = [raw for _, raw in rows(count, seed)]
        raws = [
            {"id": f"s{seed}-{raw['id']}", "text": f"{raw['text']} odd", "author": {"id": "ann"}}
            for raw in lines
        ]
        accepted(intake_over(self.store, self.judge), *raws)
        said = [_TELLING.isdisjoint(str(raw["text"]).split()) == upside_down for raw in lines]
        names = [str(raw["id"]) for raw in raws]
        self.decide(names, ["remove" if yes else "publish" for yes in said])
        return names

    def decide(self, names: Sequence[str], actions: Sequence[str], policy: str = "hate") -> None:
        """One person decides items that wait, at once; moments are those of Postgres."""
        given = {"names": names, "actions": actions, "policies": [policy] * len(names)}
        with self.store.transaction() as connection:
            connection.execute(_DECIDE, given)

    def close(self) -> None:
        """The cases of what was decided at once are over, as they would be."""
        with self.store.transaction() as connection:
            connection.execute(_CLOSE)

    def train(self) -> Training:
        """Train the one model by hand, here."""
        (done,) = self.trainer.run(self.trainings.ask_here(score=None, by=BY))
        return done

    def challenge(self, *cases: tuple[str, bool]) -> None:
        """A suite of one function: texts, each with the answer."""
        folder = self.rules / "challenges" / "score.hate"
        folder.mkdir(parents=True, exist_ok=True)
        lines = [
            json.dumps({"id": f"c{n}", "text": words, "expected": yes, "function": "plain words"})
            for n, (words, yes) in enumerate(cases)
        ]
        (folder / "own.jsonl").write_text("\n".join(lines), encoding="utf-8")

    def challenge_words(self) -> None:
        """A suite that a model which learnt from `teach` does well on."""
        self.challenge(
            *((f"they are all so {word}", True) for word in UNKIND),
            *((f"they are all so {word}", False) for word in KIND),
        )
