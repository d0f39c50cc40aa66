"""A log-in link made by the operator's shell (manage.py create_business)."""

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenants import doors
from tenants.kit import ratelimit
from tenants.models import DirectoryEntry, User

LOGIN = DirectoryEntry.Kind.LOGIN


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; pressing it logs in, once. A scanner that opens the address spends nothing.

    Whoever has a second factor is still asked for it: the link stands for the password alone.
    """
    if not ratelimit.allow("login-link", ratelimit.address_of(request), limit=30, seconds=60):
        return render(request, "429.html", status=429)
    if request.method != "POST":
        door = doors.by_secret(LOGIN, token)
        return render(
            request, "tenants/login_link.html", {"works": door is not None}, status=200 if door else 410
        )
    door = doors.spend(LOGIN, token)
    user = User.objects.filter(pk=door.target_id, is_active=True).first() if door else None
    if door is None or user is None:
        return render(request, "tenants/login_link.html", {"works": False}, status=410)
    slugs = [
        business.slug for business in doors.businesses_of(user.pk) if business.tenant_id == door.tenant_id
    ]
    target = reverse("tenants:home", args=slugs) if slugs else reverse("tenants_public:businesses")
    if request.user.is_authenticated and request.user.pk == user.pk:
        return redirect(target)
    return perform_login(request, user, redirect_url=target)
