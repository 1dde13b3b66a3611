"""What can go wrong between two reviewers.

- ClaimLost: the case is not in the hands of whoever wants to decide it; a Conflict
"""

from uuid import UUID

from queues.errors import Conflict


class ClaimLost(Conflict):
    """The case is held by somebody else, or by nobody: a claim ends with its lease."""

    def __init__(self, case_id: UUID, holder: str | None) -> None:
        why = "claim it first" if holder is None else "another reviewer has it"
        super().__init__(f"case `{case_id}`", why)
        self.case_id = case_id
        self.holder = holder

    def __reduce__(self) -> tuple[type["ClaimLost"], tuple[UUID, str | None]]:
        return ClaimLost, (self.case_id, self.holder)
