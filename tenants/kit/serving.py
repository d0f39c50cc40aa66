"""Files to browsers: by what their content says, in pieces, and in parts when asked (RFC 9110 §14)."""

import re
from collections.abc import Iterator
from typing import IO, Any, cast

from django.core.files.base import File
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.csp import CSP
from django.utils.http import content_disposition_header

from tenants.kit.filetypes import HEAD, SHOWN, UNKNOWN, kind_of

PIECE = 64 * 1024  # bytes
RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})", re.ASCII)
# Of a file opened by itself: pictures, sounds and films show nothing but themselves.
FILE_CSP: dict[str, Any] = {
    "default-src": [CSP.NONE],
    "img-src": [CSP.SELF],
    "media-src": [CSP.SELF],
    "sandbox": True,
    "frame-ancestors": [CSP.NONE],
}


def serve(
    request: HttpRequest, file: "File[bytes]", *, name: str, etag: str, download: bool = False
) -> HttpResponseBase:
    """A stored file: shown when its content is of a kind that browsers open safely, else saved.

    `etag` names this content: files never change. Raises `FileNotFoundError` for one that is gone.
    """
    size, content = file.size, cast("IO[bytes]", file.open("rb"))
    kind = kind_of(content.read(HEAD))
    shown = kind in SHOWN and not download
    tag = f'"{etag}"'
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": content_disposition_header(not shown, name) or "",
    }
    if request.headers.get("If-None-Match") == tag:
        content.close()
        return HttpResponse(status=304, headers=headers)
    part = _part(request, size, tag)
    if part is None:
        content.close()
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    start, end, is_part = part
    headers["Content-Length"] = str(end - start)
    if is_part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    pieces = _pieces(content, start, end - start)
    if request.method == "HEAD":
        content.close()
        pieces = iter(())
    response = StreamingHttpResponse(
        pieces, status=206 if is_part else 200, headers=headers, content_type=kind if shown else UNKNOWN
    )
    response._resource_closers.append(content.close)  # type: ignore[attr-defined]
    return response


def _part(request: HttpRequest, size: int, tag: str) -> tuple[int, int, bool] | None:
    """From where to where, and whether that is a part: the whole for no range, for several, or for one of
    another content; None for one outside.
    """
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or request.headers.get("If-Range", tag) != tag or asked[0] == "bytes=-":
        return 0, size, False
    first, last = asked.groups()
    if first:
        start, end = int(first), min(int(last) + 1, size) if last else size
    else:
        start, end = max(size - int(last), 0), size
    return (start, end, True) if start < end else None


def _pieces(content: IO[bytes], start: int, left: int) -> Iterator[bytes]:
    with content:
        content.seek(start)
        while left and (piece := content.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
