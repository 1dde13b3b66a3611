"""What has moved between a reference window and the current one, and what alarms. See the README.

Figures need scikit-learn, which takes a second to load: `looking` is imported where it is used.
"""

from queues.measurement.drift.alarms import Alarm, AlarmKind, alarms
from queues.measurement.drift.report import DriftReport

__all__ = ["Alarm", "AlarmKind", "DriftReport", "alarms"]
