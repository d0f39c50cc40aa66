"""Writing down a call or a visit, checked."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.actions.calls import Call
from conversations.channels.calls.incoming import recording_of
from conversations.order import BURST
from conversations.workspace.forms import Prose
from tenants.kit.text import one_line

LONGEST = 24 * 60  # minutes
# What one chooses: what it was, who called whom, and whether they spoke.
KINDS = {
    "in": ("call", "in", "ended"),
    "missed": ("call", "in", "missed"),
    "out": ("call", "out", "ended"),
    "unanswered": ("call", "out", "missed"),
    "visit": ("visit", "in", "ended"),
}


class CallForm(forms.Form):
    """A call or a visit; `asks_who` where it is not a known customer's."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What it was"),
        choices=[
            ("in", _("The customer called")),
            ("missed", _("The customer called, nobody answered")),
            ("out", _("We called the customer")),
            ("unanswered", _("We called, nobody answered")),
            ("visit", _("The customer came by")),
        ],
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=60, help_text=_("Whoever has this number; a new customer if nobody has.")
    )
    name = forms.CharField(label=_("Name of a new customer"), max_length=150, required=False)
    started_at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    minutes = forms.DecimalField(
        label=_("Length in minutes"),
        min_value=0,
        max_value=LONGEST,
        max_digits=8,
        decimal_places=2,
        required=False,
    )
    recording = forms.CharField(
        label=_("Link to the recording"),
        max_length=1_000,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    note = Prose(label=_("Note"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}))
    leave_open = forms.BooleanField(
        label=_("There is something left to do"), required=False, help_text=_("It stays in your queue.")
    )

    def __init__(self, data: Any, *, asks_who: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not asks_who:
            del self.fields["phone"], self.fields["name"]

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"], 150)

    def clean_started_at(self) -> datetime:
        moment: datetime = self.cleaned_data["started_at"]
        if moment.year < 2000 or moment > timezone.now() + BURST:
            raise forms.ValidationError(_("Choose a moment that is over."))
        return moment

    def clean_recording(self) -> str:
        given = self.cleaned_data["recording"]
        found = recording_of(given)
        if given and not found:
            raise forms.ValidationError(_("A recording is an http or https address."))
        return found

    def call(self) -> Call:
        """What was entered; the form's own id makes it one call, however often it is posted."""
        given = self.cleaned_data
        what, direction, state = KINDS[given["kind"]]
        minutes = given["minutes"]
        return Call(
            what=what,
            direction=direction,
            state=state,
            started_at=given["started_at"],
            seconds=int(minutes * 60) if minutes is not None else None,
            recording=given["recording"],
            note=given["note"],
            external_id=f"form:{given['client_id']}",
        )
