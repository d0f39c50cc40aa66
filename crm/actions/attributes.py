"""The facts a business defines, and looking through what is kept of its customers when one changes.

Values are looked through a thousand at a time: the first thousand at once, the rest by a worker, who goes on
where the last one was stopped. What does not fit is counted, shown and left as it is.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm import attributes
from crm.models import Attribute, Customer
from tenants import audit
from tenants.actors import Actor
from tenants.kit.tasks import ring
from tenants.kit.text import folded, one_line
from tenants.middleware import the_business
from tenants.models import Tenant
from tenants.refusals import Conflicting, Refused

MOST = 100
MOST_OPTIONS = 200
LONGEST_OPTION = 100
BATCH = 1_000
EXAMPLES = 5
PATIENCE = timedelta(minutes=2)  # after which a batch that nobody finished is taken up again
Kind = Attribute.Kind
WITH_OPTIONS = {Kind.CHOICE, Kind.CHOICES}


class InvalidAttribute(Refused):
    """A fact without a name, or with choices that are none."""


class AttributeExists(Conflicting):
    """Another fact has this name for files and the API."""


class OptionInUse(Conflicting):
    """A choice that customers have cannot go before they have another."""


class Busy(Conflicting):
    """The values are being looked through already."""


# --- defining ---


@transaction.atomic
def define_attribute(
    *,
    name: str,
    kind: str = Kind.TEXT,
    options: Sequence[str] = (),
    hint: str = "",
    key: str = "",
    by: Actor,
) -> Attribute:
    """A fact to keep of every customer; what stands under its key already is looked through.

    `key` is what files and the API call it: the name, unless given. Raises `InvalidAttribute`,
    `AttributeExists`.
    """
    name = _name(name)
    key = one_line(key, 60) or name
    known = attributes.defined()
    if folded(key) in known:
        raise AttributeExists(_already(known[folded(key)]), "key")
    if len(known) >= MOST:
        raise InvalidAttribute(_("At most %(count)s facts can be defined.") % {"count": MOST})
    last = Attribute.objects.aggregate(last=Max("position"))["last"]
    attribute: Attribute = Attribute.objects.create(
        key=key,
        name=name,
        kind=_kind(kind),
        options=_options(kind, options),
        hint=one_line(hint, 150),
        position=min((last or 0) + 1, 30_000),
    )
    audit.record("attribute.defined", target=attribute, by=by, name=name, kind=str(kind))
    _begin(attribute, do="look")
    return attribute


def _already(attribute: Attribute) -> str:
    if attribute.archived_at:
        return _("“%(name)s” is archived: bring it back instead.") % {"name": attribute.name}
    return _("“%(name)s” is defined already.") % {"name": attribute.name}


def _name(name: str) -> str:
    name = one_line(name, 60)
    if not name:
        raise InvalidAttribute(_("Enter a name."), "name")
    return name


def _kind(kind: str) -> str:
    if kind not in Kind.values:
        raise InvalidAttribute(_("There is no such kind of fact."), "kind")
    return kind


def _options(kind: str, options: Sequence[str]) -> list[str]:
    """The choices of a kind that has some. Raises `InvalidAttribute`."""
    if kind not in WITH_OPTIONS:
        return []
    kept = [one_line(option, LONGEST_OPTION) for option in options]
    kept = [option for option in kept if option]
    if not kept:
        raise InvalidAttribute(_("Enter at least one choice."), "options")
    if len(kept) > MOST_OPTIONS:
        raise InvalidAttribute(_("Enter at most %(count)s choices.") % {"count": MOST_OPTIONS}, "options")
    if any(char in option for option in kept for char in ";|"):
        raise InvalidAttribute(
            _("A choice cannot contain ; or |, which stand between choices in files."), "options"
        )
    if len({folded(option) for option in kept}) != len(kept):
        raise InvalidAttribute(_("Two choices are the same but for capitals and accents."), "options")
    return kept


# --- changing ---


@transaction.atomic
def change_attribute(
    *,
    attribute: Attribute,
    by: Actor,
    name: str | None = None,
    hint: str | None = None,
    kind: str | None = None,
    options: Sequence[str] | None = None,
    renamed: dict[str, str] | None = None,
) -> Attribute:
    """Change what is given. `renamed` says which choices are old ones by another name: customers follow.

    The kind changes once all values were found to fit the new one; else it stays, and `attribute.work`
    says how many do not. Raises `InvalidAttribute`, `OptionInUse`, `Busy`.
    """
    attribute = _locked(attribute)
    if name is not None:
        attribute.name = _name(name)
    if hint is not None:
        attribute.hint = one_line(hint, 150)
    if kind is not None and _kind(kind) != attribute.kind:
        wanted = _options(kind, attribute.options if options is None else options)
        attribute.save(update_fields=["name", "hint"])
        return _begin(attribute, do="change", to=kind, options=wanted, by=by.label[:150])
    if options is not None:
        _choose(attribute, _options(attribute.kind, options), renamed or {})
    attribute.save(update_fields=["name", "hint", "options"])
    audit.record("attribute.changed", target=attribute, by=by, name=attribute.name)
    return attribute


def _choose(attribute: Attribute, options: list[str], renamed: dict[str, str]) -> None:
    """Other choices: old ones that customers have must be among them, by whatever name."""
    followed = {
        old: new for old, new in renamed.items() if old in attribute.options and new in options and old != new
    }
    gone = [old for old in attribute.options if old not in options and old not in followed]
    for old in gone:
        count = _having(attribute, old)[:BATCH].count()
        if count:
            sentence = ngettext(
                "“%(option)s” cannot go: %(count)s customer has it. Give it another name instead.",
                "“%(option)s” cannot go: %(count)s customers have it. Give it another name instead.",
                count,
            )
            raise OptionInUse(sentence % {"option": old, "count": count}, "options")
    attribute.options = options
    if followed and any(_having(attribute, old).exists() for old in followed):
        attribute.save(update_fields=["options"])
        _begin(attribute, do="rename", renamed=followed)


def _having(attribute: Attribute, option: str) -> QuerySet[Customer]:
    """Customers for whom a choice was chosen."""
    chosen = Q(attributes__contains={attribute.key: option})
    if attribute.kind == Kind.CHOICES:
        chosen = Q(attributes__contains={attribute.key: [option]})
    found: QuerySet[Customer] = Customer.objects.filter(chosen)
    return found


def _locked(attribute: Attribute) -> Attribute:
    found: Attribute = Attribute.objects.select_for_update(of=("self",)).get(pk=attribute.pk)
    return found


@transaction.atomic
def archive_attribute(*, attribute: Attribute, by: Actor) -> Attribute:
    """No longer ask for it; what is kept of customers stays."""
    attribute = _locked(attribute)
    if attribute.archived_at is None:
        attribute.archived_at = timezone.now()
        attribute.save(update_fields=["archived_at"])
        audit.record("attribute.archived", target=attribute, by=by, name=attribute.name)
    return attribute


@transaction.atomic
def bring_back_attribute(*, attribute: Attribute, by: Actor) -> Attribute:
    """Ask for it again."""
    attribute = _locked(attribute)
    if attribute.archived_at is not None:
        attribute.archived_at = None
        attribute.save(update_fields=["archived_at"])
        audit.record("attribute.brought_back", target=attribute, by=by, name=attribute.name)
    return attribute


@transaction.atomic
def place_attribute(*, attribute: Attribute, position: int, by: Actor) -> None:
    """Put it at a place among those in use, counted from nought."""
    used = list(Attribute.objects.select_for_update(of=("self",)).filter(archived_at=None))
    others = [one for one in used if one.pk != attribute.pk]
    others.insert(max(0, min(position, len(others))), attribute)
    for place, one in enumerate(others):
        if one.position != place:
            one.position = place
            one.save(update_fields=["position"])


# --- looking through what is kept ---


@transaction.atomic
def convert_values(*, attribute: Attribute, by: Actor) -> Attribute:
    """Bring what was kept before into the form of the fact; what does not fit stays. Raises `Busy`."""
    audit.record("attribute.converted", target=attribute, by=by, name=attribute.name)
    return _begin(_locked(attribute), do="convert")


def _begin(attribute: Attribute, *, do: str, **more: Any) -> Attribute:
    """The first batch at once; whatever is left is rung for."""
    if attribute.work_due_at is not None:
        raise Busy(_("The values are being looked through just now. Try again in a moment."))
    counts = {"seen": 0, "fit": 0, "ready": 0, "unfit": 0}
    attribute.work = {"do": do, "state": "running", "after": None, "examples": [], **counts, **more}
    _step(attribute)
    return attribute


def go_on(attribute_id: UUID) -> bool:
    """One batch more of what was begun; False when nothing is left. Harmless twice."""
    attribute = Attribute.objects.select_for_update(of=("self",)).filter(pk=attribute_id).first()
    if attribute is None or attribute.work_due_at is None:
        return False
    _step(attribute)
    return attribute.work_due_at is not None


def _step(attribute: Attribute) -> None:
    """One batch, and where it was the last one, one of what follows from it."""
    from crm.fact_tasks import look_through  # noqa: PLC0415 -- leaf

    work = attribute.work
    if _look(attribute, work) and work["state"] == "running":
        _look(attribute, work)
    attribute.work_due_at = timezone.now() + PATIENCE if work["state"] == "running" else None
    attribute.save(update_fields=["work", "work_due_at", "kind", "options"])
    if attribute.work_due_at is not None:
        ring(look_through, attribute.tenant_id, attribute.pk)


def _look(attribute: Attribute, work: dict[str, Any]) -> bool:
    """Look through one batch; True when it was the last."""
    rows, tenant, now = _batch(attribute, work), the_business()[0], timezone.now()
    changed = [row for row in rows if _take(attribute, row, work, tenant)]
    for row in changed:
        row.updated_at = now
    Customer.objects.bulk_update(changed, ["attributes", "updated_at"], batch_size=200)
    if len(rows) == BATCH:
        work["after"] = str(rows[-1].pk)
        return False
    _finish(attribute, work)
    return True


def _batch(attribute: Attribute, work: dict[str, Any]) -> list[Customer]:
    rows = Customer.objects.filter(attributes__has_key=attribute.key).order_by("pk")
    if work["after"]:
        rows = rows.filter(pk__gt=work["after"])
    if work["do"] in {"convert", "rename"}:
        rows = rows.select_for_update(of=("self",))
    return list(rows.only("id", "tenant_id", "attributes")[:BATCH])


def _take(attribute: Attribute, row: Customer, work: dict[str, Any], tenant: Tenant) -> bool:
    """Count one value; True when it was changed."""
    value = row.attributes[attribute.key]
    work["seen"] += 1
    if work["do"] == "rename":
        return _put(row, attribute.key, _renamed(value, work["renamed"]))
    form = _form(attribute, work)
    if attributes.fits(form, value):
        work["fit"] += 1
        return False
    try:
        fitting = _into(form, attribute, value, tenant)
    except attributes.Unfitting:
        work["unfit"] += 1
        if len(work["examples"]) < EXAMPLES:
            work["examples"].append([str(row.pk), one_line(attributes.show_free(value), 60)])
        return False
    work["ready"] += 1
    return work["do"] == "convert" and _put(row, attribute.key, fitting)


def _form(attribute: Attribute, work: dict[str, Any]) -> Attribute:
    """The fact as it will be."""
    if work["do"] != "change":
        return attribute
    return Attribute(key=attribute.key, name=attribute.name, kind=work["to"], options=work["options"])


def _into(form: Attribute, attribute: Attribute, value: Any, tenant: Tenant) -> Any:
    """A kept value in another form: one in canonical digits is not read as a person's."""
    machine = attribute.kind in {Kind.NUMBER, Kind.MONEY} and attributes.fits(attribute, value)
    return attributes.parse(form, value, tenant, machine=machine)


def _put(row: Customer, key: str, value: Any) -> bool:
    if value is None:
        del row.attributes[key]
        return True
    changed = row.attributes[key] != value or type(row.attributes[key]) is not type(value)
    row.attributes[key] = value
    return changed


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, list):
        return list(dict.fromkeys(names.get(one, one) if isinstance(one, str) else one for one in value))
    return names.get(value, value) if isinstance(value, str) else value


def _finish(attribute: Attribute, work: dict[str, Any]) -> None:
    """All were looked through: settle it, or turn from looking to converting."""
    if work["do"] != "change":
        work["state"] = "done"
        return
    if work["unfit"]:
        work["state"] = "refused"
        return
    attribute.kind, attribute.options = work["to"], work["options"]
    audit.record(
        "attribute.changed",
        target=attribute,
        by=Actor.system(),
        name=attribute.name,
        kind=attribute.kind,
        asked_by=work.get("by", ""),
    )
    counts = {"seen": 0, "fit": 0, "ready": 0, "unfit": 0, "after": None}
    work |= {"do": "convert", "changed_kind": True, **counts}
