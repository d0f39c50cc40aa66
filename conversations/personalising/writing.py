"""A text that was read and found harmless, written out for one customer after the other.

Liquid reads it; what is allowed of it is so little that writing it out needs none of its context, which
takes most of the time when a campaign is written to many.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from liquid.ast import BlockNode, ConditionalBlockNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import FilteredExpression, Path, StringLiteral
from liquid.builtin.expressions.logical import (
    BooleanExpression,
    ContainsExpression,
    EqExpression,
    LogicalAndExpression,
    LogicalOrExpression,
    NeExpression,
)
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.expression import Expression
from markupsafe import escape

Values = Mapping[str, Mapping[str, object]]
Writer = Callable[[Values], str]
Filters = Mapping[str, Callable[..., object]]


class TooMuch(Exception):
    """More than a template may do."""


class Plan:
    """What a text becomes: pieces that stay, and pieces that are asked for each time."""

    def __init__(self, nodes: Sequence[Node], filters: Filters, *, html: bool) -> None:
        self._filters, self._html = filters, html
        self._parts: list[str | Writer] = [self._part(node) for node in nodes]

    def write(self, values: Values) -> str:
        """The text with its names filled in. A missing name raises what it raises."""
        return "".join([part if isinstance(part, str) else part(values) for part in self._parts])

    def _part(self, node: Node) -> str | Writer:
        if isinstance(node, ContentNode):
            return node.text
        if isinstance(node, OutputNode):
            return self._output(node.expression)
        if isinstance(node, BlockNode):
            return Plan(node.nodes, self._filters, html=self._html).write
        if isinstance(node, IfNode):
            return self._choice(node)
        raise TooMuch

    def _output(self, expression: Expression) -> Writer:
        if not isinstance(expression, FilteredExpression):
            raise TooMuch
        value_of = _operand(expression.left)
        filters = [
            (self._filters[one.name], [_literal(given) for given in one.children()])
            for one in expression.filters or []
        ]
        html = self._html

        def write(values: Values) -> str:
            value = value_of(values)
            for filter_, given in filters:
                value = filter_(value, *given)
            return str(escape(str(value))) if html else str(value)

        return write

    def _choice(self, node: IfNode) -> Writer:
        branches = [(_holds(node.condition), self._part(node.consequence))]
        for other in node.alternatives:
            assert isinstance(other, ConditionalBlockNode)
            branches.append((_holds(other.expression), self._part(other.block)))
        if node.default:
            branches.append((lambda values: True, self._part(node.default)))

        def write(values: Values) -> str:
            for holds, part in branches:
                if holds(values):
                    return part if isinstance(part, str) else part(values)
            return ""

        return write


def _literal(found: Any) -> str:
    if not isinstance(found, StringLiteral):
        raise TooMuch
    return found.value


def _operand(found: Expression) -> Callable[[Values], Any]:
    if isinstance(found, Path):
        group, field = map(str, found.path)
        return lambda values: values[group][field]
    text = _literal(found)
    return lambda values: text


def _holds(found: Expression) -> Callable[[Values], bool]:
    if isinstance(found, BooleanExpression):
        return _holds(found.expression)
    if isinstance(found, LogicalAndExpression | LogicalOrExpression):
        first, second = _holds(found.left), _holds(found.right)
        if isinstance(found, LogicalAndExpression):
            return lambda values: first(values) and second(values)
        return lambda values: first(values) or second(values)
    if isinstance(found, EqExpression | NeExpression):
        left, right, same = _operand(found.left), _operand(found.right), isinstance(found, EqExpression)
        return lambda values: (left(values) == right(values)) == same
    if isinstance(found, ContainsExpression):
        whole, part = _operand(found.left), _operand(found.right)
        return lambda values: _contains(whole(values), part(values))
    value_of, is_literal = _operand(found), isinstance(found, StringLiteral)
    return lambda values: is_literal or bool(value_of(values))


def _contains(whole: object, part: object) -> bool:
    return isinstance(whole, str) and isinstance(part, str) and part in whole
