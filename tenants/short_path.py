"""The way of a machine's request: webhooks, the web chat, the REST API, and the links of mails."""

from collections.abc import Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation

Handler = Callable[[HttpRequest], HttpResponse]
MACHINES = ("/hooks/", "/w/", "/media-out/", "/api/", "/l/", "/o/")
PAGES = ("/api/v1/docs/",)  # among them, for people
POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"


class ShortPathMiddleware:
    """Calls the view of a machine's address at once, past everything that pages need.

    Sessions, people, languages, forms and fragments are none of its business, and half of what accepting
    a message would cost: these views find the caller, the language and the business themselves. What is
    no address, and streams, take the long way.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if not path.startswith(MACHINES) or path.startswith(PAGES):
            return self.get_response(request)
        try:
            match = resolve(path)
        except Resolver404:
            return self.get_response(request)
        if iscoroutinefunction(match.func):
            return self.get_response(request)
        request.resolver_match = match
        translation.deactivate()  # a thread keeps the language of its last page
        response = match.func(request, *match.args, **match.kwargs)
        if hasattr(response, "render") and callable(response.render):
            response = response.render()
        return closed(response)


def closed(response: HttpResponse) -> HttpResponse:
    """An answer that a browser, were it led here, may do nothing with."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Frame-Options", "DENY")
    if not response.streaming and "Content-Length" not in headers:
        headers["Content-Length"] = str(len(response.content))
    return response
