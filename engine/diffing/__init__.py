"""What two policies differ in, by meaning: text, places and order make no difference."""

from engine.diffing.comparing import compare
from engine.diffing.difference import Difference

__all__ = ["Difference", "compare"]
