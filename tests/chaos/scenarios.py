"""Each kills something at the worst moment, or at any, and then compares both ends of the ledger."""

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import psycopg

from bench.stack import wait_for
from tests.chaos import automatic
from tests.chaos.attacks import freeze_worker, hit_beat, hit_postgres, hit_valkey, hit_web, hit_worker
from tests.chaos.campaigns import campaign_killed
from tests.chaos.confirmations import confirmations_killed
from tests.chaos.outcome import Outcome, together
from tests.chaos.streets import Streets, marker
from tests.chaos.traffic import Accepted, Traffic
from tests.chaos.world import Broken, Reply, World
from tests.vendors.ledger.server import Mood
from tests.vendors.stand_in import Mood as VendorMood

REACH_LIMIT = 30.0  # seconds until a message is where the scenario wants it
CHILDREN = 2  # of the worker: so many messages are on their way at once

Scenario = Callable[[World], Outcome]


# --- the outbox ---


def killed_before_mark(world: World) -> Outcome:
    """The worker dies after the claim, before it notes that the vendor is being called."""
    return _worker_killed(world, Mood.HANGS_AT_IDS, expects_unknown=False)


def killed_after_vendor_took(world: World) -> Outcome:
    """The vendor has the message and is silent; the worker dies before it can settle."""
    return _worker_killed(world, Mood.HANGS_AFTER, expects_unknown=True)


def killed_before_vendor_took(world: World) -> Outcome:
    """The worker dies while the vendor has the call, but not the message."""
    return _worker_killed(world, Mood.HANGS_BEFORE, expects_unknown=True)


def _worker_killed(world: World, mood: Mood, *, expects_unknown: bool) -> Outcome:
    world.open_business(str(mood))
    conversations = world.open_conversations("ledger", 8)
    world.vendor.become(mood)
    replies = [world.reply(one) for one in conversations for _ in range(2)]
    wait_for(lambda: world.vendor.hanging >= CHILDREN, REACH_LIMIT, "the worker to reach the vendor")
    world.kill_worker()
    world.vendor.calm_down()
    restarted = world.restart_worker()
    if expects_unknown:
        _expect_unknown_in_between(world)
    world.wait_until_settled()
    return _of_ledger(world, replies, restarted)


def _expect_unknown_in_between(world: World) -> None:
    """What was being handed over is shown as unknown before the vendor has been asked."""
    query = "SELECT count(*) FROM conversations_delivery WHERE status = 'unknown'"
    wait_for(lambda: int(world.one(query)) > 0, REACH_LIMIT, "the deliveries to become unknown")


def vendor_in_moods(world: World) -> Outcome:
    """Slow answers, 429, 500 before and after it took the message, 409 for what it has."""
    world.open_business("moods")
    conversations = world.open_conversations("ledger", 12)
    world.vendor.become(Mood.FICKLE)
    replies = [world.reply(one) for _ in range(3) for one in conversations]
    sent = time.monotonic()
    world.wait_until_settled()
    world.vendor.calm_down()
    return _of_ledger(world, replies, sent)


def worker_paused_past_lease(world: World) -> Outcome:
    """The worker stops (SIGSTOP) while the vendor has the message, longer than its lease, and goes on."""
    world.open_business("paused")
    conversations = world.open_conversations("ledger", 6)
    world.vendor.become(Mood.HANGS_AFTER)
    replies = [world.reply(one) for one in conversations]
    wait_for(lambda: world.vendor.hanging >= CHILDREN, REACH_LIMIT, "the worker to reach the vendor")
    world.workers[0].send(signal.SIGSTOP)
    with world.helped():
        world.vendor.calm_down()
        time.sleep(6)
        world.workers[0].send(signal.SIGCONT)
        resumed = time.monotonic()
        world.wait_until_settled()
    return _of_ledger(world, replies, resumed)


def mail_killed_while_handed_over(world: World) -> Outcome:
    """A mail server has the mail and says nothing; the worker dies: unknown, until a person resends."""
    world.open_business("mail")
    conversations = world.open_conversations("email", 6)
    world.mail.hangs = True
    before = set(world.mail.taken)
    replies = [reply for one in conversations if (reply := world.reply(one))]
    wait_for(lambda: world.mail.hanging >= CHILDREN, REACH_LIMIT, "the worker to hand over mails")
    world.kill_worker()
    world.mail.hangs = False
    restarted = world.restart_worker()
    world.wait_until_settled()
    recovered = time.monotonic() - restarted
    taken = {one: count for one, count in world.mail.taken.items() if one not in before}
    unknown = world.statuses().get("unknown", 0)
    lost, doubled = len(replies) - len(taken), sum(taken.values()) - len(taken)
    if unknown != CHILDREN:
        raise Broken(f"{CHILDREN} mails were being handed over, but {unknown} are shown as unknown")
    _resend_all(world, unknown)
    return Outcome(len(replies), lost, doubled, unknown, recovered)


def _resend_all(world: World, unknown: int) -> None:
    """One act each: the mail arrives once more, under the Message-ID it had."""
    shown = world.call("GET", "/deliveries/?status=unknown")["data"]
    if len(shown) != unknown:
        raise Broken(f"the API shows {len(shown)} unknown deliveries instead of {unknown}")
    ids_before, mails_before = set(world.mail.taken), sum(world.mail.taken.values())
    for delivery in shown:
        world.call("POST", f"/deliveries/{delivery['id']}/resend/")
    world.wait_until_settled()
    arrived = sum(world.mail.taken.values()) - mails_before
    if arrived != unknown or set(world.mail.taken) != ids_before or world.statuses().get("unknown"):
        raise Broken(f"resending {unknown} brought {arrived} mails, or new Message-IDs")


def _of_ledger(world: World, replies: list[Reply | None], since: float) -> Outcome:
    """Compare what the API accepted with what the vendor took."""
    recovered = time.monotonic() - since
    keys = [reply.delivery_id for reply in replies if reply]
    lost = sum(1 for key in keys if not world.vendor.taken[key])
    doubled = sum(world.vendor.taken[key] - 1 for key in keys if world.vendor.taken[key])
    statuses = world.statuses()
    if statuses.get("sent", 0) != len(keys):
        raise Broken(f"{len(keys)} accepted, but the tables say {statuses}")
    return Outcome(len(keys), lost, doubled, statuses.get("unknown", 0), recovered)


# --- what comes in ---


def worker_killed_again_and_again(world: World) -> Outcome:
    """The worker dies every other second while messages pour in."""
    door = world.open_business("kills")
    with Traffic(door, world.seed, retries=False) as traffic:
        for _ in range(6):
            time.sleep(world.chance.uniform(0.4, 3.0))
            world.kill_worker()
            restarted = world.restart_worker()
    return _of_inbound(world, traffic, restarted)


def bot_killed_while_it_answers(world: World) -> Outcome:
    """The worker dies every other second while the bot answers: each message is answered at most once."""
    door = world.open_business("bot")
    world.turn_bot_on()
    with Traffic(door, world.seed, retries=False) as traffic:
        for _ in range(6):
            time.sleep(world.chance.uniform(0.4, 3.0))
            world.kill_worker()
            restarted = world.restart_worker()
    inbound = _of_inbound(world, traffic, restarted)
    unanswered, twice = world.count_answers()
    return replace(inbound, lost=inbound.lost + unanswered, doubled=inbound.doubled + twice)


def valkey_killed(world: World) -> Outcome:
    """Valkey is gone for seconds: every post is accepted all the same, and the sweeper finds them."""
    door = world.open_business("valkey")
    with Traffic(door, world.seed, retries=False) as traffic:
        time.sleep(world.chance.uniform(1.0, 4.0))
        world.kill_valkey()
        time.sleep(world.chance.uniform(2.0, 4.0))
        restarted = world.start_server_again(world.stack.valkey)
        time.sleep(world.chance.uniform(1.0, 3.0))
    if traffic.accepted.refused:
        raise Broken(f"{traffic.accepted.refused} posts were refused while Valkey was gone")
    return _of_inbound(world, traffic, restarted)


def postgres_killed(world: World) -> Outcome:
    """PostgreSQL dies twice; clients try again until accepted, and what was accepted is there."""
    door = world.open_business("postgres")
    with Traffic(door, world.seed, retries=True) as traffic:
        for _ in range(2):
            time.sleep(world.chance.uniform(1.5, 4.0))
            world.kill_postgres()
            time.sleep(world.chance.uniform(0.0, 2.0))
            restarted = world.start_server_again(world.stack.postgres)
        time.sleep(2)
    return _of_inbound(world, traffic, restarted)


def everything_twice(world: World) -> Outcome:
    """Two workers, two clocks, sweeps all the time, and in the end every bell twice more.

    Meanwhile a campaign, reminders and a journey go out.
    """
    from conversations.tasks import sweep

    door = world.open_business("twice")
    conversations = world.open_conversations("ledger", 10)
    second_beat = world.stack.beat("second-beat")
    with world.helped():
        automatic.begin(world)
        with Traffic(door, world.seed, retries=False) as traffic:
            replies = []
            for one in conversations * 2:
                replies.append(world.reply(one))
                sweep.apply_async(retry=False)
                automatic.ring(world)
                time.sleep(world.chance.uniform(0.1, 0.6))
        ended = time.monotonic()
        world.wait_until_settled()
        automatic.rest(world)
        recovered = time.monotonic() - ended
        _ring_again(world)
        inbound, outbound = _of_inbound(world, traffic, ended), _of_ledger(world, replies, ended)
        said = automatic.outcome(world, recovered)
    second_beat.stop()
    return replace(together(together(inbound, outbound), said), recovery_s=recovered)


def _ring_again(world: World) -> None:
    """Ring for everything that is done, twice at once, and wait until the workers heard it all."""
    from conversations.tasks import deliver, process_inbound

    tenant = world.business["tenant_id"]
    for _ in range(2):
        for _event in world.rows("SELECT FROM conversations_inboundevent WHERE tenant_id = %s", tenant):
            process_inbound.apply_async((tenant,), retry=False)
        for (row_id,) in world.rows("SELECT id FROM conversations_delivery WHERE tenant_id = %s", tenant):
            deliver.apply_async((tenant, str(row_id)), retry=False)
        automatic.ring(world)
    wait_for(lambda: world.waiting_bells() == 0, REACH_LIMIT, "the workers to hear every bell")
    time.sleep(1)  # for those that were just taken


def storm(world: World) -> Outcome:
    """Everything dies or freezes at random while messages go both ways."""
    door = world.open_business("storm")
    conversations = world.open_conversations("ledger", 20)
    world.vendor.become(Mood.FICKLE)
    attacks = [hit_worker, hit_worker, hit_beat, hit_web, hit_valkey, hit_postgres, freeze_worker]
    world.chance.shuffle(attacks)
    replies = []
    with Traffic(door, world.seed, retries=True) as traffic:
        for attack in attacks:
            replies.append(world.reply(conversations[len(replies)], retries=True))
            time.sleep(world.chance.uniform(0.3, 1.5))
            attack(world)
            replies.append(world.reply(conversations[len(replies)], retries=True))
    calm = time.monotonic()
    world.vendor.calm_down()
    inbound = _of_inbound(world, traffic, calm)
    found = [Reply(one.message_id, world.one(DELIVERY, one.message_id)) for one in replies if one]
    return together(inbound, _of_ledger(world, list(found), calm))


def every_channel(world: World) -> Outcome:
    """3,000 messages in and 1,000 answers out over every vendor's channel, while everything dies at random.

    A vendor that answers 500 or nothing may have taken the message: such an answer is shown as unknown.
    """
    world.open_business("streets")
    streets = Streets(world.stack.web_socket, world.town, world.open_channels(), world.seed, INBOUND)
    streets.start()
    answers = Answers(world, OUTBOUND)
    answers.start()
    attacks = [hit_worker, hit_beat, hit_web, hit_valkey, hit_postgres, freeze_worker, hit_worker]
    world.chance.shuffle(attacks)
    for attack in attacks:
        time.sleep(world.chance.uniform(1.0, 5.0))
        moody = world.chance.choice(list(world.town.vendors.values()))
        moody.slowness = 1.0
        moody.become(world.chance.choice([VendorMood.SLOW, VendorMood.THROTTLES, VendorMood.BREAKS]))
        attack(world)
        world.raise_the_dead()
        moody.calm_down()
    streets.join()
    answers.join()
    calm = time.monotonic()
    world.wait_until_settled(LONG_SETTLE_LIMIT)
    recovered = time.monotonic() - calm
    lost, doubled = world.count_texts(streets.posted.texts)
    gone = _of_vendors(world, streets, answers.accepted)
    accepted = len(streets.posted.texts) + len(answers.accepted)
    return Outcome(accepted, lost + gone.lost, doubled + gone.doubled, gone.unknown, recovered)


def _of_vendors(world: World, streets: Streets, accepted: dict[str, str]) -> Outcome:
    """Compare every accepted answer with what the vendors took; what failed must say why."""
    taken, found = streets.taken(), dict(world.rows(ENDS, world.business["tenant_id"]))
    if len(accepted) < OUTBOUND or any(text not in found for text in accepted):
        raise Broken(f"{len(accepted)} answers were accepted, {len(found)} are kept")
    ends = {text: found[text] for text in accepted}
    gone = {"sent", "delivered", "read"}
    lost = sum(1 for text, end in ends.items() if end in gone and not taken[text])
    doubled = sum(count - 1 for count in taken.values() if count > 1)
    failed = [text for text, end in ends.items() if end not in {*gone, "unknown"}]
    if failed:
        raise Broken(f"{len(failed)} answers ended as {Counter(ends[text] for text in failed)}")
    return Outcome(len(accepted), lost, doubled, sum(end == "unknown" for end in ends.values()), 0)


class Answers(threading.Thread):
    """Somebody who answers whoever wrote, until so many answers are accepted."""

    def __init__(self, world: World, wanted: int) -> None:
        super().__init__(daemon=True)
        self.world, self.wanted = world, wanted
        self.accepted: dict[str, str] = {}  # message ids by text
        self.chance = random.Random(world.seed)

    def run(self) -> None:
        while len(self.accepted) < self.wanted:
            with suppress(psycopg.OperationalError):
                known = self.world.rows(CONVERSATIONS, self.world.business["tenant_id"])
                for (one,) in self.chance.sample(known, min(len(known), 20)):
                    text = marker()
                    if reply := self.world.reply(one, text, retries=True):
                        self.accepted[text] = reply.message_id
            time.sleep(0.05)


INBOUND, OUTBOUND = 3_000, 1_000
LONG_SETTLE_LIMIT = 480.0  # seconds: the vendors take so many a second and no more
CONVERSATIONS = "SELECT id FROM conversations_conversation WHERE tenant_id = %s"
ENDS = """
SELECT m.text, d.status FROM conversations_message m JOIN conversations_delivery d ON d.message_id = m.id
WHERE m.tenant_id = %s AND m.kind = 'outbound'
"""
DELIVERY = "SELECT id FROM conversations_delivery WHERE message_id = %s"


def _of_inbound(world: World, traffic: Traffic, since: float) -> Outcome:
    """Compare what was acknowledged with the messages there are."""
    accepted: Accepted = traffic.accepted
    if not len(accepted):
        raise Broken("nothing was accepted at all")
    world.wait_until_settled()
    recovered = time.monotonic() - since
    lost, doubled = world.count_inbound(accepted)
    return Outcome(len(accepted), lost, doubled, 0, recovered)


SCENARIOS: dict[str, Scenario] = {
    scenario.__name__: scenario
    for scenario in (
        killed_before_mark,
        killed_after_vendor_took,
        killed_before_vendor_took,
        worker_paused_past_lease,
        mail_killed_while_handed_over,
        vendor_in_moods,
        worker_killed_again_and_again,
        bot_killed_while_it_answers,
        valkey_killed,
        postgres_killed,
        everything_twice,
        storm,
        every_channel,
        campaign_killed,
        confirmations_killed,
    )
}
# Whose unknown deliveries stay so until a person decides.
UNKNOWN_IS_MEANT = {
    "mail_killed_while_handed_over",
    "every_channel",
    "campaign_killed",
    "confirmations_killed",
}
