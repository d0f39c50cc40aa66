"""The words a business sorts by."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.models import Customer, CustomerLabel, Label
from crm.signals import label_deleting, label_restored
from tenants import audit
from tenants.actors import Actor
from tenants.kit import events
from tenants.kit.text import one_line
from tenants.refusals import Conflicting, Refused


class LabelExists(Conflicting):
    """Another label has this name."""


class InvalidLabel(Refused):
    """A label without a name, or in a colour there is not."""


def create_label(*, name: str, color: str = Label.Color.GREY, by: Actor) -> Label:
    """A new label. Raises `LabelExists`, `InvalidLabel`."""
    return _keep(Label(name=one_line(name, 40), color=color))


def update_label(*, label: Label, by: Actor, name: str | None = None, color: str | None = None) -> Label:
    """Another name or colour, everywhere it is used. Raises `LabelExists`, `InvalidLabel`."""
    if name is not None:
        label.name = one_line(name, 40)
    if color is not None:
        label.color = color
    return _keep(label)


def _keep(label: Label) -> Label:
    if not label.name:
        raise InvalidLabel(_("Enter a name."), "name")
    if label.color not in Label.Color:
        raise InvalidLabel(_("There is no such colour."), "color")
    try:
        with transaction.atomic():
            label.save()
    except IntegrityError:
        raise LabelExists(_("There is a label with this name already."), "name") from None
    tell_labels()
    return label


@transaction.atomic
def delete_label(*, label: Label, by: Actor) -> dict[str, Any]:
    """Remove a label from everything that has it. Returns what `restore_label` needs."""
    kept: dict[str, Any] = {"id": label.id, "name": label.name, "color": label.color}
    kept["customers"] = list(label.customer_links.values_list("customer_id", flat=True))
    answers: list[tuple[Any, Any]] = label_deleting.send(Label, label=label)
    kept["above"] = dict(answer for _receiver, answer in answers)
    audit.record("label.deleted", target=label, by=by, name=label.name)
    label.delete()
    tell_labels()
    return kept


@transaction.atomic
def restore_label(*, kept: dict[str, Any], by: Actor) -> Label:
    """Bring back a label, on everything that had it and is still there. Raises `LabelExists`."""
    label = _keep(Label(id=kept["id"], name=kept["name"], color=kept["color"]))
    still = Customer.objects.filter(pk__in=kept["customers"]).values_list("pk", flat=True)
    CustomerLabel.objects.bulk_create(
        [CustomerLabel(customer_id=customer, label=label) for customer in still], ignore_conflicts=True
    )
    label_restored.send(Label, label=label, kept=kept["above"])
    audit.record("label.restored", target=label, by=by, name=label.name)
    return label


def tell_labels() -> None:
    """Let open pages that list the labels read them again."""
    events.publish("labels", {})
