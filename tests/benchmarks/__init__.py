"""Other engines beside ours: the same rules, the same items, the same answers, and what they take."""
