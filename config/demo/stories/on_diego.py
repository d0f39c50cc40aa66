"""What Diego of Bicis Mirasol has on his desk."""

from functools import partial

from config.demo.files import receipt, wheel
from config.demo.script import (
    DAY,
    HOUR,
    answers,
    closes,
    complains,
    drafts,
    notes,
    raises,
    reminds,
    says,
    story,
)

FRAME = partial(wheel, "cuadro.png", 0.2)
TAX = partial(
    receipt,
    "constancia_fiscal.pdf",
    "Constancia de situación fiscal",
    "Estudio Nopal S.C.",
    "RFC ENO190304A12",
)

DIEGO = [
    story(
        "Ernesto Barragán Topete",
        "web",
        says("Buenas. Quedaron que mi suspensión ya estaba para hoy"),
        answers("{saludo}, Ernesto. Déjeme checo con el taller y le digo.", 22),
        notes("Toño: ¿ya llegaron los retenes de la 34? Está muy enojado y con razón.", 1),
        answers(
            "Ernesto, nos está fallando el proveedor de los retenes. Llegan mañana y pasado mañana se la "
            "entregamos sin falta. Una disculpa.",
            40,
        ),
        says("pues ya qué, pero pasado mañana eh", 8),
        reminds("Marcarle a Ernesto con fecha firme de entrega", days=-1, hour=17),
        says("YA PASÓ EL DÍA. Me están viendo la cara o qué??", 2 * DAY),
        complains("Tercera fecha incumplida en servicio de suspensión"),
        raises(3),
        notes(
            "Lo platiqué con Rocío: no le cobramos el servicio y le prestamos una Cerro Viejo de demo mientras.",
            5,
            by="marcela",
        ),
        says("tres semanas llevo sin bici, ya voy a poner mi queja en profeco", 35),
        last=9,
        agent="diego",
        team="Taller",
        labels=("Queja", "Taller"),
        page="/taller",
        unread=True,
    ),
    story(
        "Tonatiuh Flores Anguiano",
        "web",
        says("Oigan una duda, mido 1.91, ¿la Cerro Viejo en XL me queda o mejor busco otra?"),
        answers(
            "¡Qué tal, Tonatiuh! Con 1.91 la XL te queda bien. ¿Cuánto mides de entrepierna? Con eso te confirmo.",
            6,
        ),
        says("deja me mido jaja", 3),
        says("92 cm", 7),
        says("y sí la traen en verde??", 1),
        last=6,
        agent="diego",
        team="Ventas",
        page="/bicis/cerro-viejo-29",
        unread=True,
    ),
    story(
        "Citlali Mendoza",
        "email",
        says(
            "Hola,\n\nHace mes y medio compré la Cerro Viejo 29 y le salió una fisura en el cuadro, junto a la soldadura "
            "del tubo del asiento. Nunca se ha caído. Adjunto foto. ¿Lo cubre la garantía?\n\nSaludos, Citlali",
            file=FRAME,
        ),
        answers(
            "Hola, Citlali:\n\nGracias por la foto. El cuadro tiene garantía de dos años contra defectos, así que no te "
            "preocupes. ¿Puedes traerla para que Toño la revise? Mientras, por favor no la uses.",
            48,
        ),
        says("Sí, la puedo llevar hoy saliendo del trabajo, como a las 6. ¿Necesito la nota de compra?", 85),
        complains("Fisura en cuadro Cerro Viejo 29", kind="warranty"),
        notes(
            "La nota está en su historial, no hace falta que la traiga. Toño la espera a las 6.",
            3,
            by="marcela",
        ),
        drafts("No hace falta la nota, aquí la tenemos registrada. Te esperamos a las 6, pregunta por Toño"),
        subject="Garantía cuadro Cerro Viejo",
        last=44,
        agent="diego",
        team="Taller",
        labels=("Garantía",),
        priority=2,
    ),
    story(
        "Perla Jazmín Ramos",
        "web",
        says("hola! la colibrí 20 la puedo pagar a meses??"),
        answers("¡Hola, Perla! Sí, a 3 y 6 meses sin intereses con la mayoría de los bancos.", 3),
        says("aaah súper y con la tarjeta de nu?", 2),
        says("o nomas bancos bancos", 1),
        last=22,
        agent="diego",
        team="Ventas",
        page="/bicis/colibri-20",
        unread=True,
    ),
    story(
        "Karla Covarrubias",
        "email",
        says(
            "{saludo}:\n\nLes encargo la factura de mi compra del sábado (casco y luces). Anexo la constancia. Uso "
            "CFDI: gastos en general.\n\nGracias",
            file=TAX,
        ),
        subject="Factura compra del sábado",
        last=4 * HOUR + 20,
        agent="diego",
        team="Ventas",
        labels=("Factura",),
    ),
    story(
        "Nayeli Pech",
        "email",
        says(
            "Hola, hice un pedido en línea del portabultos y la luz, pero puse mal el número: es 2847, no 2874. ¿Todavía se "
            "puede cambiar la dirección de entrega? Colonia Americana, entre Libertad y La Paz."
        ),
        notes("Ya salió con la paquetería, hay que pedirles el cambio con la guía.", 12),
        subject="Cambio de dirección pedido",
        last=75,
        agent="diego",
        team="Ventas",
    ),
    story(
        "Samuel Harp",
        "web",
        says("Buenas, la batería de la Minerva nomás me está dando 40 km"),
        answers(
            "{saludo}, Samuel. ¿En qué nivel de asistencia la traes? En el 5 es normal; en el 2 debe pasar de 60.",
            9,
        ),
        says("aaah pues en el 5 jajaja. va, pruebo en el 2", 6),
        answers("¡Pruébala unos días y nos cuentas!", 2),
        closes(4),
        says("Ya probé en el 2 y me dio 43. Algo trae la batería", int(2.1 * DAY)),
        reminds("Pedir diagnóstico de batería a la marca", days=1, hour=11),
        last=18,
        agent="diego",
        team="Taller",
        labels=("e-bike", "Garantía"),
        page="/bicis/minerva-e",
    ),
    story(
        "Kenji Nakamura Ruiz",
        "web",
        says("Hola Diego, ¿mi cassette ya salió? En la página dice en preparación"),
        answers("¡Kenji! Salió ayer en la tarde. La guía es GDL-77120, llega mañana antes de las 2.", 5),
        says(
            "Excelente. Oye y aprovechando, ¿tienen potencia de 80 mm para la Tapalpa? Siento que voy muy estirado",
            4,
        ),
        last=31,
        agent="diego",
        team="Ventas",
        page="/pedidos",
        unread=True,
    ),
]
