"""What somebody does on the platform: how often, in which words, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Lines = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A kind of behaviour."""

    name: str
    weight: float
    """How often, against the weights of the others."""
    lines: Lines
    """Templates by language."""
    policy: str = "none"
    """The policy it breaks; `none`: it breaks none."""
    toxic: bool = False
    hate: bool = False
    action: str = "publish"
    """What a careful reviewer would do."""
    severity: str = "low"
    difficulty: float = 0.1
    """0: nobody errs; 1: careful people disagree."""
    by: str = "anybody"
    """The character of author it falls to."""
    kinds: Mapping[str, float] = field(default_factory=lambda: {"post": 0.45, "comment": 0.55})
    masked: float = 0.0
    """The chance that telling words are disguised."""
    padded: float = 0.25
    """The chance that an everyday sentence stands beside it."""
    quoted: float = 0.0
    """The share of the text that is somebody else's."""
    links: str = "none"
    """`none`, `some` (ordinary links, now and then) or `shop`."""
    reported: float = 0.002
    """The chance that somebody reports it."""
