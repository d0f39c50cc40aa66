"""Keeping segments: versions, circles, lists, and going through them twice."""

from typing import Any
from uuid import uuid4

import pytest

from crm import segment_tasks
from crm.actions import segments as acts
from crm.models import Label, Segment, SegmentChange, SegmentMember, SegmentVersion
from crm.segments.rules import InvalidRule
from tenants.scoping import tenant_scope
from tests.factories.crm import make_customer, make_label
from tests.factories.tenants import Business


def labelled(label: Label) -> dict[str, Any]:
    return {"version": 1, "where": {"all": [{"is": "label", "op": "any_of", "labels": [str(label.pk)]}]}}


def within(segment: Segment) -> dict[str, Any]:
    return {"version": 1, "where": {"any": [{"is": "segment", "op": "in", "segment": str(segment.pk)}]}}


def told(segment: Segment) -> list[tuple[str, bool, str]]:
    rows = SegmentChange.objects.filter(segment=segment).order_by("happened_at", "entered", "customer__name")
    return list(rows.values_list("customer__name", "entered", "reason"))


def test_every_version_of_a_rule_is_kept(scope: Business) -> None:
    vip, workshop = make_label("VIP"), make_label("Taller")
    segment = acts.create_segment(name=" Los  buenos ", rule=labelled(vip), by=scope.actor())
    assert (segment.name, segment.version) == ("Los buenos", 1)
    acts.update_segment(segment=segment, name="Los mejores", by=scope.actor())
    acts.update_segment(segment=segment, rule=labelled(vip), by=scope.actor())
    changed = acts.update_segment(segment=segment, rule=labelled(workshop), by=scope.actor())
    assert (changed.name, changed.version) == ("Los mejores", 2)
    kept = SegmentVersion.objects.filter(segment=segment).order_by("number").values_list("number", "rule")
    assert list(kept) == [(1, labelled(vip)), (2, labelled(workshop))]


def test_segment_cannot_build_on_itself_by_any_way(scope: Business) -> None:
    first = acts.create_segment(name="Uno", rule=labelled(make_label()), by=scope.actor())
    second = acts.create_segment(name="Dos", rule=within(first), by=scope.actor())
    third = acts.create_segment(name="Tres", rule=within(second), by=scope.actor())
    for other in (first, second, third):
        with pytest.raises(InvalidRule):
            acts.update_segment(segment=first, rule=within(other), by=scope.actor())


def test_going_through_tells_who_came_and_went_once(scope: Business) -> None:
    vip, ana, beto, celia = make_label(), *(make_customer(name) for name in ("Ana", "Beto", "Celia"))
    for one in (ana, beto):
        one.label_links.create(label=vip)
    segment = acts.create_segment(name="VIP", rule=labelled(vip), by=scope.actor())
    assert acts.go_through(segment_id=segment.pk) == (0, 0)  # the first time nobody came: they were there
    beto.label_links.all().delete()
    celia.label_links.create(label=vip)
    assert acts.go_through(segment_id=segment.pk) == (1, 1)
    assert acts.go_through(segment_id=segment.pk) == (0, 0)
    assert told(segment) == [("Beto", False, "customer"), ("Celia", True, "customer")]
    segment.refresh_from_db()
    assert (segment.count, segment.counted_version) == (2, 1)
    assert segment.due_at is not None
    assert segment.counted_at is not None
    assert segment.due_at > segment.counted_at


def test_what_a_new_rule_changed_is_told_as_that(scope: Business) -> None:
    vip, workshop, ana, beto = (
        make_label("VIP"),
        make_label("Taller"),
        make_customer("Ana"),
        make_customer("Beto"),
    )
    ana.label_links.create(label=vip)
    beto.label_links.create(label=workshop)
    segment = acts.create_segment(name="Uno", rule=labelled(vip), by=scope.actor())
    acts.go_through(segment_id=segment.pk)
    acts.update_segment(segment=segment, rule=labelled(workshop), by=scope.actor())
    assert acts.go_through(segment_id=segment.pk) == (1, 1)
    assert told(segment) == [("Ana", False, "rule"), ("Beto", True, "rule")]


def test_broken_and_archived_segments_are_gone_through_without_harm(scope: Business) -> None:
    vip, ana = make_label(), make_customer("Ana")
    ana.label_links.create(label=vip)
    segment = acts.create_segment(name="VIP", rule=labelled(vip), by=scope.actor())
    acts.go_through(segment_id=segment.pk)
    vip.delete()
    assert acts.go_through(segment_id=segment.pk) == (0, 1)
    acts.archive_segment(segment=segment, by=scope.actor())
    assert acts.go_through(segment_id=segment.pk) == (0, 0)
    assert acts.go_through(segment_id=uuid4()) == (0, 0)
    acts.restore_segment(segment=segment, by=scope.actor())
    segment.refresh_from_db()
    assert segment.archived_at is None


def test_list_is_filled_and_emptied_by_hand(scope: Business) -> None:
    ana, beto = make_customer("Ana"), make_customer("Beto")
    made = acts.create_segment(name="Domingo", is_list=True, by=scope.actor())
    ids = [ana.pk, beto.pk, uuid4()]
    assert set(acts.add_members(segment=made, ids=ids, by=scope.actor())) == {ana.pk, beto.pk}
    assert acts.add_members(segment=made, ids=ids, by=scope.actor()) == []
    assert acts.remove_members(segment=made, ids=[beto.pk], by=scope.actor()) == [beto.pk]
    assert acts.remove_members(segment=made, ids=[beto.pk], by=scope.actor()) == []
    assert told(made) == [("Ana", True, "hand"), ("Beto", True, "hand"), ("Beto", False, "hand")]
    made.refresh_from_db()
    assert made.count == 1
    copy = acts.duplicate_segment(segment=made, by=scope.actor())
    assert list(SegmentMember.objects.filter(segment=copy).values_list("customer_id", flat=True)) == [ana.pk]


def test_nobody_is_put_into_a_segment_of_a_rule(scope: Business) -> None:
    segment = acts.create_segment(name="VIP", rule=labelled(make_label()), by=scope.actor())
    with pytest.raises(acts.NotAList):
        acts.add_members(segment=segment, ids=[make_customer().pk], by=scope.actor())


def test_narrowed_member_puts_only_his_customers_on_a_list(scope: Business) -> None:
    mine = scope.add_member("supervisor", sees="own")
    ana, beto = make_customer("Ana", created_by=mine), make_customer("Beto")
    made = acts.create_segment(name="Domingo", is_list=True, by=scope.actor())
    acts.add_members(segment=made, ids=[beto.pk], by=scope.actor())
    actor = scope.actor(mine)
    assert acts.add_members(segment=made, ids=[ana.pk, beto.pk], by=actor) == [ana.pk]
    assert acts.remove_members(segment=made, ids=[ana.pk, beto.pk], by=actor) == [ana.pk]


def test_task_runs_twice(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        vip = make_label()
        make_customer("Ana").label_links.create(label=vip)
        segment = acts.create_segment(name="VIP", rule=labelled(vip), by=business.actor())
    for _ in range(2):
        segment_tasks.go_through(str(business.tenant.id), str(segment.pk))
    with tenant_scope(business.tenant.id):
        segment.refresh_from_db()
        assert (segment.count, SegmentMember.objects.count(), SegmentChange.objects.count()) == (1, 1, 0)
