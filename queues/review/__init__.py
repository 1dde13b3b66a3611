"""People decide here: they claim cases, vote, and what they say takes effect. See the README."""

from queues.review.ballots import Ballot
from queues.review.corrections import Corrections
from queues.review.decided import DecidedPage
from queues.review.errors import ClaimLost
from queues.review.handing import Handed
from queues.review.holds import Claimed
from queues.review.remarks import Comment, Rating
from queues.review.reviewers import Reason, Why
from queues.review.reviewing import Review, Voted
from queues.review.revising import Revision
from queues.review.showing import Shown, shown
from queues.review.sittings import Sitting
from queues.review.workbook import Exposure, Workbook

__all__ = [
    "Ballot",
    "ClaimLost",
    "Claimed",
    "Comment",
    "Corrections",
    "DecidedPage",
    "Exposure",
    "Handed",
    "Rating",
    "Reason",
    "Review",
    "Revision",
    "Shown",
    "Sitting",
    "Voted",
    "Why",
    "Workbook",
    "shown",
]
