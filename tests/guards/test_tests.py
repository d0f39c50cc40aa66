"""Every test asserts something."""

import ast
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from tests.guards.rules import Violation, unexcused
from tests.guards.source import Source, name_of


def suite() -> list[Source]:
    """Every file of the tests, helpers included."""
    root = Path(settings.BASE_DIR)
    return [
        Source.of(str(f.relative_to(root)), f.read_text()) for f in sorted((root / "tests").rglob("*.py"))
    ]


def functions(sources: Iterable[Source]) -> list[tuple[Source, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of the tests with its file."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [(source, node) for source in sources for node in ast.walk(source.tree) if isinstance(node, kinds)]


def idle_tests(sources: Iterable[Source]) -> list[Violation]:
    """Test functions in which nothing can fail but by an accident."""
    found = functions(sources)
    helpers: set[str] = set()
    while (
        more := {f.name for _, f in found if _can_fail(f, helpers) and not f.name.startswith("test_")}
        - helpers
    ):
        helpers |= more
    return [
        Violation(f"{source.path}::{function.name}", "asserts nothing")
        for source, function in found
        if function.name.startswith("test_") and not _can_fail(function, helpers)
    ]


def _can_fail(function: ast.AST, helpers: set[str]) -> bool:
    """Whether it asserts, expects, checks a program, or calls a helper that does."""
    return any(_says_something(node, helpers) for node in ast.walk(function))


def _says_something(node: ast.AST, helpers: set[str]) -> bool:
    if isinstance(node, ast.Assert):
        return not (isinstance(node.test, ast.Constant) and node.test.value)
    if isinstance(node, ast.Raise):
        return node.exc is not None
    if not isinstance(node, ast.Call):
        return False
    checked = any(
        k.arg == "check" and isinstance(k.value, ast.Constant) and k.value.value for k in node.keywords
    )
    name = name_of(node.func)
    waits = name.startswith("wait_for_") and name != "wait_for_timeout"
    return checked or waits or name in {"raises", "warns", "fail", "expect", *helpers} or "assert_" in name


def test_every_test_asserts() -> None:
    assert unexcused(idle_tests(suite()), {}) == []


def test_idle_test_is_told() -> None:
    text = """
def shows(x): assert x
def test_idle(): do()
def test_true(): assert True
def test_fine(): assert do() == 1
def test_by_helper(): shows(do())
"""
    assert [str(violation) for violation in idle_tests([Source.of("tests/test_x.py", text)])] == [
        "tests/test_x.py::test_idle: asserts nothing",
        "tests/test_x.py::test_true: asserts nothing",
    ]
