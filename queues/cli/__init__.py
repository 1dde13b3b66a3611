"""The `tierwise` command: those of the engine, which need no server, and those of the service."""

from queues.cli.app import main

__all__ = ["main"]
