"""Lists that are written for long rows of words and domains; equal ones once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.importing.writing import Data

#: So many words still stand in the rule itself.
FEW: Final = 12


@dataclass(slots=True)
class Lists:
    """The lists of one file."""

    prefix: str
    _names: dict[tuple[str, ...], str] = field(default_factory=dict)
    _documents: dict[str, Mapping[str, Data]] = field(default_factory=dict)
    _open: list[tuple[str, tuple[str, ...], Mapping[str, Data]]] = field(default_factory=list)
    """Lists of the rule at hand, which may not be written in the end."""
    rule: str = "list"
    """The name of the rule at hand."""

    def words(self, values: list[str], *, exact: bool) -> str | None:
        """The name of a list of these words; None: they are few."""
        if len(values) <= FEW:
            return None
        document: dict[str, Data] = {"of": "phrases" if _phrases(values) else "words"}
        if exact:
            document["spelling"] = "exact"
        return self._list(("words", str(exact), *values), {**document, "entries": values})

    def domains(self, values: list[str], name: str | None = None) -> str | None:
        """The name of a list of these domains; None: they are few, and no name is given."""
        if len(values) <= FEW and name is None:
            return None
        return self._list(("domains", *values), {"of": "domains", "entries": values}, name)

    def settle(self) -> None:
        """Keep the lists of the rule at hand."""
        for name, key, document in self._open:
            self._names[key] = name
            self._documents[name] = document
        self._open = []

    def forget(self) -> None:
        """Leave the lists of the rule at hand: it is not written."""
        self._open = []

    def documents(self, used: set[str]) -> Iterator[tuple[str, Mapping[str, Data]]]:
        """The lists that some rule uses, with their names."""
        yield from ((name, one) for name, one in self._documents.items() if name in used)

    def _list(
        self, key: tuple[str, ...], document: Mapping[str, Data], name: str | None = None
    ) -> str:
        known = self._names.get(key)
        if known is None:
            known = next((one for one, other, _ in self._open if other == key), None)
        if known is not None:
            return known
        name = self._free(name or f"{self.rule}-{key[0]}")
        self._open.append((name, key, {"list": name, **document}))
        return name

    def _free(self, wanted: str) -> str:
        taken = {*self._documents, *(name for name, _, _ in self._open)}
        if wanted not in taken:
            return wanted
        return next(
            one for number in range(2, 10_000) if (one := f"{wanted}-{number}") not in taken
        )


def _phrases(values: list[str]) -> bool:
    return any(" " in value for value in values)
