"""Reports and those who make them: what became of them, and how far the next is relied on."""

from queues.reporters.counts import RELIABILITY, WEIGHT, Reporter, facts_of, show
from queues.reporters.settling import Ruling, settle

__all__ = ["RELIABILITY", "WEIGHT", "Reporter", "Ruling", "facts_of", "settle", "show"]
