"""A mail provider's IMAP server (the needed part of RFC 9051), encrypted, and able to misbehave."""

import base64
import re
import socketserver
import ssl
import tempfile
import threading
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "localhost"


def certificate(host: str = HOST) -> tuple[str, str]:
    """A certificate that vouches for itself, and its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    names = [x509.DNSName(host), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM).decode(), private.decode()


def server_context(pem: str, key: str) -> ssl.SSLContext:
    """What a server shows with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(pem + key)
        file.flush()
        context.load_cert_chain(file.name)
    return context


class ImapServer:
    """`mails` holds one folder by UID; the switches below let it misbehave."""

    def __init__(self, *, password: str = "secreto", host: str = HOST) -> None:
        self.username, self.password, self.token = "tienda@example.com", password, "token-1"
        self.refusal = "[AUTHENTICATIONFAILED] Invalid credentials"
        self.uid_validity, self.uid_next = 7, 1
        self.mails: dict[int, bytes] = {}
        self.fetched: list[int] = []
        self.logins = 0
        self.break_at: int | None = None  # breaks off when this UID is fetched
        self.silent_about_next = False
        self.endless = False
        self.offers_idle = True
        self.idling = threading.Event()  # somebody listens
        self._news = threading.Condition()
        self.ca, key = certificate(host)
        context = server_context(self.ca, key)
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError, ValueError), ExitStack() as stack:
                    secure = stack.enter_context(context.wrap_socket(self.request, server_side=True))
                    rfile = stack.enter_context(secure.makefile("rb"))
                    _Session(outer, rfile, stack.enter_context(secure.makefile("wb", 0))).run()

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> "ImapServer":
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def deliver(self, raw: bytes) -> int:
        """Put a mail into the folder; returns its UID."""
        uid, self.uid_next = self.uid_next, self.uid_next + 1
        with self._news:
            self.mails[uid] = raw
            self._news.notify_all()
        return uid

    def changed(self, count: int, seconds: float) -> bool:
        """Wait until there are not so many mails any more."""
        with self._news:
            return self._news.wait_for(lambda: len(self.mails) != count, seconds)

    def number_anew(self) -> None:
        """What a provider does after a restore: new UIDVALIDITY, new UIDs."""
        self.uid_validity += 1
        self.mails = {uid + 100: raw for uid, raw in self.mails.items()}
        self.uid_next += 100


class _Session:
    def __init__(self, server: ImapServer, rfile: Any, wfile: Any) -> None:
        self.server, self.rfile, self.wfile = server, rfile, wfile
        self.is_open = True

    def say(self, line: str | bytes) -> None:
        self.wfile.write((line.encode() if isinstance(line, str) else line) + b"\r\n")

    def run(self) -> None:
        self.say("* OK ready")
        while self.is_open and (line := self.rfile.readline()):
            tag, _gap, rest = line.decode().strip().partition(" ")
            command, _gap, rest = rest.partition(" ")
            answer = getattr(self, f"on_{command.lower()}", None)
            if answer is None:
                self.say(f"{tag} BAD unknown command")
            else:
                answer(tag, self.literals(rest))

    def literals(self, rest: str) -> str:
        """Arguments, with literals read in (RFC 9051 §4.3)."""
        while match := re.search(r"\{(\d+)\}$", rest):
            self.say("+ go on")
            content = self.rfile.read(int(match[1])).decode()
            rest = f'{rest[: match.start()]}"{content}"{self.rfile.readline().decode().rstrip()}'
        return rest

    def on_capability(self, tag: str, rest: str) -> None:
        idle = " IDLE" if self.server.offers_idle else ""
        self.say(f"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR{idle}")
        self.say(f"{tag} OK done")

    def on_login(self, tag: str, rest: str) -> None:
        self.server.logins += 1
        words = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', rest)
        name, password = ((quoted or plain).replace("\\", "") for quoted, plain in words)
        self.admit(tag, (name, password) == (self.server.username, self.server.password))

    def on_authenticate(self, tag: str, rest: str) -> None:
        self.server.logins += 1
        _mechanism, _gap, initial = rest.partition(" ")
        if not initial:
            self.say("+ ")
            initial = self.rfile.readline().decode().strip()
        expected = f"user={self.server.username}\x01auth=Bearer {self.server.token}\x01\x01"
        self.admit(tag, base64.b64decode(initial).decode() == expected)

    def admit(self, tag: str, is_right: bool) -> None:
        self.say(f"{tag} OK logged in" if is_right else f"{tag} NO {self.server.refusal}")

    def on_examine(self, tag: str, rest: str) -> None:
        if rest.strip('"').upper() != "INBOX":
            self.say(f"{tag} NO [NONEXISTENT] no such folder")
            return
        self.say(f"* {len(self.server.mails)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.server.uid_validity}] valid")
        if not self.server.silent_about_next:
            self.say(f"* OK [UIDNEXT {self.server.uid_next}] next")
        self.say(f"{tag} OK [READ-ONLY] done")

    def on_uid(self, tag: str, rest: str) -> None:
        command, _gap, rest = rest.partition(" ")
        if command == "SEARCH":
            self.search(rest)
        else:
            self.fetch(rest)
        if self.is_open:
            self.say(f"{tag} OK done")

    def search(self, rest: str) -> None:
        uids = sorted(self.server.mails)
        if match := re.search(r"UID (\d+):\*", rest):
            first = int(match[1])
            # The last message belongs to "n:*" in any case.
            uids = [uid for uid in uids if uid >= first] or uids[-1:]
        self.say("* SEARCH " + " ".join(map(str, uids)))

    def fetch(self, rest: str) -> None:
        uid = int(rest.partition(" ")[0])
        if uid == self.server.break_at:
            self.is_open = False
            return
        self.server.fetched.append(uid)
        raw = self.server.mails.get(uid)
        if raw is None:
            return
        size = 10**12 if self.server.endless else len(raw)
        self.say(f"* 1 FETCH (UID {uid} BODY[]<0> {{{size}}}")
        self.say(raw + b")")

    def on_idle(self, tag: str, rest: str) -> None:
        """Tell of new mail until the client says DONE (RFC 2177)."""
        self.say("+ idling")
        done, count = threading.Event(), len(self.server.mails)

        def tell() -> None:
            while not done.is_set():
                if self.server.changed(count, 0.05):
                    self.say(f"* {len(self.server.mails)} EXISTS")
                    return

        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        self.server.idling.set()
        line = self.rfile.readline()
        done.set()
        teller.join()
        self.server.idling.clear()
        self.say(f"{tag} OK done" if line.strip().upper() == b"DONE" else f"{tag} BAD say DONE")

    def on_logout(self, tag: str, rest: str) -> None:
        self.say("* BYE")
        self.say(f"{tag} OK done")
        self.is_open = False
