"""The conditions that rules can have, each declared once.

From one declaration come the builder's row, the check of the API, its JSON Schema, the sentence, the SQL
and the reason why a customer is in. The apps above register what they own when they start.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from crm.segments.params import Names, Param
from crm.segments.periods import Clock
from tenants.permissions import Permission

Values = Mapping[str, Any]

GROUPS = {
    "customer": gettext_lazy("The customer"),
    "facts": gettext_lazy("Facts"),
    "consents": gettext_lazy("Consent"),
    "orders": gettext_lazy("Orders and payments"),
    "appointments": gettext_lazy("Appointments"),
    "activities": gettext_lazy("Activities and history"),
    "conversations": gettext_lazy("Conversations"),
    "ratings": gettext_lazy("Ratings"),
    "segments": gettext_lazy("Segments"),
}


@dataclass(frozen=True, slots=True)
class Context:
    """In what a rule is compiled: the names there are, the clock, and whom it is asked of (None: of all)."""

    names: Names
    clock: Clock
    currency: str
    among: tuple[UUID, ...] | None = None
    path: tuple[str, ...] = ()  # of segments that name one another

    def rows(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that can matter."""
        return queryset if self.among is None else queryset.filter(customer_id__any=self.among)


@dataclass(frozen=True, slots=True)
class Condition:
    """A kind of condition.

    `reads` is a template, or one for each value of the part `op`, filled with the parts in words; a plural
    one is chosen by `n`. `q` gives the condition on Customer, never NULL. `evidence` says of some customers
    what it was that counted ("4", "12 Nov"); it may leave out whom it has nothing to say of.
    """

    key: str
    group: str
    title: Any
    params: tuple[Param, ...]
    reads: Any
    q: Callable[[Values, Context], Q]
    evidence: Callable[[Values, Context], Mapping[UUID, str]] | None = None
    needs: Permission | None = None

    def sentence(self, values: Values, names: Names) -> str:
        """What it asks, as a piece of a sentence."""
        words: dict[str, Any] = {
            param.name: param.bound(values).words(values[param.name], names) if param.name in values else ""
            for param in self.params
        }
        if isinstance(values.get("n"), int):
            words["n"] = values["n"]
        template = self.reads[values["op"]] if isinstance(self.reads, dict) else self.reads
        return " ".join(str(template % words).split())


CONDITIONS: dict[str, Condition] = {}


def register(conditions: Iterable[Condition]) -> None:
    """Offer conditions; called once from an app's `ready()`."""
    CONDITIONS.update({one.key: one for one in conditions})


def register_names(what: str, source: Callable[[str], Mapping[str, Any]]) -> None:
    """Say what things of a kind there are, identifier to name, in the business in scope.

    The source is given what stands behind the colon: "size" of "option:size", else "".
    """
    Names.sources[what] = source


def grouped() -> list[tuple[str, list[Condition]]]:
    """What there is to choose from, by group."""
    return [
        (str(title), [one for one in CONDITIONS.values() if one.group == group])
        for group, title in GROUPS.items()
        if any(one.group == group for one in CONDITIONS.values())
    ]
