"""Parts of a backtest in several processes of one machine; a part gives the same sums in any."""

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from threading import current_thread, main_thread
from typing import Final, TypeVar, cast

from engine.errors import TierwiseError

Part = TypeVar("Part")
Result = TypeVar("Result")

#: Parts a process is given ahead, so that none waits for the one who reads.
_AHEAD: Final = 2


class ProcessDied(TierwiseError):
    """A process that judged a part of the log ended before it had answered."""

    def __str__(self) -> str:
        return (
            "a process of the backtest was killed, perhaps for want of memory; nothing was kept: "
            "run it again, with a smaller `--processes` if it happens again"
        )


class _Worker:
    """What a process works with, made once in it."""

    work: Callable[[object], object] | None = None


def in_processes(
    parts: Iterable[Part],
    make: Callable[..., Callable[[Part], Result]],
    arguments: tuple[object, ...],
    processes: int,
) -> Iterator[Result]:
    """Work on parts, and give what comes of each in the order of the parts.

    Args:
        parts: Read as they are needed: a few stand ahead, never all.
        make: Called in each process with the arguments; what it gives is called with parts.
        arguments: They have to be picklable.
        processes: How many; 1: this one.

    Raises:
        ProcessDied: a process was killed.
    """
    if processes == 1:
        yield from map(make(*arguments), parts)
        return
    pool = ProcessPoolExecutor(
        processes,
        mp_context=get_context("spawn"),
        initializer=_start,
        initargs=(cast("Callable[..., Callable[[object], object]]", make), arguments),
    )
    try:
        # What `make` gives in the processes says what comes of a part.
        yield from cast("Iterator[Result]", _ordered(pool, parts, _AHEAD * processes))
    except BrokenProcessPool as problem:
        raise ProcessDied from problem
    finally:
        # Whoever interrupts waits for the parts under way, of less than a second each.
        pool.shutdown(wait=True, cancel_futures=True)


def _ordered(pool: ProcessPoolExecutor, parts: Iterable[object], ahead: int) -> Iterator[object]:
    waiting: deque[Future[object]] = deque()
    for part in parts:
        with _uninterrupted():
            waiting.append(pool.submit(_do, part))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits while a process may be started, which inherits that it is not for it.

    A terminal tells all its processes; the first one ends the others. Blocking it keeps it from
    what is started, and a handler of its own from this one, which other threads may tell.
    """
    if current_thread() is not main_thread():
        yield
        return
    told: list[int] = []
    usual = signal.signal(signal.SIGINT, lambda number, _: told.append(number))
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        signal.signal(signal.SIGINT, usual)
    if told:
        raise KeyboardInterrupt


def _start(make: Callable[..., Callable[[object], object]], arguments: tuple[object, ...]) -> None:
    _Worker.work = make(*arguments)


def _do(part: object) -> object:
    work = _Worker.work
    assert work is not None  # noqa: S101  # `_start` came before
    return work(part)
