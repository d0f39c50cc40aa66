"""Whether a person's reply waits for a campaign: from the page to the vendor, with one going out and without.

Web, beat and the workers run as they are deployed (docs/deploy/process). The campaign goes out by e-mail, the
replies by WhatsApp, so that what is measured is what both share: the processes, the queues and PostgreSQL.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string

from bench.campaigning import campaign_of
from bench.client import Connection, request_bytes
from bench.mailing import sink
from bench.measure import percentile
from bench.reads import LOGIN
from bench.report import Entry
from bench.stack import Installation, wait_for, wait_for_worker
from conversations.actions.campaigns import steering
from conversations.actions.channels import create_channel
from conversations.actions.episodes import open_episode
from conversations.models import Campaign, Conversation, Recipient
from crm.models import Customer, Identity, Segment, SegmentMember
from tenants.actors import Actor
from tenants.models import Membership
from tenants.scoping import tenant_scope
from tests.vendors.whatsapp import WhatsApp

AUDIENCE = 100_000
PER_SECOND = 4
BLOCK = 40  # replies with the campaign going out or without
BLOCKS = 5  # of each kind, by turns
WARM_UP = 20  # replies that are not counted
CLIENTS = 2
PATIENCE = 60.0  # seconds for the last reply, for the first mail, and for a worker
DEPLOYED = {"worker": "-c 2 -Q replies,inbound", "bulk": "-c 1 -Q bulk,automatic", "slow": "-c 1 -Q slow"}


def reply_during_campaign(
    tenant_id: UUID, stack: Installation, vendor: WhatsApp, port: int, say: Callable[[str], None]
) -> Entry:
    """Milliseconds at p95 from his POST until the vendor has it; the floor's with the campaign at rest."""
    if "web" not in stack.processes:
        stack.web()
    agent, campaign = _Agent(tenant_id, stack, vendor), _campaign(tenant_id)
    processes = [stack.worker(name, options) for name, options in DEPLOYED.items()] + [stack.beat()]
    wait_for_worker(PATIENCE)
    during, without = list[float](), list[float]()
    mails, seconds = 0, 0.0
    with sink(port):
        agent.answer(WARM_UP)
        for number in range(BLOCKS):
            without += agent.answer(BLOCK)
            before, started = _handed_over(tenant_id, campaign), time.monotonic()
            _go_on(tenant_id, campaign, is_first=number == 0)
            during += agent.answer(BLOCK)
            mails += _handed_over(tenant_id, campaign) - before
            seconds += time.monotonic() - started
            _rest(tenant_id, campaign)
            say(f"  replies beside {mails:,} mails")
    for process in processes:
        process.stop()
    what = (
        f"a member's reply, from his POST to WhatsApp, while a campaign to {AUDIENCE:,} is frozen and sends "
        f"{mails / seconds:.0f} mails a second; p50 {1_000 * percentile(during, 50):.0f} against "
        f"{1_000 * percentile(without, 50):.0f}, n={len(during)} of each, {PER_SECOND} a second"
    )
    ours, floor = (1_000 * percentile(one, 95) for one in (during, without))
    return Entry("reply_during_campaign", ours, floor, "lower", "ms at p95", what)


class _Agent:
    """A member in his browser, and customers whom he answers. What comes by the API is not a person's."""

    def __init__(self, tenant_id: UUID, stack: Installation, vendor: WhatsApp) -> None:
        self.stack, self.vendor = stack, vendor
        with tenant_scope(tenant_id):
            member = Membership.objects.select_related("user", "tenant").get(role="owner")
            by = Actor.of_membership(member)
            self.base = f"/b/{member.tenant.slug}/inbox"
            browser = Client(HTTP_HOST="localhost")
            browser.force_login(member.user, backend=LOGIN)
            session, token = browser.cookies["sessionid"].value, get_random_string(32)
            self.headers = {
                "Cookie": f"sessionid={session}; csrftoken={token}",
                "X-CSRFToken": token,
                "Content-Type": "application/x-www-form-urlencoded",
            }
            self.conversations = self._conversations(by)

    def _conversations(self, by: Actor) -> list[UUID]:
        """Of as many customers as a block has replies, each with an open window."""
        vendor, found = self.vendor, []
        channel = create_channel(
            kind=vendor.kind,
            name="WhatsApp",
            by=by,
            settings=vendor.channel_settings(),
            secrets=vendor.channel_secrets(),
        )
        for number in range(BLOCK):
            person, now = vendor.person(f"Persona {number}"), timezone.now()
            vendor.wrote(person)
            customer = Customer.objects.create(name=person.name, last_contact_at=now)
            identity = Identity.objects.create(
                customer=customer, kind=vendor.kind, value=f"+{person.address}"
            )
            conversation = Conversation.objects.create(
                channel=channel, customer=customer, identity=identity, last_inbound_at=now, status="waiting"
            )
            open_episode(conversation)
            conversation.save()
            found.append(conversation.pk)
        return found

    def answer(self, count: int) -> list[float]:
        """Answer so many at a steady pace; seconds from each POST until the vendor has it."""
        texts = [f"Con gusto. {uuid4()}" for _ in range(count)]
        posted: dict[str, float] = {}
        begun = time.time()

        def client(first: int) -> None:
            connection = Connection(self.stack.web_socket)
            for number in range(first, count, CLIENTS):
                time.sleep(max(0.0, begun + number / PER_SECOND - time.time()))
                path = f"{self.base}/{self.conversations[number]}/replies/"
                posted[texts[number]] = time.time()
                form = urlencode({"text": texts[number], "client_id": str(uuid4())})
                status, body = connection.send(request_bytes("POST", path, self.headers, form.encode()))
                if status >= 400:
                    raise RuntimeError(f"a reply was answered {status}: {body[:500]!r}")

        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(client, range(CLIENTS)))
        arrived = dict[str, float]()

        def all_there() -> bool:
            arrived.update((one.text, one.at) for one in self.vendor.sent if one.text in posted)
            return len(arrived) == count

        wait_for(all_there, PATIENCE, "every reply at the vendor")
        return [arrived[text] - at for text, at in posted.items()]


# --- the campaign ---


def _campaign(tenant_id: UUID) -> Campaign:
    """A draft that waits for the word."""
    with tenant_scope(tenant_id):
        some, now = Segment.objects.create(name="Cien mil", is_list=True), timezone.now()
        people = Customer.objects.filter(identities__kind="email").order_by("id").values_list("pk", flat=True)
        SegmentMember.objects.bulk_create(
            [SegmentMember(segment=some, customer_id=one, since=now) for one in people[:AUDIENCE]],
            batch_size=10_000,
        )
        return campaign_of("Cien mil", some)


def _go_on(tenant_id: UUID, campaign: Campaign, *, is_first: bool) -> None:
    with tenant_scope(tenant_id):
        act = steering.submit if is_first else steering.resume
        act(campaign=campaign, by=Actor.system())
    if not is_first:
        before = _handed_over(tenant_id, campaign)
        wait_for(lambda: _handed_over(tenant_id, campaign) > before, PATIENCE, "the campaign to go on")


def _rest(tenant_id: UUID, campaign: Campaign) -> None:
    """Pause it, and wait until nothing of it is on its way."""

    def rests() -> bool:
        with tenant_scope(tenant_id):
            return not Recipient.objects.filter(campaign=campaign, state=Recipient.State.SENDING).exists()

    with tenant_scope(tenant_id):
        steering.pause(campaign=Campaign.objects.get(pk=campaign.pk), by=Actor.system())
    wait_for(rests, PATIENCE, "the campaign to rest")


def _handed_over(tenant_id: UUID, campaign: Campaign) -> int:
    with tenant_scope(tenant_id):
        return int(Recipient.objects.filter(campaign=campaign, sent_at__isnull=False).count())
