"""People's work while others do theirs at the same moment."""
