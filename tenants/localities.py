"""What follows from a country: the zone of most of its people, its currency, its language.

Sources: IANA tz database (zone.tab), ISO 4217, CLDR.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Locality:
    """Defaults for a business in a country."""

    timezone: str
    currency: str
    language: str


LOCALITIES: dict[str, Locality] = {
    "AR": Locality("America/Argentina/Buenos_Aires", "ARS", "es"),
    "BO": Locality("America/La_Paz", "BOB", "es"),
    "BR": Locality("America/Sao_Paulo", "BRL", "pt-br"),
    "CL": Locality("America/Santiago", "CLP", "es"),
    "CO": Locality("America/Bogota", "COP", "es"),
    "CR": Locality("America/Costa_Rica", "CRC", "es"),
    "CU": Locality("America/Havana", "CUP", "es"),
    "DO": Locality("America/Santo_Domingo", "DOP", "es"),
    "EC": Locality("America/Guayaquil", "USD", "es"),
    "ES": Locality("Europe/Madrid", "EUR", "es"),
    "GT": Locality("America/Guatemala", "GTQ", "es"),
    "HN": Locality("America/Tegucigalpa", "HNL", "es"),
    "MX": Locality("America/Mexico_City", "MXN", "es"),
    "NI": Locality("America/Managua", "NIO", "es"),
    "PA": Locality("America/Panama", "USD", "es"),
    "PE": Locality("America/Lima", "PEN", "es"),
    "PR": Locality("America/Puerto_Rico", "USD", "es"),
    "PT": Locality("Europe/Lisbon", "EUR", "pt-br"),
    "PY": Locality("America/Asuncion", "PYG", "es"),
    "SV": Locality("America/El_Salvador", "USD", "es"),
    "US": Locality("America/New_York", "USD", "en"),
    "UY": Locality("America/Montevideo", "UYU", "es"),
    "VE": Locality("America/Caracas", "VES", "es"),
}

COUNTRIES = [
    ("MX", _("Mexico")), ("AR", _("Argentina")), ("BO", _("Bolivia")), ("BR", _("Brazil")),
    ("CL", _("Chile")),
    ("CO", _("Colombia")), ("CR", _("Costa Rica")), ("CU", _("Cuba")), ("DO", _("Dominican Republic")),
    ("EC", _("Ecuador")), ("SV", _("El Salvador")), ("ES", _("Spain")), ("US", _("United States")),
    ("GT", _("Guatemala")), ("HN", _("Honduras")), ("NI", _("Nicaragua")), ("PA", _("Panama")),
    ("PY", _("Paraguay")), ("PE", _("Peru")), ("PT", _("Portugal")), ("PR", _("Puerto Rico")),
    ("UY", _("Uruguay")), ("VE", _("Venezuela")),
]  # fmt: skip


def locality(country: str) -> Locality:
    """Defaults of a country (ISO 3166-1 alpha-2). Raises `KeyError` for one we do not serve yet."""
    return LOCALITIES[country.upper()]
