"""Shows: the console of moderators, policy teams and managers."""
