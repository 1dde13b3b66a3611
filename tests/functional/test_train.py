"""`tierwise train` makes classifiers from files of labelled texts."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.classify.artefact import load_model
from tests.functional.program import ROOT, tierwise
from tests.generators.labelled import rows

REAL = ROOT.parent / "shared" / "data" / "hatexplain_train.jsonl.gz"
OPTIONS = (
    "--label",
    "labels.unkind",
    "--score",
    "score.unkind",
    "--folds",
    "2",
    "--out",
    "m.model",
)


def written(folder: Path, count: int = 200) -> Path:
    """A file of labelled rows."""
    path = folder / "items.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for _, row in rows(count))
    return path


def test_a_model_and_its_figures(tmp_path: Path) -> None:
    """The figures go to standard output, progress to standard error, the model to its file."""
    done = tierwise("train", written(tmp_path), *OPTIONS, folder=tmp_path)
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "200 rows, 0 without a label, 0 unreadable; 2 folds"
    assert lines[2].split() == [
        "signal",
        "label",
        "rows",
        "base",
        "rate",
        "accuracy",
        "macro-F1",
        "AUROC",
        "ECE",
    ]
    assert lines[3].startswith("score.unkind  labels.unkind  200")
    assert lines[5].startswith("score.novelty of held-out texts: half are below 0.")
    version = load_model(tmp_path / "m.model").version
    assert lines[6] == f"wrote m.model, version {version[:12]}"
    assert "fold 2 of 2" in done.stderr.decode()


def test_two_runs_make_the_same_file(tmp_path: Path) -> None:
    """The same rows and seed give the same bytes, in another process too."""
    models = []
    for name in ("m.model", "again.model"):
        arguments = (*OPTIONS[:-1], name, "--name", "same")
        tierwise("train", written(tmp_path), *arguments, folder=tmp_path)
        models.append((tmp_path / name).read_bytes())
    assert models[0] == models[1]


def test_bad_lines_are_named_and_passed_over(tmp_path: Path) -> None:
    """A bad line is reported with its number, and the rest is used."""
    path = tmp_path / "items.jsonl"
    good = "".join(json.dumps(row) + "\n" for _, row in rows(200))
    path.write_text("{\n" + good + '{"text": 1}\n{"text": "a", "labels": {}}\n', encoding="utf-8")
    done = tierwise("train", path, *OPTIONS, folder=tmp_path)
    assert done.returncode == 0
    assert done.stdout.decode().startswith("200 rows, 1 without a label, 2 unreadable; 2 folds\n")
    errors = done.stderr.decode()
    assert "line 1: this is no JSON" in errors
    assert "line 202: `text` is a number, expected text" in errors


def test_a_table_and_one_value_of_several(tmp_path: Path) -> None:
    """A table works as well; of a label with several values one is named."""
    path = tmp_path / "items.csv"
    lines = [f'"{row["text"]}",{number % 3}\n' for number, row in rows(200)]
    path.write_text("body,kind\n" + "".join(lines), encoding="utf-8")
    options = ("--label", "kind=2", "--score", "score.two", "--text", "body", "--folds", "2")
    done = tierwise("train", path, *options, "--out", "m.model", folder=tmp_path)
    assert done.returncode == 0
    assert load_model(tmp_path / "m.model").signals == ("score.two", "score.novelty")


def test_too_little_ends_with_one(tmp_path: Path) -> None:
    """Rows that make no classifier are a finding, with advice, and nothing is written."""
    done = tierwise("train", written(tmp_path, 5), *OPTIONS, folder=tmp_path)
    assert done.returncode == 1
    assert "error: `labels.unkind` is no in all 5 rows" in done.stderr.decode()
    assert "hint: a classifier needs rows of both kinds" in done.stderr.decode()
    assert not (tmp_path / "m.model").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--label", "b"), "2 --label and 1 --score"),
        (("--label", "b", "--score", "score.unkind"), "`score.unkind` is filled twice"),
        (("--novelty", "score.unkind"), "`score.unkind` is filled twice"),
        (("--out", "absent/m.model"), "there is no folder absent"),
        (("--folds", "1"), "--folds"),
    ],
)
def test_a_wrong_command_line_ends_with_two(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    """What is wrong is said before any work is done."""
    done = tierwise("train", written(tmp_path, 3), *OPTIONS, *arguments, folder=tmp_path)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.decode().replace("│", " ").split())


def test_scoring_needs_no_scikit_learn(tmp_path: Path) -> None:
    """A model is loaded and used without the library that made it."""
    tierwise("train", written(tmp_path), *OPTIONS, folder=tmp_path)
    program = (
        "import sys; from pathlib import Path; from engine.classify.artefact import load_model; "
        "from engine.classify import dataset, ensemble; import engine.cli.train; "
        "print(load_model(Path(sys.argv[1])).score(['a zorbling'])['score.unkind'][0] > 0.5); "
        "print(*{'sklearn', 'scipy', 'joblib'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "m.model")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stderr, done.stdout) == ("", "True\n\n")


def test_real_comments(tmp_path: Path) -> None:
    """On a third of the real comments the figures are near those of all of them."""
    if not REAL.exists():
        pytest.skip("the real comments do not stand beside the checkout")
    with gzip.open(REAL, "rt", encoding="utf-8") as lines:
        found = [line for number, line in enumerate(lines) if number % 3 == 0]
    (tmp_path / "real.jsonl").write_text("".join(found), encoding="utf-8")
    options = ("--label", "labels.toxic", "--score", "score.hate", "--folds", "3")
    done = tierwise("train", "real.jsonl", *options, "--out", "m.model", folder=tmp_path)
    assert done.returncode == 0
    quality = load_model(tmp_path / "m.model").model.heads[0].quality
    assert quality.macro_f1.mean > 0.72
    assert quality.auroc.mean > 0.81
    assert quality.calibration_error.mean < 0.05
