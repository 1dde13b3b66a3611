"""Takes items in: judged, stored and answered in one transaction, each of them once."""

from queues.intake.accepting import Intake
from queues.intake.answers import Accepted, Outcome, Rejected

__all__ = ["Accepted", "Intake", "Outcome", "Rejected"]
