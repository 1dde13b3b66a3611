"""Learns from what people decide: trainings are asked for, run, and let in or refused.

`trainer` and `again` need scikit-learn, which is slow to import; the rest does not.
"""

from queues.learning.asking import Trainings
from queues.learning.runs import Training, Trigger

__all__ = ["Training", "Trainings", "Trigger"]
