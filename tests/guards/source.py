"""Rules over the source itself: each takes parsed files and returns the violations."""

import ast
import gc
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from tests.guards.rules import Violation

PACKAGES = ("config", "tenants", "crm", "conversations", "feedback")
SQL = re.compile(
    r"\s*((SELECT|INSERT|UPDATE|DELETE|WITH|ALTER|CREATE|DROP|SET|TRUNCATE|LOCK|GRANT|COPY)\s"
    r"|select\s.*\sfrom\s|insert into\s|update\s.*\sset\s|delete from\s|set local\s)",
    re.S,
)
CONSTANT = re.compile(r"^_?[A-Z][A-Z0-9_]*$")


class Source(NamedTuple):
    """One file: its path from the root of the project, what it says, and every node of that."""

    path: str
    tree: ast.Module
    nodes: tuple[ast.AST, ...]

    @classmethod
    def of(cls, path: str, text: str) -> "Source":
        tree = ast.parse(text)
        return cls(path, tree, tuple(ast.walk(tree)))


def parsed(files: Iterable[Path]) -> tuple[Source, ...]:
    """Files as rules take them. A million nodes that stay until the end are none of the collector's work."""
    root = Path(settings.BASE_DIR)
    gc.disable()
    try:
        return tuple(Source.of(str(file.relative_to(root)), file.read_text()) for file in files)
    finally:
        gc.freeze()
        gc.enable()


@cache
def product() -> tuple[Source, ...]:
    """Every Python file of the product but its migrations."""
    root = Path(settings.BASE_DIR)
    files = (file for package in PACKAGES for file in sorted((root / package).rglob("*.py")))
    return parsed(file for file in files if "migrations" not in file.parts)


@cache
def migrations() -> tuple[Source, ...]:
    """Every migration of the product."""
    root = Path(settings.BASE_DIR)
    return parsed(
        file for package in PACKAGES for file in sorted((root / package / "migrations").glob("0*.py"))
    )


def nodes[Kind: ast.AST](source: Source, kind: type[Kind]) -> Iterator[Kind]:
    """Every node of a kind in a file."""
    return (node for node in source.nodes if isinstance(node, kind))


def strings(source: Source) -> Iterator[str]:
    """Every string in a file, its docstrings apart."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in source.nodes
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes(source, ast.Constant):
        if isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def name_of(node: ast.AST) -> str:
    """The last name of what is called or read: `a.b.c` is c."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def directory_readers(sources: Iterable[Source]) -> list[Violation]:
    """Who reads the directory past `doors`: its table, everybody's members, a person's memberships."""
    found = []
    for source in sources:
        for node in nodes(source, ast.Attribute):
            if name_of(node.value) == "DirectoryEntry" and node.attr != "Kind":
                found.append(Violation(source.path, f"uses DirectoryEntry.{node.attr}"))
            if node.attr in ("directory", "memberships"):
                found.append(Violation(source.path, f"uses .{node.attr}"))
        said = [*strings(source), *(keyword.arg or "" for keyword in nodes(source, ast.keyword))]
        found += [
            Violation(source.path, f"says {text!r}")
            for text in said
            if re.search(r"\bmemberships__|^tenants\.directoryentry$|tenants_directoryentry", text, re.I)
        ]
    return found


def privileged_connections(sources: Iterable[Source]) -> list[Violation]:
    """Who works as a role that row-level security does not hold."""
    found = []
    for source in sources:
        for node in source.nodes:
            said: list[ast.expr] = []
            if isinstance(node, ast.Subscript) and name_of(node.value) == "connections":
                said = [node.slice]
            if isinstance(node, ast.Call):
                said = [k.value for k in node.keywords if k.arg in ("using", "database")]
                if name_of(node.func) in ("using", "db_manager", "get_connection"):
                    said += node.args
            found += [
                Violation(source.path, f"works as {value.value}")
                for value in said
                if isinstance(value, ast.Constant) and value.value in ("ops", "owner")
            ]
    return found


def tenant_setters(sources: Iterable[Source]) -> list[Violation]:
    """Who says the tenant to PostgreSQL, or speaks of its setting."""
    word = re.compile(r"set_config|SET\s+(LOCAL|SESSION)|app\.tenant_id|row_security|SET\s+ROLE", re.I)
    return [
        Violation(source.path, f"says {match.group()!r} to the database")
        for source in sources
        for text in strings(source)
        if (match := word.search(text))
    ]


def scope_openers(sources: Iterable[Source]) -> list[Violation]:
    """Who chooses the business to work in."""
    return [
        Violation(source.path, f"opens {name_of(node.func)}")
        for source in sources
        for node in nodes(source, ast.Call)
        if name_of(node.func) in ("tenant_scope", "run_alone")
    ]


def leaking_generators(sources: Iterable[Source]) -> list[Violation]:
    """Generators that pause inside a scope: whoever iterates would run in it."""
    found = []
    for source in sources:
        if not any(name_of(call.func) == "tenant_scope" for call in nodes(source, ast.Call)):
            continue
        for function in [*nodes(source, ast.FunctionDef), *nodes(source, ast.AsyncFunctionDef)]:
            if any(name_of(d) in ("contextmanager", "asynccontextmanager") for d in function.decorator_list):
                continue
            found += [
                Violation(source.path, f"{function.name} yields inside a scope")
                for block in ast.walk(function)
                if isinstance(block, ast.With | ast.AsyncWith)
                and any(
                    isinstance(i.context_expr, ast.Call) and name_of(i.context_expr.func) == "tenant_scope"
                    for i in block.items
                )
                and any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(block))
            ]
    return found


def unnamed_keys(sources: Iterable[Source]) -> list[Violation]:
    """Keys in Valkey that are not made by `kit.valkey.key`, and Django's cache, which knows no business."""
    found = []
    for source in sources:
        found += [
            Violation(source.path, f"makes the key {text!r}")
            for text in strings(source)
            if re.match(r"puente:(\S|$)", text)
        ]
        found += [
            Violation(source.path, "uses Django's cache, whose keys name no business")
            for node in nodes(source, ast.ImportFrom)
            if node.module == "django.core.cache" or (node.module or "").endswith("cache_page")
        ]
    return found


def unscoped_queries(sources: Iterable[Source]) -> list[Violation]:
    """Ways past the scoped manager."""
    found = []
    for source in sources:
        for node in source.nodes:
            if isinstance(node, ast.Attribute) and node.attr in ("_base_manager", "_default_manager"):
                found.append(Violation(source.path, f"uses {node.attr}"))
            if isinstance(node, ast.Call) and name_of(node.func) in ("raw", "extra", "RawSQL"):
                found.append(Violation(source.path, f"calls {name_of(node.func)}()"))
            if (
                isinstance(node, ast.Call)
                and name_of(node.func) == "Manager"
                and source.path != "tenants/scoping.py"
            ):
                found.append(Violation(source.path, "makes a plain manager"))
    return found


def composed_sql(sources: Iterable[Source]) -> list[Violation]:
    """SQL put together out of anything but upper-case constants: values belong into parameters."""
    found = []
    for source in sources:
        for node in source.nodes:
            text = _composed(node)
            if text is not None and SQL.match(text):
                found.append(Violation(source.path, f"composes SQL: {text[:60]!r}"))
    return found


def _composed(node: ast.AST) -> str | None:
    """The text that a composed string begins with, if something foreign is put into it."""
    if isinstance(node, ast.JoinedStr):
        values = [v.value for v in node.values if isinstance(v, ast.FormattedValue)]
        if all(isinstance(v, ast.Name | ast.Attribute) and CONSTANT.match(name_of(v)) for v in values):
            return None
        first = node.values[0]
        return first.value if isinstance(first, ast.Constant) else None
    if (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mod | ast.Add)
        and isinstance(node.left, ast.Constant)
    ):
        return node.left.value if isinstance(node.left.value, str) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        text = node.func.value
        return text.value if isinstance(text, ast.Constant) and isinstance(text.value, str) else None
    return None


NETWORK = (
    "requests",
    "httpx",
    "aiohttp",
    "urllib.request",
    "urllib3",
    "http.client",
    "smtplib",
    "socket",
    "ftplib",
)


def network_users(sources: Iterable[Source]) -> list[Violation]:
    """Who opens connections by himself instead of through the client that refuses private addresses."""
    return [
        Violation(source.path, f"imports {name}")
        for source in sources
        for node in source.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
        if name in NETWORK
    ]


def unescaped(sources: Iterable[Source]) -> list[Violation]:
    """Who tells templates that a text is safe as it is."""
    return [
        Violation(source.path, f"calls {name_of(node.func)}()")
        for source in sources
        for node in nodes(source, ast.Call)
        if name_of(node.func) in ("mark_safe", "SafeString", "SafeText")
    ]


def visitors_tenant(sources: Iterable[Source]) -> list[Violation]:
    """Who takes the business from what the visitor sent."""
    sent = ("GET", "POST", "data", "query_params", "headers", "META", "COOKIES", "session", "cleaned_data")
    words = re.compile(r"^(tenant|tenant_id|tenant_slug|business|business_id)$")
    found = []
    for source in sources:
        for node in source.nodes:
            key: ast.AST | None = None
            if isinstance(node, ast.Subscript) and name_of(node.value) in sent:
                key = node.slice
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                key = node.args[0] if name_of(node.func.value) in sent else None
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and words.match(key.value):
                found.append(Violation(source.path, f"takes {key.value!r} from the visitor"))
    return found
