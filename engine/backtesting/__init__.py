"""Two policies over the same log: what would be decided otherwise, and what that is worth."""
