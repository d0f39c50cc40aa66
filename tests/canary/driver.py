"""Asking for every address with ids of our choice, and reading everything that comes back."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client, TestCase
from django.urls.converters import UUIDConverter

from tenants.scoping import tenant_scope
from tests.canary.world import Side, Watch, tables, tenant_models
from tests.guards.addresses import Address

# Parameters that are called otherwise than the model they name.
ALIASES = {
    "key": "apikey",
    "member": "membership",
    "note": "customernote",
    "event": "inboundevent",
    "reply": "cannedreply",
    "policy": "slapolicy",
    "slapolicies": "slapolicy",
    "run": "bulkrun",
    "bulk": "bulkrun",
    "customerview": "savedview",
    "merge": "conversationmerge",
    "pair": "likeness",
    "other": "customer",
    "likenesses": "likeness",
    "mail": "notificationmail",
    "version": "exclusionversion",
    "archive": "customerarchive",
    "request": "privacyrequest",
    "knowledge": "article",
    "group": "unansweredgroup",
    "unanswered": "unansweredgroup",
    "gathering": "unansweredrun",
    "rehearsal": "rehearsalrun",
    "review": "decision",
    "trial": "rulestrial",
    "by": "membership",
    "to": "membership",
    "like": "customer",
}
# Parameters that name no row.
STANDINS = {
    "tenant_slug": "",
    "step": "channel",
    "token": "no-such-token",
    "name": "nothing",
    "vendor": "google",
    "shop": "nobody",
    "version": 1,
    "kind": "email",
    "medium": "email",
    "purpose": "promotion",
    "act": "say",
    "words": "nothing",
    "number": 1,
    "key": "nothing",
    "secret": "nothing",
    "picture_id": UUID(int=1),
}
# Where the same word names another model.
OTHERS = {
    "customers/merges/": "crm.CustomerMerge",
    "customers/bulk/": "crm.CustomerRun",
    "bot/rules/trial/": "conversations.RulesTrial",
    "<uuid:article_id>/files/<uuid:pk>": "conversations.ArticleFile",
    "<uuid:journey_id>/places/<uuid:pk>": "conversations.JourneyPlace",
    "<uuid:message_template_id>/files/<uuid:pk>": "conversations.MessageTemplateFile",
}
OF_MAIL = 1  # the second channel is a mailbox, which has pages of its own
OF_TEMPLATES = 2  # the third has templates
KINDS = {"/mailbox/": OF_MAIL, "/domain/": OF_MAIL, "/templates/": OF_TEMPLATES}
# Addresses that answer 404 to their own members, too, unless something more is said.
SIGNED = {
    "conversations:message-template-frame": "a mail that is looked at is kept for a while under a random key",
    "conversations:image": "a remote picture is fetched only by its signed address",
    "conversations:model-text": "what the model wrote is for the member who asked",
    "conversations:bot-rules-trial": "is seen by whoever began it, here a key",
    "conversations:start-templates": "asks which of the customer's addresses, ?to=",
    "conversations:start-template": "asks which of the customer's addresses, ?to=",
}


def labels() -> dict[str, str]:
    """Model labels by how a parameter or a field may call them."""
    found = {model._meta.model_name: model._meta.label for model in tenant_models()}
    return {**found, "membership": "tenants.Membership"}


def thing(name: str) -> str | None:
    """The model that a parameter names: `special_day_id` is a SpecialDay."""
    plain = re.sub(r"(_ids?|_pk|_uuid)$", "", name).replace("_", "").replace("-", "").lower()
    known = labels()
    for word in (
        plain,
        plain.removesuffix("s"),
        re.sub("ies$", "y", plain),
        ALIASES.get(plain, ""),
        ALIASES.get(plain.removesuffix("s"), ""),
    ):
        if word in known:
            return known[word]
    return None


def row_parameters(address: Address) -> dict[str, str]:
    """The parameters of an address that name rows, with their models."""
    found = {}
    for name, converter in address.converters.items():
        if isinstance(converter, UUIDConverter):
            label = _of_key(address.route) if name == "pk" else thing(name)
            if label:
                found[name] = label
    return found


def _of_key(route: str) -> str | None:
    named = next((label for part, label in OTHERS.items() if part in route), None)
    return named or thing(_segment_before(route, "pk"))


def _segment_before(route: str, name: str) -> str:
    return route.split(f":{name}>", maxsplit=1)[0].rstrip("/").split("/")[-2]


def undrivable(address: Address) -> list[str]:
    """The parameters of which nobody has said what they stand for (ALIASES, STANDINS)."""
    known = row_parameters(address)
    return [name for name in address.converters if name not in known and name not in STANDINS]


def paths(
    address: Address, base: Side, theirs: Side | None, keep: Iterable[str] = ()
) -> Iterator[tuple[str, set[str]]]:
    """The address within one business: with its own rows, or with a row of theirs in each place in turn.

    Yields each path with the foreign ids in it. `keep` names parameters that always stay our own.
    """
    rows = row_parameters(address)
    fixed = {
        name: base.business.tenant.slug if name == "tenant_slug" else STANDINS.get(name)
        for name in address.converters
    }
    if theirs is None:
        row = next((number for part, number in KINDS.items() if part in address.route), 0)
        own = {name: base.rows[label][: row + 1][-1].pk for name, label in rows.items()}
        yield address.path(**fixed | own), set()
        return
    for foreign in (name for name in rows if name not in keep):
        ids = {name: (theirs if name == foreign else base).first(label).pk for name, label in rows.items()}
        yield address.path(**fixed | ids), {str(ids[foreign])}


def loose_fields(theirs: Side) -> dict[str, Any]:
    """Their ids under every name a form or a query might use."""
    fields: dict[str, Any] = {}
    for word, label in [*labels().items(), *((alias, labels()[word]) for alias, word in ALIASES.items())]:
        row = str(theirs.first(label).pk)
        plural = f"{word}s" if not word.endswith("y") else f"{word[:-1]}ies"
        fields |= {word: row, f"{word}_id": row, plural: row}
    membership = str(theirs.first("tenants.Membership").pk)
    return {**fields, "assignee": membership, "owner": membership, "id": str(theirs.first("crm.Customer").pk)}


@dataclass
class Answer:
    """What one request brought."""

    what: str
    status: int
    text: str

    @classmethod
    def of(cls, what: str, response: HttpResponseBase) -> "Answer":
        head = "\n".join(f"{name}: {value}" for name, value in response.items())
        cookies = response.cookies.output()
        return cls(what, response.status_code, f"{head}\n{cookies}\n{body_of(response)}")


def body_of(response: Any) -> str:
    """The whole body, also of a file or a stream."""
    if not response.streaming:
        return response.content.decode("utf-8", "replace")
    if response.is_async:
        return ""
    return b"".join(response.streaming_content).decode("utf-8", "replace")


def ask(client: Client, method: str, path: str, data: Any = None, **extra: Any) -> Answer:
    """One request; nothing it does raises."""
    response = (
        client.generic(method.upper(), path, **extra)
        if data is None and method != "get"
        else getattr(client, method)(path, data, **extra)
    )
    return Answer.of(f"{method.upper()} {path}", response)


# The tables of a list into which this transaction put something, even if it took it back.
WRITTEN = (
    "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r'"
    " AND pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid) > 0"
)


def undone(side: Side, work: Any) -> tuple[Any, str]:
    """Do something with its commit hooks, read all rows of the tables it wrote to, and undo it."""
    with transaction.atomic():
        with TestCase.captureOnCommitCallbacks(execute=True):
            result = work()
        with tenant_scope(side.id), connection.cursor() as cursor:
            cursor.execute(WRITTEN, [tables()])
            written = [name for (name,) in cursor.fetchall()]
            found = [f"SELECT t::text FROM {table} t WHERE tenant_id = %s" for table in written]
            rows = ""
            if found:
                cursor.execute(" UNION ALL ".join(found), [side.id] * len(found))
                rows = "\n".join(row[0] for row in cursor.fetchall())
        transaction.set_rollback(True)
    return result, rows


class Forms(HTMLParser):
    """The posting forms of a page: their addresses and fields, with every value a field offers."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.found: list[tuple[str, dict[str, list[str]]]] = []
        self._open: tuple[str, dict[str, list[str]]] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._open = (urlsplit(urljoin(self.page, given.get("action", ""))).path, {})
        elif "hx-post" in given:
            self.found.append((urlsplit(urljoin(self.page, given["hx-post"])).path, {}))
        if self._open is None:
            return
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._open[1].setdefault(self._select, []).append(given.get("value", ""))
        elif tag in ("input", "textarea", "button") and name and given.get("type") != "file":
            self._open[1].setdefault(name, []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open is not None:
            self.found.append(self._open)
            self._open = None
        elif tag == "select":
            self._select = ""


def forms_in(answer: Answer, page: str) -> list[tuple[str, dict[str, list[str]]]]:
    """The posting forms of a page."""
    parser = Forms(page)
    parser.feed(answer.text)
    return parser.found


def with_theirs(fields: dict[str, list[str]], ours: Side, theirs: Side) -> dict[str, list[str]] | None:
    """The fields of a form with their rows in the place of ours; None when it names no row."""
    swap = {
        str(mine.pk): str(foreign.pk)
        for label, rows in ours.rows.items()
        for mine, foreign in zip(rows, theirs.rows[label], strict=False)
    }
    posted, named = {}, False
    for name, values in fields.items():
        foreign = [swap[value] for value in values if value in swap]
        if not foreign and any(_is_uuid(value) for value in values) and thing(name):
            foreign = [str(theirs.first(str(thing(name))).pk)]
        named = named or bool(foreign)
        posted[name] = foreign or [next((value for value in values if value), "texto")]
    return posted if named else None


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def is_searched(answer: Answer) -> bool:
    """Whether a page has a field to search by."""
    return 'name="q"' in answer.text


def leaks(watch: Watch, answer: Answer, sent: Iterable[str] = ()) -> list[str]:
    """What an answer tells of theirs."""
    return [f"{answer.what} tells {needle!r}" for needle in watch.found_in(answer.text, sent)]
