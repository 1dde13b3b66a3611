"""What was decided about content, for whatever comes again. See the README."""

from queues.overrides.keeping import Override, Overrides, OverrideState, Wanted

__all__ = ["Override", "OverrideState", "Overrides", "Wanted"]
