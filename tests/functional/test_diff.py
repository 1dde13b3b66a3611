"""`tierwise diff` between folders and revisions of a real repository, as it is typed."""

import gc
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.cli.app import command_line
from queues.cli.app import COMMANDS
from tests.functional.program import ROOT, RULES

Typed = Callable[..., tuple[int, str, str]]

GIT = shutil.which("git") or ""
pytestmark = pytest.mark.skipif(not GIT, reason="there is no git here")


class Repository:
    """A repository with rules, in which commands are given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rules = folder / "rules"
        self.rules.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words: str) -> str:
        """What git says."""
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        done = subprocess.run(
            [GIT, *identity, *words],
            cwd=self.folder,
            capture_output=True,
            check=True,
            text=True,
        )
        return done.stdout

    def write(self, text: str, name: str = "all.yaml") -> None:
        """Put rules into a file."""
        (self.rules / name).write_text(text, encoding="utf-8")

    def commit(self) -> None:
        """Keep what is there."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "rules")

    def diff(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """`tierwise diff` as a process, with no database anywhere."""
        kept = {name: value for name, value in os.environ.items() if "TIERWISE" not in name}
        return subprocess.run(
            [sys.executable, "-m", "queues.cli", "diff", *words],
            cwd=self.folder,
            env={**kept, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def typed(
    here: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Typed]:
    """The same in this process, which is quicker: the exit status, and what is said."""

    def run(*words: str) -> tuple[int, str, str]:
        app = command_line(["diff"], COMMANDS)
        with pytest.raises(SystemExit) as ended:
            app(["diff", *words], prog_name="tierwise")
        said = capsys.readouterr()
        return int(str(ended.value.code or 0)), said.out, said.err

    monkeypatch.chdir(here.folder)
    monkeypatch.delenv("TIERWISE_DATABASE__URL", raising=False)
    yield run
    gc.enable()


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Two commits on main, a third state in the working tree."""
    found = Repository(tmp_path_factory.mktemp("repository"))
    found.write(RULES)
    found.commit()
    documents = RULES.split("---\n")
    found.write("---\n".join(documents[:9]))
    found.write("# moved\n" + "---\n".join(reversed(documents[9:])), "moved.yml")
    found.write("not: [rules", ".hidden.yaml")
    found.commit()
    moved = (found.rules / "moved.yml").read_text(encoding="utf-8")
    found.write(moved.replace("sure: 0.97", "sure: 0.96"), "moved.yml")
    return found


def test_moving_documents_is_no_difference(here: Repository) -> None:
    """Between two commits nothing but places changed: 0, and the working tree is not touched."""
    before = here.git("status", "--porcelain")
    done = here.diff("HEAD~1", "main:rules")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1] == "both say the same"
    assert here.git("status", "--porcelain") == before


def test_a_threshold_is_told_in_the_words_of_policy(typed: Typed) -> None:
    """What is in the working tree against what was committed: 1, or 0 where that is asked for."""
    status, said, complaints = typed("HEAD", "rules")
    assert (status, complaints) == (1, "")
    assert "  hate-remove: score.hate at least 0.97 → 0.96 (sure) · widens" in said
    assert "can act on more" in said
    assert typed("HEAD", "rules", "--exit-zero") == (0, said, "")


def test_programs_and_pull_requests_get_the_same(typed: Typed) -> None:
    """JSON with places, Markdown with nothing but code from the rules."""
    status, said, _ = typed("HEAD~1:rules", "rules", "--format", "json")
    found = json.loads(said)
    assert status == 1
    (rule,) = found["rules"]
    assert (rule["name"], rule["direction"], rule["weight"]) == ("hate-remove", "widens", "acts")
    assert rule["place"].startswith("rules/moved.yml:")
    assert (found["same"], found["compatible"]) == (False, True)
    _, shown, _ = typed("HEAD~1:rules", "rules", "--format", "markdown")
    assert "- `hate-remove: score.hate at least 0.97 → 0.96 (sure) · widens`" in shown


def test_mistakes_of_both_are_told_at_their_places(here: Repository, tmp_path: Path) -> None:
    """2, and nothing else, from a process that finds its way to the end."""
    broken = RULES.replace("score.hate: { at_least", "score.hat: { at_least")
    (tmp_path / "bad.yaml").write_text(broken, encoding="utf-8")
    done = here.diff("main:rules", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{tmp_path}/bad.yaml:" in done.stderr
    assert "did you mean `score.hate`?" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nowhere", "rules"), "`nowhere`: is no folder, no git revision and no release"),
        (("HEAD:nowhere", "rules"), "there is no place in git called `HEAD:nowhere`"),
        (("HEAD~9", "rules"), "`HEAD~9`: is no folder, no git revision and no release"),
        (("rules", "in-force"), "database.url: is not set"),
        ((".git", "rules"), "`.git`: there is no rule file in `.git`"),
    ],
)
def test_what_is_not_there_is_named(typed: Typed, words: tuple[str, str], told: str) -> None:
    """2, whatever it was to be."""
    status, said, complaints = typed(*words)
    assert (status, said) == (2, "")
    assert told in complaints


def test_a_broken_revision_is_told_at_its_place(here: Repository, typed: Typed) -> None:
    """As `git show` would find the file; no database is needed to be told so."""
    moved = (here.rules / "moved.yml").read_text(encoding="utf-8")
    here.git("checkout", "--quiet", "-b", "broken")
    here.write(moved.replace("tier: single", "tier: nobody"), "moved.yml")
    here.commit()
    here.git("checkout", "--quiet", "main")
    here.write(moved, "moved.yml")
    status, _, complaints = typed("broken", "rules")
    assert status == 2
    place = next(line for line in complaints.splitlines() if line.startswith("broken:"))
    assert place.startswith("broken:rules/moved.yml:")
    assert "tier: nobody" in here.git("show", "broken:rules/moved.yml")


def test_links_are_refused_in_a_revision(here: Repository, typed: Typed) -> None:
    """What is kept is where they lead, and not what is there."""
    here.git("checkout", "--quiet", "-b", "linked")
    link = here.rules / "link.yaml"
    link.symlink_to("all.yaml")
    here.git("add", "rules/link.yaml")
    here.git("commit", "--quiet", "--message", "a link")
    here.git("checkout", "--quiet", "main")
    status, _, complaints = typed("linked", "rules")
    assert (status, "`link.yaml`: is a link" in complaints) == (2, True)
