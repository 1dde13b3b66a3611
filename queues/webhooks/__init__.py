"""Receivers of events outside: who they are, where they may be, how deliveries are signed."""
