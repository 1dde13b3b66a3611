"""What is supervised: a process that is to run until it is told to stop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A process of the service."""

    name: str
    """Stands before each of its lines."""
    command: tuple[str, ...]
    environment: Mapping[str, str]
    """All of it."""
    ready: Callable[[int], bool] | None = None
    """Whether the process of this number does its work by now: asked a few times a second until
    it does, so it should answer soon. None: it does once it has run for a while."""
    stage: int = 0
    """Parts of a later stage have stopped before those of an earlier one are told to."""
    grace: float = 30.0
    """Seconds it has to stop, before it is killed."""
