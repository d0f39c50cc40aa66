"""Pages outside any business: the front door, a person's businesses, the person himself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tenants import doors
from tenants.accounts import remember_language
from tenants.actions.businesses import create_business
from tenants.forms import BusinessForm, PersonForm, language_choices
from tenants.kit import ratelimit
from tenants.localities import LOCALITIES
from tenants.requests import PersonRequest
from tenants.urls_tools import back_to

BUSINESSES_A_DAY = 20
COUNTRY_OF_LANGUAGE = {"pt": "BR", "es": "MX", "en": "US"}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Puente is."""
    return render(request, "home.html")


@login_required
@require_safe
def businesses(request: PersonRequest) -> HttpResponse:
    """A person's businesses; with a single one there is nothing to choose."""
    found = doors.businesses_of(request.user.pk)
    if len(found) == 1:
        return redirect("tenants:home", found[0].slug)
    return render(request, "tenants/businesses.html", {"businesses": found})


@login_required
def business_new(request: PersonRequest) -> HttpResponse:
    """Open a business."""
    form = BusinessForm(request.POST or None, initial={"country": guessed_country(request)})
    if request.method == "POST" and form.is_valid():
        if not ratelimit.allow("business", str(request.user.pk), limit=BUSINESSES_A_DAY, seconds=86_400):
            return render(request, "429.html", status=429)
        membership = create_business(
            name=form.cleaned_data["name"], country=form.cleaned_data["country"], owner=request.user
        )
        return redirect("tenants:start", membership.tenant.slug)
    has_business = bool(doors.businesses_of(request.user.pk))
    context = {"form": form, "has_business": has_business}
    return render(request, "tenants/business_new.html", context, status=422 if form.is_bound else 200)


def guessed_country(request: HttpRequest) -> str:
    """The country a browser's languages speak of: a region first, else where most speakers live."""
    wanted = [part.split(";")[0].strip() for part in request.headers.get("Accept-Language", "").split(",")]
    for tag in wanted:
        region = tag.rpartition("-")[2].upper()
        if region in LOCALITIES and "-" in tag:
            return region
    for tag in wanted:
        country = COUNTRY_OF_LANGUAGE.get(tag.partition("-")[0].lower())
        if country:
            return country
    return "MX"


@login_required
def profile(request: PersonRequest) -> HttpResponse:
    """A person's name and language."""
    form = PersonForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        response = redirect("tenants_public:profile")
        if request.user.language:
            remember_language(response, request.user.language)
        with translation.override(request.user.language or translation.get_language()):
            messages.success(request, _("Saved."))
        return response
    return render(request, "tenants/profile.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on, and come back to the page."""
    wanted = request.POST.get("language", "")
    response = back_to(request, "/")
    if wanted in dict(language_choices()):
        remember_language(response, wanted)
        if request.user.is_authenticated:
            request.user.language = wanted
            request.user.save(update_fields=["language"])
    return response
