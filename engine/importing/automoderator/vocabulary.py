"""The names a translated rule may use: those there are, and those that are declared for it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.importing.automoderator.fates import ByHand, Notes
from engine.importing.automoderator.fields import FIELDS, Wanted
from engine.importing.writing import Bare, Data
from engine.rules.vocabulary import Field, Vocabulary


@dataclass(slots=True)
class Words:
    """The vocabulary of an import."""

    known: Vocabulary
    declares: bool
    """Whether what is not there is declared."""
    _declared: set[str] = field(default_factory=set)
    _wanted: list[str] = field(default_factory=list)
    """What the rule at hand needs and does not have yet."""
    missing: Counter[str] = field(default_factory=Counter)

    def field(self, name: str, notes: Notes, line: int) -> str:
        """The name of the field to use for what `name` holds.

        Raises:
            ByHand: There is a field of that name, of another type.
        """
        wanted = FIELDS[name]
        there = self.known.fields.get(name)
        if there is not None and _fits(there, wanted):
            return name
        if there is not None:
            message = f"`{name}` is a field of type `{there.type}` here, not `{wanted.type}`"
            raise ByHand(line, message)
        instead = wanted.instead
        if not self.declares and instead is not None and instead in self.known.fields:
            notes.changed(line, wanted.change)
            return instead
        self._wanted.append(f"field {name}")
        return name

    def action(self, name: str) -> str:
        """A host's action: declared, there, or else the mark `label`."""
        if name in self.known.actions:
            return name
        if not self.declares:
            return "label"
        self._wanted.append(f"action {name}")
        return name

    def settle(self, line: int) -> None:
        """Take what the rule at hand needs into the vocabulary.

        Raises:
            ByHand: It may not be declared.
        """
        wanted, self._wanted = list(dict.fromkeys(self._wanted)), []
        if not wanted:
            return
        if not self.declares:
            self.missing.update(wanted)
            names = ", ".join(f"`{one}`" for one in wanted)
            raise ByHand(line, f"the vocabulary lacks {names}; declare it, or use `--declare`")
        self._declared.update(wanted)

    def forget(self) -> None:
        """Leave what the rule at hand would have needed: it is not written."""
        self._wanted = []

    def documents(self) -> Iterator[Mapping[str, Data]]:
        """The documents that declare what was missing, in order of name."""
        for each in sorted(self._declared):
            kind, name = each.split(" ")
            if kind == "field":
                yield _declaration(name, FIELDS[name])
            else:
                yield {"action": name, "stricter_than": "publish"}


def _fits(there: Field, wanted: Wanted) -> bool:
    if there.type is not wanted.type:
        return False
    return not wanted.choices or set(wanted.choices) <= set(there.choices)


def _declaration(name: str, wanted: Wanted) -> dict[str, Data]:
    found: dict[str, Data] = {"field": name, "type": Bare(wanted.type)}
    if wanted.choices:
        found["choices"] = list(wanted.choices)
    found["about"] = wanted.about
    if wanted.missing is not None:
        found["missing"] = Bare(wanted.missing) if wanted.missing else ""
    return found
