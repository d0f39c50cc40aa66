"""One act on many customers: each as if done alone, all taken back together (tenants/many.py)."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from crm import attributes, queries, timeline
from crm.actions import customers as acts
from crm.actions import segments
from crm.actions.follow_ups import open_follow_up
from crm.attributes import Unfitting
from crm.listing import filters, reading
from crm.listing.filters import BadFilter
from crm.listing.reading import Wanted
from crm.models import (
    Attribute,
    Customer,
    CustomerRun,
    CustomerRunItem,
    FollowUp,
    Label,
    Segment,
    SegmentMember,
    TimelineEntry,
)
from tenants.actors import Actor
from tenants.kit.tasks import ring
from tenants.kit.text import folded, one_line
from tenants.many import Act, CannotBulk, Many, State
from tenants.models import Membership, Tenant
from tenants.permissions import Permission
from tenants.scoping import current_tenant_id

GATHERED_AT_ONCE = 2_000  # places of the index looked at in one transaction
FOLLOW_UP = "follow_up"
LABEL, FACT, LIST = "label:", "fact:", "list:"  # before what a state says of one label, fact or list


class Doing:
    """What to do to each customer, and what of him it may change."""

    def __init__(self, do: Callable[[Customer, Actor, Any], object], *touches: str) -> None:
        self.do, self.touches = do, touches

    def __call__(self, customer: Customer, by: Actor) -> object:
        return self.do(customer, by, None)


# --- what can be done ---


def _label(parameters: dict[str, Any]) -> Doing:
    label = _named(Label.objects.all(), parameters.get("to"))
    return Doing(
        lambda customer, by, _item: acts.add_label(customer=customer, label=label, by=by),
        f"{LABEL}{label.pk}",
    )


def _unlabel(parameters: dict[str, Any]) -> Doing:
    label = _named(Label.objects.all(), parameters.get("to"))
    return Doing(
        lambda customer, by, _item: acts.remove_label(customer=customer, label=label, by=by),
        f"{LABEL}{label.pk}",
    )


def _language(parameters: dict[str, Any]) -> Doing:
    code = str(parameters.get("to") or "")
    if code and code not in dict(settings.LANGUAGES):
        raise CannotBulk(_("Choose one of the languages."), "to")
    return Doing(
        lambda customer, by, _item: acts.update_customer(customer=customer, language=code, by=by), "language"
    )


def _company(parameters: dict[str, Any]) -> Doing:
    name = one_line(str(parameters.get("to") or ""), 150)
    return Doing(
        lambda customer, by, _item: acts.update_customer(customer=customer, company=name, by=by), "company"
    )


def _fact(parameters: dict[str, Any]) -> Doing:
    key = folded(str(parameters.get("key") or ""))
    attribute = attributes.defined().get(key)
    if attribute is None:
        raise CannotBulk(_("Choose one of the facts that the business defined."), "key")
    value = _fitting(attribute, parameters.get("to"))
    given = {attribute.key: value}
    return Doing(
        lambda customer, by, _item: acts.update_customer(customer=customer, attributes=given, by=by),
        f"{FACT}{attribute.key}",
    )


def _fitting(attribute: Attribute, raw: Any) -> Any:
    try:
        return attributes.parse(attribute, raw, Tenant.objects.get(), machine=True)
    except Unfitting as error:
        raise CannotBulk(f"{attribute.name}: {error}", "to") from None


def _list(parameters: dict[str, Any]) -> Doing:
    found = _named(Segment.objects.standing().filter(is_list=True), parameters.get("to"))
    return Doing(
        lambda customer, by, _item: segments.add_members(
            segment=found, ids=[customer.pk], by=by, counts=False
        ),
        f"{LIST}{found.pk}",
    )


def _unlist(parameters: dict[str, Any]) -> Doing:
    found = _named(Segment.objects.standing().filter(is_list=True), parameters.get("to"))
    return Doing(
        lambda customer, by, _item: segments.remove_members(
            segment=found, ids=[customer.pk], by=by, counts=False
        ),
        f"{LIST}{found.pk}",
    )


def _follow_up(parameters: dict[str, Any]) -> Doing:
    title = one_line(str(parameters.get("title") or ""), 200)
    if not title:
        raise CannotBulk(_("Say in a few words what to do."), "title")
    due_at = _moment(parameters.get("due_at"))
    if due_at is None or not 2000 <= due_at.year <= 2200:
        raise CannotBulk(_("Choose when it is to be done."), "due_at")
    to = parameters.get("to") or None
    assignee = _named(Membership.objects.filter(is_active=True), to) if to else None

    def give(customer: Customer, by: Actor, item: Any) -> None:
        open_follow_up(
            customer=customer, title=title, due_at=due_at, assignee=assignee, source_id=item.pk, by=by
        )

    return Doing(give, FOLLOW_UP)


def _moment(text: Any) -> datetime | None:
    try:
        found = parse_datetime(str(text or ""))
        return timezone.make_aware(found) if found and timezone.is_naive(found) else found
    except (ValueError, OverflowError):
        return None


def _named(rows: Any, given: Any) -> Any:
    try:
        found = rows.filter(pk=UUID(str(given))).first()
    except ValueError:
        found = None
    if found is None:
        raise CannotBulk(_("What you chose is no longer there. Choose again."), "to")
    return found


MAKERS: dict[str, Callable[[dict[str, Any]], Doing]] = {
    "label": _label,
    "unlabel": _unlabel,
    "list": _list,
    "unlist": _unlist,
    "language": _language,
    "company": _company,
    "attribute": _fact,
    "follow_up": _follow_up,
}
ACTIONS = tuple(MAKERS)
OF_LISTS = frozenset({"list", "unlist"})


class ManyCustomers(Many):
    """Acts on customers."""

    runs, items, row = CustomerRun, CustomerRunItem, "customer"
    needs = Permission.CUSTOMERS_WRITE
    event, audited = "customer_bulk", "customer.bulk"

    def act(self, action: str, parameters: dict[str, Any]) -> Act:
        maker = MAKERS.get(action)
        if maker is None:
            raise CannotBulk(_("There is no such act."), "action")
        return maker(parameters)

    def allows(self, action: str, by: Actor) -> bool:
        return super().allows(action, by) and (action not in OF_LISTS or by.can(Permission.SEGMENTS_WRITE))

    def finish(self, run: CustomerRun) -> None:
        if run.action in OF_LISTS:
            segments.recount(segment=Segment.objects.get(pk=run.parameters["to"]))

    def seen(self, by: Actor) -> QuerySet[Customer]:
        return queries.customers_visible_to(by)

    def ring(self, run_id: UUID) -> None:
        from crm.run_tasks import advance_run  # noqa: PLC0415 -- leaf

        ring(advance_run, current_tenant_id(), run_id)

    # --- all that a list shows ---

    @transaction.atomic
    def start_all(self, *, action: str, parameters: dict[str, Any], wanted: Wanted, by: Actor) -> CustomerRun:
        """Do something to all customers that words and filters mean: few at once, many by a worker.

        Raises `CannotBulk`, `PermissionDenied`.
        """
        self.act(action, parameters)
        filters.check_allowed(wanted.given, by)
        ids, place = reading.gather(wanted, by, "", GATHERED_AT_ONCE)
        parameters = {**parameters, "q": wanted.q, "filters": {g.name: list(g.texts) for g in wanted.given}}
        run: CustomerRun = self._begin(
            action, parameters, by, total=len(ids), is_gathering=bool(place), place=place
        )
        self.add(run, ids)
        return self._go(run, by, is_long=run.is_gathering or run.total > self.at_once)  # type: ignore[no-any-return]

    def gather(self, run: CustomerRun, by: Actor) -> bool:
        if not run.is_gathering:
            return False
        try:
            given = filters.read(run.parameters.get("filters", {}), strictly=True)
        except BadFilter as error:
            raise CannotBulk(str(error)) from None
        wanted = Wanted(run.parameters.get("q", ""), tuple(given))
        ids, place = reading.gather(wanted, by, run.place, GATHERED_AT_ONCE)
        known = Customer.objects.filter(pk__any=ids, created_at__lte=run.created_at)
        self.add(run, found := list(known.values_list("pk", flat=True)))
        run.total += len(found)
        run.place, run.is_gathering = place, bool(place)
        return run.is_gathering

    # --- one of them ---

    def perform(self, item: CustomerRunItem, act: Act, by: Actor) -> tuple[State, State, bool]:
        assert isinstance(act, Doing)
        customer = _locked(item)
        before = _state(customer, act.touches, item)
        act.do(customer, by, item)
        after = _state(Customer.objects.get(pk=customer.pk), act.touches, item)
        return before, after, before != after

    def put_back(self, item: CustomerRunItem, by: Actor) -> bool:
        customer = _locked(item)
        if _state(customer, item.after, item) != item.after:
            return False
        return all(_restore(customer, name, value, item, by) for name, value in item.before.items())


def _locked(item: CustomerRunItem) -> Customer:
    found: Customer = Customer.objects.select_for_update(of=("self",)).get(pk=item.customer_id)
    return found


def _state(customer: Customer, names: Iterable[str], item: CustomerRunItem) -> State:
    """How some things stand with a customer, as JSON has them."""
    return {name: _stands(customer, name, item) for name in names}


def _stands(customer: Customer, name: str, item: CustomerRunItem) -> Any:
    if name.startswith(LABEL):
        return customer.label_links.filter(label_id=name.removeprefix(LABEL)).exists()
    if name.startswith(FACT):
        return customer.attributes.get(name.removeprefix(FACT))
    if name.startswith(LIST):
        link = SegmentMember.objects.filter(customer=customer, segment_id=name.removeprefix(LIST)).first()
        return link and link.since.isoformat()
    if name == FOLLOW_UP:
        made = _follow_up_of(item)
        return made and {
            "assignee": made.assignee_id and str(made.assignee_id),
            "is_done": bool(made.done_at),
        }
    return getattr(customer, name)


def _follow_up_of(item: CustomerRunItem) -> FollowUp | None:
    found: FollowUp | None = FollowUp.objects.filter(
        reason=FollowUp.Reason.OTHER, source_id=item.pk, customer_id=item.customer_id
    ).first()
    return found


def _restore(customer: Customer, name: str, value: Any, item: CustomerRunItem, by: Actor) -> bool:
    """Let one thing stand as it did; whether it could."""
    if name.startswith(LABEL):
        label = Label.objects.filter(pk=name.removeprefix(LABEL)).first()
        if label is None:
            return False
        (acts.add_label if value else acts.remove_label)(customer=customer, label=label, by=by)
    elif name.startswith(FACT):
        given = {name.removeprefix(FACT): value}
        acts.update_customer(customer=customer, attributes=given, by=by)
    elif name.startswith(LIST):
        _put_on_list(customer, name.removeprefix(LIST), value, by)
    elif name == FOLLOW_UP:
        made = _follow_up_of(item)
        if made is not None:
            timeline.forget(customer=customer, kind=TimelineEntry.Kind.FOLLOW_UP, object_id=made.pk)
            made.delete()
            acts.tell(customer.pk)
    else:
        acts.update_customer(customer=customer, by=by, **{name: value})
    return True


def _put_on_list(customer: Customer, segment_id: str, since: str | None, by: Actor) -> None:
    """On a list since some moment again, or off it."""
    found = Segment.objects.get(pk=segment_id)
    if since:
        moment = datetime.fromisoformat(since)
        segments.add_members(segment=found, ids=[customer.pk], by=by, since=moment, counts=False)
    else:
        segments.remove_members(segment=found, ids=[customer.pk], by=by, counts=False)


many = ManyCustomers()
