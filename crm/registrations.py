"""What customers add to the pages below them."""

from django.utils.translation import gettext_lazy as _

from tenants import audit_words, settings_nav
from tenants.permissions import Permission


def register() -> None:
    """Called once, when the app starts."""
    settings_nav.register(settings_nav.Place("crm:labels", _("Labels"), "tag", Permission.CUSTOMERS_READ, 65))
    audit_words.register(
        {
            "case.opened": _("Case opened"),
            "case.resolved": _("Case resolved"),
            "customer.merged": _("Customers made one"),
            "customer.parted": _("Customers two again"),
            "customer.told_apart": _("Customers told apart"),
            "customer.asked_again": _("Customers perhaps the same after all"),
            "identity.removed": _("Address of a customer removed"),
            "label.deleted": _("Label deleted"),
            "label.restored": _("Label brought back"),
            "note.deleted": _("Note about a customer deleted"),
            "note.restored": _("Note about a customer brought back"),
        }
    )
