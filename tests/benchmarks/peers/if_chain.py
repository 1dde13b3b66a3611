"""A chain of `if` over a set of words, as somebody writes it by hand who minds speed."""

import re
from collections.abc import Callable, Sequence
from typing import cast

from engine.bench.descriptions import Description, Matches, Words
from engine.bench.stock import TOKEN
from engine.bench.texts import as_others_need
from engine.bench.workload import COUNTS, KIND, SCORES
from tests.benchmarks.peers.notation import Notation, variable
from tests.benchmarks.peers.peer import Judge, Peer


def _build(rules: Sequence[Description]) -> Judge:
    names: dict[str, object] = {"tokens_of": TOKEN.findall, "lowered": as_others_need}

    def words(condition: Words) -> str:
        found = " or ".join(f'"{word}" in tokens' for word in condition.any_of)
        return f"({found})"

    def matches(condition: Matches) -> str:
        name = f"p{len(names)}"
        names[name] = re.compile(condition.pattern).search
        return f"{name}(text)"

    notation = Notation(words=words, matches=matches, every=" and ", some=" or ")
    lines = [
        "def judge(item):",
        "    fields = item.fields",
        '    text = lowered(fields["text"])',
        "    tokens = set(tokens_of(text))",
        *(f'    {variable(name)} = fields["{name}"]' for name in (KIND, *SCORES, *COUNTS)),
        "    found = []",
    ]
    for number, rule in enumerate(rules):
        lines += [f"    if {notation.write(rule.condition)}:", f"        found.append({number})"]
    lines.append("    return found")
    exec(compile("\n".join(lines), "if_chain", "exec"), names)  # noqa: S102  # written just above
    return cast("Callable[..., list[int]]", names["judge"])


PEER = Peer(name="hand-written `if` chain over a set of words", build=_build)
