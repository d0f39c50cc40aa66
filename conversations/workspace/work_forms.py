"""Settings of promises and of who takes what."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from conversations.channels.registry import adapters
from conversations.models import Conversation, SlaPolicy, WorkProfile
from crm.models import Label
from tenants.kit.text import one_line
from tenants.models import Team


def channel_choices() -> list[tuple[str, str]]:
    """Every kind of channel by its name."""
    return sorted(((kind, str(one.title)) for kind, one in adapters().items()), key=lambda pair: pair[1])


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A promise of answers."""

    team: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(
        label=_("Team"), queryset=None, required=False, empty_label=_("Any")
    )
    label: "forms.ModelChoiceField[Label]" = forms.ModelChoiceField(
        label=_("Label"),
        queryset=None,
        required=False,
        empty_label=_("Any"),
        help_text=_("Of the conversation or of its customer, such as VIP."),
    )

    class Meta:
        model = SlaPolicy
        fields = [
            "name", "channel_kind", "priority",
            "first_minutes", "next_minutes", "resolution_minutes", "around_the_clock", "is_active",
        ]  # fmt: skip
        help_texts = {
            "first_minutes": _("Minutes until the first answer. Empty promises nothing."),
            "next_minutes": _("Minutes until each answer after the first."),
            "resolution_minutes": _("Minutes until the conversation is closed."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anything = [("", _("Any"))]
        fields: dict[str, Any] = self.fields
        fields["channel_kind"] = forms.ChoiceField(
            label=_("Channel"), required=False, choices=[*anything, *channel_choices()]
        )
        fields["priority"] = forms.TypedChoiceField(
            label=_("Priority"),
            required=False,
            choices=[*anything, *Conversation.Priority.choices],
            coerce=int,
            empty_value=None,
            help_text=_("This one or more urgent."),
        )
        for name, model in (("team", Team), ("label", Label)):
            fields[name].queryset = model.objects.all()
            fields[name].initial = getattr(self.instance, f"{name}_id")

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"], 80)

    def clean(self) -> dict[str, Any]:
        """Teams and labels are those of the business: the form takes them, not the model."""
        cleaned = super().clean() or {}
        self.instance.team, self.instance.label = cleaned.get("team"), cleaned.get("label")
        return cleaned


class WorkForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a member takes."""

    class Meta:
        model = WorkProfile
        fields = ["languages", "channel_kinds", "label_ids", "most_priority", "most_amount", "weight"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = [(str(label.pk), label.name) for label in Label.objects.order_by("name")]
        for name, title, choices in (
            ("languages", _("Languages"), settings.LANGUAGES),
            ("channel_kinds", _("Channels"), channel_choices()),
            ("label_ids", _("Topics"), labels),
        ):
            fields: Any = self.fields
            fields[name] = forms.MultipleChoiceField(
                label=title,
                required=False,
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("None is all of them.") if choices else _("There are none yet."),
            )
