import re

from tenants.kit.text import MAIL_ADDRESS, PLACE


def test_mail_addresses_are_found_in_any_text() -> None:
    """Also in one word as long as a book: a pattern that begins anew at each letter would take hours."""
    found = re.findall(MAIL_ADDRESS, "a ana.flores+x@mail.example.com, o b@c.mx. y <x@y.z> no a@b")
    assert found == ["ana.flores+x@mail.example.com", "b@c.mx", "x@y.z"]
    assert re.findall(MAIL_ADDRESS, "a" * 1_000_000) == []


def test_places_are_found_in_any_text() -> None:
    text = "Hola {{ customer.name | default('{x}') }}, {%- if a % 2 %}{{\n b }}{% endif %} {{ no {{ c }} } {"
    found = [
        "{{ customer.name | default('{x}') }}",
        "{%- if a % 2 %}",
        "{{\n b }}",
        "{% endif %}",
        "{{ c }}",
    ]
    assert re.findall(PLACE, text) == found
    for odd in ("{{", "{%", "{{ a ", "{{{%"):
        assert re.findall(PLACE, odd * 500_000) == []
