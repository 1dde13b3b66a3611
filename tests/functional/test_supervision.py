"""Processes side by side: what a person sees, and what is left when they press Ctrl-C."""

import io
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from queues.embedded.patience import wait_until
from queues.supervision import Part, Screen, Supervisor

ROOT = Path(__file__).resolve().parents[2]
WAIT = 30.0

#: Runs until told to stop, and tells when it is there and when it is told.
STEADY = """
import pathlib, signal, sys, threading
def stop(*_):
    with open("order", "a") as order:
        order.write(sys.argv[1] + " ")
    sys.exit()
signal.signal(signal.SIGTERM, stop)
pathlib.Path(sys.argv[1]).write_text("ready")
threading.Event().wait()
"""
#: Ends with 3 the first time, and then is steady.
STUMBLING = (
    """
import pathlib, sys
before = pathlib.Path("stumbled")
if not before.exists():
    before.touch()
    sys.exit(3)
"""
    + STEADY
)
STUBBORN = """
import os, pathlib, signal, sys, threading
signal.signal(signal.SIGTERM, lambda *_: {told})
pathlib.Path(sys.argv[1]).write_text("ready")
while True:
    threading.Event().wait(0.1)
"""
#: Starts another process that heeds nothing, and waits.
PARENT = (
    """
import subprocess, sys
child = [sys.executable, "-c", "import signal; signal.signal(15, signal.SIG_IGN); signal.pause()"]
started = subprocess.Popen(child)
with open("pids", "a") as pids:
    pids.write(f"{started.pid} ")
"""
    + STEADY
)


def part(folder: Path, name: str, program: str, grace: float = WAIT, stage: int = 0) -> Part:
    """A part that is ready when it has written the file of its name."""
    return Part(
        name=name,
        command=(
            sys.executable,
            "-S",
            "-c",
            f"import os; os.chdir({str(folder)!r})\n{program}",
            name,
        ),
        environment={"PATH": os.defpath},
        ready=lambda _: (folder / name).exists(),
        grace=grace,
        stage=stage,
    )


def interrupt() -> None:
    """Press Ctrl-C."""
    os.kill(os.getpid(), signal.SIGINT)


def run(*parts: Part, when_ready: Callable[[], None] = interrupt) -> tuple[int, str]:
    """The exit code, and what a person reads; interrupted when all parts are ready."""
    stream = io.StringIO()
    screen = Screen(stream, [each.name for each in parts])
    alarm = threading.Timer(WAIT, os.kill, [os.getpid(), signal.SIGTERM])
    alarm.start()
    code = Supervisor(parts, screen, when_ready=when_ready).run()
    assert alarm.is_alive(), "it did not end by itself"
    alarm.cancel()
    return code, stream.getvalue()


def test_lines_come_whole_and_harmless(tmp_path: Path) -> None:
    """Each behind its name; errors too, and a line that was never ended; no cursor moves."""
    program = (
        r"""
import sys
sys.stdout.write("first\n\x1b[2Jsecond\thalf")
sys.stdout.flush()
sys.stderr.write("third\n")
sys.stderr.flush()
sys.stdout.buffer.write(b"\xff unended")
sys.stdout.flush()
"""
        + STEADY
    )
    code, text = run(part(tmp_path, "speaker", program))
    assert code == 0
    assert text.splitlines() == [
        "speaker  | first",
        r"speaker  | \x1b[2Jsecond  halfthird",
        "tierwise | stopping; Ctrl-C once more ends everything at once",
        "speaker  | � unended",
    ]


def test_names_are_coloured_where_a_person_watches() -> None:
    """And nowhere else."""
    stream = io.StringIO()
    Screen(stream, ["api"], colour=True).say("hello", "api")
    assert stream.getvalue() == "\x1b[36mapi      |\x1b[0m hello\n"


def test_a_process_that_ends_is_started_again(tmp_path: Path) -> None:
    """The person is told, and it is as if nothing had happened."""
    code, text = run(part(tmp_path, "stumbling", STUMBLING))
    assert code == 0
    assert "stumbling ended with 3; starting it again in 0.5 s\n" in text


def test_a_killed_process_is_started_again(tmp_path: Path) -> None:
    """Also after it was ready, and what it had started is ended first."""
    lives = iter([signal.SIGKILL, None])

    def ready(pid: int) -> bool:
        if not (tmp_path / "parent").exists():
            return False
        (tmp_path / "parent").unlink()
        sign = next(lives)
        if sign is None:
            return True
        os.kill(pid, sign)
        return False

    parent = part(tmp_path, "parent", PARENT)
    watched = Part(
        name="parent", command=parent.command, environment=parent.environment, ready=ready
    )
    code, text = run(watched)
    assert code == 0
    assert "parent ended by SIGKILL" in text
    pids = (tmp_path / "pids").read_text().split()
    assert len(pids) == 2
    assert wait_until(lambda: not any(alive(int(pid)) for pid in pids), WAIT)


def test_what_never_starts_is_given_up(tmp_path: Path) -> None:
    """After three tries; the others are stopped, and the exit code says that it failed."""
    broken = part(tmp_path, "broken", "raise SystemExit(7)")
    code, text = run(part(tmp_path, "steady", STEADY), broken)
    assert code == 1
    assert text.count("broken ended with 7") == 3
    assert "broken ended with 7 and does not start\n" in text
    assert (tmp_path / "order").read_text() == "steady "


def test_parts_of_a_later_stage_stop_first(tmp_path: Path) -> None:
    """They may need the others until then, wherever they stand in the list."""
    stages = {"one": 0, "three": 2, "two": 1}
    code, _ = run(*(part(tmp_path, name, STEADY, stage=n) for name, n in stages.items()))
    assert code == 0
    assert (tmp_path / "order").read_text() == "three two one "


def test_parts_of_a_stage_stop_at_once(tmp_path: Path) -> None:
    """So that stopping takes as long as the slowest, and not as long as all."""
    told = "pathlib.Path('told-' + sys.argv[1]).touch()"
    program = STUBBORN.format(told=told).replace(
        "while True:", "while len(list(pathlib.Path().glob('told-*'))) < 2:"
    )
    code, text = run(*(part(tmp_path, name, program, grace=5) for name in ("one", "two")))
    assert code == 0
    assert "did not stop" not in text


def test_a_process_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    """After the time it has; the others are stopped as usual."""
    stubborn = part(tmp_path, "stubborn", STUBBORN.format(told="None"), grace=0.2)
    code, text = run(part(tmp_path, "steady", STEADY), stubborn)
    assert code == 0
    assert "stubborn did not stop within 0.2 s and was killed\n" in text
    assert (tmp_path / "order").read_text() == "steady "


def test_a_second_ctrl_c_ends_everything_at_once(tmp_path: Path) -> None:
    """Nobody has to wait for a process that hangs."""
    again = "os.kill(os.getppid(), signal.SIGINT)"
    stubborn = part(tmp_path, "stubborn", STUBBORN.format(told=again), stage=1)
    code, _ = run(part(tmp_path, "steady", STEADY), stubborn)
    assert code == 130
    assert not (tmp_path / "order").exists()


SUPERVISED = """
import os, sys
from pathlib import Path
from queues.embedded.patience import wait_until
from queues.supervision import Part, Screen, Supervisor
program = sys.argv[1] + "\\nimport threading\\nthreading.Event().wait()"
part = Part(
    name="part",
    command=(sys.executable, "-c", program),
    environment=dict(os.environ),
)
sys.exit(Supervisor([part], Screen(sys.stdout, ["part"])).run())
"""


def supervised(program: str) -> subprocess.Popen[str]:
    """A supervisor in a process of its own, of one process with this program."""
    return subprocess.Popen(
        [sys.executable, "-c", SUPERVISED, program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def test_a_process_leads_its_own_session() -> None:
    """So that the Ctrl-C of a terminal does not reach it a second time."""
    program = supervised("import os; print(os.getsid(0) == os.getpid(), flush=True)")
    assert program.stdout is not None
    assert program.stdout.readline() == "part     | True\n"
    program.send_signal(signal.SIGTERM)
    assert program.communicate(timeout=WAIT)[1] == ""
    assert program.returncode == 0


def test_it_stops_when_nobody_reads_any_more() -> None:
    """As behind `| head`: cleanly, and without a traceback."""
    program = supervised("import os\nwhile True: print('line', flush=True)")
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.readline()
    program.stdout.close()
    assert program.wait(timeout=WAIT) == 0
    assert program.stderr.read() == ""
    program.stderr.close()


@pytest.mark.skipif(sys.platform != "linux", reason="needs what Linux offers")
def test_processes_end_with_a_killed_supervisor() -> None:
    """Nothing goes on unseen."""
    program = supervised("import os; print(os.getpid(), flush=True)")
    assert program.stdout is not None
    pid = int(program.stdout.readline().split()[-1])
    handle = os.pidfd_open(pid)
    program.kill()
    program.communicate(timeout=WAIT)
    watched = select.poll()
    watched.register(handle, select.POLLIN)
    assert watched.poll(WAIT * 1000)
    os.close(handle)


def alive(pid: int) -> bool:
    """Whether a process of this number runs; one that nobody has buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
