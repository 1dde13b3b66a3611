"""The engines that users would take instead, each given the rules in its own language."""
