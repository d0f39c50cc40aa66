"""The parts of a condition. Each knows how to be checked, read aloud, shown as controls and described."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, NamedTuple, Self

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from crm.segments import periods
from tenants import formats
from tenants.kit.text import one_line

MOST_VALUES = 100
MOST_COUNT = 1_000_000
MOST_MONEY = Decimal(10) ** 12
LONGEST_TEXT = 100


class BadParam(ValueError):
    """A part that cannot be meant; the text says why."""


class Names:
    """What rules can name, by kind and identifier: read once each."""

    sources: ClassVar[dict[str, Callable[[str], Mapping[str, Any]]]] = {}

    def __init__(self) -> None:
        self._known: dict[str, Mapping[str, Any]] = {}

    def of(self, what: str) -> Mapping[str, Any]:
        """Everything of a kind, identifier to name, in the order people read it: "label", "option:size"."""
        if what not in self._known:
            kind, _colon, part = what.partition(":")
            self._known[what] = self.sources[kind](part)
        return self._known[what]


class Option(NamedTuple):
    """Something to choose."""

    value: str
    label: str
    chosen: bool


class Control(NamedTuple):
    """One field of the builder. `shows` tells the page when it matters: a value of the control before."""

    name: str
    kind: str  # select, checks, number, text, date
    label: str
    value: str = ""
    options: tuple[Option, ...] = ()
    shows: str = ""
    redraws: bool = False  # another value changes what stands beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """A part of a condition. It is left out where the part `op` is one of `unless`."""

    name: str
    label: Any
    default: Any = None
    unless: frozenset[str] = frozenset()

    def is_left_out(self, given: Mapping[str, Any]) -> bool:
        """Whether a condition has no such part."""
        return given.get("op") in self.unless if isinstance(given.get("op"), str) else False

    def bound(self, given: Mapping[str, Any]) -> Self:
        """The part as the others of the condition leave it."""
        return self

    @property
    def is_optional(self) -> bool:
        return False

    def check(self, value: Any, names: Names) -> Any:
        """The value as it is kept. Raises `BadParam`."""
        raise NotImplementedError

    def missing(self, value: Any, names: Names) -> list[str]:
        """What of the value no longer exists, in words."""
        return []

    def words(self, value: Any, names: Names) -> str:
        """The value inside a sentence."""
        return str(value)

    def controls(self, value: Any, names: Names) -> list[Control]:
        """The fields by which the builder shows it."""
        raise NotImplementedError

    def read(self, post: QueryDict, prefix: str) -> Any:
        """The value that the builder's form holds, right or wrong."""
        return one_line(post.get(f"{prefix}{self.name}", ""), 200)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value."""
        raise NotImplementedError


def _options(options: Iterable[tuple[str, Any]], chosen: Iterable[Any]) -> tuple[Option, ...]:
    taken = {str(one) for one in chosen}
    return tuple(Option(value, str(label), value in taken) for value, label in options)


def listed(words: list[str]) -> str:
    """Several values of which any will do."""
    return (
        words[0]
        if len(words) == 1
        else _("%(first)s or %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Param):
    """One of a few fixed values."""

    options: Mapping[str, Any] = field(default_factory=dict)
    may_be_any: bool = False

    @property
    def is_optional(self) -> bool:
        return self.may_be_any

    def check(self, value: Any, names: Names) -> Any:
        if not isinstance(value, str) or value not in self.options:
            raise BadParam(_("Choose one of the values there are."))
        return value

    def words(self, value: Any, names: Names) -> str:
        return str(self.options[value]) if value in self.options else ""

    def controls(self, value: Any, names: Names) -> list[Control]:
        every = [("", _("any"))] if self.may_be_any else []
        options = _options([*every, *self.options.items()], [value or ""])
        return [Control(self.name, "select", str(self.label), str(value or ""), options)]

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.options)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Several(Param):
    """Any of a few fixed values."""

    options: Mapping[str, Any] = field(default_factory=dict)
    may_be_any: bool = False

    @property
    def is_optional(self) -> bool:
        return self.may_be_any

    def check(self, value: Any, names: Names) -> Any:
        if not isinstance(value, list) or not value or len(value) > MOST_VALUES:
            raise BadParam(_("Choose at least one value."))
        if not all(isinstance(one, str) and one in self.options for one in value):
            raise BadParam(_("Choose one of the values there are."))
        return list(dict.fromkeys(value))

    def words(self, value: Any, names: Names) -> str:
        return listed([str(self.options[one]) for one in value if one in self.options] or ["?"])

    def controls(self, value: Any, names: Names) -> list[Control]:
        chosen = value if isinstance(value, list) else []
        return [Control(self.name, "checks", str(self.label), "", _options(self.options.items(), chosen))]

    def read(self, post: QueryDict, prefix: str) -> Any:
        return [one_line(one, 200) for one in post.getlist(f"{prefix}{self.name}")[: MOST_VALUES + 1]]

    def schema(self) -> dict[str, Any]:
        items = {"enum": list(self.options)}
        return {"type": "array", "minItems": 1, "maxItems": MOST_VALUES, "items": items}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refs(Param):
    """Any of several things of the business, by identifier: of those that the part `by` names."""

    what: str
    by: str = ""

    def bound(self, given: Mapping[str, Any]) -> Self:
        named = given.get(self.by) if self.by else None
        return replace(self, what=f"{self.what}:{named}") if isinstance(named, str) else self

    def _known(self, one: Any, names: Names) -> bool:
        return isinstance(one, str) and one in names.of(self.what)

    def check(self, value: Any, names: Names) -> Any:
        if not isinstance(value, list) or not value or len(value) > MOST_VALUES:
            raise BadParam(_("Choose at least one value."))
        if not all(self._known(one, names) for one in value):
            raise BadParam(_("It names something that is not there, or not any more."))
        return list(dict.fromkeys(value))

    def missing(self, value: Any, names: Names) -> list[str]:
        return [str(self.label) for one in value if not self._known(one, names)][:1]

    def words(self, value: Any, names: Names) -> str:
        return listed([names.of(self.what).get(one, _("(deleted)")) for one in value])

    def controls(self, value: Any, names: Names) -> list[Control]:
        chosen = value if isinstance(value, list) else []
        return [
            Control(self.name, "checks", str(self.label), "", _options(names.of(self.what).items(), chosen))
        ]

    def read(self, post: QueryDict, prefix: str) -> Any:
        return [one_line(one, 200) for one in post.getlist(f"{prefix}{self.name}")[: MOST_VALUES + 1]]

    def schema(self) -> dict[str, Any]:
        items = {"type": "string", "maxLength": 200}
        return {"type": "array", "minItems": 1, "maxItems": MOST_VALUES, "items": items}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref(Param):
    """One thing of the business, by identifier."""

    what: str
    redraws: bool = False

    def check(self, value: Any, names: Names) -> Any:
        if value in (None, ""):
            raise BadParam(_("Choose one."))
        if not isinstance(value, str) or value not in names.of(self.what):
            raise BadParam(_("It names something that is not there, or not any more."))
        return value

    def missing(self, value: Any, names: Names) -> list[str]:
        return [] if value in names.of(self.what) else [str(self.label)]

    def words(self, value: Any, names: Names) -> str:
        return names.of(self.what).get(value, _("(deleted)"))

    def controls(self, value: Any, names: Names) -> list[Control]:
        options = _options([("", _("Choose…")), *names.of(self.what).items()], [value or ""])
        shown = str(value or "")[:200]
        return [Control(self.name, "select", str(self.label), shown, options, redraws=self.redraws)]

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": 200}


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Param):
    """A whole number."""

    least: int = 0
    most: int = MOST_COUNT

    def check(self, value: Any, names: Names) -> Any:
        if type(value) is not int or not self.least <= value <= self.most:
            bounds = {"least": self.least, "most": formats.number(self.most)}
            raise BadParam(_("Enter a whole number from %(least)s to %(most)s.") % bounds)
        return value

    def controls(self, value: Any, names: Names) -> list[Control]:
        return [Control(self.name, "number", str(self.label), "" if value is None else str(value)[:30])]

    def read(self, post: QueryDict, prefix: str) -> Any:
        text = super(Whole, self).read(post, prefix)
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else text

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Param):
    """A number with decimals, kept as a string of digits."""

    is_money: bool = False

    def check(self, value: Any, names: Names) -> Any:
        number = None
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value) if abs(value) < 10**13 else "?"
        if isinstance(value, str) and len(value) <= 30 and "_" not in value:
            try:
                number = Decimal(value)
            except InvalidOperation:
                number = None
        if number is None or not number.is_finite() or abs(number) > MOST_MONEY:
            raise BadParam(_("Enter a number such as 1500 or 99.90."))
        if number != round(number, 6):
            raise BadParam(_("At most six decimals."))
        return format(number.normalize() if number else Decimal(0), "f")

    def words(self, value: Any, names: Names) -> str:
        if self.is_money:
            return formats.money(value, next(iter(names.of("currency"))))
        return formats.number(Decimal(value))

    def controls(self, value: Any, names: Names) -> list[Control]:
        return [Control(self.name, "decimal", str(self.label), "" if value is None else str(value)[:30])]

    def schema(self) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$",
            "description": "Digits, a point.",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Param):
    """A few words. Case and accents count for nothing when they are looked for."""

    def check(self, value: Any, names: Names) -> Any:
        if not isinstance(value, str) or not one_line(value, LONGEST_TEXT + 1):
            raise BadParam(_("Enter a text."))
        if len(one_line(value, LONGEST_TEXT + 1)) > LONGEST_TEXT:
            raise BadParam(_("At most %(most)s characters.") % {"most": LONGEST_TEXT})
        return one_line(value, LONGEST_TEXT)

    def words(self, value: Any, names: Names) -> str:
        return f"“{value}”"

    def controls(self, value: Any, names: Names) -> list[Control]:
        return [Control(self.name, "text", str(self.label), str(value or "")[:200])]

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}


@dataclass(frozen=True, slots=True, kw_only=True)
class When(Param):
    """A period; where it may be `ever`, leaving it out means at any time."""

    side: str = periods.PAST
    ever: bool = False

    @property
    def is_optional(self) -> bool:
        return self.ever

    def check(self, value: Any, names: Names) -> Any:
        try:
            return periods.checked(value, self.side)
        except periods.BadPeriod as error:
            raise BadParam(str(error)) from None

    def words(self, value: Any, names: Names) -> str:
        return periods.words(value)

    def controls(self, value: Any, names: Names) -> list[Control]:
        given = value if isinstance(value, dict) else {}
        how, n, unit = self._shown(given)
        days = [
            Control(f"{self.name}-{end}", "date", label, str(given.get(end, ""))[:10], shows="between")
            for end, label in (("from", _("From")), ("to", _("To")))
        ]
        return [
            Control(f"{self.name}-how", "select", str(self.label), how, _options(self._hows(), [how])),
            Control(f"{self.name}-n", "number", _("How many"), n, shows="counted"),
            Control(
                f"{self.name}-unit", "select", _("Unit"), unit,
                _options(periods.UNIT_NAMES.items(), [unit]), shows="counted",
            ),
            *days,
        ]  # fmt: skip

    def _hows(self) -> list[tuple[str, Any]]:
        texts = {"last": _("in the last…"), "before": _("more than … ago"), "next": _("in the next…")}
        counted = [(how, texts[how]) for how in periods.hows(self.side)]
        during = [(f"during:{name}", label) for name, label in periods.named(self.side).items()]
        ever = [("", _("at any time"))] if self.ever else []
        return [*ever, *counted, *during, ("between", _("between two dates"))]

    @staticmethod
    def _shown(given: dict[str, Any]) -> tuple[str, str, str]:
        how = next((one for one in ("last", "before", "next") if one in given), "")
        if how:
            return how, str(given[how])[:12], str(given.get("unit", "days"))
        if "during" in given:
            return f"during:{given['during']}", "30", "days"
        return ("between" if given else ""), "30", "days"

    def read(self, post: QueryDict, prefix: str) -> Any:
        field_ = f"{prefix}{self.name}-"
        how = post.get(f"{field_}how", "")
        if how in {"last", "before", "next"}:
            text = post.get(f"{field_}n", "").strip()[:12]
            n = int(text) if text.isascii() and text.isdigit() else text
            return {how: n, "unit": one_line(post.get(f"{field_}unit", ""), 20)}
        if how.startswith("during:"):
            return {"during": one_line(how[7:], 20)}
        if how == "between":
            ends = {end: one_line(post.get(f"{field_}{end}", ""), 20) for end in ("from", "to")}
            return {end: text for end, text in ends.items() if text} or {"from": ""}
        return None

    def schema(self) -> dict[str, Any]:
        return periods.schema(self.side)


SPANS = {
    "minutes": (ngettext_lazy("%(n)d minute", "%(n)d minutes", "n"), 60),
    "hours": (ngettext_lazy("%(n)d hour", "%(n)d hours", "n"), 3_600),
    "days": (ngettext_lazy("%(n)d day", "%(n)d days", "n"), 86_400),
}
SPAN_NAMES = {
    "minutes": gettext_lazy("minutes"),
    "hours": gettext_lazy("hours"),
    "days": gettext_lazy("days"),
}
MOST_SPAN = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Span(Param):
    """A length of time: {"n": 2, "unit": "hours"}."""

    def check(self, value: Any, names: Names) -> Any:
        if not isinstance(value, dict) or set(value) != {"n", "unit"} or value["unit"] not in list(SPANS):
            raise BadParam(_("Enter a length of time."))
        if type(value["n"]) is not int or not 1 <= value["n"] <= MOST_SPAN:
            raise BadParam(_("Enter a whole number from 1 to %(most)s.") % {"most": MOST_SPAN})
        return {"n": value["n"], "unit": value["unit"]}

    @staticmethod
    def seconds(value: dict[str, Any]) -> int:
        """The length in seconds."""
        return int(value["n"] * SPANS[value["unit"]][1])

    def words(self, value: Any, names: Names) -> str:
        return str(SPANS[value["unit"]][0] % {"n": value["n"]})

    def controls(self, value: Any, names: Names) -> list[Control]:
        given = value if isinstance(value, dict) else {}
        unit = str(given.get("unit", "hours"))
        return [
            Control(f"{self.name}-n", "number", str(self.label), str(given.get("n", ""))[:12]),
            Control(f"{self.name}-unit", "select", _("Unit"), unit, _options(SPAN_NAMES.items(), [unit])),
        ]

    def read(self, post: QueryDict, prefix: str) -> Any:
        text = post.get(f"{prefix}{self.name}-n", "").strip()[:12]
        n = int(text) if text.isascii() and text.isdigit() else text
        return {"n": n, "unit": one_line(post.get(f"{prefix}{self.name}-unit", ""), 20)}

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["n", "unit"],
            "additionalProperties": False,
            "properties": {
                "n": {"type": "integer", "minimum": 1, "maximum": MOST_SPAN},
                "unit": {"enum": list(SPANS)},
            },
        }
