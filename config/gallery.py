"""The gallery: every component of the design system on one page."""

from datetime import timedelta
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from crm.imports.at_once import Imported, Outcome
from tenants.templatetags.ui import icon_names

THEMES = ["light", "dark"]
TONES = ["grey", "accent", "success", "warning", "danger", "info", "violet", "pink", "orange"]
SWATCHES = [
    "canvas",
    "surface",
    "sunken",
    "selected",
    "accent",
    "accent-soft",
    "success",
    "warning",
    "danger",
    "info",
    "violet",
    "note",
]
NAMES = [
    "Lucía Herrera",
    "Raúl Medina",
    "Ana Sofía Lima",
    "Mateo Ibarra",
    "Inés Quiroga",
    "Zoé",
    "João Pedro Alves",
]
CODES = [
    "open",
    "waiting",
    "snoozed",
    "closed",
    "delivered",
    "failed",
    "unknown",
    "parked",
    "paid",
    "shipped",
]


class SampleForm(forms.Form):
    """One field of every kind, with an error on one of them."""

    name = forms.CharField(label="Name of the business", initial="Bicis del Valle")
    email = forms.EmailField(label="E-mail", help_text="We write to this address when something needs you.")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    country = forms.ChoiceField(label="Country", choices=[("MX", "Mexico"), ("BR", "Brazil")])
    about = forms.CharField(label="What you sell", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    share = forms.ChoiceField(
        label="Who sees a conversation",
        choices=[("all", "Everyone"), ("team", "Its team")],
        widget=forms.RadioSelect,
    )
    terms = forms.BooleanField(label="Remember me", help_text="For 14 days on this browser.")


def sample_form(prefix: str) -> SampleForm:
    """The form as it comes back after a wrong address."""
    data = {
        "name": "Bicis del Valle",
        "email": "hola@",
        "password": "x",
        "country": "MX",
        "share": "all",
        "terms": "on",
    }
    return SampleForm({f"{prefix}-{key}": value for key, value in data.items()}, prefix=prefix)


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component; for developers and staff, for others there is no such page."""
    if not settings.DEBUG and not getattr(request.user, "is_staff", False):
        raise Http404
    now = timezone.now()
    moments = SimpleNamespace(
        now=now,
        minutes=now - timedelta(minutes=5),
        hours=now - timedelta(hours=3),
        days=now - timedelta(days=2),
        months=now - timedelta(days=70),
    )
    context = {
        "themes": THEMES,
        "tones": TONES,
        "swatches": SWATCHES,
        "names": NAMES,
        "codes": CODES,
        "moments": moments,
        "snippet": '<script src="https://puente.example/widget.js" async></script>',
        "forms": [(theme, sample_form(theme)) for theme in THEMES],
        "imported": Imported(
            [Outcome(1, "created", "Helmet"), Outcome(2, "refused", "Tube", "price", "No amount.")]
        ),
        "icons": sorted(icon_names()),
    }
    return render(request, "gallery.html", context)
