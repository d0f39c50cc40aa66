"""The words a business sorts by."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.models import Label
from tenants import audit
from tenants.actors import Actor
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
    return label


@transaction.atomic
def delete_label(*, label: Label, by: Actor) -> None:
    """Remove a label from everything that has it."""
    audit.record("label.deleted", target=label, by=by, name=label.name)
    label.delete()
