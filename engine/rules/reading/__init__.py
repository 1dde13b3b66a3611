"""Reads rule files into a typed `Policy`, collecting every mistake of every file on the way."""

from engine.rules.reading.folder import read_folder, read_policy

__all__ = ["read_folder", "read_policy"]
