"""Pages and API answers, each against a bare view with the same SQL and as many bytes.

The SQL is what the page asks when it is opened for the second time, all of it: session, person,
membership, the setting of the business, and what is shown. A page that asks less lowers its own floor.
Each opening comes back every `VARIANTS` times, as conversations do of which several people read; what
parts of pages look like is then remembered (tenants/templatetags/remembered.py), what they show is not.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import floors
from bench.client import request_bytes
from bench.fill import Filled
from bench.floors import Plan
from bench.measure import Pair, Times, latencies
from bench.report import Entry, milliseconds
from conversations.models import Conversation
from crm.models import Customer, Label, Order
from tenants.actions.api_keys import create_api_key
from tenants.actors import Actor
from tenants.permissions import Permission
from tenants.scoping import tenant_scope

VARIANTS = 24  # different pages of each kind
OPENINGS = 240  # measured of each entry, and as many of its floor
UUID_LITERAL = re.compile(r"'([0-9a-f-]{32,36})'")
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
_PEOPLE = """
maria hernandez jose+lopez gonzales martines guadalupe+cruz 3300001234 ximena ana.garcia rodrigez lucia
33+0000+15 renata+ortis hugo perez@correo camila
"""
_WORDS = """
garantia factura bicicleta+lista patilla zapopan candado+llave meses+intereses pedido+193201 modelo+tabaco
molesta desviador paqueteria devolucion casco
"""
SOUGHT_PEOPLE, SOUGHT_WORDS = _PEOPLE.split(), _WORDS.split()
LOGIN = "tenants.backends.PersonBackend"


@dataclass(frozen=True, slots=True)
class Ask:
    """A GET of one page."""

    path: str
    headers: tuple[tuple[str, str], ...] = ()


class Reader:
    """An agent's browser and an integrator's key in the large business."""

    def __init__(self, filled: Filled, socket: Path, plans: Path) -> None:
        self.filled, self.socket, self.plans = filled, socket, plans
        self.base = f"/b/{filled.slug}"
        self.client = Client(HTTP_HOST="localhost")
        self.client.force_login(filled.agent.user, backend=LOGIN)
        self.cookie = f"sessionid={self.client.cookies['sessionid'].value}"
        with tenant_scope(filled.tenant_id):
            _key, secret = create_api_key(
                name="bench", scopes=Permission, by=Actor.of_membership(filled.owner)
            )
        self.key = f"Bearer {secret}"

    # --- the entries ---

    def queue_page(self) -> Entry:
        views = ("all", "mine", "unassigned", "waiting", "closed", "team")
        openings = [[Ask(f"{self.base}/inbox/?view={view}")] for view in views]
        return self._pages("queue_page", openings, "the queue of an agent, in six views")

    def conversation_open(self) -> Entry:
        with tenant_scope(self.filled.tenant_id):
            rows = Conversation.objects.filter(episode_count=2).order_by("-last_message_at")
            found = list(rows.values_list("pk", "customer_id")[:VARIANTS])
        openings = [
            [
                Ask(f"{self.base}/inbox/{one}/?view=all"),
                Ask(f"{self.base}/customers/{customer}/panel/?context={one}", (("HX-Request", "true"),)),
            ]
            for one, customer in found
        ]
        what = "a conversation on a page of its own with the queue, and the customer's pane it fetches"
        return self._pages("conversation_open", openings, what)

    def customer_list(self) -> Entry:
        return self._pages("customer_list", [[Ask(f"{self.base}/customers/")]], "fifty customers of all")

    def customer_filtered(self) -> Entry:
        """Common, rare and absent, each in three orders: by an index, or by walking one."""
        with tenant_scope(self.filled.tenant_id):
            label = Label.objects.values_list("pk", flat=True).order_by("pk")[0]
        narrow = (f"label={label}", f"label={label}&language=es", "label=none", "channel=web", "case=open",
                  "contact_within=30", "no_contact_for=300", "consent=whatsapp.promotion")  # fmt: skip
        sorts = ("contact", "newest", "name")
        openings = [[Ask(f"{self.base}/customers/?{one}&sort={sort}")] for one in narrow for sort in sorts]
        return self._pages("customer_filtered", openings, "fifty customers by filters, in three orders")

    def customer_history(self) -> Entry:
        with tenant_scope(self.filled.tenant_id):
            ids = Order.objects.order_by("-placed_at").values_list("customer_id", flat=True)[:VARIANTS]
            openings = [[Ask(f"{self.base}/customers/{one}/")] for one in ids]
        return self._pages("customer_history", openings, "a customer's page with the history")

    def search_customers(self) -> Entry:
        openings = [[Ask(f"{self.base}/customers/?q={words}")] for words in SOUGHT_PEOPLE]
        return self._pages("search_customers", openings, "customers by name, address, number, and mistyped")

    def search_messages(self) -> Entry:
        openings = [[Ask(f"{self.base}/inbox/?q={words}")] for words in SOUGHT_WORDS]
        return self._pages("search_messages", openings, "conversations by what was written")

    def search_filtered(self) -> Entry:
        """Common, rare and absent words, each with a filter, on the page that finds messages."""
        with tenant_scope(self.filled.tenant_id):
            label = Label.objects.values_list("pk", flat=True).order_by("pk")[0]
        narrow = (f"&label={label}", f"&agent={self.filled.agent.pk}", f"&channel={self.filled.email_id}",
                  "&status=open", "&direction=inbound", "")  # fmt: skip
        words = ("garantia", "bicicleta+lista", "desviador", "modelo+tabaco", "193201", "zzyzx")
        openings = [[Ask(f"{self.base}/search/?q={word}{filters}")] for word in words for filters in narrow]
        return self._pages("search_filtered", openings, "messages by words and filters, newest first")

    def api_list(self) -> Entry:
        paths = [f"/api/v1/{what}/?limit=50" for what in ("customers", "conversations", "orders")]
        return self._pages("api_list", [[self._api(path)] for path in paths], "pages of fifty objects")

    def api_get(self) -> Entry:
        with tenant_scope(self.filled.tenant_id):
            ids = list(Customer.objects.order_by("-id").values_list("pk", flat=True)[:VARIANTS])
        openings = [[self._api(f"/api/v1/customers/{one}/")] for one in ids]
        return self._pages("api_get", openings, "one customer")

    def api_create(self) -> Entry:
        """Its floor makes the same rows by the same statements, each time with ids of its own."""
        path, headers = "/api/v1/customers/", {"Authorization": self.key, "Content-Type": "application/json"}

        def body(tag: str) -> bytes:
            addresses = [{"kind": "email", "value": f"{tag}@x.example"}]
            return json.dumps({"name": "Nadia Prueba", "identities": addresses}).encode()

        tags = iter(lambda: uuid4().hex, "")

        def post(tag: str) -> tuple[list[str], int]:
            given = {"HTTP_AUTHORIZATION": self.key}
            with CaptureQueriesContext(connection) as captured:
                answer = self.client.post(path, body(tag), content_type="application/json", **given)  # type: ignore[arg-type]
            assert answer.status_code == 201, answer.content
            return _plain(captured), len(answer.content)

        before, _size = post(next(tags))
        statements, size = post(tag := next(tags))
        fresh = sorted({f"{tag}@x.example", *(_ids(statements) - _ids(before))})
        floors.save_plans(self.plans, "api_create", [Plan(statements, size, fresh)])
        floor = request_bytes("POST", "/bench/write/api_create/0/", {}, b"")

        def pairs() -> Iterator[Pair]:
            for tag in tags:
                yield Pair([request_bytes("POST", path, headers, body(tag))], [floor], 201)

        return _entry("api_create", pairs, self.socket, "a customer with an address, made by POST")

    # --- how they are measured ---

    def _api(self, path: str) -> Ask:
        return Ask(path, (("Authorization", self.key),))

    def _pages(self, name: str, openings: list[list[Ask]], what: str) -> Entry:
        plans = [self._plan(ask) for opening in openings for ask in opening]
        floors.save_plans(self.plans, name, plans)
        numbers = iter(range(len(plans)))
        pairs = [
            Pair(
                [
                    request_bytes("GET", ask.path, {"Cookie": self.cookie, **dict(ask.headers)})
                    for ask in opening
                ],
                [request_bytes("GET", f"/bench/read/{name}/{next(numbers)}/") for _ask in opening],
            )
            for opening in openings
        ]
        return _entry(name, lambda: cycle(pairs), self.socket, what)

    def _plan(self, ask: Ask) -> Plan:
        """What the page does the second time it is asked for."""
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in ask.headers}
        self.client.get(ask.path, **headers)  # type: ignore[arg-type]
        with CaptureQueriesContext(connection) as captured:
            answer = self.client.get(ask.path, **headers)  # type: ignore[arg-type]
        assert answer.status_code == 200, f"{ask.path}: {answer.status_code}"
        return Plan(_plain(captured), len(answer.content), [])


def _plain(captured: CaptureQueriesContext) -> list[str]:
    statements = [query["sql"] for query in captured.captured_queries]
    return [statement for statement in statements if not statement.startswith(TRANSACTION)]


def _ids(statements: list[str]) -> set[str]:
    return {found for statement in statements for found in UUID_LITERAL.findall(statement)}


def _entry(name: str, pairs: Callable[[], Iterator[Pair]], socket: Path, what: str) -> Entry:
    ours, floor = latencies(socket, pairs, OPENINGS)
    return _compare(name, ours, floor, what)


def _compare(name: str, ours: Times, floor: Times, what: str) -> Entry:
    spread = f"p95 {milliseconds(ours.p(95))} against {milliseconds(floor.p(95))} ms, n={len(ours.seconds)}"
    return Entry(name, ours.p(50), floor.p(50), "lower", "ms at p50", f"{what}; {spread}")
