"""Decides: content in, verdict out; no socket, no environment, no clock of its own."""
