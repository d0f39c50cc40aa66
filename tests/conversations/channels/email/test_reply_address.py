from uuid import UUID

import pytest

from conversations.channels.email import reply_address

CONVERSATION = UUID("01940000-0000-7000-8000-00000000abcd")
KEY, OLD_KEY = b"k" * 32, b"o" * 32


def test_a_signed_address_leads_back_whatever_its_case() -> None:
    address = reply_address.make(CONVERSATION, "Soporte@Tienda.MX", KEY)
    assert address.startswith("soporte+")
    assert len(address.partition("@")[0]) <= 64
    for variant in (address, address.upper(), f"<{address}>", address.replace("+", "-")):
        assert reply_address.read(variant, [KEY]) == CONVERSATION


def test_rotated_keys_are_accepted_and_strange_ones_not() -> None:
    address = reply_address.make(CONVERSATION, "soporte@tienda.mx", OLD_KEY)
    assert reply_address.read(address, [KEY, OLD_KEY]) == CONVERSATION
    assert reply_address.read(address, [KEY]) is None
    assert reply_address.read(address, []) is None


def test_no_changed_letter_is_accepted() -> None:
    local, _at, domain = reply_address.make(CONVERSATION, "s@tienda.mx", KEY).partition("@")
    for index in range(2, len(local)):
        changed = "a" if local[index] != "a" else "b"
        forged = f"{local[:index]}{changed}{local[index + 1 :]}@{domain}"
        # The last letter carries only two bits of the signature; the rest of it is padding.
        assert reply_address.read(forged, [KEY]) in (
            (None,) if index < len(local) - 1 else (None, CONVERSATION)
        )


def test_an_address_without_room_stays_as_it_is() -> None:
    long = "atencion-a-clientes-guadalajara@tienda.mx"
    assert reply_address.make(CONVERSATION, long, KEY) == long
    with pytest.raises(ValueError, match="not a mail address"):
        reply_address.make(CONVERSATION, "roto", KEY)


@pytest.mark.parametrize(
    "address", ["", "ana@b.mx", "s+abc@b.mx", "s+" + "a" * 39 + "@b.mx", "ñ" * 39 + "@b.mx", "\0"]
)
def test_other_addresses_lead_nowhere(address: str) -> None:
    assert reply_address.read(address, [KEY]) is None


def test_read_first_takes_the_first_signed_address() -> None:
    signed = reply_address.make(CONVERSATION, "s@tienda.mx", KEY)
    assert reply_address.read_first(["ana@b.mx", signed], [KEY]) == CONVERSATION
    assert reply_address.read_first(["ana@b.mx"], [KEY]) is None
