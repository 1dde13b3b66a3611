"""The way of a release into force: tested, approved, tried, and taken back."""

from queues.releasing.comparing import Compared, Metric, Standing
from queues.releasing.guarding import Guard
from queues.releasing.releasing import Releasing
from queues.releasing.shadowing import Cell, Shadowing, differences
from queues.releasing.stages import Brought, Placed, Shown, Stage
from queues.releasing.steps import Step, Stepped
from queues.releasing.testing import Tested

__all__ = [
    "Brought",
    "Cell",
    "Compared",
    "Guard",
    "Metric",
    "Placed",
    "Releasing",
    "Shadowing",
    "Shown",
    "Stage",
    "Standing",
    "Step",
    "Stepped",
    "Tested",
    "differences",
]
