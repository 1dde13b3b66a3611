"""CEL, which cannot hold compiled expressions: those of Python's `re` are given to it."""

from collections.abc import Sequence

from engine.bench.descriptions import Description, Words
from engine.bench.stock import TOKEN
from engine.item import Item
from tests.benchmarks.peers.notation import Notation, variables
from tests.benchmarks.peers.peer import Judge, Peer
from tests.benchmarks.peers.regular import Searches


def _build_with_re(rules: Sequence[Description]) -> Judge:
    searches = Searches()
    notation = Notation(
        words=lambda words: f"found({searches.add(words)})",
        matches=lambda pattern: f"found({searches.add(pattern)})",
        every=" && ",
        some=" || ",
    )
    return _judge(rules, notation, searches)


def _build_with_words(rules: Sequence[Description]) -> Judge:
    searches = Searches()

    def words(condition: Words) -> str:
        found = " || ".join(f'"{word}" in tokens' for word in condition.any_of)
        return f"({found})"

    notation = Notation(
        words=words,
        matches=lambda pattern: f"found({searches.add(pattern)})",
        every=" && ",
        some=" || ",
    )
    return _judge(rules, notation, searches)


def _judge(rules: Sequence[Description], notation: Notation, searches: Searches) -> Judge:
    import cel  # noqa: PLC0415  # it need not be installed

    programs = [cel.compile(notation.write(rule.condition)) for rule in rules]
    made = searches.made

    def judge(item: Item) -> list[int]:
        values: dict[str, object] = {**variables(item)}
        text = str(values["text"])
        values["tokens"] = dict.fromkeys(TOKEN.findall(text), True)
        functions = {"found": lambda number: made[number](text) is not None}
        context = cel.Context(values, functions=functions)
        return [number for number, program in enumerate(programs) if program.execute(context)]

    return judge


WITH_RE = Peer(name="CEL with compiled Python `re`", build=_build_with_re, module="cel")
WITH_WORDS = Peer(
    name="CEL over a set of words, patterns by Python `re`", build=_build_with_words, module="cel"
)
