"""What waits for the customer, or sleeps."""

from config.demo.script import answers, bounces, interrupted, notes, reminds, says, snoozes, story

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
