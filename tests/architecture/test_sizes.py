"""Modules and functions stay small enough to be read in one go."""

from tests.architecture.sources import modules, texts

LONGEST_MODULE = 400
LONGEST_FUNCTION = 40


def test_modules_are_short() -> None:
    """No module is longer than 400 lines."""
    too_long = [
        f"{path}: {lines} lines"
        for path, text in texts(".py")
        if (lines := len(text.splitlines())) > LONGEST_MODULE
    ]
    assert not too_long


def test_functions_are_short() -> None:
    """No function goes on for more than 40 lines after its signature."""
    too_long = [
        f"{module.path}:{line}: {name} has {lines} lines"
        for module in modules()
        for line, name, lines in module.functions
        if lines > LONGEST_FUNCTION
    ]
    assert not too_long


def test_modules_have_telling_names() -> None:
    """No module is a drawer for whatever has no name."""
    drawers = {"utils", "util", "helpers", "helper", "common", "base", "misc", "functions"}
    assert not [str(path) for path, _ in texts(".py") if path.stem in drawers]
