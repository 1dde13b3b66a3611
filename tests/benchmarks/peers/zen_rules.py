"""ZEN, which compiles a pattern at each use: literals written by hand keep it from that."""

import json
from collections.abc import Sequence

from engine.bench.descriptions import Description, Matches, Words
from engine.item import Item
from tests.benchmarks.peers.notation import Notation, variables
from tests.benchmarks.peers.peer import Judge, Peer
from tests.benchmarks.peers.regular import expression


def _build_expressions(rules: Sequence[Description]) -> Judge:
    import zen  # noqa: PLC0415  # it need not be installed

    made = [zen.compile_expression(written) for written in _written(rules)]

    def judge(item: Item) -> list[int]:
        values = variables(item)
        return [number for number, expression in enumerate(made) if expression.evaluate(values)]

    return judge


def _build_table(rules: Sequence[Description]) -> Judge:
    import zen  # noqa: PLC0415  # it need not be installed

    decision = zen.ZenEngine().create_decision(json.dumps(_table(_written(rules))))

    def judge(item: Item) -> list[int]:
        found = decision.evaluate(variables(item))["result"]
        return [int(row["rule"]) for row in found]

    return judge


def _written(rules: Sequence[Description]) -> list[str]:
    notation = Notation(words=_guarded, matches=_guarded, every=" and ", some=" or ")
    return [notation.write(rule.condition) for rule in rules]


def _guarded(condition: Words | Matches) -> str:
    search = f'matches(text, "{expression(condition)}")'
    literals = condition.any_of if isinstance(condition, Words) else condition.literals
    if not literals:
        return search
    guard = " or ".join(f'contains(text, "{literal}")' for literal in literals)
    return f"(({guard}) and {search})"


def _table(expressions: Sequence[str]) -> dict[str, object]:
    """A decision table with a line for each rule, all of which are looked at."""
    rows = [
        {"_id": f"row-{number}", "when": written, "rule": str(number)}
        for number, written in enumerate(expressions)
    ]
    content = {
        "hitPolicy": "collect",
        "inputs": [{"id": "when", "name": "when"}],
        "outputs": [{"id": "rule", "name": "rule", "field": "rule"}],
        "rules": rows,
    }
    kinds = {"in": "inputNode", "table": "decisionTableNode", "out": "outputNode"}
    nodes = [
        {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}}
        for name, kind in kinds.items()
    ]
    nodes[1]["content"] = content
    edges = [
        {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}
        for source, target in (("in", "table"), ("table", "out"))
    ]
    return {"nodes": nodes, "edges": edges}


EXPRESSIONS = Peer(
    name="zen, an expression a rule, with a literal guard", build=_build_expressions, module="zen"
)
TABLE = Peer(name="zen, a decision table, with a literal guard", build=_build_table, module="zen")
