"""The environment, read once: every setting as a variable, or as a file named by NAME_FILE."""

import os
import sys
from difflib import get_close_matches
from typing import Any
from urllib.parse import parse_qs, urlsplit

import dj_database_url
from environs import EnvError, FileAwareEnv

KNOWN = {
    "PUENTE_DATA": "folder of the embedded servers, uploads and the mailbox",
    "PUENTE_STORAGE": "disk, or s3 for uploads in an S3-compatible store",
    "PUENTE_S3_BUCKET": "where uploads lie there",
    "PUENTE_S3_ENDPOINT": "the store's address; empty is Amazon's",
    "PUENTE_S3_REGION": "the store's region",
    "PUENTE_S3_KEY": "access key; empty uses the machine's own role",
    "PUENTE_S3_SECRET": "belongs to it",
    "PUENTE_DEBUG": "1 shows tracebacks; never in production",
    "PUENTE_DEMO": "1 loads the demo business even on servers of your own",
    "PUENTE_ALLOWED_HOSTS": "comma-separated host names",
    "PUENTE_BASE_URL": "the address people use, as https://crm.example.com",
    "PUENTE_MAIL_DOMAIN": "domain of the inbound e-mail addresses",
    "PUENTE_FROM_EMAIL": "sender of account mail",
    "PUENTE_METRICS_TOKEN": "bearer token that may read /metrics",
    "PUENTE_SECURITY_CONTACT": "where weaknesses are reported, told by /.well-known/security.txt",
    "PUENTE_SECRET_KEYS": "comma-separated Fernet keys for channel secrets, newest first",
    "PUENTE_LOG_LEVEL": "debug, info, warning or error",
    "PUENTE_LOG_JSON": "1 writes logs as JSON lines",
    "PUENTE_GOOGLE_CLIENT_ID": "of this installation at Google, to enter Gmail mailboxes",
    "PUENTE_GOOGLE_CLIENT_SECRET": "belongs to it",
    "PUENTE_GOOGLE_AUTHORIZE_URL": "where Google asks people, if elsewhere",
    "PUENTE_GOOGLE_TOKEN_URL": "where Google gives tokens, if elsewhere",
    "PUENTE_MICROSOFT_CLIENT_ID": "of this installation at Microsoft, to enter Outlook mailboxes",
    "PUENTE_MICROSOFT_CLIENT_SECRET": "belongs to it",
    "PUENTE_MICROSOFT_AUTHORIZE_URL": "where Microsoft asks people, if elsewhere",
    "PUENTE_MICROSOFT_TOKEN_URL": "where Microsoft gives tokens, if elsewhere",
    "PUENTE_DNS_SERVER": "which DNS server checks of mail domains ask, as 192.0.2.1:53",
    "PUENTE_MAIL_CA": "certificates (PEM) of mail servers that no public authority vouches for",
    "PUENTE_META_INSTAGRAM_API": "where Instagram's part of Meta's API lives",
    "PUENTE_TELEGRAM_API": "where Telegram's Bot API lives",
    "PUENTE_TWILIO_API": "where Twilio's API lives",
    "PUENTE_TWILIO_MESSAGING_API": "where Twilio's messaging services live",
    "PUENTE_TWILIO_CONTENT_API": "where Twilio's templates live",
    "PUENTE_SIMULATOR": "where the vendors' stand-ins are told what to do; set by `make run`",
    "PUENTE_OUTBOUND_ALLOWED": "private networks that outbound calls may reach, such as 10.1.0.0/16",
    "PUENTE_TRUST_PROXY": "1 believes X-Forwarded-For and X-Forwarded-Proto",
    "PUENTE_CHANNELS": "comma-separated extra channel packages",
    "PUENTE_META_API": "address of Meta's Graph API with its version",
    "PUENTE_META_APP_SECRET": "secret of the installation's own app at Meta, which signs its webhooks",
    "PUENTE_META_VERIFY_TOKEN": "what Meta is told to bring when it verifies the app's webhook address",
    "PUENTE_API_RATE": "requests a minute of one API key",
}


def fail(sentence: str) -> None:
    """Stop at start with one sentence instead of a traceback."""
    sys.exit(f"puente: {sentence}")


Text = str
Strings = list[str]


class Environment:
    """Typed look-ups that stop the process with a sentence when a value is malformed."""

    def __init__(self) -> None:
        self._env = FileAwareEnv()
        for name in os.environ:
            plain = name.removesuffix("_FILE")
            if name.startswith("PUENTE_") and plain not in KNOWN:
                near = get_close_matches(plain, KNOWN, 1)
                hint = f" Did you mean {near[0]}?" if near else " See docs/operations.md for those it knows."
                fail(f"the environment variable {name} is unknown.{hint}")

    def _read(self, kind: Text, name: Text, default: Any) -> Any:
        try:
            return getattr(self._env, kind)(name, default)
        except (EnvError, ValueError, OSError) as error:
            fail(f"{name} is malformed: {error}")

    def str(self, name: Text, default: Text = "") -> Text:
        return self._read("str", name, default)

    def bool(self, name: Text, default: bool = False) -> bool:
        return self._read("bool", name, default)

    def int(self, name: Text, default: int) -> int:
        return self._read("int", name, default)

    def list(self, name: Text, default: Strings) -> Strings:
        return [item.strip() for item in self._read("list", name, default) if item.strip()]

    def uploads(self) -> dict[Text, Any]:
        """Where uploads lie: on the disk, or in an S3-compatible store."""
        where = self.str("PUENTE_STORAGE", "disk")
        if where == "disk":
            return {"BACKEND": "tenants.kit.files.TenantStorage"}
        if where != "s3":
            fail("PUENTE_STORAGE is malformed: it must be disk or s3")
        if not self.str("PUENTE_S3_BUCKET"):
            fail("PUENTE_STORAGE is s3: name the bucket in PUENTE_S3_BUCKET")
        named = {
            "bucket_name": "PUENTE_S3_BUCKET",
            "endpoint_url": "PUENTE_S3_ENDPOINT",
            "region_name": "PUENTE_S3_REGION",
            "access_key": "PUENTE_S3_KEY",
            "secret_key": "PUENTE_S3_SECRET",
        }
        options: dict[Text, Any] = {option: self.str(name) or None for option, name in named.items()}
        # Names are never used twice, so nothing is looked for before it is written.
        options |= {"file_overwrite": True, "default_acl": None, "max_memory_size": 2_000_000}
        return {"BACKEND": "tenants.kit.s3.TenantS3Storage", "OPTIONS": options}

    def database(self, name: Text, default: Text) -> dict[Text, Any]:
        """A database alias out of a postgres:// URL; a socket folder goes in ?host=."""
        url = self.str(name, default)
        try:
            if urlsplit(url).scheme not in {"postgres", "postgresql"}:
                raise ValueError("it must begin with postgres://")
            parsed: dict[str, Any] = dict(dj_database_url.parse(url))
        except (ValueError, KeyError) as error:
            fail(f"{name} is malformed: {error}")
        parsed["ENGINE"] = "tenants.db"
        return parsed

    def valkey(self, name: Text, default: Text) -> tuple[Text, Text]:
        """The same Valkey for its own client and for Celery, which spells sockets differently."""
        url = self.str(name, default)
        parts = urlsplit(url)
        if parts.scheme in {"redis", "rediss"}:
            return url, url
        if parts.scheme == "unix":
            number = parse_qs(parts.query).get("db", ["0"])[0]
            return url, f"redis+socket://{parts.path}?virtual_host={number}"
        fail(f"{name} is malformed: it must begin with redis://, rediss:// or unix://")
        raise AssertionError
