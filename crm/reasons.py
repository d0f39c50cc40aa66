"""Why two customers may be one person, in the reader's language."""

from django.utils.translation import gettext_lazy

from crm import likeness

REASONS = {
    likeness.SAME_PHONE: gettext_lazy("gave the same phone: %(value)s"),
    likeness.SAME_EMAIL: gettext_lazy("gave the same e-mail: %(value)s"),
    likeness.SAME_ADDRESS: gettext_lazy("gave the same address: %(value)s"),
    likeness.SAME_NAME_CITY: gettext_lazy("same name and city: %(value)s"),
    likeness.SAME_NAME_ORDER: gettext_lazy("same name, and names the order %(value)s"),
    "phone": gettext_lazy("same phone: %(value)s"),
    "near_phone": gettext_lazy("phones nearly the same: %(value)s"),
    "email": gettext_lazy("same mailbox: %(value)s"),
    "near_email": gettext_lazy("e-mails a slip apart: %(value)s"),
    "local_part": gettext_lazy("same e-mail name at another provider: %(value)s"),
    "document": gettext_lazy("same document: %(value)s"),
    "near_document": gettext_lazy("documents a slip apart: %(value)s"),
    "name": gettext_lazy("same name: %(value)s"),
    "nickname": gettext_lazy("same name, one by nickname: %(value)s"),
    "near_name": gettext_lazy("names spelt nearly the same: %(value)s"),
    "part_of_name": gettext_lazy("one name is part of the other: %(value)s"),
    "birth_date": gettext_lazy("same date of birth: %(value)s"),
    "near_birth_date": gettext_lazy("dates of birth a slip apart: %(value)s"),
    "order": gettext_lazy("same order: %(value)s"),
    "company": gettext_lazy("same company: %(value)s"),
    "city": gettext_lazy("same city: %(value)s"),
    "postcode": gettext_lazy("same postcode: %(value)s"),
    "street": gettext_lazy("same street: %(value)s"),
}
# What the list of suggestions can be narrowed by: each with the reasons it means.
GROUPS = {
    "phone": (gettext_lazy("Phone"), ("phone", "near_phone", likeness.SAME_PHONE)),
    "email": (gettext_lazy("E-mail"), ("email", "near_email", "local_part", likeness.SAME_EMAIL)),
    "document": (gettext_lazy("Document"), ("document", "near_document")),
    "name": (
        gettext_lazy("Name"),
        (
            "name",
            "nickname",
            "near_name",
            "part_of_name",
            likeness.SAME_NAME_CITY,
            likeness.SAME_NAME_ORDER,
        ),
    ),
    "order": (gettext_lazy("Order"), ("order", likeness.SAME_NAME_ORDER)),
    "birth": (gettext_lazy("Date of birth"), ("birth_date", "near_birth_date")),
}


def sentence(reason: dict[str, str]) -> str:
    """A reason in the reader's language."""
    text = REASONS.get(reason.get("why", ""))
    return str(text) % {"value": reason.get("value", "")} if text else reason.get("value", "")
