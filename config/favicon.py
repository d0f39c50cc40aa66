"""The icon at the address that browsers try where no page names one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Leads to the icon among the static files."""
    return redirect(static("img/favicon.ico"))
