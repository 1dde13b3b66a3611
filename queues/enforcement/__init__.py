"""Carries out what was decided, each decision once: see the README beside this file."""

from queues.enforcement.enforcing import Enforcement

__all__ = ["Enforcement"]
