"""The engines of the comparison, in the order of the table."""

from importlib.util import find_spec
from typing import Final

from tests.benchmarks.peers import (
    cel_rules,
    if_chain,
    json_logic_rules,
    regular,
    rule_engine_rules,
    zen_rules,
)

IF_CHAIN: Final = if_chain.PEER
CEL: Final = cel_rules.WITH_RE
ZEN: Final = zen_rules.EXPRESSIONS
PEERS: Final = (
    IF_CHAIN,
    regular.PEER,
    cel_rules.WITH_WORDS,
    CEL,
    json_logic_rules.PEER,
    rule_engine_rules.PEER,
    zen_rules.TABLE,
    ZEN,
)


def missing() -> list[str]:
    """The modules that are not installed."""
    modules = {peer.module for peer in PEERS if peer.module is not None}
    return sorted(module for module in modules if find_spec(module) is None)
