"""A thousand races of customer, bot, agent and the shop's phone: a person who spoke is not talked over."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from random import Random
from uuid import UUID

import pytest
from django.db import connections

from conversations.actions import thinking
from conversations.actions.echoes import receive_echo
from conversations.actions.messages import receive, send_reply
from conversations.channels.base import InboundEcho, InboundMessage
from conversations.models import Bot, Channel, Conversation, Decision, Message
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.factories.conversations import make_channel
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
RACES = 1_000
LONGEST_PAUSE = 0.02  # seconds
WRITES = [
    "hola, a q hora abren?",
    "están abiertos hoy?",
    "quiero hablar con alguien",
    "ok gracias",
    "¿y los domingos?",
]
PEOPLE = {Message.Author.MEMBER, Message.Author.PHONE}


@pytest.fixture
def hands() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(5) as pool:
        yield pool
        for _ in range(20):
            pool.submit(connections.close_all)


class Race:
    """One conversation in which everybody acts at once."""

    def __init__(self, business: Business, channel: Channel, seed: int) -> None:
        self.random, self.business, self.channel = Random(seed), business, channel
        self.tenant_id, self.visitor, self.seed = business.tenant.id, f"visitor-{seed}", seed
        self.actor: Actor = business.actor()
        self.conversation = self.customer_writes(0)

    def customer_writes(self, number: int) -> UUID:
        item = InboundMessage(
            f"{self.visitor}-{number}", "web", self.visitor, WRITES[(self.seed + number) % len(WRITES)]
        )
        with tenant_scope(self.tenant_id):
            return receive(channel=self.channel, item=item).conversation_id

    def bot_thinks(self) -> None:
        thinking.think(self.tenant_id, self.conversation)

    def agent_answers(self) -> None:
        with tenant_scope(self.tenant_id):
            conversation = Conversation.objects.get(pk=self.conversation)
            send_reply(conversation=conversation, text="Yo le atiendo.", by=self.actor)

    def phone_answers(self) -> None:
        item = InboundEcho(f"echo-{self.visitor}", "web", self.visitor, "Le respondo desde el celular.")
        with tenant_scope(self.tenant_id):
            receive_echo(channel=self.channel, item=item)

    def acts(self) -> list[Callable[[], object]]:
        """The bot's workers twice, more of the customer, and now and then each kind of person."""
        acts: list[Callable[[], object]] = [self.bot_thinks, self.bot_thinks]
        acts.append(lambda: (self.customer_writes(1), self.bot_thinks()))
        if self.random.random() < 0.6:
            acts.append(self.agent_answers)
        if self.random.random() < 0.4:
            acts.append(self.phone_answers)
        self.random.shuffle(acts)
        return [self.paused(act) for act in acts]

    def paused(self, act: Callable[[], object]) -> Callable[[], object]:
        pause = self.random.random() * LONGEST_PAUSE

        def later() -> object:
            time.sleep(pause)
            return act()

        return later


def test_nobody_is_talked_over_and_nothing_is_answered_twice(
    business: Business, hands: ThreadPoolExecutor
) -> None:
    with tenant_scope(business.tenant.id):
        make_article(business)
        Bot.objects.create(is_on=True, name="Tapi")
        channel = make_channel("web")
    spoke: Counter[str] = Counter()
    for seed in range(RACES):
        race = Race(business, channel, seed)
        running: list[Future[object]] = [hands.submit(act) for act in race.acts()]
        for one in running:
            one.result()
        race.bot_thinks()
        with tenant_scope(business.tenant.id):
            rows = Message.objects.seen_by_customer().filter(conversation=race.conversation).order_by("id")
            authors = list(rows.values_list("author_kind", flat=True))
            replies = Decision.objects.filter(conversation=race.conversation).exclude(reply=None)
            answered = list(replies.values_list("reply_id", flat=True))
            with_bot = Conversation.objects.values_list("with_bot", flat=True).get(pk=race.conversation)
        first = next((place for place, author in enumerate(authors) if author in PEOPLE), None)
        assert "bot" not in authors[first + 1 :] if first is not None else True, (seed, authors)
        assert len(answered) == len(set(answered)), seed
        assert authors.count("bot") <= authors.count("customer"), (seed, authors)
        assert first is None or not with_bot, (seed, authors)
        spoke.update(set(authors))
    assert min(spoke["bot"], spoke["member"], spoke["phone"]) > RACES // 10, spoke
