"""Customers out of files: found again, made, changed, refused, taken back."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from crm.models import Customer, Import, ImportChunk
from tenants.scoping import tenant_scope
from tests.crm.imports.helpers import bring_in, export, undo, work
from tests.factories.tenants import Business

FILE = """Nombre completo;Teléfono;Correo electrónico;Etiquetas;Cumpleaños
Ana Pérez;33 1234 5678;ana@correo.mx;VIP, Taller;12/03/1990
"Ruiz, Luis";+52 55 8765 4321;luis@correo.mx;;
Sin nada;;;;
Mala;123;mala@correo.mx;;
"""


def people(business: Business) -> list[tuple[str, list[str], list[str]]]:
    """Name, addresses, labels of everybody, by name."""
    with tenant_scope(business.tenant.id):
        return [
            (
                one.name,
                sorted(one.identities.values_list("value", flat=True)),
                sorted(one.labels.values_list("name", flat=True)),
            )
            for one in Customer.objects.order_by("name")
        ]


def test_file_is_understood_and_imported(business: Business) -> None:
    job = bring_in(business, FILE)
    assert (job.state, job.mapping) == (Import.State.DONE, ["name", "phone", "email", "labels", ""])
    assert job.counts == {"created": 2, "changed": 0, "same": 0, "refused": 2, "repeated": 0}
    assert people(business) == [
        ("Ana Pérez", ["+523312345678", "ana@correo.mx"], ["Taller", "VIP"]),
        ("Luis Ruiz", ["+525587654321", "luis@correo.mx"], []),
    ]


def test_same_file_twice_changes_nothing(business: Business) -> None:
    bring_in(business, FILE)
    job = bring_in(business, FILE)
    assert job.counts == {"created": 0, "changed": 0, "same": 2, "refused": 2, "repeated": 0}


def test_undo_leaves_nothing(business: Business) -> None:
    job = undo(business, bring_in(business, FILE))
    assert job.state == Import.State.UNDONE
    assert people(business) == []


def test_export_is_imported_unchanged(business: Business) -> None:
    bring_in(business, FILE)
    job = bring_in(business, export(business))
    assert job.counts == {"created": 0, "changed": 0, "same": 2, "refused": 0, "repeated": 0}
    job = bring_in(business, export(business, format="xlsx"), name="x.xlsx")
    assert job.counts == {"created": 0, "changed": 0, "same": 2, "refused": 0, "repeated": 0}


def test_files_are_forgotten_when_it_is_too_late_to_undo(business: Business) -> None:
    job = bring_in(business, FILE)
    with tenant_scope(business.tenant.id):
        name = str(job.rows_file.name)
        assert (default_storage.exists(name), ImportChunk.objects.filter(job=job).exists()) == (True, True)
        Import.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    job = work(business, job)
    with tenant_scope(business.tenant.id):
        assert (default_storage.exists(name), ImportChunk.objects.filter(job=job).exists()) == (False, False)
    assert (job.state, str(job.file), job.sample) == (Import.State.DONE, "", [])
