"""The small language of templates: names, `default`, `capitalize`, `date`, and `if`/`else`.

Liquid without what runs long or reaches out: no loops, includes, assignments or attributes. What stands in
a value is never read as a template again.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from liquid import Environment, Mode, Undefined
from liquid.ast import BlockNode, ConditionalBlockNode, Node
from liquid.builtin import content, illegal, output
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
from liquid.builtin.tags.if_tag import IfNode, IfTag
from liquid.exceptions import LiquidError
from liquid.expression import Expression

from conversations.personalising.names import NAMES, with_companions
from conversations.personalising.spelling import Spelt, respelt
from conversations.personalising.writing import Plan, TooMuch

LONGEST_TAG, MOST_TAGS = 400, 500  # characters between two braces; of them in a text


BRACES = re.compile(r"\{\{|\{%|\}\}|%\}")
CLOSED_BY = {"{{": "}}", "{%": "%}"}
UNCLOSED = gettext_lazy("A pair of braces is not closed: write names as {{ customer.first_name }}.")


class NotWritten(Exception):
    """There is nothing to say to this customer: left_out.NOT_WRITTEN."""


class Empty(NotWritten):
    """A name without words to fall back on is empty for him; "" where the whole text is."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a text, for a person. With a serious one nothing goes out."""

    code: str
    sentence: str
    place: str = ""  # subject, preheader, text, block number …
    line: int = 0
    serious: bool = True
    name: str = ""

    @property
    def block(self) -> int:
        """In which block of a mail, from 1; 0 where it stands elsewhere."""
        return int(self.place.removeprefix("block-")) if self.place.startswith("block-") else 0


class Missing(Undefined):
    """What a name is that has no value: false in conditions, replaced by `default`, never written out."""

    __slots__ = ()

    def __str__(self) -> str:
        raise Empty(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Undefined) or other is None or other == ""

    def __hash__(self) -> int:
        return hash(self.name)

    def __bool__(self) -> bool:
        return False


def _default(value: object, instead: object = "") -> object:
    return instead if isinstance(value, Undefined) or value == "" else value


def _capitalize(value: object) -> object:
    if isinstance(value, Undefined):
        return value
    text = str(value)
    return text[:1].upper() + text[1:]


def _date(value: object, form: object = "long") -> object:
    return respelt(value, str(form)) if isinstance(value, Spelt) else value


def _address(value: object) -> object:
    """A value within a link."""
    return value if isinstance(value, Undefined) else quote(str(value), safe="")


FILTERS: dict[str, Callable[..., object]] = {
    "default": _default, "capitalize": _capitalize, "date": _date,
}  # fmt: skip
OWN_FILTER = "in_address"  # put in by us into links, never by a person


class _If(IfTag):
    mode: ClassVar[Mode] = Mode.STRICT  # type: ignore[misc]


class Sandbox(Environment):
    """Liquid with what is named here and nothing else."""

    block_nesting_limit = 6
    suppress_blank_control_flow_blocks = False

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        for tag in (content.Literal, output.Output, illegal.Illegal, _If):
            self.add_tag(tag)
        for name, filter_ in {**FILTERS, OWN_FILTER: _address}.items():
            self.add_filter(name, filter_)


SANDBOX = Sandbox(tolerance=Mode.STRICT)
ALLOWED = (BooleanExpression, LogicalAndExpression, LogicalOrExpression, EqExpression, NeExpression,
           ContainsExpression)  # fmt: skip


class Source:
    """A text that was read: which names it uses, what is wrong with it, and what it becomes."""

    def __init__(self, text: str, *, html: bool = False) -> None:
        self.names: set[str] = set()
        self.bare: dict[str, int] = {}  # names written out without words to fall back on, with their line
        self.problems: list[Problem] = []
        self._html = html
        self._plan: Plan | None = None
        self._parts: str | None = None if BRACES.search(text) else text
        if self._parts is None:
            self._read(text)

    def render(self, values: Mapping[str, Mapping[str, object]]) -> str:
        """The text with its names filled in. Raises `Empty`; `NotWritten` for what cannot be read."""
        if self._parts is not None:
            return self._parts
        if self._plan is None:
            raise NotWritten
        try:
            return self._plan.write(values)
        except TypeError as error:  # a filter with more words than it takes
            raise NotWritten from error

    def _read(self, text: str) -> None:
        if self._unclosed(text):
            return
        try:
            template = SANDBOX.from_string(text)
        except LiquidError as error:
            where = error.token.start_index if error.token else 0
            sentence = _("This cannot be read. Write names as {{ customer.first_name }}.")
            self._complain(sentence, _line(text, where))
            return
        for node in template.nodes:
            self._node(node, text, frozenset())
        if not self.problems:
            try:
                self._plan = Plan(template.nodes, {**FILTERS, OWN_FILTER: _address}, html=self._html)
            except TooMuch:
                self._complain(_("This is more than a template may do."), 1)

    def _unclosed(self, text: str) -> bool:
        """Look for braces and conditions left open, in one pass: the lexer takes its time with them."""
        opened, start = "", 0
        count, conditions = 0, list[int]()
        for brace in BRACES.finditer(text):
            if not opened and brace[0] in CLOSED_BY:
                opened, start, count = brace[0], brace.start(), count + 1
            elif brace[0] != CLOSED_BY.get(opened) or brace.start() - start > LONGEST_TAG:
                break
            else:
                inside, opened = text[start + 2 : brace.start()].strip("- \n\t"), ""
                if brace[0] == "%}" and not self._block(inside, conditions, _line(text, start)):
                    return True
        else:
            if opened or count > MOST_TAGS:
                self._complain(UNCLOSED, _line(text, start))
            elif conditions:
                sentence = _("An “if” is not closed: write {% endif %} where it ends.")
                self._complain(sentence, conditions[-1])
            return bool(self.problems)
        self._complain(UNCLOSED, _line(text, start if opened else brace.start()))
        return True

    def _block(self, inside: str, conditions: list[int], line: int) -> bool:
        """Whether a tag may stand where it stands; `conditions` are the lines of those still open."""
        word = inside.partition(" ")[0]
        if word == "if":
            conditions.append(line)
        elif word not in ("elsif", "else", "endif"):
            self._complain(_("Between {% and %} only if, elsif, else and endif may stand."), line)
            return False
        elif not conditions:
            self._complain(_("There is no “if” before this: {% if customer.city %}."), line)
            return False
        elif word == "endif":
            conditions.pop()
        return True

    def _node(self, node: Node, text: str, known: frozenset[str]) -> None:
        """Look at a part; `known` are names that a condition around it has found to be there."""
        if isinstance(node, ContentNode):
            return
        if isinstance(node, BlockNode):
            for one in node.nodes:
                self._node(one, text, known)
        elif isinstance(node, OutputNode):
            self._written_out(node, text, known)
        elif isinstance(node, IfNode):
            self._branch(node.condition, node.consequence, text, known)
            for other in node.alternatives:
                assert isinstance(other, ConditionalBlockNode)
                self._branch(other.expression, other.block, text, known)
            if node.default:
                self._node(node.default, text, known)
        else:
            self._complain(_("This is more than a template may do."), _line(text, node.token.start_index))

    def _branch(self, condition: Expression, block: BlockNode, text: str, known: frozenset[str]) -> None:
        self._condition(condition, _line(text, condition.token.start_index))
        there = [with_companions(name) for name in _certain(condition)]
        self._node(block, text, known.union(*there))

    def _written_out(self, node: OutputNode, text: str, known: frozenset[str]) -> None:
        line, expression = _line(text, node.token.start_index), node.expression
        if not isinstance(expression, FilteredExpression):
            self._complain(_("This is more than a template may do."), line)
            return
        filters = [one.name for one in expression.filters or []]
        for filter_ in expression.filters or []:
            if filter_.name not in FILTERS and filter_.name != OWN_FILTER:
                known_filters = ", ".join(FILTERS)
                self._complain(
                    _("There is nothing called “%(name)s” after a bar. You can use: %(known)s.")
                    % {"name": filter_.name, "known": known_filters},
                    line,
                )
            if any(not isinstance(one, StringLiteral) for one in filter_.children()):
                self._complain(_("After a colon only words in quotation marks may stand."), line)
        if isinstance(expression.left, StringLiteral):
            return
        name = self._name(expression.left, line)
        if name and "default" not in filters and name not in known:
            self.bare.setdefault(name, line)

    def _condition(self, found: Expression, line: int) -> None:
        if isinstance(found, ALLOWED):
            for child in found.children():
                self._condition(child, line)
        elif not isinstance(found, StringLiteral):
            self._name(found, line)

    def _name(self, found: Expression, line: int) -> str:
        if not isinstance(found, Path):
            self._complain(_("This is more than a template may do."), line)
            return ""
        name = ".".join(str(segment) for segment in found.path)
        if name not in NAMES or any(not isinstance(segment, str) for segment in found.path):
            self._complain(_("There is nothing called “%(name)s”.") % {"name": name[:80]}, line, "unknown")
            return ""
        self.names.add(name)
        return name

    def _complain(self, sentence: str | Promise, line: int, code: str = "syntax") -> None:
        self.problems.append(Problem(code, str(sentence), line=line))


def _certain(condition: Expression) -> Iterator[str]:
    """The names that surely have a value where a condition holds."""
    if isinstance(condition, BooleanExpression):
        yield from _certain(condition.expression)
    elif isinstance(condition, LogicalAndExpression):
        yield from _certain(condition.left)
        yield from _certain(condition.right)
    elif isinstance(condition, Path):
        yield ".".join(str(segment) for segment in condition.path)
    elif (
        isinstance(condition, EqExpression | ContainsExpression)
        and isinstance(condition.right, StringLiteral)
        and condition.right.value
    ):
        yield from _certain(condition.left)


def _line(text: str, index: int) -> int:
    return text.count("\n", 0, max(index, 0)) + 1


@lru_cache(maxsize=128)
def source(text: str, html: bool = False) -> Source:
    """A text, read once."""
    return Source(text, html=html)


def nested(values: Mapping[str, Any], names: frozenset[str]) -> dict[str, dict[str, object]]:
    """Values by dotted names as the language wants them; what is empty is missing."""
    found: dict[str, dict[str, object]] = {}
    for name in names:
        group, _dot, field = name.partition(".")
        value = values.get(name)
        found.setdefault(group, {})[field] = value if value not in (None, "") else Missing(name)
    return found
