"""The API's documentation page: Swagger UI, served from here under the same strict policy."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The schema as a page one can try calls on."""
    return render(request, "api/docs.html")
