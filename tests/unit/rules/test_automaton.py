"""The two automata."""

import threading

import pytest

from engine.rules.automaton import AHO_CORASICK, HYPERSCAN, compiled, revive

LITERALS = [b" spam ", b"spam", "caf\u00e9".encode(), b" dm me "]
TEXT = "  spam  spams caf\u00e9s dm me ".encode()


@pytest.mark.parametrize("backend", [HYPERSCAN, AHO_CORASICK])
def test_every_occurrence_is_an_event(backend: str) -> None:
    """Literals are found wherever they stand, overlapping ones too, each with its own event."""
    automaton = compiled(backend, LITERALS, [7, 8, 9, 10])
    assert sorted(automaton.scan(TEXT)) == [7, 8, 8, 9, 10]
    events, ends = automaton.scan_ends(TEXT)
    assert sorted(zip(ends, events, strict=True)) == [(6, 8), (7, 7), (12, 8), (19, 9), (27, 10)]


def test_a_dump_comes_back() -> None:
    """A stored Hyperscan automaton finds the same; a damaged one is refused quietly."""
    automaton = compiled(HYPERSCAN, LITERALS, [7, 8, 9, 10])
    again = revive(HYPERSCAN, automaton.dump())
    assert again is not None
    assert sorted(again.scan(TEXT)) == sorted(automaton.scan(TEXT))
    assert revive(HYPERSCAN, b"no automaton at all") is None
    assert revive(AHO_CORASICK, automaton.dump()) is None


def test_threads_share_an_automaton() -> None:
    """Several threads scan with one automaton at once, each with scratch space of its own."""
    automaton = compiled(HYPERSCAN, LITERALS, [7, 8, 9, 10])
    wrong: list[list[int]] = []

    def scan() -> None:
        for _ in range(2_000):
            found = sorted(automaton.scan(TEXT))
            if found != [7, 8, 8, 9, 10]:
                wrong.append(found)

    threads = [threading.Thread(target=scan) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
