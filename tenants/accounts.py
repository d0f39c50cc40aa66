"""How django-allauth behaves here."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation

from tenants import doors
from tenants.kit.text import one_line
from tenants.requests import PersonRequest


class AccountAdapter(DefaultAccountAdapter):
    """Keeps name and language asked for at sign-up, and leads a person to his business."""

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.name = one_line(form.cleaned_data.get("name", ""), 120)
        user.language = translation.get_language() or settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def get_login_redirect_url(self, request: PersonRequest) -> str:
        """Who has no business yet makes one."""
        if not doors.businesses_of(request.user.pk):
            return reverse("tenants_public:business-new")
        return super().get_login_redirect_url(request)

    def get_signup_redirect_url(self, request: PersonRequest) -> str:
        return self.get_login_redirect_url(request)

    def is_safe_url(self, url: str | None) -> bool:
        """Whether a page may lead there; half of an address of IPv6 leads nowhere."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """The pages outside any business speak the person's language too."""
        if not request.session.get_expire_at_browser_close():
            hold_two_weeks(request)
        response = super().post_login(request, user, **kwargs)
        if user.language:
            remember_language(response, user.language)
        return response


def hold_two_weeks(request: HttpRequest) -> None:
    """Let the log-in end at a moment, however much it is used until then."""
    request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def remember_language(response: HttpResponse, language: str) -> None:
    """Keep a language in the browser, where the pages outside any business look for it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        httponly=True,
    )
