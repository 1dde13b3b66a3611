"""The processes of the service on one machine, and how to tell that each does its work."""

import os
import platform
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Final

from queues.cli.console import CONSOLE
from queues.errors import Unavailable
from queues.messaging.lanes import BACKTESTING, LEARNING, TIERS
from queues.presence import present
from queues.store.session import Store
from queues.supervision import Part

_PATIENCE: Final = 2.0
"""Seconds to wait for an answer of the API."""


def processes(
    environment: Mapping[str, str],
    *,
    store: Store,
    urls: tuple[str, str],
    learning: bool = False,
) -> list[Part]:
    """All processes. The console stops first, then the API: the others still send what it took.

    Args:
        environment: what they are told.
        store: where they give signs of life.
        urls: where the API and the console will listen.
        learning: whether a worker trains models.
    """
    api, console = urls

    def part(name: str, *words: str, ready: Callable[[int], bool], stage: int = 0) -> Part:
        command = (sys.executable, "-P", "-m", "queues.cli", *words)
        return Part(name=name, command=command, environment=environment, ready=ready, stage=stage)

    def seen(leader: int) -> bool:
        return _seen(store, leader)

    tiers = (*TIERS, LEARNING) if learning else TIERS
    return [
        part("relay", "relay", ready=seen),
        *(
            part(f"worker-{tier}", "worker", "--queues", _served(tier), ready=seen)
            for tier in tiers
        ),
        part("courier", "courier", ready=seen),
        part("beat", "beat", ready=seen),
        part("api", "api", ready=lambda _: _answers(f"{api}/ready"), stage=1),
        Part(
            name="console",
            command=CONSOLE,
            environment=environment,
            ready=lambda _: _answers(f"{console}/_stcore/health"),
            stage=2,
        ),
    ]


def _served(tier: str) -> str:
    """What the worker of a tier takes: that of the machine tries policies when it has time."""
    return f"{tier},{BACKTESTING}" if tier == TIERS[-1] else tier


def _seen(store: Store, leader: int) -> bool:
    """Whether the process gave a sign of life, or one that it started did."""
    try:
        here = [process.pid for process in present(store) if process.host == platform.node()]
    except Unavailable:
        return False
    return any(_session(pid) == leader for pid in here)


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:
        return None


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=_PATIENCE):  # noqa: S310 - an address of ours
            return True
    except (OSError, urllib.error.HTTPError):
        return False
