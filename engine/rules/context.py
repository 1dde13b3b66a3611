"""What conditions see of one item while it is judged."""

from collections.abc import Mapping

from engine.item import Value
from engine.text.folding import Folded, fold_plain


class Context:
    """The values of an item, with what was already found out about its texts."""

    __slots__ = ("_folded", "confirmed", "fields", "form", "places", "seen")

    def __init__(
        self, fields: Mapping[str, Value], seen: frozenset[int] | set[int] | None = None
    ) -> None:
        self.fields = fields
        self.form = tuple(fields)
        """The names of the fields that arrived, in their order."""
        self.seen = seen
        """Events of the scan; None: no scan was made, and every probe looks for itself."""
        self.places: dict[int, list[int]] = {}
        """Of long texts: where each event ended, in the folded text, give or take a character."""
        self.confirmed: dict[int, bool] = {}
        """What probes found when they looked, by number."""
        self._folded: dict[str, Folded] = {}

    def folded(self, field: str, text: str) -> Folded:
        """The plain folded text of a field, folded once."""
        found = self._folded.get(field)
        if found is None:
            found = self._folded[field] = fold_plain(text)
        return found
