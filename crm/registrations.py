"""What customers add to the pages below them."""

from django.utils.translation import gettext_lazy as _

from tenants import settings_nav
from tenants.permissions import Permission


def register() -> None:
    """Called once, when the app starts."""
    settings_nav.register(settings_nav.Place("crm:labels", _("Labels"), "tag", Permission.CUSTOMERS_READ, 65))
