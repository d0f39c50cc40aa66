"""What people type about privacy: colleagues, and whoever asks for his data."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.actions.privacy import LONGEST_ANSWER, LONGEST_NOTICE, LONGEST_TEXT
from crm.actions.privacy_retention import FEWEST_DAYS, MOST_DAYS
from crm.models import Erasure, PrivacyRequest


class NoticeForm(forms.Form):
    """The words of a notice, one text a language."""

    def __init__(self, *args: Any, own: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = sorted(settings.LANGUAGES, key=lambda pair: pair[0] != own)
        for code, name in languages:
            self.fields[code] = forms.CharField(
                label=name,
                max_length=LONGEST_NOTICE,
                required=code == own,
                widget=forms.Textarea(attrs={"rows": 14 if code == own else 6}),
            )


class AskForm(forms.Form):
    """Somebody asks by a right the law gives him."""

    right = forms.ChoiceField(label=_("What do you ask?"), choices=PrivacyRequest.Right.choices)
    name = forms.CharField(label=_("Your name"), max_length=150)
    contact = forms.CharField(
        label=_("E-mail or phone"), max_length=255, help_text=_("Where the answer should go.")
    )
    text = forms.CharField(
        label=_("In your own words"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=_("Which data, and what should happen with it. Please send no copies of documents here."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class RequestForm(forms.Form):
    """A request that a colleague writes down."""

    right = forms.ChoiceField(label=_("What is asked"), choices=PrivacyRequest.Right.choices)
    name = forms.CharField(label=_("Name"), max_length=150)
    contact = forms.CharField(label=_("E-mail or phone"), max_length=255)
    received_at = forms.DateTimeField(
        label=_("Received"),
        required=False,
        help_text=_("Empty is now. The law counts from here."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    text = forms.CharField(
        label=_("In their own words"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    customer: forms.ModelChoiceField = forms.ModelChoiceField(
        None, required=False, widget=forms.HiddenInput()
    )

    def __init__(self, *args: Any, customers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["customer"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = customers


class IdentityForm(forms.Form):
    """How it was seen that somebody is who he says, and whose data it is about."""

    customer: forms.ModelChoiceField = forms.ModelChoiceField(
        None, label=_("Customer"), required=False, empty_label=_("None of these")
    )
    note = forms.CharField(
        label=_("How was it checked?"),
        max_length=500,
        help_text=_("Such as: wrote from the address we know; showed an identity card in the shop."),
    )

    def __init__(self, *args: Any, customers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["customer"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = customers


class AnswerForm(forms.Form):
    """What was answered."""

    answer = forms.CharField(
        label=_("What you answered"), max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 5})
    )
    file = forms.FileField(label=_("File"), required=False)


class RefusalForm(forms.Form):
    """Why it is refused, and what was written about it."""

    ground = forms.ChoiceField(label=_("Legal reason"), choices=PrivacyRequest.Ground.choices)
    answer = forms.CharField(
        label=_("What you answered"), max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 4})
    )


class ResponsibleForm(forms.Form):
    """Who answers for a request."""

    responsible: forms.ModelChoiceField = forms.ModelChoiceField(
        None, label=_("Who answers for it"), required=False, empty_label=_("Nobody yet")
    )

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["responsible"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = members


class ErasureForm(forms.Form):
    """That a customer is to be forgotten."""

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[
            (Erasure.Reason.ASKED.value, Erasure.Reason.ASKED.label),
            (Erasure.Reason.OTHER.value, Erasure.Reason.OTHER.label),
        ],
    )
    days = forms.IntegerField(
        label=_("Days in which it can be taken back"), min_value=0, max_value=60, initial=7
    )
    sure = forms.BooleanField(label=_("I have read what goes. After those days nobody can bring it back."))


class RetentionForm(forms.Form):
    """How long something is kept."""

    is_on = forms.BooleanField(label=_("On"), required=False)
    days = forms.IntegerField(label=_("Days"), min_value=FEWEST_DAYS, max_value=MOST_DAYS)
