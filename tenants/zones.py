"""Time zones to choose from, those of the country first (IANA tz database)."""

import zoneinfo
from functools import lru_cache
from pathlib import Path

from babel.core import get_global
from babel.dates import get_timezone_location

from tenants import formats
from tenants.localities import LOCALITIES

AREAS = ("America", "Atlantic", "Europe", "Pacific", "Africa", "Asia", "Indian", "Australia")


@lru_cache(maxsize=1)
def all_zones() -> frozenset[str]:
    """The names of every place's zone."""
    return frozenset(name for name in zoneinfo.available_timezones() if name.partition("/")[0] in AREAS)


@lru_cache(maxsize=1)
def _by_country() -> dict[str, list[str]]:
    """Zones by country out of zone.tab; only each country's main zone where the system has no such file."""
    for folder in zoneinfo.TZPATH:
        table = Path(folder) / "zone.tab"
        if table.is_file():
            found: dict[str, list[str]] = {}
            for line in table.read_text(encoding="utf-8").splitlines():
                if not line.startswith("#"):
                    country, _position, zone, *_comment = line.split("\t")
                    found.setdefault(country, []).append(zone)
            return found
    return {country: [place.timezone] for country, place in LOCALITIES.items()}


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    return {zone: country for country, zones in _by_country().items() for zone in zones}


def current_name(zone: str) -> str:
    """The name a zone goes by today: America/Argentina/Buenos_Aires for America/Buenos_Aires (CLDR)."""
    return str(get_global("zone_aliases").get(zone, zone))


def country_of(zone: str) -> str:
    """The country in which a zone lies; "" for one that is no place, as UTC."""
    return _countries().get(current_name(zone), "")


def label(zone: str) -> str:
    """How a zone is shown: its place, as the reader calls it. Ciudad de México, Cidade do México."""
    return _place(zone, formats.reader())


@lru_cache(maxsize=4_096)
def _place(zone: str, locale: str) -> str:
    place = get_timezone_location(zoneinfo.ZoneInfo(zone), locale=locale, return_city=True)
    return place.replace("/", ", ")


def zone_choices(country: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Grouped choices: the country's own zones, then the whole world by area."""
    own = [zone for zone in sorted(_by_country().get(country, [])) if zone in all_zones()]
    groups = [(formats.country(country), [(zone, label(zone)) for zone in own])] if own else []
    for area in AREAS:
        rest = sorted(zone for zone in all_zones() if zone.partition("/")[0] == area and zone not in own)
        groups.append((area, [(zone, label(zone)) for zone in rest]))
    return groups
