"""What Bicis Mirasol says again and again, the labels it sticks on, and what was bought of it."""

from config.demo.script import Bought

GREETING = "¡Hola! Somos Bicis Mirasol. ¿En qué te ayudamos?"
LABELS = {
    "VIP": "violet",
    "Mayoreo": "blue",
    "Garantía": "amber",
    "Taller": "teal",
    "Queja": "red",
    "Factura": "grey",
    "Entrega": "green",
    "Ruta": "blue",
    "Infantil": "pink",
    "e-bike": "green",
}
CANNED = [
    ("hola", "Saludo", "¡Hola, {{ customer.first_name | qué tal }}! Te atiende {{ agent.first_name }} de {{ business.name }}. ¿En qué te ayudo?"),
    ("horario", "Horario", "Abrimos de lunes a viernes de 10 a 2 y de 4 a 7, y los sábados de 10 a 3. Los domingos descansamos."),
    ("ubicacion", "Dónde estamos", "Estamos en Santa Tere, a dos cuadras del mercado. Hay dónde amarrar la bici enfrente."),
    ("lista", "Bici lista", "¡{{ customer.first_name | Hola }}, tu bici ya está lista! Puedes pasar por ella en nuestro horario de siempre."),
    ("factura", "Datos para factura", "Con gusto te facturamos. ¿Nos compartes tu constancia de situación fiscal y el uso de CFDI?"),
    ("garantia", "Garantía", "Los cuadros tienen dos años de garantía y las refacciones uno. Mándanos una foto y lo revisamos hoy mismo."),
    ("meses", "Meses sin intereses", "Sí, a 3 y 6 meses sin intereses en compras desde $3,000 con tarjetas participantes."),
    ("gracias", "Despedida", "¡Gracias a ti, {{ customer.first_name | y buen camino }}! Cualquier cosa aquí estamos. {{ agent.first_name }}"),
]  # fmt: skip

ORDERS = [
    Bought("Lucía Herrera Ponce", 6.1, "workshop", ("Servicio completo", "Balatas de disco"), "preparing"),
    Bought("Lucía Herrera Ponce", 210, "counter", ("Bici urbana Mirasol Paseo", "Candado en U"), "delivered"),
    Bought("Lucía Herrera Ponce", 96, "workshop", ("Servicio básico",), "delivered"),
    Bought("Ernesto Barragán Topete", 22, "workshop", ("Servicio de suspensión",), "preparing"),
    Bought("Kenji Nakamura Ruiz", 180, "counter", ("Bici gravel Tapalpa",), "delivered"),
    Bought("Kenji Nakamura Ruiz", 5, "shipped", ("Cadena de 11 velocidades", "Cassette 11-42"), "shipped"),
    Bought("Soledad Camarena Uribe", 3.2, "workshop", ("Centrado de rin",), "ready"),
    Bought("Brandon Xolalpa", 2, "pickup", ("Llanta 29×2.2",), "paid"),
    Bought("Amira Kuri Nacif", 140, "pickup", ("Bici eléctrica Minerva E",), "delivered"),
    Bought("Tonatiuh Flores Anguiano", 200, "counter", ("Bici de montaña Cerro Viejo 29",), "delivered"),
    Bought("Jesús Plascencia", 4.2, "workshop", ("Servicio básico", "Cámara 26"), "ready"),
    Bought(
        "Rubén Preciado",
        3,
        "workshop",
        ("Servicio completo", "Servicio completo", "Balatas de disco"),
        "preparing",
    ),
    Bought("Samuel Harp", 48, "shipped", ("Bici eléctrica Minerva E",), "delivered"),
    Bought("Carmen Godínez", 34, "shipped", ("Casco Sierra",), "refunded"),
    Bought("Citlali Mendoza", 50, "counter", ("Bici de montaña Cerro Viejo 29",), "delivered"),
    Bought("Nayeli Pech", 4, "shipped", ("Portabultos trasero", "Luz delantera 400 lm"), "shipped"),
    Bought("Gerardo Bañuelos", 1.3, "pickup", ("Bici eléctrica Minerva E",), "placed"),
    Bought("Don Chuy Medina", 2.1, "workshop", ("Centrado de rin", "Cámara 26"), "preparing"),
]
