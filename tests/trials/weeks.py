"""`python -m tests.trials.weeks`: ten weeks of real posts, with their real votes as reviewers.

Each week a tenth of the posts comes in over HTTP, in four parts. Three reviewers work what waits;
the k-th says of a post what its k-th annotator said. What they see no suggestion of, they bring
before a panel of all three, so that certificates are earned by the judgement of panels. After each
part certificates are looked at, and at the end of the week the model is trained again and the gate
decides. Truth is the majority of all three, of which neither the machine nor a single reviewer
knows.
"""

import argparse
import asyncio
import gzip
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import httpx
import orjson
from sklearn.metrics import f1_score
from sqlalchemy import text

from queues.client import Client
from queues.simulation.api import Case, Desk, Possible
from queues.simulation.judgement import Judgement
from tests.faults.load import Sender
from tests.faults.site import Site
from tests.functional.processes import ROOT
from tests.trials.policy import SETUP
from tests.waiting import until

_LEARNING: Final = {
    "TIERWISE_LEARNING__SCORES": '{"score.hate": ["hate"]}',
    "TIERWISE_LEARNING__LABELS": "1000000",
    # Only the quality sample is looked at beside what rules ask for, and what choosing would save
    # is measured by `tests.benchmarks.active`.
    "TIERWISE_LEARNING__SUGGESTIONS": "0",
    "TIERWISE_LEARNING__REPLAYS": "0",
    # A new model costs the certificates of the old: it has to be better, not just as good.
    "TIERWISE_LEARNING__MARGIN": "0",
}
DATA: Final = ROOT.parent / "shared" / "data" / "hatexplain_train.jsonl.gz"
_PARTS: Final = 4
_AT_ONCE: Final = 25
_HALF: Final = 0.5
#: Nobody votes twice on one item, or on exact duplicates: what is left needs another panel.
_TURNS: Final = 100
#: Seconds of a look, as in the design's staffing.
_SECONDS: Final = 28.8
_RULES: Final = """\
---
rule: surely
status: live
when: {{ score.hate: {{ at_least: {above} }} }}
then: {{ tier: auto, action: hide, reason: hate.attack }}
tests:
  - {{ given: {{ score.hate: 0.999 }}, expect: match }}
---
rule: perhaps
status: live
if_missing: single
when: {{ score.hate: {{ between: [{below}, {above}] }} }}
then: {{ tier: single, reason: hate.attack }}
---
queue: senior
tier: senior
sla: 8 hours
default: yes
panel: {{ reviewers: 3, decide: majority }}
---
rule: sample
policy: quality
status: live
stage: after
sample: 10% of items
when: {{ decision.tier: {{ is_any: [auto, none] }} }}
then: {{ tier: single, queue: qa, reason: quality, priority: low }}
"""
_COUNTS: Final = text("""
SELECT items.sender_id AS name, items.tier, items.action,
    (verdicts.input -> 'signals' ->> 'score.hate')::float8 AS score,
    EXISTS (SELECT FROM votes JOIN cases ON cases.id = votes.case_id
        WHERE cases.item_id = items.id AND cases.purpose = 'review') AS reviewed
FROM items JOIN LATERAL (SELECT input FROM verdicts WHERE verdicts.item_id = items.id
    ORDER BY verdicts.id LIMIT 1) AS verdicts ON true
WHERE items.sender_id = ANY(:names)
""")
_HEAD: Final = (
    "week",
    "automation",
    "certified error",
    "true error, auto",
    "cost",
    "macro-F1",
    "gate",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post, what each annotator said, and what most of them said."""

    name: str
    words: str
    toxic: bool
    votes: tuple[bool, ...]

    @property
    def raw(self) -> dict[str, Any]:
        """As it is sent."""
        return {"id": self.name, "kind": "post", "text": self.words}


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What a week brought."""

    number: int
    posts: int
    automation: float
    certified: str
    acted: int
    """Posts that the machine acted on alone."""
    wrong: int
    """Of these, against the majority."""
    cost: float
    macro_f1: float | None
    gate: str


class Trial:
    """A site, and the posts that go through it."""

    def __init__(self, site: Site, settings: Mapping[str, str]) -> None:
        self.site = site
        self.settings = settings
        self.posts: dict[str, Post] = {}

    def week(self, number: int, posts: Sequence[Post]) -> Week:
        """One week: what comes is worked, certificates are looked at, the model learns."""
        self.posts |= {post.name: post for post in posts}
        before = self._cost()
        for part in _parts(posts):
            Sender(self.site, [post.raw for post in part], batch=100).finish()
            until(lambda: not self._count("SELECT count(*) FROM outbox"), within=300)
            asyncio.run(self._work())
            self._tierwise("certify")
        certified = self._certified()
        gate = self._retrain()
        rows = self._rows([post.name for post in posts])
        alone = [row for row in rows if not row["reviewed"]]
        acted = [row for row in alone if row["tier"] == "auto"]
        wrong = sum((row["action"] != "publish") != self.posts[row["name"]].toxic for row in acted)
        return Week(
            number=number,
            posts=len(posts),
            automation=len(alone) / len(rows),
            certified=certified,
            acted=len(acted),
            wrong=wrong,
            cost=(self._cost() - before) / len(posts),
            macro_f1=self._macro_f1(rows),
            gate=gate,
        )

    async def _work(self) -> None:
        """Everybody at once, until nothing waits."""
        for turn in range(1, _TURNS):
            if not self._count("SELECT count(*) FROM cases WHERE state IN ('waiting', 'open')"):
                return
            for tier, shift in (("single", "desk"), ("senior", f"panel-{turn}")):
                await asyncio.gather(*(self._person(tier, shift, place) for place in range(3)))
        raise AssertionError(self._count("SELECT count(*) FROM cases WHERE state = 'open'"))

    async def _person(self, tier: str, shift: str, place: int) -> None:
        """Work all there is of a tier as the annotator of this place."""
        async with Client(urls=self.site.urls, key=self.site.key) as client:
            possible = await Possible.at(client)
            desk = Desk(client, possible, reviewer=f"sim-{shift}-{place + 1}", knowing=client)
            while cases := (await desk.claim(tier, _AT_ONCE)).cases:
                for case in cases:
                    if tier == "single" and case.blind:
                        await desk.escalate(case)
                    else:
                        await self._say(desk, case, place)

    async def _say(self, desk: Desk, case: Case, place: int) -> None:
        toxic = self.posts[case.item].votes[place]
        reasons = ("hate.attack",) if toxic else ()
        action = "hide" if toxic else "publish"
        reply = await desk.decide(
            case,
            Judgement(action=action, reasons=reasons, active_seconds=_SECONDS, errs=False),
        )
        if reply.status == HTTPStatus.CONFLICT:
            # They voted on a duplicate meanwhile, which they held beside it: somebody else says.
            await desk.release(case)
            return
        assert not reply.refused, reply.body

    def _certified(self) -> str:
        """The last certificate, and whether it holds."""
        question = text(
            "SELECT labels, errors, upper, error_limit, ended_by FROM certificates"
            " ORDER BY id DESC LIMIT 1"
        )
        with self.site.store.read() as connection:
            row = connection.execute(question).one_or_none()
        if row is None:
            return "none yet"
        holds = "holds" if row.ended_by is None else f"ended ({row.ended_by})"
        shown = f"{row.errors} of {row.labels} wrong, at most {row.upper:.1%}"
        return f"below {row.error_limit:.0%}: {shown}; {holds}"

    def _retrain(self) -> str:
        """Train, and what the gate said."""
        self._tierwise("retrain")
        question = text("SELECT state, reasons FROM training_runs ORDER BY id DESC LIMIT 1")
        with self.site.store.read() as connection:
            row = connection.execute(question).one()
        return f"{row.state}: {'; '.join(row.reasons)}"

    def _tierwise(self, *arguments: str) -> None:
        addresses = {
            "TIERWISE_DATABASE__URL": self.site.postgres.url,
            "TIERWISE_REDIS__URL": self.site.valkey.url,
        }
        done = subprocess.run(
            [sys.executable, "-m", "queues.cli", *arguments],
            env={**os.environ, **self.settings, **addresses},
            cwd=self.site.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            _tell(f"{' '.join(arguments)}: {done.stdout}{done.stderr}")

    def _rows(self, names: Sequence[str]) -> Sequence[Mapping[str, Any]]:
        with self.site.store.read() as connection:
            found = connection.execute(_COUNTS, {"names": list(names)})
            return [dict(row) for row in found.mappings()]

    def _macro_f1(self, rows: Sequence[Mapping[str, Any]]) -> float | None:
        """Of the model that scored these posts as they came in, which had not seen them."""
        scored = [row for row in rows if row["score"] is not None]
        if not scored:
            return None
        truth = [self.posts[row["name"]].toxic for row in scored]
        said = [row["score"] >= _HALF for row in scored]
        return float(f1_score(truth, said, average="macro"))

    def _cost(self) -> float:
        """Of all people's time so far."""
        headers = {"authorization": f"Bearer {self.site.key}"}
        answer = httpx.get(
            f"{self.site.urls[0]}/v1/quality/summary", headers=headers, timeout=60
        ).raise_for_status()
        tiers = answer.json()["tiers"]
        return float(sum(tier["cost"]["amount"] for tier in tiers if tier["cost"]))

    def _count(self, question: str) -> int:
        with self.site.store.read() as connection:
            found: int = connection.execute(text(question)).scalar_one()
        return found


def main() -> int:
    """Ten weeks, a line each."""
    parser = argparse.ArgumentParser(prog="python -m tests.trials.weeks", description=__doc__)
    parser.add_argument("--weeks", type=int, default=10)
    parser.add_argument("--posts", type=int, default=1_538, help="in a week")
    parser.add_argument("--error-limit", type=float, default=0.12)
    parser.add_argument("--above", type=float, default=0.9, help="the machine acts from here on")
    parser.add_argument("--blind", type=float, default=0.6, help="share of cases for certificates")
    parser.add_argument("--below", type=float, default=0.2, help="and lets stand below")
    given = parser.parse_args()
    settings = {
        "TIERWISE_CERTIFYING__ON": "true",
        "TIERWISE_CERTIFYING__ERROR_LIMIT": str(given.error_limit),
        "TIERWISE_CERTIFYING__BLIND_SHARE": str(given.blind),
        **_LEARNING,
        "TIERWISE_REVIEW__BLIND_SHARE": "0.1",
    }
    posts = read()
    with tempfile.TemporaryDirectory(prefix="tierwise-trial-") as name:
        folder = Path(name)
        rules = folder / "rules"
        rules.mkdir()
        (rules / "all.yaml").write_text(SETUP + _RULES.format(above=given.above, below=given.below))
        with Site(folder, rules, settings=settings) as site:
            trial = Trial(site, settings)
            _tell("| " + " | ".join(_HEAD) + " |")
            _tell("|" + "---|" * len(_HEAD))
            weeks = []
            for number in range(given.weeks):
                start = number * given.posts
                weeks.append(trial.week(number + 1, posts[start : start + given.posts]))
                _tell(row(weeks[-1]))
            acted, wrong = sum(each.acted for each in weeks), sum(each.wrong for each in weeks)
            _tell(f"wrong of what the machine did alone in all weeks: {_share(wrong, acted)}")
    return 0


def read() -> list[Post]:
    """All posts, in an order of no meaning that is always the same."""
    with gzip.open(DATA) as lines:
        found = [_post(orjson.loads(line)) for line in lines]
    return sorted(found, key=lambda post: sha256(post.name.encode()).digest())


def _post(row: Mapping[str, Any]) -> Post:
    return Post(
        name=row["id"],
        words=row["text"],
        toxic=row["labels"]["toxic"],
        votes=tuple(each["label"] != "normal" for each in row["annotations"]),
    )


def row(week: Week) -> str:
    """As a line of a table."""
    cells = (
        str(week.number),
        f"{week.automation:.1%}",
        week.certified,
        _share(week.wrong, week.acted),
        f"{week.cost:.3f}",
        "-" if week.macro_f1 is None else f"{week.macro_f1:.3f}",
        week.gate,
    )
    return "| " + " | ".join(cells) + " |"


def _share(wrong: int, acted: int) -> str:
    return f"{wrong / acted:.1%} of {acted}" if acted else "-"


def _parts(posts: Sequence[Post]) -> Iterator[Sequence[Post]]:
    size = -(-len(posts) // _PARTS)
    return (posts[start : start + size] for start in range(0, len(posts), size))


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
