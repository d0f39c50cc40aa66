"""Loads the demo: two businesses of one owner, their people, and everything that happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from config.demo import (
    automation,
    bot,
    cafe,
    calls,
    campaigns,
    catalogue,
    confirmations,
    consents,
    desk,
    doubles,
    facts,
    imports,
    knowledge,
    later,
    message_templates,
    messengers,
    past,
    people,
    privacy,
    promises,
    segments,
    sending,
    stories,
    teaching,
    templates,
    views,
    wares,
)
from config.demo.clock import Clock
from config.demo.odd_mail import put_odd_mail
from config.demo.records import put_records
from config.demo.registry import put_customers, put_orders
from config.demo.rows import date_back
from config.demo.script import DAY, Colleague, Step, Story, story
from config.demo.stage import Stage
from config.demo.teller import Teller
from conversations.actions.canned_replies import save_canned_reply
from conversations.actions.channels import update_channel
from conversations.models import CannedReply, Channel
from crm.actions.labels import create_label
from feedback.actions.surveys import current_survey
from tenants import doors
from tenants.actions.api_keys import create_api_key
from tenants.actions.businesses import create_business, set_special_day, update_business
from tenants.actions.teams import create_team
from tenants.actors import Actor
from tenants.hours import calendar_of, day_of
from tenants.models import AuditEvent, DirectoryEntry, Membership, SpecialDay, Tenant, User
from tenants.permissions import Permission
from tenants.scoping import tenant_scope

DOOR = "demo:shop"  # leads to the shop's chat, for the page that carries it
CUSTOMERS, ORDERS = 300, 460
OPENED = timedelta(days=410)  # ago
CLOSED = 5  # so many days in a row the shop is shut at most


@dataclass(frozen=True, slots=True)
class Opened:
    """A business that has opened and knows nobody yet."""

    tenant: Tenant
    owner: Membership
    colleagues: list[Colleague]
    labels: dict[str, str]
    site: str


@transaction.atomic
def load(now: datetime, readers: int = 0) -> None:
    """Make both businesses as they are at a moment. The database must have no business yet.

    `readers` are so many more people, to whom a campaign goes out at once.
    """
    owner = _user(people.COLLEAGUES[0], "es")
    membership = _mirasol(owner, now)
    _cafe(owner, now)
    if readers:
        campaigns.begin(membership, readers, now)


def _user(colleague: Colleague, language: str) -> User:
    """A person who can log in, with an address that counts as verified."""
    user = User.objects.create_user(colleague.email, people.PASSWORD, name=colleague.name, language=language)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def _mirasol(owner: User, now: datetime) -> Membership:
    membership = create_business(name="Bicis Mirasol", country="MX", owner=owner)
    opened = Opened(
        membership.tenant, membership, people.COLLEAGUES, desk.LABELS, "https://bicismirasol.example"
    )
    with tenant_scope(membership.tenant_id), translation.override("es"):
        weekdays = {
            day: [["10:00", "14:00"], ["16:00", "19:00"]] for day in ("mon", "tue", "wed", "thu", "fri")
        }
        _profile(
            opened,
            region="JAL",
            accent="#b4540a",
            address="Andrés Terán 510, Santa Tere, Guadalajara",
            hours={**weekdays, "sat": [["10:00", "15:00"]], "sun": []},
        )
        messengers.open_messengers(Actor.of_membership(opened.owner))
        templates.write_templates()
        stage = _stage(opened, now, Random("mirasol"))
        _special_days(opened, stage.clock)
        _furnish(opened, stage, desk.CANNED, desk.GREETING)
        automation.furnish(stage, membership)
        knowledge.furnish(membership, knowledge.MIRASOL, "es")
        knowledge.draft_prices(membership)
        wares.furnish(membership, catalogue.PRODUCTS, opened.site)
        bot.furnish(stage, membership)
        sending.furnish(membership)
        message_templates.mirasol(membership)
        put_customers(stage, people.customers(CUSTOMERS, stage.clock.random))
        put_orders(stage, desk.ORDERS, ORDERS, catalogue.BY_NAME, catalogue.CURRENCY)
        put_records(stage)
        _tell(stage, [*stories.STORIES, *_past(stage), *messengers.STORIES, *bot.STORIES, *teaching.STORIES])
        put_odd_mail(stage)
        calls.tell(stage, Actor.of_membership(opened.owner))
        _write(opened, stage)
        known = set(AuditEvent.objects.values_list("pk", flat=True))
        promises.furnish(stage, membership)
        teaching.furnish(stage, membership)
        facts.furnish(stage, membership)
        views.save_views(stage, membership, views.MIRASOL, views.DIEGO)
        consents.furnish(stage, membership)
        doubles.furnish(stage, membership)
        privacy.furnish(stage, membership)
        known |= imports.furnish(stage, membership)
        segments.furnish(stage, membership)
        campaigns.furnish(stage, membership)
        confirmations.furnish(stage, membership)
        _date_back(AuditEvent.objects.exclude(pk__in=known), stage.clock, stage.clock.now - OPENED / 2)
        automation.tell(stage)
        later.plan(membership)
        doors.register(
            DirectoryEntry.Kind.ADDRESS,
            DOOR,
            tenant_id=opened.tenant.pk,
            target_id=stage.channels["web"].pk,
            label=opened.tenant.slug,
        )
    return membership


def _cafe(owner: User, now: datetime) -> None:
    membership = create_business(name="Café Ipê Amarelo", country="BR", owner=owner)
    opened = Opened(membership.tenant, membership, cafe.COLLEAGUES, cafe.LABELS, "https://ipeamarelo.example")
    with tenant_scope(membership.tenant_id), translation.override("pt-br"):
        week = {day: [["08:00", "19:00"]] for day in ("tue", "wed", "thu", "fri", "sat", "sun")}
        _profile(
            opened,
            region="SP",
            accent="#a16207",
            address="Rua Aspicuelta 310, Vila Madalena, São Paulo",
            hours={**week, "mon": []},
        )
        stage = _stage(opened, now, Random("ipe"))
        _furnish(opened, stage, cafe.CANNED, cafe.GREETING)
        knowledge.furnish(membership, knowledge.CAFE, "pt-br")
        wares.furnish(membership, cafe.PRODUCTS, opened.site)
        message_templates.cafe(membership)
        put_customers(stage, cafe.CUSTOMERS)
        prices = {product.name: product for product in cafe.PRODUCTS}
        put_orders(stage, cafe.ORDERS, 0, prices, cafe.CURRENCY)
        _tell(stage, cafe.STORIES)
        _write(opened, stage)
        facts.furnish(stage, membership)
        views.save_views(stage, membership, views.CAFE)


def _profile(opened: Opened, **profile: object) -> None:
    by = Actor.of_membership(opened.owner)
    update_business(
        tenant=opened.tenant, by=by, keeps_holidays=True, is_demo=True, has_help_centre=True, **profile
    )


def _stage(opened: Opened, now: datetime, random: Random) -> Stage:
    """The business with its people, teams and labels."""
    by = Actor.of_membership(opened.owner)
    members = {opened.colleagues[0].key: opened.owner}
    for colleague in opened.colleagues[1:]:
        user = _user(colleague, opened.tenant.language)
        members[colleague.key] = Membership.objects.create(
            tenant=opened.tenant, user=user, role=colleague.role, sees=colleague.sees
        )
    names = dict.fromkeys(team for colleague in opened.colleagues for team in colleague.teams)
    teams = {
        name: create_team(
            name=name, by=by, members=[members[c.key] for c in opened.colleagues if name in c.teams]
        )
        for name in names
    }
    return Stage(
        tenant=opened.tenant,
        clock=Clock(now, calendar_of(opened.tenant, SpecialDay.objects.all()), random),
        members=members,
        teams=teams,
        labels={name: create_label(name=name, color=color, by=by) for name, color in opened.labels.items()},
        channels={channel.kind: channel for channel in Channel.objects.all()},
        site=opened.site,
    )


def _special_days(opened: Opened, clock: Clock) -> None:
    """A Sunday of its own and a day of stocktaking, both ahead."""
    by, today = Actor.of_membership(opened.owner), clock.now.astimezone(clock.calendar.zone).date()
    sunday = today + timedelta(days=(6 - today.weekday()) % 7 + 14)
    later = (today + timedelta(days=ahead) for ahead in range(25, 60))
    stocktaking = next(day for day in later if day_of(clock.calendar, day).intervals)
    for day, name, hours in (
        (sunday, "Rodada de aniversario", [["07:00", "13:00"]]),
        (stocktaking, "Inventario", []),
    ):
        set_special_day(special_day=SpecialDay(date=day, name=name, hours=hours), by=by)


def _furnish(opened: Opened, stage: Stage, canned: Iterable[tuple[str, str, str]], greeting: str) -> None:
    """What an owner sets up in the first days."""
    by = Actor.of_membership(opened.owner)
    update_channel(channel=stage.channels["web"], by=by, settings={"greeting": greeting})
    update_channel(channel=stage.channels["email"], by=by, settings={"sender_name": opened.tenant.name})
    for shortcut, title, body in canned:
        save_canned_reply(reply=CannedReply(shortcut=shortcut, title=title, body=body), by=by)
    create_api_key(name="Punto de venta", by=by, scopes=[Permission.ORDERS_WRITE, Permission.CUSTOMERS_WRITE])


def _past(stage: Stage) -> list[Story]:
    """Scripts of the past, each played by several customers on days of the last year."""
    random = stage.clock.random
    named = {shopper.name for shopper in people.NAMED}
    free = [name for name in stage.customers if name not in named]
    scripts: list[tuple[str, tuple[Step, ...]]] = [("", steps) for steps in past.WEB for _again in range(3)]
    scripts += [script for script in past.EMAIL for _again in range(3)]
    found = []
    for subject, steps in scripts:
        lasts = sum(step.after for step in steps) / DAY
        days = random.triangular(6 + 2 * lasts, 320, 60)
        known = [name for name in free if stage.clock.days_since(stage.customers[name].pk) > days + CLOSED]
        if subject:
            known = [name for name in known if (stage.customers[name].pk, "email") in stage.addresses]
        who = random.choice(known)
        free.remove(who)
        found.append(_replayed(random, who, days, subject, steps))
    return found


def _replayed(random: Random, who: str, days: float, subject: str, steps: tuple[Step, ...]) -> Story:
    product = random.choice([product for product in catalogue.PRODUCTS if product.kind == "part"])
    return story(
        who,
        "email" if subject else "web",
        *steps,
        subject=subject,
        days=days,
        agent=random.choices(["diego", "paulina", "tono", "marcela"], [40, 34, 20, 6])[0],
        team=random.choice(["Ventas", "Ventas", "Taller"]),
        words={
            "articulo": product.name[0].lower() + product.name[1:],
            "Articulo": product.name,
            "precio": f"${product.price:,}",
            "orden": f"W-{random.randint(1_010, 1_400)}",
        },
    )


def _tell(stage: Stage, told: Iterable[Story]) -> None:
    teller = Teller(stage, current_survey())
    for one in told:
        teller.tell(one)
    for secret, invitation in teller.links:
        doors.register(
            DirectoryEntry.Kind.RATING,
            doors.fingerprint(secret),
            tenant_id=stage.tenant.pk,
            target_id=invitation.pk,
            expires_at=invitation.expires_at,
        )


def _date_back(audited: QuerySet[AuditEvent], clock: Clock, began: datetime) -> None:
    """Let what the owner has just set up have been set up then, one thing after the other."""
    for number, event in enumerate(audited.order_by("id")):
        AuditEvent.objects.filter(pk=event.pk).update(id=clock.id_at(began + timedelta(minutes=2 * number)))
    date_back(AuditEvent)


def _write(opened: Opened, stage: Stage) -> None:
    """Save what was collected, and let the business be as old as its history."""
    clock = stage.clock
    began = clock.now - OPENED
    _date_back(AuditEvent.objects.all(), clock, began)
    stage.rows.save()
    Tenant.objects.update(created_at=began)
    Membership.objects.update(created_at=began)
    Channel.objects.update(created_at=began)
