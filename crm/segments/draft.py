"""The builder: what its form says as a rule, right or wrong, and the rule as rows of the form.

The form works without script: every button posts all of it, and its `op` says what to change. Each group
and condition has a number, and names the number of the group it stands in; 0 is the outermost.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.segments import rules
from crm.segments.params import Control, Names
from crm.segments.registry import CONDITIONS, Condition
from crm.segments.rules import ALL, MATCHES, VERSION, Node, Rule
from tenants.kit.text import one_line

MOST_ROWS = 150  # as posted; what is kept has fewer


@dataclass
class Draft:
    """A segment as it stands in the form."""

    name: str = ""
    description: str = ""
    where: Node = field(default_factory=lambda: {ALL: []})
    added: Node | None = None  # the condition that the last button added

    @property
    def rule(self) -> Rule:
        """What is checked and kept."""
        return {"version": VERSION, "where": self.where}


def read(post: QueryDict) -> Draft:
    """What was posted, and the change that its `op` asks for."""
    draft = Draft(
        name=one_line(post.get("name", ""), 200), description=one_line(post.get("description", ""), 400)
    )
    groups: dict[str, list[Node]] = {}
    depths: dict[str, int] = {"": 0}
    nodes: dict[str, tuple[list[Node], Node]] = {}
    for number in post.getlist("node")[:MOST_ROWS]:
        if not (number.isascii() and number.isdigit()) or number in nodes:
            continue
        node = _group(post, number) if f"n{number}-match" in post else _condition(post, number)
        parent = post.get(f"n{number}-in", "")
        siblings, depth = groups.get(parent), depths.get(parent, 0) + 1
        if number == "0" and rules.match_of(node):
            draft.where = node
        elif siblings is None or node is None or depth > rules.DEEPEST + 2:
            continue
        else:
            siblings.append(node)
        nodes[number] = (siblings or [], node)
        if rules.match_of(node):
            groups[number], depths[number] = node[rules.match_of(node)], depth
    groups.setdefault("0", draft.where[rules.match_of(draft.where)])
    _change(draft, post, groups, nodes)
    return draft


def _group(post: QueryDict, number: str) -> Node:
    match = post.get(f"n{number}-match", "")
    return {match if match in MATCHES else ALL: []}


def _condition(post: QueryDict, number: str) -> Any:
    key = post.get(f"n{number}-is", "")
    known = CONDITIONS.get(key)
    if known is None:
        return None
    values = {param.name: param.read(post, f"n{number}-") for param in known.params}
    node: Node = {"is": key}
    for param in known.params:
        empty = values[param.name] in (None, "", [])
        if not param.is_left_out(values) and not (param.is_optional and empty):
            node[param.name] = values[param.name]
    return node


def _change(
    draft: Draft, post: QueryDict, groups: dict[str, list[Node]], nodes: dict[str, tuple[list[Node], Node]]
) -> None:
    """add:0 takes what n0-new names, group:0, drop:3; anything else changes nothing."""
    verb, _colon, number = post.get("op", "").partition(":")
    into = groups.get(number)
    if verb == "add" and into is not None:
        known = CONDITIONS.get(post.get(f"n{number}-new", ""))
        if known and len(into) < rules.MOST:
            draft.added = fresh(known)
            into.append(draft.added)
    elif verb == "group" and into is not None and len(into) < rules.MOST:
        into.append({"any" if ALL in draft.where else ALL: []})
    elif verb == "drop" and number in nodes and number != "0":
        siblings, node = nodes[number]
        siblings[:] = [one for one in siblings if one is not node]


def fresh(known: Condition) -> Node:
    """A condition as it is added: with what it begins with."""
    begun = {param.name: param.default for param in known.params if param.default is not None}
    return {"is": known.key, **begun}


# --- as the page shows it ---


class Row(NamedTuple):
    """A group or a condition of the builder, with those inside it."""

    number: int
    parent: int
    depth: int
    match: str  # of a group; "" of a condition
    matches: list[tuple[str, str, bool]]
    key: str
    title: str
    controls: list[Control]
    rows: list["Row"]
    is_added: bool
    may_nest: bool


def rows(draft: Draft, names: Names) -> Row:
    """The outermost group."""
    return _row(draft.where, names, iter(range(MOST_ROWS * 2)), 0, 1, draft.added)


def _row(node: Node, names: Names, numbers: Any, parent: int, depth: int, added: Node | None) -> Row:
    number, match = next(numbers), rules.match_of(node)
    if not match:
        known = CONDITIONS.get(node.get("is", ""))
        title = str(known.title) if known else _("(a condition that no longer exists)")
        controls = _controls(known, node, names) if known else []
        return Row(number, parent, depth, "", [], node["is"], title, controls, [], node is added, False)
    inside = [_row(one, names, numbers, number, depth + 1, added) for one in node[match]]
    matches = [(value, str(_matched(value)), value == match) for value in MATCHES]
    return Row(number, parent, depth, match, matches, "", "", [], inside, False, depth < rules.DEEPEST)


def _matched(match: str) -> str:
    return {
        "all": _("all of this is true"),
        "any": _("any of this is true"),
        "none": _("none of this is true"),
    }[match]


def _controls(known: Condition, node: Node, names: Names) -> list[Control]:
    found: list[Control] = []
    for param in known.params:
        controls = param.bound(node).controls(node.get(param.name), names)
        if param.unless:
            controls = [one._replace(shows=one.shows or "given") for one in controls]
        found += controls
    return found
