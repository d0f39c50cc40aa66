"""What every answer tells the browser beside the policy of its contents."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

# The chat runs in the pages of other sites: its script, its styles and the files in a conversation.
SHARED = ("/widget.js", "/w/", "/static/")
UNUSED = "accelerometer camera display-capture geolocation gyroscope magnetometer microphone midi payment usb"
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in UNUSED.split())


class SafetyHeadersMiddleware:
    """Nothing is kept by the browser unless it says so, and nothing is embedded elsewhere but the chat."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.NOT_MODIFIED:  # which speaks of what is kept already
            response.setdefault("Cache-Control", "no-store")
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if not request.path.startswith(SHARED):
            response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
