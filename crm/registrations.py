"""What customers add to the pages below them."""

from django.utils.translation import gettext_lazy as _

from crm import privacy_parts, privacy_tasks  # noqa: F401 -- workers know the tasks
from tenants import audit_words, settings_nav
from tenants.permissions import Permission


def register() -> None:
    """Called once, when the app starts."""
    privacy_parts.register()
    settings_nav.register(settings_nav.Place("crm:labels", _("Labels"), "tag", Permission.CUSTOMERS_READ, 65))
    settings_nav.register(
        settings_nav.Place("crm:consent-settings", _("Consent"), "check-check", Permission.SETTINGS_WRITE, 66)
    )
    settings_nav.register(
        settings_nav.Place("crm:suppressions", _("Suppressed addresses"), "ban", Permission.PRIVACY_READ, 67)
    )
    audit_words.register(
        {
            "consent_policy.updated": _("What is wanted of consent changed"),
            "suppression.added": _("Address suppressed"),
            "suppression.lifted": _("Address no longer suppressed"),
            "suppression.restored": _("Address suppressed again"),
            "exclusion_list.created": _("Exclusion list made"),
            "exclusion_list.uploaded": _("Exclusion list uploaded"),
            "exclusion_list.cancelled": _("Reading of an exclusion list cancelled"),
            "exclusion_list.removed": _("Exclusion list deleted"),
            "exclusion_list.restored": _("Exclusion list brought back"),
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
