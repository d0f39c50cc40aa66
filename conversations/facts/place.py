"""Where the business is: its address, and a link that opens in anybody's map."""

from urllib.parse import urlencode

from django.utils.translation import gettext as _

from tenants.models import Tenant

MAP = "https://www.google.com/maps/search/"


def told(tenant: Tenant, written: str = "") -> str:
    """The business's own words, its address and the map; "" where no address is known."""
    if not tenant.address:
        return written
    lines = [written] if written else []
    if tenant.address not in written:
        lines.append(_("We are at %(address)s.") % {"address": tenant.address.rstrip(".")})
    return "\n".join([*lines, _("Map: %(link)s") % {"link": map_link(tenant)}])


def map_link(tenant: Tenant) -> str:
    """The place on a map, by name and address (developers.google.com/maps/documentation/urls)."""
    return f"{MAP}?{urlencode({'api': 1, 'query': f'{tenant.name}, {tenant.address}'})}"
