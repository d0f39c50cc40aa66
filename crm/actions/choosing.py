"""Whose value stands where two customers who are one person both have one.

A person chooses; else what a person confirmed comes before what nobody did, a full name before a part of it,
and then the newer.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.duplicates import names
from crm.models import Customer, Preference
from tenants.refusals import Refused

SOURCE, TARGET = "source", "target"
SIMPLE = {
    "name": gettext_lazy("Name"),
    "company": gettext_lazy("Company"),
    "language": gettext_lazy("Language"),
    "timezone": gettext_lazy("Time zone"),
}
ATTRIBUTES, PREFERENCES = "attributes.", "preferences."
CHOSEN = (
    *SIMPLE,
    "name_confirmed",
    "attributes",
    "last_contact_at",
    "last_contact_channel",
    "updated_at",
)
Chosen = dict[str, str]


class UnknownChoice(Refused):
    """A field that cannot be chosen, or a side that is neither of the two."""


class Difference(NamedTuple):
    """A field in which two customers differ: what each says, and whose stands if nobody chooses."""

    key: str
    label: str
    source: Any
    target: Any
    default: str

    @property
    def is_open(self) -> bool:
        """Whether both say something: then somebody may choose."""
        return self.source not in {"", None} and self.target not in {"", None}


def differences(source: Customer, target: Customer) -> list[Difference]:
    """All in which two customers differ, those included that only one of them says."""
    newer = SOURCE if source.updated_at > target.updated_at else TARGET
    found = []
    for name, label in SIMPLE.items():
        theirs, ours = getattr(source, name), getattr(target, name)
        default = _whose_name(source, target, newer) if name == "name" else newer
        found.append(Difference(name, str(label), theirs, ours, default))
    for key in sorted(source.attributes.keys() | target.attributes.keys()):
        pair = _text(source.attributes.get(key, "")), _text(target.attributes.get(key, ""))
        found.append(Difference(f"{ATTRIBUTES}{key}", key, *pair, newer))
    for topic, (theirs, ours) in conflicting(source, target).items():
        default = _whose_preference(theirs, ours)
        found.append(Difference(f"{PREFERENCES}{topic}", topic, theirs.value, ours.value, default))
    return [one._replace(default=_present(one)) for one in found if one.source != one.target]


def _text(value: Any) -> Any:
    """A value that can be compared and put into a set."""
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _present(one: Difference) -> str:
    if one.is_open:
        return one.default
    return TARGET if one.source in {"", None} else SOURCE


def _whose_name(source: Customer, target: Customer, newer: str) -> str:
    if source.name_confirmed != target.name_confirmed:
        return SOURCE if source.name_confirmed else TARGET
    if not source.name_confirmed:
        fuller = len(names.words(source.name)) - len(names.words(target.name))
        if fuller:
            return SOURCE if fuller > 0 else TARGET
    return newer


def _whose_preference(theirs: Preference, ours: Preference) -> str:
    mine, other = ((one.confirmed_at is not None, one.learned_at) for one in (theirs, ours))
    return SOURCE if mine > other else TARGET


def conflicting(source: Customer, target: Customer) -> dict[str, tuple[Preference, Preference]]:
    """What both prefer about one topic: the source's, and the target's."""
    rows = Preference.objects.filter(customer__in=[source.pk, target.pk])
    sides: dict[Any, dict[str, Preference]] = {source.pk: {}, target.pk: {}}
    for row in rows:
        sides[row.customer_id][row.topic] = row
    theirs, ours = sides[source.pk], sides[target.pk]
    return {topic: (theirs[topic], ours[topic]) for topic in sorted(theirs.keys() & ours.keys())}


def choose(source: Customer, target: Customer, given: Mapping[str, str]) -> Chosen:
    """Whose value stands, by field: what was given, else the default. Raises `UnknownChoice`."""
    for key, side in given.items():
        if key not in SIMPLE and not key.startswith((ATTRIBUTES, PREFERENCES)):
            raise UnknownChoice(_("There is no such field to choose: %(field)s.") % {"field": key}, "fields")
        if side not in {SOURCE, TARGET}:
            raise UnknownChoice(_("Choose source or target for each field."), "fields")
    return {
        one.key: given.get(one.key, one.default) if one.is_open else one.default
        for one in differences(source, target)
    } | {
        f"{PREFERENCES}{topic}": given.get(f"{PREFERENCES}{topic}", _whose_preference(*pair))
        for topic, pair in conflicting(source, target).items()
    }


def put(target: Customer, source: Customer, chosen: Chosen) -> None:
    """Let the chosen values stand at `target`; what only one of them has stands too."""
    for name in SIMPLE:
        if chosen.get(name) == SOURCE:
            setattr(target, name, getattr(source, name))
            if name == "name":
                target.name_confirmed = source.name_confirmed
    theirs = {
        key: value
        for key, value in source.attributes.items()
        if key not in target.attributes or chosen.get(f"{ATTRIBUTES}{key}") == SOURCE
    }
    target.attributes = {**target.attributes, **theirs}
    if source.last_contact_at > target.last_contact_at:
        target.last_contact_at = source.last_contact_at
        target.last_contact_channel = source.last_contact_channel or target.last_contact_channel
