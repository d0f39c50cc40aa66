"""Exclusion lists: whatever form the file has, read by a worker who may die, replaced and deleted."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from crm import sending_rules
from crm.actions import exclusions
from crm.consent_tasks import read_exclusion_version, sweep_consents
from crm.models import Customer, ExclusionEntry, ExclusionList, ExclusionVersion, Medium, Purpose
from tenants.actors import Actor
from tenants.refusals import Conflicting, Refused
from tenants.scoping import tenant_scope
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

PHONES = "telefono\n33 1234 5678\n+52 1 33 1234 5679\n5213312345678\n\nno es un teléfono\n3312345680.0\n"
State = ExclusionVersion.State


def _upload(business: Business, content: bytes, **fields: Any) -> ExclusionVersion:
    with tenant_scope(business.tenant.id):
        given = {"name": "REPEP", "kind": "phone", "covers": "promotion", **fields}
        made = exclusions.create_list(**given, by=Actor.system())
        return exclusions.upload(
            exclusion_list=made, file=io.BytesIO(content), name="repep.csv", by=Actor.system()
        )


def _read(business: Business, version: ExclusionVersion) -> ExclusionVersion:
    read_exclusion_version(str(business.tenant.id), str(version.pk))
    with tenant_scope(business.tenant.id):
        version.refresh_from_db()
    return version


def _values(business: Business) -> list[str]:
    with tenant_scope(business.tenant.id):
        return sorted(ExclusionEntry.objects.values_list("value", flat=True))


@pytest.mark.parametrize(
    ("content", "fields", "wanted"),
    [
        (PHONES.encode(), {}, ["+523312345678", "+523312345679", "+523312345680"]),
        (PHONES.encode("cp1252"), {}, ["+523312345678", "+523312345679", "+523312345680"]),
        (b"\xef\xbb\xbf3312345678", {}, ["+523312345678"]),
        (
            "nombre;lada\nAna;3312345678\nEva;3312345679\n".encode("utf-16"),
            {},
            ["+523312345678", "+523312345679"],
        ),
        (
            b'id,"tel, fijo",x\r\n1,"(33) 1234-5678",a\r\n2,"33 1234 5679",b\r\n',
            {},
            ["+523312345678", "+523312345679"],
        ),
        (b"correo\tnombre\nAna@Example.COM\tAna\n", {"kind": "email"}, ["ana@example.com"]),
    ],
)
def test_whatever_form_the_file_has(
    business: Business, content: bytes, fields: dict[str, str], wanted: list[str]
) -> None:
    version = _read(business, _upload(business, content, **fields))
    assert (_values(business), version.state, version.is_current) == (wanted, State.DONE, True)


def test_what_was_not_understood_is_said_line_by_line(business: Business) -> None:
    version = _read(business, _upload(business, PHONES.encode()))
    assert (version.taken, version.doubled, version.refused) == (3, 1, 1)
    assert (version.refused_lines, version.percent, version.lines) == ([[6, "no es un teléfono"]], 100, 7)
    assert version.file.name == ""


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"PK\x03\x04 a spreadsheet", "CSV"),
        (b"\x00\x01\x02" * 99, "CSV"),
        (b"hola\nque tal\n", "understood"),
        (b"\n\n\n", "understood"),
        (b"\xff" * 9_999, "understood"),
    ],
)
def test_a_file_that_is_no_list_says_so(business: Business, content: bytes, problem: str) -> None:
    version = _read(business, _upload(business, content))
    assert (version.state, version.is_current, problem in version.problem) == (State.FAILED, False, True)


def test_an_empty_file_and_a_list_without_name_are_refused(scope: Business) -> None:
    made = exclusions.create_list(name="x", kind="phone", covers="all", by=Actor.system())
    with pytest.raises(Refused):
        exclusions.upload(exclusion_list=made, file=io.BytesIO(b""), name="a", by=Actor.system())
    with pytest.raises(Refused):
        exclusions.create_list(name=" ", kind="phone", covers="all", by=Actor.system())


def test_a_dead_worker_loses_nothing_and_two_read_nothing_twice(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exclusions, "BATCH", 10)
    content = "\n".join(f"33{number:08d}" for number in range(10_000_000, 10_000_095))
    version = _upload(business, content.encode())
    take, batches = exclusions._take, []

    def dying(*args: Any) -> bool:
        batches.append(1)
        if len(batches) == 4:
            raise SystemExit
        return take(*args)

    monkeypatch.setattr(exclusions, "_take", dying)
    with pytest.raises(SystemExit):
        _read(business, version)
    monkeypatch.setattr(exclusions, "_take", take)
    with tenant_scope(business.tenant.id):
        version.refresh_from_db()
        stand = (version.lines, ExclusionEntry.objects.count(), version.state)
    untouched = _read(business, version).lines  # its lease has not run out
    with tenant_scope(business.tenant.id):
        ExclusionVersion.objects.update(due_at=timezone.now())
    done = _read(business, version)
    again = _read(business, version)
    assert (stand, untouched) == ((30, 30, State.READING), 30)
    assert (done.taken, done.doubled, done.lines, len(_values(business))) == (95, 0, 95, 95)
    assert (again.attempts, again.state) == (done.attempts, State.DONE)


def test_a_long_list_is_read_in_turns_and_its_file_goes_at_the_end(
    business: Business, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(exclusions, "TURN", -1.0)
    monkeypatch.setattr(exclusions, "BATCH", 2)
    monkeypatch.setattr(exclusions, "_ring", lambda _version: None)
    version = _upload(business, "".join(f"33123456{n:02}\n" for n in range(5)).encode())
    with tenant_scope(business.tenant.id):
        path, seen = Path(version.file.path), []
    with django_capture_on_commit_callbacks(execute=True):
        for _turn in range(4):
            seen.append((_read(business, version).lines, str(version.state)))
        was_there = path.exists()
    assert seen == [(2, "reading"), (4, "reading"), (5, "reading"), (5, "done")]
    assert (was_there, path.exists()) == (True, False)


def test_a_newer_version_replaces_the_one_before_once_it_is_read(business: Business) -> None:
    first = _read(business, _upload(business, b"3312345678"))
    with tenant_scope(business.tenant.id):
        excluded = ExclusionList.objects.get()
        second = exclusions.upload(
            exclusion_list=excluded, file=io.BytesIO(b"3312345679"), name="b", by=Actor.system()
        )
        before = _spared(["3312345678", "3312345679"])
    _read(business, second)
    with tenant_scope(business.tenant.id):
        after = _spared(["3312345678", "3312345679"])
        current = list(ExclusionVersion.objects.filter(is_current=True))
    assert (before, after, current, first.is_current) == ([True, False], [False, True], [second], True)


def _spared(phones: list[str]) -> list[bool]:
    """Whether offers to a number are refused because of a list."""
    found = []
    for phone in phones:
        customer = Customer.objects.filter(identities__value=f"+52{phone}").first() or make_customer(
            phone, phone=phone
        )
        verdict = sending_rules.may_send(
            customer, Medium.SMS, Purpose.PROMOTION, f"+52{phone}", at=timezone.now()
        )
        found.append(verdict.reason == sending_rules.Reason.EXCLUDED)
    return found


def test_a_cancelled_upload_leaves_what_stood(business: Business) -> None:
    version = _upload(business, b"3312345678")
    with tenant_scope(business.tenant.id):
        exclusions.cancel(version=version, by=Actor.system())
        with pytest.raises(Conflicting):
            exclusions.cancel(version=version, by=Actor.system())
    assert (_read(business, version).state, _values(business)) == (State.CANCELLED, [])


def test_a_deleted_list_excludes_nobody_and_comes_back(business: Business) -> None:
    _read(business, _upload(business, b"3312345678"))
    with tenant_scope(business.tenant.id):
        made = ExclusionList.objects.get()
        found = [_spared(["3312345678"])]
        exclusions.remove(exclusion_list=made, by=Actor.system())
        found.append(_spared(["3312345678"]))
        exclusions.restore(exclusion_list=made, by=Actor.system())
        found.append(_spared(["3312345678"]))
    assert found == [[True], [False], [True]]


def test_entries_of_what_was_deleted_long_ago_are_forgotten(business: Business) -> None:
    _read(business, _upload(business, b"3312345678\n3312345679"))
    with tenant_scope(business.tenant.id):
        kept = exclusions.forget_old()
        ExclusionList.objects.update(removed_at=timezone.now() - exclusions.KEPT_AFTER)
        gone = exclusions.forget_old()
        with pytest.raises(Conflicting):
            exclusions.restore(exclusion_list=ExclusionList.objects.get(), by=Actor.system())
    assert (kept, gone, _values(business)) == (0, 2, [])


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_the_sweep_finds_lists_that_nobody_reads(business: Business) -> None:
    _upload(business, b"3312345678")
    assert sweep_consents() == 1
