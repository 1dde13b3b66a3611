"""The `tierwise` command: today the commands of the engine, which need no server."""

from engine.cli.app import main

__all__ = ["main"]
