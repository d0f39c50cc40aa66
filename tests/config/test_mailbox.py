"""The mailbox of those without a mail server."""

from email.message import EmailMessage as RawMessage

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives

from config import mailbox

LINK = "http://localhost:8000/accounts/confirm/abc/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EMAIL_URL = ""
    settings.BASE_URL = "http://localhost:8000"
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    return settings.MAILBOX_DIR


def send(*messages):
    return mailbox.MailboxBackend(alias="default").send_messages(messages)


def sent_mail(subject="Confirma tu correo"):
    mail = EmailMultiAlternatives(
        subject, f"Hola, Lucía:\n\n{LINK}\n", "Puente <hola@localhost>", ["lucia@example.com"]
    )
    mail.attach_alternative("<p>Hola <script>alert(1)</script></p>", "text/html")
    return mail


def test_mail_is_kept_whole_and_read_back(client, db, folder):
    assert send(sent_mail(), sent_mail("Segundo")) == 2
    newest, oldest = sorted(folder.iterdir(), reverse=True)
    assert newest.suffix == oldest.suffix == ".eml"
    kept = mailbox.read(oldest)
    assert (kept.subject, kept.sender, kept.to) == (
        "Confirma tu correo",
        "Puente <hola@localhost>",
        "lucia@example.com",
    )
    assert kept.text == f"Hola, Lucía:\n\n{LINK}\n"
    assert kept.sent_at.tzinfo is not None

    listed = client.get("/dev/mailbox/").content.decode()
    assert listed.index("Segundo") < listed.index("Confirma tu correo")
    assert f"/dev/mailbox/{oldest.stem}/" in listed


def test_links_can_be_clicked(client, db, folder):
    send(sent_mail())
    [path] = folder.iterdir()
    assert f'<a href="{LINK}"' in client.get(f"/dev/mailbox/{path.stem}/").content.decode()


def test_html_is_shown_under_a_policy_without_scripts(client, db, folder):
    send(sent_mail())
    [path] = folder.iterdir()
    response = client.get(f"/dev/mailbox/{path.stem}/html/")
    assert b"<p>Hola" in response.content
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy


def test_where_to_read_it_is_logged(db, folder, monkeypatch):
    said = []
    monkeypatch.setattr(mailbox.log, "info", lambda event, **values: said.append((event, values)))
    send(EmailMessage("Hola", "x", "a@example.com", ["b@example.com"]))
    [path] = folder.iterdir()
    link = f"http://localhost:8000/dev/mailbox/{path.stem}/"
    assert said == [("mail kept", {"to": ["b@example.com"], "subject": "Hola", "read": link})]


def test_empty_mailbox_says_how_to_fill_it(client, db):
    assert client.get("/dev/mailbox/", headers={"accept-language": "en"}).status_code == 200


@pytest.mark.parametrize("path", ["/dev/mailbox/", "/dev/mailbox/x/", "/dev/mailbox/x/html/"])
def test_mailbox_is_gone_with_a_mail_server_or_a_public_address(client, db, settings, path):
    settings.EMAIL_URL = "smtp://localhost"
    assert client.get(path).status_code == 404
    settings.EMAIL_URL = ""
    settings.BASE_URL = "https://crm.example.com"
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["nothing", "..", "%2e%2e%2fsecret_key", "%00", "x" * 500])
def test_unknown_name_is_404(client, db, folder, name):
    send(sent_mail())
    (folder.parent / "secret_key").write_text("hidden")
    assert client.get(f"/dev/mailbox/{name}/").status_code == 404


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff broken",
        b"Subject: =?x-unknown?B?////?=\nDate: nonsense\n\nx",
        b"Content-Type: text/plain; charset=x-unknown\n\n\xff\xfe",
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>",
        b"Content-Transfer-Encoding: base64\n\n!!!",
    ],
)
def test_broken_mail_never_breaks_the_page(client, db, folder, raw):
    folder.mkdir()
    (folder / "broken.eml").write_bytes(raw)
    for path in ("/dev/mailbox/", "/dev/mailbox/broken/", "/dev/mailbox/broken/html/"):
        assert client.get(path).status_code == 200


def test_date_without_zone_is_utc():
    message = RawMessage()
    message["Date"] = "Sat, 21 Nov 2026 04:00:00 -0000"
    assert mailbox.date_of(message).isoformat() == "2026-11-21T04:00:00+00:00"
