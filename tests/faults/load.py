"""Senders who post until each item has an answer, and people who decide cases."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import httpx

from queues.client import Client, post_all
from tests.faults.site import Site

#: Words and scores that bring items to each tier of `policy.py`.
_KINDS: Final[Sequence[Mapping[str, object]]] = (
    {"text": "hello there"},
    {"text": "hello there", "score": {"hate": 0.95}},
    {"text": "hello there", "score": {"hate": 0.6}},
    {"text": "what a zorbling"},
)
_PATIENCE: Final = 120.0


@dataclass(slots=True)
class Sent:
    """What a sender was told, by its own ids."""

    answers: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    retried: int = 0
    failure: BaseException | None = None


#: How traffic is made up, in the order of the kinds above: little of it needs anybody.
USUAL: Final = (80, 10, 7, 3)
#: As much of each: every part has something to do.
EVEN: Final = (1, 1, 1, 1)


def items(
    prefix: str, count: int, *, seed: int = 1, weights: Sequence[int] = EVEN
) -> list[dict[str, object]]:
    """Items for all tiers, in a seeded order; some are exact duplicates of their neighbours."""
    draw = Random(seed)
    kinds = draw.choices(_KINDS, weights, k=count)
    return [
        {
            "id": f"{prefix}-{number}",
            "author": {"id": f"u{draw.randrange(50)}"},
            **kind,
            "text": f"{kind['text']} {prefix} {number // 2}",
        }
        for number, kind in enumerate(kinds)
    ]


class Sender(threading.Thread):
    """Posts items while other things happen."""

    def __init__(
        self, site: Site, raws: Sequence[Mapping[str, object]], *, batch: int, at_once: int = 4
    ) -> None:
        super().__init__(name="sender")
        self.sent = Sent()
        self._site = site
        self._raws = raws
        self._batch = batch
        self._at_once = at_once
        self.start()

    def run(self) -> None:
        """Post all."""
        try:
            asyncio.run(self._post())
        except Exception as failure:  # noqa: BLE001 - told to whoever waits
            self.sent.failure = failure

    async def _post(self) -> None:
        client = Client(urls=self._site.urls, key=self._site.key, patience=_PATIENCE)
        async with client:
            async for raw, answer in post_all(
                client, self._raws, batch=self._batch, at_once=self._at_once
            ):
                self.sent.answers[str(raw["id"])] = answer
        self.sent.retried = client.retried

    def finish(self) -> Sent:
        """Wait until all is answered."""
        self.join(timeout=600)
        assert not self.is_alive()
        if self.sent.failure is not None:
            raise self.sent.failure
        return self.sent


class People(threading.Thread):
    """Reviewers who claim cases and vote, as long as they are asked to."""

    def __init__(self, site: Site, *, names: int = 4, seed: int = 1) -> None:
        super().__init__(name="people")
        self.votes = 0
        self._site = site
        self._names = [f"reviewer-{number}" for number in range(names)]
        self._draw = Random(seed)
        self._over = threading.Event()
        self.start()

    def run(self) -> None:
        """Work in turn."""
        headers = {"authorization": f"Bearer {self._site.key}"}
        with httpx.Client(headers=headers, timeout=30) as client:
            turn = 0
            while not self._over.wait(0.02):
                turn += 1
                try:
                    self._work(client, turn)
                except httpx.TransportError:
                    continue  # somebody killed the server; the lease will end

    def _work(self, client: httpx.Client, turn: int) -> None:
        url = self._site.urls[turn % len(self._site.urls)]
        name = self._names[turn % len(self._names)]
        tier = ("single", "senior")[turn % 2]
        wish = {"reviewer": name, "tier": tier, "limit": 10}
        claimed = client.post(f"{url}/v1/cases:claim", json=wish)
        if not claimed.is_success:
            return
        for case in claimed.json()["cases"]:
            action = self._draw.choice(("keep", "remove", "remove"))
            answer = client.post(
                f"{url}/v1/cases/{case['id']}/{'decision' if tier == 'single' else 'vote'}",
                json={
                    "reviewer": name,
                    "action": action,
                    "reasons": ["hate.attack"],
                    "active_seconds": 5,
                },
            )
            self.votes += answer.is_success

    def finish(self) -> int:
        """Let them go; how often they voted."""
        self._over.set()
        self.join(timeout=60)
        return self.votes
