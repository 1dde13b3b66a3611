"""`rule-engine`; its own expressions for everything, as sets are slower in it than patterns."""

from collections.abc import Sequence

from engine.bench.descriptions import Description, Matches, Words
from engine.item import Item
from tests.benchmarks.peers.notation import Notation, variables
from tests.benchmarks.peers.peer import Judge, Peer
from tests.benchmarks.peers.regular import expression


def _build(rules: Sequence[Description]) -> Judge:
    import rule_engine  # noqa: PLC0415  # it need not be installed

    notation = Notation(words=_search, matches=_search, every=" and ", some=" or ")
    made = [rule_engine.Rule(notation.write(rule.condition)) for rule in rules]

    def judge(item: Item) -> list[int]:
        values = variables(item)
        return [number for number, rule in enumerate(made) if rule.matches(values)]

    return judge


def _search(condition: Words | Matches) -> str:
    escaped = expression(condition).replace("\\", "\\\\")
    return f'text =~~ "{escaped}"'


PEER = Peer(name="rule-engine", build=_build, module="rule_engine")
