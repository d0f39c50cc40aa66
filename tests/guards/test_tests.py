"""Every test asserts something."""

import ast
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from tests.guards.rules import Violation, unexcused
from tests.guards.source import Source, name_of, parsed


def suite() -> tuple[Source, ...]:
    """Every file of the tests, helpers included."""
    return parsed(sorted((Path(settings.BASE_DIR) / "tests").rglob("*.py")))


class Function(NamedTuple):
    """A function of the tests: where it stands, whether something in it can fail, whom it calls."""

    path: str
    name: str
    can_fail: bool
    calls: set[str]


def functions(sources: Iterable[Source]) -> list[Function]:
    """Every function of the tests."""
    return [
        Function(
            source.path,
            function.name,
            any(_says_something(node) for node in inner),
            {name_of(node.func) for node in inner if isinstance(node, ast.Call)},
        )
        for source in sources
        for function in source.nodes
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in [list(ast.walk(function))]
    ]


def idle_tests(sources: Iterable[Source]) -> list[Violation]:
    """Test functions in which nothing can fail but by an accident, nor in a helper that they call."""
    found = functions(sources)
    helpers: set[str] = set()
    while (
        more := {
            one.name
            for one in found
            if (one.can_fail or one.calls & helpers) and not one.name.startswith("test_")
        }
        - helpers
    ):
        helpers |= more
    return [
        Violation(f"{one.path}::{one.name}", "asserts nothing")
        for one in found
        if one.name.startswith("test_") and not (one.can_fail or one.calls & helpers)
    ]


def _says_something(node: ast.AST) -> bool:
    """Whether it asserts, expects or checks a program."""
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
    return checked or waits or name in {"raises", "warns", "fail", "expect"} or "assert_" in name


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
