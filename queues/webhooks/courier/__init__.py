"""Delivers events to receivers, again and again until they have them."""

from queues.webhooks.courier.rounds import Courier

__all__ = ["Courier"]
