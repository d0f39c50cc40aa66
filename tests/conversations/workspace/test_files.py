"""GET /attachments/<id>/, /messages/<id>/html/ and /images/"""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import quote

import pytest
from django.core import signing
from django.http import HttpResponseBase
from django.test import Client

from conversations.models import Attachment, Conversation, Message
from conversations.workspace.views.files import SALT
from tenants.scoping import tenant_scope
from tests.factories.conversations import PNG, File, make_conversation, make_file
from tests.factories.tenants import Business


def fetch(client: Client, url: str) -> tuple[HttpResponseBase, bytes]:
    """A file's answer and its content, closed."""
    response = client.get(url)
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    response.close()
    return response, content


def attachment_url(business: Business, *files: File, **fields: object) -> str:
    with tenant_scope(business.tenant.id):
        make_conversation("Va", files=files, **fields)
        return f"{business.base}attachments/{Attachment.objects.latest('created_at').pk}/"


@pytest.fixture
def mail(business: Business) -> Message:
    """A formatted mail with a picture of its own and one from elsewhere."""
    remote = quote("https://example.com/pixel.gif?a=1&b=2", safe="")
    html = f'<p>Hola</p><img src="cid:logo@x"><img src="puente-remote:{remote}"><img src="cid:unknown">'
    with tenant_scope(business.tenant.id):
        picture = File("logo.png", "image/png", PNG, content_id="logo@x", is_inline=True)
        made = make_conversation("", html=html, files=(picture,))
        return Message.objects.prefetch_related("attachments").get(conversation=made, kind="inbound")


def test_picture_is_shown_in_place(owner_client: Client, business: Business) -> None:
    response, content = fetch(owner_client, attachment_url(business, make_file()))
    assert (response.status_code, content) == (200, PNG)
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == 'inline; filename="foto.png"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; img-src 'self'; media-src 'self'; sandbox; frame-ancestors 'none'"
    )


@pytest.mark.parametrize(
    ("name", "content_type", "content"),
    [
        ("dibujo.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("página.html", "text/html", b"<script>alert(1)</script>"),
        ("falso.png", "image/png", b"<script>alert(1)</script>"),
        ("hoja.pdf", "application/pdf", b"%PDF-1.4"),
        ('a"b;c\n.txt', "text/plain", b"hola"),
    ],
)
def test_everything_else_is_saved(
    owner_client: Client, business: Business, name: str, content_type: str, content: bytes
) -> None:
    response, _content = fetch(owner_client, attachment_url(business, make_file(name, content_type, content)))
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["Content-Type"] == "application/octet-stream"


def test_download_saves_a_picture_too(owner_client: Client, business: Business) -> None:
    response, _content = fetch(owner_client, attachment_url(business, make_file()) + "?download=1")
    assert response["Content-Disposition"] == 'attachment; filename="foto.png"'


def test_attachment_is_404_for_who_may_not_see_it(
    stranger_client: Client, narrow_client: Client, business: Business, other: Business
) -> None:
    url = attachment_url(business, make_file())
    assert stranger_client.get(url).status_code == 404
    assert stranger_client.get(url.replace(business.tenant.slug, other.tenant.slug)).status_code == 404
    assert narrow_client.get(url).status_code == 404


def test_attachment_whose_file_is_gone_is_404(owner_client: Client, business: Business) -> None:
    url = attachment_url(business, make_file())
    with tenant_scope(business.tenant.id):
        Attachment.objects.get().file.delete(save=False)
    assert owner_client.get(url).status_code == 404


def test_html_has_its_own_policy_and_own_pictures(
    owner_client: Client, business: Business, mail: Message
) -> None:
    response = owner_client.get(f"{business.base}messages/{mail.pk}/html/")
    content = response.content.decode()
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; "
        "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    )
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert f'src="{business.base}attachments/{mail.attachments.all()[0].pk}/"' in content
    assert "example.com" not in content
    assert "?images=1" in content


def test_html_with_pictures_asks_through_our_proxy(
    owner_client: Client, business: Business, mail: Message
) -> None:
    content = owner_client.get(f"{business.base}messages/{mail.pk}/html/?images=1").content.decode()
    assert f'src="{business.base}images/?u=' in content
    assert "example.com" not in content
    assert "?images=1" not in content


def test_html_is_404_for_who_may_not_see_it(
    stranger_client: Client, narrow_client: Client, business: Business, mail: Message
) -> None:
    url = f"{business.base}messages/{mail.pk}/html/"
    assert stranger_client.get(url).status_code == 404
    assert narrow_client.get(url).status_code == 404


def test_html_of_a_plain_message_is_404(
    owner_client: Client, business: Business, conversation: Conversation
) -> None:
    with tenant_scope(business.tenant.id):
        plain = Message.objects.get(conversation=conversation)
    assert owner_client.get(f"{business.base}messages/{plain.pk}/html/").status_code == 404


class Pictures(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PNG if self.path == "/foto.png" else b"<svg onload=alert(1)>"
        self.send_response(404 if self.path == "/gone" else 200)
        self.send_header("Content-Type", "image/svg+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Tests need no access log."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Pictures)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def image_url(business: Business, url: str, tenant: object = None) -> str:
    token = signing.dumps({"u": url, "t": str(tenant or business.tenant.pk)}, salt=SALT, compress=True)
    return f"{business.base}images/?u={token}"


def test_image_is_fetched_for_the_reader(
    owner_client: Client, business: Business, elsewhere: str, settings: object
) -> None:
    settings.OUTBOUND_ALLOWED = ["127.0.0.1/32"]  # type: ignore[attr-defined]
    response = owner_client.get(image_url(business, f"{elsewhere}/foto.png"))
    assert (response.status_code, response["Content-Type"], response.content) == (200, "image/png", PNG)
    for path in ("/gone", "/dibujo.svg"):
        assert owner_client.get(image_url(business, elsewhere + path)).status_code == 404


def test_image_from_a_private_address_is_404(
    owner_client: Client, business: Business, elsewhere: str
) -> None:
    assert owner_client.get(image_url(business, f"{elsewhere}/foto.png")).status_code == 404


@pytest.mark.parametrize("u", ["", "x", "http://example.com/a.png", "%00", "a:b:c"])
def test_image_address_must_be_ours(owner_client: Client, business: Business, u: str) -> None:
    assert owner_client.get(f"{business.base}images/?u={u}").status_code == 404


def test_image_address_of_another_business_is_404(
    owner_client: Client, business: Business, other: Business
) -> None:
    foreign = image_url(business, "https://example.com/a.png", other.tenant.pk)
    assert owner_client.get(foreign).status_code == 404
