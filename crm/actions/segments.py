"""Segments: kept, versioned, put away; and who is in them, gone through by night and when they change."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import queries, segment_tasks
from crm.models import Segment, SegmentChange, SegmentMember, SegmentVersion
from crm.segments import compile as compiling
from crm.segments import rules
from crm.segments.params import Names
from tenants import audit
from tenants.actors import Actor
from tenants.kit.tasks import ring
from tenants.kit.text import one_line
from tenants.models import Tenant
from tenants.refusals import Conflicting, Refused
from tenants.scoping import current_tenant_id

MOST_AT_ONCE = 1_000
NIGHT = 3  # o'clock in the business's zone
MOST_SEGMENTS = 500


class InvalidSegment(Refused):
    """A segment that cannot be kept; the sentence says why."""


class NotAList(Conflicting):
    """Somebody is to be put into a segment whose members a rule names."""


@transaction.atomic
def create_segment(
    *, name: str, by: Actor, rule: Any = None, description: str = "", is_list: bool = False
) -> Segment:
    """A new segment: of a rule, or a list to be filled by hand. Raises `InvalidSegment`, `InvalidRule`."""
    if is_list and rule is not None:
        raise InvalidSegment(_("A list has no rule."), "rule")
    if Segment.objects.standing().count() >= MOST_SEGMENTS:
        raise InvalidSegment(_("At most %(most)s segments. Put some away first.") % {"most": MOST_SEGMENTS})
    kept = None if is_list else rules.checked(rule, Names(), by)
    segment: Segment = Segment.objects.create(
        name=_named(name),
        description=one_line(description, 300),
        is_list=is_list,
        rule=kept,
        count=0 if is_list else None,
        counted_at=timezone.now() if is_list else None,
        due_at=None if is_list else timezone.now(),
        created_by_id=by.membership_id,
    )
    if kept:
        SegmentVersion.objects.create(segment=segment, number=1, rule=kept, made_by_label=by.label[:150])
        ring(segment_tasks.go_through, current_tenant_id(), segment.pk)
    audit.record("segment.created", target=segment, by=by, name=segment.name)
    return segment


def _named(name: str) -> str:
    kept = one_line(name, 80)
    if not kept:
        raise InvalidSegment(_("Enter a name."), "name")
    return kept


@transaction.atomic
def update_segment(
    *, segment: Segment, by: Actor, name: str | None = None, rule: Any = None, description: str | None = None
) -> Segment:
    """Change what is given; another rule is a new version. Raises `InvalidSegment`, `InvalidRule`."""
    segment = Segment.objects.select_for_update(of=("self",)).get(pk=segment.pk)
    if rule is not None and segment.is_list:
        raise InvalidSegment(_("A list has no rule."), "rule")
    if name is not None:
        segment.name = _named(name)
    if description is not None:
        segment.description = one_line(description, 300)
    if rule is not None:
        _put_rule(segment, rule, by)
    segment.save()
    audit.record("segment.updated", target=segment, by=by, name=segment.name, version=segment.version)
    return segment


def _put_rule(segment: Segment, rule: Any, by: Actor) -> None:
    names = Names()
    kept = rules.checked(rule, names, by)
    if kept == segment.rule:
        return
    _check_circle(segment, kept, names)
    segment.rule, segment.version, segment.due_at = kept, segment.version + 1, timezone.now()
    SegmentVersion.objects.create(
        segment=segment, number=segment.version, rule=kept, made_by_label=by.label[:150]
    )
    ring(segment_tasks.go_through, current_tenant_id(), segment.pk)


def _check_circle(segment: Segment, rule: rules.Rule, names: Names) -> None:
    """No segment may build on itself, by whatever way. Raises `InvalidRule`."""
    known, seen = names.of("segment_row"), set()
    waiting = rules.uses(rule, "segment", "segment")
    while waiting:
        pk = waiting.pop()
        if pk == str(segment.pk):
            raise rules.InvalidRule(_("A segment cannot build on itself."), "rule/where")
        other = known.get(pk)
        if other and not other.is_list and pk not in seen:
            waiting |= rules.uses(other.rule, "segment", "segment")
        seen.add(pk)


def duplicate_segment(*, segment: Segment, by: Actor) -> Segment:
    """Another like it, to be changed; of a list, with the same customers.

    Raises `InvalidSegment`, `InvalidRule`.
    """
    name = _("%(name)s (copy)") % {"name": segment.name[:70]}
    with transaction.atomic():
        made = create_segment(
            name=name, by=by, rule=segment.rule, description=segment.description, is_list=segment.is_list
        )
        if segment.is_list:
            ids = SegmentMember.objects.filter(segment=segment).values_list("customer_id", flat=True)
            _put_in(made, list(ids))
    return made


@transaction.atomic
def archive_segment(*, segment: Segment, by: Actor) -> None:
    """Put it away: whatever builds on it then says so. `restore_segment` brings it back."""
    if segment.archived_at is None:
        segment.archived_at = timezone.now()
        segment.save(update_fields=["archived_at", "updated_at"])
        audit.record("segment.archived", target=segment, by=by, name=segment.name)


@transaction.atomic
def restore_segment(*, segment: Segment, by: Actor) -> None:
    """Bring back what was put away."""
    if segment.archived_at is not None:
        segment.archived_at, segment.due_at = None, None if segment.is_list else timezone.now()
        segment.save(update_fields=["archived_at", "due_at", "updated_at"])
        audit.record("segment.restored", target=segment, by=by, name=segment.name)


# --- lists ---


@transaction.atomic
def add_members(
    *,
    segment: Segment,
    ids: Iterable[UUID],
    by: Actor,
    since: datetime | None = None,
    counts: bool = True,
) -> list[UUID]:
    """Put customers whom `by` sees on a list, as if `since` an earlier moment; returns who was not on it.

    Who calls it once for each of many says `counts=False`, and `recount` at the end.

    Raises `NotAList`, `InvalidSegment`.
    """
    wanted = _wanted(segment, ids)
    seen = queries.customers_visible_to(by).filter(pk__any=wanted).values_list("pk", flat=True)
    return _put_in(segment, list(seen), since, counts=counts)


def _wanted(segment: Segment, ids: Iterable[UUID]) -> list[UUID]:
    if not segment.is_list:
        raise NotAList(_("A rule says who is in this segment: nobody can be put in or taken out by hand."))
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST_AT_ONCE:
        raise InvalidSegment(
            _("At most %(most)s customers at once.") % {"most": MOST_AT_ONCE}, "customer_ids"
        )
    return wanted


def _put_in(
    segment: Segment, ids: list[UUID], since: datetime | None = None, *, counts: bool = True
) -> list[UUID]:
    Segment.objects.select_for_update(of=("self",)).get(pk=segment.pk)
    there = SegmentMember.objects.filter(segment=segment, customer_id__any=ids)
    fresh = sorted(set(ids) - set(there.values_list("customer_id", flat=True)))
    now = timezone.now()
    links = [SegmentMember(segment=segment, customer_id=pk, since=since or now) for pk in fresh]
    SegmentMember.objects.bulk_create(links, ignore_conflicts=True)
    _tell_hand(segment, fresh, entered=True, at=now, counts=counts)
    return fresh


@transaction.atomic
def remove_members(*, segment: Segment, ids: Iterable[UUID], by: Actor, counts: bool = True) -> list[UUID]:
    """Take customers whom `by` sees off a list; returns who was on it. `counts` as in `add_members`.

    Raises `NotAList`, `InvalidSegment`.
    """
    wanted = _wanted(segment, ids)
    Segment.objects.select_for_update(of=("self",)).get(pk=segment.pk)
    seen = queries.customers_visible_to(by).filter(pk__any=wanted).values("pk")
    links = SegmentMember.objects.filter(segment=segment, customer_id__any=wanted, customer_id__in=seen)
    gone = sorted(links.values_list("customer_id", flat=True))
    links.delete()
    _tell_hand(segment, gone, entered=False, at=timezone.now(), counts=counts)
    return gone


def _tell_hand(segment: Segment, ids: list[UUID], *, entered: bool, at: datetime, counts: bool) -> None:
    SegmentChange.objects.bulk_create(
        [
            SegmentChange(
                segment=segment,
                customer_id=pk,
                entered=entered,
                reason=SegmentChange.Reason.HAND,
                happened_at=at,
            )
            for pk in ids
        ]
    )
    if counts:
        recount(segment=segment)


def recount(*, segment: Segment) -> None:
    """Keep how many are on a list."""
    segment.count = SegmentMember.objects.filter(segment=segment).count()
    segment.counted_at = timezone.now()
    segment.save(update_fields=["count", "counted_at", "updated_at"])


# --- who is in, written down ---

# Everybody who is in now against everybody who was: one statement, and nothing when nothing changed.
COMPARE = """
WITH now_in AS MATERIALIZED ({members}),
entered AS (
    INSERT INTO crm_segmentmember (id, tenant_id, segment_id, customer_id, since)
    SELECT uuidv7(), %s, %s, n.id, %s FROM now_in n
    WHERE NOT EXISTS (SELECT 1 FROM crm_segmentmember m
        WHERE m.tenant_id = %s AND m.segment_id = %s AND m.customer_id = n.id)
    ON CONFLICT DO NOTHING RETURNING customer_id
),
gone AS (
    DELETE FROM crm_segmentmember m WHERE m.tenant_id = %s AND m.segment_id = %s
        AND NOT EXISTS (SELECT 1 FROM now_in n WHERE n.id = m.customer_id)
    RETURNING customer_id
),
told AS (
    INSERT INTO crm_segmentchange (id, tenant_id, segment_id, customer_id, entered, reason, happened_at)
    SELECT uuidv7(), %s, %s, customer_id, entered, %s, %s
    FROM (SELECT customer_id, true AS entered FROM entered
        UNION ALL SELECT customer_id, false FROM gone) AS moved
    WHERE %s
)
SELECT (SELECT count(*) FROM now_in), (SELECT count(*) FROM entered), (SELECT count(*) FROM gone)
"""


@transaction.atomic
def go_through(*, segment_id: UUID) -> tuple[int, int]:
    """Compare who is in with who was, and write down who entered and who left; returns how many did each.

    Harmless twice: the second time nobody did. The first time of a segment tells of nobody, and what a new
    version of its rule changed is told as that.
    """
    segment = Segment.objects.select_for_update(of=("self",)).filter(pk=segment_id, archived_at=None).first()
    if segment is None or segment.is_list:
        return 0, 0
    now, is_first = timezone.now(), segment.counted_at is None
    reasons = SegmentChange.Reason
    reason = reasons.CUSTOMER if segment.counted_version == segment.version else reasons.RULE
    total, entered, gone = _compare(segment, now, reason, is_told=not is_first)
    segment.count, segment.counted_at, segment.counted_version = total, now, segment.version
    segment.due_at = next_night(now)
    segment.save(update_fields=["count", "counted_at", "counted_version", "due_at"])
    return (0, 0) if is_first else (entered, gone)


def _compare(segment: Segment, now: datetime, reason: str, *, is_told: bool) -> tuple[int, int, int]:
    context = compiling.context_of(Names())
    found = compiling.customers(compiling.in_segment(segment, context), Actor.system())
    statement, parameters = found.order_by().values("id").query.sql_with_params()
    mine = [current_tenant_id(), segment.pk]
    with compiling.roomy(), connection.cursor() as cursor:
        cursor.execute(
            COMPARE.replace("{members}", statement),
            [*parameters, *mine, now, *mine, *mine, *mine, reason, now, is_told],
        )
        return cursor.fetchone()  # type: ignore[no-any-return]


def next_night(now: datetime) -> datetime:
    """When segments of the current business are gone through next."""
    zone = ZoneInfo(Tenant.objects.get().timezone)
    local = now.astimezone(zone)
    night = local.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return night if night > local else night + timedelta(days=1)
