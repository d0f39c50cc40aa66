"""The installation under attack: its processes, its business, and what its tables say."""

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import redis

from bench.client import Connection
from bench.stack import Installation, Process, start_server, wait_for, wait_for_worker
from tests.chaos.traffic import Accepted, Door
from tests.vendors.ledger.server import Vendor
from tests.vendors.mail import MailServer
from tests.vendors.town import Town

SERVICES = ("web", "worker", "beat")
QUEUES = ("inbound", "replies", "automatic", "bulk")  # slow apart: nobody waits for it
SETTLE_LIMIT = 60.0  # seconds
START_LIMIT = 60.0
CONFIRMATIONS = 2_000  # that go out while everything dies
UNSETTLED = """
SELECT (SELECT count(*) FROM conversations_inboundevent WHERE due_at IS NOT NULL)
     + (SELECT count(*) FROM conversations_turn WHERE due_at IS NOT NULL)
     + (SELECT count(*) FROM conversations_delivery WHERE status IN ('pending', 'sending'))
     + (SELECT count(*) FROM conversations_delivery d JOIN conversations_channel c ON c.id = d.channel_id
        WHERE d.status = 'unknown' AND c.kind = 'ledger')
"""


class Broken(Exception):
    """Something held that must not, or did not that must."""


@dataclass(slots=True)
class Reply:
    """An answer that the business's API accepted."""

    message_id: str
    delivery_id: str


class World:
    """Servers and processes, and both ends of the ledger."""

    def __init__(self, folder: Path, seed: int, vendor: Vendor, mail: MailServer, town: Town) -> None:
        self.seed, self.chance = seed, random.Random(seed)
        self.vendor, self.mail, self.town = vendor, mail, town
        self.stack = Installation(
            folder,
            "tests.chaos.settings",
            PUENTE_CHANNELS="tests.vendors.ledger",
            PUENTE_API_RATE="1000000",
            PUENTE_LOG_LEVEL="warning",
            LEDGER_URL=vendor.url,
            EMAIL_URL=mail.url,
            **town.env,
        )
        self.workers: list[Process] = []
        self.services = list(SERVICES)
        self.confirmations = CONFIRMATIONS
        self.business: dict[str, Any] = {}
        self._opened_by: Any = None  # the business whose channels the vendors know
        self.api = Connection(self.stack.web_socket, timeout=15)

    def start(self) -> None:
        """Bring everything up, and Django in this process."""
        import django

        os.environ.clear()
        os.environ.update(self.stack.env)
        self.stack.prepare()
        django.setup()
        self.stack.web()
        self.workers = [self.stack.worker()]
        self.stack.beat()
        wait_for_worker(START_LIMIT)

    def settle_down(self) -> None:
        """Everything runs and is calm, whatever the last scenario left."""
        self.vendor.calm_down()
        self.mail.hangs = False
        for one in self.town.vendors.values():
            one.calm_down()
        for server in (self.stack.postgres, self.stack.valkey):
            if server.process is None or server.process.poll() is not None:
                start_server(server)
        for name in self.services:
            self.stack.processes[name].send(signal.SIGCONT)
        self.raise_the_dead()
        wait_for_worker(START_LIMIT)

    def forget_taken(self) -> None:
        """Let the mail server and the vendors count from here on."""
        self.mail.taken.clear()
        self.mail.reached.clear()
        for vendor in self.town.vendors.values():
            vendor.sent.clear()

    def raise_the_dead(self) -> None:
        """Start again what ended by itself, as the supervisor does.

        A worker ends when its broker dies at the moment in which it holds a task it has not
        acknowledged: kombu cannot put the task back and takes that for the end.
        """
        for name in self.services:
            if not self.stack.processes[name].is_alive:
                self.stack.processes[name].start()

    @contextmanager
    def helped(self) -> Iterator[None]:
        """A second worker, as long as it lasts."""
        second = self.stack.worker("second")
        self.services.append("second")
        try:
            yield
        finally:
            self.services.remove("second")
            second.stop()

    def last_words(self) -> str:
        """The ends of the logs, for those who look into a failure."""
        logs = sorted(self.stack.folder.glob("*.log"))
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-3_000:]}" for log in logs)

    # --- the business ---

    def open_business(self, name: str) -> Door:
        """A fresh business for a scenario."""
        from django.core.management import call_command
        from django.db import connection

        said = StringIO()
        call_command("create_business", f"Negocio {name}", f"{uuid4().hex}@x.example", "--json", stdout=said)
        connection.close()
        self.business = json.loads(said.getvalue())
        channels = self.business["channels"]
        return Door(
            self.stack.web_socket,
            UUID(channels["web"]["id"]),
            UUID(channels["email"]["id"]),
            channels["email"]["token"],
        )

    def open_channels(self, *kinds: str) -> dict[str, UUID]:
        """A channel at every vendor's stand-in, or at those of some kinds, by kind.

        What an earlier scenario's business had there is closed: an address is one business's alone.
        """
        from django.db import connection

        from conversations.actions.channels import create_channel, delete_channel
        from conversations.models import Channel
        from tenants.actors import Actor
        from tenants.scoping import tenant_scope

        if (before := self._opened_by) and before != self.business["tenant_id"]:
            with tenant_scope(before):
                for channel in Channel.objects.filter(kind__in=kinds or self.town.vendors, is_active=True):
                    delete_channel(channel=channel, by=Actor.system())
        self._opened_by = self.business["tenant_id"]
        opened = {}
        with tenant_scope(self._opened_by):
            for kind in kinds or self.town.vendors:
                vendor = self.town.vendors[kind]
                given: dict[str, Any] = {
                    "settings": vendor.channel_settings(),
                    "secrets": vendor.channel_secrets(),
                }
                opened[kind] = create_channel(kind=kind, name=kind, by=Actor.system(), **given).pk
        connection.close()
        return opened

    def open_conversations(self, kind: str, count: int) -> list[UUID]:
        """Conversations of as many customers on the ledger's channel or by e-mail."""
        from django.db import connection

        from conversations.actions.channels import create_channel
        from conversations.actions.episodes import open_episode
        from conversations.models import Channel, Conversation
        from crm import identities
        from crm.models import Identity
        from tenants.actors import Actor
        from tenants.scoping import tenant_scope

        ids = []
        with tenant_scope(self.business["tenant_id"]):
            channel = Channel.objects.filter(kind=kind).first() or create_channel(
                kind=kind, name=kind, by=Actor.system()
            )
            address = "email" if kind == "email" else "external"
            for number in range(count):
                raw = f"cliente{number}@correo.example" if kind == "email" else f"cliente-{number}"
                customer, _new = identities.resolve(kind=address, raw=raw, name="Cliente", country="MX")
                identity = Identity.objects.get(kind=address, value=raw)
                conversation = Conversation.objects.create(
                    channel=channel, customer=customer, identity=identity, subject=f"Asunto {number}"
                )
                open_episode(conversation)
                conversation.save()
                ids.append(conversation.pk)
        connection.close()
        return ids

    def reply(self, conversation: UUID, text: str = "Con gusto.", *, retries: bool = False) -> Reply | None:
        """Answer through the API; None when it was not accepted. Retries carry the same client id."""
        path, data = (
            f"/api/v1/conversations/{conversation}/messages/",
            {"text": text, "client_id": str(uuid4())},
        )
        until = time.monotonic() + SETTLE_LIMIT
        while True:
            with suppress(OSError):
                status, body = self.api.json("POST", path, self.key, data)
                if status == 201:
                    return Reply(body["id"], self.one(DELIVERY_OF, body["id"]) if not retries else "")
            if not retries or time.monotonic() > until:
                return None
            time.sleep(0.2)

    @property
    def key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.business['api_key']}"}

    def call(self, method: str, path: str, data: Any = None) -> Any:
        """An API call that must succeed; the connection may have died with an earlier web process."""
        try:
            status, body = self.api.json(method, f"/api/v1{path}", self.key, data)
        except OSError:
            status, body = self.api.json(method, f"/api/v1{path}", self.key, data)
        if not 200 <= status < 300:
            raise Broken(f"{method} {path} answered {status}: {body}")
        return body

    # --- what the tables say, read past row-level security ---

    def rows(self, query: str, *parameters: Any) -> list[Any]:
        with psycopg.connect(self.stack.superuser_url, autocommit=True) as connection:
            return connection.execute(query, parameters).fetchall()

    def one(self, query: str, *parameters: Any) -> Any:
        return str(self.rows(query, *parameters)[0][0])

    def wait_until_settled(self, limit: float = SETTLE_LIMIT) -> None:
        """Nothing of what was accepted waits any more."""

        def settled() -> bool:
            self.raise_the_dead()
            with suppress(psycopg.OperationalError):
                return self.rows(UNSETTLED) == [(0,)]
            return False

        try:
            wait_for(settled, limit, "everything to settle")
        except TimeoutError as error:
            raise Broken(f"{error}: {self.rows(WAITING)}") from None

    def waiting_bells(self) -> int:
        """How many tasks no worker has taken yet."""
        client = redis.Redis.from_url(self.stack.valkey.url)
        return sum(client.llen(f"puente:celery:{queue}") for queue in QUEUES)

    def statuses(self) -> dict[str, int]:
        """Deliveries of the business by status; without what it says by itself."""
        return dict(self.rows(STATUSES, self.business["tenant_id"]))

    def count_inbound(self, accepted: Accepted) -> tuple[int, int]:
        """Lost and doubled of what was accepted; a visitor with two conversations counts as doubled."""
        tenant = self.business["tenant_id"]
        kept = {str(marker): count for marker, count in self.rows(KEPT_WEB, tenant)}
        kept |= {str(marker): count for marker, count in self.rows(KEPT_MAIL, tenant)}
        markers = accepted.web | {f"{marker}@correo.example" for marker in accepted.mail}
        lost = sum(1 for marker in markers if marker not in kept)
        doubled = sum(count - 1 for count in kept.values()) + len(self.rows(TWO_CONVERSATIONS, tenant))
        parked = self.rows(PARKED, tenant)
        if parked:
            raise Broken(f"{len(parked)} events were parked: {parked[:3]}")
        return lost, doubled

    def count_texts(self, accepted: set[str]) -> tuple[int, int]:
        """The same for texts of every channel; two conversations of one address count as doubled."""
        tenant = self.business["tenant_id"]
        kept = dict(self.rows(KEPT_TEXTS, tenant))
        lost = sum(1 for text in accepted if text not in kept)
        doubled = sum(count - 1 for count in kept.values()) + len(self.rows(TWO_ANYWHERE, tenant))
        parked = self.rows(PARKED, tenant)
        if parked:
            raise Broken(f"{len(parked)} events were parked: {parked[:3]}")
        return lost, doubled

    def turn_bot_on(self) -> None:
        """The business's bot answers on its chat."""
        from django.db import connection

        from conversations.models import Bot
        from tenants.scoping import tenant_scope

        with tenant_scope(self.business["tenant_id"]):
            Bot.objects.create(is_on=True, name="Bot")
        connection.close()

    def count_answers(self) -> tuple[int, int]:
        """Messages that wait for the bot although it has the turn, and what it said more than once."""
        tenant = self.business["tenant_id"]
        return int(self.one(UNANSWERED, tenant)), int(self.one(SAID_TWICE, tenant))

    # --- attacks ---

    def kill_worker(self) -> None:
        """`kill -9` on the worker and its children."""
        self.workers[0].kill()

    def restart_worker(self) -> float:
        """Start it again; returns the moment."""
        self.workers[0].start()
        return time.monotonic()

    def kill_valkey(self) -> None:
        self._kill_server(self.stack.valkey, with_children=False)

    def kill_postgres(self) -> None:
        """`kill -9` on the postmaster, and by chance on every backend at once."""
        self._kill_server(self.stack.postgres, with_children=self.chance.random() < 0.5)

    def _kill_server(self, server: Any, *, with_children: bool) -> None:
        process = server.process
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.kill()
        for pid in children if with_children else []:
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        process.wait()

    def start_server_again(self, server: Any) -> float:
        start_server(server)
        return time.monotonic()


DELIVERY_OF = "SELECT id FROM conversations_delivery WHERE message_id = %s"
STATUSES = """
SELECT d.status, count(*) FROM conversations_delivery d
JOIN conversations_message m ON m.tenant_id = d.tenant_id AND m.id = d.message_id
WHERE d.tenant_id = %s AND NOT m.data ? 'automatic' GROUP BY 1
"""
WAITING = """
(SELECT 'event', outcome, attempts::text, reason FROM conversations_inboundevent
 WHERE due_at IS NOT NULL LIMIT 5)
UNION ALL
(SELECT 'turn', holder, attempts::text, why FROM conversations_turn WHERE due_at IS NOT NULL LIMIT 5)
UNION ALL
(SELECT 'delivery', status, attempts::text, reason FROM conversations_delivery
 WHERE status IN ('pending', 'sending', 'unknown') LIMIT 5)
"""
UNANSWERED = """
SELECT count(*) FROM conversations_message m
JOIN conversations_conversation c ON c.tenant_id = m.tenant_id AND c.id = m.conversation_id AND c.with_bot
WHERE m.tenant_id = %s AND m.kind = 'inbound' AND NOT EXISTS (
    SELECT FROM conversations_decision d WHERE d.tenant_id = m.tenant_id AND d.message_id = m.id)
"""
SAID_TWICE = """
SELECT coalesce(sum(greatest(said - decided, 0)), 0) FROM (
    SELECT c.id,
        (SELECT count(*) FROM conversations_message m WHERE m.tenant_id = c.tenant_id
            AND m.conversation_id = c.id AND m.author_kind = 'bot') AS said,
        (SELECT count(*) FROM conversations_decision d WHERE d.tenant_id = c.tenant_id
            AND d.conversation_id = c.id AND d.action <> 'joined') AS decided
    FROM conversations_conversation c WHERE c.tenant_id = %s) AS each_one
"""
KEPT_WEB = """
SELECT client_id, count(*) FROM conversations_message
WHERE tenant_id = %s AND kind = 'inbound' AND client_id IS NOT NULL GROUP BY 1
"""
KEPT_MAIL = """
SELECT data ->> 'message_id', count(*) FROM conversations_message
WHERE tenant_id = %s AND kind = 'inbound' AND client_id IS NULL GROUP BY 1
"""
TWO_CONVERSATIONS = """
SELECT identity_id FROM conversations_conversation v JOIN conversations_channel c ON c.id = v.channel_id
WHERE v.tenant_id = %s AND c.kind = 'web' GROUP BY identity_id HAVING count(*) > 1
"""
KEPT_TEXTS = """
SELECT text, count(*) FROM conversations_message WHERE tenant_id = %s AND kind = 'inbound' GROUP BY 1
"""
TWO_ANYWHERE = """
SELECT channel_id, identity_id FROM conversations_conversation
WHERE tenant_id = %s GROUP BY 1, 2 HAVING count(*) > 1
"""
PARKED = "SELECT reason FROM conversations_inboundevent WHERE tenant_id = %s AND outcome = 'parked'"
