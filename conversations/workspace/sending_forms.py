"""The form of what holds for everything a business sends unasked."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conversations.actions.sending_policy import FIELDS
from conversations.models import SendingPolicy

LEAST_OPEN = timedelta(hours=1)
HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z")


class SendingPolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """Quiet hours, days, how often, what stops a campaign."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days on which offers go out"),
        choices=[(number, capfirst(name)) for number, name in WEEKDAYS.items()],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day, or no offer can ever go out.")},
        help_text=_("Confirmations and answers go out on every day."),
    )

    class Meta:
        model = SendingPolicy
        fields = list(FIELDS)
        widgets = {
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            for name in ("quiet_from", "quiet_until")
        }
        help_texts = {
            "quiet_from": _("By the clock where the customer lives. Nothing goes out by itself from then."),
            "quiet_until": _("What waited overnight goes out then. The same time in both: no quiet hours."),
            "keeps_holidays": _("Those where the customer lives; offers wait for the next day."),
            "cap_count": _("All campaigns and channels together. Whoever has had as many is left out."),
            "cap_days": _("Counted back from the moment of sending."),
            "pause_days": _(
                "Whoever answers gets nothing automatic in this time: a person talks to him. 0 pauses nobody."
            ),
            "rating_days": _(
                "Whoever was unhappy should not be sold anything yet. Ends early when somebody closes the "
                "follow-up of his rating. 0 minds no ratings."
            ),
            "rating_most": _("Of five."),
            "needs_approval": _("A campaign starts only when somebody else has looked at it and agreed."),
            "tracks": _("Off: no links are rewritten, no pixel is added, and nothing is written down."),
            "tracking_host": _(
                "Such as links.yourshop.com, so that mails point to you. Empty: Puente's own address."
            ),
            "canary_percent": _("So many get it first, the rest when nothing goes wrong. 0: all at once."),
            "most_opt_outs": _("More of those reached so far, and the campaign stops and you are told."),
            "most_complaints": _("Mail providers block senders from about 0.3 % on."),
            "most_bounces": _("Many wrong addresses are a sign of an old list."),
            "most_wishes": _("More, and the text probably raises questions that it does not answer."),
            "busy_from": _("Campaigns slow down while your team has its hands full."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tracking_host"].widget.attrs |= {
            "placeholder": "links.example.com",
            "inputmode": "url",
            "autocomplete": "off",
            "spellcheck": "false",
        }

    def clean_weekdays(self) -> list[int]:
        return sorted(set(self.cleaned_data["weekdays"]))

    def clean_tracking_host(self) -> str:
        """A bare name; what people copy with https:// and a slash is taken."""
        host = self.cleaned_data["tracking_host"].strip().lower()
        host = re.sub(r"\Ahttps?://|/*\Z|\.\Z", "", host)
        if host and not HOST.match(host):
            raise forms.ValidationError(_("Write a domain such as links.yourshop.com."))
        return host

    def clean(self) -> dict[str, Any]:
        """Something must be left of the day."""
        cleaned = super().clean() or {}
        quiet_from, quiet_until = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if quiet_from and quiet_until and _open_time(quiet_from, quiet_until) < LEAST_OPEN:
            self.add_error("quiet_until", _("Leave at least an hour in which something may go out."))
        return cleaned


def _open_time(quiet_from: time, quiet_until: time) -> timedelta:
    """How much of a day is not quiet."""
    day = date(2000, 1, 1)
    quiet = (datetime.combine(day, quiet_until) - datetime.combine(day, quiet_from)) % timedelta(days=1)
    return timedelta(days=1) - quiet
