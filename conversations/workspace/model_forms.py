"""The form of the model a business plugs in, and what its outcomes and faults are called."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.actions.model_endpoint import FIELDS, LONGEST_KEY
from conversations.models import ModelCall, ModelEndpoint, Use
from tenants.forms import CURRENCIES

Outcome = ModelCall.Outcome
REMEDIES: dict[str, str | Promise] = {
    Outcome.KEY: _("Copy the key again from the provider's page, and look whether it may use this model."),
    Outcome.UNKNOWN: _(
        "Compare address and model with the provider's documentation; most addresses end in /v1."
    ),
    Outcome.QUOTA: _("Look at the balance and the limits on the provider's page."),
    Outcome.THROTTLED: _("Allow fewer calls a minute, or ask the provider for more."),
    Outcome.SLOW: _("Allow more seconds, or choose a quicker model."),
    Outcome.BROKEN: _("It is the provider's fault. Try again in some minutes."),
    Outcome.NONSENSE: _("Is it an address of OpenAI's protocol? Most end in /v1."),
    Outcome.UNREACHED: _("Look for a slip in the address."),
    Outcome.REFUSED: _("Only addresses on the public internet are called."),
    Outcome.REJECTED: _("The provider's own words say why."),
    Outcome.LIMIT: _("Wait a minute and test again."),
    Outcome.DECLINED: _("It answers, but did not want to say this. Choose another model."),
}
FAULTS: dict[str, str | Promise] = {
    "number": _("a number"),
    "price": _("a price"),
    "percent": _("a percentage"),
    "date": _("a date"),
    "hour": _("an hour"),
    "url": _("a link"),
    "email": _("an e-mail address"),
    "phone": _("a telephone number"),
    "promise": _("a promise"),
}
SHAPE: dict[str, str | Promise] = {
    "language": _("It is in another language than the customer's."),
    "long": _("It is very long."),
    "cut": _("It breaks off: allow more tokens in the settings."),
    "markup": _("It holds signs of a markup that the customer would see."),
    "unseen": _("It holds signs that cannot be seen or look like others."),
}


class EndpointForm(forms.ModelForm):  # type: ignore[type-arg]
    """Address, model, key, limits, budget. An empty key keeps the one there is."""

    key = forms.CharField(
        label=_("Key"),
        required=False,
        strip=True,
        max_length=LONGEST_KEY,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    uses = forms.MultipleChoiceField(
        label=_("What it may be used for"),
        required=False,
        choices=Use.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    currency = forms.ChoiceField(label=_("Currency"))

    class Meta:
        model = ModelEndpoint
        fields = list(FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        known = {*CURRENCIES, "USD", "EUR", self.instance.currency}
        fields["currency"].choices = [(code, code) for code in sorted(known)]
        fields["key"].help_text = (
            _("A key is kept, encrypted. Empty keeps it; nobody can read it again.")
            if self.instance.has_key
            else _("It is kept encrypted, and nobody can read it again. Empty for a server without keys.")
        )
        fields["base_url"].widget.attrs |= {"placeholder": "https://api.example.com/v1", "inputmode": "url"}
        for name in ("base_url", "model"):
            fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def _post_clean(self) -> None:
        """The action checks the rest; the row itself stays as it is until then."""

    def clean_key(self) -> str | None:
        """None keeps the key."""
        return self.cleaned_data["key"] or None
