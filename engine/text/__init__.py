"""Text as the rules see it: folded, cut into words, searched for entries and patterns."""
