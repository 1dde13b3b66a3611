"""Keeps a worker from waiting for ever after a confirmation that did not reach Redis.

A worker takes one message at a time. If Redis goes away just as a message is done, Celery logs that
it could not be confirmed and goes on; kombu (5.7) counts the message as under way for as long as
the process lives, so the worker never takes another one. Here it counts as done, whether Redis has
heard of it or not: Postgres knows what was done, and a message that comes again finds nothing.
"""

from kombu.transport import redis
from kombu.transport.virtual import QoS


class ForgivingQoS(redis.QoS):
    """Counts messages under way, and none that are done."""

    def ack(self, delivery_tag: str) -> None:
        """Confirm a message; raises what Redis raises, with the message counted as done."""
        try:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]  # Celery has no types
        except Exception:
            QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]  # as above
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002 - as kombu has it
        """Give a message back or up; raises as above."""
        try:
            super().reject(delivery_tag, requeue=requeue)  # type: ignore[no-untyped-call]  # as above
        except Exception:
            QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]  # as above
            raise


def install() -> None:
    """Have all channels to Redis in this process count so; Sentinel's inherit it."""
    redis.Channel.QoS = ForgivingQoS
