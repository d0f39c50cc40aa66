"""What search engines may read: the public pages, and nothing of a business's own."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

HIDDEN = ("/b/", "/api/", "/r/", "/n/", "/p/", "/a/", "/w/", "/dev/", "/sessions/", "/2fa/")
TEXT = "".join(
    f"{line}\n" for line in ("User-agent: *", *(f"Disallow: {path}" for path in HIDDEN), "Allow: /h/")
)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The same for all of them (RFC 9309)."""
    return HttpResponse(TEXT, content_type="text/plain; charset=utf-8")
