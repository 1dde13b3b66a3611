"""How the work of machine and people goes, tier by tier. See the README."""

from engine.quality import Measure, State
from queues.measurement.summary import Appealed, Cost, Summary, TierSummary, summarise

__all__ = ["Appealed", "Cost", "Measure", "State", "Summary", "TierSummary", "summarise"]
