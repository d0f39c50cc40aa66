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
        settings_nav.Place("facts:attributes", _("Facts"), "list-checks", Permission.CUSTOMERS_READ, 66)
    )
    settings_nav.register(
        settings_nav.Place("crm:consent-settings", _("Consent"), "check-check", Permission.SETTINGS_WRITE, 66)
    )
    settings_nav.register(
        settings_nav.Place("crm:suppressions", _("Suppressed addresses"), "ban", Permission.PRIVACY_READ, 67)
    )
    settings_nav.register(
        settings_nav.Place("crm:privacy", _("Privacy"), "lock", Permission.PRIVACY_READ, 66)
    )
    settings_nav.register(
        settings_nav.Place("products:products", _("Products"), "package", Permission.KNOWLEDGE_READ, 56)
    )
    audit_words.register(
        {
            "product.created": _("Product written"),
            "product.changed": _("Product changed"),
            "product.deleted": _("Product deleted"),
            "product.restored": _("Product brought back"),
            "product.imported": _("Products imported"),
            "customer.bulk": _("Done to many customers"),
            "customer.bulk_stopped": _("Stopped for many customers"),
            "customer.bulk_undone": _("Taken back for many customers"),
            "customer_view.created": _("View of the customers saved"),
            "customer_view.updated": _("View of the customers changed"),
            "customer_view.deleted": _("View of the customers deleted"),
            "customer_view.restored": _("View of the customers brought back"),
            "customer.archive_made": _("Everything known of a customer put into a file"),
            "customer.erasure_planned": _("Erasure of a customer planned"),
            "customer.erasure_cancelled": _("Erasure of a customer taken back"),
            "customer.erased": _("Customer erased"),
            "privacy_notice.published": _("Privacy notice published"),
            "privacy_request.received": _("Privacy request received"),
            "privacy_request.checking": _("Proof of identity asked for"),
            "privacy_request.identity_checked": _("Identity checked for a privacy request"),
            "privacy_request.handed": _("Privacy request handed to somebody"),
            "privacy_request.answered": _("Privacy request answered"),
            "privacy_request.refused": _("Privacy request refused"),
            "privacy_request.carried_out": _("Privacy request carried out"),
            "retention.changed": _("Time that things are kept changed"),
            "retention.applied": _("Old data removed by a rule"),
            "consent_policy.updated": _("What is wanted of consent changed"),
            "preference_links.renewed": _("Links to the preferences renewed"),
            "suppression.added": _("Address suppressed"),
            "suppression.lifted": _("Address no longer suppressed"),
            "suppression.restored": _("Address suppressed again"),
            "exclusion_list.created": _("Exclusion list made"),
            "exclusion_list.uploaded": _("Exclusion list uploaded"),
            "exclusion_list.cancelled": _("Reading of an exclusion list cancelled"),
            "exclusion_list.removed": _("Exclusion list deleted"),
            "exclusion_list.restored": _("Exclusion list brought back"),
            "attribute.archived": _("Fact archived"),
            "attribute.brought_back": _("Fact brought back"),
            "attribute.changed": _("Fact changed"),
            "attribute.converted": _("Values brought into the form of a fact"),
            "attribute.defined": _("Fact defined"),
            "import.uploaded": _("File for an import uploaded"),
            "import.started": _("Import started"),
            "import.cancelled": _("Import cancelled"),
            "import.undone": _("Import taken back"),
            "export.asked": _("Export asked for"),
            "export.downloaded": _("Export downloaded"),
            "case.opened": _("Case opened"),
            "case.resolved": _("Case resolved"),
            "case.reopened": _("Case open again"),
            "case.changed": _("Case changed"),
            "relation.deleted": _("Relation between customers removed"),
            "customer.merged": _("Customers made one"),
            "customer.duplicates_sought": _("Duplicates sought among all customers"),
            "customer.parted": _("Customers two again"),
            "customer.told_apart": _("Customers told apart"),
            "customer.asked_again": _("Customers perhaps the same after all"),
            "identity.removed": _("Address of a customer removed"),
            "label.deleted": _("Label deleted"),
            "label.restored": _("Label brought back"),
            "note.deleted": _("Note about a customer deleted"),
            "note.restored": _("Note about a customer brought back"),
            "preference.forgotten": _("Something remembered of a customer forgotten"),
        }
    )
