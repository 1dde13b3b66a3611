"""Sums by hour, kept up to date, and read together with what is not summed up yet."""

from queues.measurement.rollups.folding import Folded, Rollups
from queues.measurement.rollups.reading import Grouping
from queues.measurement.rollups.spans import Span, hour_of, span_of

__all__ = ["Folded", "Grouping", "Rollups", "Span", "hour_of", "span_of"]
