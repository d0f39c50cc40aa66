"""Who may be the same person is found by what is alike, and kept with reasons and a score."""

from datetime import timedelta

from django.utils import timezone

from crm import identities
from crm.actions import duplicates
from crm.actions.customers import update_customer
from crm.actions.merging import say_different
from crm.models import Customer, Likeness, LikenessKey, Order
from tests.factories.crm import make_customer, make_order
from tests.factories.tenants import Business


def found() -> dict[tuple[str, str], list[str]]:
    """Names of the pairs suggested, with the reasons."""
    pairs = Likeness.objects.filter(state="suggested").select_related("first", "second").order_by("-score")
    return {(pair.first.name, pair.second.name): [reason["why"] for reason in pair.reasons] for pair in pairs}


def look_at(*customers: Customer) -> int:
    return duplicates.look_at([Customer.objects.get(pk=one.pk) for one in customers])


def test_each_kind_of_likeness_is_found_with_its_reason(scope: Business) -> None:
    pairs = [
        (make_customer("Pepe Villaseñor", attributes={"Ciudad": "Guadalajara"}),
         make_customer("Villasenor Ibarra José", attributes={"city": "guadalajara"})),
        (make_customer("Lupita Huesca", email="lupita.huesca@gmail.com"),
         make_customer("Guadalupe Huesca", email="lupitahuesca+tienda@gmail.com")),
        (make_customer("Tião Nogueira", attributes={"CPF": "529.982.247-25"}),
         make_customer("Sebastião N.", attributes={"cpf": "52998224725"})),
        (make_customer("Rocío Zamudio", email="rocio.zamudio@correo.mx"),
         make_customer("Rocio Zamudio", email="rocio.zamudoi@correo.mx")),
        (make_customer("Bob Kowalski", phone="+523312345678"),
         make_customer("Robert Kowalski", attributes={"Teléfono": "044 33 1234 5678"})),
    ]  # fmt: skip
    look_at(*(one for pair in pairs for one in pair))
    assert found() == {
        ("Lupita Huesca", "Guadalupe Huesca"): ["email", "nickname"],
        ("Bob Kowalski", "Robert Kowalski"): ["phone", "nickname"],
        ("Rocío Zamudio", "Rocio Zamudio"): ["name", "near_email"],
        ("Tião Nogueira", "Sebastião N."): ["document", "nickname"],
        ("Pepe Villaseñor", "Villasenor Ibarra José"): ["nickname", "city"],
    }


def test_what_is_common_or_shared_by_a_family_is_not_asked(scope: Business) -> None:
    look_at(
        make_customer("José García"),
        make_customer("Jose Garcia"),
        make_customer("Marta Iturbe", phone="3312345678"),
        make_customer("Raúl Oviedo", attributes={"tel": "33 1234 5678"}),
        make_customer("Inés Duarte", email="info@uno.mx"),
        make_customer("Hugo Landa", email="info@dos.mx"),
    )
    assert found() == {}


def test_one_order_known_to_two_systems_is_a_reason(scope: Business) -> None:
    one, other = make_customer("Ana Flores"), make_customer("Ana F.")
    make_order(one, "A-1", number="MX-20411")
    make_order(other, "B-1", number="mx-20411")
    assert (look_at(one, other), found()) == (1, {("Ana Flores", "Ana F."): ["order", "name"]})


def test_decided_pairs_stay_decided_and_stale_ones_go(scope: Business) -> None:
    one, other = make_customer("Rocío Zamudio", email="ro@a.mx"), make_customer("Rocio Zamudio")
    other.attributes = {"correo": "ro@a.mx"}
    other.save()
    assert look_at(one) == 0  # the other has not been looked at: nothing leads to her yet
    assert look_at(other) == 1
    assert look_at(one, other) == 0
    update_customer(customer=other, name="Pedro Páramo", attributes={"correo": ""}, by=scope.actor())
    assert (look_at(other), found()) == (0, {})
    update_customer(customer=other, name="Rocío Zamudio", attributes={"correo": "ro@a.mx"}, by=scope.actor())
    look_at(other)
    say_different(pair=Likeness.objects.get(), by=scope.actor())
    assert (look_at(one, other), found()) == (0, {})


def test_looking_at_all_goes_on_where_it_stopped(scope: Business) -> None:
    people = [make_customer("Ximena Quirarte", phone="+523399990000")]
    people += [make_customer(name) for name in ("Aldo Bernal", "Celia Duque", "Efrén Galindo", "Irma Juárez")]
    people.append(make_customer("Ximena Quirarte", attributes={"celular": "33 9999 0000"}))
    assert duplicates.look_on() is False  # who has just changed may still be on the way
    Customer.objects.update(updated_at=timezone.now() - timedelta(minutes=1))
    before, duplicates.CHUNK = duplicates.CHUNK, 4
    try:
        assert (duplicates.look_on(), duplicates.scan().looked, found()) == (True, 4, {})
        assert duplicates.look_on() is False
    finally:
        duplicates.CHUNK = before
    assert (duplicates.scan().looked, len(found())) == (6, 1)
    kept = duplicates.look_at_all(by=scope.actor())
    assert (kept.total, kept.looked, duplicates.look_at_all(by=scope.actor()).started_at) == (
        6,
        0,
        kept.started_at,
    )
    assert duplicates.look_on() is False
    kept.refresh_from_db()
    assert (kept.looked, kept.found, bool(kept.finished_at)) == (6, 0, True)


def test_who_orders_or_gets_an_address_is_looked_at_again_once(scope: Business) -> None:
    long_ago = timezone.now() - timedelta(days=1)
    one, other, third = make_customer("Ana Flores"), make_customer("Ana F."), make_customer("Ana Flores R.")
    make_order(other, "B-1", number="mx-20411")
    Customer.objects.update(updated_at=long_ago)
    while duplicates.look_on():
        pass
    make_order(one, "A-1", number="MX-20411")
    make_order(make_customer("Nadie Aún"), "A-2", number="MX-20412")
    Order.objects.filter(external_id__startswith="A").update(created_at=timezone.now() - timedelta(minutes=1))
    looked = duplicates.scan().looked
    for _time in range(2):
        duplicates.look_on()
        assert found() == {("Ana Flores", "Ana F."): ["order", "name"]}
    for who, address in ((third, "ana.flores+x@gmail.com"), (one, "anaflores@gmail.com")):
        who.refresh_from_db()
        identities.attach(who, "email", address, country="MX")
    changed = Customer.objects.filter(updated_at__gt=long_ago).values_list("name", flat=True)
    assert (set(changed), duplicates.scan().looked) == ({"Ana Flores", "Ana Flores R.", "Nadie Aún"}, looked)
    Customer.objects.exclude(name="Nadie Aún").update(updated_at=timezone.now() - timedelta(minutes=1))
    duplicates.look_on()
    assert found()["Ana Flores", "Ana Flores R."] == ["email", "part_of_name"]


def test_an_address_shown_to_be_theirs_makes_a_pair_certain(scope: Business) -> None:
    one = make_customer("Lupita Huesca", email="lupita.huesca@gmail.com")
    other = make_customer("Lupita Huesca", email="lupitahuesca+tienda@gmail.com")
    look_at(one, other)
    assert Likeness.objects.get().is_certain is False
    one.identities.update(is_verified=True)
    look_at(one)
    assert Likeness.objects.get().is_certain is True
    other.identities.update(is_claimed=True)  # she merely says so
    look_at(other)
    assert Likeness.objects.get().is_certain is False


def test_keys_follow_the_customer(scope: Business) -> None:
    one = make_customer("Ana Flores", phone="3312345678")
    look_at(one)
    had = set(LikenessKey.objects.values_list("key", flat=True))
    update_customer(customer=one, name="Ana Huerta", by=scope.actor())
    look_at(one)
    now = set(LikenessKey.objects.values_list("key", flat=True))
    assert (len(had), len(now), len(had & now)) == (3, 3, 2)
