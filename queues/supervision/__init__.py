"""Runs the processes of the service side by side in one terminal."""

from queues.supervision.parts import Part
from queues.supervision.screen import Screen
from queues.supervision.supervisor import Supervisor

__all__ = ["Part", "Screen", "Supervisor"]
