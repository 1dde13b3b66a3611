"""People decide here: they claim cases, vote, and what they say takes effect. See the README."""

from queues.review.ballots import Ballot
from queues.review.claims import Claimed
from queues.review.errors import ClaimLost
from queues.review.reviewing import Review, Voted

__all__ = ["Ballot", "ClaimLost", "Claimed", "Review", "Voted"]
