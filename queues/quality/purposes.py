"""What a decision about an item is for, and what follows from that."""

from enum import StrEnum
from typing import Final


class Purpose(StrEnum):
    """What the decision of a case is for."""

    #: It is in force.
    REVIEW = "review"
    #: It is in force, and closes an appeal.
    APPEAL = "appeal"
    #: Tells whether the machine was right.
    SAMPLE = "sample"
    #: Teaches: it was chosen because a model learns most from it.
    LEARNING = "learning"
    #: Tells whether two people agree: the second look at a case that one decided.
    OVERLAP = "overlap"
    #: Tells how often somebody is right: the answer is known.
    GOLD = "gold"
    #: Tells how far several people agree who decide the same items.
    CALIBRATION = "calibration"
    #: Tells whether a senior upholds a final decision, of machine or people.
    VALIDATION = "validation"


#: They measure one person, and nobody else gets them.
ALONE: Final = frozenset({Purpose.GOLD, Purpose.CALIBRATION})
#: One vote is all there is, also where it waits among those of panels; to those who review it does
#: not stand in lists.
BY_ONE: Final = ALONE | {Purpose.VALIDATION}
#: The vote is kept, and there is no decision.
WITHOUT_EFFECT: Final = BY_ONE | {Purpose.OVERLAP}
#: The decision is a label, and changes nothing by itself: where it differs from what the machine
#: did, the item is looked at again.
LABELS: Final = frozenset({Purpose.SAMPLE, Purpose.LEARNING})
#: What measures or teaches has to be decided without a suggestion.
BLIND: Final = WITHOUT_EFFECT | LABELS
