"""The words by which staff ask customers for something, in three languages; read by reask.py.

All of it is matched on bare text: lower case, no accents, chat abbreviations written out, punctuation apart.
`NOUNS` ask only behind a request ("pásame tu correo"), `QUESTIONS` by themselves ("¿a dónde te lo mando?").
"""

import re
from typing import Any

KEYS = (
    "name", "phone", "email", "address", "order", "document", "appointment", "product", "reason", "photo",
    "purchase_date", "payment_method", "hour", "pet", "branch",
)  # fmt: skip

# --- Spanish ---

_ES_PET = (
    r"(?:perr\w*|gat\w*|michi\w*|mascot\w*|pelud\w*|cachorr\w*|lomit\w*|animalit\w*|peque\w*|bebe|minin\w*|canino|felino|"
    r"conej\w*|paciente|consentid\w*|chiquit\w*|nino|nina|hij\w* de cuatro patas)"
)
_ES_GIVE = (
    "pas das dec dig dic mand envi compart indic confirm regal recuerd record facilit proporcion escrib cuent cont dej "
    "prest brind repit repet aclar anot adjunt inform muestr ensen suelt tir rememor cop pon explic coment reenvi "
    "colabor ayud apoy"
)
_ES_ENDING = r"(?:a|as|an|e|es|en|o|os|is|i|ais|aria|arias|arian|eria|erias|iria|irias|ga|gas|gan|ste)"
_ES_STEM = rf"(?:{'|'.join(_ES_GIVE.split())})"
_ES_ME = r"(?:me|nos)"
_ES_DET = (
    r"(?:el|la|los|las|tu|tus|su|sus|un|una|unos|unas|este|esa|ese|al|del|de|solo|solamente|tambien|nuevamente|otra vez|"
    r"por favor|ahi|aqui|ya|mismo|primero|mejor|buen|porfa)"
)
_ES_BUY = r"(?:compr(?:aste|o|aron|ada|ado|astes|ates|aron)|adquiri\w*|adquisi\w*|sac(?:aste|o|ada)|llev(?:aste|o)|pediste|pidio|ordenaste|ordeno|estren\w+|inscrib\w+|contrat(?:aste|o)|pag(?:aste|o))"
_ES_SHOP = r"(?:sucursal\w*|sede\w*|tiendas?|locale?s?|gimnasios?|clinicas?|filial\w*|unidad\w*|punto de venta|bodega|restaurante|consultorio|taller|plaza)"
_ES_PAY = (
    r"(?:efectivo|tarjeta|transferencia|debito|credito|deposito|nequi|daviplata|yape|plin|mercado pago|link(?: de pago)?|paypal|oxxo|"
    r"pse|webpay|contado|cuotas|contra ?entrega|terminal)"
)
_ES_VISIT = (
    r"(?:cita\w*|turno\w*|reserva\w*|reservacion\w*|visita|llegada|entrada|salida|check ?in|consulta|estadia|estancia|"
    r"hospedaje|sesion|clase|mesa|ingreso|evento|control|revision|hora medica|viaje|mantenimiento|servicio)"
)
_ES_DAY = r"(?:manana|mananas|tarde|tardes|noche|noches|mediodia)"
_ES_THING = r"(?:numero|codigo|clave|id|referencia|folio|nro|num)"
_ES_ORDER = (
    r"(?:pedido|orden|compra|reserva|reservacion|guia|ticket|tiquete|folio|caso|reparacion|boleta|factura|seguimiento|rastreo|turno|"
    r"cotizacion|apartado|venta|transaccion|confirmacion|envio|recibo|remision|orden de \w+)"
)

ES = {
    "give": (
        rf"{_ES_STEM}{_ES_ENDING}(?:me|nos)(?:l[oae]s?)?",
        rf"{_ES_ME} (?:l[oa]s? )?(?:puedes |puede |pueden |podrias |podria |podrian |podes |haces favor de |hace favor de |podra |podras |quieres |pudieras |pudiera |pueda |puedas )?(?:{_ES_STEM}(?:{_ES_ENDING}|ar|er|ir)?|dar|hacer llegar)",
        rf"(?:puedes|puede|pueden|podrias|podria|podrian|podes|quieres|querrias|favor de|amable de|bondad de|importaria|logras|alcanzas a|ayudas a|favor)"
        rf" (?:\w+ ){{0,2}}?(?:{_ES_STEM}(?:ar|er|ir)|dar)(?:me|nos)?(?:l[oa]s?)?",
        rf"{_ES_STEM}(?:ar|er|ir)(?:me|nos)(?:l[oa]s?)?",
        r"dame(?:l[oa]s?)?|deme(?:l[oa]s?)?|denos|danos|dime(?:l[oa]s?)?|di|dinos|me (?:da|das|dan|de|des|den|daria|darias)|me haces? llegar|haznos llegar|hazme llegar|hagame llegar|haceme llegar|"
        r"nos (?:da|das|dan|de|des|den|daria|darias)|me haria llegar|podrias? darme|podria darnos|puedes? dar(?:me|nos)|(?:te|le) (?:pido|encargo|pediria|solicito|molesto con|pregunto|robo)|(?<!por )preguntarle|(?<!por )preguntarte|solicitamos|solicitarle|solicitarte|pedirte|pedirle",
        r"(?:por favor |favor de |favor )(?:de )?(?:indicar|enviar|mandar|compartir|confirmar|proporcionar|adjuntar|escribir|informar)",
        r"(?<!te )(?<!le )(?<!les )(?:indique|indiqueme|envie|comparta|proporcione|facilite|adjunte|escriba|especifique|detalle|digite|mande)",
        r"(?:toma|tomale|tomarle|saca|sacale|sacarle|tome|tomele|saquele|subi|sube|suba|graba)",
            r"(?<!te )(?<!le )(?<!se )(?<!lo )(?<!la )(?<!que )(?<!me )(?:comparte|manda|pasa|envia|escribe|agrega|indica|deja|confirma|proporciona|ingresa|coloca|pon|llena|completa|dicta|repite|facilita|adjunta|pone|mandá|dej[ae]|escriba|ingrese|coloque|complete|agregue|responda con|responde con|contesta con)(?= (?:tu|su|el|la|un|una|los|las|aqui|aca|por favor|numero|nombre) )",
            r"agreg(?:ame|anos|ueme|uenos|ues)",
            r"(?:nomas|solo|solamente|nada mas|porfa|por favor) (?:confirma|manda|pasa|dime|deja|escribe|envia|comparte|indica)(?:me|nos)?",
        ),
    "need": (
        r"(?:necesito|necesitamos|necesitaria|necesitariamos|ocupo|ocupamos|ocuparia|requiero|requerimos|requeriria|preciso|precisamos|precisaria)(?: saber| conocer| confirmar| tener| que (?:me|nos) \w+)?",
        r"(?:me|nos|solo|solamente|nomas|unicamente|te|le)? ?(?:estaria |estarian |esta |estan )?falta(?:n|ria|rian|ndo|ba)?(?: solo| solamente| nada mas| nomas)?(?: saber| que (?:me|nos) \w+)?",
        r"me urge|nos urge|(?:quedo|quedamos|estoy|estamos) (?:atent[oa]s?|pendientes?|al pendiente|a la espera|en espera) (?:a|de|con)|(?:espero|esperamos)(?= (?:tu|su|el|la|una|un) )|(?:me |nos )hace falta|hace falta que (?:me|nos) \w+",
        r"(?:quisiera|quiero|queria|gustaria|falta|interesa) saber",
        r"no (?:me |nos )?(?:tengo|tenemos|encuentro|figura|aparece|sale|quedo)(?: registrad[oa]| anotad[oa]| guardad[oa])?(?= (?:tu|su|el|la) )",
            r"(?:sin)(?= (?:el|tu|su|la) .*\bno (?:puedo|podemos|l[oa]s? (?:encuentro|hallo|veo|ubico)|me deja|avanza|se puede)\b)",
            r"me falto",
        ),
    "have": (
        r"(?:tienes|tiene|tenes|tendras|tendra|tendria|tendrias|cuentas con|cuenta con|hay|habra)(?: a la mano| por ahi| a mano| de casualidad)?",
        r"(?:recuerdas|recuerda|te acordas|te acuerdas|se acuerda|acordas|sabes|sabe|sabras|recordas)(?: de)?",
    ),
    "which": (
        r"(?:cual|cuales)(?: (?:es|era|seria|fue|sera|son|eran|serian|esta|seran))?(?: que)?(?: (?:es|era))?(?: (?:el|la|los|las|tu|tus|su|sus|un|mejor|de))*",
        r"que",
    ),
    "pointing": r"(?:a |en |con |de )?(?:cual|cuales)(?: (?:es|era|seria|son|fue))?(?: (?:el|la) (?:tuy[oa]|suy[oa]))?(?= \?|$| l[oa] | te | le | uso| pongo)",
    "link": r"(?:y|e|o|mas|junto con|ademas|tambien|con|,|:|-|ni|asi como|ademas de)",
    "det": _ES_DET,
    "stop": (
        r"para(?! (?:la entrega|el envio|contactarte|contacto|llamarte) (?:y|,))|asi(?! como)|porque|ya que|es que|y (?:te|le|les|lo|ya|listo|con gusto|enseguida|de ahi|ahi|reviso|vemos|veo|busco|ahora|en seguida|se|me|nos|al toque|de una|quedo|queda|quedamos|avanzamos|seguimos)\b"
        r"|que (?:te|le|lo|la|ya|yo|enseguida|aqui|asi|con eso|ahorita|ahora|el|la)\b|donde|en cuanto|apenas|mientras|si (?:no|es|se)|antes de|cuando (?:te|le|llegues|pases)|ya (?:te|que)"
    ),
    "polite": r"por favor|por fa|porfa|plis|please|gracias|nada mas|si es tan amable|porfavor",
    "open": (
        r"(?:hola|holi|holis|buen|buenos|buenas|dia|dias|tardes|noches|tarde|que tal|y|e|ok|oki|va|vale|dale|listo|perfecto|claro|"
        r"solo|nada mas|nomas|entonces|ahora|ah|uy|ay|uh|bueno|bien|super|genial|pues|si|disculpa|disculpe|perdon|perdona|oye|oiga|che|solamente|amigo|amiga|linda|don|dona|senor|senora|doctor|solo me|ultimo|por ultimo)"
    ),
    "please": r"por favor|por fa|porfa|plis|please|si es tan amable|porfavor|nada mas|nomas",
    "void": r"(?:no|ni|nunca|sin|tampoco|jamas)(?: (?:\w+)){0,3}",
    "others": (
        r"(?:nuev[oa]s?|otr[oa]s?|distint[oa]s?|diferentes?|segund[oa]|altern\w+|adicional\w*|actualizad[oa]|nuestr[oa]s?|mi|mis|reciente|mism[oa]|mas)"
    ),
    "after": (
        r"(?:del (?:hotel|hostal|edificio)|mas (?:clar\w+|de cerca|cerca|nitid\w+)|mejor|con (?:mejor|mas) luz|del otro|de la otra|desde otro|de (?:es[ae]|otra|esta) persona|de tu acompanante|del acompanante|nuev[oa]s?|alternativ[oa]|adicional(?:es)?|distint[oa]s?|diferentes?|de (?:tu|su|la|el|un|una) (?:amig\w+|herman\w+|espos\w+|marido|mujer|mama|papa|vecin\w+|novi\w+|persona|hij\w+|banco|tienda|local)|"
        r"de quien|del? (?:banco|local|doctor|negocio|repartidor|transportadora|mensajero|producto|portero)|de (?:ella|ellos|el)\b(?! pedido)|tan|estan|mas (?!o menos)\w+|de emergencia|de la persona)"
    ),
    "if": r"\b(?:si|en caso de que|por si) (?:\w+ ){0,3}?(?:camb\w+|mud\w+|prefier\w+ otr\w+|alguna vez|necesit\w+|ocup\w+|surge|queres otr\w+|quiere otr\w+|quieres otr\w+)\b",
    "another": r"\b(?:otr[oa]s?|alguien mas|diferente|algo mas|mejor)\b",
    "or": r" (?:o|u) ",
    "nouns": {
        "pet": (rf"nombre(?:cito)? (?:de|del)(?: l[oa]s?| el| tu| tus| su| sus| esa| ese)? {_ES_PET}",),
        "name": (r"nombres?(?: completo)?(?: y apellidos?)?(?: completos?)?", r"nombrecito", r"apellidos?"),
        "order": (
            rf"{_ES_THING}(?: \w+)? (?:de|del)(?: tu| su| la| el| esa| este| ese)? {_ES_ORDER}",
            r"folio(?: de \w+(?: \w+)?)?", r"localizador", rf"{_ES_THING} (?:o|y) (?:nombre del )?(?:pedido|orden)",
        ),
        "email": (r"(?:direccion de |cuenta de )?(?:correo|correito|correos)(?: electronico)?", r"e ?mail", r"mail", r"gmail", r"hotmail"),
        "phone": (
            r"(?:numeros? (?:de |del )?(?:tu |su )?)?(?:telefono|telefonito|celular|movil|whatsapp|whats|cel|celu|fono|tel|telefonic[oa])(?: de contacto| movil| celular)?",
            r"numero de contacto", r"numer(?:o|ito)(?! (?:de|del|exterior|interior|y calle)\b)", r"contacto telefonico",
            r"contacto(?= por favor| \?|$| telefonico| para)",
        ),
        "address": (
            r"direccion(?:cita)?(?: (?:completa|exacta|de (?:entrega|envio|tu casa|su casa|domicilio)))?", r"domicilio(?: completo)?", r"ubicacion",
            r"calle(?: y numero)?", r"colonia", r"barrio", r"codigo postal", r"cp", r"comuna", r"localidad", r"distrito", r"ciudad",
        ),
        "document": (
            r"(?:numero (?:de |del )?(?:tu |su )?)?(?:dni|rut|run|rfc|curp|ine|ife|cedula|nit|ruc|cuit|cuil|pasaporte|documento|identificacion|identidad|cc|carnet|cpf|c c)(?: de (?:identidad|ciudadania|extranjeria))?",
        ),
        "purchase_date": (
            rf"fecha(?: exacta| aproximada)? (?:de|en que|en la que|cuando|del?)(?: \w+){{0,3}}? (?:compra|{_ES_BUY}|ticket|boleta|factura|adquisicion|recibo|pedido)",
            r"fecha de compra", rf"(?:dia|mes) (?:de la compra|de tu compra|de su compra|(?:en )?que (?:\w+ )?{_ES_BUY})",
        ),
        "appointment": (
            rf"(?:fechas?|dias?|horarios?|hora)(?: y (?:la )?hora)? (?:de|del|para)(?: tu| su| la| el)? {_ES_VISIT}",
            r"fechas?(?: y (?:la )?hora)?(?: de (?:entrada|llegada)(?: y (?:de )?salida)?)?", r"dia(?: y (?:la )?hora)",
        ),
        "payment_method": (r"(?:formas?|metodos?|medios?|modo|tipo) de(?: su| tu)? pago",),
        "photo": (r"foto\w*", r"imagen(?:es)?", r"captura\w*", r"screenshot", r"pantallazo", r"comprobante", r"evidencia"),
        "hour": (r"horarios?", r"hora"),
        "product": (
            r"talla\w*", r"modelo", r"marca(?: y (?:el )?modelo)?", r"producto", r"articulo", r"prenda", r"rodad[oa]", r"medida",
            r"tamano", r"numero de (?:zapato|calzado)", r"plan", r"equipo", r"aro", r"numero que calz\w+",
        ),
        "branch": (_ES_SHOP,),
        "reason": (r"motivo", r"razon", r"problema", r"inconveniente", r"inquietud", r"falla"),
    },
    "questions": {
        "pet": (
            rf"como (?:se )?(?:llama|llamaba|llamas|llaman)(?: \w+)?(?: \w+)? {_ES_PET}",
            rf"(?:como le (?:dicen|pusieron|pusiste|llaman)|nombre tiene)(?: \w+){{0,2}}? {_ES_PET}",
            r"como le (?:pusieron|pusiste)", rf"quien es (?:el|la) {_ES_PET}",
            r"(?:el|la|tu|su|y el|y la) (?:perr\w*|gat\w*|michi\w*|mascot\w*|pelud\w*|cachorr\w*|lomit\w*|paciente) (?:como se llama|que nombre tiene|cual es su nombre|como era su nombre)",
            r"(?:el|ella) como se llama",
            r"como se llama (?:el|ella)(?= \?|$)",
            r"quien es el paciente",
            r"nombre de (?:tu|su|la|el) (?:mascota|peludo|peludito|bebe|consentido|consentida)",
            r"como (?:dijiste que |dijo que |es que )?se llama(?:ba)? (?:tu|su|el|la|ese|esa|mi) (?:\w+ )?(?:perr\w*|gat\w*|gord\w*|michi\w*|mascot\w*|pelud\w*|cachorr\w*|paciente|bebe|nene\w*|angelit\w*|amiguit\w*)",
            r"cual es su nombre(?= \?)",
        ),
        "name": (
            r"(?:con|a) quien (?:tengo|hablo|estoy|me (?:comunico|dirijo)|converso|tendre|atiendo|tenemos|chateo|platico)(?: el (?:gusto|placer|agrado))?",
            r"a (?:nombre de quien|que nombre|nombre de que persona)", r"con que nombre", r"bajo que nombre", r"de parte de quien",
            r"como (?:te|se) (?:llama|llamas|llamaba|llamabas)(?=(?: usted| tu| vos)?(?: [?,.]|$| y | para | asi))",
            r"(?:tu|usted|vos) (?:eres|eras|es|era)(?= \?| \.| …|$| para)", r"quien (?:eres|escribe|me escribe|nos escribe|habla|es usted|sos|eras)",
            r"cual es (?:tu|su) gracia", r"como (?:te|le|lo|la) (?:registro|anoto|agendo|guardo|nombro|puedo llamar|debo llamar)", r"como aparec\w+",
            r"(?:quien|nombre) (?:pongo|anoto|dejo)",
            r"como (?:es|era|seria)(?: que era)? (?:tu|su) nombre",
            r"(?:me|nos) (?:recuerda\w*|repit\w*|repet\w*) (?:tu|su) nombre",
            r"(?:tu|su) nombre (?:es|era|seria)(?= \?|$)",
            r"a quien (?:tengo|le escribo|atiendo|registro|anoto|pongo|debo|va dirigid\w+|se l[oa] (?:pongo|anoto|dejo))",
            r"quien (?:va a ser|seria|recoge|me contacta|nos contacta|esta escribiendo|esta ahi|anda ahi|pidio)(?= \?|$)",
            r"no (?:me )?(?:dijiste|dijo|has dicho|alcance a ver|tengo|anote|me quede con) (?:tu|su) nombre",
            r"a quien (?:le |se l[oa] )?(?:facturo|facturamos|registro|dejo|aparto|entrego)",
            r"de quien es (?:el|la|este|esta) (?:pedido|orden|reserva|cuenta|compra|equipo)",
            r"(?:dijo|dijiste|mencionaste) que (?:se llama|te llamas|era tu nombre)",
            r"y (?:tu|su) gracia",
            r"nombre de quien(?= \?)",
            r"a nombre de(?= \?)",
            r"como (?:le|te) (?:puedo|podria|puedo) (?:decir|llamar|nombrar)",
            r"pon(?:me|ga|gale|le)? (?:tu|su) nombre",
            r"(?:decir|dice|dime|saber|dices|digame) quien (?:es|eres|habla|escribe|sos)",
            r"como (?:lo|la) llamo(?= \?|$)",
        ),
        "email": (
            r"a (?:que|cual|cual de tus|que direccion de) (?:correo|mail|e ?mail)(?: electronico)?", r"(?:con|de|desde|a|en) (?:que|cual) (?:correo|mail|e ?mail|cuenta)",
            r"(?:deletre\w+) (?:tu|su) (?:correo|mail|email)",
            r"(?:correo|mail|email)(?: \w+){0,4}? (?:cual|seria|es)(?: es)?(?= \?|$)",
            r"cual (?:es |era |seria )?(?:tu |su |el )?(?:correo|mail|email)",
            r"un (?:correo|mail|email) (?:donde|al que|al cual|en el que|para|a donde)",
        ),
        "phone": (
            r"(?:a|en|de|desde|con) (?:que|cual) (?:numero|celular|telefono|tel|whatsapp|fono|movil|cel|nro|linea)(?! de (?:pedido|orden|guia))",
            r"(?:donde|como) (?:te|lo|la|le|los) (?:puedo |podemos |podria |puede )?(?:llam(?!a\b|as\b|aba|abas)|ubic|localiz|contact|marc)\w+",
            r"(?:telefono|celular|numero|whatsapp)(?: \w+){0,3}? (?:cual|es|seria|era)(?: es| era)?(?= \?|$)",
            r"cual (?:es |era |seria )?(?:tu |su |el )?(?:telefono|celular|cel|numero(?! de)|whatsapp)",
            r"(?:te|le|lo|la) (?:llamo|marco|llamamos|marcamos|ubicamos|ubico|escribo|aviso)(?: \w+){0,2}? (?:a|en|al) (?:que|cual)",
            r"(?:un|algun|tu|su) (?:telefono|celular|numero|cel|whatsapp) (?:donde|al que|al cual|en el que|para|a donde|de contacto)",
            r"a cual (?:te|le|lo|la) (?:marc|llam|escrib|ubic)\w+",
        ),
        "address": (
            r"(?:a|en|hasta|para|hacia) (?:que|cual) (?:direccion(?! de (?:correo|mail))|domicilio|calle|colonia|ubicacion|barrio|hotel|parte|zona)",
            r"(?:a|hasta|para|por|adonde|hacia|en) ?donde (?:(?:te|se|le|les|lo|la|los|las|nos|quieres|quiere|desea|va|vas|vamos|seria|sera|es|hay que|tengo que|debo|puedo|podemos|mando|mandamos|envio|enviamos|llevo|llevamos|entregamos|despachamos|prefieres|gustas|paso|pasamos|recogemos|busco|buscamos|dirigimos|va dirigido) ?)+",
            r"(?:a )?donde (?:vives|vive|vivis|te encuentras|se encuentra|te encontras|estas|esta usted|te ubicas|se ubica|te quedas|te hospedas|se hospeda|es la entrega|seria la entrega|(?:te|se) l[oa]s? (?:mando|mandamos|dejo|dejamos|llevo|llevamos|envio|enviamos|entreg\w+)|(?:te|le) (?:mando|llevo|dejo|entreg\w+|envio|busco|recojo)|queda tu|queda su|entregamos|l[oa]s? (?:entreg|recog|env|mand|llev|busc|dej)\w+|recogemos|pasamos por|hay que (?:llevar|recoger))",
            r"en que (?:calle|colonia|barrio|hotel|zona|direccion|hostal|departamento)",
            r"donde (?:l[oa]s? |te l[oa]s? |se l[oa]s? |te |lo |la )?(?:recojo|recogemos|paso|busco|entrego|dejo|dejamos|mando|envio|ubico|encuentro|instal\w+|visit\w+)",
            r"(?:direccion|domicilio|ubicacion)(?: \w+){0,3}? (?:cual|es|seria|era)(?: es| seria)?(?= \?|$)",
            r"(?:estas|esta|vives|vive|queda|quedas|es|va|seria|entrego|mando|llevo|ubicas|vivis|esta ubicad[oa])(?: \w+){0,2}? (?:en donde|por donde|para donde|adonde|a donde|donde)(?= \?|$)",
            r"que (?:direccion|domicilio|calle|colonia|barrio|zona|hotel|comuna)(?= \?|$| es| te| le| esta\w*| viv\w*| seria| pongo| va| tien\w*| queda| anot\w*)",
            r"(?:para|hacia|a) donde(?= \?|$| es| va| seria| l[oa])",
            r"en (?:donde|que lugar|que parte)(?= (?:estas|esta|vives|vive|te|se|l[oa]|queda|es|entreg\w+))",
            r"por que (?:zona|rumbo|rumbos|barrio|colonia) (?:estas|vives|vive|esta|andas)",
            r"nombre del? (?:hotel|hostal|edificio|condominio|fraccionamiento)",
            r"donde (?:te |se |le )?l[oa]s? (?:hac\w+ llegar|pas\w+ a|mand\w+|entreg\w+|dej\w+|recog\w+)",
            r"donde (?:hay que|tengo que|tenemos que|debo|debemos) (?:ir|llevar|recoger|entregar|pasar|mandar)",
            r"(?:tu|su) direcc",
        ),
        "order": (
            r"(?:cual|que)(?: (?:es|era|fue|seria|numero de|numero tiene|numero es))?(?: (?:el|tu|su))?(?: (?:numero|codigo|folio) de)?(?: (?:el|tu|su|la))? (?:pedido|orden|folio|guia|reserva)(?! (?:hiciste|hizo|te |le ))",
            r"que (?:numero|codigo|folio) (?:de \w+ )?(?:te|le) (?:dieron|dio|aparece|sale|llego)",
            r"(?:el |tu |su )?(?:pedido|orden|folio|ticket|reserva)(?: \w+)? (?:cual|que numero) (?:es|era|seria|tiene)",
            r"que (?:numero|codigo|folio|clave) (?:aparece|sale|viene|dice|tiene|trae|te|le|es|esta)(?: \w+){0,4}? (?:ticket|pedido|orden|comprobante|guia|reserva|papel\w*|boleta|recibo|nota)",
            r"que (?:dice|numero dice)(?: el| tu| su)? numero (?:de|del)",
            r"como es (?:el |tu |su )?numero (?:de|del)(?: tu| su)? (?:pedido|orden|guia|ticket|reserva)",
            r"(?:que|cual) (?:guia|ticket|reservacion)(?= \?|$| es| era| tienes| tiene| me| seria)",
            r"(?:de|sobre|por) (?:que|cual) (?:pedido|orden|compra|reserva)",
            r"(?:buscas|busca|revisas|revisa|ves|ve|fijas|fija|checas|checa) (?:\w+ ){0,3}?(?:el |tu |su )?(?:numero|codigo|folio) (?:de|del) (?:pedido|orden|guia|reserva|ticket)",
            r"codigo que (?:te|le) (?:llego|dieron|mandamos|aparece|dimos|salio)",
            r"numero que (?:esta|viene|aparece|sale|dice|te dieron|le dieron|te llego)",
            r"(?:dato|datos|info) (?:del|de tu|de su) (?:pedido|orden|reserva|compra)",
            r"(?:pasa|manda|da|di|digame|dime)(?:me|nos)? el numero y l[oa]",
        ),
        "document": (
            r"(?:dni|rut|rfc|cedula|documento|pasaporte|ruc|nit|curp)(?: \w+){0,3}? (?:cual|es|seria)(?: es| seria)?(?= \?|$)",
            r"(?:a|con|de|en) (?:que|cual) (?:dni|rut|rfc|cedula|documento|ruc|nit|pasaporte|identificacion)",
            r"(?:boleta|factura)(?: \w+){0,2}? (?:a|con) (?:que|cual) (?:rut|dni|ruc|rfc|nit)",
            r"(?:dict\w+)(?:me)? (?:tu|su|el|la) (?:cedula|dni|rut|rfc|documento|nit|pasaporte)",
            r"(?:tu|su) (?:rut|dni|rfc|cedula|nit|ruc|documento|pasaporte)(?= \?)",
        ),
        "purchase_date": (
            rf"cuando (?:fue que |fue cuando |es que |exactamente )?(?:l[oa]s? |me l[oa]s? |te l[oa]s? |nos l[oa]s? |se |nos )?(?:hizo |hiciste |realizo |fue |efectuo )?(?:{_ES_BUY}|(?:la|tu|su) compra)",
            rf"(?:hace cuanto|cuanto (?:tiempo )?hace|cuanto tiempo (?:tiene|lleva|llevas)|desde cuando (?:l[oa]s? )?(?:tienes|tiene|tenes))(?: tiempo)?(?: que)?(?: \w+)? ?(?:{_ES_BUY}|con|comprad[oa]|l[oa]s? (?:tienes|tiene|tenes))?",
            r"de (?:cuando|que fecha|que dia) es(?: la| el| tu| su)? (?:ticket|compra|boleta|factura|recibo|tiquete|comprobante)",
            rf"(?:que|cual)(?: fue)?(?: el)? (?:dia|fecha|mes|ano)(?: fue)?(?: que| en que| cuando)? ?(?:l[oa]s? |nos |se |me )?(?:hiciste |hizo |realizo |realizaste |fue )?(?:{_ES_BUY}|(?:tu|su|la) compra)",
            r"(?:que|cual) (?:dia|fecha|mes)(?: \w+){0,2}? (?:tiene|dice|aparece en|viene en|sale en|trae|figura en) (?:el|tu|su|la) (?:ticket|boleta|factura|recibo|comprobante)",
            r"(?:compraste|compro|adquirio|adquiriste|llevaste|llevo|sacaste|saco|compra fue|compra la hiciste|compra la hizo)(?: \w+){0,2}? (?:cuando|hace mucho|hace cuanto|que dia|en que fecha|hace poco)(?= \?|$)",
            r"hace (?:cuanto|mucho)(?: tiempo)?(?: \w+){0,3}? (?:compr\w+|llev\w+|adquir\w+|sac\w+|tien\w+)",
            r"cuanto (?:tiempo )?(?:tiene|tienes|lleva|llevas|hace)(?: \w+){0,3}? (?:con|compr\w+|de us\w+|de comprad\w+|adquir\w+|tien\w+)",
            r"(?:en|de|a) que (?:fecha|dia|mes|ano)(?: \w+){0,3}? (?:compr\w+|adquir\w+|llev(?:aste|o)|sac(?:aste|o)|la compra|realiz\w+ la compra|hizo la compra|hiciste la compra)",
            r"cuando (?:fue|realiz\w+|hizo|hiciste|efectu\w+)(?: \w+){0,2}? (?:compra|adquisicion)",
            r"cuando (?:te |se |nos |me )?(?:l[oa]s? )(?:compr(?:aste|o|aron)|adquiri\w+|llev(?:aste|o)|sac(?:aste|o)|entreg(?:amos|aron)|recibi(?:ste|o))",
            r"cuando (?:te |se |le )?l[oa]s? (?:vendimos|entregamos|vendieron|entregaron|dimos|instalamos)",
            r"(?:que|cual) dia (?:viniste|vino|pasaste|paso|fuiste)(?: a)? (?:compr\w+|llev\w+|por)",
            r"cuando (?:empezo|inicio|comenzo|arranco|activaste|te inscribiste|se inscribio|te diste de alta|contrataste|contrato|nos compraste|nos compro|estrenaste|te hiciste socio)",
            r"(?:aprox\w*|mas o menos|como) cuando (?:fue|l[oa]|compr\w+)",
            r"hace cuant[oa]s? (?:meses|dias|semanas|anos|tiempo)(?: que)?(?: l[oa]s?)? ?(?:compr\w+|tien\w+|adquir\w+|llev\w+)?",
            r"desde cuando (?:l[oa]s? )?(?:tienes|tiene|tenes|cuentas con|eres|es) (?:socio|miembro|cliente)?",
            r"^(?:y )?(?:como )?cuando fue(?: eso)?(?= \?)",
            r"(?:tiene|hace|lleva) (?:mucho|tiempo|poco) (?:tiempo )?que l[oa]s? (?:compr|llev|adquir|sac|tien)\w*",
        ),
        "appointment": (
            r"(?:para |a |de |en )?que (?:dias?|fechas?|noches?)(?! (?:(?:l[oa]s?|nos|me|te l[oa]) )?(?:fue )?(?:hiciste |hizo |realizo )?(?:compr|adquir|sac|llev|la compra|tu compra|su compra))",
            rf"(?:para |a )?(?<!desde )cuando (?:es|era|seria|sera|tienes|tiene|tenes|tenia|tenias|es que|quedo|quedamos|esta|estaba|agend\w+|reserv\w+|quieres|quiere|queres|desea|le|te|pued\w+|pod\w+|llega\w*|viene\w*|vienes|venis|gusta\w*|pens\w+|te|nos)(?: \w+){{0,3}}? ?(?:{_ES_VISIT}|agend\w+|reserv\w+|venir|vienes|viene|visit\w+|lleg\w+|pasar|acomoda|queda bien|conviene|agendad[oa]|hosped\w+|usted)",
            r"(?<!desde )cuando (?:llega\w*|vienes|viene|venis|vendrias|vendria|agendaste|reservaste|reservo|agendo|te hospedas|se hospeda|quieres venir|entras|ingresa)",
            r"(?:para|de) cuando (?:l[oa] |te |se )?(?:quier\w+|neces\w+|dese\w+|agend\w+|reserv\w+|era|es|seria|tiene\w*)(?!(?: \w+){0,2} (?:ticket|compra|boleta|factura))", r"para cuando(?= \?)",
            r"cual (?:dia|fecha)(?! (?:de|en que) compr)",
            r"cuando (?:te|le|les) (?:toca|tocaba|tocaria|viene bien|queda bien|acomoda|conviene|sirve|gustaria|agend\w+|esper\w+|anot\w+|reserv\w+|program\w+)(?! (?:llam|marc))",
            r"(?:es|era|seria|quedo|esta|tienes|tiene|agendaste|agendo|reservaste|reservo|llegas|llega|vienes|viene|la quieres|lo quieres|la quiere|turno|cita|reserva)(?: \w+){0,3}? (?:para cuando|para que dia|que dia|cuando|que fecha|que noche)(?: es| era| seria)?(?= \?|$)",
            r"(?:que|cual) (?:dia|fecha|noche)s?(?= \?|$| \w+)(?! (?:(?:l[oa]s?|nos|me|te l[oa]|fue|en que|que|tiene|dice|aparece|viene|sale) )*(?:compr|adquir|sac|llev|la compra|tu compra|su compra|hiciste|realiz|hizo|tiene|dice|aparece))",
            r"cuando (?:la|lo) (?:tenias|tienes|tenia|tiene|quieres|quiere|agendamos|agendo|agendaste|programamos|reservaste|necesitas|querias)",
            r"(?:cita|turno|reserva|clase|consulta)(?: \w+)? (?:es|era|seria) (?:hoy|manana|el \w+) o ",
            r"check ?in y check ?out",
            r"cuando (?:agendamos|venias|vienen|llegan|vendrian|nos visitas|pasas|entrarias|te agendo|la agendamos|l[oa] (?:reservo|aparto))(?= \?|$| a | con | ,)",
            r"cuando (?:es|fue|era|sera) (?:la|el|tu|su) (?:cirugia|operacion|bano|corte|clase|revision|limpieza|vacuna|estetica|entrega|visita|partido|fiesta|evento)",
        ),
        "product": (
            r"(?<!en )(?<!la )(?<!en )(?<!la )(?<!bueno )(?<!alegra )(?<!bien )(?<!encanta )(?:que|cual(?:es)?) (?:fue lo que |es lo que |era lo que |fue el que |es el que |era el que |fue la que |cosa )?(?:te gusto|le gusto|te gustaron|le gustaron|les gusto|(?:me |nos |te |le |les |se )?(?:pediste|pidio|pidieron|ordenaste|ordeno|compraste|compro|querias|queria|encargaste|encargo|llevaste|llevo|interesa|interesaba|interesan|interesaria|buscas|busca|buscabas|buscaba|andas buscando|elegiste|eligio|escogiste|escogio|vas a (?:pedir|llevar|ordenar)|va a (?:pedir|llevar|ordenar)|deseas (?:pedir|ordenar|llevar)|te (?:preparo|mando|envio|llevo|aparto)))",
            r"(?:de|en|que|cual)? ?(?:que|cual)(?: es)?(?: (?:el|la|tu|su))? (?:tallas?|modelo|marca|producto|articulo|prenda|rodad[oa]|aro|medida|tamano|plan|equipo|aparato|bicicleta|bici|celular(?= (?:tienes|tiene|tenes|es|usas))|telefono(?= (?:tienes|tiene|tenes|es|usas))|platillo|habitacion|membresia|membresia|version|numero (?:calzas|calza))",
            r"que (?:bici(?:cleta)?|equipo|modelo|celular|telefono|computadora|laptop|consola|plato|combo) (?:es|tienes|tiene|tenes|manejas|usas)",
            r"es (?:rodada|aro|rodado|talla) \d+ o",
            r"cual (?:de (?:los|las|todos|todas|estos|estas|esos)(?: \w+)?)(?: \w+)?(?= \?|$| te| le| quier\w+| es| fue| dese\w+| compr\w+| prefier\w+)(?<!sedes)(?<!sucursales)(?<!tiendas)(?<!dos)(?<!locales)",
            r"que (?:es |era |fue )?lo que (?:quieres|quiere|queria|querias|buscas|busca|vas a|va a|pediste|pidio|compraste|compro|ordenaste|llevas|necesitas llevar)",
            r"que (?:te|le|les) (?:gustaria|interesa\w*|apetece|sirvo|preparo|mando|envio|aparto|provoca|llevo)(?: (?:pedir|ordenar|llevar|comprar|probar|reservar))?",
            r"cual (?:quieres|quiere|querias|queria|prefieres|desea|deseas|seria|elegiste|te llevas|llevas|escoges)(?= \?|$| de| llevar)",
            r"que (?:venia|viene|traia|habia|incluia|lleva|llevaba|contenia) (?:en )?(?:tu|su|el) (?:pedido|orden|paquete|caja|compra)",
            r"que (?:quieres|quiere|deseas|desea|vas a|va a|gustas|gusta|querias|queria) (?:pedir|ordenar|llevar|comprar|cambiar|devolver|reservar|arreglar|reparar|cotizar)",
            r"(?:tallas?|modelo|plan|producto|equipo|prenda|marca)(?: \w+){0,3}? (?:cual|que|es cual)(?: es| era| seria| tienes| tiene)(?= \?|$)",
            r"que (?:numero|talla|medida) (?:calz\w+|us\w+|es|eres|sos|necesit\w+|quier\w+|ocup\w+|vist\w+|manej\w+)",
            r"de que (?:producto|articulo|modelo|equipo|prenda|marca|bici\w*|aparato)",
            r"(?:que|cual) (?:vestido|zapat\w+|tenis|pizza|camis\w+|pantalon\w*|jean\w*|falda|blusa|sueter|chamarra|campera|chaqueta|bolsa|mochila|casco|llanta|rueda|pieza|bota\w*|sandalia\w*|bici\w*|tablet|laptop|reloj|audifono\w*|plato|platillo|hamburguesa|combo|cuarto|suite|curso|paquete|membresia|tratamiento|servicio|clase|alimento|croqueta\w*|vacuna|marca)(?= \?|$| es| son| era| eran| fue| quier| te | le | busc| compr| pediste| tien| necesit| viste| traes| lleva)",
            r"que (?:llevabas|llevaba|te vendimos|le vendimos|te llevaste|se llevo|te mandaron|te llego|le llego|te interesa|pedias|habias pedido|habia pedido|habias comprado)",
            r"cual (?:es|era|fue|seria) (?:el que|la que|el modelo|la talla|tu talla|tu modelo|el producto|la prenda|la medida|la marca|el plan|el articulo|el equipo)",
            r"que tipo de (?:bici\w*|celular|telefono|equipo|producto|habitacion|plan|pieza|zapato|prenda|aparato|plato)",
        ),
        "reason": (
            r"(?<!\blo )(?:que|k) (?:es lo que |fue lo que |cosa )?(?:te |le |les |me )?(?:habia |ha )?(?:paso|pasando|pasado|ocurrio|ocurre|sucedio|sucede|sucedido|pasa)(?! si\b)(?: con| a)?",
            r"que (?:problema|falla|inconveniente|inquietud|consulta|duda|sintomas?|molestia)(?: es)?(?: (?:el|la) que)?(?: tienes| tiene| tenes| presenta\w*| tuvo| tuviste)?",
            r"en que (?!mas|otra|otro|algo)(?:te |le |lo |la |les |los |puedo |podemos |podria |les |se )+(?:puedo |podemos |podria )?(?:ayud\w+|serv\w+|apoy\w+|atend\w+|atiend\w+|colabor\w+|asist\w+|orient\w+|sirvo|sirve)",
            r"(?:que (?:se|era lo que) (?:te|le|les) ofrece\w*|que se ofrece)",
            r"(?:como|de que forma|de que manera) (?:te |le |lo |la |les |los )?(?:puedo |podemos |podria )?(?:ayudo|ayudar\w*|ayudamos|apoyo|apoyar\w*|servir\w*|asistir\w*|colaboro)(?! mas)",
            r"que (?:necesitas|necesita|necesitabas|ocupas|ocupa|requiere|deseas|desea|andas necesitando)(?= \?|$| \.| ,| hoy| de nosotros)",
            r"por que (?:motivo|razon|causa|(?:nos |me |l[oa]s? |te |quiere\w* |queria |desea\w* |esta |estas |necesita\w* )*(?:devuelv\w+|devolv\w+|cambi\w+|cancel\w+|escrib\w+|contact\w+|llam\w+|consult\w+|vien\w+|tra\w+|reclam\w+|comunic\w+|dar de baja))",
            r"a que se debe", r"(?:que|cual) (?:es|era|fue|seria|sera) (?:el|tu|su|la) (?:problema|motivo|inconveniente|razon|falla|inquietud|consulta|duda|queja|reclamo|situacion|asunto|causa)",
            r"(?:cuent\w+|contame|dime|digame|platic\w+|explic\w+)(?:me|nos)?(?: mejor| de nuevo| otra vez| bien| un poco| por favor| mas| todo)* (?:que (?:paso|ocurrio|sucedio|necesitas|necesita|problema|tiene)|el problema|lo que (?:paso|ocurrio|sucedio)|lo sucedido|lo ocurrido|tu (?:caso|problema)|su (?:caso|problema)|desde el principio)",
            r"(?:qu|k)e (?:le|se le) (?:nota|ves|ve|duele|falla|anda) ?(?:al|a la|a)?", r"que tiene(?= (?:tu|su|el|la)\b)", r"que sintomas",
            r"(?:de|por) que (?:se trata|trata|asunto|tema)",
            r"que (?:fue lo que )?(?:salio|estuvo|hay|anda|esta|resulto|fallo|venia|vino|llego) (?:mal|fallando|raro)",
            r"(?:detalla\w*|detalle|describ\w+|explica\w*|explique\w*|relata\w*|relate|comentar(?:me|nos))(?:me|nos)?(?: \w+){0,2}? (?:lo ocurrido|lo sucedido|lo que (?:paso|sucedio|ocurrio|tiene|presenta)|que (?:paso|sucedio|ocurrio|tiene|le pasa|fue|problema)|el (?:problema|inconveniente|motivo|caso|detalle|dano)|la (?:falla|situacion|razon)|su (?:caso|problema|situacion|solicitud|inquietud)|tu (?:caso|problema|situacion|solicitud))",
            r"que te trae|que (?:le|lo) trae",
            r"(?:^|. )cuent\w*(?:me|nos)(?= \?|$| por favor| mas| todo| ,)",
            r"(?:mas )?detalles? (?:de|del|sobre)(?: el| tu| su| lo)? (?:problema|ocurrido|caso|inconveniente|sucedido|falla|queja)",
            r"que (?:te |le )?(?:anda|esta|estaba|viene|estaria) (?:pasando|fallando|sucediendo|ocurriendo|haciendo|molestando|presentando)",
            r"que (?:te |le )?(?:molesto|disgusto|desagrado|incomodo|duele|preocupa|inquieta|aqueja|motiva|motivo)",
            r"(?:^|(?:y|pero|dime|cuentame|digame|que) )que (?:se (?:le )?)?(?:rompio|descompuso|dano|quebro|averio|fallo|trabo)",
            r"por que (?:\w+ ){0,4}?(?:devolucion|cambio|cancelacion|reclamo|baja|queja|molest[oa])",
            r"cual (?:es |fue |era |seria )?(?:el |la |tu |su )?(?:motivo|razon|problema|falla|inconveniente|queja|inquietud|detalle|asunto|causa|necesidad|solicitud|consulta|duda)(?! (?:de la demora|del retraso))",
            r"motivo de (?:la|tu|su) (?:devolucion|cancelacion|visita|consulta|llamada|queja|contacto|cambio|baja|reclamo)(?= \?|$| por favor)",
            r"en que (?:te|le|lo|la|les) (?:podemos |puedo |podria |podriamos )?(?:ayud|serv|apoy|colabor|asist|orient|sirv|atiend)\w+(?! (?:mas|tambien))",
            r"que (?:no|fue lo que no|es lo que no|cosa no) (?:te|le) (?:gusto|parecio|convencio|agrado|gusta|sirve|sirvio|quedo|funciona|funciono)",
            r"que (?:estaria|estarias|anda|andas|anda usted|estas|esta) (?:necesitando|buscando|requiriendo|ocupando)",
            r"(?:para que|con que fin) (?:quiere\w*|necesita\w*|seria|es|desea\w*|viene\w*|requiere\w*)(?: \w+){0,5} (?:doctor\w*|consulta|cita|visita|veterinari\w*|medico|tecnico|asesor\w*)?",
            r"que (?:te|le|les) (?:hicieron|dijeron|falta|sucede|anda pasando|trae)(?= \?|$| por| en| con)",
            r"por que (?:te|se|lo|la|los|las|nos|quieres|quiere|vas|va|quisieras|deseas|estas|esta)",
            r"que (?:hay|onda|tal)(?: ,)? que (?:paso|necesitas)",
            r"que (?:sucede|acontece|ocurre)(?= \?|$| con)",
            r"que (?:le|te) (?:paso|pasa|sucede)",
            r"que tipo de (?:falla|problema|dano|inconveniente|dolor|molestia)",
            r"(?:cont\w+|cuent\w+|explic\w+|deci\w*|dig\w+|relat\w+)(?:me|nos)?(?: \w+){0,2} lo que (?:le |te )?(?:paso|ocurrio|sucedio|pasa)",
        ),
        "photo": (
            r"(?:tendras?|tendria|tendrias|tienes|tiene|tenes|hay|guardaste|sacaste|tomaste|tomo)(?: \w+){0,2}? (?:foto\w*|imagen\w*|captura\w*|comprobante)(?! (?:nuev|otr))",
            r"(?:adjunt|sub|carg|saca|saqu|tom)\w*(?: \w+){0,3}? (?:foto\w*|imagen\w*|captura\w*|comprobante)(?= |$)(?! (?:ya|que))",
            r"(?:una |la |unas )?fot(?:o|os|ito|ita)(?: \w+){0,3}? (?:ayudaria|serviria|nos ayuda|sirve|estaria)",
            r"fotic[oa]s?|fotitos?|fotitas?",
            r"(?:muestr\w+|ensen\w+|mandas?|envi\w+|pasas?) en foto",
            r"^(?:y )?(?:la|las|una|unas) fotos?(?= \?| digo)",
            r"(?:mandar|enviar|puedes enviar|podrias enviar)la ?(?: \?)? (?:la|una) foto",
            r"(?:mandas|envias|compartes|envia|manda|comparte|adjunta|adjuntas) (?:la |una |las |el |tu )?(?:foto\w*|captura\w*|imagen\w*|comprobante|evidencia)",
        ),
        "payment_method": (
            r"como (?:(?:te|le|les|lo|la|los|me|nos|quieres|quiere|queres|desea|deseas|prefieres|prefiere|preferis|gustaria|vas a|va a|vas|piensas|seria|sera|realizo|hiciste|hizo|realizaste|fue|hara|haras) ?)*(?:el |tu |su )?(?:pag\w+|abon\w+|cancel(?:as|a|ar|aria|arias)|liquid\w+|hiciste el pago)",
            r"con que (?:(?:tarjeta|medio|metodo|forma|vas a|va a|quieres|desea|te gustaria|prefieres|lo|la) ?)*(?:pag\w+|abon\w+|tarjeta|medio|metodo|cancel\w+)", r"(?:a|por) (?:que|cual) (?:medio|via|forma|banco) (?:\w+ ){0,3}pag\w+", r"(?:que|cual) (?:forma|medio|metodo|tipo) (?:de pago|us\w+ para pagar)", r"(?:pago|pagas|paga|pagos) (?:seria |es |va a ser |sera )?(?:en|con|por|como)(?= \?|$)",
            r"como (?:va a ser|seria|sera|fue|es|quieres|desea\w*|quiere|hiciste|hizo|realiz\w+|hara|haras|prefier\w+|vas a|va a|gustaria|te gustaria|le gustaria)(?: \w+){0,3}? pago",
            r"pag\w*(?: \w+){0,4}? (?:como|con que|de que forma|en que forma|por que medio|de que manera)(?: \w+){0,2}(?= \?|$)",
            r"(?:de|por|en|con) (?:que|cual) (?:forma|manera|medio|metodo|modo|via|tarjeta|banco)(?: \w+){0,3}? (?:pag\w+|abon\w+|cancel\w+|liquid\w+)",
            r"(?:pag\w+|abon\w+|seria|sera|es|cancela\w*)(?: \w+)? (?:en|con|por|a|de)? ?(?:efectivo|tarjeta|transferencia|debito|credito|deposito|contado)(?= \?)(?! correcto)",
            r"(?:contado|efectivo|tarjeta) o (?:a )?(?:meses|cuotas|plazos|credito)",
            r"(?:que|cual)(?: es| fue| seria)?(?: tu| su| el| la)? (?:metodo|medio|forma|modo|tipo|manera) de pago",
            r"pagas con que|con que vas a pagar",
            r"(?:que|cual) (?:metodo|medio|forma|via)(?= \?|$| de| us| eleg| prefier| te| le| pag)",
            r"por donde (?:pag\w+|hiciste el pago|hizo el pago|transfer\w+)",
            r"como (?:te|le) (?:cobro|cobramos)|como le hac\w+ con el pago|como (?:quedo|quedamos|quedaria) (?:con )?el pago",
            r"pag(?:aste|o|aron) (?:en linea|online|en tienda|con|por|en)(?: \w+){0,3} o ",
            r"y (?:el|tu|su) pago(?= \?)",
            r"con cual (?:tarjeta|metodo|medio)",
            r"^(?:y )?(?:el |tu )?pago(?= \?)",
            r"(?:va a ser|seria|sera|es) (?:en|con|por) (?:efectivo|tarjeta|transferencia|debito|credito|deposito)(?= \?)",
        ),
        "hour": (
            r"(?:a|tipo|como a|desde|hasta|entre|de|en|para)? ?que horas?(?! (?:abr|cierr|es\b|son\b|sali|pasa el|llega el))",
            r"(?:a|en|cual|que|tipo) ?(?:que|cual|es|seria)?(?: (?:el|tu|su|tus|mejor))* (?:horario|horarios|momento del dia|momento|rato|parte del dia|jornada)(?= (?:te|le|del|para|pref|puede\w*|podemos|se|de|es|queda|conv|acom|mejor|entren|est[ae]s?|disponible|\?))",
            r"cuando (?:te|lo|la|le) (?:puedo|podemos|puede|pueden|podria|podriamos) (?:llam|marc|ubic|contact|habl|encontrar|visitar)\w*", r"cual es el mejor (?:momento|horario)", r"mejor (?:hora|horario|momento) (?:para|de|en)(?= .*\?)",
            r"(?:en|a|que) que (?:franja|bloque|turno|jornada|lapso)(?: horari[ao])?(?= (?:entren\w+|te|le|pref\w+|pued\w+|podemos|queda|conv\w+|acom\w+|vienes|viene|\?))",
            r"que (?:turno|franja|bloque|jornada) (?:entren\w+|prefier\w+|te|le|queda|acomoda|vienes|viene|conviene)",
            r"en que franja(?: horaria)?",
            r"(?:temprano|mas temprano) o (?:mas )?tarde",
            r"(?:te|le) (?:llam\w+|marc\w+|entreg\w+|pas\w+|busc\w+|visit\w+)(?: \w+){0,2}? (?:a que hora|que hora|en que horario|cuando)(?= \?|$)",
            r"a que hora (?:puedo|podemos|puede|quieres|prefier\w+|te|le|l[oa]|seria|es mejor|esta\w*|pas\w+|entreg\w+|llam\w+|recib\w+)",
            r"cuando (?:te|lo|la|le) (?:llamo|llamamos|marco|marcamos|encuentro|encontramos|puedo llamar|podemos llamar|podria llamar|puede llamar)",
            r"antes o despues (?:de|del) (?:comer|mediodia|medio dia|almuerzo|almorzar|la comida|las \d+|trabajo)",
            r"cuando (?:puedes|puede|podrias|podria|podes|tienes tiempo|estas libre|estas disponible|esta disponible) (?:hablar|atender|contestar|recibir\w*|para)?",
            r"que (?:momento|rato|parte del dia|hora del dia) (?:te|le|prefier\w+|es)",
            r"en la (?:manana|tarde|noche) ,? ?o (?:\w+ )?(?:en la |por la )?(?:manana|tarde|noche)",
        ),
        "branch": (
            rf"(?:en |a |de |por |desde |con )?(?:que|cual)(?: de (?:las|nuestras|los|nuestros|todas)(?: \w+)?)?(?: (?:es|era|fue|seria|queda))?(?: (?:la|tu|su|el|nuestra))? {_ES_SHOP}",
            rf"donde (?:l[oa]s? |fue que l[oa]s? |fue que |te |nos )?(?:{_ES_BUY}|recog(?:es|erias|era|eras)|retir(?:as|aras|ara)|pasas a (?:recoger|buscar)|entren\w+|te atend\w+|l[oa]s? dejaste|prefieres (?:recoger|pasar)|prefiere (?:recoger|retirar))",
            r"cual(?: de (?:las|los) (?:dos|tres|\w+))?(?: te| le)? (?:queda|quedaria) (?:mas )?(?:cerca|mejor)",
            r"(?:que|cual) (?:sede|sucursal|tienda|local|gimnasio|clinica)(?= \?|$| \w+)",
            r"(?:compraste|recoges|recoge|entrenas|entrena|vas|va|pasas|pasa|fuiste|fue|atendieron|retiras|retira)(?: \w+){0,2}? (?:en|a|por|de) (?:cual|que) (?:sede|sucursal|tienda|local|gimnasio|clinica)?(?= \?|$| )",
            r"(?:fue |es )?en la (?:de |del )\w+(?: \w+)? o en (?:la|el) (?:de|del)?",
            r"a cual (?:vas|fuiste|vienes|va|fue|acudes|asistes)(?= \?|$| de)",
            r"en que lugar (?:l[oa] )?(?:compraste|compro|te atendieron|fue|recoges)",
            r"donde (?:l[oa]s? )?(?:quieres|prefieres|gustas|desea|vas a|va a|quiere) (?:recoger|retirar|pasar|buscar|entrenar)\w*",
        ),
    },
    "choices": {
        "hour": (rf"{_ES_DAY} (?:o|u) (?:en |por |a |de |mas )?(?:la |el |al )?{_ES_DAY}",),
        "payment_method": (rf"{_ES_PAY}(?: de \w+)? ?(?:,| o| u)(?: \w+){{0,3}}? {_ES_PAY}",),
    },
}  # fmt: skip

# --- Portuguese ---

_PT_PET = (
    r"(?:cachorr\w*|gat\w*|bichin\w*|bicho|pet|dog\w*|cao\w*|caozinho|cadel\w*|filhot\w*|peludin\w*|doguin\w*|mascote|animal\w*|"
    r"miau|bichan\w*|amiguinh\w*|paciente|pequen\w*|bebe|coelh\w*|peludo|peluda)"
)
_PT_GIVE = (
    "pass diz dig fal mand envi inform confirm cont deix lembr escrev digit mostr adiant explic repet repit encaminh "
    "forne indi compartilh descrev descreve pergunt"
)
_PT_STEM = rf"(?:{'|'.join(_PT_GIVE.split())})"
_PT_ENDING = r"(?:a|e|ar|er|ir|as|es|am|em|aria|eria|iria|ando|ce|cer|que|ca|car|iz|izer|zer|)"
_PT_VERB = rf"(?:{_PT_STEM}{_PT_ENDING}|da|de|dar|der|dizer|disser|passasse|mandasse|puser|poe)"
_PT_DET = (
    r"(?:o|a|os|as|seu|seus|sua|suas|teu|tua|um|uma|uns|umas|de|do|da|dos|das|so|apenas|tambem|ai|aqui|por favor|por gentileza|"
    r"novamente|de novo|mesmo|mais|ja|esse|essa|este|melhor|entao|pra mim|para mim|primeiro|somente)"
)
_PT_BUY = r"(?:compr(?:ou|aram|ada|ado|aste)|adquiri\w*|peg(?:ou|aste)|lev(?:ou|aste)|pediu|encomend\w+|fez a compra|assin(?:ou|aste)|contrat(?:ou)|fechou|retirou|pagou|fez o pedido)"
_PT_SHOP = r"(?:loja|lojas|unidade|unidades|filial|filiais|clinica|academia|sede|shopping|agencia|ponto|polo|restaurante)"
_PT_PAY = r"(?:pix|cartao|dinheiro|boleto|debito|credito|transferencia|vr|vale(?: \w+)?|link|especie|parcelado|a vista|ted|paypal|picpay|maquininha)"
_PT_VISIT = (
    r"(?:consulta\w*|horario marcado|reserva\w*|agendamento|visita|chegada|entrada|saida|check ?in|estadia|hospedagem|sessao|aula|mesa|"
    r"tosa|banho|avaliacao|revisao|limpeza|retorno|atendimento marcado|vacina|exame|viagem|evento)"
)
_PT_DAY = r"(?:manha|tarde|noite|dia|meio dia|cedo|tardinha)"
_PT_THING = r"(?:numero|codigo|protocolo|id|num|n|nro|referencia|localizador)"
_PT_ORDER = r"(?:pedido|ordem(?: de servico)?|compra|reserva|protocolo|os|rastreio|rastreamento|nota(?: fiscal)?|orcamento|venda|chamado|atendimento|ticket|comanda|senha|encomenda|confirmacao|caso)"

PT = {
    "give": (
        rf"(?:me|nos) (?:ja |so |tambem )?{_PT_VERB}",
        rf"(?:pode|podes|poderia|podia|consegue|conseguiria|da pra|da para|daria pra|daria para|tem como|teria como|gentileza|gostaria que|pedir que|importa de|importaria de|quer|sabe|saberia|vai precisar)"
        rf"(?: (?:voce|o senhor|a senhora|por favor|por gentileza|so|ai|tambem|ja|de|me|nos|pra mim|para mim)){{0,3}} {_PT_VERB}(?: pra mim| para mim)?",
        r"(?<!eu )(?<!te )(?<!gente )(?:manda|mande|mandar|envia|envie|informe|informa|digite|digita|escreve|escreva|passa|passe|fala|fale|diz|diga|confirma|confirme|conta|deixa|deixe|compartilha|compartilhe|tira|tire|anexa|anexe|encaminhe|encaminha|envie|forneca|indique|preencha|descreva|especifique|passar|informar|digitar)(?= |$)(?! (?:que|se)\b)",
        r"(?:por favor|por gentileza|favor) (?:informar|enviar|mandar|digitar|confirmar|encaminhar|passar|indicar)", r"solicito|solicitamos|pe[cd]o (?:que|o|a|seu|sua)|pedir (?:o|a|seu|sua)|te peco|(?<!desculpa )(?<!desculpe )perguntar (?:o|a|seu|sua|de novo)",
            r"(?:tirar|tira|tire|bater|bate|anexar|anexa|subir)(?= (?:um|uma|o|a|mais|foto|print))",
            r"(?<!te )(?<!lhe )(?<!que )(?<!se )(?<!eu )(?<!gente )(?:passa|compartilha|coloca|coloque|escreve|adiciona|adicione|responde com|responda com|preenche|completa|complete|repete|repita)(?= (?:o|a|seu|sua|um|uma|aqui|ai|por favor) )",
            r"(?:consegue|pode|poderia|podia|consegue|conseguiria)(?: \w+)? (?:reenviar|remandar|repassar|anexar)",
        ),
    "need": (
        r"(?:preciso|precisamos|precisaria|precisava|precisariamos|necessito|necessitamos|vou precisar|vamos precisar|iremos precisar|irei precisar)(?: so| apenas| somente| tambem| ainda)?(?: (?:saber|confirmar|que (?:voce|o senhor|a senhora)(?: me)? \w+))?(?: (?:de|do|da|dos|das))?",
        r"(?:esta |ainda |so |apenas |somente |me |nos )*falt(?:a|am|ou|aria|ando|ava|aram)(?: so| apenas| somente| me| saber| mesmo)*(?: (?:passar|informar|mandar|enviar|dizer))?",
        r"(?:queria|gostaria de|quero) (?:saber|confirmar)", r"(?:aguardo|aguardamos|fico no aguardo d[eoa]|fico aguardando|aguardando|espero|esperamos|fico a espera d[eoa])(?= (?:o|a|seu|sua|um|uma|teu) )", r"(?:so |apenas )?me falta", r"(?:exige|exigindo|pede|pedindo)(?= (?:telefone|cpf|email|o seu|seu) .*(?:\?|me ))",
        r"(?:nao (?:tenho|consta|aparece|temos)(?: aqui)?|ficou sem|estou sem|esta sem|mas sem|veio sem)(?= (?:o |a )?(?:seu|sua|nome|telefone|email|cpf|numero|endereco|o nome|o numero|o endereco|o cpf|o telefone|o email))",
            r"(?:sem)(?= (?:o|a|seu|sua) .*\bnao (?:consigo|conseguimos|da|acho|encontro|posso|tem como)\b)",
        ),
    "have": (
        r"(?:voce |o senhor |a senhora |voces )?(?:tem|teria|tens|possui|tinha|ha|existe)(?: ai| a mao| por ai| como)?",
        r"(?:lembra|recorda|se lembra|sabe|sabe me dizer|saberia|lembras)(?: d[eoa])?(?: mesmo)?",
    ),
    "which": (
        r"(?:qual|quais)(?: (?:e|era|seria|foi|sao|sera|eram))?(?: (?:o|a|os|as|seu|sua|seus|suas|teu|tua|mesmo|esse|melhor|que))*",
        r"que", r"como (?:e|era|seria|esta)(?: mesmo)?(?: (?:o|a|seu|sua|teu))*",
    ),
    "pointing": r"(?:qual|quais)(?: (?:e|era|seria|foi|sao))?(?: (?:mesmo|o seu|a sua|o teu))?(?= \?|$| eu | uso| coloco)",
    "link": r"(?:e|ou|mais|junto com|com|tambem|,|:|-|nem|alem de|alem do|alem da|bem como|assim como|&|\+)",
    "det": _PT_DET,
    "stop": (
        r"para(?! (?:entrega|envio|contato) (?:e|,))|pra|que (?:eu|ja|ai|a gente|te|lhe|nos|o|a|assim|logo|na hora|amanha|passo|vejo|verifico|ligo|mando|resolvo|abro|envio|confirmo|localizo)\b|porque|ja que|assim|dai|"
        r"e (?:eu|ja|a gente|te|pronto|ai|logo|fechamos|pode|assim|vou|vamos|fica|esta)\b|como (?:voce|esta no)|se (?:nao|for)|enquanto|antes de|ai (?:eu|a|te|ja)|quando (?:voce chegar|chegar)"
    ),
    "polite": r"por favor|por gentileza|favor|gentileza|please|obrigad\w+|fazendo favor",
    "open": (
        r"(?:oi+|ola|oie|opa|e ai|bom|boa|dia|tarde|noite|tudo bem|tudo|bem|e|ok|beleza|certo|entendi|otimo|perfeito|claro|show|legal|entao|agora|so|apenas|"
        r"seu|dona|senhor|senhora|ah|eita|ai|nossa|moco|moca|amigo|amiga|flor|querid[oa]|sim|so mais uma coisinha|uma coisinha|desculpa|desculpe|perdao|por ultimo|combinado|maravilha|pronto)"
    ),
    "please": r"por favor|por gentileza|gentileza|favor|fazendo favor|please",
    "void": r"(?:nao|nem|nunca|sem|tampouco|jamais)(?: (?:\w+)){0,3}",
    "others": r"(?:nov[oa]s?|outr[oa]s?|diferentes?|segund[oa]|alternativ[oa]|adicional|atualizad[oa]|noss[oa]s?|meu|minha|dele|dela|recente|mesm[oa]|mais)",
    "after": (
        r"(?:do (?:hotel|predio|condominio)|mais (?:clar\w+|de perto|perto|nitid\w+)|melhor|com (?:melhor|mais) luz|do outro|da outra|de outro|dessa pessoa|do acompanhante|nov[oa]s?|alternativ[oa]|adicional|diferente|atualizad[oa]|del[ea]s?\b(?! \?)|d[oa] (?:seu|sua|tu|teu)? ?(?:amig\w+|irma\w*|espos\w+|marido|mulher|mae|pai|vizinh\w+|namorad\w+|pessoa|filh\w+|banco|loja|entregador|motoboy|porteiro)|"
        r"de quem|tao|mais (?!ou menos)\w+|lind\w+|fof\w+|bonit\w+|que (?:a|o) (?:loja|atendente|vendedor\w*|moca|moco|colega)\b.* te)"
    ),
    "if": r"\b(?:se|caso) (?:\w+ ){0,3}?(?:mud\w+|troc\w+|preferir outr\w+|um dia|precis\w+|quiser\w* (?:mudar|trocar|outr\w+)|acontecer|tiver (?:outr|alguma duvida))\b",
    "another": r"\b(?:outr[oa]s?|diferente|algum mais|melhor)\b",
    "or": r" ou ",
    "nouns": {
        "pet": (rf"nome (?:de|do|da|dos|das)(?: seu| sua| teu| tua)? {_PT_PET}",),
        "name": (r"nomes?(?: (?:e sobrenome|completo|todo))*", r"sobrenome"),
        "order": (
            rf"{_PT_THING}(?: \w+)? (?:de|do|da|desse|dessa|deste)(?: seu| sua| teu)? {_PT_ORDER}",
            r"protocolo(?: de \w+)?", r"localizador", r"ordem de servico", r"codigo de rastreio",
        ),
        "email": (r"(?:endereco de )?(?:e ?mail|mail|gmail|correio eletronico)(?: pessoal)?",),
        "phone": (
            r"(?:numeros? (?:de |do )?(?:seu )?)?(?:telefone|fone|celular|whatsapp|whats|contato|tel|cel|zap)(?: (?:de|para|pra) contato| com ddd| celular)?",
            r"numero(?! (?:de|do|da|dos|das|e rua)\b)(?: (?:de|pra|para) contato| com ddd)?", r"ddd",
        ),
        "address": (
            r"endereco(?: (?:completo|certinho|certo|de entrega|da entrega|da sua casa|com cep))*", r"rua(?: e (?:o )?numero)?", r"bairro", r"cep", r"localizacao",
            r"numero da casa", r"complemento e rua", r"cidade",
        ),
        "document": (
            r"(?:numero (?:de |do )?(?:seu )?)?(?:cpf|cnpj|rg|cnh|documento|passaporte|identidade|rne)(?: de identidade)?(?! na nota (?:mesmo|sim))",
        ),
        "purchase_date": (
            rf"(?:data|dia|mes)(?: exat[oa]| aproximad[oa])? (?:da|de|do|em que|que|na qual)(?: \w+){{0,3}}? ?(?:compra|{_PT_BUY}|pedido|nota|retirada|aquisicao)", r"data de compra",
        ),
        "appointment": (
            rf"(?:datas?|dias?|horario)(?: e (?:o |a )?(?:horario|hora))? (?:da|de|do|pra|para)(?: a| o| sua| seu)? {_PT_VISIT}(?: e (?:de )?saida)?",
            r"datas?(?: e (?:o |a )?(?:horario|hora))?", r"dia e (?:o )?(?:horario|hora)",
        ),
        "payment_method": (r"(?:formas?|meios?|metodos?|modo|tipo|condicao) de(?: seu)? pagamento", r"pagamento(?= \?)"),
        "photo": (r"fot(?:o|os|inha|inhas|ografia\w*)", r"imagem|imagens", r"prints?", r"comprovante", r"captura\w*", r"screenshot"),
        "hour": (r"horarios?", r"hora"),
        "product": (
            r"tamanho", r"modelo", r"marca(?: e (?:o )?modelo)?", r"produto", r"item", r"peca", r"aro", r"numeracao", r"medida", r"manequim",
            r"plano", r"aparelho", r"numero que (?:voce )?calca",
        ),
        "branch": (_PT_SHOP,),
        "reason": (r"motivo", r"razao", r"problema", r"defeito", r"queixa"),
    },
    "questions": {
        "pet": (
            rf"(?:como|qual) (?:(?:e|era|que|se|o) )*(?:chama|nome)(?: mesmo)?(?: \w+){{0,2}}? {_PT_PET}",
            r"como (?:que )?(?:ele|ela) (?:se )?chama", r"(?:qual|como) (?:e |era )?(?:mesmo )?(?:o )?nome del[ea]", r"como (?:se )?chama (?:ele|ela)",
            r"como (?:que )?(?:a|o|seu|sua) (?:cachorr\w*|gat\w*|bichin\w*|pet|dog\w*|peludin\w*|filhot\w*|bebe|mascote|paciente) (?:se )?(?:chama|chamava)",
            r"nome del[ea] (?:e|seria)(?= \?|$| mesmo| qual)",
            r"quem (?:e|vem)(?: que vem)? (?:o|a) (?:bichin\w*|paciente|pet|cachorr\w*|gat\w*|bebe)",
            r"e (?:o|a) (?:dog\w*|gat\w*|cachorr\w*|pet|bichin\w*|peludin\w*) ,? ?(?:como chama|como se chama|qual o nome)",
            r"(?:seu|sua) (?:cachorr\w*|gat\w*|pet|bichin\w*|dog\w*) (?:se )?chama como",
            r"nome del[ea] (?:qual|como) ?e?",
            r"(?:seu|sua|o|a) (?:gat\w*|cachorr\w*|pet|dog\w*|bichin\w*|filhot\w*|peludin\w*|cadel\w*) ,? ?como (?:se )?chama",
        ),
        "name": (
            r"com quem (?:eu )?(?:falo|estou falando|tenho o prazer|converso|tenho|estou conversando|a gente fala)", r"em nome de quem", r"(?:em|no|com|por) (?:qual|que) nome", r"no nome de quem",
            r"(?:qual|como) (?:e|era|seria)? ?(?:mesmo )?(?:o )?(?:seu|teu) nome", r"como (?:voce|o senhor|a senhora|ce|tu|se) (?:se )?chama\w*(?= \?|$| ,| mesmo| e )", r"como (?:e que )?(?:te|lhe|posso te|devo te|posso lhe) (?:chamo|chamar)",
            r"quem (?:e|fala|esta falando|seria|e voce|me chama|escreve)(?= \?|$| ,| ai| mesmo| por favor| \.)", r"quem ta falando", r"nome de quem(?! (?:vai )?receb)", r"de quem (?:estou falando|falo)",
            r"(?:falo|falando|conversando|converso) com quem(?! (?:resolve|cuida|decide))",
            r"qual (?:e |era )?(?:a )?sua graca",
            r"e voce (?:e|seria|se chama)(?= \?|$)",
            r"quem (?:gostaria|deseja)(?= \?|$)",
            r"como (?:que )?(?:eu |a gente )?te (?:chamo|chama)",
            r"(?:fica|coloco|deixo|ponho|faco|anoto|esta|ta)(?: \w+){0,3}? (?:no|em) nome de quem",
            r"qual (?:e )?(?:o )?nome (?:coloco|ponho|anoto|eu|deixo|vai|fica|completo)",
            r"(?:com|tô|estou) quem (?:estou|falo|to)",
            r"com quem (?:to|tou|ta|esta|que)? ?(?:falando|eu falo|conversando)",
            r"esqueci (?:o )?seu nome",
            r"de quem (?:e|seria) (?:o|a|esse|essa) (?:pedido|reserva|compra|encomenda|aparelho|bike)",
            r"a quem (?:devo|posso|eu)",
            r"(?:pra|para) quem (?:separo|deixo|anoto|faco|e a reserva|coloco|eu separo|embrulho)",
            r"nome (?:pra|para) (?:a )?(?:reserva|lista|etiqueta|entrega)(?= \?|$)",
            r"e voce e (?:a|o)(?= \?| \.|$)",
            r"como (?:eu )?(?:posso|devo|poderia) (?:te |lhe )?chamar(?: (?:a senhora|o senhor|voce))?",
        ),
        "email": (r"(?:pra|para|de|em|com|no) (?:qual|que) (?:endereco de )?(?:e ?mail|mail)", r"(?:qual|que) (?:e ?mail|mail)",
            r"e ?mail(?: \w+){0,4}? (?:e )?qual(?: e)?(?= \?|$| mesmo)",
            r"(?:mando|envio|vai|mandamos|enviamos)(?: \w+){0,3}? (?:pra|para|em|por) (?:que|qual) (?:e ?mail|mail)",
        ),
        "phone": (
            r"(?:em|pra|para|de|com|no|por|a) (?:qual|que) (?:numero(?! (?:do|de|da))|telefone|celular|whatsapp|fone|contato)", r"(?:qual|que) (?:numero|telefone|celular|whatsapp)(?! (?:do|de|da|e o|e a|voce quer|calca))",
            r"(?:como|onde) (?:eu |a gente |podemos )?(?:te |lhe )?(?:ligo|encontro por telefone|falo com voce)",
            r"(?:telefone|celular|whatsapp|numero|fone)(?: \w+){0,4}? qual (?:e|seria)(?: o seu| mesmo)?",
            r"(?:ligo|chamo|mando mensagem|aviso|falo|te acho|te encontro)(?: \w+){0,2}? (?:em|pra|para|por|no) (?:qual|que) (?:numero|telefone|celular)",
            r"qual ddd",
            r"(?:um|o) (?:telefone|celular|numero|whatsapp) ,? qual (?:e|seria)(?: o)?(?: seu)?",
            r"(?:qual|que) (?:o |seu |e o )*(?:fone|zap|whats|celular|tel|contato)(?= \?|$| pra| para| eu| da| do| posso| coloco| uso)",
        ),
        "address": (
            r"(?:pra|para|em|no|a|ate) (?:qual|que) (?:endereco(?! de e ?mail)|rua|bairro|hotel|lugar|local|cep)", r"(?:qual|que) (?:endereco(?! de e ?mail)|rua|bairro)",
            r"(?:a|pra|para|em|por|de|ate)? ?onde (?:(?:eu|a gente|te|lhe|voce|ce|o senhor|a senhora|que|e|fica|seria|vai ser|posso|devo|podemos|quer que|gostaria|e pra|e para|vamos|vou|deixo) ?)*(?:mor\w+|mand\w+|entreg\w+|lev\w+|envi\w+|busc\w+|deix\w+|receb\w+|esta\w*|encontr\w+|hosped\w+|retir\w+|passar|passo|e a entrega|vai (?:a|o)|casa|pego|pegar|coletar|coleta|mora)",
            r"aonde (?:entreg|mand|lev|e)\w*", r"em que (?:rua|bairro|hotel|endereco|condominio|predio)",
            r"(?:voce |o senhor |a senhora |ce |voces )(?:\w+ )?(?:mora|esta|fica|vive|ta|reside|se encontra|trabalha) (?:em que|em qual|onde|aonde|por onde)(?: \w+)?",
            r"(?:entrega\w*|entregamos|entregar|vai|mando|levo|mandar|levar|deixo|deixar|busco|buscar|envio|enviar|fica|e|seria)(?: \w+){0,3}? (?:pra |para |em |a )?(?:onde|aonde)(?=(?: a entrega| a encomenda| o pacote)?(?: \?|$| ,| mesmo))",
            r"(?:pra|para) onde(?= \?|$| vai| e | mando| a)",
            r"(?:qual|em qual|em que|que) (?:hotel|pousada|condominio|predio|apartamento|quarto)(?: (?:a senhora|o senhor|voce|voces))? ?(?:esta\w*|fica\w*|ta|mora|se hosped\w+|hosped\w+)?",
            r"onde (?:que )?(?:fica|e) (?:a )?(?:sua|seu|tua) (?:casa|endereco|trabalho|predio)",
            r"vai pra onde",
            r"onde (?:a gente |eu |nos )?(?:te |lhe )?(?:acho|acha|achamos|encontro|encontra|pego|pega|busca|busco|entrego|deixo|coleto|retiro)",
            r"onde (?:voce|o senhor|a senhora|ce|voces) (?:mora|esta|fica|ta|quer receber|quer que|prefere receber|vai receber)",
            r"(?:qual )?(?:e )?(?:o )?nome do (?:hotel|predio|condominio)",
            r"onde (?:fica|e|seria)(?= \?|$| a entrega| a casa| o predio)",
        ),
        "order": (
            r"(?:qual|que) (?:e |era |seria |foi )?(?:mesmo )?(?:o |seu |a )*(?:numero (?:do |de )?)?(?:seu )?(?:pedido|protocolo|reserva)(?: e (?:o )?seu)?(?! (?:voce|o senhor|a senhora) (?:fez|quer|vai))",
            r"(?:o |seu |esse )?pedido(?: \w+)? e (?:o )?qual",
            r"qual (?:e |era )?(?:a )?senha(?: do| da| de)?",
            r"pedido numero(?= \?)",
            r"(?:qual|que) (?:e |era )?(?:o )?(?:numero|codigo)(?: que)? (?:ta|esta|aparece|vem|saiu|te deram|te passaram|no|na|consta)(?! nosso)",
            r"qual (?:e |seria )?(?:a |sua )*(?:ordem de servico|os)(?= \?|$| ,| pra| que)",
            r"(?:ta|esta|estas) com o numero (?:do pedido|da os|da reserva|do protocolo)",
            r"(?:numero|codigo) que (?:chegou|ta|esta|vem|aparece|saiu|te deram|consta|veio|te mandamos|recebeu)",
            r"cade (?:o|a|seu|sua) (?:numero|codigo|protocolo)(?: d[oa] \w+)?",
            r"dados? (?:do|da) (?:seu |sua )?(?:pedido|reserva|compra)",
            r"^(?:o |seu |e o )?pedido(?= \?)",
            r"qual e (?:mesmo )?o (?:numero|codigo)",
        ),
        "document": (
            r"(?:cpf|cnpj|rg|documento|passaporte)(?: \w+){0,3}? (?:e )?qual(?: e)?(?= \?|$| mesmo| eu)",
            r"cpf ou cnpj",
            r"(?:cpf|cnpj) na nota",
            r"(?:com|em|de|no) (?:qual|que) (?:cpf|cnpj|documento)",
            r"(?:me )?(?:dita|dite|ditar) (?:o|seu) (?:cpf|rg|cnpj|documento)",
            r"(?:seu|o seu) (?:cpf|rg|cnpj|documento|passaporte)(?= \?)",
        ),
        "purchase_date": (
            rf"(?:quando|em que (?:dia|mes|data|ano)|qual (?:foi )?o? ?(?:dia|mes|data)|que (?:dia|mes)|qual (?:dia|mes|data))(?: (?:que|e que|foi|foi que|mais ou menos|em que|voce|o senhor|a senhora|ce|a gente|exatamente|na qual))* (?:{_PT_BUY}|a (?:sua )?compra|(?:sua|essa) compra|fez (?:a|sua) compra)",
            rf"(?:faz|ha|tem) quanto tempo(?: \w+){{0,4}}? ?(?:{_PT_BUY})", rf"quanto tempo (?:faz|tem|ha)(?: \w+){{0,4}}? ?(?:{_PT_BUY}|de uso|com)",
            rf"{_PT_BUY}(?: \w+){{0,5}}? (?:quando|que dia|em que dia|faz quanto tempo|ha quanto tempo)", r"a compra foi (?:quando|em que dia|que dia)", r"de quando e (?:a |sua |o )+(?:nota|compra|pedido|cupom)",
            r"(?:faz|ha|tem) (?:muito )?tempo que(?: \w+)? (?:comprou|pegou|adquiriu|levou)",
            r"(?:a |sua |essa )compra (?:foi|e) (?:de |em |feita )*(?:quando|que (?:dia|mes|data)|qual (?:dia|mes|data)|em que)",
            r"(?:em|de) (?:que|qual) (?:data|dia|mes)(?: foi| voce| e| a senhora| o senhor)*(?: feita| a| realizou| fez| sua)* (?:compra|nota)",
            r"quanto tempo de uso",
            r"(?:foi |e )?comprad[oa] quando",
            r"quando (?:foi )?(?:feita |realizada )?(?:a |sua |essa )+compra",
            r"quando (?:que |foi que |e que )?(?:voce |o senhor |a senhora |ce )?(?:comprou|pegou|levou|adquiriu|recebeu|retirou)",
            r"(?:que|qual) (?:e )?(?:a )?data(?: que)? (?:ta|esta|consta|vem) na nota",
            r"quando (?:e que )?(?:a gente )?(?:vendemos|entregamos|te vendemos|te entregamos|instalamos|vendeu)",
            r"ha quanto tempo (?:voce |o senhor |a senhora |ce )?(?:tem|comprou|esta com|ta com|usa|e aluno|e cliente)",
            r"(?:que|qual) dia (?:voce )?(?:veio|passou|foi)(?: aqui)? (?:comprar|buscar|pegar|na loja)",
            r"quando (?:e que )?(?:comecou|iniciou|entrou|se matriculou|voce se matriculou|assinou|fez a matricula|virou aluno|contratou)",
            r"desde quando (?:voce |o senhor |a senhora |ce )?(?:tem|e aluno|e cliente|usa|esta com|ta com)",
            r"(?:faz|ha|tem) quant[oa]s (?:meses|dias|semanas|anos)(?: que)?",
            r"^(?:e )?quando foi(?= \?)",
            r"(?:comprou|pegou|levou|adquiriu)(?: \w+){0,3}? em (?:que|qual) (?:mes|dia|data|ano)",
        ),
        "appointment": (
            r"(?:pra|para|em|no|de)? ?(?:qual|que|quais) (?:e |era |seria |sao |foi )?(?:o |a |as |os |sua |seu |melhor )*(?:dias?|datas?|noites?)(?!(?: \w+){0,4}? (?:compr|adquir|pegou|levou|da compra|de compra|assinou|do pedido))",
            rf"(?:pra|para|de)? ?quando (?:e|era|seria|foi|voce|o senhor|a senhora|ce|ficou|gostaria|quer|pretende|tinha|esta|estava|que|vem|chega|pode|fica|podemos|sera)(?: \w+){{0,4}}? ?(?:{_PT_VISIT}|agend\w+|marc\w+|reserv\w+|vir|vem|chega\w*|visit\w+|hosped\w+|melhor|horario)",
            r"(?:pra|para) quando(?= \?| e | seria| fica| voce quer| a senhora quer| o senhor quer)", r"quando (?:voce |a senhora |o senhor )?(?:chega|vem|pretende vir|quer vir|pode vir|gostaria de vir)",
            r"(?:e|era|esta|ficou|seria|foi|marcad[oa]|marcou|agendad[oa]|agendou|tinha|reservou|reserva|chega|vem|fica|sera|vai ser|marcar|marco|agendo|agendar|quer)(?: \w+){0,4}? (?:pra |para |em )?(?:quando|que dia|qual dia|que data|qual data|quais (?:dias|datas|noites)|que noites?)(?: mesmo)?(?= \?|$| e | pra )",
            r"quando (?:e |que |vai )*(?:voce|voces|o senhor|a senhora|ce)(?: \w+)? (?:chega|chegam|vem|vira|vem|entra|viaja|desembarca|pretende\w*|pode\w*|consegue\w*|quer\w*)",
            r"quando (?:chega|chegam|vai chegar|vao chegar)(?= \?|$| em| na| no| ao)",
            r"(?:e|seria|era) hoje ou (?:amanha|outro)",
            r"check ?in e check ?out",
            r"quando (?:vamos|podemos|quer|queria|gostaria de) (?:marcar|agendar|remarcar)?(?= |\?)(?! (?:pag|lig))",
            r"quando (?:te esperamos|esperamos voce|a gente te espera|te agendo|marco|agendo|agendamos|marcamos)",
            r"quando (?:e|foi|era|sera) (?:a|o|sua|seu) (?:cirurgia|operacao|banho|tosa|corte|aula|revisao|limpeza|vacina|visita|festa|evento|check ?in|viagem)",
        ),
        "product": (
            r"o que (?:e que |foi que |foi |que )?(?:voce |o senhor |a senhora |ce |voces )?(?:pediu|comprou|queria|quer (?:pedir|comprar|levar|encomendar)|encomendou|procura|escolheu|vai querer|gostaria de (?:pedir|comprar)|levou|esta procurando|tinha pedido)",
            r"(?:qual|que|quais) (?:e |era |foi |seria )?(?:mesmo )?(?:o |a |seu |sua |os |as )*(?:tamanho|modelo|marca|produto|item|peca|aro|numeracao|plano|aparelho|celular(?= (?:voce|e|tem|o senhor|a senhora))|bicicleta|bike|prato|sabor|quarto|pacote|numero (?:voce )?calca|medida|roupa|lanche)",
            r"(?:peca|produto|modelo|aparelho|item|celular|bicicleta|plano)(?: \w+){0,5}? e qual", r"de que (?:tamanho|marca|modelo|aro)", r"qual (?:voce |deles |delas )(?:quer|gostou|escolheu|prefere)(?: d)?",
            r"quanto voce calca", r"que tamanho",
            r"o que (?:e que |foi que |foi |que )?(?:voce|o senhor|a senhora|ce|voces) (?:\w+ )?(?:trocar|devolver|comprar|pedir|encomendar|levar|escolher|reservar|consertar|alugar)(?! mais)",
            r"o que vai (?:ser|querer)(?! pag)",
            r"(?:calca|veste|usa)(?: \w+)? (?:quanto|qual numero|que numero|qual tamanho|que tamanho)",
            r"qual (?:e )?(?:o )?(?:seu |teu )?numero (?:de|do) (?:calcado|sapato|tenis|pe)",
            r"qual d[oa]s? (?:modelos|produtos|planos|pecas|tamanhos|opcoes|itens)",
            r"(?:modelo|plano|tamanho|produto|aparelho|item|peca|quarto|marca)(?: \w+){0,3}? e (?:o )?qual",
            r"(?:quer|escolheu|comprou|pediu|vai querer|prefere|e) (?:qual|que) (?:tamanho|modelo|produto|plano|peca|aparelho|item|marca|aro|quarto|celular|bike|bicicleta|sabor)",
            r"qual (?:foi|era|e) (?:o |a )?(?:produto|peca|item|modelo|aparelho|lanche|prato)",
            r"que (?:produto|modelo|aparelho|peca|item|bike|bicicleta|celular|plano) (?:e|voce|o senhor|a senhora|foi|era)",
            r"(?:que|qual|quais) (?:vestido|sapato\w*|tenis|pizza|camis\w+|calca\w*|saia|blusa|jaqueta|bolsa|mochila|capacete|pneu|roda|peca|bota\w*|sandalia\w*|bike|bicicleta|tablet|notebook|relogio|fone\w*|prato|hamburguer|lanche|combo|quarto|suite|curso|pacote|plano|tratamento|servico|aula|racao|vacina|marca)(?= \?|$| e | sao| era| foi| voce| a senhora| o senhor| quer| seria| te | tem)",
            r"o que (?:voce |ce )?(?:levou|vendemos|chegou pra voce|recebeu|tinha pedido|havia pedido|pediram)",
            r"qual (?:e|era|foi|seria) (?:o que|a que|o modelo|o tamanho|a marca|o produto|a peca|o plano|o item|o aparelho)",
        ),
        "reason": (
            r"(?<!\bpelo )(?<!\bchato )(?<!\bchata )(?<!\bpena )(?<!\btriste )(?<!\bcom o )(?<!\bpor o )(?<!\bpor )(?<!\bsobre o )(?<!\bdo )(?<!\bo )(?:o que|oque|que) (?:e que |foi que |foi |que )?(?:houve|aconteceu|aconteceram|acontece|ta acontecendo|esta acontecendo|esta havendo|ocorreu|deu errado|se passou|ta havendo|rolou)", r"o que (?:ela|ele|o aparelho|o celular|a bike) (?:tem|esta sentindo|esta fazendo)",
            r"qual (?:e |era |seria |foi )?(?:mesmo )?(?:o |a |seu |sua )*(?:motivo|problema|razao|defeito|duvida|queixa|assunto|reclamacao|ocorrido)(?! d[oa] (?:atraso|demora))",
            r"(?:em|no|com) (?:que|o que) (?!mais)(?:eu |a gente |nos )?(?:posso |podemos |poderia |consigo )?(?:te |lhe |o |a |voce )?(?:ajud\w+|auxili\w+|atend\w+|ser util)(?! (?:em )?mais)",
            r"como (?:eu |a gente |nos )?(?:posso|podemos|poderia|consigo) (?:te |lhe |o |a )?(?:ajud\w+|auxili\w+|atend\w+)", r"(?:por que|porque|por qual motivo|por qual razao) (?:\w+ ){0,5}?(?:devolv\w+|troc\w+|cancel\w+|entr\w+ em contato|procur\w+|reclam\w+|nos cham\w+|contat\w+|trazendo|traz|nao gostou|desistir|ligou)",
            r"(?:me )?(?:conta|conte|contar|explica|explicar|explique|fala|diz|descreve|descreva)(?: (?:pra mim|melhor|de novo|novamente|ai|por favor|direitinho|um pouco))* (?:o que (?:houve|aconteceu|ocorreu|voce precisa|ta|esta)|(?:qual )?(?:e )?o problema|o ocorrido|a situacao|seu caso|tudo|o caso|o motivo)", r"do que (?:voce|o senhor|a senhora|ce) (?:precisa|esta precisando)", r"o que (?:voce|o senhor|a senhora) (?:precisa|deseja|gostaria)(?= \?|$| hoje)",
            r"(?:o que|oque) (?:\w+ ){1,4}(?:esta|ta|vem) (?:apresentando|fazendo|acontecendo|sentindo|dando)",
            r"(?:do|de) que se trata",
            r"o que te (?:traz|trouxe)",
            r"(?:mais )?detalhes (?:do|sobre o) (?:problema|ocorrido|caso|defeito)",
            r"o que (?:voce|o senhor|a senhora|ce) (?:gostaria|quer|precisa|deseja|quer) (?:de )?(?:resolver|tratar|saber|falar)",
            r"o que (?:te |lhe )?(?:incomodou|desagradou|nao gostou|motivou|levou)",
            r"qual (?:e |foi |seria )?(?:a )?(?:sua |tua )?(?:necessidade|solicitacao|reclamacao|ocorrencia|situacao|queixa|duvida|dor)",
            r"o que (?:quebrou|estragou|travou|falhou|parou|deu|esta errado|ta errado|veio errado|esta dando)(?: errado)?",
            r"por que (?:voce|o senhor|a senhora|ce|esta|ta|vai|quer)(?: \w+){0,3}? (?:devolv\w+|cancel\w+|troc\w+|reclam\w+|insatisf\w+|chatead\w+|sair|desist\w+)",
            r"pode(?:ria)? (?:me )?(?:contar|explicar|descrever|detalhar|falar)(?: \w+){0,4}? (?:acontec\w+|houve|problema|ocorr\w+|situacao|detalhes|motivo)",
            r"o que (?:e que )?(?:voce |o senhor |a senhora |ce )?nao (?:gostou|deu certo|funciona|funcionou|serviu|agradou|esta funcionando|ta funcionando)",
            r"(?<!\bo )(?:o que|que) foi(?= \?|$| que houve| que aconteceu)",
            r"o que (?:precisa|deseja|gostaria)(?= \?|$| hoje| da gente)",
            r"o que (?:tem|ta|esta) (?:de )?(?:errado|pegando|ruim|acontecendo)",
            r"(?:pra|para) que (?:e|seria|quer|precisa)",
            r"o que (?:te |lhe )?(?:fizeram|disseram|falaram)",
            r"(?:me )?(?:diz|diga|fala|fale|conta|conte) (?:pra mim |ai )?o que (?:voce |o senhor |a senhora )?(?:precisa|deseja|quer|gostaria|esta precisando)",
            r"por que (?:voce|o senhor|a senhora|ce|quer|vai|ta|esta|quis|resolveu|deseja)",
            r"o que (?:eu |a gente )?(?:posso|podemos) fazer (?:por|pra|para) (?:voce|o senhor|a senhora|te ajudar)",
            r"(?:por que|porque) (?:a|o) (?:devolucao|cancelamento|troca|reclamacao|desistencia)",
            r"o que te (?:fez|levou|motivou)(?: a)?(?: \w+)?",
        ),
        "photo": (
            r"(?:uma |umas |a )?fotinh\w*(?= por| \?|$| d)",
            r"(?:sobe|suba|posta|mostra|mostre|bate|bata|anexa|cola|joga) (?:\w+ ){0,2}?(?:foto\w*|print\w*|imagem|comprovante)",
            r"^(?:e )?(?:a|uma|umas|as) fotos?(?= \?)",
        ),
        "payment_method": (
            r"(?:como|de que forma|de que jeito) (?:(?:voce|o senhor|a senhora|ce|que|e que|foi|vai|prefere|gostaria de|quer|deseja|pretende|seria|fica|vamos|vao) ?)*(?:pag\w+|acert\w+|quit\w+|o pagamento|fazer o pagamento|feito o pagamento)", r"(?:paga|pagou|vai pagar|pagamento|acerta|pago)(?: (?:e|vai ser|seria|foi|fica|sera))? (?:como|no que|em que|de que forma|com o que)",
            r"(?:qual|quais|que) (?:e |seria |foi |vai ser )?(?:a |sua |o )*(?:forma|meio|metodo|jeito|tipo) de pag\w+", r"pagamento ,? ?como", r"(?:com|em) (?:o que|que|qual cartao) (?:voce |o senhor |a senhora )?(?:vai |quer |prefere )?pag\w+",
            r"(?:pagar|paga|pagou|acertar|pagamento|acerta|pagando)(?: \w+){0,2}? (?:de que (?:jeito|forma|maneira)|como|em que|com que|com o que|em que forma|de qual forma)(?= \?|$| mesmo|,)",
            r"(?:vai |quer |prefere |vao )(?:ser |pagar )?(?:no|em|com|via|por|na) (?:pix|cartao|dinheiro|boleto|debito|credito)(?= \?|$)(?! certo)",
            r"(?:foi|vai ser|e|sera|pagou) (?:no|em|com|via|por|na)? ?(?:pix|cartao|dinheiro|boleto|debito|credito)(?: \w+)? ou",
            r"como (?:e que )?(?:fica|sera|seria|vai ser|foi) (?:o )?(?:pagamento|acerto)",
            r"forma de pagamento(?= \?| ,|$)",
            r"qual (?:metodo|meio|forma|cartao|bandeira)(?= \?|$| voce| usou| prefere| vai)",
            r"por onde (?:voce )?(?:pagou|fez o pagamento|transferiu)",
            r"como (?:voce |a senhora |o senhor )?(?:vai querer|vai|gostaria de|quer|prefere) (?:pagar|acertar|o pagamento)",
            r"e o pagamento(?= \?)",
            r"^(?:e )?qual (?:seria |e )?a forma(?= \?)",
        ),
        "hour": (
            r"(?:a|pra|para|desde|ate|em|de)? ?(?:que|qual|quais) (?:e |seria |a |o |os |as )*(?:melhor |melhores )?(?:horas?|horarios?|periodo|turno|momento do dia|parte do dia)(?! (?:voces|abre|fecha|de funcionamento))", r"melhor (?:horario|hora|periodo|momento)(?= (?:pra|para|de) (?:te |lhe )?(?:lig|fal|cham|entreg|visit|contat|retorn|busc|pass))",
            r"quando (?:eu |a gente )?(?:posso|podemos|consigo) (?:te |lhe )?(?:lig|cham|falar|encontr|visit)\w*",
            r"(?:pode|posso|podemos|fica|ser|melhor|livre|disponivel|treina|entrego|ligo|passo|chego|passamos|entregar|prefere|costuma)(?: \w+){0,3}? (?:que horas|qual horario|que horario|qual periodo|que periodo|qual turno)(?= \?|$)",
            r"antes ou depois d[oa] (?:almoco|meio dia|trabalho|expediente|janta)",
            r"quando (?:voce |o senhor |a senhora |ce )?(?:pode|poderia|consegue|ta livre|esta livre|fica livre|esta disponivel) (?:falar|atender|conversar|receber|para|pra)?(?= \?|$| )",
            r"mais cedo ou mais tarde",
            r"de manha ou (?:so |apenas |mais )?(?:a |de )?(?:tarde|noite)",
            r"prefere (?:de manha|a tarde|de tarde|a noite|de noite|cedo)(?= \?)",
        ),
        "branch": (
            rf"(?:em|na|no|de|da|pra|para)? ?(?:qual|que|quais)(?: das nossas| das| dos)?(?: (?:e|era|foi|seria|fica))?(?: (?:a|sua|o))* {_PT_SHOP}(?! (?:fica|abre))", r"onde (?:voce |o senhor |a senhora |ce |foi que (?:voce )?|que (?:voce )?)?(?:comprou|treina|retira|prefere (?:retirar|ser atendid\w+|treinar)|vai retirar|costuma)",
            rf"(?:prefere|quer)(?: \w+){{0,4}}? (?:na|no|da|do) (?:{_PT_SHOP}|\w+)(?: \w+){{0,3}}? ou (?:n|d)[ao]s?(?! (?:manha|tarde|noite|dinheiro|pix|cartao|debito))", r"{}(?= ou )".format(r"em qual delas"),
            r"(?:loja|unidade|filial|clinica|academia)(?: \w+){0,3}? (?:e )?qual(?= \?|$| mesmo)",
            r"(?:retira|comprou|treina|prefere|foi|buscar|pegou|pega|e)(?: \w+){0,3}? (?:em|na|n[oa]|de) (?:qual|que) (?:loja|unidade|filial|clinica|academia|shopping)",
            r"(?:foi |e )?n[ao] d[oa] \w+(?: \w+)? ou n[ao] d[oa]",
            r"em que lugar (?:voce )?(?:comprou|foi|te atenderam|retira)",
            r"onde (?:voce |o senhor |a senhora |ce )?(?:quer|prefere|vai|gostaria de) (?:retirar|buscar|pegar|treinar|ser atend\w+)",
        ),
    },
    "choices": {
        "hour": (rf"{_PT_DAY} ou (?:mais )?(?:de |a |na |no |pela |ao |a )?(?:a )?{_PT_DAY}",),
        "payment_method": (rf"{_PT_PAY} ?(?:,| ou)(?: \w+){{0,3}}? ?{_PT_PAY}",),
    },
}  # fmt: skip

# --- English ---

_EN_PET = r"(?:dogs?|cats?|pets?|pupp(?:y|ys|ies)|pups?|kitten\w*|kitt(?:y|ys)|rabbits?|little one\w*|fur ?bab\w+|furry \w+|buddys?|animals?|doggos?|patients?|bunny)"
_EN_DET = r"(?:your|the|a|an|any|some|me|us|also|just|only|please|again|full|best|good|to|know|with|over|here|both|it|is|now|of|this|that|my|for|at|know|have|through|on|kindly|quick|down|another)"
_EN_BUY = r"(?:bought|buy|purchase\w*|got|get|ordered|order|picked (?:it|them) up|pick (?:it|them) up|sign(?:ed)? up|signed|join(?:ed)?|pay|paid for)"
_EN_SHOP = r"(?:shops?|stores?|branch(?:es)?|gyms?|clinics?|outlets?|locations?|restaurants?|offices?|sites?)"
_EN_PAY = r"(?:cash|card|cards|credit|debit|transfer|bank transfer|wire|paypal|(?:the |a |payment )?link|pix|check|amex|visa|dollars|pesos|venmo|zelle|apple pay)"
_EN_VISIT = r"(?:appointments?|bookings?|booked|reservations?|slots?|arriv\w+|check(?:ing)? ?in|checkin|come in|coming|come|visit\w*|stay\w*|sessions?|class|tables?|scheduled?|reserved?|landing|in for|bring (?:him|her|it))"
_EN_DAY = r"(?:mornings?|evenings?|afternoons?|noon|nights?|lunchtime|midday|am|pm|day|daytime)"
_EN_VERB = (
    r"(?:send|share|give|tell|drop|leave|type|write|text|pass|confirm|provide|remind|shoot|dm|let|forward|attach|upload|message|email|"
    r"have|get|know|grab|take|note|ask|say|repeat|state|supply|spell|put|show|specify|describe|jot|snap|point|add|indicate|snag|help me with|help us with)"
)

EN = {
    "give": (
        rf"(?:(?:can|could|may|might|would|will|should|shall|want|if)(?: kindly| please| maybe| possibly)? (?:you|i|we)|mind|able to|like to|love to|happy to)(?: (?:you|i|we|please|kindly|just|also|maybe|quickly|possibly|then|again|be|so|kind as to|mind|able|to|ask you to|bother you for|trouble you for|trouble you|bother you))* (?:{_EN_VERB}|sharing|sending|giving|telling|confirming|typing|photograph|tell)(?: (?:me|us|over|here|through|back|along|know|what|have))*",
        r"(?:please|kindly|just|then|now|and|so|,|ok|if you|if you could|if you can|once you|as soon as you|pls|before that|^)(?: (?:please|kindly|just|then|also|quickly|could|can|so|and))* (?:send|share|give|tell|drop|leave|type|write|text|pass|confirm|provide|remind|shoot|dm|forward|attach|upload|include|fill in|enter|state|indicate|specify|reply with|describe|repeat|let)(?: (?:me|us|over|here|through|back|along|have|know|in))*",
        r"(?:share|send|give|tell|drop|leave|pass|shoot|text|dm|remind|let)(?: it)? (?:me|us)(?: (?:have|know|over|here))*", r"(?:bother|trouble) you for", r"(?:i|we|must|have to|need to|let me|to) ask(?: you)?(?: again)?(?: for)?", r"(?:mind|be so kind|would you mind) (?:sharing|sending|giving|telling|confirming|repeating|typing)(?: me| us)?", r"care to share",
        r"would (?:really |be )?(?:help|great|useful|helpful)",
            r"(?:^|, |(?:^|\b)(?:please|pls|kindly|just|and|then|so|can you|could you|could i ask you to|if you) )(?:add|put|spell(?: out)?|type(?: in)?|enter|quote|copy(?: me)?|paste|pop|leave|write(?: down)?|upload|describe|list|state|note|jot(?: down)?|drop|fill in|complete|hand me|bring me up|throw me|toss me|hit me with|attach|post|get me|tell us|tell me|give us|give me|show me|show us)(?= )",
            r"could (?:the|our|my) \w+ (?:get|have)",
            r"(?:form|system|courier|hotel|label|law|registry|app|accountant|bank) (?:wants|needs|requires|asks for|asks me for|wont let me continue without|demands)",
            r"(?:^(?:(?:ok|hi|hello|hey|sure|great|perfect|now|so|and|then|just|please|kindly|alright|cool|first|lovely|thanks) )*|, )(?:send(?: over)?|share|provide|confirm|forward|include|read(?: me)?|tell|give|text|dm|message|reply with|attach|supply|specify|repeat|hand over|sign|submit)(?= )",
            r"advise(?: us| me)?(?: of| on)?",
            r"(?:type|put|leave|write|pop|drop|give us|give me|send us|send me|check)(?= (?:your|the|an|a|me your|us your|it) )",
            r"(?:mind|would you mind) (?:checking|looking up|reading|repeating|resending|finding|writing|spelling)",
        ),
    "need": (
        r"(?:i|we|only|just|still|id|also|do|will|would|all i|all we|must|then|ill|first)(?: (?:only|just|still|also|do|will|would|first|really|all|i|we))* (?:need|require|write|be needing|needed)(?: (?:only|just|to (?:know|have|confirm|ask|get|see|check)|you to (?:send|share|confirm|tell|give|type|provide|write)(?: me| us)?))*",
        r"(?:i|we|only|just|all)(?: (?:am|are|is|still|only|just|i|we|thing|now|that))* (?:missing|lacking|needed)(?: is)?", r"(?:only thing (?:left|missing|i need|we need)|all (?:i|we) need)(?: is)?", r"(?:i|we) (?:dont|do not|cant|can not) (?:have|find|see|seem to have|seem to find)(?= (?:your|a|an) )", r"need(?= (?:your|an|a) )", r"would like to know", r"wondering", r"(?:waiting|wait) (?:for|on)(?= (?:your|the|a|an) )", r"awaiting",
        r"(?:to|for)(?: \w+){1,4} (?:i|we) (?:\w+ )?need",
            r"(?:i|we)(?: (?:still|really|just|also|have|never|only|can|do))* (?:dont|didnt|do not|did not|cant|can not|couldnt|could not|havent|never)(?: (?:yet|seem to|actually))? (?:have|get|got|see|find|catch|caught|receive|received|seen)(?: (?:yet|here))?(?= (?:a|an|your|the|any) )",
            r"(?:i|we)(?: (?:only|still|just))+ miss",
            r"without(?= (?:a|an|the|your) .*\b(?:cant|can not|cannot|blind|unable|impossible|wont|lost|stuck)\b)",
            r"(?:cant|can not|cannot|unable to|wont)(?: \w+){1,4} without(?= (?:a|an|the|your))",
            r"(?:it would|itd|would) (?:really )?help (?:me |us )?(?:to (?:know|have|see))",
            r"(?:like|love|want|good|great|nice|happy|keen|useful) to (?:know|have|see|understand|get|hear)",
        ),
    "have": (
        r"(?:do|did|would) (?:you|we)(?: (?:still|also|happen to|by any chance))* (?:have|remember|recall|know|keep|got)", r"(?:got|have you got|any chance you have)", r"is there", r"(?:remember|recall)",
            r"(?:^|, )(?:hi |hello |so |and |hey )*you (?:still )?have",
            r"any chance (?:of|you have|for)",
        ),
    "which": (
        r"(?:what|which)(?: (?:is|was|were|are|would|will|be|s|should i put as|did you say))*(?: (?:your|the|a|an|best|good|full|again|that|this|current|of|our))*",
        r"(?:under|in|with|to|on|at|by|for|from) (?:what|which|whose)(?: (?:of|your|the|full))*", r"and(?: your| the)?(?= \w+(?: \w+)? \?)", r"how about(?: your| the)?",
    ),
    "pointing": r"(?:what|which)(?: one)? (?:is|was|are) (?:it|yours|that|they)(?= \?|$| again)|which one (?:do|should|shall|can) (?:i|we) use|could you (?:share|send|give me) (?:yours|it|them)|which one (?:is it|shall i|should i|do i|can i|do we|shall we|should we)(?: \w+)?|which is(?= \?|$)|what is the (?:number|code)(?= \?|$)|what does it say",
    "link": r"(?:and|or|plus|with|also|,|:|-|&|\+|as well as|along with|then|nor)",
    "det": _EN_DET,
    "stop": (
        r"so (?:i|we|that|the|you|she|he|reception|our|it)\b|in order to|because|since|when (?:you (?:arrive|get here|come|dropped)|i|we)|and (?:i|we|ill|well|you|then i|then we|its|it|he|she|so|you are)\b|where (?:i|we)|if (?:you|it|i|we)|while|before|to (?:send|issue|check|look|open|see|find|make|quote|confirm|book|register|track|process|refund|ship|deliver|get|put|be|avoid|our|keep)\b|that way|as soon"
    ),
    "polite": r"please|thanks|thank you|thx|kindly|if possible|cheers",
    "open": (
        r"(?:hi|hello|hey|hiya|there|good|morning|afternoon|evening|day|and|so|ok|okay|sure|perfect|great|cool|thanks|thank you|now|just|only|all right|alright|yes|yeah|also|sorry|oh|"
        r"dear|mr|mrs|ms|madam|sir|hun|mate|lovely|awesome|no worries|got it|right|then|last thing|one more thing|quick one|oops|ah|first|lastly|finally|no problem|of course|absolutely)"
    ),
    "please": r"please|kindly",
    "void": r"(?:no|not|dont|never|without|neither|shouldnt|nobody|wont|didnt|doesnt|isnt|no need)(?: (?:\w+)){0,3}",
    "others": r"(?:new|other|another|second|different|our|my|her|his|their|updated|alternative|extra|same|more|backup|spare|friends?|sisters?|wifes?|husbands?)",
    "after": (
        r"(?:of (?:your|the) (?:hotel|hostel|building|airbnb)|of (?:your|the|a) (?:friend|sister|brother|wife|husband|partner|mother|father|person|bank|shop|store|courier|driver|neighbou?r)|of (?:whoever|the person)|they gave you at the bank)"
    ),
    "if": r"\b(?:if|in case|should) (?:you|u|anything|your)(?: \w+){0,2}? (?:ever|change\w*|move\w*|need|want another|moving|switch)\b|\bin case (?:you|u)(?: would)? (?:rather|prefer)\b",
    "another": r"\b(?:another|other|different|better|else|elsewhere|new)\b",
    "or": r" or ",
    "nouns": {
        "pet": (rf"{_EN_PET} name", rf"name of (?:your|the|this|that) (?:\w+ )?{_EN_PET}", r"(?:his|her|its) name(?= \?| ,| again)"),
        "name": (r"(?:(?:full|first|last|complete|guest|your) )*names?(?: and surname)?", r"surname", r"last name", r"family name"),
        "order": (
            r"(?:(?:order|booking|reservation|ticket|confirmation|reference|invoice|repair|case|tracking|purchase|job|work order|rental|work|service|receipt) )+(?:number|no|id|code|reference|ref|numero)",
            r"folio(?: number)?", r"reference(?: number| code)?", r"(?:number|code|ref) (?:of|for|on) (?:your|the) (?:\w+ )?(?:order|booking|reservation|ticket|receipt|purchase|repair|invoice)", r"number on (?:your|the) \w+",
        ),
        "email": (r"e ?mail(?: address)?",
            r"(?<!voice )mail(?! (?:it|you|the|them|me|us|in|out)\b)(?= |$)",
        ),
        "phone": (
            r"(?:(?:phone|telephone|cell|mobile|contact|whatsapp|local|daytime|best|callback) )*(?:phone|telephone|cell|cellphone|mobile|whatsapp|digits)(?: numbers?| no)?",
            r"(?:contact |callback |best |good )?numbers?(?! (?:of|for|on) (?!you\\b))",
        ),
        "address": (
            r"(?:(?:delivery|shipping|home|full|complete|street|exact|current|postal|mailing) )*address", r"(?:your |exact )?location", r"street(?: name| and number| and house number)?", r"zip(?: code)?", r"post ?code", r"neighbou?rhood", r"whereabouts",
        ),
        "document": (
            r"(?:(?:passport|tax|national|foreign|fiscal|government|photo|foreigner|identity) )*(?:passport|id|identification|document|rfc|dni|cpf|rut|cedula|nif|vat|licen[cs]e|cuit|ruc)(?: (?:number|no|card|numero))?", r"tax (?:id )?(?:number|code)", r"(?:passport|id|document) numero",
        ),
        "purchase_date": (
            r"(?:purchase|buying|order|sale|sign ?up) (?:date|day|month)", r"date (?:of|you|when you|on)(?: your| the| you)?(?: \w+)? ?(?:purchase|bought|purchased|ordered|receipt|sale)",
            r"(?:when|what day|which day|the day) you (?:\w+ )?(?:bought|purchased|ordered|got it|got them|got|signed)",
        ),
        "appointment": (
            r"(?:date|day|time)s?(?: and time)? (?:of|for)(?: your| the)? (?:\w+ )?(?:appointment|booking|reservation|visit|stay|check ?in|class|table|arrival|session)", r"(?:appointment|booking|reservation|arrival|check ?in|checkin|travel|stay|visit) (?:date|day|time|slot)s?", r"preferred (?:date|day)s?", r"dates", r"date(?: and time)?",
        ),
        "payment_method": (r"(?:payment|preferred) (?:method|form|type|option|way)s?(?: of payment)?", r"(?:method|form|way|means|type) of payment", r"payment(?= \?)"),
        "photo": (r"(?:photo\w*|pictures?|pics?|screenshots?|images?|snapshots?|screen ?grabs?|selfie)(?! id)",),
        "hour": (r"(?:best|good|better|preferred|convenient|suitable) (?:time|hour)s?", r"time of (?:the )?day", r"preferred time"),
        "product": (r"(?:shoe |wheel |frame )?sizes?", r"(?:make and model|brand(?: and model)?|model)", r"item(?: name)?", r"product", r"plan"),
        "branch": (r"(?:branch|store|shop|gym|clinic)",),
        "reason": (r"(?:reason|problem|issue)(?: (?:for|of|behind|with) (?:your|the) \w+)?",),
    },
    "questions": {
        "pet": (
            rf"what (?:do|did|should|can) (?:you|we|i) (?:call|name) (?:her|him|it|them|your|this|the|that)(?: {_EN_PET})?", rf"what is (?:your |the |that |this )?(?:\w+ )?{_EN_PET} (?:name|called)", r"what is (?:his|her|its|the little ones) name", r"(?:his|her|its) name again", rf"name does (?:your|the) {_EN_PET}", r"who is (?:this|the) (?:cutie|little \w+|good (?:boy|girl))(?= \?)", r"what (?:is|was) (?:he|she|it) called", r"how is (?:your|the) (?:dog|cat|pet) called", r"does (?:he|she) have a name",
            r"name of the little (?:one|guy|girl|boy|fella)",
            r"who is the (?:patient|pup|kitty|little one|dog|cat)",
            r"remind me (?:of )?(?:his|her|its) name",
            r"what (?:was|is) (?:his|her|its|their|the \w+s|your \w+s) name",
            r"who (?:are we|am i) (?:seeing|treating|grooming)",
            r"(?:his|her|its) name(?= \?|$| again| please| is \?)",
            r"what (?:is|was) (?:the|your|this|that|our) (?!full |first |last |good |hotel |hostel |place |shop |street )\w+ (?:called|name)(?= \?|$| again)",
            r"(?:furball|fluffball|good boy|good girl|patient|fur baby|kitty|pup|doggo)(?:s)? (?:called|name)",
            r"(?:little (?:guy|one|girl|boy|fella|man|lady|princess)|fella|good boy|good girl|baby)s? name",
            r"(?:your|the) (?:pup|puppy|dog|cat|kitty|kitten|pet|rabbit|bunny|boy|girl) is (?:called|named)(?= \?| \.|$)",
            r"what name does (?:she|he|it) go by",
            r"(?:and )?what do (?:they|you|we) call (?:him|her|it)",
            r"how is (?:your|the) (?:\w+ )?(?:dog|cat|pet|puppy|kitten) (?:called|named)",
            r"how (?:is|was) (?:she|he|it|your \w+|the \w+) called",
            r"who are we (?:bathing|seeing|grooming|treating|vaccinating|washing)",
        ),
        "name": (
            r"(?:who|whom) (?:am i|do i have|are we|is this|i am|am i|do we have|are you|may i say|should i say|is it|shall i)(?: (?:the pleasure|speaking|talking|chatting|to|with|of|have))*", r"(?:under|in|to) (?:what|which|whose) (?:full )?name", r"(?:what|whose|which) name (?:should|shall|do|did|is|was|can|are|will|would|goes|am|\?|for|on)", r"what name(?= \?)", r"what (?:is|are|was) (?:your|you) (?:full |good |first )?(?:name|called)", r"what (?:should|do|can|shall|may) (?:i|we) (?:call you|put|write)", r"how (?:should|can|may) (?:i|we) (?:call|address) you", r"who is (?:writing|this|it|that)(?= \?|$| ,)", r"remind me who (?:you are|i)", r"with whom am i",
            r"what do i put on the (?:\w+ )?(?:pass|booking|ticket|label|list|order|cup)", r"may i (?:ask|know) who", r"who(?: is| should)? (?:the )?(?:booking|reservation|table|order) (?:under|is under|be under|in)",
            r"and you are(?= \?|$)",
            r"(?:under|in) whose name",
            r"whose name(?: is| should| do)?",
            r"(?:did not|didnt|have not|havent|missed|forgot|not|never)(?: \w+)? (?:catch|get|got|caught|have) your name",
            r"missed your name|forgot your name",
            r"how (?:do|should|would) (?:you|i|we) (?:spell|write) (?:your|it|that|the) ?(?:full |last )?(?:name)?",
            r"who is (?:the|this|your) (?:\w+ )?(?:table|booking|reservation|order|room|invoice|ticket|parcel) (?:for|under|in)",
            r"who (?:should|do|shall|can|will) (?:i|we) (?:make|put|address|book|ask|write|have)(?: \w+){0,3}?(?: out)?(?: to| for| under| down| on)?",
            r"what name did you",
            r"(?:name|names) (?:on|for|under|in) (?:the|your|this) (?:\w+ )?(?:booking|reservation|order|account|ticket|invoice|table|list)(?= \?|$| please)",
            r"who (?:do|am) i (?:have|talk\w*|speak\w*|writ\w*)",
            r"what do (?:people|your friends|they) call you",
            r"name (?:should|shall|do|can|would|did) (?:i|we|you)",
            r"you are(?= \?| \.|$)",
            r"to whom (?:should|shall|do|can|am|may) (?:i|we)?",
            r"whose (?:order|booking|bike|phone|reservation|account|parcel|room) is (?:this|it|that)",
            r"your name (?:was|is)(?= \?| \.|$| again)",
            r"(?:put|have) a name (?:on|for)",
            r"(?:catch|know|get|remember|see|tell me|understand) who (?:you are|i am (?:talking|speaking|chatting|writing)(?: (?:to|with))?)",
            r"which one are you",
            r"yours is(?= \?|$)",
            r"(?:name|yours) (?:is|was|would be)(?= \?| \.|$)",
            r"who (?:is|will be) (?:picking|collecting|coming|checking)",
            r"put your (?:full )?name",
            r"who(?:m)? (?:should|shall|do|can|will) (?:i|we) (?:put|write|bill|invoice|address)",
            r"(?:which|what) name(?: did| is| was| do| are| should| goes| will)?",
            r"who (?:this|that|it) is",
        ),
        "email": (r"where (?:should|shall|can|do|could|may|would|will|to) (?:i|we|you)?(?: \w+){0,3}? ?(?:e ?mail|mail)\b", r"(?:which|what) (?:inbox|e ?mail|mail|account)(?: address)?", r"e ?mail (?:should|do|can) (?:i|we) (?:use|send)", r"(?:which|what) (?:one|address)(?= (?:do|should|shall|can) (?:i|we) (?:use|send|email))",
            r"drop (?:me |us )?(?:your|an) e ?mail",
            r"where (?:should|do|can|shall|could|would) (?:i|we|you)(?: \w+){0,2}? (?:send|want|like)(?: \w+){0,4}? (?:invoice|receipt|pdf|quote|confirmation|voucher|list|file|link|document|copy|estimate|plan)",
            r"e ?mail address(?= is| \?)",
            r"(?:by|via|over) e ?mail ,? ?(?:so )?what is yours",
            r"e ?mail it(?: over)? ,? ?what is the address",
            r"(?:e ?mail|mail) ,? ?where to",
            r"(?:which|what) e ?mail",
            r"^mail(?= \?)",
            r"with which e ?mail",
            r"(?:which|what) (?:is your )?mail",
        ),
        "phone": (
            r"(?:which|what|to which|on which|on what|at which|at what|what is the best|is there a) (?:phone |mobile |cell |whatsapp |best |good |contact |local )*(?:number|mobile|cell|whatsapp|phone(?= (?:number|should|can|do we|do i|to)))(?! (?:is on|was on|did they))", r"(?:where|how) (?:can|could|should|may|do|shall) (?:i|we|he|she|the \w+|they|our \w+) (?:call|reach|ring|phone|contact|text) you(?! about)", r"number (?:can|should|do|shall|could) (?:i|we|he|she|the \w+) (?:call|dial|reach|ring|text|use)",
            r"(?:best|good|right|contact) number (?:for|to)",
            r"what number(?! (?:is on|did they|is it))",
            r"(?:need|have|leave|get|give|provide|share)(?: \w+){0,2}? (?:a|your) (?:number|phone|mobile)",
            r"what are your digits",
            r"what is your (?:number|phone|mobile|cell|whatsapp)",
            r"how (?:can|do|should|could|will) (?:i|we|he|she|they|the \w+) (?:reach|contact|call|get hold of|get in touch with) you",
            r"to (?:what|which) number",
            r"what is your (?:wa|whatsapp|phone|cell|mobile|contact) ?(?:number)?",
            r"number to (?:call|text|ring|reach|dial)",
            r"(?:cant|can not|dont|do not|didnt) (?:see|have|find|get) your (?:number|phone|cell|mobile)",
            r"numbers? for (?:the|our) (?:delivery|driver|rider|courier|doctor|vet|dentist|guide|mechanic)(?: \w+)?",
            r"good number",
        ),
        "address": (
            r"where (?:should|shall|do|can|could|would|will|to|are|is|you|must|did|am|does|exactly|in \w+|abouts)(?: \w+){0,6}? ?(?:send|ship\w*|deliver\w*|bring|brought|drop|find you|live|staying|stay|located|you at|based|taken|take it|come|meet|collect|leave it|going|it go|headed|fetch|pick you|pick (?:it|them) up from)", r"(?:where|were) (?:are )?you(?: at| staying| located| now| based| live)(?= \?|$| ,| and| \.)", r"where (?:you|u) (?:live|at|staying|are)", r"(?:which|what) (?:hotel|hostel|airbnb|apartment|building|street|address|neighbou?rhood|area|district|place)(?= (?:are|is|do|should|shall|and|can|you|will|did|\?|,|for))", r"what is (?:your|the) (?:\w+ )?(?:address|street|location)", r"whereabouts are you", r"to (?:what|which) address",
            r"drop (?:me |us )?(?:a|your) (?:pin|location)",
            r"share (?:your |me your |a )?(?:location|pin|address)",
            r"where (?:do|would|did) you (?:want|like|need)(?: \w+){0,3}? (?:sent|delivered|dropped|shipped|brought|taken|left)",
            r"where to(?= \?|$)",
            r"where (?:should|shall|can|does|will|would|must|do|could) (?:the|our|my|i|we|he|she|they)(?: \w+){0,3}? (?:go|come|head|pick up|drop|take|send|bring|deliver|find|collect|fetch|park|ship|pick)(?! (?:it|them) up ,)",
            r"what part of (?:town|the city)",
            r"what (?:street|building|hotel|area|neighbou?rhood|address)",
            r"where(?: \w+)? is home",
            r"(?:where|which place) (?:is|are) (?:it|this|the (?:delivery|parcel|order|package))(?: going| headed| for)?",
            r"where exactly",
            r"where (?:about|abouts)",
            r"name of (?:your|the) (?:hotel|hostel|building|airbnb|place)",
            r"whereabouts",
            r"(?:which|what) (?:apartment|building|hotel|hostel|house|airbnb|block|tower|flat)",
            r"(?:resend|send me|give me|share|repeat|type|tell me)(?: \w+){0,2}? (?:your|the) (?:full |exact |delivery |hotel )?address",
            r"where (?:will|would|might|could) (?:you|we|i)",
            r"where is (?:the|your) (?:bike|phone|dog|cat|car|parcel|laptop|house|place|hotel|apartment|home|flat)",
            r"(?:goes|going|staying|live|living|deliver\w*|send\w*|delivery|based|located|ship\w*|is|are|headed)(?: \w+){0,3}? where(?: exactly)?(?= \?|$| now)",
            r"(?:delivery|shipping|delivering|sending it|shipped) to(?= \?)",
            r"location pin",
            r"(?:flat|house|door|room|apartment|street) (?:number )?and (?:street|building|number|hotel)",
            r"drop ?off address",
            r"(?:bring\w*|send\w*|deliver\w*|taking|take|ship\w*)(?: \w+){0,2} to(?= \?| \.|$)",
            r"(?:which|what) part of (?:the )?(?:town|city)",
            r"hotel and room",
            r"(?:which|what) (?:hotel|room)",
            r"what is your (?:hotel|hostel|building|airbnb|place|street|location)(?: called| name)?",
            r"(?:which|what) (?:airbnb|hotel|hostel|building)",
            r"where abouts",
            r"you live(?= \?| \.|$)",
            r"where is that(?: exactly)?(?= \?)",
        ),
        "order": (
            r"(?:which|what) (?:is your |is the |was your |was the |one is your )?(?:order|booking|reservation)(?: (?:number|reference|is|was|are|of yours))?(?! (?:did|do|would|have|by) )", r"(?:starts with \w+|on the receipt|in (?:your|the) (?:confirmation|receipt)).*(?:tell me what it says|what does it say)",
            r"what (?:is|was|does)?(?: the| your)?(?: \w+)? ?number(?: is| does)? (?:on|it say\w* on|printed on) (?:your|the)(?: \w+)? (?:receipt|ticket|slip|invoice|confirmation|paper|label)",
            r"(?:look up|find|check|read)(?: \w+){0,2}? your (?:order|booking|reservation|ticket|confirmation) (?:number|code|reference|id)",
            r"(?:order|booking|ticket|repair) (?:number|no|numero)(?= please| \?|$)",
            r"what (?:code|reference|number|id) (?:did|do) (?:you|they)(?: \w+)? (?:get|give|have|receive|gave|see)",
            r"number (?:on|from|in) (?:your|the|that)(?: \w+)? (?:receipt|ticket|slip|invoice|confirmation|paper|label|email|mail|sticker|note)",
            r"(?:has|have|there is|with) a (?:number|code)(?: on it)? ,? ?(?:what|which|could|can)",
            r"need the number on(?: it| the \w+)",
            r"(?:starts?|begins?) with \w+ ,? ?(?:can|could|what|paste)",
            r"(?:which|what) number (?:they|did they|does it|do you (?:have|see|get)|is it|they gave|it says|is on|was on|you got)",
            r"(?:code|number|reference) (?:is )?(?:in|on) (?:your|the) (?:e ?mail|confirmation|receipt|ticket|sms|message)",
            r"by number ,? ?do you have",
            r"what does (?:your|the) (?:receipt|ticket|slip|email|confirmation)(?: \w+)? say",
            r"^(?:the |your |and the )?order(?= \?)",
            r"(?:under|with|by) (?:what|which) (?:number|reference|code)",
            r"which (?:order|booking|reservation|ticket) is (?:yours|it|that)",
        ),
        "document": (r"(?:which|what) (?:id|document|passport)(?: number)? (?:do|did|are|should|is)",
            r"(?:and|just) your (?:passport|id)(?: number)?(?= \?|$| left| please)",
            r"passport or id|id or passport",
            r"what (?:is|are) (?:on )?(?:your|the) (?:passport|id|tax id|document|licen[cs]e)(?: number| details)?",
            r"(?:need|have|take|see|get|require) (?:your|an|a|the) (?:passport|id|tax id|rfc|document)(?: number| details)?(?! again)",
            r"(?:tax id|passport|id|document) ,? ?(?:so )?what is yours",
        ),
        "purchase_date": (
            rf"(?:when|what day|which day|what date|which date|what month|which month|which month and year|which year|how long ago)(?: (?:was|were|is|exactly|approximately|roughly|about|around|again))* (?:did|was|were|have|do|is|had)(?: (?:you|it|that|this|the|these|those|they|them|both|actually|first|originally|last))* (?:{_EN_BUY}|purchase|sale|order placed)", r"(?:was|were|is) (?:this|it|that|they|these) bought", r"(?:which|what) month(?: and year)?", r"how (?:long|old)(?: have you had| ago| is (?:it|the|your)| do you have| since you)", r"(?:remember|recall|know) (?:when|which day|what day|the day|which month) (?:you )?(?:\w+ )?(?:bought|purchased|ordered|got|signed)", r"day (?:did you|you) (?:buy|bought|sign|get|purchase)\w*",
            r"when (?:did|was)(?: \w+){0,3}? (?:order|purchase|sale|buy|bought|get|got|pick(?:ed)?)(?: \w+)?(?! (?:arrive|leave|ship))(?= \?|$| it| them| from| the| this| in| with| placed| made)",
            r"(?:what|which) date (?:is|was|does)(?: \w+)? ?(?:on|it say)",
            r"date on (?:your|the) (?:receipt|invoice)",
            r"when did you (?:place|make) (?:the|your) (?:order|purchase)",
            r"how long (?:ago|have you)",
            r"how old is (?:it|the|your)",
            r"when(?: did| would| d)? (?:you|it|they|we)(?: \w+)? (?:get|buy|bought|purchase|purchased|got|sell)(?: (?:it|them|this|that|one|the \w+))",
            r"remember (?:roughly |about |more or less |exactly )?when",
            r"(?:which|what) day (?:did|was it|were) (?:you|that you|it)(?: \w+){0,4}? (?:buy|bought|get|got|purchase\w*|sign\w*|join\w*|pick\w*)",
            r"since when",
            r"how many (?:months|weeks|days|years) ago",
            r"when (?:did|was|does) (?:your|the) (?:membership|plan|subscription|warranty|contract)",
            r"how (?:recent|recently|long ago|old)",
            r"(?:bought|got|purchased) (?:it|them|this|that|the \w+) when",
            r"when did it leave (?:the|our) (?:shop|store)",
            r"date (?:on|of|in) (?:the|your) (?:ticket|receipt|invoice|purchase|bill|sale)",
            r"(?:roughly |around |about |more or less )?what date was (?:it|that|this)",
            r"(?:what|which) year(?: and month)?",
            r"when (?:abouts|about|around)? ?(?:did|was|were) (?:you|it|that|this)(?: \w+)? ?(?:get it|get them|take it|take them|the purchase|buy it|purchased?|bought)",
            r"from when is",
            r"when was (?:that|it|this) ,? ?(?:the )?(?:purchase|sale|bought)",
            r"check (?:the|your) (?:receipt|invoice|ticket) for the date",
        ),
        "appointment": (
            r"(?:what|which)(?: \w+)? (?:days?|dates?|nights?|weekend)(?! (?:did|was|were|you)(?: \w+){0,3} (?:bought|buy|purchase\w*|get|got|order\w*|sign\w*|pick))(?! of the month)", rf"when (?:is|was|are|were|do|did|would|will|can|should|could|does|am)(?! (?:the|our|my|he|she|they) \w+ (?:come|deliver|call|pass|ring|drop|visit))(?! you (?:usually|normally))(?! .*(?:buy|bought|purchase|order))(?!(?: \w+){{0,2}} (?:a |the )?(?:good|best|better|convenient))(?: \w+){{0,5}}? ?(?:{_EN_VISIT})", r"(?:for|until) (?:when|which day)(?= \?| is| was| are)",
            r"(?:what|which) (?:time|day)(?: and (?:time|day))? (?:is|was|were|are|did) (?:your|the|you)(?: \w+){0,2}? ?(?:appointment|booking|reservation|session|lesson|class|visit|slot|check ?in|booked|come|coming|scheduled|reserved?)?",
            r"when (?:is|was|are)(?: \w+){0,3}? (?:appointment|lesson|booking|reservation|check ?in|checkin|slot|class|session|visit|stay|flight|cleaning|service|treatment|arrival|table)",
            r"when (?:shall|should|can|could|do|would) (?:i|we|you) (?:book|put|schedule|expect|see|pencil|fit|get|squeeze|like to (?:come|book|visit|stay|check|start))(?: \w+){0,3}?(?: in| down| you)?(?! (?:buy|bought|call|ring|phone))",
            r"(?:which|what) (?:evening|morning|afternoon|weekend|week)(?= (?:is|was|are|do|did|would|should|suits|works))",
            r"when (?:were|are|did) you (?:booked|scheduled|coming|due|in|arriving|staying|landing|planning|thinking|book|schedule)(?: \w+)?",
            r"dates? (?:are|were|do|did|would) you",
            r"when (?:do|will|are) you (?:get|land|arriv\w+|check\w*|reach|leav\w+|com\w+)(?: here| in| to)?",
            r"remind me (?:of )?(?:your |the |which |what |when )(?:date|day|appointment)?",
            r"when (?:were|are|shall|should|will|do) (?:we|i) (?:seeing|see|expecting|expect|having|meet\w*|booking|hosting)",
            r"(?:is|was) (?:your|the) (?:\w+ )?(?:class|appointment|booking|visit|lesson|session|table|reservation|check ?in)(?: \w+)? (?:today|tomorrow|on|for|this) ?(?:\w+ )?or",
            r"(?:check ?in|arrival) and (?:check ?out|departure)(?: dates?)?",
            r"(?:how many nights and )?from when",
            r"when (?:do|will|would|did) you (?:need|want|like|require|prefer|plan|hope|mean|say)(?! (?:us|me|him|her|them) )",
            r"when you (?:are|re|were|will be) (?:coming|arriving|booked|due|visiting|landing)",
            r"for (?:which|what) (?:night|day|date|evening|weekend)s?",
            r"(?:coming|arriving|booked|it is|is it|for|visit|visiting|here|landing|due|appointment|scheduled|checking in)(?: \w+){0,3}? (?:for )?when(?: exactly)?(?= \?|$)",
            r"(?:what|which) (?:slot|day and time|time and day|date and time)",
            r"the (?:day|date|dates|slot) you (?:had|have|booked|picked|wanted|want|chose|took|reserved|were)(?: \w+)?",
            r"when is (?:good|best|ok|convenient)(?: for you)? to (?:come|drop|visit|bring|pop|stop|check)",
            r"you are (?:arriving|coming|staying|checking in|booked|down)(?: (?:for|on))?(?= \?| \.|$)",
            r"(?:and )?the dates? of your (?:\w+ )?stay",
        ),
        "product": (
            r"what (?:was it |is it |exactly )*(?:that )?(?:did |do |were |are )?you(?: \w+)? (?:order\w*|bought|buy|want(?:ed)?|looking for|getting|purchase\w*|after|like to (?:order|buy)|having)(?! to (?:do|know))", r"(?:which|what) (?:one(?! of our| is (?:closer|nearest))|item|phone(?! number)|bike|bicycle|plan|size|model|product|piece|dress|shoe\w*|membership|room|laptop|device|brand|make|dish|color and size|frame|tablet|computer|console|package|kind of \w+|type of \w+)(?: (?:is it|do you|did you|are you|was it|were you|would you|you|size|is|exactly|phone|bike))?(?! (?:should|do|shall|can) (?:i|we) (?:use|call|send|email|dial))",
            r"is it (?:a |an |the )?\S+ or (?:a |an |the )?\S+ (?:wheel|size|inch|model)", r"what size", r"what (?:are|were) you (?:ordering|having|looking at)",
            r"what (?:would|will|can|did|do) (?:you|i|we)(?: \w+)? (?:like to (?:order|buy|try|rent|reserve)|be having|have(?= \?|$| tonight| today)|get you|order|rent|reserve)",
            r"what (?:was|is) (?:in|inside) (?:your|the) (?:order|parcel|box|package)",
            r"what is (?:the|your) (?:bike|phone|laptop|model|item|product|size|device|dress|room|plan|dish)(?= \?|$| ,| model| exactly)",
            r"what (?:do|did) you (?:have|ride|own|use|wear|buy|rent|choose|pick)(?= \?|$| exactly| again| in mind)",
            r"(?:what|which) (?:shoe|dress|shirt|frame|clothing|ring) size",
            r"what (?:bike|phone(?! (?:number|can|should|do we))|device|laptop|shoe|dress|dish|room|kind|type|sort|colou?r and size|make|brand|model)",
            r"what (?:did|have) (?:you|we)(?: \w+)? (?:get|buy|order|sell you|choose|pick|purchase|take|have|send you)(?= \?|$| from| last| again| exactly)",
            r"(?:which|what) (?:of (?:the|our|these|those) )?(?:\w+ )?(?:dress|shoes?|sneakers?|pizza|shirt|pants|jeans|skirt|blouse|jacket|bag|backpack|helmet|tire|tyre|wheel|part|boots?|sandals?|bikes?|tablet|laptop|watch|headphones|dish|meal|burger|combo|room|suite|course|package|membership|treatment|service|class|phones?|items?|products?|models?|version|brand)(?= \?|$| is| was| did| do| are| were| you| would| that| it| we| should)(?! (?:number|can|should|do we))",
            r"what is (?:the|your) (?:bike|phone|model|laptop|car|scooter|device)",
            r"what (?:version|variant|colou?rway|flavou?r|edition)",
            r"is it (?:a |an |the )?(?:\w+ ){1,2}or (?:a |an |the )?(?:\w+ ?){1,2}(?= \?)",
            r"(?:tell me|remember|remind me|know) (?:what|which)(?: \w+){0,2} you (?:had |have )?(?:ordered|bought|got|chose|picked|wanted|want)",
            r"what (?:are|were) you (?:\w+ )?(?:exchanging|returning|ordering|buying|looking for|missing|having|after|getting)",
            r"what (?:was|is|came) in the (?:bag|box|package|parcel|order)",
            r"(?:bike|phone|model|size|item|plan|device) is an?(?= \?| \.|$)",
            r"(?:which|what) (?:bike|phone|item|product|dress|order|room|plan|one|laptop|piece|shoes) (?:are|were|is) (?:we|you|it|this|that) (?:talking|looking|fixing|repairing|having|thinking|after|about)?",
            r"what (?:are|were) we (?:fixing|repairing|changing|looking at|talking about|cleaning|replacing)",
            r"what (?:exactly )?(?:was|is) in (?:your|the) (?:order|box|parcel|bag|package)",
        ),
        "reason": (
            r"(?<!\babout )(?<!\bfor )(?<!\bby )(?<!\bwith )what (?:happened|has happened|is happening|is wrong|was wrong|went wrong|is going on|is up|s up|went on|is (?:the|your) (?:problem|issue|matter|reason|trouble|concern|question|enquiry|inquiry)|was (?:the|your) (?:problem|issue|matter|reason|trouble)|seems to be|the (?:problem|issue) is|seem to be|is troubling|is bothering|exactly (?:happened|is wrong)|can (?:i|we) (?:help|do for)|is (?:it )?about|is it doing|(?:brings|brought) you)", r"(?:how|with what|what) (?:can|may|could|might|do) (?:i|we) (?:help|assist|be of|serve)(?! .*\belse\b)(?:\w* you)?", r"why (?:are|did|do|would|is|were|you|do you want)(?: \w+){0,4}? ?(?:return\w*|cancel\w*|writ\w+|contact\w*|bring\w*|call\w*|want\w*|message\w*|chang\w+|exchange\w*|sending|leaving|come|coming|unhappy|upset|reach\w*|send\w*)", r"walk me through", r"(?:tell|explain|describe)(?: to)?(?: (?:me|us))?(?: (?:again|more|a bit|please|a little|exactly|in detail))* (?:what|about (?:the|your) (?:problem|issue)|about what|the (?:problem|issue)|what is|whats|more about (?:it|the|your))",
            r"reason (?:for|of|behind) (?:your|the|this) (?:\w+ )?(?:would|is|was|message|visit|return|call|cancel\w*|contact|enquiry)(?: would be| is| was)?(?= .*[?…]| \?|$| \. \.)", r"for what reason", r"what is (?:it|this|that) (?:about|regarding)", r"what (?:do|did) you need(?= \?|$| today| from us| help)",
            r"what are (?:the|his|her|your) symptoms",
            r"(?:more )?details (?:about|of|on) (?:the|your|this) (?:problem|issue|complaint|matter|case)",
            r"what (?:exactly )?(?:is|was|did|does|has|are|were) (?:it |the \w+ |he |she |you |wrong |that |they )?(?:doing|broken|damaged|wrong|missing|wrong with|unhappy|having|experiencing|hurting|troubl\w+|bother\w+|do)(?: wrong)?(?= \?|$| with| about| to)",
            r"what (?:made|makes) you",
            r"what can (?:i|we) do",
            r"fill me in",
            r"in what way",
            r"what (?:broke|failed|stopped)",
            r"(?:describe|explain)(?: \w+){0,3}? (?:problem|issue|happened|wrong|damage|fault|situation)",
            r"what are you (?:contacting|writing|calling|complaining|messaging)",
            r"(?<!\babout )(?<!\bfor )(?<!\bby )(?<!\bwith )what (?:exactly |actually |really )?(?:went|happened|is wrong|was wrong|broke)",
            r"(?:mind|care) (?:telling|sharing|to share|explaining|to tell|to say)(?: (?:me|us))? (?:why|what)",
            r"how come",
            r"(?:any|a) (?:particular |specific |special )?reason(?= \?|$| why| for)",
            r"what (?:did|do|didnt|did not|dont)(?: \w+)? (?:like|dislike|bother|love|not like|expect|disappoint)",
            r"what (?:brings|brought|made|makes|led|leads) \w+",
            r"what is (?:the|your|this) (?:complaint|query|concern|trouble|fault|story|question|request)",
            r"what (?:is it|it is|its|is this|this is) (?:regarding|about|concerning|in relation to|for)",
            r"what (?:is|has) (?:he|she|it|they) (?:got|having|doing|done)",
            r"what (?:would|do|did|were|are) you(?: \w+)? (?:like to see|need to see|want to see|see|calling|writing|coming|messaging|contacting|after help)",
            r"why (?:do|did|would|are|were|is|was) (?:you|it|he|she|they)",
            r"how did (?:it|this|that|he|she|they) (?:break|happen|get|start|fall|crack|come|go)",
            r"what (?:is|was) (?:making|driving|causing|worrying|upsetting|hurting|annoying)",
            r"what is (?:the|your|this) (?:visit|appointment|return|call|booking|message|consultation|claim|exchange|cancellation) (?:for|about)",
            r"(?:some|more|a bit of|a little) (?:context|background|detail|details)",
            r"describe (?:the|your|his|her|what)",
            r"why the (?:\w+)",
            r"what exactly (?:is|was|are|did|do)",
            r"^and what is it for",
            r"(?:reason|motive)(?: (?:you|for|why|behind))(?: \w+)*(?= \?)",
            r"(?:tell|telling) (?:me|us) (?:a (?:bit|little) )?more",
            r"what (?:did|do|would) you (?:want|like|wish|need)(?: \w+)? to (?:talk|speak|discuss|ask|complain|report)",
            r"what (?:made|makes|is making) you",
            r"what (?:seems|looks|feels) (?:to be )?(?:wrong|off|broken|the)",
            r"run me through",
            r"(?:tell me|know|see) how (?:i|we) can (?:help|assist)",
            r"(?:may|can|could|might) (?:i|we) (?:know|ask|hear) (?:what|why)",
            r"what (?:this|that|it) (?:was|is) about",
            r"why is it that you",
            r"reason for (?:your|the) (?:return|visit|call|cancell?ation|message|request|refund|exchange|enquiry|claim)(?= \?|$| please)",
        ),
        "photo": (r"(?:photograph|snap|film) (?:the|it|one|a|your|that|this)",
            r"(?:show|upload|take|taking|attach|include|grab|get|have|share|sharing|i see)(?: (?:me|us))?(?: (?:a|an|the|some|one|couple|quick|clear|few|of|your|another))* (?:photos?|pictures?|pics?|screenshots?|images?|shots?)(?! (?:you|i|we|already))",
            r"screenshot (?:the|your|it)",
            r"(?:a |one )?(?:quick |clear |close )?(?:photo|picture|pic|screenshot)(?: of (?:the|your|it)(?: \w+)?)? would (?:\w+ )?help",
            r"proof of payment",
            r"(?:let me |can i |could i |like to |may i |want to |need to |love to )see (?:a |an |the |some |it |your )?(?:photos?|pictures?|pics?|images?|screenshots?)",
            r"(?:a |one )?(?:photo|picture|pic|screenshot) (?:is fine|would do|will do|works|is enough|is ok)",
            r"(?:pop|drop|post|paste|put|add|stick|throw)(?: me)? (?:a|the|some|one) (?:photo|picture|pic|screenshot)\w*",
            r"(?:a |one )?(?:photo|picture|pic|screenshot)(?: of (?:the|your|it)(?: \w+)?)? (?:would|will) (?:do|help|be great|be perfect|be enough|be useful|work)",
            r"have you (?:taken|got|made) (?:a|any|some) (?:photo|picture|pic|screenshot)s?",
        ),
        "payment_method": (
            r"how (?:do|did|would|will|are|you|have|was|were|should|shall|is|can)(?: (?:you|u|we|it|like|to|want|wish|prefer|be|going|gonna|the|your|this|that|planning|by|have))* (?:pay\w*|paid|settl\w+|payment)", r"how you (?:\w+ )?(?:paid|pay|will pay|are paying)", r"what (?:did |do |will |are |would |have )?you(?: (?:like|want|prefer|be|going|to|use|using))* (?:pay|paid|paying|use to pay|used to pay)(?: with| for)?", r"(?:what|which) (?:card|method|form|payment|bank)(?: \w+)* (?:did|do|will|are|would|use\w*|pay\w*)(?: \w+)* ?(?:pay\w*|paid|use)?", r"what will be your method",
            rf"(?:did|do|will|are|would|was)(?: \w+){{0,3}} (?:pay\w*|paid)(?: \w+){{0,3}}? {_EN_PAY} or",
            r"preferred (?:payment|way|method)",
            r"(?:did|do|will|would) you (?:use|prefer|like|want)(?: to)?(?: \w+){0,3}? (?:cash|card|credit|debit|transfer|paypal)(?: \w+)? or",
            r"(?<!pay )(?:by|in|with) (?:cash|card|credit|debit|transfer)(?: \w+)? or(?= .*\?)",
            r"how (?:would|do|did|will|are|should)(?: \w+){0,4}? (?:settle|cover|take care of)(?: \w+){0,2}? ?(?:bill|payment|that|it|this|balance)?",
            r"(?:was|is|did|does) (?:it|that|this|the payment)(?: \w+)? (?:on|by|with|in) (?:your |a )?(?:card|cash|credit card|debit|transfer|paypal)",
            r"(?:which|what) way (?:would|do|did|will|are) you(?: \w+)* pay\w*",
            r"pay(?:ing|ment)? how",
            r"how (?:do|did|will|would|are|were|is|was)(?: \w+){0,4}? (?:pay\w*|paid|settl\w+|charge\w*)",
            r"(?:will|would|are|do) you (?:be )?(?:pay\w*) (?:by|in|with|on)?(?: \w+)?(?= \?)",
            r"what (?:card|method|payment)",
            r"(?:you )?paid (?:by|with|how)(?= \?|$)",
            r"(?:you will |will |gonna |going to )?pay (?:with|by)(?= \?|$)",
            r"how (?:would |do |did |will )?you(?: (?:would|will|want|like|to|prefer|d))* (?:pay|paid|paying|be paying)",
            r"(?:tell me|know|remember|confirm) how you(?: \w+){0,3} (?:pay|paid)",
            r"is (?:it|that|this) (?:card|cash|transfer|credit|debit) or",
            r"(?:will|would|are|do) you (?:be )?(?:settl\w+|pay\w*)(?: it| that)? (?:by|with|in|using)(?: \w+){0,2}(?= \?)",
            r"(?:did|do|will) you (?:pay|paid)(?: \w+)? (?:online|by|with|in|at|using|on)(?: \w+){0,3} or",
            r"how (?:wld|would|d) (?:u|you)(?: \w+){0,3} pay",
        ),
        "hour": (
            r"(?:what|which|any(?= .*\?)|at what|around what|until what|from what)(?: (?:is|are|was|would be|your|the|a|other|preferred))* (?:best |good |better |preferred |convenient |suitable )*(?:times?|hours?|part of (?:the )?day|time slot)(?! do you (?:open|close))(?! (?:is|was) (?:your|the) (?:appointment|booking|class|flight))", r"when (?:during|in) the day", r"when (?:would|is|s|are|will|might|could)(?: \w+){0,2} (?:a |the )?(?:good|best|better|convenient|suitable) (?:time|moment|hour)?", r"when (?:can|could|should|may|shall|would you like) (?:i|we|he|she|us to|me to|our \w+|the \w+)(?: \w+)? ?(?:call|ring|reach|phone|find|deliver|stop by|pass|drop)", r"when (?:are|will) you (?:be )?(?:free|available|home|around|in)(?= \?|$| to| for| today| tomorrow)", r"when (?:suits|works)",
            r"when (?:is|would be|s)(?: \w+)? ?(?:a )?(?:good|best|better|convenient|ideal|suitable)(?: time| moment)?",
            r"best time (?:to|for)",
            r"when (?:should|can|could|shall|would|may) (?:you like |i|we|he|she|they|the \w+|our \w+)(?: \w+){0,3}? ?(?:call|ring|phone|deliver|come|visit|reach|stop|pass|drop)",
            r"(?:what|which) (?:time|hour|part of the day|time of day|slot)(?= (?:suits|works|would|should|can|do|are|is|shall|could|will|did you want|\?))",
            r"are (?:mornings?|afternoons?|evenings?) (?:or|better)",
            r"is (?:morning|afternoon|evening) or",
            r"what time (?:are|do|will|would|is|can|could|shall|should|does|did|of|suits|works)(?! (?:your appointment|you open|you close))",
            r"before or after (?:lunch|noon|work|midday|dinner|\d+)",
            r"(?:is there|any) a? ?(?:better |good |particular |preferred |other )?times?(?: of day)?(?: that| to| for| when)(?= .*\?)",
            r"(?:earlier|sooner) or later(?: in the day)?",
            r"when (?:are|s) (?:a |you )?(?:good|best|free|around|available|home|reachable)",
            r"(?:tell me|give me|suggest|pick|choose|name|propose) (?:a|an|your) (?:good |better |preferred |convenient )?(?:time|hour)",
            r"(?:what|which) (?:time|hour) (?:frame|slot|window|range)",
            r"(?:time|hour) preference",
            r"when is best",
            r"when (?:do|did) you (?:usually|normally|generally|prefer|like) (?:\w+ )?(?:train|come|work ?out|go|eat|get)",
            r"when (?:should|can|could|shall|may|will) (?:the|our|my) \w+ (?:come|deliver|call|pass|ring|drop|visit|pick)",
            r"when (?:do|did|would|should) (?:you|u) (?:want|like|need|prefer) (?:us|me|him|her|them|the \w+) to (?:call|ring|come|deliver|pass|phone|drop|stop)",
            r"a (?:suitable|good|convenient|better|preferred) (?:time|hour|moment)",
            r"(?:morning|afternoon|evening) ok",
            r"when are you (?:usually |normally |mostly )?(?:home|free|around|in|available)",
        ),
        "branch": (
            rf"(?:which|what|at which|in which|from which|to which) (?:of (?:our|the|your) (?:\w+ )?|one of our |was the |is the |was it the )?(?:nearest |closest |usual |preferred )?{_EN_SHOP}(?! (?:is|are) (?:open|closed))", r"where (?:would|do|did|will|should|are|were) (?:you|it)(?: \w+){0,4}? (?:pick (?:it|them|this|up)|collect|buy|bought|train\w*|work ?out|purchase\w*|drop(?:ped)? (?:it|them) off|leave (?:it|them)|get (?:it|them)|happen)", r"where (?:you|u) (?:bought|left|dropped|train|picked|got)", r"(?:where|which) did (?:it|this|that) happen", r"(?:which|what) one (?:is|are) (?:closer|closest|nearest)",
            r"\w+ or (?:the )?\w+ (?:store|shop|branch|gym|clinic|location)(?= \?)",
            r"(?:which|what) (?:\w+ )?(?:store|shop|branch|gym|clinic|location|outlet)s?",
            r"where (?:is|was) (?:it|that|this) (?:bought|purchased|from)",
            r"where do you (?:usually |normally )?(?:train|shop|go|work out|come)",
            r"(?:which|what) of our (?:\w+ )?(?:places|shops|stores|branches|gyms|clinics|locations|offices)",
            r"where (?:was|is|were) (?:it|this|they|that)(?: \w+)? (?:bought|purchased|from|made|repaired|dropped off)",
            r"(?:which|what) (?:place|one) (?:did you|do you) (?:go|visit|train|shop|come)(?: \w+)?",
            r"(?:pick ?up|collect\w*|bought|train\w*|went|go|buy|collection)(?: \w+){0,4}? (?:where|to which one|which one|to which|in which one)(?= \?|$)",
            r"(?:closest|nearest|usual|local) (?:shop|store|branch|gym|clinic|location)(?: to you)?(?= \?|$)",
            r"(?:at |in |from |to )?(?:which|what) (?:store|shop|branch|gym|clinic|location)",
            r"the one (?:in|on|at|by|near) (?:\w+ ){1,3}or (?:the one )?(?:in|on|at|by|near)",
            r"(?:downtown|uptown|the airport|the mall|airport|centre|center) or ",
        ),
    },
    "choices": {
        "hour": (rf"{_EN_DAY} or (?:in the |the |at |rather |more |maybe )*{_EN_DAY}",),
        "payment_method": (rf"{_EN_PAY}(?: \w+)? ?(?:,| or)(?: \w+){{0,2}}? {_EN_PAY}",),
    },
}  # fmt: skip

TONGUES: dict[str, dict[str, Any]] = {"es": ES, "pt": PT, "en": EN}

# --- all three ---

ALREADY = re.compile(r"\b(?:ya|ja|already)\b")
HEAD = re.compile(
    r"\b(?:de|del|do|da|dos|das|of|con|no|na|nos|nas|al|en|em|for|on|at|with|in|sobre|about|a|ao|para|pra|por|pelo|pela|from|by|to|com)$"
)
ARRIVED = re.compile(
    r"\b(?:lleg\w+|recib\w+|funcion\w+|correct[oa]|esta|sigue|cheg\w+|receb\w+|cert[oa]|arriv\w+|right|works?|list[oa]|"
    r"bien|ok|guardad[oa]|registrad[oa]|anotad[oa]|salv[oe]|igual|mism[oa]|got|reach\w*|came|is|vem|viene|sale|es|e)\b"
)
NUMBER_ONLY = re.compile(r"(?:\w+ )?(?:numeros?|numerito|numbers?)")
IS_GIVEN = re.compile(r"\s*(?::|es|es el|e|is|=)\s*(?:el |o |la |a |the )?[a-z]{0,3} ?\d{2,}")
"""A value follows the name: "tu número de guía: 555123"."""
DOING = re.compile(r"\b(?:estoy|estamos|estou|voy a|vamos a|vou|i am|we are|we will|i will|ya|ja|already)\b")
"""Who does it himself, behind a comma: "dame chance, estoy buscando tu pedido"."""
GIVEN_BACK = re.compile(r"\b(?:devol\w+|devuelv\w+|reembols\w+|estorn\w+|reintegr\w+|refund\w*)")
"""How money goes back is not how he pays."""
BEFORE_QUE = frozenset(
    ["y", "e", "pero", "mas", "entonces", "ok", "bueno", ",", ":", "dime", "dices", "digas", "decime", "digame", "dice", "recuerdas", "recuerda", "acuerdas", "saber", "sabes", "cuentame", "hola", "ver", "exactamente", "porfa", "favor", "confirmame", "confirmas", "a", "de", "en", "para", "con", "por", "desde", "tipo", "como", "sobre", "hasta", "pra", "no", "na", "em", "me", "oye", "oiga", "perdon", "disculpa", "explicame", "cuentas", "cuente", "platicame", "indicame", "indica", "preguntar", "preguntarte", "diz", "diga", "fala", "fale", "conta", "conte", "explica", "lembra", "sabe", "qual", "pos", "pois", "oi", "ola", "ah", "uy", "ay", "uh", "es", "eh", "tu", "usted", "hoy", "otra", "vez", "exacto", "gracias", "gusto", "claro", "listo", "va", "vale", "dale", "falta", "entender", "entiendo", "bien", "donde", "cual", "necesito", "quisiera"]
)  # fmt: skip
"""Words before a "que" that asks; behind any other it joins a clause to a noun."""
TELL = re.compile(r"(?:cuent|cont|dig|dim|deci|expli|platic|recuerd|confirm|indic|coment|fal|diz|dire)\w*$")
FINDING_OUT = re.compile(
    r"\b(?:(?:voy a|vamos a|dejame|dejeme|deixa eu|deixe eu|vou|vamos) (?:\w+ )?(?:checar|ver|revisar|preguntar|averiguar|investigar|verificar|"
    r"consultar|perguntar|olhar|conferir)|(?:te|le|lhe) (?:confirmo|aviso|digo|cuento|averiguo|falo|confirmamos|avisamos|pregunto)|"
    r"(?:le )?pregunto (?:al|a la|a)|pergunto (?:na|no|pra|ao|a)|ya (?:entendi|vi|se|supe)|ja (?:entendi|vi|sei)|entiendo|entendi|no se|nao sei|"
    r"let me (?:check|see|look|ask|find out)|(?:i|we) will (?:check|see|find out|ask|look|let you know|tell you)|"
    r"(?:i|we) (?:understand|know|see|saw|do not know|dont know)|not sure)(?: \w+){0,2}$"
)
"""Who finds it out himself does not ask the customer."""
GOES_ON = re.compile(
    r"\s*(?:\w+ ){0,2}?(?:ya|ja|(?:is|are|was|were|will|has)(?! (?:you|it|that|this|he|she|they|we|i|your)\b)|llega|llego|llegara|esta|estan|sale|salio|saldra|quedo|queda|viene|cuesta|chegou|"
    r"chega|vai|foi|fica|ficou|sai|saiu|custa|arrived|arrives|comes|came|looks|costs|just|looks|here)\b"
)
"""How a statement goes on behind words that else ask."""
STEADY = frozenset(("mas", "mais", "more", "mismo", "misma", "mesmo", "mesma", "same"))
"""Words that make another fact of a name ("más fotos"), but not of a question ("what more can I…")."""
THIRD = re.compile(
    r"\b(?:tu|su|sua|seu|teu|tua|your) (?:mama|mami|papa|espos\w+|marido|mujer|herman\w+|amig\w+|"
    r"novi\w+|hij\w+|vecin\w+|"
    r"acompanante|pareja|mae|pai|mulher|irma\w*|namorad\w+|filh\w+|vizinh\w+|mum|mom|dad|wife|husband|partner|sister|brother|"
    r"friend|girlfriend|boyfriend|son|daughter|neighbou?r)s?\b|"
    r"\b(?:va|van|vai|vao|puede|pueden|pode|podem) (?:a )?(?:preguntar|pedir|perguntar)\w*|"
    r"\b(?:they|he|she|doctor|courier|bank|driver|it) (?:will|may|might|can|could) ask\b|"
    r"\b(?:en (?:la |el )?(?:recepcion|caja|mostrador|entrada|puerta)|(?:na recepcao|no caixa|no balcao|na entrada)|"
    r"at (?:the )?(?:reception|counter|front desk|door|entrance|till|desk))\b|"
    r"\bte (?:pide|piden|preguntan|pregunta|pedem|perguntam)\b|\b(?:that|esa|essa) persons?\b|"
    r"\b(?:quien (?:recibe|recoge|va a (?:recibir|recoger))|quem (?:recebe|retira|vai (?:receber|retirar))|who (?:will|is going to) (?:receive|collect|pick))\b"
)
"""Facts of somebody else, and questions that somebody else will ask."""
SENDING = re.compile(r"\b(?:mand|envi|send|mail)")
STRAIGHT = re.compile(r"(?:do|did|would|is there|any chance|have you)\b")
POINTING = frozenset(["ese", "esa", "este", "esse", "essa", "esta", "that", "this", "those", "estos", "esos"])
SOME = frozenset(["un", "una", "unos", "unas", "um", "uma", "a", "an"])
SIZES = re.compile(
    r"\b(?:tall\w+|tamanho|tamano|size\w*|numeracao|medida|rodad[oa]|aro|wheel|calz\w+|calca|veste)\b"
)
SIZED = re.compile(
    r"\d|\b(?:xxs|xs|s|m|l|xl|xxl|p|g|gg|pp|chica|mediana|grande|medio|pequeno|small|medium|large)\b"
)
MODELS = re.compile(r"\b(?:model\w*|marca|brand|make)\b")
ZIPS = re.compile(r"^(?:cep|codigo postal|cp|zip(?: code)?|post ?code)$")
SURNAMES = re.compile(r"sobrenome|apellido|surname|last name|family name|completo|full|complete|todo")
AS_TYPED = frozenset(
    (
        "ay", "bici", "cc", "dr", "dra", "e", "fone", "haber", "info", "mail", "min", "mon", "sat",
        "sun", "tan", "to",
    )
)  # fmt: skip
"""Words that are no abbreviation in a draft."""
DRAFT_WORDS = {
    "sr": "senor", "sra": "senora", "correito": "correo", "fotito": "foto", "telefonito": "telefono",
    "porfi": "por favor", "porfas": "por favor", "domi": "domicilio", "numerito": "numero", "nombrecito":
    "nombre", "nro": "numero", "num": "numero", "ubi": "ubicacion", "dire": "direccion", "direcc": "direccion", "thru": "through", "whens": "when is",
    "whys": "why is", "fotinha": "foto", "doc": "documento", "pedidito": "pedido", "tks": "thanks",
}  # fmt: skip
SUBJECT = re.compile(
    r"\s*(?:de|del|da|do|of) (?:(?:la|el|los|las|tu|su|o|a|os|as|seu|sua|the|your|its) )?([a-z]{3,})"
)
"""What a picture is to show."""
ANY_SUBJECT = frozenset(
    [
        "how",
        "foto",
        "fotos",
        "imagen",
        "imagens",
        "imagem",
        "captura",
        "photo",
        "picture",
        "pic",
        "screenshot",
        "como",
        "cuando",
        "cerca",
        "perto",
        "damage",
        "dano",
        "danos",
        "defecto",
        "defeito",
        "problema",
        "problem",
        "falla",
        "falha",
        "producto",
        "produto",
        "product",
        "item",
        "articulo",
        "article",
        "pieza",
        "peca",
        "part",
        "pedido",
        "order",
        "compra",
        "ticket",
        "recibo",
        "receipt",
        "comprobante",
        "comprovante",
        "transferencia",
        "transfer",
        "pago",
        "pagamento",
        "payment",
        "nota",
        "factura",
        "nuevo",
        "novo",
        "donde",
        "onde",
        "lo",
        "que",
        "quien",
        "cliente",
        "referencia",
        "reference",
    ]
)
"""Words that say nothing of what a picture shows, or mean the same as others."""
TITLES = frozenset(
    [
        "don",
        "dona",
        "senor",
        "senora",
        "sr",
        "sra",
        "srta",
        "senhor",
        "senhora",
        "seu",
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "dra",
        "doctor",
        "doctora",
    ]
)
JOINT = re.compile(r"\s*(?:y|e|and|,|o|ou|or) (?:(?:el|la|un|una|su|tu|o|a|um|uma|seu|sua|the|your|their) )?")
WANTS_WORDS = re.compile(
    r"\b(?:qual|quais|what|which|pode|poderia|consegue|could|can|may|might|"
    r"would you|me (?:passa|diz)|tem|have you|do you have|remember|lembra)\b"
)
OFFERS = re.compile(
    r"\b(?:quieres|quiere|queres|gustas|quer que|te mando|te envio|te lo|mando|envio|shall i|should i|want me|would you like|do you want|"
    r"recibiste|recibio|llego|chegou|recebeu|did you|did it|have you (?:seen|received|got)|pudiste|conseguiu|viste|viu|ver|see|funciona|works?|"
    r"sirve|esta bien|cambiar|cambio|change|trocar|mudar|actualizar|update|usar|use|entrar|entiende|acceder|otra|otro|outro|outra|another)\b"
)
