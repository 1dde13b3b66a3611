"""`python -m tests.trials.selection`: what people saw, what is told of all items, and the truth.

A machine with calibrated scores decides where it is sure, and people where it is not; a twentieth
of what it decided is looked at, too. Everything goes through a site of real processes: items over
HTTP, simulated reviewers who are always right, figures from `GET /v1/quality/targets`.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from sqlalchemy import text

from tests.faults.load import Sender
from tests.faults.site import Site
from tests.trials.policy import SETUP
from tests.waiting import until

#: Of the distribution of scores: most are near 0 or 1, and a sixth of all are wrong.
_SHAPE: Final = 0.42
_HALF: Final = 0.5
_RULES: Final = """\
---
rule: sure
status: live
when: { score.hate: { at_least: 0.75 } }
then: { tier: auto, action: hide, reason: hate.attack }
tests:
  - { given: { score.hate: 0.9 }, expect: match }
---
rule: rather
status: live
when: { score.hate: { between: [0.5, 0.75] } }
then: { tier: single, while_waiting: hide, reason: hate.attack }
---
rule: hardly
status: live
when: { score.hate: { between: [0.25, 0.5] } }
then: { tier: single, reason: hate.attack }
---
rule: sample
policy: quality
status: live
stage: after
sample: 5% of items
when: { decision.tier: { is_any: [auto, none] } }
then: { tier: single, queue: qa, reason: quality, priority: low }
"""
_CREW: Final = """\
[[people]]
name = "sim-{number}"
accuracy = 1.0
skips = 0.0
undoes = 0.0
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An item, and what is right for it."""

    name: str
    score: float
    harmful: bool

    @property
    def wrong(self) -> bool:
        """Whether the machine, left alone, would be wrong about it."""
        return (self.score >= _HALF) != self.harmful

    @property
    def raw(self) -> dict[str, Any]:
        """As it is sent."""
        return {
            "id": self.name,
            "kind": "post",
            "text": f"item {self.name}",
            "score": {"hate": self.score},
        }


def main() -> int:
    """Send, review and compare."""
    parser = argparse.ArgumentParser(prog="python -m tests.trials.selection", description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--blind", type=float, default=1.0, help="share of reviews that are blind")
    given = parser.parse_args()
    sent = list(drawn(given.items, given.seed))
    with tempfile.TemporaryDirectory(prefix="tierwise-trial-") as name:
        folder = Path(name)
        rules = folder / "rules"
        rules.mkdir()
        (rules / "all.yaml").write_text(SETUP + _RULES)
        settings = {"TIERWISE_REVIEW__BLIND_SHARE": str(given.blind)}
        with Site(folder, rules, settings=settings) as site:
            Sender(site, [each.raw for each in sent], batch=500).finish()
            until(lambda: not _count(site, "SELECT count(*) FROM outbox"), within=300)
            _review(site, folder, sent)
            _tell(sent, _goals(site))
    return 0


def drawn(count: int, seed: int) -> Iterator[Sent]:
    """Items with scores that are as often right as they say."""
    dice = random.Random(seed)
    for number in range(count):
        score = dice.betavariate(_SHAPE, _SHAPE)
        yield Sent(name=f"i{number}", score=score, harmful=dice.random() < score)


def _review(site: Site, folder: Path, sent: Sequence[Sent]) -> None:
    """Simulated reviewers decide everything that waits."""
    truth, crew = folder / "truth.jsonl", folder / "crew.toml"
    truth.write_text(
        "".join(
            json.dumps({"id": each.name, "action": "hide" if each.harmful else "publish"}) + "\n"
            for each in sent
        )
    )
    crew.write_text("\n".join(_CREW.format(number=number) for number in range(12)))
    urls = [word for url in site.urls for word in ("--url", url)]
    command = ["simulate", *urls, "--key", site.key, "--truth", str(truth), "--crew", str(crew)]
    # What samples find wrong is looked at once more, so there is work after the last of it.
    while _count(site, "SELECT count(*) FROM cases WHERE state IN ('waiting', 'open')"):
        subprocess.run(
            [sys.executable, "-m", "queues.cli", *command, "--at-once", "25"],
            check=False,
            stdout=subprocess.DEVNULL,
        )
        until(lambda: not _count(site, "SELECT count(*) FROM outbox"), within=300)


def _count(site: Site, question: str) -> int:
    with site.store.read() as connection:
        found: int = connection.execute(text(question)).scalar_one()
    return found


def _goals(site: Site) -> dict[str, dict[str, Any]]:
    headers = {"authorization": f"Bearer {site.key}"}
    answer = httpx.get(f"{site.urls[0]}/v1/quality/targets", headers=headers, timeout=60)
    return {goal["name"]: goal["measure"] for goal in answer.raise_for_status().json()["goals"]}


def _tell(sent: Sequence[Sent], goals: dict[str, dict[str, Any]]) -> None:
    agreed = goals["human_ai_agreement"]
    unsure = [each for each in sent if 0.25 <= each.score <= 0.75]
    lines = [
        ("items", f"{len(sent):,}"),
        ("sent to people", f"{len(unsure):,}"),
        ("blind first answers", f"{agreed['n']:,}"),
        ("true error of the machine, all items", f"{_share(sent):.1%}"),
        ("true error, items sent to people", f"{_share(unsure):.1%}"),
        ("told, as seen (naive)", f"{1 - agreed['naive']:.1%}"),
        ("told, weighted by 1/π", f"{1 - agreed['value']:.1%}"),
        ("its interval of 95 %", f"{1 - agreed['high']:.1%} to {1 - agreed['low']:.1%}"),
    ]
    sys.stdout.write("".join(f"{what:<40}{figure:>16}\n" for what, figure in lines))


def _share(sent: Sequence[Sent]) -> float:
    return sum(each.wrong for each in sent) / len(sent)


if __name__ == "__main__":
    sys.exit(main())
