"""What a business keeps and remembers of a customer, as plain values for his page and his panel."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from crm import attributes, preferences
from crm.fact_forms import TopicForm
from crm.models import Attribute, Customer
from crm.preferences import ShownPreference
from tenants.kit.blank import Blank
from tenants.models import Tenant

Kind = Attribute.Kind


class ShownFact(NamedTuple):
    """A fact that the business defined, with or without a value."""

    key: str
    name: str
    kind: str
    hint: str
    options: tuple[str, ...]
    chosen: tuple[str, ...]
    shown: str
    raw: str  # as the field holds it
    is_fitting: bool
    is_empty: bool


class Known(NamedTuple):
    """All that is kept of a customer beside his addresses, and the forms to add more."""

    filled: tuple[ShownFact, ...]
    empty: tuple[ShownFact, ...]
    free: tuple[tuple[str, str], ...]
    preferences: tuple[ShownPreference, ...]
    line: str  # above the composer
    topics: tuple[str, ...]
    preference_form: Blank


def known(customer: Customer, tenant: Tenant, context_id: str | None = None) -> Known:
    """Defined facts in their order, free ones, and what is remembered; of archived ones what has a value."""
    values, defined = customer.attributes, attributes.all_attributes()
    facts = [
        _fact(attribute, values.get(attribute.key), tenant)
        for attribute in defined
        if attribute.archived_at is None or attribute.key in values
    ]
    keys = {attribute.key for attribute in defined}
    remembered = preferences.of_customer(customer)
    return Known(
        filled=tuple(fact for fact in facts if not fact.is_empty),
        empty=tuple(fact for fact in facts if fact.is_empty),
        free=tuple(
            (key, attributes.show_free(value)) for key, value in sorted(values.items()) if key not in keys
        ),
        preferences=remembered,
        line=preferences.in_a_line(remembered),
        topics=tuple(str(name) for name in preferences.TOPICS.values()),
        preference_form=Blank(TopicForm, initial=(("context_id", context_id),)),
    )


def _fact(attribute: Attribute, value: Any, tenant: Tenant) -> ShownFact:
    is_fitting = value is not None and attributes.fits(attribute, value)
    return ShownFact(
        key=attribute.key,
        name=attribute.name,
        kind=attribute.kind,
        hint=attribute.hint,
        options=tuple(attribute.options),
        chosen=tuple(_texts(value)),
        shown=attributes.show(attribute, value, tenant),
        raw=attributes.editable(attribute, value, tenant),
        is_fitting=is_fitting,
        is_empty=value is None,
    )


def _texts(value: Any) -> Iterable[str]:
    return map(str, value) if isinstance(value, list) else ()
