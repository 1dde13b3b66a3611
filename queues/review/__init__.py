"""People decide here: they claim cases, vote, and what they say takes effect. See the README."""

from queues.review.ballots import Ballot
from queues.review.errors import ClaimLost
from queues.review.handing import Handed
from queues.review.holds import Claimed
from queues.review.reviewers import Reason, Why
from queues.review.reviewing import Review, Voted

__all__ = ["Ballot", "ClaimLost", "Claimed", "Handed", "Reason", "Review", "Voted", "Why"]
