"""What people say when they are asked whether they come, in three languages: patterns in the order they are tried.

Written on bare text, as conversations/bot/normalise.py leaves it, with days and hours replaced by xsame (the
appointment's), xother and xpart. Each is replaced by its mark, so that a longer saying hides the words in it:

Beside them stand words without a meaning of their own (_EMPTY), those that reasons for not coming are made of
(_REASONS), those that are worth to be understood with a slip of the keys (_KEYS), and what only looks like them (_LIKE).

Y he comes; W yes, ok; N he does not come; B a bare no; R another time; P may it be (with another time: R); M later, earlier;
U perhaps, later, if; D but, never; O a complaint or another matter; L he arrives at another hour; Q asks; X a reason for not coming; K on his way; _ nothing.
"""

ES = r"""
U (?!100)\d+ ?(?:%|por ?ciento)|50 (?:\. )?50|(?:con la|a) condicion(?: de)?(?: que)?|por (?:ahora|el momento)|confirmo (?:el|ese) (?:mismo|mero|propio) \w+|pensando (?:en )?cancel\w*|no (?:, |\. )*esper[ae]\w*
O a que me (?:den|pag|respond|expliq|aclar)\w*|para que me (?:devuelv|pag|respond|expliq|regres)\w*|soy el papa|me vale|mero trueno|(?:de (?:la|esta|su)|la) lista
R (?:dame|deme|denme|denme|y|agend\w+) otra(?: cita| fecha)?
_ nos vemos (?:luego|pronto|despues|otro dia)|pero(?= (?:ya |es que )?no (?:puedo|podre|voy|alcanzo|llego|ire|podremos|podemos|me)\b)
U no (?:es necesario|hace falta|hay que|hay necesidad de|se|(?:la )?(?:he|hemos)) cancel\w+
N (?<=\A )cancelo(?: (?:mi|la|cita))*|(?:yo|mejor|pues|la|personales) cancelo
O peor(?:es)?|fatal|asco|basura|odio|decepci\w+|devol\w+|reembols\w+|robar\w*|roban|abogad[oa]s?|denunci\w+|demand\w+|policia
P (?:pero |que )?(?:si|solo)(?= xother)|pero(?= xother)
L (?:voy|vamos|ire|iremos|paso|puedo llegar)(?: (?:pero|a|como|hasta))*(?= xother)
U (?:puedo|podria) confirmar\w*(?: (?:xother|xsame|xpart|luego|despues|mas tarde))?
_ (?:confirmo )?(?:de )?recibido|no ,? todo bien
Y (?:ahi |alli )me (?:esperan|espera|tienen)|por nada del mundo (?:falto|me l[oa] pierdo|faltare)|me anoto|quedo confirmad[oa]
W nada de cancelar|de ley|si va|(?:al )?100|cien por ciento
Q es (?:el )?(?:xsame|xother) (?:o|verdad|no)
O que (?:rico|bonito|lindo|chistoso|maravilla)|(?:segunda|tercera|cuarta|xother) vez
N (?:pues |al final )?siempre no|no (?:me )?(?:va a ser|sera|es) posible|no se (?:va a|pudo) poder|ya (?:la|lo|me la|me lo)? ?(?:lleve|compre|vendi|mande|repare|arreglaron|repararon)|baj(?:en|e|a)me de (?:la|su) lista|no cuenten con nosotros
U (?:llego|llegaria|llegare|llegando|llegaremos)(?: como)? (?:media hora|una hora|\w+ minut\w+) (?:tarde|despues)
P (?<=xother )si|(?<=xother )tal vez|tal vez(?= xother)|de pronto(?= xother)
_ (?:\w+ )?(?:minutos?|minutitos?|min) antes|(?:un (?:poco|poquito|ratito)|tantito) antes
_ (?:que pena|disculp\w+|perdon\w*|lo siento|gracias|una disculpa|lamento)(?: con (?:ustedes|usted)| mucho| la molestia)* pero
Y no (?:voy a |vamos a |puedo |podemos |pienso )?(?:faltar|falto|faltare|faltamos|faltaremos|fallar|fallo|fallare|te fallo|les fallo|le fallo)
W no (?:(?:la|lo|me|te|se|mela) ?)*(?:voy a cancelar|quiero cancelar|quisiera cancelar|cancelen|canceles|cancele|cancelo|cancelare)(?: la cita| mi cita| nada)?
W no (?:hay|tengo|tenemos) (?:problema|problemas|falla|drama|lio|bronca|pedo|inconveniente)s?
_ no (?:se|te) (?:preocup|apur)(?:e|es|en)|no pasa nada|no hay de que|sin (?:falta|falla|excusa)
U si (?:puedo|alcanzo|llego|voy) (?:voy|paso|llego|ire|te|les|le|me|ahi|a ver|aviso)
Y (?:si |claro |ok )?(?:yo )?si (?:puedo|podre|podemos)(?: (?:ir|asistir|llegar|acudir))?
U (?:luego|despues|mas tarde|ahora|al rato|en un rato|rato|xpart|xother|xsame|mas al rato|ya) (?:mismo )?(?:te |le |les |lo |la )*(?:aviso|confirmo|digo|respondo|contesto|marco|llamo|escribo|hablo|veo)
U (?:te |le |les |lo )?(?:confirmo|aviso|digo|respondo|contesto) (?:luego|despues|mas tarde|al rato|en un rato|xpart|xother|manana|si puedo|cualquier cosa)
U (?:te|le|les) (?:aviso|confirmo|digo|confirmare|avisare|dire)
U (?:deja|dejame|dejeme|dejenme|deje|dejen)(?: (?:ver|checar|checo|chequear|reviso|revisar|pregunto|preguntar|confirmo|confirmar|pensarlo|lo))+
U (?:voy|vamos|tengo|tendria|tendre|necesito|hay) (?:a |que )?(?:ver|checar|revisar|preguntar|consultar|pensar|pensarlo|checarlo|verlo|confirmar|confirmarlo|intentar|tratar|hacer lo posible|organizarme)\w*
U lo (?:veo|checo|pienso|platico|consulto|hablo)(?: con)?|estoy viendo|en eso estoy|ya veremos|veremos|a ver(?: si)?|(?:ya|despues|luego) vemos
U (?:hare|hago|hacer|haremos)(?: todo)? lo posible|(?:trato|tratare|intento|intentare|tratando|intentando)(?: de)?
U espero(?: (?:poder|llegar|ir|que))?|ojala|con suerte|dios mediante|(?:si|primero) dios(?: quiere)?|dios quiera
U (?:no|yo|la verdad|aun|todavia)* ?(?:creo|supongo|pienso|me imagino)(?: que)?(?: (?:si|no))?(?: (?:poder|pueda))?
U no (?:lo )?se(?= ?$| [,.?]| (?:si|que|cuando|aun|todavia|bien|la verdad)\b)(?: (?:si|aun|todavia)\b)?|no estoy segur[oa]|no tengo (?:claro|idea)|(?:todavia|aun)(?: no)?
U no (?:te |le |les |lo )?(?:puedo|podria|podre) (?:confirmar|asegurar|prometer|decir)\\w*|no (?:te|le|les) (?:aseguro|prometo)
U chance(?: (?:si|y si|y))?(?! de)|tal vez|talvez|quizas?|(?:a )?lo mejor|puede (?:ser )?que|capaz(?: que)?|de pronto|probable\\w*|posiblemente|seguramente|igual y|depende|mas o menos|mm+|hm+|eh*mm*
U (?:yo )?(?:les|le|te) (?:hablo|llamo|marco)(?! (?:para|por))|en duda|complica(?: un poco)?|siempre que|casi|quien sabe|por confirmar|(?:me )?falta (?:confirmar|ver|saber|que)|(?:lo )?(?:tengo|dejo) pendiente|siempre y cuando|a menos que|salvo que|en caso|con tal|50 50|fifty|o no
U (?:un poc[oa] |un poquito |algo |como |muy )*(?:tarde|retrasad[oa]s?|demorad[oa]s?|atrasad[oa]s?|retraso|demora|atraso)(?= |$)(?! (?:se|puede|podria|mejor|hay|tienen|tendran|por favor|ese|el mismo))
U (?:me|nos|se me) (?:retraso|demoro|atraso|tardo|demore|hizo tarde|esta haciendo tarde)|esperenme|espereme|me esperan|me espera
U (?:quiero|hay que|necesito) (?:pensarlo|ver|verlo)
R (?:re ?agend|re ?program|pospon|pospus|aplaz|posterg|recalend|re ?prograr)\w*
R (?:cambi|mov|muev|pas|recorr|corr|adelant|retras|atras)(?:e|a|o|ar|er|ir|i|ie|emos|amos|en|an|ame|eme|enme)?(?:me)?(?:la|lo|mela|melo|sela)
R (?:me |nos |se )?(?:la|lo) ?(?:puede[sn]? |podemos |podrian? |podran? |pueden? )?(?:cambi|muev|mov|recorr|pas|adelant|retras|atras|corr|dej)(?:a|an|as|amos|emos|ar|er|e|en|aria|arian)(?: para)?
R (?:quiero|quisiera|queria|necesito|puedo|puede[sn]?|podemos|podria[sn]?|podre|podran?|se|me|poder|para|hay que|favor de|me gustaria|quieren|posible|chance de) (?:se |me |nos |la |puede |podra |podria |puedes |pueden )*(?:cambiar|mover|recorrer|correr|adelantar|atrasar|retrasar|modificar|pasar (?:el|la|mi)|cambio|dejar\\w*)(?: (?:el|la|mi|de|cita|turno|hora|dia|fecha|horario))*
R cambio de (?:hora|dia|fecha|cita|horario)|cambiar(?: (?:la|mi|de|el))? (?:cita|turno|hora|dia|fecha|horario)|cambiar(?= para| al| a|$)
R otr[oa]s? (?:dias?|horarios?|momento|turno|hora|horas|fechas?|cita|ocasion|vez que)|(?:que|cual) otr[oa]s?
M mas (?:temprano|tardecito|tempranito|tarde)
R (?:para )?(?:la|el) (?:proxim[oa]|otr[oa]|siguiente) (?:semana|mes)|semana que (?:viene|entra)|mes que viene|(?:el )?fin de semana|entre semana
R (?:a )?(?:esa|es[ea]|ese) (?:hora|dia|horario) (?:no|se me|me)(?: (?:puedo|me queda|me late|podre|alcanzo|complica|acomoda|sirve))*(?: bien)?|no (?:puedo|me queda|me acomoda|me sirve|podre|alcanzo)(?: bien)?(?: ir)?(?: a| en)? (?:esa hora|ese dia|ese horario)
O numero equivocado|no soy|se equivocaron|equivocad[oa]|ya no me (?:manden|escriban|molesten)|no me (?:manden|escriban|molesten|llamen)|dejen de|dej(?:a|e) de
O (?:la )?vez pasada|(?:la )?ultima vez|como siempre|otra vez|de nuevo|(?:me|nos) (?:dejaron|hicieron|cobraron|cancelaron|quedaron|mintieron|van a cobrar)|esperando|cobrar\w*|ratero\w*|ladron\w*|rater[ao]s?
O pesim[oa]|horrible|verguenza|queja\w*|reclam\w+|molest[oa]s?|mal servicio|puntuales|chistos[oa]s|burla|mentira\w*|doble|demanda\w*|profeco|estafa\w*|ya les crei|crei|semanas|meses|no (?:me )?han|sin avisar|cancelan|cancelaron|ya fui|ya vine|encargado|fallando|no puedo creer
N (?:ya |es que |creo )?(?:no )?(?:ya )?no (?:voy a |vamos a |boy a |ba a |va a )?(?:poder|podre|podremos|puedo|podemos|podria|podriamos)(?: (?:ir|asistir|llegar|acudir|estar|presentarme|hacerlo|lograrlo|ahi|mas|xsame))*(?! (?:(?!x)\w*(?:ar|er|ir)(?:me|te|se|l[aeo]s?|nos)?|a (?!x)\w*(?:ar|er|ir)|sol[oa]s?|de|en|sin|con|a tiempo|puntual\w*|temprano|tarde|much[oa]|antes|hasta|muy|mas (?:de|tarde|temprano))\b)
N (?:ya )?no (?:ire|iremos|voy|vamos|asistire|asistiremos|asisto|llego|llegare|llegamos|alcanzo|alcanzare|alcanzamos|estare|estaremos|vengo|acudire|boy|caigo)(?: a (?:ir|llegar|asistir|alcanzar|alcanzar a ir|estar))*(?: a (?:ir|llegar))*(?! (?:a (?!x)\w*(?:ar|er|ir)|sol[oa]s?|tarde|temprano|en|de|a tiempo|sin|con|muy|antes|hasta|puntual\w*)\b)
N (?:me (?:es|sera|resulta|va a ser) |sera |es )?imposible(?: (?:ir|asistir|llegar))*
N (?:quiero |quisiera |necesito |tengo que |tuve que |debo |deseo |voy a |vamos a |me toca |toca |hay que |prefiero |mejor |favor de |a |la |lo )*cancel(?:ar|arla|arlo|amos|aremos|are|a|e|en|as|ame|eme|enme|amela|emela|enmela|ala|ela|enla|alo|enlo)(?! (?:la|el|mi|esa|ese|los|las|su) (?!cita|turno|reserva|hora|visita|xsame|por|gracias|del|no))(?: (?:la|mi|el|esa|por favor|cita|turno|reserva|hora|xsame|del|no mas|nomas|solo))*
N anul(?:a|e|en|ar|ala|ame|enla|arla)(?: (?:la|mi|cita|turno))*
N no (?:cuente[ns]?|cuentan) conmigo|no me (?:espere[ns]?|aparten)|ya no(?: ,? ?(?:muchas |mil )?(?:gracias|quiero|la necesito|lo necesito|hace falta|es necesario|me interesa|me da))*(?= [,.]| ?$)
N no (?:la|lo) (?:hago|armo|logro)|no me (?:da|dara|va a dar)(?: el| dar)?(?: tiempo)?|no quiero(?: (?:ir|la cita|nada))*|desisto|me arrepenti|den(?:me)? de baja|me bajo
X enferm[oa]s?|hospital|covid|fiebre|gripe|gripa|viaje|viajo|imprevisto|compromiso|emergencia|urgencia|accidente|lamentablemente|desafortunadamente|desgraciadamente|lamento|lo siento|disculp\w+|perdon\w*|que pena|pucha|hijole|chuta|uy|una disculpa
K (?:ya )?(?:voy|vamos|estoy|estamos) (?:en camino|en ruta|llegando|saliendo|para alla)|ya (?:voy|llegue|estoy (?:aqui|afuera))
Y (?:si |ok |claro )?(?:ahi|alla|aqui|aca|alli) (?:si )?(?:estare|estaremos|estoy|estamos|voy a estar|vamos a estar|voy|vamos|ire|iremos|llego|llegamos|llegare|nos vemos|los veo|te veo|le veo|las veo|andamos|andare|ando|caigo|te caigo|les caigo|le caigo|caemos|me tienen|me tendran|me veras|me veran|paso|pasare|vere|le llego|les llego|te llego)
Y (?:estare|estaremos|voy a estar|vamos a estar|llego|llegare)(?: (?:ahi|alla|alli|aqui|puntual|presente|con ustedes))*|(?:estoy|estamos|ando|andamos) (?:por )?(?:ahi|alla|alli|aca|con ustedes)
Y (?:obvio |claro )?(?:que )?(?:si |yo si )?(?:voy|ire|iremos|asistire|asistiremos|asisto|acudire|acudo|boy|voi)(?: a (?:ir|asistir|estar|llegar|acudir))?(?! a (?!x)\w*(?:ar|er|ir)(?:l[oa]|me|te|le)?\b)
Y (?:le |les |te )?(?:confirmo|confirmamos|confirmad[oa]s?|confirmadisim[oa]|reconfirmo|confirmando|(?:(?:quiero|quisiera|deseo|para|queria|paso a) |(?<=\A ))confirmar)(?: (?:mi|la|cita|asistencia|turno|hora|xsame))*|(?:cita|asistencia) confirmada|queda confirmad[oa]
Y nos (?:vemos|topamos)|(?:los|te|le|las) (?:veo|vere|topo)|(?:cuente|cuenten|cuentas|cuentan|cuentes|cuenta) (?:conmigo|con (?:ello|eso|nosotros))|de todas (?:maneras|formas)|sigue en pie|en pie|jalo|le llego|(?:mi )?asistencia|hasta xsame|le entro|de que voy ,? ?voy|pasare|paso (?:por ahi|por alla|por alli|xsame|a esa hora)|nos (?:pillamos|vidrios)|ya rugiste|(?:agend|apunt|anot)(?:eme|ame|enme)
U si(?= (?:no|me|te|se|le|les|nos|hay|tengo|tuviera|salgo|sale|salen|termino|termina|consigo|logro|alcanzo|encuentro|llueve|deja|dejan|dan|da|puedo|pudiera|todo|mi|el|la|los|las|es|quieren|gustan|ustedes|usted|acaso|fuera|tienen|sigo|sigue|estoy|anda|ando|viene|vienen|llega|llegan|quieres|acabo|cierra|cierran|dios)\b)
W si+(?:p|pi|pis|po|pues|sisi)|sisi|fij[oa]|tamos|claro(?: que si)?|por supuesto|desde luego|(?:okey|okidoki|okis|okas|oka|okay|okey|ok|oki|oks)(?: dokey| doki)?|va(?= [^a-z]| ?$| (?:gracias|ahi|alli|nos|pues|que|dale|listo|perfecto|ok|entonces|por|carnal|wey|guey|bro|muy|el|claro)\b)|vale|sale(?: y vale)?|dale|simon\w*|sep|see|arre|andale|orale|sobres?|zas|listo|listos|lista|de una|perfecto|excelente|genial|buenisimo|buenazo|joya|barbaro|bacan|chevere|super|de acuerdo|afirmativo|correcto|asi es|exacto|esta (?:bien|perfecto|genial)|me parece(?: (?:bien|perfecto|genial))?|todo bien|muy bien|bien|de diez|diez puntos|segur[oa]|segurisim[oa]|con (?:mucho )?gusto|a huevo|obvio|obvi[oa]|bobis|ya estas|ya (?:quedo|estuvo|esta)|trato hecho|cerrado|ya|bueno|me (?:sirve|queda bien|late|acomoda)|acept[oa]|aceptad[oa]|encantad[oa]|presente|agendad[oa]|anotad[oa]|por mi bien|chido|chevere|fino|cheto|piola|tranqui|hecho|fierro|camara|juega|jale|posi|yes|yep|chi|listones|ya vas|va que va|hagale|microbio|quedo al pendiente|quedamos|todo en orden
W si+(?= [^a-z]| ?$| si+\b| (?:EMPTY)\b)
B no+|negativo|noup|nope|nones|nel pastel|nel
P (?:no )?(?:puede ser|podria ser|podra ser|se podra?|se podria|sera posible|seria posible|habra (?:chance|modo|espacio|lugar|manera|forma)|habria|hay (?:chance|lugar|espacio|hueco|disponibilidad|algo)|tienen?|tendran?|tendrias?|puedo(?: (?:ir|llegar|pasar|asistir))?|podria|podriamos|podemos|que sea|prefiero|preferiria|me queda mejor|mejor|seria mejor|me conviene|me gustaria|quisiera|y si|que tal|se puede|lo dejamos|la dejamos|pueden?|habria chance)
D nunca|jamas|tampoco|ni|nadie|nada|cancel\w*|anul\w*|pero|aunque|antes|esta vez
U broma|suenos|ja|onda|fui|iba|hubiera|cuanto|si(?= \w)|o|excepto|solo|solamente|nomas|cuando|mientras
Q (?:a )?(?:que hora|donde|cuant[oa]s?|cual|(?<!con )quien|como|por que|que (?:cita|llevo|necesito|debo|tengo|es|hay|dia))|aceptan|estacionamiento|(?:tengo|hay) que llevar|me (?:manda|mandan|repite|pasan|mandas|envian|dicen|dice)|ubicacion|direccion|factura
"""
ES_EMPTY = """
hola holi buenos buenas buen buena dia dias tarde tardes noche noches que tal gracias muchas mil muchisimas por favor senor
senora senorita doctor doctora don dona joven amigo amiga hermano hermana carnal parce parcero veci vecino bro wey guey causa che
compa jefe mijo mija linda bella corazon saludos saludo bendiciones feliz excelente bonito lindo avisar aviso avisarme recordar
recordarme recordarmelo recordarnos recordatorio mensaje informacion muy amable amables la el mi mis nuestra cita turno hora horas
reserva reservacion consulta servicio mantencion a al de del en para y e pues este ahi po tantito eh ah oh o sea mira mire mireno oiga oye entonces
alla alli aqui aca estimado estimada estimados cordial cordiales con usted ustedes les le te me lo se es yo soy nosotros puntual puntualmente punto tambien todo igualmente un una unos
semana esposa esposo marido mujer hijo hija mama papa novio novia amigos familia nomas tengo todos mas minutos minuto min diez quince
cinco antes temprano xsame xpart primera hasta luego pronto entendido enterada enterado recibido anotado recuerdo super puro gusto
ya lo la anotada digo estoy estare ok atencion confirmacion persona personas dos tres ambos juntos cita agradezco agradecido encanta verlos verte verlas
caballero equipo asistencia presente acompanado acompanada mismo ese esa esto eso como siempre10 preocupe senito
"""
ES_REASONS = """
porque trabajo chamba pega laburo viaje junta reunion examen escuela clase clases trafico lluvia carro coche auto moto nino nina bebe
abuela abuelo suegra jefe ultima ultimo momento fuera ciudad cuidar quedo quede tuve salir turno cubrir personal familiar problema
problemas motivos salud cosas algo otro otra lado llegar ir mucho mal me la lo han ha he sido ninguno dinero lana plata este estos hoy mucha pena con
ustedes fijese fijate llamo decirle decirles avisarles aviso avisar queria comentarle mama papa cama medico resfriado dolor cabeza
muela estomago funeral velorio fallecio murio boda vuelo avion transporte camion paro bloqueo lejos tarde necesito esa ese mi tiempo
compromiso trabajar en entro salgo no mas nomas cita gracias entrega alcanza alcanzo ir
"""
PT = r"""
U (?!100)\d+ ?(?:%|por ?cento)|50 (?:\. )?50|(?:com a|na) condicao(?: de)?(?: que)?|por enquanto|assim que|vou confirmar|pensando em (?:cancel|desmarc)\w*|nao (?:, |\. )*(?:espera|pera)\w*
O (?:eu )?sou o papa|desmarcaram|da lista
_ valeu|opa|oi
N nao (?:vou|terei|vai) ter como(?: ir)?|nao (?:terei como|vou dar conta)|vou (?:ter que|precisar) faltar|(?:furou|deu ruim)|fica para (?:a )?proxima|estou fora|(?:pode )?libera(?:r)? (?:o|meu) horario|tira meu nome(?: da lista)?|vou deixar passar
O (?:segunda|terceira|quarta|xother) vez|palhacada|maravilha cancel\w+
Y pode(?:m)? (?:contar(?: comigo)?|reservar|deixar reservado|manter|guardar)|estou indo(?: sim)?
_ bo[am] (?:dia|tarde|noite)
U atrasad[oa]s?
O pior(?:es)?|ruim|pessim\w+|odeio|decepc\w+|devol\w+|reembols\w+|roub\w+|advogad[oa]|processar|policia|denunci\w+
L (?:chego|chegaria|chegarei|vou chegar)(?: (?:as|umas|la))*(?= xother)
Y nao (?:vou |vamos |posso )?(?:faltar|falto|faltarei|perder|perco|perderei)(?: (?:isso|essa|por nada|nao))*
W nao (?:precisa |vou |precisam |quero |queria )?(?:cancelar|cancela|cancele|cancelem|desmarcar|desmarque|desmarca)
W sem (?:problemas?|duvida|falta|erro)|nao tem problema|nao ha problema
U (?:depois|mais tarde|logo|ja ja|daqui a pouco|xpart|xother|xsame|amanha) (?:eu )?(?:te |lhe |vos )?(?:aviso|confirmo|falo|digo|respondo|retorno|ligo|mando)
U (?:te |lhe )?(?:confirmo|aviso|falo|digo|respondo|retorno) (?:depois|mais tarde|logo|xpart|xother|amanha|ja ja|daqui a pouco)
U (?:te|lhe) (?:aviso|confirmo|falo|digo|respondo|retorno)
U (?:eu )?(?:nao )?acho(?: que)?(?: (?:sim|nao))?|talvez|quem sabe|provavel\w*|possivelmente|quase|depende|tomara|espero(?: que)?|mais ou menos|mm+|hm+
U (?:eu )?(?:ainda )?nao (?:eu )?sei(?: (?:se|ainda))?|(?:ainda )?nao tenho certeza|ainda (?:vou|nao|estou|preciso|tenho)|nao consigo (?:confirmar|garantir|dizer)|nao posso (?:confirmar|garantir|prometer)|nao garanto|nao prometo
U vou (?:ver|tentar|verificar|olhar|pensar|falar|checar|conferir|fazer o possivel)\w*|vou ter que ver|tenho que (?:ver|confirmar|checar)|preciso (?:ver|confirmar|checar|falar)|deixa (?:eu )?(?:ver|olhar|confirmar|checar|pensar)|estou vendo|tentar\w*|tento
U pode ser que|so se|caso|se (?:eu|nao|der|chover|conseguir|tiver|sair|deus|puder|meu|minha|o|a|tudo|parar)|(?:um pouco |uns? \w+ minut\w+ )?atrasad[oa]|atrasar|atraso|mais tarde (?:te|eu|falo)
R (?:re ?marc|re ?agend|adi|antecip|transf)(?:ar|a|e|o|em|amos|ei|ir|ira)?(?: (?:para|o|a|meu|horario))*
R deix\w+ para|vamos deixar para
R (?:mud|troc)(?:ar|a|e|o|em|amos|ei)(?: (?:para|o|de|meu|horario|dia))*|(?:me )?pass(?:a|ar|e) (?:para|o)|encaix\w+|deix\w+ para
R outr[oa]s? (?:dias?|horarios?|datas?|hora|momento)|(?:qual|que) outr[oa]s?
M mais (?:cedo|tarde)
R semana que vem|proxima semana|mes que vem|(?:no )?fi[mn] de semana
R (?:n?ess[ea]|neste|nessa) (?:horario|dia|hora) (?:eu )?nao(?: (?:posso|consigo|da))*|nao (?:posso|consigo|da)(?: ir)? (?:n?ess[ea]|neste|nessa|no|a) (?:horario|dia|hora)
O ultima vez|outra vez|de novo|(?:me|nos) (?:deixaram|fizeram|cobraram|cancelaram)|esperando|numero errado|nao sou|engano|parem|pare de|vergonha|cancelaram|em cima da hora|pontuais|pontualidade|parabens|sempre|absurdo|reclam\w+|pessim[oa]|procon|golpe|ja fui|nao chegou|atendente|ladro\w+|kkk*
N (?:eu )?nao (?:vou|irei|vamos|poderei|posso|poderemos|podemos|consigo|conseguirei|conseguimos|tenho como|temos como|da|dara|vai dar|vai rolar|rola|vai ser possivel|comparecerei|estarei|quero|preciso|preciso mais)(?: (?:poder|puder|conseguir|ir|comparecer|chegar|estar|mais|nao|la|ai|querer|precisar|xsame))*(?! (?:(?!x)\w*(?:ar|er|ir)(?:me|se|te|lo)?|de|com|sozinh\w+|me|te|so|sem|a tempo|no horario|cedo|tarde|atrasad\w+|muito|antes|ate)\b)
N (?:vou ter que |vou ter de |terei que |tenho que |preciso |quero |queria |gostaria de |pode |podem |vou |teria como |poderia )*(?:cancel|desmarc)(?:ar|a|e|em|o|ei|amos)(?: (?:meu|minha|o|a|horario|consulta|para|mim|xsame|por favor))*|desmarque\w*
N (?<!nao )desist(?:i|o)|nao conte(?:m)? comigo|impossivel|sem condicoes|(?:eu )?ja resolvi|nao vou mais|deixa para la|deixa quieto
K (?:estou|ja estou|estamos) (?:a caminho|chegando)|(?:ja )?cheguei
Y (?:sim )?(?:eu )?(?:vou|irei|comparecerei|estarei|estaremos|vamos|iremos|chego|chegarei|compareco)(?: (?:estar|comparecer|ir|sim|la|ai|presente|com certeza))*(?! (?!x)\w+[aei]r\b)
Y (?:estou|estamos) (?:ai|la|dentro|confirmad[oa]|confirmando)|confirm(?:o|ado|ada|ados|adissim[oa]|amos|ar|ando)(?: (?:minha|meu|a|presenca|horario|consulta|sim|xsame))*|pode(?:m)? (?:confirmar|contar comigo|deixar(?: (?:marcado|confirmado|anotado))?|marcar|manter)|conte(?:m)? comigo|nos vemos|ate (?:xsame|la)|presenca(?: confirmada)?|esta (?:confirmado|marcado|de pe)
W si+m*|ss|marcado|claro(?: que sim)?|ok|okay|beleza|fechou|fechado|combinado|(?:esta )?(?:bom|bem|otimo|certo|ok|tranquilo|perfeito)|tudo (?:bem|certo)|com (?:certeza|ctz)|certeza|bora|demorou|tmj|tamo junto|tamos junto|show(?: de bola)?|perfeito|joia|otimo|certo|certinho|isso(?: mesmo| ai)?|uhum|aham|opa|pode ser|pode deixar|deixa comigo|massa|top|maravilha|correto|exato|positivo|de acordo|concordo|suave|tranquilo|na boa|legal|valeu|falou|partiu|ta|yes|sussa|firmeza|formou
B nao+|negativo
P da para(?: ser)?|tem(?: como| vaga| horario| algum| algo)?|posso(?: (?:ir|chegar))?|podemos|podemos|prefiro|preferia|melhor|seria melhor|consegue[m]?|consigo|so (?:consigo|posso)|teria[m]?|queria|gostaria|poderia|pode|que tal|da|seria
D nunca|jamais|nem|ninguem|nada|cancel\w*|desmarc\w*|mas|porem|antes|dessa vez|desta vez
U ia|iria|fui|se(?= \w)|so|quando|enquanto
Q (?:que|qual) (?:horas?|dia|consulta|horario|e)|onde|quanto|qual|quem|como|por que|preciso levar|aceita[m]?|estacionamento|endereco|localizacao|demora|levar|(?:o )?que(?= (?:e|levar|devo|tenho|preciso|precisa|documentos?)\b)
"""
PT_EMPTY = """
ola oi oie bom boa dia tarde noite tudo obrigado obrigada brigado brigada muito por favor senhor senhora doutor doutora moca moco amigo amiga
querida querido mano cara gente abraco abracos beijo bjs lembrar lembrete lembrarem aviso avisar mensagem a o as os de do da em no na nos para e
ai la eu ja com meu minha esposa esposo marido mulher filho filha mae pai namorado namorada que entao olha ne esta estou ta consulta horario hora horas
marcado marcada xsame xpart uns umas um uma minutinhos minutos minuto antes cedo pontual ate logo mais breve sim tambem todos presenca confirmacao e nosso
atendimento pontualmente dez cinco quinze que agradeco atencao tchau pessoa pessoas dois duas ambos juntos eh deus voces voce lhe te me pela pelo isso anotado aguardo ansioso ansiosa feliz nossa
"""
PT_REASONS = """
porque trabalho trabalhar reuniao escola aula prova transito chuva carro moto bebe crianca avo sogra chefe ultima ultimo momento hora fora cidade cuidar fiquei ficou tive sair
pessoal familiar problema problemas motivos saude coisa coisas algo outro outra lugar muita pena dinheiro grana hoje marido me um uma com tarde preciso nessa nesse essa esse no na
medico resfriado dor cabeca dente barriga velorio faleceu morreu casamento voo aviao onibus longe tempo compromisso tenho tinha estou estava mesmo chamar de dia plantao
"""
EN = r"""
U (?!100)\d+ ?(?:%|percent)|50 (?:\. )?50|on condition(?: that)?|for now|as soon as|thinking (?:of|about) cancel\w*|no (?:, |\. )*wait|hang on|hold on
O i am the (?:pope|queen|king)|(?:from|off) (?:this|your|the) list|famous for
W sounds (?:like a plan|good to me)|(?:good|fine|ok|okay) (?:by|with) me|suits me|no doubt|bet|say less|aight|righto|sorted|spot on|(?:we|you) are on|as planned|for real|heck yeah|hell yeah
N (?:have to|gotta|need to|will have to|ill have to|must|going to) (?:bail|skip|miss|call it off)(?: (?:it|this one|my appointment|the appointment|xsame))*|no can do|count me out|i am out|not happening|not gonna happen|give (?:my|the) (?:slot|spot|place)(?: (?:away|to \w+ \w+))?|call it off|(?:i |id |i would )*rather not|can no longer (?:make it|come|attend|be there)|(?:i |we )*(?:aint|am not) (?:gonna )?(?:coming|making it|make it|come)|(?:i |we )*(?:am|are|will be|ill be) (?:away|abroad|out of town)
U (?:can not|cannot|could not|did not|have not|not|never) (?:been )?(?:able to )?confirm\w*
U (?:can not|cannot|wont|will not|not) (?:be able to )?(?:make it|be there|come|get there|arrive|be) (?:on time|early|before|by|until|late|alone|without)
U (?:my|our) (?:son|daughter|wife|husband|mom|mother|dad|father|friend|partner|brother|sister|kid|child)s? (?:can not|cannot|will|wont|will not|is not)
W (?:i )?(?:am )?(?:not going to|will not|not|wont) cancel\w*
O bad|awful|hate|waste|disappoint\w*|return|steal\w*|angry|furious|lawyer|attorney|sue|police|court
_ on time|but(?= (?:xother|xsame))
Q is it (?:xsame|xother)(?: or (?:xsame|xother))*
O who cares|believe|unsubscribe|whatever|never (?:call|answer)\w*|complain|money back
Q (?:can|could|may) i (?:still )?cancel(?: later)?|if i cancel
_ good (?:morning|afternoon|evening|day|night)
Y (?:i |we )*(?:would not|wouldnt|will not|not going to|am not going to|would never|can not) (?:be )?miss(?:ing)?(?: (?:it|this|that))?(?: for (?:the world|anything))?
W (?:please )?(?:i )?do not (?:want to |wanna )?cancel(?: (?:it|me|my appointment))?|can not wait(?: to (?:see|be|come)\w*)?(?: (?:you|it|there))*
W no (?:problem|prob|probs|problems|doubt|issue|issues)|not a problem|_why not
_ no worries|do not worry|no need to worry|never mind
U (?:i |we )*(?:ill|will|well|can)? ?(?:let (?:you|u|ya) know|get back to you|try|check|see(?! you)|think about it|confirm (?:later|xother|xpart|soon|xsame)|do my best|call you|text you)\w*
U (?:i |we )*(?:do not|dont) (?:think|know)(?: (?:so|i|we))*(?: (?:can|will))?|(?:i )?think(?: so| i| we)*|maybe|perhaps|not (?:100|really|too|quite|so)? ?(?:sure|certain)|unsure|probably|possibly|likely|depend\w*|hope\w*|might|should be(?: able)?|should|guess|fingers crossed|unless|can not say|ask my|supposed to|planning|tentative\w*|fifty|we will see
D but|nothing
U let me (?:check|see|confirm|ask|look|think)|trying|try|if|late|running|until|once|whether|later i|confirm (?:later|xother|xpart)
R re ?schedul\w*|re ?book\w*|postpon\w*|push(?: it| my \w+)?(?: back| out| to)?|mov(?:e|ing) (?:it|my|the|to|our|this)(?: appointment)?(?: to)?|(?:another|different|other|new|better) (?:day|time|date|slot|appointment|times|days)s?|chang(?:e|ing) (?:it|my|the|to|our)(?: (?:appointment|time|to))*|switch|swap|rain ?check|bump
M (?:anything |any |something |bit |little |slots? |one |time )*(?:earlier|later|sooner)(?: (?:slots?|times?|in the day|that day|on|appointment))*
R next week|following week|next month|(?:this |the )?weekend
O (?:i )?(?:did not|didnt|never|havent|have not) (?:cancel|book|ask)\w*|you (?:have )?cancell?ed|cancell?ed on me
O (?:like )?last time|always|made me|waiting|wait (?:an|for)|for hours|joke|wrong (?:number|person)|stop|lost my|yeah right|not me|never arrived|again|last minute|a human|a person|already came|manager|complain\w*|refund\w*|scam\w*|terrible|worst|rude|unacceptable|ridiculous|love waiting|punctual|you people|another reminder|boomer|lol|haha\w*
N (?:i |we |but |so |sorry |just )*(?:am |are )?(?:can not|cannot|cnat|could not|couldnt|wont|will not|will be unable|not|unable)(?: (?:going|able|be|to|actually|really|gonna))* (?:making it|make it|make|coming|come|attending|attend|be there|there|going|go|get there|get it|do it)(?: (?:it|to|the|my|our|in|xsame|appointment|anymore|there|today))*(?! (?:alone|late|early|without|until|by|with)\b)
N (?:i |we )*(?:can not|cannot|will not|couldnt|could not)(?= [,.]| ?$| sorry| thanks| unfortunately)|(?:can not|cannot|can t) do (?:it|xsame)
N (?:i |we )*(?:have to |need to |want to |would like to |must |gotta |got to |please |going to |just |can you |could you |can i |lets )*cancel(?:l?ing)?(?! (?:my|the|our|this|that|your) (?!appointment|booking|visit|reservation|slot|session|xsame))(?: (?:it|me|my|the|our|that|this|on|appointment|booking|visit|reservation|please|xsame))*
N (?:can not|cannot) xsame|better not(?= ?$| [,.])|(?:please )?take me off(?: (?:the|your) \w+)?
N (?:i |we )*(?:no longer (?:need|want|interested|able|require)|do not (?:need|want)|have to (?:decline|pass|bail)|not interested|ill pass|changed my mind|have changed my mind)(?: (?:it|this|the|appointment|anymore|any more|in))*
K (?:i am )?(?:on (?:my|the|our) way|omw|heading over|almost there|just arrived|i am here)
Y (?:i |we |yes |yeah |ok )*(?:ill|will|well|shall|am going to|are going to|gonna|going to)(?: (?:definitely|certainly|surely|still|be|attend|come|make it|there|their|going|coming|see you))+
Y (?:i |we )*(?:am|are) (?:definitely |still |so )*(?:coming|going|attending|in|confirmed|good)|(?:i |we )?(?:can|do|will) (?:make it|come|attend|be there)|be there|(?:i |we )?confirm(?:ed|ing|s)?(?: (?:my|the|our|appointment|for|xsame|attendance))*|attending|coming|keep (?:it|my appointment|me|the appointment)|count (?:me|us) in|see you(?: (?:then|there|at|on|xsame|soon|all))+|(?:i|we) will
W yes+|ye+p+|yup+|yeah+|yea|yas+|aye|ok+|okay|okey|okie(?: dokie)?|okie dokie|sure(?: thing)?|sounds? (?:good|great|perfect|like a plan|fine|fantastic|lovely)|perfect|great|awesome|excellent|wonderful|lovely|brilliant|cool|fine|all (?:good|set|right)|good|that is (?:fine|great|perfect|good|ok|correct|right)|(?:that |it |xsame )?(?:still )?works(?: (?:for me|great|fine|perfectly|well))*|absolutely|of course|definitely|certainly|for sure|got it|gotcha|you bet|roger(?: that)?|affirmative|correct|right|deal|alright|will do|see you|still (?:good|on)|looking forward(?: to (?:it|that|seeing you))?|happy to|you got it|ten four|noted|yessir|indeed|totally|y
B no+|nope|nah|negative
U cancel\w*|never|nobody|not|ever|was|were|would|wish|pay|or|instead of|only
P (?:can|could|may|would|will|might) (?:we|i|you|it|that|there)(?: (?:do|come|make|be|have|possibly|maybe|please|get|work))*|how about|what about|do you (?:guys )?have(?: anything| any| something)?|is there(?: anything| any| a)?|is it possible|(?:i |id |i would |would )*(?:rather|prefer)(?: (?:come|to|do))*|make it|available|instead|any chance|does not work|doesnt work|will not work|works better|better|free|open|possible|work|anything
Q what|when|where|who|which|why|how|parking|address|bring|price|cost|do i|should i|is it
"""
EN_EMPTY = """
hi hello hey dear good morning afternoon evening day thanks thank you u so much very many for the a an my our your appointment appointments reminder reminding reminders heads up
i we am is are it that this to on at of in with and then there their xsame xpart xsame please sir madam maam doctor dr mr mrs ms team guys all everyone friend mate buddy bro man
me us uh um so well oh just also too will be minutes minute early before ten five fifteen about my wife husband son daughter mom dad kid kids family appreciate it cheers
regards best have great nice one see soon bye again1 message text booking visit can do still yes confirmation letting know here two people person persons both
"""
EN_REASONS = """
because work working meeting school class traffic rain car bike baby kid kids son daughter mother father mom dad grandma boss last minute out town city travel travelling traveling trip
personal family problem issues issue today tomorrow thing things something else had has have got get to is was be from about that for i the my a an sorry time childcare sitter flight funeral
wedding doctor hospital cold fever pain tooth headache broke broken down money afford need want now anymore found somewhere elsewhere this on and stuck am im we are our been called
"""
ES_KEYS = """
confirmo confirmado confirmada confirmar asistire estare cancelar cancela cancelen podre puedo poder reagendar reprogramar perfecto
gracias llegare claro seguro manana jueves viernes sabado lunes martes miercoles domingo cita imposible cambiar otro horario temprano
disculpe alcanzo
"""
ES_LIKE = """
confirma confirme confirmas confirman confirmen confirmaron cancelo cancele canceles cancelan cancelaron cancelado cancelada cancelas
cancelara asistira estara podra podria puede pueda puedes poner llegara llegue clara segura otra otros cambian cambia cambiara cambiaron cambio
cosita citas posible estaba estado marte
"""
PT_KEYS = """
confirmo confirmado confirmada confirmar presenca estarei cancelar cancela remarcar desmarcar consigo conseguir poder poderei perfeito
obrigado beleza combinado certeza amanha segunda terca quarta quinta sexta sabado horario infelizmente comparecer
"""
PT_LIKE = """
confirma confirme confirmam cancelo cancele cancelem cancelam cancelou cancelado cancelada estara estava podera poderia consegue conseguiu
conseguia obrigada combinada perfeita horarios segundo quarto quinto sexto certo
"""
EN_KEYS = """
confirm confirmed confirming appointment cancel reschedule there coming thanks sorry unable attend tomorrow monday tuesday wednesday
thursday friday saturday sunday definitely perfect absolutely
"""
EN_LIKE = """
where cancels cancelled canceled comes their these three theres thank story worry mondays fridays sundays
"""
