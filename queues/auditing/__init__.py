"""Chains audit events, so that no change to them goes unseen, and looks whether there was one."""

from queues.auditing.chain import Anchor
from queues.auditing.findings import Finding, Findings
from queues.auditing.sealing import Sealed, seal
from queues.auditing.verifying import verify

__all__ = ["Anchor", "Finding", "Findings", "Sealed", "seal", "verify"]
