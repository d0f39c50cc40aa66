"""What waits at Bicis Mirasol for somebody to take it."""

from functools import partial

from config.demo.files import receipt
from config.demo.script import HOUR, says, story

QUOTE = partial(
    receipt,
    "requisicion_12_bicis.pdf",
    "Panadería La Espiga Azul",
    "12 bicicletas urbanas talla M",
    "Entrega: fin de mes",
)

UNASSIGNED = [
    story(
        "Lucía Herrera Ponce",
        "email",
        says(
            "{saludo},\n\nDejé mi bici la semana pasada para servicio completo y balatas. Me dijeron tres días y ya "
            "van seis. Llamé dos veces y nadie contesta. La necesito para ir a trabajar, ando gastando en camión.\n\n"
            "¿Me pueden decir cuándo está, por favor?\n\nGracias\nLucía Herrera"
        ),
        subject="¿Cuándo está mi bici?",
        last=3 * HOUR + 4,
        team="Taller",
        priority=2,
        labels=("Taller",),
    ),
    story(
        "Lucía Herrera Ponce",
        "web",
        says("hola buenas"),
        says("les mandé un correo hace rato y nada 😩", 1),
        says("es por lo de mi bici del servicio, que si ya mero queda??", 1),
        last=2,
        page="/taller",
    ),
    story(
        "Iván",
        "web",
        says("qué onda, ¿a cómo la cámara 29?"),
        says("y si tienen ahorita o es bajo pedido", 1),
        last=5,
        page="/refacciones",
    ),
    story(
        "Emma Lindqvist",
        "web",
        says("Hi! Sorry, my Spanish is not so good 🙈 Do you rent bikes for the Via Recreactiva on Sunday?"),
        says("We are 2 adults and one kid of 6", 2),
        last=14,
        page="/",
    ),
    story(
        "Guadalupe Xóchitl Tzintzun",
        "email",
        says(
            "Estimados:\n\nSoy maestra de educación física del Colegio Jacarandas. Queremos organizar un taller de "
            "mecánica básica para 5º y 6º (unos 40 niños). ¿Ustedes dan este tipo de talleres en escuelas y qué "
            "costo tienen?\n\nQuedo al pendiente.\nMtra. Lupita Tzintzun"
        ),
        subject="Taller de mecánica para niños",
        last=52,
        labels=("Infantil",),
    ),
    story(
        "Guadalupe Xóchitl Tzintzun",
        "web",
        says(
            "{saludo}, disculpe, ¿dan talleres de mecánica en escuelas? También les escribí por correo, no sé por "
            "dónde sea más rápido"
        ),
        last=41,
        page="/contacto",
    ),
    story(
        "Mariana Ek Canul",
        "email",
        says(
            "{saludo},\n\nEn la panadería queremos darle bici a 12 repartidores. Adjunto la requisición. ¿Me pueden "
            "cotizar con canasta reforzada y mantenimiento por un año? Lo necesitamos antes de fin de mes.\n\n"
            "Mariana Ek\nCompras · Panadería La Espiga Azul",
            file=QUOTE,
            html="<p>{saludo},</p><p>En la panadería queremos darle bici a <b>12 repartidores</b>. Adjunto la "
            "requisición. ¿Me pueden cotizar con canasta reforzada y mantenimiento por un año? Lo necesitamos "
            "<b>antes de fin de mes</b>.</p><p>Mariana Ek<br><i>Compras · Panadería La Espiga Azul</i></p>",
        ),
        subject="Cotización 12 bicis para reparto",
        last=97,
        team="Ventas",
        labels=("Mayoreo",),
        priority=2,
    ),
]
