"""A long exclusion list is uploaded and read in memory that does not grow with it."""

import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from crm.actions import exclusions
from crm.models import ExclusionEntry, ExclusionVersion
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business, make_business

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FEW, MANY = 5_000, 50_000
SLACK = 1_000_000  # bytes that the longer list may take beyond the shorter


def peak(business: Business, lines: int) -> int:
    """The most memory that so many lines took."""
    with tempfile.TemporaryFile() as file:
        file.write(b"telefono;fecha\n")
        file.writelines(b"%d;2026-01-01\n" % (3_310_000_000 + 7 * number) for number in range(lines))
        tracemalloc.start()
        with tenant_scope(business.tenant.id):
            exclusions.create_with_file(
                name="REPEP",
                kind="phone",
                covers="promotion",
                file=file,
                file_name="repep.csv",
                by=Actor.system(),
            )
            version = ExclusionVersion.objects.get()
    while version.is_open:
        exclusions.read(business.tenant.id, version.pk)
        with tenant_scope(business.tenant.id):
            version.refresh_from_db()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    with tenant_scope(business.tenant.id):
        assert (version.taken, ExclusionEntry.objects.count()) == (lines, lines)
    return most


def test_ten_times_the_lines_take_the_same_memory(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    monkeypatch.setattr(exclusions, "_ring", lambda _version: None)
    few = peak(make_business("Pocos"), FEW)
    assert peak(make_business("Muchos"), MANY) < few + SLACK
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
