"""Statements of reasons, as the EU Digital Services Act asks for: see the README beside this."""

from queues.statements.issuing import Restriction, state_reasons
from queues.statements.statement import Statement
from queues.statements.transparency import Transparency, load_transparency

__all__ = ["Restriction", "Statement", "Transparency", "load_transparency", "state_reasons"]
