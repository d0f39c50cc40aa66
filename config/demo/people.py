"""Who works at Bicis Mirasol, and its customers."""

import re
import unicodedata
from collections.abc import Iterable
from random import Random

from config.demo.script import Colleague, Shopper

PASSWORD = "bicicleta-amarilla"  # noqa: S105 -- printed by `make run`; everybody may know it
COLLEAGUES = [
    Colleague("rocio", "Rocío Villaseñor", "rocio@mirasol.example", "owner"),
    Colleague(
        "marcela", "Marcela Ochoa", "marcela@mirasol.example", "supervisor", teams=("Ventas", "Taller")
    ),
    Colleague("diego", "Diego Arriaga", "diego@mirasol.example", "agent", teams=("Ventas",)),
    Colleague("paulina", "Paulina Cárdenas", "paulina@mirasol.example", "agent", teams=("Ventas",)),
    Colleague("tono", "Toño Gutiérrez", "tono@mirasol.example", "agent", sees="teams", teams=("Taller",)),
]

WOMEN = [
    "Ximena",
    "Fernanda",
    "Citlali",
    "Alejandra",
    "Lourdes",
    "Itzel",
    "Renata",
    "Yolanda",
    "Carmen",
    "Beatriz",
    "Nayeli",
    "Valeria",
    "Socorro",
    "Jimena",
    "Daniela",
    "Leticia",
    "Yaretzi",
    "Mónica",
    "Graciela",
    "Abril",
    "Silvia",
    "Karla",
    "Verónica",
    "Esperanza",
    "Natalia",
    "Rebeca",
    "Elena",
    "Marisol",
    "Tere",
    "Aurora",
    "Adriana",
    "Patricia",
    "Samantha",
    "Regina",
    "Concepción",
    "Brenda",
    "Liliana",
    "Montserrat",
    "Amira",
    "Naomi",
]
MEN = [
    "Óscar",
    "Emiliano",
    "Tonatiuh",
    "Ramiro",
    "Gerardo",
    "Santiago",
    "Cuauhtémoc",
    "Raúl",
    "Alfonso",
    "Julián",
    "Ismael",
    "Rogelio",
    "Mateo",
    "Benjamín",
    "Saúl",
    "Arturo",
    "Leonardo",
    "Efraín",
    "Martín",
    "Hugo",
    "Salvador",
    "Rodrigo",
    "Ulises",
    "Joaquín",
    "Andrés",
    "Fabián",
    "Gustavo",
    "Víctor",
    "Abraham",
    "Nicolás",
    "Ángel",
    "Jesús",
    "Tomás",
    "Israel",
    "Bruno",
    "Kenji",
    "Elías",
    "Gael",
    "Noé",
    "Ezequiel",
]
SURNAMES = [
    "Hernández",
    "García",
    "Martínez",
    "López",
    "González",
    "Rodríguez",
    "Pérez",
    "Sánchez",
    "Ramírez",
    "Flores",
    "Gómez",
    "Torres",
    "Díaz",
    "Vázquez",
    "Reyes",
    "Jiménez",
    "Morales",
    "Cruz",
    "Ortiz",
    "Gutiérrez",
    "Chávez",
    "Ramos",
    "Ruiz",
    "Mendoza",
    "Álvarez",
    "Castillo",
    "Romero",
    "Aguilar",
    "Herrera",
    "Medina",
    "Navarro",
    "Íñiguez",
    "Orozco",
    "Plascencia",
    "Barragán",
    "Covarrubias",
    "Anguiano",
    "Zepeda",
    "Camarena",
    "Padilla",
    "Topete",
    "Velasco",
    "Uribe",
    "Curiel",
    "Tzintzun",
    "Pech",
    "Canul",
    "Ek",
    "Xolalpa",
    "Nakamura",
    "Tanaka",
    "Kuri",
    "Harp",
    "Kim",
    "Zanella",
    "Müller",
    "Bañuelos",
    "Preciado",
    "Godínez",
    "Bravo",
]
MAILS = ["correo.example", "buzon.example", "tapatio.example", "cartero.example"]
COMPANIES = [
    "Panadería La Espiga Azul",
    "Mensajería Rayo Verde",
    "Colegio Jacarandas",
    "Estudio Nopal",
    "Hotel Casa Tequilera",
    "Clínica Santa Tere",
    "Despacho Ibarra y Asociados",
    "Grupo Colorines",
]
RIDES = ["Montaña", "Ruta", "Urbana", "Gravel", "Infantil", "Eléctrica"]
SIZES = ["XS", "S", "M", "L", "XL"]
ROUTES = [
    "Bosque La Primavera",
    "Vía RecreActiva",
    "Barranca de Huentitán",
    "Chapala por carretera",
    "Al trabajo",
]
NOTES = [
    "Prefiere que le marquen después de las 5, trabaja en turno matutino.",
    "Siempre paga de contado y pide factura. El RFC está en su último correo.",
    "Viene con su hijo Mateo (7 años). Le late la rodada 20 azul.",
    "Ojo: alérgico al látex, nada de parches con él de modelo 😅",
    "Entrena para la vuelta a Jalisco, le urge todo siempre. Buen cliente.",
    "Le regalamos un servicio básico por la demora de marzo. Quedó contento.",
    "No le gusta WhatsApp, mejor correo.",
    "Le debemos una cámara 26 de cortesía (promoción de aniversario).",
    "Recomendó a media oficina. Tratarlo como rey.",
    "Su bici anda en talla L pero le quedaría mejor una M, ofrecerle bike fit.",
    "Pregunta por Toño, sólo confía en él para los frenos.",
    "Vive en Tlajomulco, que le avisen antes para no dar la vuelta.",
]

# Those the stories speak of. `since` is how many days ago they came.
NAMED = [
    Shopper("Lucía Herrera Ponce", "lucia.herrera@correo.example", "33 1482 9071", since=310,
            attributes={"Talla": "S", "Tipo de bici": "Urbana", "Vendedor favorito": "Diego"}, labels=("VIP",),
            notes=("Usa la bici para ir al trabajo diario: si se queda sin ella paga camión. Cuidarla.",
                   "Prefiere que le contesten por chat."), card="CLI-0117"),
    Shopper("Ernesto Barragán Topete", "ebarragan@buzon.example", "33 3615 2240", since=190,
            attributes={"Talla": "L", "Tipo de bici": "Montaña"}, labels=("Taller",), card="CLI-0203",
            notes=("Muy molesto por la suspensión. Que le conteste siempre la misma persona (Diego).",)),
    Shopper("Iván", since=0, confirmed=False),
    Shopper("Guadalupe Xóchitl Tzintzun", "lupita.tzintzun@correo.example", "33 2094 7713", since=42,
            company="Colegio Jacarandas", attributes={"Tipo de bici": "Infantil"}, labels=("Mayoreo",)),
    Shopper("Mariana Ek Canul", "mariana.ek@espiga.example", "33 1250 8846", company="Panadería La Espiga Azul",
            since=0, confirmed=False),
    Shopper("Emma Lindqvist", "emma.lindqvist@mail.example", since=0, confirmed=False, language="en"),
    Shopper("Kenji Nakamura Ruiz", "kenji.nakamura@correo.example", "33 1877 3302", since=260,
            attributes={"Talla": "M", "Tipo de bici": "Gravel", "Estatura": 172}, labels=("VIP", "Ruta"),
            card="CLI-0088"),
    Shopper("Soledad Camarena Uribe", "chole.camarena@tapatio.example", "33 3827 1109", since=330,
            attributes={"Tipo de bici": "Urbana", "Prefiere": "Llamada por la tarde"}, card="CLI-0031",
            notes=("Tiene 71 años y anda en bici diario al mercado. Hablarle de usted.",)),
    Shopper("Brandon Xolalpa", "brandonxol@buzon.example", "33 2267 9015", since=25,
            attributes={"Talla": "L", "Tipo de bici": "Montaña"}),
    Shopper("Amira Kuri Nacif", "amira@despachoibarra.example", "33 3641 7788", since=150,
            company="Despacho Ibarra y Asociados", attributes={"Talla": "S", "Tipo de bici": "Eléctrica"},
            labels=("Factura", "VIP"), card="CLI-0240"),
    Shopper("Tonatiuh Flores Anguiano", "tona.flores@correo.example", "33 1590 4436", since=205,
            attributes={"Talla": "XL", "Tipo de bici": "Montaña", "Estatura": 191}, card="CLI-0171"),
    Shopper("Regina Orozco Velasco", "regina.ov@buzon.example", "33 2148 6650", since=88,
            attributes={"Talla": "XS", "Tipo de bici": "Ruta"}, labels=("Ruta",)),
    Shopper("Jesús Plascencia", "chuyplas@tapatio.example", "33 3390 5127", since=140,
            attributes={"Tipo de bici": "Urbana"}, labels=("Taller",), card="CLI-0260"),
    Shopper("Itzel Curiel Padilla", "itzel.curiel@correo.example", "33 1735 0294", since=64,
            attributes={"Tipo de bici": "Infantil", "Hijos": "Leo (5) y Ana (8)"}, labels=("Infantil",)),
    Shopper("Rubén Preciado", "ruben@rayoverde.example", "33 2506 3341", company="Mensajería Rayo Verde", since=280,
            attributes={"Flotilla": 14, "Tipo de bici": "Urbana"}, labels=("Mayoreo", "VIP"), card="CLI-0066",
            notes=("14 bicis en flotilla, descuento del 12 % en refacciones autorizado por Rocío.",)),
    Shopper("Valeria Zanella", "vale.zanella@mail.example", "33 1418 5523", since=35,
            attributes={"Talla": "S", "Tipo de bici": "Gravel"}),
    Shopper("Gerardo Bañuelos", "gera.banuelos@correo.example", "33 3155 8402", since=18,
            attributes={"Tipo de bici": "Eléctrica"}),
    Shopper("Nayeli Pech", "nayeli.pech@cartero.example", "33 2071 6694", since=12, attributes={"Talla": "M"}),
    Shopper("Hugo Topete Reyes", "hugo.topete@buzon.example", "33 1806 2250", since=120,
            attributes={"Talla": "L", "Tipo de bici": "Ruta"}, labels=("Ruta",)),
    Shopper("Carmen Godínez", "mcarmen.godinez@correo.example", "33 3613 4470", since=300,
            attributes={"Tipo de bici": "Urbana"}, labels=("Queja",), card="CLI-0052"),
    Shopper("Benjamín Kim", "benjamin.kim@mail.example", "33 1029 7765", since=95,
            attributes={"Talla": "M", "Tipo de bici": "Ruta", "Estatura": 178}),
    Shopper("Yolanda Íñiguez", "yola.iniguez@tapatio.example", "33 3826 9913", since=210, attributes={"Talla": "S"}),
    Shopper("Samuel Harp", "samuel.harp@correo.example", "33 2293 1048", since=50, labels=("e-bike",),
            attributes={"Tipo de bici": "Eléctrica"}),
    Shopper("Fernanda Müller", "fer.muller@buzon.example", "33 1361 8870", since=28, attributes={"Talla": "M"}),
    Shopper("Don Chuy Medina", "jesus.medina@cartero.example", "33 3618 0025", since=340, card="CLI-0009",
            attributes={"Tipo de bici": "Urbana", "Prefiere": "Que le marquen"}, labels=("VIP",)),
    Shopper("Pamela Bravo", "pam.bravo@correo.example", "33 2417 7136", since=9, attributes={"Talla": "S"}),
    Shopper("Ulises Zepeda", "ulises.zepeda@buzon.example", "33 1643 5519", since=77, attributes={"Talla": "L"}),
    Shopper("Karla Covarrubias", "karla.cova@correo.example", "33 2160 4402", since=160,
            company="Estudio Nopal", labels=("Factura",)),
    Shopper("Saúl Navarro", "saul.navarro@tapatio.example", "33 3337 6651", since=21, attributes={"Talla": "XL"}),
    Shopper("Alejandra Tanaka", "ale.tanaka@mail.example", "33 1954 2280", since=60, attributes={"Talla": "XS"}),
    Shopper("Octavio Rosales", "octavio.rosales@hotelcasatequilera.example", "33 3122 7045", since=33,
            company="Hotel Casa Tequilera", labels=("Mayoreo",)),
    Shopper("Perla Jazmín Ramos", "perlita.ramos@buzon.example", "33 2875 1193", since=15),
    Shopper("Martín Aguilar", "martin.aguilar@no-existe.example", "33 1580 3926", since=70, card="CLI-0288"),
    Shopper("Daniela Romero", "dani.romero@correo.example", "33 2234 5087", since=45, attributes={"Talla": "M"}),
    Shopper("Emiliano Castillo", "emi.castillo@tapatio.example", "33 1099 8241", since=130, labels=("Ruta",),
            attributes={"Talla": "M", "Tipo de bici": "Ruta"}),
    Shopper("Leticia Vázquez", "lety.vazquez@correo.example", "33 3684 1150", since=220, card="CLI-0140"),
    Shopper("Rodrigo Uribe", "rodrigo.uribe@buzon.example", "33 1467 3098", since=110),
    Shopper("Citlali Mendoza", "citlali.mendoza@correo.example", "33 2059 6617", since=52, labels=("Garantía",)),
    Shopper("Arturo Velasco", "arturo.velasco@cartero.example", "33 3640 2281", since=175),
    Shopper("Renata Gómez", "renata.gomez@mail.example", "33 1722 9946", since=30),
    Shopper("Brenda Covarrubias Ek", "brenda@rodadanocturna.example", "33 1238 4417", since=65),
    Shopper("Socorro Plascencia Ek", "coco.plascencia@buzon.example", "33 3642 7790", since=118, card="CLI-0277"),
    Shopper("Abraham Jiménez Kuri", "abraham.jk@correo.example", "33 2180 6634", since=40, labels=("Taller",)),
    Shopper("Noé Bravo Íñiguez", "noebravo@cartero.example", "33 1561 3378", since=26),
    Shopper("Jimena Torres Harp", "jimena.torres@correo.example", "33 2493 0082", since=31, attributes={"Talla": "S"}),
    Shopper("Efraín Chávez", "efra.chavez@tapatio.example", "33 3110 8845", since=290),
    Shopper("Mateo Aguilar Xolalpa", "mateo.aguilar@buzon.example", "33 1877 5206", since=90, labels=("Taller",)),
    Shopper("Graciela Mendoza Pech", "chela.mendoza@correo.example", "33 3689 2013", since=80),
]  # fmt: skip


def customers(count: int, random: Random) -> list[Shopper]:
    """The named ones and as many more as are wanted; no two have a name in common."""
    taken = {shopper.name for shopper in NAMED}
    found = list(NAMED)
    while len(found) < count:
        name = _name(random)
        if name not in taken:
            taken.add(name)
            found.append(_shopper(name, len(found), random))
    return found


def _name(random: Random) -> str:
    first = random.choice(random.choice([WOMEN, MEN]))
    surnames = random.sample(SURNAMES, 2 if random.random() < 0.6 else 1)
    return " ".join([first, *surnames])


def _shopper(name: str, number: int, random: Random) -> Shopper:
    company = random.choice(COMPANIES) if random.random() < 0.11 else ""
    ride = random.choices(RIDES, [30, 18, 26, 8, 12, 6])[0]
    return Shopper(
        name=name,
        email=_email(name, company, random) if random.random() < 0.78 else "",
        phone=_phone(random) if number % 8 else "",
        company=company,
        since=round(random.uniform(4, 400), 2),
        attributes=_attributes(ride, random),
        labels=tuple(_labels(ride, company, random)),
        notes=(random.choice(NOTES),) if random.random() < 0.13 else (),
        card=f"CLI-{300 + number:04}" if random.random() < 0.45 else "",
    )


def _attributes(ride: str, random: Random) -> dict[str, object]:
    found: dict[str, object] = {}
    if random.random() < 0.7:
        found["Tipo de bici"] = ride
    if random.random() < 0.55 and ride != "Infantil":
        found["Talla"] = random.choices(SIZES, [8, 22, 36, 26, 8])[0]
    if random.random() < 0.2:
        found["Estatura"] = random.randint(152, 192)
    if random.random() < 0.25:
        found["Rueda en"] = random.choice(ROUTES)
    return found


def _labels(ride: str, company: str, random: Random) -> Iterable[str]:
    if company and random.random() < 0.6:
        yield "Mayoreo"
    if ride in {"Ruta", "Infantil"} and random.random() < 0.4:
        yield ride
    if ride == "Eléctrica":
        yield "e-bike"
    if random.random() < 0.06:
        yield "VIP"


def slug(text: str) -> str:
    """A text as it may stand in an address: without accents, in lower case."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", ".", plain).strip(".")


def _email(name: str, company: str, random: Random) -> str:
    if company:
        domain = slug(company.rsplit(maxsplit=1)[-1]) + ".example"
        return f"{slug(name)}@{domain}"
    words = slug(name).split(".")
    local = random.choice(
        [".".join(words[:2]), words[0][0] + words[-1], f"{words[0]}{random.randint(70, 99)}"]
    )
    return f"{local}.{words[-1][:3]}{random.randint(1, 99)}@{random.choice(MAILS)}"


def _phone(random: Random) -> str:
    return f"33 {random.randint(10, 39)}{random.randint(10, 99)} {random.randint(1000, 9999)}"
