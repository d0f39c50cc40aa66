"""The forms of free times: what holds for all, and who takes appointments."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conversations.actions.free_slots import POLICY
from conversations.models import Agenda, SlotPolicy
from tenants.kit.text import one_line

LONGEST = 1_000  # characters of an address


class SlotPolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """The switch, and between when and when."""

    class Meta:
        model = SlotPolicy
        fields = list(POLICY)


class AgendaForm(forms.ModelForm):  # type: ignore[type-arg]
    """Somebody or something that takes appointments."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=[(number, capfirst(name)) for number, name in WEEKDAYS.items()],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
    )
    calendar_url = forms.CharField(
        label=_("Address of a calendar (iCal)"),
        required=False,
        max_length=LONGEST,
        help_text=_(
            "What is in it is not offered. It is read every 15 minutes; only the times are kept. In Google "
            "Calendar it is the secret address in iCal format."
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )

    class Meta:
        model = Agenda
        fields = ["name", "capacity", "weekdays", "opens", "closes"]
        widgets = {
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in ("opens", "closes")
        }
        help_texts = {
            "name": _(
                "As it stands in appointments under “with whom”. Empty: appointments that name nobody else."
            ),
            "opens": _("Empty: as the business opens."),
            "closes": _("Empty: as the business closes."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["calendar_url"] = self.instance.calendar_url
        self.auto_id = f"id_{self.instance.pk if self.instance.created_at else 'new'}_%s"

    def clean_name(self) -> str:
        """In one line, as appointments have it."""
        return one_line(self.cleaned_data["name"], 150)

    def clean_weekdays(self) -> list[int]:
        """Each once, in order."""
        return sorted(set(self.cleaned_data["weekdays"]))

    def clean_calendar_url(self) -> str:
        """An address that can be fetched; what phones write as webcal:// is taken."""
        url: str = self.cleaned_data["calendar_url"].strip()
        if url.startswith("webcal://"):
            url = f"https://{url.removeprefix('webcal://')}"
        if url and (
            not url.startswith(("https://", "http://")) or not url.isascii() or not url.isprintable()
        ):
            raise forms.ValidationError(_("Give the whole address, as https://…"))
        return url

    def clean(self) -> dict[str, Any]:
        """Who comes after he has gone is never there."""
        cleaned: dict[str, Any] = super().clean() or {}
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens and closes and closes <= opens:
            self.add_error("closes", _("It has to be later than the beginning."))
        return cleaned

    def validate_unique(self) -> None:
        """The action does, for page and API alike."""
