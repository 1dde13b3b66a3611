"""How people who are simulated are told from people: by their names."""

from typing import Final

#: Begins the name of everybody who is simulated, so that nobody takes their figures for people's.
PREFIX: Final = "sim-"


def is_simulated(name: str) -> bool:
    """Whether a reviewer is simulated."""
    return name.startswith(PREFIX)
