"""Two businesses with rows in every table. One of them holds a word that the other must never see.

`Side.fill()` walks the models: a new one is filled by itself, or `Unfilled` says what is missing here.
"""

import re
from collections.abc import Container, Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, cached_property
from typing import Any
from uuid import UUID

import psycopg
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.utils import timezone
from psycopg import sql

from tenants import doors
from tenants.db.fields import TenantForeignKey
from tenants.kit.secrets import EncryptedJSONField
from tenants.models import DirectoryEntry, Membership
from tenants.permissions import Permission
from tenants.scoping import TenantOwned, tenant_scope, uuid7
from tests import servers
from tests.factories.tenants import Business, make_business, make_member

APPS = ("tenants", "crm", "conversations", "feedback")
Rows = dict[str, list[Any]]
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}")


def into_the_first(rows: Rows) -> Any:
    """The first conversation, for the second alone: that one is merged into it, the others stand alone."""
    made = rows.get("conversations.Conversation", [])
    return made[0] if len(made) == 1 else None


# What a field must hold to make sense, by its name or by model and name; everything else is the word.
# A callable gets the rows made so far.
A_RULE = {"version": 1, "where": {"all": [{"is": "orders.count", "op": "at_least", "n": 0}]}}
A_CUSTOMER = {"questions": [{"wordings": ["?"], "title": "?", "answer": "."}], "known": {}}
PLAIN: dict[str, Any] = {
    "conversations.PracticeRun.scenario": A_CUSTOMER,
    "conversations.PracticeRun.state": {},
    "conversations.PracticeRun.feedback": {},
    "conversations.PracticeTurn.notes": {"question": 0, "seconds": 1.0},
    "crm.Segment.rule": A_RULE,
    "crm.SegmentVersion.rule": A_RULE,
    "channel_kind": "web",
    "content_type": "text/plain",
    "country": "MX",
    "currency": "MXN",
    "language": "es",
    "timezone": "America/Mexico_City",
    "crm.Case.context_id": lambda rows: rows["conversations.Conversation"][-1].id,
    "crm.FollowUp.context_id": lambda rows: rows["conversations.Conversation"][-1].id,
    "crm.TimelineEntry.context_id": lambda rows: rows["conversations.Conversation"][-1].id,
    "crm.TimelineEntry.channel": "web",
    "crm.Customer.last_contact_channel": "web",
    "crm.Attribute.kind": "text",
    "crm.Attribute.options": [],
    "crm.Attribute.work": {},
    "crm.Attribute.work_due_at": None,
    "crm.Preference.evidence": {},
    "crm.Preference.rival": None,
    "crm.Preference.forgotten_at": None,
    "crm.CustomerArchive.state": "ready",
    "crm.CustomerArchive.due_at": None,
    "crm.CustomerArchive.expires_at": timezone.now() + timedelta(days=7),
    "crm.Erasure.removed": {"crm.order": 2},
    "crm.PrivacyNotice.published_at": timezone.now(),
    "crm.PrivacyNotice.texts": {"es": "Aviso"},
    "crm.RelationEnd.relation": lambda rows: rows["crm.Relation"][0],  # one with both its ends
    "crm.Likeness.first": lambda rows: rows["crm.Customer"][0],
    "crm.Likeness.second": lambda rows: last_of_all(rows["crm.Customer"][0]),
    "crm.Likeness.reasons": [{"why": "name", "value": "Ana"}],
    "crm.ConsentPolicy.confirmed_media": ["email"],
    "crm.ExclusionVersion.state": "done",
    "crm.ExclusionVersion.due_at": None,
    "crm.ExclusionVersion.layout": {},
    "crm.ExclusionVersion.refused_lines": [[1, "x"]],
    "crm.SavedView.owner": lambda rows: rows["tenants.Membership"][0] if rows.get("crm.SavedView") else None,
    "crm.SavedView.filters": {},
    "crm.SavedView.sort": "name",
    "crm.SavedView.columns": [],
    "crm.Import.state": "done",
    "crm.Import.format": {},
    "crm.Import.columns": ["Nombre"],
    "crm.Import.sample": [[1, "x"]],
    "crm.Import.mapping": ["name"],
    "crm.Import.options": {},
    "crm.Import.checked": {},
    "crm.Import.counts": {},
    "crm.Import.made": {},
    "crm.Import.reason": "",
    "crm.Import.due_at": None,
    "crm.ImportChunk.counts": {},
    "crm.ImportChunk.problems": [],
    "crm.ImportChunk.journal": {},
    "crm.ImportChunk.seen": b"12345678",
    "crm.ImportMapping.mapping": [],
    "crm.ImportMapping.options": {},
    "crm.Export.state": "done",
    "crm.Export.due_at": None,
    "crm.Export.columns": [],
    "crm.Export.filters": {},
    "crm.CustomerRun.place": "",
    "crm.CustomerRun.action": "company",
    "conversations.Channel.kind": lambda rows: CHANNELS[len(rows.get("conversations.Channel", ()))],
    "conversations.Conversation.merged_into": into_the_first,
    "conversations.Conversation.answers_by": into_the_first,
    "conversations.Channel.findings": [["token", True, ""]],
    "conversations.Template.status": "approved",
    "conversations.Template.components": [{"type": "BODY", "text": "Hola"}],
    # What one member keeps for himself no key of the API finds: the first is everybody's.
    "conversations.Macro.owner": lambda rows: (
        rows["tenants.Membership"][0] if rows.get("conversations.Macro") else None
    ),
    "conversations.ArticleVersion.channel_kinds": [],
    "conversations.ArticleVersion.buttons": [{"title": "Mapa"}],
    "conversations.ArticleVersion.file_ids": [],
    "conversations.Message.kind": "inbound",
    "conversations.Message.author_kind": "customer",
    "conversations.InboundEvent.outcome": "parked",
    "conversations.InboundEvent.due_at": None,
    "conversations.InboundItem.kind": "message",
    "conversations.Macro.actions": [{"do": "priority", "to": 2}],
    "conversations.Rule.trigger": "closed",
    "conversations.Rule.definition": {
        "version": 1,
        "when": {"is": "closed"},
        "if": [],
        "then": [{"do": "priority", "to": 2}],
        "stop": False,
    },
    "conversations.Decision.rules": [{"rule": "asked", "words": "con alguien"}],
    "conversations.Decision.candidates": [],
    "conversations.Handoff.asked": [{"question": "a q hora abren?", "answer": "A las 10.", "did": "answer"}],
    "conversations.Handoff.facts": {"order": "1043"},
    "conversations.Handoff.missing": ["name"],
    "conversations.Promise.kept_at": None,
    "conversations.Promise.withdrawn_at": None,
    "conversations.RehearsalRun.state": "done",
    "conversations.RehearsalRun.due_at": None,
    "conversations.UnansweredRun.state": "done",
    "conversations.UnansweredRun.due_at": None,
    "conversations.UnansweredGroup.settled": "",
    "conversations.Reading.state": "done",
    "conversations.Reading.due_at": None,
    "conversations.Reading.drafts": [{"question": "?", "answer": "."}],
    "conversations.Reading.speaks": "es",
    "conversations.RulesTrial.state": "done",
    "conversations.RulesTrial.due_at": None,
    "conversations.RulesTrial.membership": None,
    "conversations.RulesTrial.rules": {},
    "conversations.RulesTrial.words": [],
    "conversations.SendingPolicy.weekdays": [0, 1, 2, 3, 4, 5],
    "conversations.Campaign.state": "draft",
    "conversations.Campaign.channels": [],
    "conversations.Campaign.include": [],
    "conversations.Campaign.exclude": [],
    "conversations.Campaign.due_at": None,
    "conversations.Campaign.test": "",
    "conversations.Campaign.winner": "",
    "conversations.Campaign.braked": "",
    "conversations.MessageTemplateVersion.contents": {"sms": {"es": {"text": "Hola"}}},
    "conversations.CampaignLink.number": 1,
    "conversations.DomainCheck.asked_at": None,
    "conversations.DomainCheck.findings": [],
    "conversations.Touch.sign": "",
    "conversations.Recipient.state": "sent",
    "conversations.Recipient.reason": "",
    "conversations.ConfirmationStep.minutes": lambda rows: (
        -len(rows.get("conversations.ConfirmationStep", ()))
    ),
    "conversations.Confirmation.state": "sent",
    "conversations.Confirmation.reason": "",
    "conversations.Confirmation.answer": "",
    "conversations.Confirmation.call_at": None,
    "conversations.Confirmation.offered": [],
    "conversations.Agenda.weekdays": [0],
    "conversations.Agenda.due_at": None,
    "conversations.JourneyVersion.content": {"entry": {}, "steps": [], "stops": []},
    "conversations.JourneyPlace.state": "done",
    "conversations.JourneyPlace.due_at": None,
    "conversations.JourneyPlace.facts": {},
    "conversations.JourneyPlace.trail": [],
    "conversations.WorkProfile.languages": ["es"],
    "conversations.WorkProfile.channel_kinds": ["web"],
    "conversations.WorkProfile.label_ids": [],
    "conversations.Reach.is_open": False,
    "feedback.Response.score": 2,
    "tenants.ApiKey.scopes": [permission.value for permission in Permission],
    "tenants.SpecialDay.hours": [],
}
CHANNELS = ("web", "email", "whatsapp")  # one of each; the mailbox and the templates have pages of their own
COPIES = dict.fromkeys(
    (
        "conversations.Channel",
        "conversations.Conversation",
        "conversations.Episode",
        "conversations.Template",
    ),
    len(CHANNELS),
)
# Directly after these, the rest: a row may tell of a conversation that no key asks for.
FIRST = ("conversations.Conversation",)
# One row each is all that a business can have.
SINGLE = (
    "feedback.Survey",
    "crm.Likeness",
    "crm.LikenessScan",
    "crm.RetentionRule",
    "crm.ConsentPolicy",
    "conversations.Bot",
    "conversations.ModelEndpoint",
    "conversations.SendingPolicy",
    "conversations.SlotPolicy",
)
MADE_WITH_THE_BUSINESS = ("tenants.Tenant", "tenants.Membership", "tenants.DirectoryEntry")


def last_of_all(customer: Any) -> Any:
    """A customer whose identifier is behind that of every other, of whatever business: a pair is ordered."""
    made = copy(customer)
    made.pk = UUID(int=uuid7().int | 0xFFFF << 112)
    made.save(force_insert=True)
    return made


class Unfilled(AssertionError):
    """A table of the canary's business stays empty: say in tests/canary/world.py how to fill it."""


def tenant_models() -> list[type[models.Model]]:
    """Every model whose rows belong to one business."""
    return [m for app in APPS for m in apps.get_app_config(app).get_models() if issubclass(m, TenantOwned)]


@cache
def fill_order() -> tuple[type[models.Model], ...]:
    """The models, each behind those it must point at."""
    waiting, done = tenant_models(), {apps.get_model("tenants", "Membership")}
    ordered: list[type[models.Model]] = []
    while waiting:
        ready = [m for m in waiting if all(f.related_model in done | {m} for f in _keys(m) if not f.null)]
        ready = [m for m in ready if _after_first(m, done)] or ready
        ordered += ready
        done |= set(ready)
        waiting = [m for m in waiting if m not in done]
    return tuple(ordered)


def _after_first(model: type[models.Model], done: set[Any]) -> bool:
    names = {m._meta.label for m in done} | {model._meta.label}
    needs = {label for name in PLAIN for label in FIRST if name.startswith(f"{model._meta.label}.context_id")}
    return needs <= names


def _keys(model: type[models.Model]) -> list[TenantForeignKey]:
    return [f for f in model._meta.concrete_fields if isinstance(f, TenantForeignKey)]


@dataclass
class Side:
    """A business, the word its texts hold, its rows by model, and its members' browsers."""

    business: Business
    word: str
    rows: Rows = field(default_factory=dict)
    key: str = ""
    browsers: dict[UUID, Client] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        return self.business.tenant.id

    def fill(self, copies: int = 2, only: Container[str] | None = None) -> "Side":
        """Rows in every table of the business, or in some. Raises `Unfilled`."""
        self.rows["tenants.Membership"] = [self.business.owner, self.business.agent]
        with tenant_scope(self.id):
            for model in fill_order():
                label = model._meta.label
                if only is not None and label not in only:
                    continue
                self.rows.pop(label, None)
                for number in range(1 if label in SINGLE else COPIES.get(label, copies)):
                    self.rows.setdefault(label, []).append(self._make(model, number))
            if only is None:
                self._open_doors()
        return self

    def beside(self, word: str, only: Container[str]) -> "Side":
        """More rows of the same business with another word, in some tables; the rest are the same rows."""
        return Side(self.business, word, dict(self.rows), self.key).fill(only=only)

    def _make(self, model: type[models.Model], number: int) -> Any:
        if model._meta.label in SINGLE and (found := model._default_manager.first()):
            return found
        row = model()
        for column in model._meta.concrete_fields:
            if column.name in ("id", "tenant"):
                continue
            value = self._value(model, column, number)
            if value is not models.NOT_PROVIDED:
                setattr(row, column.attname if isinstance(value, UUID) else column.name, value)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise Unfilled(f"{model._meta.label}: {error}") from error
        return row

    def _value(self, model: type[models.Model], column: Any, number: int) -> Any:
        for name in (f"{model._meta.label}.{column.name}", column.name):
            if name in PLAIN:
                wanted = PLAIN[name]
                return wanted(self.rows) if callable(wanted) else wanted
        if isinstance(column, TenantForeignKey):
            found = self.rows.get(column.related_model._meta.label, [])
            return found[number % len(found)] if found else models.NOT_PROVIDED
        return self._invented(column, number)

    def _invented(self, column: Any, number: int) -> Any:  # noqa: PLR0911, PLR0912 -- one case per kind
        text = f"{self.word}-{column.name}-{number}"
        match column:
            case _ if column.choices or isinstance(column, models.BooleanField):
                return models.NOT_PROVIDED if column.has_default() else (column.choices or [(False,)])[0][0]
            case models.FileField():
                return ContentFile(text.encode(), name="canary.txt")
            case models.EmailField():
                return f"{text}@example.com".replace("_", "-").lower()
            case models.CharField() | models.TextField():
                return (
                    text[: column.max_length]
                    if (column.max_length or 99) > len(self.word)
                    else models.NOT_PROVIDED
                )
            case ArrayField(base_field=models.UUIDField()):
                return []
            case ArrayField():
                return [text]
            case EncryptedJSONField():
                return {"password": text}
            case models.JSONField():
                return [{"name": text}] if column.get_default() == [] else {"text": text}
            case models.BinaryField():
                return text.encode()
            case _ if column.has_default() or column.null or getattr(column, "auto_now", 0):
                return models.NOT_PROVIDED
            case _ if getattr(column, "auto_now_add", False):
                return models.NOT_PROVIDED
            case models.DateTimeField():
                return timezone.now() + timedelta(hours=number)
            case models.DateField():
                return timezone.localdate() + timedelta(days=number)
            case models.UUIDField():
                return uuid7()
            case _:
                return 1 + number

    def _open_doors(self) -> None:
        """A key with all scopes, and the doors of the channels."""
        self.key = doors.new_secret()
        api_key = self.rows["tenants.ApiKey"][0]
        kind = DirectoryEntry.Kind
        doors.register(kind.API_KEY, doors.fingerprint(self.key), tenant_id=self.id, target_id=api_key.id)
        for channel in self.rows["conversations.Channel"]:
            doors.set_channel(channel.id, tenant_id=self.id, token=self.word)

    def first(self, label: str) -> Any:
        """A row of a model."""
        return self.rows[label][0]

    def client(self, membership: Membership | None = None) -> Client:
        """A browser of a member, the owner unless told otherwise; a failing view answers 500."""
        membership = membership or self.business.owner
        known = self.browsers.get(membership.pk)
        if known is None or not known.session.exists(known.session.session_key or ""):
            known = self.browsers[membership.pk] = self.business.client(membership)
        browser = Client(raise_request_exception=False)
        browser.cookies = copy(known.cookies)
        return browser


def person(side: Side, role: str, sees: str, word: str) -> Membership:
    """One more member, named by a word."""
    with tenant_scope(side.id):
        return make_member(side.business.tenant, role, sees=sees, name=word)


def make_side(name: str, word: str) -> Side:
    """A filled business whose people bear its word too."""
    business = make_business(name)
    for membership in (business.owner, business.agent):
        membership.user.name = f"{word} {membership.role}"
        membership.user.email = f"{word}-{membership.role}@example.com"
        membership.user.save()
    return Side(business, word).fill()


# --- looking at everything, past row-level security ---


@cache
def tables() -> list[str]:
    """Every table with rows of businesses."""
    with servers.superuser(servers.DATABASE) as db:
        rows = db.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'tenant_id' ORDER BY 1"
        ).fetchall()
    return [row[0] for row in rows]


def snapshot(side: Side, db: psycopg.Connection) -> dict[str, tuple[int, str]]:
    """How many rows each table has of a business, and their checksum, seen past row-level security."""
    each = sql.SQL(
        "SELECT {name}, count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
        " FROM {table} t WHERE {column} = %(tenant)s"
    )
    columns = {**dict.fromkeys(tables(), "tenant_id"), "tenants_tenant": "id"}
    query = sql.SQL(" UNION ALL ").join(
        each.format(name=sql.Literal(table), table=sql.Identifier(table), column=sql.Identifier(column))
        for table, column in columns.items()
    )
    rows = db.execute(query, {"tenant": side.id}).fetchall()
    return {table: (count, total) for table, count, total in rows}


def ids_of(side: Side) -> set[str]:
    """Every id of a business: of its rows, its people and itself."""
    found = {str(side.id)}
    with servers.superuser(servers.DATABASE) as db:
        for table in tables():
            query = sql.SQL("SELECT id::text FROM {} WHERE tenant_id = %s").format(sql.Identifier(table))
            found |= {row[0] for row in db.execute(query, [side.id]).fetchall() if len(row[0]) == 36}
        people = "SELECT user_id::text FROM tenants_membership WHERE tenant_id = %s"
        found |= {row[0] for row in db.execute(people, [side.id]).fetchall()}
    return found


@dataclass
class Watch:
    """What may appear nowhere: the word, the slug and every id of a business."""

    words: frozenset[str]
    ids: frozenset[str]

    @classmethod
    def over(cls, side: Side) -> "Watch":
        return cls(frozenset({side.word, side.business.tenant.slug}), frozenset(ids_of(side)))

    @cached_property
    def needles(self) -> frozenset[str]:
        """The ids, with and without their dashes."""
        return self.ids | {i.replace("-", "") for i in self.ids}

    def found_in(self, text: str, sent: Iterable[str] = ()) -> list[str]:
        """The needles in a text, but those that the visitor sent himself."""
        found = (self.needles & set(ID.findall(text))) | {word for word in self.words if word in text}
        return sorted(found - set(sent) - {i.replace("-", "") for i in sent})
