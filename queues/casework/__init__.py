"""Cases of people on their way: opened, handed on, listed, appealed."""
