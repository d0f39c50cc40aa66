"""What his colleagues have on theirs."""

from functools import partial

from config.demo.files import receipt
from config.demo.script import HOUR, answers, complains, notes, reminds, says, story

RECEIPT = partial(
    receipt, "comprobante.pdf", "Transferencia SPEI", "Importe: $4,860.00 MXN", "Concepto: refacciones mayo"
)

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
