"""The chat's script at an address that never changes, for sites that are not ours."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import quote_etag
from django.views.decorators.http import condition, require_safe

SCRIPT = settings.BASE_DIR / "static" / "widget" / "widget.js"


def version(request: HttpRequest) -> str:
    """Changes when the script does."""
    state = SCRIPT.stat()
    return quote_etag(f"{state.st_mtime_ns:x}-{state.st_size:x}")


@require_safe
@condition(etag_func=version)
def widget_script(request: HttpRequest) -> HttpResponse:
    """The script, for five minutes; every site may load it, and no cookie comes with it."""
    return HttpResponse(
        SCRIPT.read_bytes(),
        content_type="text/javascript; charset=utf-8",
        headers={
            "Cache-Control": "public, max-age=300",
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )
