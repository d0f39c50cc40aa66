"""What is going on at Bicis Mirasol right now: the conversations on everybody's desk."""

from functools import partial

from config.demo.files import receipt, wheel
from config.demo.script import (
    DAY,
    HOUR,
    Bought,
    Story,
    answers,
    assigns,
    bounces,
    closes,
    complains,
    drafts,
    interrupted,
    labels,
    moves,
    notes,
    raises,
    rates,
    reminds,
    resolves,
    says,
    snoozes,
    story,
    waits,
)

BENT_WHEEL = partial(wheel, "rin_chueco.png", 1.0)
FRAME = partial(wheel, "cuadro.png", 0.2)
RECEIPT = partial(
    receipt, "comprobante.pdf", "Transferencia SPEI", "Importe: $4,860.00 MXN", "Concepto: refacciones mayo"
)
QUOTE = partial(
    receipt,
    "requisicion_12_bicis.pdf",
    "Panadería La Espiga Azul",
    "12 bicicletas urbanas talla M",
    "Entrega: fin de mes",
)
TAX = partial(
    receipt,
    "constancia_fiscal.pdf",
    "Constancia de situación fiscal",
    "Estudio Nopal S.C.",
    "RFC ENO190304A12",
)

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

OTHERS = [
    story(
        "Valeria Zanella",
        "web",
        says("holaa, quiero una gravel pero ando entre la Tapalpa y una de otra marca"),
        answers("¡Hola, Vale! ¿La vas a usar más en tierra o en carretera?", 4),
        says("mitad y mitad, chapala los domingos y entre semana la primavera", 3),
        answers(
            "Entonces la Tapalpa te va perfecto: trae llanta de 40 y la geometría es cómoda para horas. ¿Quieres venir a "
            "probarla? Tenemos la S armada.",
            5,
        ),
        says("siii, el sábado como a las 11 se puede?", 2),
        last=3,
        agent="paulina",
        team="Ventas",
        labels=("Ruta",),
        page="/bicis/tapalpa",
        unread=True,
    ),
    story(
        "Gerardo Bañuelos",
        "web",
        says("Ya hice el pedido de la Minerva E en línea, ¿cómo le hago para la transferencia?"),
        answers(
            "¡Felicidades por la Minerva, Gerardo! Te paso la CLABE por correo. En cuanto caiga el pago te agendamos la "
            "entrega y te la dejamos armada.",
            7,
        ),
        says("ok ya me llegó. es mucho dinero jeje, me pueden mandar foto de la bici o algo?", 16),
        last=27,
        agent="paulina",
        team="Ventas",
        priority=2,
        labels=("e-bike",),
        page="/pedidos",
    ),
    story(
        "Octavio Rosales",
        "email",
        says(
            "{saludo}:\n\nEn el hotel queremos tener 6 bicis de cortesía para huéspedes. Nos interesa saber si manejan renta "
            "mensual con mantenimiento incluido o sólo venta.\n\nOctavio Rosales\nGerente de operaciones"
        ),
        answers(
            "{saludo}, Octavio:\n\nManejamos las dos opciones. La renta con mantenimiento es de $780 por bici al mes, plazo "
            "mínimo seis meses. Le adjunto la ficha de la Paseo, que es la que usan otros hoteles.",
            110,
        ),
        reminds("Mandar contrato de renta al Hotel Casa Tequilera", days=0, hour=18),
        says("Perfecto. ¿La renta incluye cascos y candados? ¿Y qué pasa si un huésped la daña?", 150),
        subject="Bicis de cortesía para huéspedes",
        last=118,
        agent="paulina",
        team="Ventas",
        labels=("Mayoreo",),
    ),
    story(
        "Fernanda Müller",
        "web",
        says("disculpa, el casco sierra talla M le queda a una cabeza de 58 cm?"),
        answers("Hola, Fernanda. Sí: la M va de 55 a 59.", 3),
        says("gracias!! y en color terracota hay?", 11),
        last=12,
        agent="paulina",
        team="Ventas",
        page="/cascos",
    ),
    story(
        "Alejandra Tanaka",
        "email",
        says(
            "Hola. Compré guantes talla S en línea y me quedan enormes, ¿los puedo cambiar en tienda por XS sin la caja?"
        ),
        answers("Hola, Alejandra. Claro que sí, con el número de pedido basta. Tienes 30 días.", 65),
        says("Genial, paso mañana. ¿A qué hora cierran a mediodía?", 200),
        subject="Cambio de guantes",
        last=55,
        agent="paulina",
        team="Ventas",
    ),
    story(
        "Soledad Camarena Uribe",
        "web",
        says("{saludo} joven, me hablaron que ya está mi rueda"),
        answers("{saludo}, doña Chole. Así es, quedó derechita. Puede pasar hoy hasta las 7.", 14),
        says("Ay qué bueno. ¿Y cuánto va a ser?", 6),
        last=16,
        agent="tono",
        team="Taller",
        page="/taller",
    ),
    story(
        "Rubén Preciado",
        "email",
        says("Toño, ¿cómo van las dos de la flotilla? Traigo a dos muchachos parados.\n\nRubén"),
        answers(
            "Rubén, la 7 sale hoy en la tarde. A la 11 le falta la maza, llega mañana temprano.",
            35,
            by="tono",
        ),
        says(
            "Sale. Si se puede mándame la 7 con el de la moto, por fa. Y cóbramelas juntas con lo de mayo, te anexo el pago.",
            50,
            file=RECEIPT,
        ),
        subject="Flotilla Rayo Verde",
        last=68,
        agent="tono",
        team="Taller",
        labels=("Mayoreo", "Taller"),
        priority=2,
    ),
    story(
        "Don Chuy Medina",
        "web",
        says("oiga toño soy chuy el de los periodicos ya mero esta"),
        answers("¡Don Chuy! Mañana a las 11 se la tengo. Le puse cámara nueva, va por cuenta de la casa.", 8),
        says("dios lo bendiga joven", 5),
        says("oiga y el timbre si jala? es que ayer no sonaba", 1),
        last=51,
        agent="tono",
        team="Taller",
        page="/",
    ),
    story(
        "Emiliano Castillo",
        "email",
        says(
            "Qué tal, los frenos hidráulicos que me purgaron hace dos semanas otra vez se sienten esponjosos. ¿Cuándo puedo "
            "llevarla para que la chequen sin costo?"
        ),
        subject="Frenos esponjosos otra vez",
        last=3 * HOUR + 40,
        agent="tono",
        team="Taller",
        labels=("Garantía",),
        unread=True,
    ),
    story(
        "Carmen Godínez",
        "email",
        says(
            "Señores:\n\nDevolví el casco hace un mes y el reembolso no aparece en mi tarjeta. Ya hablé con el banco y dicen que "
            "ustedes no lo han mandado. Espero respuesta de la gerencia, no de un empleado.\n\nCarmen Godínez"
        ),
        notes("Sí lo hicimos, tengo el comprobante del día 12. Lo mando yo.", 25, by="marcela"),
        answers(
            "Estimada señora Godínez:\n\nLamento mucho la molestia. Hicimos el reembolso el día 12 y el banco nos dio un "
            "folio. Hoy mismo se lo envío con la fecha exacta para que su banco lo ubique.",
            30,
            by="marcela",
        ),
        reminds("Enviar comprobante de reembolso a la señora Godínez", days=0, hour=19),
        says("Lo espero entonces. Hoy, por favor.", 95),
        complains("Reembolso de casco que no aparece"),
        subject="Reembolso no recibido",
        last=125,
        agent="marcela",
        team="Ventas",
        labels=("Queja",),
        priority=2,
    ),
    story(
        "Amira Kuri Nacif",
        "email",
        says(
            "Rocío querida, en el despacho queremos regalar bicis en la posada. ¿Nos vemos esta semana para verlo? Unas 8, "
            "eléctricas de preferencia. Un abrazo, Amira"
        ),
        answers(
            "¡Amira! Con todo gusto. ¿Jueves a las 10 en tu oficina? Te llevo la Minerva para que la prueben.",
            70,
            by="rocio",
        ),
        says("Jueves a las 10 perfecto. Avísame si necesitas estacionamiento.", 40),
        subject="Bicis para la posada",
        last=150,
        agent="rocio",
        team="Ventas",
        labels=("VIP", "Mayoreo"),
    ),
]

WAITING = [
    story(
        "Regina Orozco Velasco",
        "web",
        says("hola, cuánto cuesta el bike fit y cuánto dura"),
        answers("¡Hola, Regina! $950, dura una hora y te llevas tus medidas impresas. ¿Te agendo?", 4),
        reminds("Agendar bike fit de Regina", days=1, hour=11),
        days=1.2,
        agent="diego",
        team="Ventas",
        labels=("Ruta",),
    ),
    story(
        "Jesús Plascencia",
        "web",
        says("ya está lista mi bici?"),
        answers(
            "Ya está, Jesús. Fueron $449 con la cámara. Estamos hasta las 7, de 2 a 4 cerramos a comer.", 9
        ),
        days=1.4,
        agent="tono",
        team="Taller",
        labels=("Taller",),
    ),
    story(
        "Itzel Curiel Padilla",
        "email",
        says(
            "Hola, mi niña tiene 8 años y mide 1.28, ¿ya le queda rodada 24 o sigue en 20? La de 20 se le ve chiquita."
        ),
        answers(
            "Hola, Itzel:\n\nCon 1.28 ya puede con la 24, sobre todo si trae confianza. Si quieres tráela y se sube a las "
            "dos, sin compromiso.",
            55,
        ),
        subject="Rodada para niña de 8",
        days=2.1,
        agent="paulina",
        team="Ventas",
        labels=("Infantil",),
    ),
    story(
        "Hugo Topete Reyes",
        "web",
        says("me recomiendan llanta para chapala? traigo 700x25 y ando ponchando cada semana"),
        answers(
            "Hugo, súbete a 28 con protección. Te caben en tu cuadro y se siente más cómodo. Están en $629.",
            6,
        ),
        says("y la cámara también hay q cambiarla?", 5),
        answers("Sí, la de 25 te puede dar lata. O si quieres te las convertimos a tubeless.", 4),
        days=2.3,
        agent="diego",
        team="Ventas",
    ),
    story(
        "Benjamín Kim",
        "email",
        says("{saludo}. ¿Ustedes empacan bicis para avión? Viajo en dos semanas a Mérida con mi Ajijic."),
        answers(
            "{saludo}, Benjamín:\n\nSí: caja, desarmado y protección por $650. Tráela dos días antes de tu vuelo.",
            80,
        ),
        reminds("Conseguir caja de cartón para la Ajijic de Benjamín", days=-1, hour=12),
        subject="Empacar bici para viaje",
        days=3,
        agent="paulina",
        team="Taller",
    ),
    story(
        "Yolanda Íñiguez",
        "web",
        says("tienen asiento más cómodo? el mío me mata"),
        answers(
            "Sí, Yola. Hay que medir los isquiones para atinarle, es gratis y son 5 minutos. ¿Cuándo puedes venir?",
            8,
        ),
        days=3.4,
        agent="paulina",
        team="Ventas",
    ),
    story(
        "Brandon Xolalpa",
        "web",
        says("we ya pagué la llanta en línea, a q hr paso x ella"),
        answers(
            "¡Qué onda, Brandon! Ya está apartada. Hoy hasta las 7, mañana desde las 10. Trae tu número de pedido.",
            5,
        ),
        days=1.1,
        agent="diego",
        team="Ventas",
    ),
    story(
        "Ulises Zepeda",
        "email",
        says("¿Me apartan una Cerro Viejo en L color negro? Doy anticipo el viernes."),
        answers("Listo, Ulises. Te la guardamos hasta el sábado. El anticipo es de $2,000.", 45),
        subject="Apartado Cerro Viejo L",
        days=2.6,
        agent="diego",
        team="Ventas",
    ),
    story(
        "Pamela Bravo",
        "web",
        says("Hola hacen recolección a domicilio? vivo en Providencia y mi bici no rueda jaja"),
        answers("¡Hola, Pam! Sí, $120 ida y vuelta en tu zona. ¿Qué le pasó?", 4),
        says("se me atoró la cadena y truena feo", 3),
        answers("Va, te la recogemos mañana entre 10 y 12. ¿Me pasas tu dirección con número?", 3),
        days=1.6,
        agent="tono",
        team="Taller",
        labels=("Taller",),
    ),
    story(
        "Saúl Navarro",
        "email",
        says("{saludo}, ¿compran bicis usadas o las toman a cuenta? Tengo una de montaña 2019."),
        answers(
            "{saludo}, Saúl. Sí la tomamos a cuenta de una nueva. Mándanos fotos del cuadro y los cambios, y te damos un "
            "precio.",
            62,
        ),
        subject="¿Toman bici a cuenta?",
        days=4.2,
        agent="paulina",
        team="Ventas",
    ),
    story(
        "Martín Aguilar",
        "email",
        says("Me interesa la silla para niño, ¿aguanta 18 kilos?"),
        answers(
            "Hola, Martín:\n\nSí, aguanta hasta 22 kg y se monta en casi cualquier cuadro. ¿Te apartamos una?",
            70,
        ),
        bounces("550 5.1.1 <martin.aguilar@no-existe.example>: Recipient address rejected: User unknown"),
        subject="Silla para niño",
        days=1.3,
        agent="paulina",
        team="Ventas",
    ),
    story(
        "Daniela Romero",
        "email",
        says("Hola, ¿me mandan el precio de la purga de frenos y si se puede el mismo día?"),
        answers(
            "Hola, Daniela:\n\nLa purga cuesta $480 y si la traes antes de las 11 te la entregamos el mismo día.",
            38,
        ),
        interrupted(),
        subject="Precio de purga",
        last=64,
        agent="tono",
        team="Taller",
    ),
    story(
        "Leticia Vázquez",
        "web",
        says("{saludo}, mi esposo dejó un casco olvidado ayer, rojo"),
        answers("{saludo}, Leticia. Aquí lo tenemos guardado en el mostrador. ¿Pasan por él?", 7),
        days=5.1,
        agent="paulina",
        team="Ventas",
    ),
]

SNOOZED = [
    story(
        "Rodrigo Uribe",
        "email",
        says("¿Cuándo les llega la Ajijic R2 en talla S? Llevo dos meses esperándola."),
        answers(
            "Rodrigo, el embarque llega la próxima semana. Te escribo el día que la tengamos armada.", 58
        ),
        notes("Son 2 en S, una es suya.", 3),
        snoozes(4),
        subject="Ajijic R2 talla S",
        days=2.2,
        agent="diego",
        team="Ventas",
        labels=("Ruta",),
    ),
    story(
        "Arturo Velasco",
        "web",
        says("aparté unos pedales pero me pagan hasta la quincena, me aguantan?"),
        answers("Claro, Arturo. Te los guardo hasta el 16.", 5),
        snoozes(6, 12),
        days=3.1,
        agent="paulina",
        team="Ventas",
    ),
    story(
        "Renata Gómez",
        "web",
        says("Hola, estoy en Puerto Vallarta, cuando regrese paso por el servicio. Como en 10 días"),
        answers("¡Disfruta, Renata! Te buscamos a tu regreso para agendarte.", 6),
        snoozes(8),
        days=2.4,
        agent="diego",
        team="Taller",
    ),
    story(
        "Brenda Covarrubias Ek",
        "email",
        says(
            "Les escribo de la carrera Rodada Nocturna. ¿Les interesa patrocinar otra vez? El presupuesto se cierra el mes que "
            "entra."
        ),
        answers("¡Claro que nos interesa! Lo veo con Rocío y te confirmo en unos días.", 90, by="marcela"),
        snoozes(2, 9),
        subject="Patrocinio Rodada Nocturna",
        days=3.6,
        agent="marcela",
        team="Ventas",
    ),
]

LATELY = [
    story(
        "Lucía Herrera Ponce",
        "email",
        says("Hola, ¿a qué hora abren mañana? Quiero dejar mi bici antes de la oficina."),
        answers("¡Hola, Lucía! Abrimos a las 10, pero Toño llega a las 9 y te la puede recibir.", 18),
        says("Mil gracias, qué lindos.", 12),
        closes(),
        rates(5, "Siempre me resuelven rápido, gracias Diego"),
        subject="Horario",
        days=96,
        agent="diego",
        team="Taller",
    ),
    story(
        "Socorro Plascencia Ek",
        "web",
        says("me urge una cadena de 11, hay?"),
        answers("Sí hay, $690. ¿Te la instalamos?", 3),
        says("sí pero la última vez me dejaron los cambios mal", 4),
        answers("Una disculpa. Esta vez la revisa Toño personalmente y no te cobramos el ajuste.", 5),
        says("mmm ok", 6),
        closes(30),
        rates(2, "me trataron bien pero otra vez tuve que regresar a que ajustaran. ya van dos", 20 * HOUR),
        days=2.7,
        agent="paulina",
        team="Taller",
    ),
    story(
        "Abraham Jiménez Kuri",
        "email",
        says(
            "Buenas. La bici que recogí ayer trae un rayón en el cuadro que no tenía. Adjunto foto. Muy mal.",
            file=BENT_WHEEL,
        ),
        answers(
            "{saludo}, Abraham. Qué pena, tienes toda la razón. Tráela y lo retocamos sin costo, y te damos un "
            "servicio básico por la molestia.",
            44,
        ),
        complains("Rayón en el cuadro al entregar"),
        reminds("Apartar pintura del color de Abraham", days=-14, hour=13, done=5 * HOUR, by="tono"),
        says("Está bien, paso el sábado.", 130),
        resolves("Retoque de pintura y servicio básico de cortesía", 3 * HOUR),
        closes(4),
        rates(3, "Lo arreglaron, pero no debió pasar", 5 * HOUR),
        subject="Rayón en mi bici",
        days=16,
        agent="tono",
        team="Taller",
        labels=("Queja",),
    ),
    story(
        "Noé Bravo Íñiguez",
        "web",
        says("muy caro el servicio completo, en la esquina cobran 500"),
        answers(
            "Te entiendo, Noé. El nuestro incluye desarmado, lavado con ultrasonido y 30 días de garantía. Si buscas algo más "
            "sencillo, el básico está en $350.",
            6,
        ),
        says("ps no se vale, gracias por nada", 4),
        closes(15),
        rates(1, "Careros y todavía se ofenden", 50, settled=int(1.1 * DAY)),
        days=24,
        agent="diego",
        team="Taller",
    ),
    story(
        "Jimena Torres Harp",
        "web",
        says("Hola! llegó mi pedido súper bien empacado, sólo quería dar las gracias 💛"),
        answers("¡Jimena, nos alegras el día! Gracias a ti.", 6),
        closes(2),
        rates(5, "Los quiero jaja"),
        days=8,
        agent="paulina",
        team="Ventas",
    ),
    story(
        "Efraín Chávez",
        "email",
        says("Por favor quítenme de su lista, ya no vivo en Guadalajara."),
        answers("Listo, Efraín. Ya no te llegará nada de nosotros. ¡Mucha suerte en tu nueva ciudad!", 25),
        closes(1),
        subject="Baja",
        days=11,
        agent="marcela",
        team="Ventas",
    ),
    story(
        "Mateo Aguilar Xolalpa",
        "web",
        says("mi bici rechina"),
        answers("¿Dónde, Mateo? ¿Al pedalear o al frenar?", 5),
        says("al pedalear pero nomas del lado derecho", 2),
        answers("Suena a pedal o centro. Tráela y la escuchamos, el diagnóstico no tiene costo.", 3),
        closes(40),
        says("ya quedó, era el pedal. de lujo", 26 * HOUR),
        answers("¡Qué buena onda! Cualquier cosa aquí andamos.", 8),
        closes(2),
        rates(5, "rápido y honestos, no me quisieron vender nada de más"),
        says("Hola otra vez, ahora es el freno de atrás jaja", 34 * DAY),
        answers("¡Mateo! Jajaja. Tráela mañana a las 10 y te la checo.", 7),
        says("va", 2),
        closes(10),
        days=52,
        agent="tono",
        team="Taller",
        labels=("Taller",),
    ),
    story(
        "Graciela Mendoza Pech",
        "web",
        says("{saludo}, ¿tienen servicio a domicilio en Tonalá?"),
        moves("Taller"),
        labels("Entrega"),
        assigns("tono", by="marcela"),
        answers("{saludo}, Graciela. En Tonalá los martes y jueves, $180 con recolección y entrega.", 9),
        says("Muy bien, el jueves entonces. Gracias.", 14),
        waits(2),
        says("Ya la recogieron, muy amable el muchacho.", 25 * HOUR),
        closes(6),
        rates(4),
        days=19,
        agent="tono",
        page="/taller",
    ),
]

STORIES: list[Story] = [*UNASSIGNED, *DIEGO, *OTHERS, *WAITING, *SNOOZED, *LATELY]
