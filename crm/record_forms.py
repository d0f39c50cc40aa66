"""What people type about appointments, payments, relations and cases."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.forms import AssigneeForm, PartForm
from crm.models import Appointment, Case, Payment

MOMENT = "%Y-%m-%dT%H:%M"


def moment(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateTimeField:
    """A date with a time, as browsers let one choose it."""
    return forms.DateTimeField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"],
    )


class RecordForm(forms.Form):
    """One thing of a customer."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, value in list(cleaned.items()):
            if isinstance(value, datetime) and not 2000 <= value.year <= 2200:
                self.add_error(name, _("Choose a date nearer to today."))
        return cleaned


class AppointmentForm(RecordForm):
    """A time set aside for a customer."""

    service = forms.CharField(label=_("What for"), max_length=150)
    starts_at = moment(_("Begins"))
    ends_at = moment(_("Ends"), required=False)
    place = forms.CharField(label=_("Where"), max_length=150, required=False)
    staff = forms.CharField(label=_("With whom"), max_length=150, required=False)
    status = forms.ChoiceField(label=_("Status"), choices=Appointment.Status.choices)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class PaymentForm(RecordForm):
    """Money a customer owes or gave."""

    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=14, decimal_places=2)
    status = forms.ChoiceField(label=_("Status"), choices=Payment.Status.choices)
    due_at = moment(
        pgettext_lazy("payment", "Due by"), required=False, help_text=_("Until when it is to be paid.")
    )
    method = forms.CharField(
        label=_("Paid by"), max_length=60, required=False, help_text=_("Card, cash, Pix, OXXO…")
    )
    note = forms.CharField(label=_("What for"), max_length=200, required=False)
    order = forms.ChoiceField(label=_("Order"), required=False)

    def __init__(self, *args: Any, orders: Iterable[tuple[UUID, str]], **kwargs: Any) -> None:
        """`orders`: those of the customer to choose from."""
        super().__init__(*args, **kwargs)
        choice = self.fields["order"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", _("None")), *[(str(pk), number) for pk, number in orders]]


class RelationForm(PartForm):
    """Whom a customer has to do with."""

    part = "relation"

    other = forms.CharField(
        label=_("Who"), max_length=255, help_text=_("A phone number, an e-mail address or a whole name.")
    )
    word = forms.CharField(label=_("Is the customer's"), max_length=60, help_text=_("wife, assistant, boss"))
    back = forms.CharField(label=_("And the customer is the other's"), max_length=60, required=False)


class CaseChangeForm(AssigneeForm):
    """A case as it should be."""

    part = "case"

    kind = forms.ChoiceField(label=_("Kind"), choices=Case.Kind.choices)
    subject = forms.CharField(label=_("What it is about"), max_length=200)
    field_order = ["kind", "subject", "assignee"]
