"""How a member wants to hear of things, checked."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from conversations.models import Notification, NotificationChoice
from tenants.models import Tenant
from tenants.zones import zone_choices


class NotificationForm(forms.Form):
    """One choice for each kind, and when digests leave."""

    rhythm = forms.ChoiceField(label=gettext_lazy("Digests leave"), choices=NotificationChoice.Rhythm.choices)
    hour = forms.TypedChoiceField(
        label=gettext_lazy("At"),
        help_text=gettext_lazy("For the daily digest."),
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
    )
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"), required=False)

    def __init__(self, *args: Any, choice: NotificationChoice, tenant: Tenant, **kwargs: Any) -> None:
        known = {"rhythm": choice.rhythm, "hour": choice.hour, "zone": choice.timezone}
        super().__init__(*args, **{"initial": known, **kwargs})
        zone: Any = self.fields["zone"]
        zone.choices = [("", gettext_lazy("As the business")), *zone_choices(tenant.country)]
        for kind, label in Notification.Kind.choices:
            self.fields[kind] = forms.ChoiceField(
                label=label, choices=NotificationChoice.Way.choices, initial=choice.way(kind)
            )

    def rows(self) -> Iterator[forms.BoundField]:
        """A field for each kind."""
        return (self[kind] for kind in Notification.Kind.values)

    def changes(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        ways = {kind: data[kind] for kind in Notification.Kind.values}
        return {"ways": ways, "rhythm": data["rhythm"], "hour": data["hour"], "zone": data["zone"]}
