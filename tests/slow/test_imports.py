"""A hundred thousand rows come in, go out and are taken back, in memory that does not grow with the file."""

import tracemalloc

import pytest

from bench.importing import file_of
from crm.actions import imports
from crm.models import Customer
from tenants.scoping import tenant_scope
from tests.crm.imports.helpers import bring_in, export, undo, work
from tests.factories.tenants import Business, make_business

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FEW, MANY = 10_000, 100_000
SLACK = 12_000_000  # bytes that the larger file may take beyond the smaller


def peak(business: Business, rows: int) -> int:
    """The most memory that importing so many rows took, the file itself apart."""
    content = file_of(0, rows)
    tracemalloc.start()
    job = bring_in(business, content)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert job.counts["created"] == rows
    out = export(business)
    assert out.count(b"\n") == rows + 1
    assert undo(business, job).state == "undone"
    with tenant_scope(business.tenant.id):
        assert Customer.objects.count() == 0
    return most


def test_hundred_thousand_rows_in_flat_memory() -> None:
    few = peak(make_business("Pocos"), FEW)
    many = peak(make_business("Muchos"), MANY)
    assert many < few + SLACK


def test_worker_that_dies_loses_one_chunk_and_doubles_none(monkeypatch: pytest.MonkeyPatch) -> None:
    from crm.imports import engine
    from tests.crm.imports.helpers import check, take

    business = make_business("Cortes")
    job = check(business, take(business, file_of(0, FEW)))
    with tenant_scope(business.tenant.id):
        imports.start(job=job, by=business.actor())
    settle, turns = engine.settle_rows, []

    def dying(*given: object, **named: object) -> object:
        turns.append(1)
        if len(turns) == 3:
            raise OSError("killed")
        return settle(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "settle_rows", dying)
    assert engine.advance(business.tenant.id, job.pk) is False
    assert work(business, job).counts["created"] == FEW
    with tenant_scope(business.tenant.id):
        assert Customer.objects.count() == FEW
