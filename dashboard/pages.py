"""Pages as the navigation knows them, and who gets to see which."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from dashboard.person import Person


class Section(StrEnum):
    """A heading of the navigation, in its order."""

    REVIEW = "Review"
    POLICY = "Policy"
    QUALITY = "Quality"
    ME = "Me"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the console."""

    section: Section
    title: str
    path: str
    """In the address, such as `desk`."""
    icon: str
    """Of Material Symbols, such as `:material/gavel:`."""
    question: str
    """What it answers: its first line."""
    show: Callable[[], None]
    """Draws it, for `person.here()`."""
    hidden: bool = False
    """Whether only other pages lead to it."""
    needs: tuple[str, ...] = ()
    """Operations that whoever sees it may do, such as `quality.read`."""

    def open_to(self, person: Person) -> bool:
        """Whether this person gets to see it. What it shows, the API grants or refuses anew."""
        return person.may(*self.needs)
