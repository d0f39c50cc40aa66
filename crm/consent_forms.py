"""What people type about consent, suppressed addresses and exclusion lists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.actions import suppressions
from crm.models import Consent, ConsentPolicy, Covers, ExclusionList, Identity, Medium, Purpose
from tenants.kit.text import clean

WORDS = [
    (Consent.State.GIVEN.value, _("The customer agreed")),
    (Consent.State.WITHDRAWN.value, _("The customer does not want it")),
]


class WordForm(forms.Form):
    """What a customer told a colleague, and where the proof lies."""

    medium = forms.ChoiceField(label=_("By"), choices=Medium.choices)
    purpose = forms.ChoiceField(label=_("For"), choices=Purpose.choices)
    state = forms.ChoiceField(label=_("What he said"), choices=WORDS)
    note = forms.CharField(
        label=_("How do you know?"),
        max_length=500,
        help_text=_("On the phone on Tuesday, on the signed card: whoever asks later reads it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "consent_%s", **kwargs})

    def clean_note(self) -> str:
        return clean(self.cleaned_data["note"])


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the business wants of consent."""

    confirmed_media = forms.MultipleChoiceField(
        label=_("Ask twice"),
        choices=Medium.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who agrees gets a message with a link, and counts once he pressed its button."),
    )

    class Meta:
        model = ConsentPolicy
        fields = ["confirmed_media", "months", "surveys_need_consent", "promotion_text", "survey_text"]
        help_texts = {
            "months": _("Empty: consent lasts until it is withdrawn."),
            "surveys_need_consent": _("Otherwise everybody is asked who did not object."),
            "promotion_text": _("Empty: our words, in the customer's language."),
            "survey_text": _("Empty: our words, in the customer's language."),
        }

    def clean_promotion_text(self) -> str:
        return clean(self.cleaned_data["promotion_text"])

    def clean_survey_text(self) -> str:
        return clean(self.cleaned_data["survey_text"])


class SuppressionForm(forms.Form):
    """An address to which nothing is sent."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, kind.label) for kind in suppressions.KINDS]
    )
    value = forms.CharField(label=_("Address"), max_length=255)
    covers = forms.ChoiceField(label=_("Is not sent"), choices=Covers.choices, initial=Covers.UNASKED)
    note = forms.CharField(label=_("Why"), max_length=300)


class SearchForm(forms.Form):
    """An address to look for, whole, in any spelling."""

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in suppressions.KINDS], initial=Identity.Kind.EMAIL
    )
    q = forms.CharField(max_length=255)


class WhyForm(forms.Form):
    """Why an address may be written to again."""

    why = forms.CharField(max_length=300)


class ListForm(forms.Form):
    """A new exclusion list with its first file."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Such as REPEP, November."))
    kind = forms.ChoiceField(label=_("What is in it"), choices=ExclusionList.Kind.choices)
    covers = forms.ChoiceField(label=_("Is not sent"), choices=Covers.choices, initial=Covers.PROMOTION)
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or TXT, one address a line or in any column; up to 100 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )


class VersionForm(forms.Form):
    """A newer file of a list."""

    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"})
    )
