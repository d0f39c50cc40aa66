"""What Bicis Mirasol sells and repairs, in pesos, and how orders come to be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from config.demo.script import Product

CURRENCY = "MXN"
PRODUCTS = [
    Product("Bici urbana Mirasol Paseo", 6_490, "bike", ("S", "M", "L"), "Canasta y salpicaderas incluidas"),
    Product("Bici de montaña Cerro Viejo 29", 13_900, "bike", ("S", "M", "L", "XL"), "Suspensión de 120 mm"),
    Product(
        "Bici de ruta Ajijic R2", 21_500, "bike", ("XS", "S", "M", "L"), "Aluminio con horquilla de carbono"
    ),
    Product("Bici gravel Tapalpa", 24_800, "bike", ("S", "M", "L"), "Llanta 700×40, frenos de disco"),
    Product("Bici infantil Colibrí 20", 3_290, "bike", (), "De 6 a 9 años"),
    Product("Bici eléctrica Minerva E", 32_900, "bike", ("M", "L"), "Hasta 70 km con una carga"),
    Product("Cámara 29", 129, "part"),
    Product("Cámara 26", 99, "part"),
    Product("Llanta 29×2.2", 549, "part"),
    Product("Llanta 700×28", 629, "part"),
    Product("Cadena de 11 velocidades", 690, "part"),
    Product("Balatas de disco", 249, "part"),
    Product("Cassette 11-42", 1_390, "part"),
    Product("Casco Sierra", 1_150, "part", ("S", "M", "L")),
    Product("Casco infantil Catarina", 590, "part"),
    Product("Luz delantera 400 lm", 480, "part"),
    Product("Candado en U", 690, "part"),
    Product("Bomba de piso", 749, "part"),
    Product("Guantes de medio dedo", 320, "part", ("S", "M", "L")),
    Product("Portabultos trasero", 590, "part"),
    Product("Silla para niño", 1_890, "part"),
    Product("Servicio básico", 350, "service", note="Ajuste de frenos y cambios, lubricación"),
    Product("Servicio completo", 890, "service", note="Desarmado, lavado y ajuste de todo"),
    Product("Purga de frenos hidráulicos", 480, "service"),
    Product("Servicio de suspensión", 1_250, "service"),
    Product("Centrado de rin", 180, "service"),
    Product("Bike fit", 950, "service", note="Una hora, con medidas impresas"),
]
BY_NAME = {product.name: product for product in PRODUCTS}


@dataclass(frozen=True, slots=True)
class Way:
    """How an order goes: its statuses, each so many hours after the one before."""

    source: str
    prefix: str
    steps: tuple[tuple[str, float], ...]


WAYS = {
    "counter": Way("pos", "M", (("paid", 0), ("delivered", 0.1))),
    "workshop": Way("taller", "T", (("placed", 0), ("preparing", 4), ("ready", 26), ("delivered", 20))),
    "shipped": Way("tienda", "W", (("placed", 0), ("paid", 0.2), ("preparing", 5), ("shipped", 22),
                                   ("delivered", 60))),
    "pickup": Way("tienda", "W", (("placed", 0), ("paid", 0.3), ("ready", 6), ("delivered", 30))),
    "cancelled": Way("tienda", "W", (("placed", 0), ("cancelled", 30))),
    "refunded": Way("tienda", "W", (("placed", 0), ("paid", 0.2), ("shipped", 26), ("delivered", 50),
                                    ("refunded", 100))),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Basket:
    """An order to be: which way it goes, what is in it, and how far."""

    way: str
    items: tuple[tuple[str, int], ...]
    until: str = ""


def baskets(random: Random) -> Iterator[Basket]:
    """What customers buy, without end."""
    by_kind = {kind: [p for p in PRODUCTS if p.kind == kind] for kind in ("bike", "part", "service")}
    while True:
        draw = random.random()
        if draw < 0.4:
            services = random.sample(by_kind["service"], random.choice([1, 1, 1, 2]))
            yield Basket("workshop", tuple((service.name, 1) for service in services))
        elif draw < 0.85:
            parts = random.sample(by_kind["part"], random.choice([1, 1, 2, 2, 3]))
            way = random.choices(
                ["counter", "shipped", "pickup", "cancelled", "refunded"], [58, 20, 14, 5, 3]
            )[0]
            yield Basket(way, tuple((part.name, random.choice([1, 1, 1, 2])) for part in parts))
        else:
            bike = random.choices(by_kind["bike"], [32, 24, 12, 8, 18, 6])[0]
            extras = random.sample(by_kind["part"][7:12], random.choice([0, 1, 1, 2]))
            way = random.choices(["counter", "pickup", "shipped"], [60, 25, 15])[0]
            yield Basket(way, ((bike.name, 1), *((extra.name, 1) for extra in extras)))


def pause(hours: float, random: Random) -> timedelta:
    """How long a step takes, not always the same."""
    return timedelta(hours=hours * random.uniform(0.6, 1.6))
