"""What conditions name: labels, facts, their options, the currency."""

from crm.models import Attribute, Label
from crm.segments.conditions.facts import Kind
from tenants.models import Tenant


def labels(part: str) -> dict[str, str]:
    """Labels by name."""
    return {str(pk): name for pk, name in Label.objects.order_by("name").values_list("pk", "name")}


def facts(kind: str) -> dict[str, str]:
    """The facts of a kind that the business defined, archived ones too: what they hold is kept."""
    kinds = [Kind.TEXT, Kind.LINK] if kind == Kind.TEXT else [kind]
    return dict(Attribute.objects.filter(kind__in=kinds).values_list("key", "name"))


def options(key: str) -> dict[str, str]:
    """What can be chosen in a fact."""
    found = Attribute.objects.filter(key=key).values_list("options", flat=True).first()
    return {str(one): str(one) for one in found} if isinstance(found, list) else {}


def currency(part: str) -> dict[str, str]:
    """The business's own."""
    return {Tenant.objects.get().currency: ""}


NAMES = {"label": labels, "attribute": facts, "option": options, "currency": currency}
