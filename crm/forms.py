"""What people type about customers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.models import Case, Identity, Label
from tenants.models import Membership
from tenants.zones import zone_choices

TYPED_KINDS = [
    (kind.value, kind.label)
    for kind in Identity.Kind
    if kind not in {Identity.Kind.WEB}  # a browser's own number, which nobody types
]


class DetailsForm(forms.Form):
    """Who somebody is."""

    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    company = forms.CharField(label=_("Company"), max_length=150, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("As the business")), *settings.LANGUAGES], required=False
    )
    timezone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = self.fields["timezone"]
        assert isinstance(zones, forms.ChoiceField)
        zones.choices = [("", _("As the business")), *zone_choices(country)]


class CustomerForm(DetailsForm):
    """A new customer."""

    phone = forms.CharField(
        label=_("Phone"), max_length=60, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.CharField(
        label=_("E-mail"), max_length=254, required=False, widget=forms.TextInput(attrs={"type": "email"})
    )
    field_order = ["name", "phone", "email", "company", "language", "timezone"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in ("name", "phone", "email")):
            raise forms.ValidationError(_("Enter a name, a phone number or an e-mail address."))
        return cleaned


class PartForm(forms.Form):
    """One of the several forms of a customer's page: the ids of its fields begin with its name."""

    part = "part"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{self.part}_%s", **kwargs})


class IdentityForm(PartForm):
    """One address more."""

    part = "identity"

    kind = forms.ChoiceField(label=_("Kind"), choices=TYPED_KINDS)
    value = forms.CharField(label=_("Address"), max_length=255)


class AttributeForm(PartForm):
    """Something to remember; without a value it is forgotten."""

    part = "fact"

    key = forms.CharField(label=_("What"), max_length=60)
    value = forms.CharField(label=_("Is"), max_length=1_000, required=False)


class NoteForm(PartForm):
    """A note."""

    part = "note"

    body = forms.CharField(
        label=_("Note"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": _("What colleagues should know")}),
    )


class CaseForm(PartForm):
    """A new case."""

    part = "case"

    kind = forms.ChoiceField(label=_("Kind"), choices=Case.Kind.choices)
    subject = forms.CharField(label=_("What it is about"), max_length=200)
    context_id = forms.UUIDField(required=False, widget=forms.HiddenInput)


class ResolutionForm(forms.Form):
    """How a case was settled."""

    resolution = forms.CharField(label=_("How it was settled"), max_length=500, required=False)


class LabelsForm(forms.Form):
    """Exactly these labels."""

    label: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(queryset=None, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["label"]
        assert isinstance(choice, forms.ModelMultipleChoiceField)
        choice.queryset = Label.objects.all()


class LabelForm(forms.Form):
    """A label."""

    name = forms.CharField(label=_("Name"), max_length=40)
    color = forms.ChoiceField(label=_("Colour"), choices=Label.Color.choices, initial=Label.Color.TEAL)


class AssigneeForm(PartForm):
    """Who is to do it."""

    part = "follow_up"

    assignee: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Who"), queryset=None, required=False, empty_label=_("Nobody in particular")
    )

    def __init__(self, *args: Any, members: Iterable[tuple[UUID, str]] | None = None, **kwargs: Any) -> None:
        """`members`: those to choose from, where they are known already."""
        super().__init__(*args, **kwargs)
        choice = self.fields["assignee"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Membership.objects.filter(is_active=True)
        if members is not None:
            choice.choices = [("", choice.empty_label), *members]


class FollowUpForm(AssigneeForm):
    """Something to do about a customer, and when."""

    title = forms.CharField(label=_("What to do"), max_length=200)
    due_at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    field_order = ["title", "due_at", "assignee"]

    def clean_due_at(self) -> datetime:
        moment: datetime = self.cleaned_data["due_at"]
        if not 2000 <= moment.year <= 2200:
            raise forms.ValidationError(_("Choose a date nearer to today."))
        return moment
