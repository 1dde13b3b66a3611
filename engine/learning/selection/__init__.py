"""Active learning: which items people should label next. See the README one folder up."""

from engine.learning.selection.candidates import Candidates, of_chance
from engine.learning.selection.suggesting import Strategy, Suggestion, suggest

__all__ = ["Candidates", "Strategy", "Suggestion", "of_chance", "suggest"]
