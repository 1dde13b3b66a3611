"""Brings the rules of other systems over: as shadow rules, with a report of what became of each."""
