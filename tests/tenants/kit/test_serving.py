"""Files to browsers: whole, in parts, as headers alone; and never more than their content allows."""

import pytest
from django.core.files.base import ContentFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from tenants.kit.serving import serve

pytestmark = pytest.mark.django_db  # closing an answer looks after connections
SOUND = b"OggS\0\x02" + bytes(20) + b"\x01\x13OpusHead" + bytes(range(200))


def served(content: bytes = SOUND, *, method: str = "GET", **headers: str) -> tuple[HttpResponseBase, bytes]:
    request: HttpRequest = RequestFactory().generic(method, "/", headers=headers)  # type: ignore[arg-type]
    response = serve(request, ContentFile(content), name="nota.ogg", etag="abc")
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    response.close()
    return response, body


def test_whole() -> None:
    response, body = served()
    assert (response.status_code, body) == (200, SOUND)
    assert (response["Content-Length"], response["Accept-Ranges"]) == (str(len(SOUND)), "bytes")
    assert (response["Content-Type"], response["ETag"]) == ("audio/ogg", '"abc"')
    assert response["Content-Disposition"] == 'inline; filename="nota.ogg"'


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-", 0, 236),
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=200-9999", 200, 236),
        ("bytes=-5", 231, 236),
        ("bytes=-9999", 0, 236),
    ],
)
def test_part(asked: str, start: int, end: int) -> None:
    response, body = served(Range=asked)
    assert (response.status_code, body) == (206, SOUND[start:end])
    assert response["Content-Range"] == f"bytes {start}-{end - 1}/{len(SOUND)}"
    assert response["Content-Length"] == str(end - start)


@pytest.mark.parametrize("asked", ["bytes=236-", "bytes=20-10", "bytes=-0", "bytes=9999999999999999999-"])
def test_part_outside(asked: str) -> None:
    response, body = served(Range=asked)
    assert (response.status_code, body, response["Content-Range"]) == (416, b"", "bytes */236")


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=-", "lines=1-2", "bytes=a-b", "x" * 500])
def test_what_is_no_single_range_gives_the_whole(asked: str) -> None:
    assert served(Range=asked)[0].status_code == 200


def test_part_of_another_content_gives_the_whole() -> None:
    assert served(Range="bytes=0-1", **{"If-Range": '"other"'})[1] == SOUND
    assert served(Range="bytes=0-1", **{"If-Range": '"abc"'})[1] == SOUND[:2]


def test_headers_alone() -> None:
    response, body = served(method="HEAD")
    assert (response.status_code, response["Content-Length"], body) == (200, "236", b"")


def test_known_content_is_not_sent_again() -> None:
    response, body = served(**{"If-None-Match": '"abc"'})
    assert (response.status_code, body, response["ETag"]) == (304, b"", '"abc"')


def test_empty() -> None:
    assert (served(b"")[0].status_code, served(b"")[1]) == (200, b"")
    assert served(b"", Range="bytes=0-")[0].status_code == 416


@pytest.mark.parametrize("content", [b"<svg/>", b"<html>", b"%PDF-1.7", b"PK\x03\x04", b"MZ"])
def test_everything_else_is_saved(content: bytes) -> None:
    response, _body = served(content)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
