"""What people type about facts and preferences."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm import preferences
from crm.actions.attributes import LONGEST_OPTION, MOST_OPTIONS
from crm.forms import AttributeForm as FreeForm
from crm.forms import PartForm
from crm.models import Attribute

# What each kind is for, in the words of someone who chooses among them.
EXPLAINED: dict[str, Any] = {
    Attribute.Kind.TEXT: _("A few words: nickname, name of the dog."),
    Attribute.Kind.NUMBER: _("To compare and to sort: height, members of the family."),
    Attribute.Kind.MONEY: _("An amount in the currency of the business: credit limit."),
    Attribute.Kind.DATE: _("A day: birthday, end of the guarantee."),
    Attribute.Kind.CHOICE: _("One word of a list that you make: size, kind of bike."),
    Attribute.Kind.CHOICES: _("Any number of words of a list that you make: interests, allergies."),
    Attribute.Kind.YES_NO: _("Has a contract, gets the newsletter on paper."),
    Attribute.Kind.LINK: _("An address on the web: profile, folder with photos."),
}


class AttributeForm(forms.Form):
    """A fact, new or known."""

    name = forms.CharField(label=_("Name"), max_length=60)
    key = forms.CharField(
        label=_("Name in files and in the API"),
        max_length=60,
        required=False,
        help_text=_("The same as the name unless you write another. It never changes."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Attribute.Kind.choices, initial=Attribute.Kind.TEXT)
    hint = forms.CharField(
        label=_("Hint"),
        max_length=150,
        required=False,
        help_text=_("Shown below the field where colleagues fill it in."),
    )

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["key"]


class Option:
    """One line of the editor of choices: what it was called, and what it is called now."""

    def __init__(self, was: str, now: str) -> None:
        self.was, self.now = was, now


BLANKS = 3  # empty lines at the end of the editor


def options_of(data: QueryDict) -> list[Option]:
    """The lines of the editor as they were sent; `op` moves one up or down, or takes one out."""
    was, now = data.getlist("was"), data.getlist("option")
    lines = [Option(old, new[:LONGEST_OPTION]) for old, new in zip(was, now, strict=False)][:MOST_OPTIONS]
    lines = [line for line in lines if line.was or line.now.strip()]
    act, _colon, number = data.get("op", "").partition(":")
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1
    if not 0 <= at < len(lines):
        return lines
    line = lines.pop(at)
    if act in {"up", "down"}:
        lines.insert(max(0, at - 1 if act == "up" else at + 1), line)
    return lines


class FactForm(FreeForm):
    """The same for a field that may send several values."""

    def clean_value(self) -> str | list[str]:
        """All of them where the field says that there may be many."""
        value: str = self.cleaned_data["value"]
        if "many" not in self.data or not isinstance(self.data, QueryDict):
            return value
        return [one for one in self.data.getlist("value")[:MOST_OPTIONS] if one]


class TopicForm(PartForm):
    """Something to remember of a customer."""

    part = "preference"

    topic = forms.CharField(
        label=_("What about"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "topics", "autocomplete": "off"}),
    )
    value = forms.CharField(label=_("Remember"), max_length=500)
    source = forms.ChoiceField(
        label=_("Who says so"),
        choices=[(preferences.Source.CUSTOMER, _("The customer")), (preferences.Source.AGENT, _("I do"))],
    )
    context_id = forms.UUIDField(required=False, widget=forms.HiddenInput)


class CorrectionForm(forms.Form):
    """What it is instead."""

    value = forms.CharField(label=_("Remember"), max_length=500)
