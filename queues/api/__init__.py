"""HTTP: the only door through which the world reaches the service."""
