"""A breaker lets few through to a server that is away, and all to one that is there."""

from queues.counters.breaker import Breaker


class Timer:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """The moment that was set."""
        return self.now


def test_all_pass_while_nothing_fails() -> None:
    """Nobody is held up by a breaker of a server that answers."""
    breaker = Breaker(timer=Timer())
    breaker.succeeded()
    assert [breaker.admits() for _ in range(3)] == [True] * 3
    assert breaker.away_for is None


def test_one_at_a_time_finds_out_more_and_more_rarely() -> None:
    """After failures one caller tries, after 1, 2, 4 and then every 8 seconds."""
    timer = Timer()
    breaker = Breaker(timer=timer)
    assert breaker.failed()
    tries = []
    for _ in range(4 * 30):
        timer.now += 0.25
        admitted = [breaker.admits() for _ in range(3)]
        assert admitted[1:] == [False, False]
        if admitted[0]:
            tries.append(timer.now - 100.0)
            assert not breaker.failed()
    assert tries == [1.0, 3.0, 7.0, 15.0, 23.0]
    assert breaker.away_for == 30.0


def test_a_try_that_never_ends_holds_nobody_up_for_ever() -> None:
    """If whoever tried is not heard of again, another may try."""
    timer = Timer()
    breaker = Breaker(timer=timer)
    breaker.failed()
    timer.now += 1.0
    assert [breaker.admits(), breaker.admits()] == [True, False]
    timer.now += 1.0
    assert breaker.admits()


def test_an_answer_forgets_the_failures() -> None:
    """Once the server answers all pass, and the next failure is news again."""
    timer = Timer()
    breaker = Breaker(timer=timer)
    breaker.failed()
    breaker.failed()
    breaker.succeeded()
    assert [breaker.admits(), breaker.admits()] == [True, True]
    timer.now += 5.0
    assert breaker.failed()
    assert breaker.away_for == 0.0
    timer.now += 1.0
    assert breaker.admits()
