"""What comes in from the pages of products."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.actions.products import NAMES, Content


class ProductForm(forms.Form):
    """A product; `checked` of its actions says what may be kept."""

    name = forms.CharField(
        label=_("Name"), max_length=150, help_text=_("As customers call it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    aliases = forms.CharField(
        label=_("Other names"),
        required=False,
        help_text=_("What customers call it, too: one a line."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sku = forms.CharField(label=_("Code"), max_length=60, required=False)
    price = forms.CharField(
        label=_("Price"), max_length=40, required=False, help_text=_("Leave it empty to tell none."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)
    stock = forms.CharField(
        label=_("In stock"), max_length=12, required=False,
        help_text=_("Leave it empty if you do not count it."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    url = forms.CharField(
        label=_("Its page"), max_length=500, required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("It is sold"), required=False, initial=True)

    def clean_aliases(self) -> list[str]:
        """One a line."""
        return [line.strip() for line in str(self.cleaned_data["aliases"]).splitlines() if line.strip()]


def initial_of(content: Content) -> dict[str, Any]:
    """What the form shows at first."""
    shown = {name: getattr(content, name) for name in NAMES}
    return {**shown, "aliases": "\n".join(content.aliases)}
