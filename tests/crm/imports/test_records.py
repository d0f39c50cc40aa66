"""Orders, appointments and consents out of files; and what an undo gives back and keeps."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from crm.actions.consents import UNASKED, Proof, give, unsubscribe
from crm.actions.customers import update_customer
from crm.actions.merging import merge_customers, undo_merge
from crm.actions.privacy_erasure import plan_erasure, run_erasure
from crm.actions.suppressions import suppress
from crm.models import (
    Appointment,
    Consent,
    ConsentEvent,
    Customer,
    Erasure,
    ImportChunk,
    Order,
    Suppression,
    TimelineEntry,
)
from tenants.scoping import tenant_scope
from tests.crm.imports.helpers import bring_in, export, undo
from tests.factories.crm import make_customer, make_order
from tests.factories.tenants import Business

ORDERS = """Folio,Cliente,Teléfono,Estatus,Total,Fecha,Productos
A-1,Ana,3312345678,Entregado,"$1,250.50",21/11/2025,2 x Casco; Luz
A-2,Ana,3312345678,Pagado,300,22/11/2025 16:30,
A-3,Beto,,Pagado,1,22/11/2025,
A-4,Beto,5587654321,Extraviado,1,31/02/2025,
"""
APPOINTMENTS = """Servicio,Fecha,Hora,Cliente,Celular,Estado
Afinación,21/11/2025,10:30,Ana,3312345678,Confirmada
Afinación,22/11/2025,4 pm,Ana,3312345678,No asistió
"""
CONSENTS = """Correo,Medio,Finalidad,Acepta,Fecha,Formulario
ana@correo.mx,correo,promociones,sí,01/03/2025,Formulario de la tienda
luis@correo.mx,correo,promociones,sí,01/03/2025,
eva@correo.mx,correo,promociones,no,01/03/2025,
"""
SAME = {"changed": 0, "repeated": 0, "created": 0}


def test_orders_are_imported_once_and_taken_back(business: Business) -> None:
    job = bring_in(business, ORDERS, target="orders")
    assert job.counts == {"created": 2, "changed": 0, "same": 0, "refused": 2, "repeated": 0}
    with tenant_scope(business.tenant.id):
        first = Order.objects.get(external_id="A-1")
        assert (first.status, first.total, first.currency) == ("delivered", Decimal("1250.50"), "MXN")
        assert first.items == [{"name": "Casco", "quantity": 2}, {"name": "Luz", "quantity": 1}]
        assert list(Customer.objects.values_list("name", flat=True)) == ["Ana"]
        assert TimelineEntry.objects.filter(kind="order").count() == 2
    assert bring_in(business, ORDERS, target="orders").counts == {**SAME, "same": 2, "refused": 2}
    assert bring_in(business, export(business, target="orders"), target="orders").counts["same"] == 2
    undo(business, job)
    with tenant_scope(business.tenant.id):
        assert (Order.objects.count(), Customer.objects.count()) == (0, 0)


def test_order_of_somebody_else_is_refused(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        make_order(make_customer("Otra", phone="5511112222"), "A-1", source="import")
    assert bring_in(business, ORDERS, target="orders").counts["refused"] == 3


def test_appointments_have_day_and_time(business: Business) -> None:
    job = bring_in(business, APPOINTMENTS, target="appointments")
    assert job.counts["created"] == 2
    with tenant_scope(business.tenant.id):
        found = Appointment.objects.order_by("starts_at").values_list("status", "starts_at")
        moments = [(status, at.astimezone(business.tenant.zone).isoformat()) for status, at in found]
    assert moments == [
        ("confirmed", "2025-11-21T10:30:00-06:00"),
        ("no_show", "2025-11-22T16:00:00-06:00"),
    ]
    assert bring_in(business, APPOINTMENTS, target="appointments").counts == {**SAME, "same": 2, "refused": 0}
    undo(business, job)
    with tenant_scope(business.tenant.id):
        assert (Appointment.objects.count(), Customer.objects.count()) == (0, 0)


def test_consents_need_their_proof(business: Business) -> None:
    job = bring_in(business, CONSENTS, target="consents")
    assert job.counts == {"created": 2, "changed": 0, "same": 0, "refused": 1, "repeated": 0}
    with tenant_scope(business.tenant.id):
        stand = dict(Consent.objects.values_list("customer__identities__value", "state"))
        word = ConsentEvent.objects.get(state="given")
    assert stand == {"ana@correo.mx": "given", "eva@correo.mx": "withdrawn"}
    assert (word.source, word.note, word.address) == ("import", "Formulario de la tienda", "ana@correo.mx")
    assert bring_in(business, CONSENTS, target="consents").counts == {**SAME, "same": 2, "refused": 1}
    undo(business, job)
    with tenant_scope(business.tenant.id):
        assert (Consent.objects.count(), Customer.objects.count()) == (0, 0)


def test_undo_of_consents_lets_stand_again_what_they_ended(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        people = [make_customer(name, email=f"{name.lower()}@correo.mx") for name in ("Ana", "Luis", "Eva")]
        for one in people:
            unsubscribe(customer=one, media=["email"], purposes=UNASKED, proof=Proof(source="unsubscribe"))
        ConsentEvent.objects.update(happened_at="2025-01-01T00:00Z")
        Consent.objects.update(since="2025-01-01T00:00Z")
        suppress(kind="email", value="ana@correo.mx", reason="by_hand", covers="all", by=business.actor())

    def state() -> list[object]:
        with tenant_scope(business.tenant.id):
            rows = Suppression.objects.order_by("id").values()
            return [list(rows), list(Consent.objects.order_by("id").values())]

    before = state()
    content = CONSENTS.replace(",sí,01/03/2025,\n", ",sí,01/03/2025,Papel\n")
    job = bring_in(business, content, target="consents")
    assert (job.counts["created"], state() != before) == (3, True)
    undo(business, job)
    assert state() == before
    job = bring_in(business, content, target="consents")
    with tenant_scope(business.tenant.id):
        give(
            customer=people[0],
            medium="email",
            purpose="survey",
            proof=Proof(source="customer"),
            by=business.actor(),
        )
        unsubscribe(customer=people[1], media=["email"], purposes=UNASKED, proof=Proof(source="unsubscribe"))
    undo(business, job)
    with tenant_scope(business.tenant.id):
        standing = Suppression.objects.standing().order_by("value", "reason").values_list("value", "reason")
        assert list(standing) == [
            ("ana@correo.mx", "by_hand"),  # she agreed herself since
            ("eva@correo.mx", "unsubscribed"),
            ("luis@correo.mx", "unsubscribed"),
        ]
        assert not ConsentEvent.objects.filter(source="import").exists()


def test_undo_after_a_merge_keeps_what_the_merged_have_with_its_proof(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        old = make_customer("Ana F.", phone="3312345678")
    job = bring_in(business, CONSENTS, target="consents")
    with tenant_scope(business.tenant.id):
        ana = Customer.objects.get(identities__value="ana@correo.mx")
        made = merge_customers(source=ana, target=old, by=business.actor())
    undone = undo(business, job)
    assert undone.made["taken_back"] == {"removed": 1, "kept": 1}
    with tenant_scope(business.tenant.id):
        words = ConsentEvent.objects.values_list("customer_id", "state")
        assert (list(words), Consent.objects.get().state) == ([(old.pk, "given")], "given")
        undo_merge(made=made, by=business.actor())
        assert Consent.objects.get().customer_id == ana.pk


def test_undo_after_an_erasure_takes_back_all_the_others(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        known = make_customer("Luz Marina", phone="3311112222", company="Antes")
    content = "Nombre,Tel,Empresa\nAna Flores,3312345678,\nBeto Ruiz,5587654321,\n"
    job = bring_in(business, content + "Luz Marina,3311112222,Después\n")
    with tenant_scope(business.tenant.id):
        ana = Customer.objects.get(name="Ana Flores")
        erasure = plan_erasure(customer=ana, by=business.actor())
        Erasure.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert run_erasure(business.tenant.id, erasure.pk)
    with tenant_scope(business.tenant.id):
        journals = str(list(ImportChunk.objects.values_list("journal", flat=True)))
        assert ("Ana Flores" in journals, str(ana.pk) in journals, "Beto" in journals) == (False, False, True)
    assert undo(business, job).made["taken_back"] == {"removed": 1, "restored": 1}
    with tenant_scope(business.tenant.id):
        assert list(Customer.objects.values_list("name", "company")) == [(known.name, "Antes")]


def test_undo_gives_back_fields_and_keeps_what_was_used(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        known = make_customer("Ana", phone="3312345678", company="Vieja", attributes={"talla": "M"})
        other = make_customer("Luz", phone="3311112222", company="Antes")
    content = "Nombre,Tel,Empresa,Correo\nAna P,3312345678,Nueva,ana@correo.mx\nLuz,3311112222,Después,\n"
    content += "Beto,5587654321,,\nEva,5587654322,,\n"
    job = bring_in(business, content)
    assert (job.counts["created"], job.counts["changed"]) == (2, 2)
    with tenant_scope(business.tenant.id):
        make_order(Customer.objects.get(name="Beto"), "B-1")
        update_customer(customer=other, company="Otra cosa", by=business.actor())
    job = undo(business, job)
    assert job.made["taken_back"] == {"removed": 1, "kept": 2, "restored": 1}
    with tenant_scope(business.tenant.id):
        known.refresh_from_db()
        other.refresh_from_db()
        assert (known.name, known.company, known.identities.count()) == ("Ana", "Vieja", 1)
        assert (other.company, other.identities.count()) == ("Otra cosa", 1)
        assert sorted(Customer.objects.values_list("name", flat=True)) == ["Ana", "Beto", "Luz"]


def test_keeping_fills_only_what_is_empty(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        make_customer("Ana", phone="3312345678", company="")
    content = "Nombre,Tel,Empresa\nOtra,3312345678,Nueva\n"
    assert bring_in(business, content, conflict="keep").counts["changed"] == 1
    with tenant_scope(business.tenant.id):
        one = Customer.objects.get()
        assert (one.name, one.company) == ("Ana", "Nueva")
    assert bring_in(business, "Tel,Empresa\n3312345678,\n", clear=True).counts["changed"] == 1
    with tenant_scope(business.tenant.id):
        assert Customer.objects.get().company == ""


def test_rows_of_two_people_are_refused(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        make_customer("Ana", phone="3312345678")
        make_customer("Luz", email="luz@correo.mx")
    content = "Nombre,Tel,Correo\nX,3312345678,luz@correo.mx\n"
    assert bring_in(business, content).counts["refused"] == 1
    assert bring_in(business, content, key="phone").counts["refused"] == 1


def test_name_is_a_key_with_accents_forgiven(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        make_customer("José Muñoz")
        make_customer("Ana")
        make_customer("Ana")
    content = "Nombre,Empresa\njose munoz,Taller\nAna,\nSøren,\n"
    counts = bring_in(business, content, key="name", conflict="keep").counts
    assert (counts["changed"], counts["refused"], counts["created"]) == (1, 1, 1)
    assert bring_in(business, content, key="name", conflict="keep").counts["same"] == 2
