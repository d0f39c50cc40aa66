"""How texts are compared, and which operations a condition may offer."""

from typing import Any

from django.db.models import Q, TextField, Value
from django.db.models.functions import Coalesce, Lower
from django.db.models.lookups import Contains, Exact, StartsWith
from django.utils.translation import gettext_lazy

from crm.segments.params import Choice, Text
from crm.segments.registry import Values

KNOWN, UNKNOWN = "known", "unknown"
BLANK_OPS = frozenset({KNOWN, UNKNOWN})
TEXT_OPS = {
    "contains": gettext_lazy("contains"),
    "contains_not": gettext_lazy("does not contain"),
    "is": gettext_lazy("is"),
    "is_not": gettext_lazy("is not"),
    "starts": gettext_lazy("begins with"),
    KNOWN: gettext_lazy("is known"),
    UNKNOWN: gettext_lazy("is not known"),
}
NUMBER_OPS = {
    "at_least": gettext_lazy("is at least"),
    "at_most": gettext_lazy("is at most"),
    "is": gettext_lazy("is"),
    KNOWN: gettext_lazy("is known"),
    UNKNOWN: gettext_lazy("is not known"),
}
ANY_OF, ALL_OF, NONE_OF = "any_of", "all_of", "none_of"
SEVERAL_OPS = {
    ANY_OF: gettext_lazy("any of"),
    ALL_OF: gettext_lazy("all of"),
    NONE_OF: gettext_lazy("none of"),
}
CHOICE_OPS = {
    ANY_OF: gettext_lazy("is"),
    NONE_OF: gettext_lazy("is not"),
    KNOWN: gettext_lazy("is known"),
    UNKNOWN: gettext_lazy("is not known"),
}
CHOICES_OPS = {
    ANY_OF: gettext_lazy("has any of"),
    ALL_OF: gettext_lazy("has all of"),
    NONE_OF: gettext_lazy("has none of"),
    KNOWN: gettext_lazy("is known"),
    UNKNOWN: gettext_lazy("is not known"),
}
YES_NO_OPS = {
    "yes": gettext_lazy("is yes"),
    "no": gettext_lazy("is no"),
    KNOWN: gettext_lazy("is known"),
    UNKNOWN: gettext_lazy("is not known"),
}


def holds(expression: Any) -> Q:
    """An expression as a condition that is never NULL."""
    return Q(Coalesce(expression, Value(False)))


def text_is(expression: Any, values: Values) -> Q:  # noqa: PLR0911 -- one case per operation
    """A text compared as `TEXT_OPS` say, whatever its case; NULL is as empty."""
    text = Lower(Coalesce(expression, Value(""), output_field=TextField()))
    given = Lower(Value(values.get("text", ""), output_field=TextField()))
    match values["op"]:
        case "contains":
            return Q(Contains(text, given))
        case "contains_not":
            return ~Q(Contains(text, given))
        case "is":
            return Q(Exact(text, given))
        case "is_not":
            return ~Q(Exact(text, given))
        case "starts":
            return Q(StartsWith(text, given))
        case "known":
            return ~Q(Exact(text, Value("")))
    return Q(Exact(text, Value("")))


def text_params() -> tuple[Any, ...]:
    return (
        Choice(name="op", label=gettext_lazy("How"), options=TEXT_OPS, default="contains"),
        Text(name="text", label=gettext_lazy("Text"), unless=BLANK_OPS, default=""),
    )
