"""What is found out about a rule while it is translated, and why it may not be."""

from dataclasses import dataclass, field

from engine.importing.reports import Fate, Remark, Topic


class Untranslated(Exception):
    """A rule cannot be brought over; `line` is where the reason stands."""

    fate = Fate.BY_HAND

    def __init__(self, line: int, message: str) -> None:
        super().__init__(line, message)
        self.line = line
        self.message = message


class ByHand(Untranslated):
    """A person has to write this rule."""


class Dead(Untranslated):
    """This rule did nothing in the source either."""

    fate = Fate.DEAD


@dataclass(slots=True)
class Notes:
    """The remarks about one rule."""

    found: list[Remark] = field(default_factory=list)

    def changed(self, line: int, message: str) -> None:
        """Note what has another meaning here."""
        self._add(line, Topic.CHANGED, message)

    def lost(self, line: int, message: str) -> None:
        """Note what had no effect in the source."""
        self._add(line, Topic.LOST, message)

    def proposed(self, line: int, message: str) -> None:
        """Note what a person may want to do."""
        self._add(line, Topic.PROPOSED, message)

    def left_out(self, line: int, message: str) -> None:
        """Note what nothing depends on here."""
        self._add(line, Topic.LEFT_OUT, message)

    @property
    def fate(self) -> Fate:
        """What became of a rule with these remarks that is here."""
        changed = any(one.topic is Topic.CHANGED for one in self.found)
        return Fate.CHANGED if changed else Fate.TRANSLATED

    def _add(self, line: int, topic: Topic, message: str) -> None:
        remark = Remark(line, topic, message)
        if remark not in self.found:
            self.found.append(remark)
