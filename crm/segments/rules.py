"""What a rule is: versioned JSON, checked before it is kept, read as a sentence.

{"version": 1, "where": {"all": [
    {"is": "orders.count", "op": "at_least", "n": 2, "period": {"last": 12, "unit": "months"}},
    {"any": [{"is": "label", "op": "any_of", "labels": ["<id>"]}, …]},
    {"none": [{"is": "cases.open", "op": "has", "kind": "complaint"}]}
]}}
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.segments.params import BadParam, Names
from crm.segments.registry import CONDITIONS, Condition
from tenants.actors import Actor
from tenants.refusals import Refused

VERSION = 1
ALL, ANY, NONE = "all", "any", "none"
MATCHES = {ALL: gettext_lazy("all"), ANY: gettext_lazy("any"), NONE: gettext_lazy("none")}
DEEPEST = 5  # groups inside one another
MOST = 50  # conditions of a rule
OPENINGS = {
    ALL: gettext_lazy("Customers of whom all of this is true: %(parts)s"),
    ANY: gettext_lazy("Customers of whom any of this is true: %(parts)s"),
    NONE: gettext_lazy("Customers of whom none of this is true: %(parts)s"),
}
INNER = {
    ALL: gettext_lazy("(all of: %(parts)s)"),
    ANY: gettext_lazy("(any of: %(parts)s)"),
    NONE: gettext_lazy("(none of: %(parts)s)"),
}
Rule = dict[str, Any]
Node = dict[str, Any]


class InvalidRule(Refused):
    """A rule that cannot be meant; the sentence says why, `field` where."""


def match_of(node: Mapping[str, Any]) -> str:
    """Which kind of group a node is; "" of a condition."""
    return next((match for match in MATCHES if match in node), "")


# --- checking ---


def checked(given: Any, names: Names, by: Actor | None = None) -> Rule:
    """A rule as it is kept. Raises `InvalidRule`; also for what `by` may not ask about."""
    if not isinstance(given, dict):
        raise InvalidRule(_("A rule is an object with version and where."), "rule")
    if type(given.get("version")) is not int or given["version"] != VERSION:
        raise InvalidRule(_("The version of a rule is %(version)s.") % {"version": VERSION}, "rule/version")
    if set(given) != {"version", "where"}:
        raise InvalidRule(_("A rule is an object with version and where."), "rule")
    where = _group(given["where"], names, "rule/where", 1)
    conditions = list(walk(where))
    if len(conditions) > MOST:
        raise InvalidRule(_("At most %(most)s conditions in one rule.") % {"most": MOST}, "rule/where")
    for one in conditions:
        needs = CONDITIONS[one["is"]].needs
        if by and needs and not by.can(needs):
            told = {"title": CONDITIONS[one["is"]].title, "permission": needs.value}
            raise InvalidRule(_("“%(title)s” needs the permission %(permission)s.") % told, "rule/where")
    return {"version": VERSION, "where": where}


def _group(given: Any, names: Names, place: str, depth: int) -> Node:
    match = match_of(given) if isinstance(given, dict) else ""
    if not match or set(given) != {match} or not isinstance(given[match], list):
        raise InvalidRule(_("A group is an object with one list: all, any or none."), place)
    if depth > DEEPEST:
        raise InvalidRule(_("Groups go at most %(most)s deep.") % {"most": DEEPEST}, place)
    if not given[match]:
        raise InvalidRule(_("Add at least one condition."), f"{place}/{match}")
    if len(given[match]) > MOST:
        raise InvalidRule(_("At most %(most)s conditions in one rule.") % {"most": MOST}, place)
    return {
        match: [
            _group(node, names, f"{place}/{match}/{number}", depth + 1)
            if isinstance(node, dict) and match_of(node)
            else _condition(node, names, f"{place}/{match}/{number}")
            for number, node in enumerate(given[match])
        ]
    }


def _condition(given: Any, names: Names, place: str) -> Node:
    key = given.get("is") if isinstance(given, dict) else None
    known = CONDITIONS.get(key) if isinstance(key, str) else None
    if known is None:
        raise InvalidRule(_("There is no such condition."), f"{place}/is")
    kept: Node = {"is": key}
    for param in known.params:
        bound = param.bound(given)
        value = given.get(param.name)
        if param.is_left_out(given) or (param.is_optional and value in (None, "", [])):
            continue
        try:
            kept[param.name] = bound.check(value, names)
        except BadParam as error:
            said = _("%(title)s, %(part)s: %(problem)s")
            parts = {"title": known.title, "part": param.label, "problem": error}
            raise InvalidRule(said % parts, f"{place}/{param.name}") from None
    unknown = set(given) - {"is"} - {param.name for param in known.params}
    if unknown:
        name = sorted(map(str, unknown))[0][:60]
        raise InvalidRule(_("There is no such part: %(name)s.") % {"name": name}, place)
    return kept


# --- reading ---


def walk(node: Mapping[str, Any]) -> Iterator[Node]:
    """The conditions of a group, from left to right."""
    for one in node[match_of(node)]:
        if match_of(one):
            yield from walk(one)
        else:
            yield one


def missing(rule: Rule, names: Names) -> list[str]:
    """What a rule names that is no longer there, a sentence for each; such a rule matches nobody."""
    found = []
    for one in walk(rule["where"]):
        known = CONDITIONS.get(one["is"])
        if known is None:
            found.append(_("A condition that no longer exists: %(name)s.") % {"name": one["is"]})
            continue
        for param in known.params:
            if param.name in one:
                found += [
                    _("%(title)s: %(what)s was deleted.") % {"title": known.title, "what": what}
                    for what in param.bound(one).missing(one[param.name], names)
                ]
    return list(dict.fromkeys(found))


def sentence(rule: Rule, names: Names) -> str:
    """The whole rule, read aloud."""
    return _said(rule["where"], names, OPENINGS)


def _said(node: Node, names: Names, forms: Mapping[str, Any]) -> str:
    match = match_of(node)
    parts = [_said(one, names, INNER) if match_of(one) else said(one, names) for one in node[match]]
    word = _("and") if match == ALL else _("or")
    return str(forms[match] % {"parts": f", {word} ".join(parts)})


def said(one: Node, names: Names) -> str:
    """One condition as a piece of a sentence."""
    known = CONDITIONS.get(one["is"])
    return known.sentence(one, names) if known else _("(a condition that no longer exists)")


def uses(rule: Rule, key: str, part: str) -> set[str]:
    """What the conditions of a kind name in a part: the segments that a segment builds on, for example."""
    return {one[part] for one in walk(rule["where"]) if one["is"] == key and part in one}


# --- describing ---


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a rule, as OpenAPI 3.1 shows it; groups in groups are described in words."""
    conditions = [_condition_schema(one) for one in CONDITIONS.values()]
    inner = {"type": "object", "description": f"A group again, at most {DEEPEST} deep: all, any or none."}
    nodes = {"type": "array", "minItems": 1, "maxItems": MOST, "items": {"anyOf": [inner, *conditions]}}
    group = {
        "type": "object",
        "description": "One list of conditions and groups: all, any or none of them.",
        "minProperties": 1,
        "maxProperties": 1,
        "propertyNames": {"enum": list(MATCHES)},
        "additionalProperties": nodes,
    }
    return {
        "type": "object",
        "description": f"A rule of a segment, with at most {MOST} conditions.",
        "required": ["version", "where"],
        "additionalProperties": False,
        "properties": {"version": {"const": VERSION}, "where": group},
    }


def _condition_schema(one: Condition) -> dict[str, Any]:
    required = ["is", *(p.name for p in one.params if not p.is_optional and not p.unless)]
    return {
        "type": "object",
        "title": str(one.title),
        "required": required,
        "additionalProperties": False,
        "properties": {
            "is": {"const": one.key},
            **{param.name: {"title": str(param.label), **param.schema()} for param in one.params},
        },
    }
