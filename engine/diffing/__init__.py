"""What two policies differ in, by meaning: text, places and order make no difference."""

from engine.diffing.comparing import compare
from engine.diffing.difference import Difference
from engine.diffing.weights import changes_meaning

__all__ = ["Difference", "changes_meaning", "compare"]
