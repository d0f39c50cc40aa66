"""What was asked and answered over the last year: scripts that several customers played."""

from config.demo.script import DAY, HOUR, Step, answers, closes, labels, notes, rates, says, waits

WEB: list[tuple[Step, ...]] = [
    (says("buenas, a cómo {articulo}?"), answers("¡Hola! {Articulo} está en {precio}. Sí tenemos.", 3), says("va gracias", 4),
     closes(), rates(5)),
    (says("Qué onda, a qué hora cierran hoy"), answers("¡Qué onda! Hoy cerramos a las 7. De 2 a 4 salimos a comer.", 2),
     says("ah ok, paso como a las 5 entonces", 3), closes(5), rates(4)),
    (says("oiga y si abren el domingo?"), answers("Los domingos descansamos, salvo cuando hay evento. De lunes a viernes de 10 a 7 y "
     "sábados hasta las 3.", 6), says("ni modo, voy el sabado", 9), closes(4)),
    (says("tienen {articulo}? no lo veo en la página"), answers("Sí hay, {nombre}, en la tienda. Está en {precio}. ¿Te lo aparto?", 5),
     says("porfa, a nombre de {nombre}", 2), answers("Listo, apartado hasta mañana.", 2), says("gracias!!", 1), closes(8), rates(5, "rapidísimo")),
    (says("hola, ya está mi bici?"), answers("Hola, {nombre}. Le falta el ajuste final, mañana a mediodía sin falta.", 12),
     says("ok", 3), closes(2 * HOUR), rates(3, "bien pero me dijeron hoy")),
    (says("cuánto tarda un servicio completo??"), answers("De dos a tres días hábiles, {nombre}. Si la dejas en lunes la tienes el "
     "miércoles.", 4), says("y si me urge", 3), answers("Hay servicio exprés el mismo día por $200 más, si llega antes de las 11.", 3),
     says("perfecto mañana voy tempra", 5), closes(6), rates(5, "me salvaron la rodada del domingo")),
    (says("no manchen, se me ponchó otra vez con la cámara q les compre ayer"), answers("¡Uy, {nombre}! ¿Puedes traer la rueda? Muchas "
     "veces queda algo clavado en la llanta. Si salió mala te la cambiamos.", 5), says("era un vidrio jaja, ya vi", 40),
     answers("Jaja, nos pasa a todos. ¡Suerte!", 3), closes(2), rates(5, "buena onda")),
    (says("Me pueden decir si el pedido {orden} ya salió?"), answers("Hola, {nombre}. Salió ayer, te llega mañana.", 8), says("gracias", 2),
     closes(3), rates(4)),
    (says("Dan descuento a estudiantes?"), answers("Sí, 10 % en refacciones con credencial vigente.", 4), says("excelente 🙌", 2), closes(2), rates(5)),
    (says("quiero poner queja de un mecanico"), answers("Claro, {nombre}, te leo. ¿Qué pasó?", 3),
     says("me regañó por traer la cadena sucia, q le importa", 4), answers("Tienes razón, no es la manera. Lo platico hoy con el taller y te "
     "ofrezco una disculpa.", 6), says("gracias, nomas eso", 5), labels("Queja"), closes(20), rates(4, "me escucharon")),
    (says("hacen pintura de cuadros?"), answers("Nosotros no, pero te recomendamos a un buen taller en Tlaquepaque. ¿Te paso el dato?", 6),
     says("si porfa", 3), answers("Se llama Taller El Pavorreal, pregunta por Nacho de nuestra parte.", 3), says("Dios se lo pague", 8),
     closes(3), rates(5, "ni era su negocio y me ayudaron")),
    (says("{articulo} trae garantia?"), answers("Sí, {nombre}: un año contra defectos, con tu nota.", 5), says("ok gracias", 2), closes(9)),
    (says("oigan les quedó chueco el manubrio"), answers("¡Perdón, {nombre}! ¿Estás cerca? Te lo enderezamos en 5 minutos, sin esperar.", 4),
     says("mañana paso", 7), closes(3 * HOUR), rates(3)),
    (says("se puede pagar con transferencia?"), answers("Claro. Con transferencia, tarjeta o efectivo. A meses sólo con tarjeta.", 3),
     says("👍", 1), closes(4)),
    (says("Hola, es para un regalo, {articulo} lo envuelven?"), answers("¡Sí! Con moño y todo, sin costo. ¿Para cuándo lo necesitas?", 5),
     says("el viernes", 2), answers("Perfecto, lo tienes listo el jueves en la tarde.", 3), closes(12), rates(5, "qué bonito les quedó el moño")),
    (says("que diferencia hay entre el servicio basico y el completo"), answers("El básico ajusta frenos y cambios y lubrica. El completo "
     "desarma, lava y ajusta todo. Si no le has hecho nada en un año, completo.", 5), says("y nomas de ver cual me conviene pueden decirme?", 4),
     answers("Tráela y te decimos, el diagnóstico no cuesta.", 3), waits(5), says("listo la llevo mañana", 5 * HOUR), closes(4), rates(4)),
]  # fmt: skip

EMAIL: list[tuple[str, tuple[Step, ...]]] = [
    ("Factura", (
        says("{saludo}, solicito factura de mi compra {orden}. Uso de CFDI: gastos en general. Gracias."),
        answers("{saludo}, {nombre}:\n\nCon gusto. ¿Nos compartes tu constancia de situación fiscal?", 55),
        says("Va adjunta. Gracias.", 70), answers("Lista, te llega en unos minutos del sistema de facturación.", 30), closes(4), rates(4))),
    ("Precio de mayoreo", (
        says("Hola, ¿manejan precio de mayoreo en {articulo}? Serían 15 piezas."),
        answers("Hola, {nombre}:\n\nA partir de 10 piezas hay 12 % de descuento. Te preparo la cotización.", 95),
        notes("Cliente nuevo de mayoreo, checar existencia con Paulina.", 5),
        answers("Te la adjunto. La vigencia es de 15 días.", 60), says("Recibida, la reviso con mi socio.", 3 * HOUR), closes(20))),
    ("¿Tienen en existencia?", (
        says("{saludo}. ¿Tienen en existencia {articulo}? Voy desde Zapopan y no quiero dar la vuelta de a gratis."),
        answers("{saludo}, {nombre}:\n\nSí, quedan tres. Si gustas te apartamos uno sin compromiso.", 40),
        says("Por favor. Llego hoy a las 5.", 25), closes(10), rates(5, "Da gusto que contesten"))),
    ("Pedido no llega", (
        says("Mi pedido {orden} decía que llegaba antier y nada. ¿Qué pasó?"),
        answers("Hola, {nombre}:\n\nLa paquetería lo marcó con retraso. Ya levanté el reporte y te aviso hoy mismo.", 50),
        says("Ok, pero avísenme, no me dejen así.", 20),
        answers("Ya está en ruta, llega entre 3 y 6 de la tarde. Gracias por tu paciencia.", 3 * HOUR), says("Ya llegó. Gracias.", 4 * HOUR),
        closes(15), rates(4, "Se tardó, pero estuvieron al pendiente"))),
    ("Cita para bike fit", (
        says("Hola, quisiera agendar un bike fit para la próxima semana, de preferencia por la tarde."),
        answers("¡Hola, {nombre}! Tenemos martes o jueves a las 5. Trae tu short y tus zapatos.", 45),
        says("Jueves a las 5, gracias.", 90), answers("Agendado. ¡Nos vemos!", 15), closes(5), rates(5, "Excelente atención y muy profesional el estudio"))),
    ("Devolución", (
        says("Compré {articulo} y no era lo que esperaba. ¿Cómo lo devuelvo?"),
        answers("Hola, {nombre}:\n\nTienes 30 días. Tráelo con su empaque y te regresamos el importe a la misma tarjeta.", 60),
        says("Gracias, no pensé que fuera tan fácil.", 120), closes(10), rates(5))),
    ("Se cayó mi bici del rack", (
        says("Se me cayó la bici del rack en la carretera 😭 el rin de adelante quedó como taco. ¿Tiene arreglo o ya compro otro?"),
        answers("Uy, {nombre}, lo bueno es que sólo fue la bici. Si el aro no está partido lo centramos por $180. Tráelo y vemos.", 35),
        says("Lo llevo al rato.", 30), answers("Quedó derecho. Puedes pasar por él.", 26 * HOUR), says("Son unos magos.", HOUR), closes(5),
        rates(5, "pensé que tenía que comprar otro y me cobraron 180"))),
    ("Trabajo en el taller", (
        says("{saludo}, soy mecánico con 6 años de experiencia y busco empleo. ¿Están contratando?"),
        answers("Hola, {nombre}:\n\nPor ahora no hay vacante, pero guardamos tus datos y te buscamos en cuanto se abra. ¡Gracias!", 4 * HOUR),
        closes(5))),
    ("Duda con mi servicio", (
        says("Hola, en la nota dice cambio de balatas pero siguen rechinando. ¿Sí las cambiaron?"),
        answers("Hola, {nombre}:\n\nSí se cambiaron, y te guardamos las usadas. El rechinido de los primeros días es normal mientras asientan; "
                "si sigue en una semana, tráela sin cita.", 75),
        says("Ok, espero la semana.", 50), closes(30), rates(3, "A ver si es cierto"),
        says("Efectivamente ya no rechinan. Gracias por la explicación.", 9 * DAY),
        answers("¡Qué bien, {nombre}! Aquí estamos.", 40), closes(3))),
    ("Rodada del domingo", (
        says("¿Van a hacer rodada este domingo? ¿Desde qué nivel?"),
        answers("¡Sí! Salimos a las 7 de la tienda, nivel principiante, 25 km. Casco obligatorio y muchas ganas.", 30),
        says("Ahí nos vemos, llevo a mi prima.", 40), closes(6), rates(5, "Lo mejor de mi semana"))),
]  # fmt: skip
