"""Other engines beside ours: the same rules, items and answers, and what they take."""
