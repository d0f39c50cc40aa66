"""What words of a draft stand for, in three languages: the fifteen facts, and the ways to ask for them.

Each concept lists whole words; a star stands for any ending. Words are bare: lower case, no accents. A word
has the first concept that lists it, whole words before beginnings.
"""

from functools import cache, lru_cache

from rapidfuzz.distance import OSA

KEYS = (
    "name", "phone", "email", "address", "order", "document", "appointment", "product", "reason", "photo",
    "purchase_date", "payment_method", "hour", "pet", "branch",
)  # fmt: skip

NAMES: dict[str, tuple[str, ...]] = {
    "NAME": ("name",),
    "PHONE": ("phone",),
    "EMAIL": ("email",),
    "ADDRESS": ("address",),
    "ORDER": ("order",),
    "NUMBER": ("phone", "order", "document"),
    "DOCUMENT": ("document",),
    "VISIT": ("appointment",),
    "DATE": ("appointment", "purchase_date"),
    "PRODUCT": ("product",),
    "REASON": ("reason",),
    "PHOTO": ("photo",),
    "PAYMENT": ("payment_method",),
    "MONEY": ("payment_method",),
    "TIME": ("hour", "appointment"),
    "DAYPART": ("hour",),
    "PET NAME": ("pet",),
    "BUY DATE": ("purchase_date",),
    "SHOP": ("branch",),
}
"""Of the concepts that are names of facts, the facts they may name."""

SPANISH = {
    "NAME": "nombre* gracia",
    "SURNAME": "apellido*",
    "PHONE": "telefono* celular* cel celu fono movil whatsapp whats wsp tel telefonic*",
    "EMAIL": "correo* correit* email* mail mails gmail hotmail",
    "ADDRESS": (
        "direccion* domicilio* ubicacion* ubi dire calle* colonia barrio* comuna localidad postal cp rumbo zona "
        "distrito altura codigopostal hotel hostal"
    ),
    "ORDER": (
        "pedido* orden ordenes folio* ticket* guia localizador boleta* recibo* caso solicitud rastreo seguimiento "
        "tracking reparacion"
    ),
    "NUMBER": "numer* codigo* nro num id referencia* digitos",
    "DOCUMENT": (
        "dni rut run rfc curp ine ife cedula* nit ruc cuit cuil pasaporte* documento* identificacion identidad cc "
        "cpf cnpj rg carnet"
    ),
    "VISIT": (
        "cita* turno* reserva* reservacion* estadia* estancia* consulta hospedaje checkin mesa visita* agend* "
        "viaje limpieza"
    ),
    "WEEKDAY": "lunes martes miercoles jueves viernes sabado* domingo*",
    "DATE": "fecha* dia dias mes meses noche noches semana",
    "PRODUCT": (
        "talla* modelo* marca* producto* articulo* prenda* equipo* plan planes medida* rodado* tamano* "
        "habitacion* aparato aro calza*"
    ),
    "REASON": "motivo* razon problema* inconveniente* falla* queja* asunto detalle inquietud*",
    "PHOTO": "foto* fotit* fotic* fotinh* imagen* captura* pantallazo* screenshot* comprobante* evidencia* voucher* toma tomas",
    "PAYMENT": "pago pagos",
    "WAY": "forma* metodo* medio* modo manera tipo",
    "MONEY": (
        "efectivo tarjeta* transferencia* deposito debito credito contado yape plin nequi pse oxxo paypal "
        "terminal cuotas link"
    ),
    "TIME": "hora horas horario* rato momento",
    "DAYPART": "manana mananas tarde tardes temprano tardecito mediodia matutino vespertino",
    "PET": (
        "mascota* perr* gat* michi* minin* cachorr* lomit* pelud* paciente* conej* animalit* bebe gordit* "
        "pequenit* pequena pequeno bicho"
    ),
    "SHOP": "sucursal* tienda* sede* local locales clinica* gimnasio* filial* unidad*",
    "GIVE": (
        "pas* manda mandas mandar mande mandame* mandas* mandes mandeme* mandanos envia* envie* enviar* comparte* "
        "compart* comparta* dame* deme* danos das da dan den des dar* regala* regale* facilit* proporcion* brind* "
        "anexa* adjunt* dej* escrib* anot* indi* proporc* reenvi* tira* dicta* deletre* digit* copia* llegar "
        "presta* ensena* muestr* mostra* sub* toma* saca* sacale tomale"
    ),
    "TELL": (
        "di dime* diga* dice* dices decir* digame* decime* dinos cuenta* cuente* contame* platica* platique* "
        "explic* detall* describ* recuerd* repit* repet* recordame record* inform* aclar*"
    ),
    "CONFIRM": "confirm* correcto cierto verdad",
    "NEED": (
        "necesit* nesecit* atent* quedo quedamos ocup* requier* requer* precis* urge falta faltan faltaria falto faltando hace "
        "pendiente espero esperando solicit* pido encargo quisiera"
    ),
    "HAVE": "tiene* tengo tenes tendr* tenia cuent* hay",
    "KNOW": "sab* se acuerd*",
    "WHICH": "cual cuales",
    "WHAT": "que",
    "WHERE": "donde adonde",
    "WHEN": "cuando",
    "WHO": "quien quienes",
    "HOW": "como",
    "MUCH": "cuanto* cuanta*",
    "YOUR": "tu tus su sus tuyo suyo tuya suya",
    "YOU": "te le les usted ustedes vos lo",
    "ME": "me nos",
    "OUR": "mi mis nuestr* mio",
    "OTHER": "otr* nuev* distint* diferente* segund* adicional* acompanante* alternativ* mas",
    "THEIRS": (
        "espos* marido herman* amig* novi* hij* mama papa contador* tecnico* repartidor* doctor* persona banco* "
        "paqueteria mensajero transportadora recibe reciba recoge recibir*"
    ),
    "NOT": "no ni nunca tampoco sin",
    "ALREADY": "ya anote registr* listo recibi recibimos gracias vi tenemos",
    "IF": "si caso",
    "OR": "o u",
    "AND": "y e mas",
    "FOR": "para por pa",
    "TO": "a al",
    "IN": "en de del con desde",
    "THE": "el la los las un una unos unas ese esa este esta",
    "BE": "es era fue sera seria son sea eran",
    "BUY": "compr* adquir* sacaste saco llevaste llevo inscrib* conpr* adquisi*",
    "PAY": "pag* abon* cancelar transfer* deposit*",
    "PREFER": "prefier* prefer* gustaria conviene acomoda viene queda facilita mejor sirve convenga",
    "SEND": (
        "mando envio envi* mandamos enviamos mandarte enviarte mandarle enviarle mandarlo enviarlo mandartelo "
        "llevo llevamos entreg* llega llegue llego entrega* lleve despach* recog* busco"
    ),
    "NAMED": "llamas llama llamaba llamabas llaman llames pusieron pusiste dicen",
    "CALL": "llam* marco marcamos marque marcar contact* localiz* ubicar* comunic*",
    "HELP": "ayud* servir* ofrece servirle",
    "HAPPEN": "paso pasa pasando pasado ocurr* sucedi* suced* ocurrio trae duele",
    "WANT": "quier* querias queria vas desea* interesa* pidio pediste pedir ordenar ordenaste gusto pide",
    "SPEAK": "hablo habla tengo placer converso conversando escribe parte gusto",
    "COME": "ven* llega* visit* pueda* puede* puedes podria* podes vienes viene",
    "BRING": "trae traer traiga lleva lleve presenta* muestra",
    "LIVE": "vives vive vivis encuentra* quedando ubicad* estas",
    "FINE": "bien ok vale sale parece sigue siempre",
    "PLEASE": "favor please gentil amable porfis fa fis",
    "HELLO": "hola buen* dias oye disculp* perdon listo claro senor* don dona",
}

PORTUGUESE = {
    "NAME": "nome* graca nominho",
    "SURNAME": "sobrenome",
    "PHONE": "telefone* celular* cel fone whatsapp whats zap tel ddd",
    "EMAIL": "email* mail mails gmail hotmail",
    "ADDRESS": "endereco* localizacao* rua ruas bairro* cep logradouro hotel pousada regiao pin cidade",
    "ORDER": (
        "pedido* encomenda* protocolo* os ordem ordens comanda* rastreio* rastreamento localizador ticket* "
        "chamado senha"
    ),
    "NUMBER": "numer* codigo* nro cod numeracao",
    "DOCUMENT": "cpf cnpj rg cnh documento* passaporte* identidade dni",
    "VISIT": (
        "consulta* reserva* hospedagem* estadia* mesa visita* agend* checkin avaliacao tosa banho horariomarcado "
        "marca* marcar sessao viagem"
    ),
    "WEEKDAY": "segunda terca quarta quinta sexta sabado* domingo*",
    "DATE": "data datas dia dias mes meses noite noites semana ano",
    "PRODUCT": (
        "tamanho* modelo* marcas produto* item itens peca* plano* medida* aro aparelho* quarto* sabor* numeracao "
        "calca calcas equipamento*"
    ),
    "REASON": "motivo* razao problema* defeito* reclamacao assunto duvida* ocorrido queixa",
    "PHOTO": "foto* fotit* fotic* fotinh* imagem imagens print* comprovante* captura* registro",
    "PAYMENT": "pagamento* pagto",
    "WAY": "forma* metodo* meio* jeito modo",
    "MONEY": "pix cartao dinheiro boleto debito credito maquininha avista vale transferencia parcel*",
    "TIME": "hora horas horario* momento",
    "DAYPART": "manha manhas tarde tardes cedo periodo* turno* turma*",
    "PET": (
        "pet pets cachorr* gat* bichinho* bicho* filhote* coelh* animalzinho* animal cao peludo* paciente* "
        "cadel* patinha passarinho"
    ),
    "SHOP": "loja* unidade* filial* clinica* academia* sede*",
    "GIVE": (
        "pass* manda mande mandar mandem mandas envia* envie* enviar* fornec* deix* escrev* digit* soletr* anex* "
        "indi* dar da de der mostr* tira tirar bat* bater anot* compartilh* encaminh* coloc* preench*"
    ),
    "TELL": (
        "diz dizer diga fala fale falar* fala conta conte contar explic* detalh* descrev* lembr* repet* inform* "
        "record*"
    ),
    "CONFIRM": "confirm* certo correto ne",
    "NEED": (
        "precis* necessit* fico ficamos falta faltou faltam faltando aguard* aguardo gostaria consta exige exigindo esperando "
        "queria"
    ),
    "HAVE": "tem tenho tinha teria temos ha",
    "KNOW": "sab* sei",
    "WHICH": "qual quais ql",
    "WHAT": "que oque",
    "WHERE": "onde aonde",
    "WHEN": "quando",
    "WHO": "quem",
    "HOW": "como",
    "MUCH": "quanto* quanta*",
    "YOUR": "seu sua seus suas teu tua teus tuas",
    "YOU": "voce voces te lhe tu senhor* dona moca moco contigo",
    "ME": "me mim nos gente conosco",
    "OUR": "meu minha nosso nossa nossos nossas",
    "OTHER": "outr* nov* diferente* segund* mais acompanhante* algum",
    "THEIRS": (
        "marido espos* irm* amig* namorad* filh* mae pai contador* tecnico* entregador* motoboy doutor* banco* "
        "transportadora dele dela receber* retirar*"
    ),
    "NOT": "nao nem nunca sem",
    "ALREADY": "ja anotei anotado salvo salvei recebi recebemos obrigado obrigada vi achei localizei segue",
    "IF": "se caso",
    "OR": "ou",
    "AND": "e mais",
    "FOR": "para por pra pro",
    "TO": "a ao",
    "IN": "em de do da no na com",
    "THE": "o a os as um uma esse essa este esta isso",
    "BE": "e era foi sera seria sao fica ficou",
    "BUY": "compr* adquir* levou pegou pegaste matricul* comprou",
    "PAY": "pag* acertar acerta",
    "PREFER": "prefer* prefir* melhor gostaria bom fica",
    "SEND": "mando envio entreg* levo enviamos despach* mandar* retir* busco buscar buscamos levamos frete",
    "NAMED": "chama chamas chamam chame batizaram",
    "CALL": "lig* chamo chamar contat* contato avis* retorn*",
    "HELP": "ajud* util",
    "HAPPEN": "aconteceu acontec* houve ocorreu rolando errado sentindo",
    "WANT": "quer quis queria deseja* vai interess* pediu pedir pedido querer vao",
    "SPEAK": "falo fala falando prazer gostaria",
    "COME": "vem vir cheg* pode podem poderia consegue conseg* visit*",
    "BRING": "traz trazer traga leve apresent*",
    "LIVE": "mora moram hospedad* encontra esta tao estao",
    "FINE": "bem ok blz beleza tranquil* mesmo",
    "PLEASE": "favor gentileza please",
    "HELLO": "oi ola bom boa tudo desculp* perdao certo claro opa",
}

ENGLISH = {
    "NAME": "name*",
    "SURNAME": "surname* lastname last",
    "PHONE": "phone* mobile* cell cells cellphone telephone* whatsapp",
    "EMAIL": "email* mail mails inbox gmail emial",
    "ADDRESS": (
        "address* location* street* postcode zip neighborhood neighbourhood hotel* hostel* airbnb pin area "
        "landmark* residence"
    ),
    "ORDER": "order* booking* reservation* ticket* tracking reference* confirmation receipt* case slip ref",
    "NUMBER": "number* code* digits",
    "DOCUMENT": "passport* document* dni rfc cpf tax identity identification ids id",
    "VISIT": (
        "appointment* stay* visit* session* table checkin arrival departure cleaning fitting slot schedul* check "
        "arriving arrive"
    ),
    "WEEKDAY": "monday tuesday wednesday thursday friday saturday sunday",
    "DATE": "date* day days month* night* evening week year",
    "PRODUCT": (
        "size* model* product* item* plan* device* make brand wheel* membership* dress* room type laptop shoe* "
        "piece"
    ),
    "REASON": "reason* problem* issue* matter fault question* regarding",
    "PHOTO": "photo* picture* pic pics image* screenshot* snap proof",
    "PAYMENT": "payment*",
    "WAY": "method* way ways",
    "MONEY": "cash card* transfer debit credit link paypal terminal installments visa",
    "TIME": "time* hour* window",
    "DAYPART": "morning* afternoon* evening* early earlier later",
    "PET": "dog* cat cats pet pets pup* kitten* bunny parrot patient furry cutie little rabbit",
    "SHOP": "store* shop* branch* gym gyms clinic* location* office*",
    "GIVE": (
        "send* give* share* provide* leave drop* shoot type reply attach* upload* forward* text quote get grab "
        "show take spell write add fill put let pass"
    ),
    "TELL": "tell* say says explain* describe* remind* advise know walk state read repeat",
    "CONFIRM": "confirm* correct right",
    "NEED": "need* require* missing waiting want would like still",
    "HAVE": "have has had got handy",
    "KNOW": "remember* happen",
    "WHICH": "which",
    "WHAT": "what whatever wat",
    "WHERE": "where whereabouts",
    "WHEN": "when",
    "WHO": "who whose whom",
    "HOW": "how",
    "WHY": "why",
    "MUCH": "long many much",
    "YOUR": "your yours",
    "YOU": "you",
    "ME": "me us",
    "OUR": "my our ours mine",
    "OTHER": "other another different else new better second updated",
    "THEIRS": (
        "wife* husband* friend* sister* brother* companion* accountant* courier* technician rider driver bank "
        "someone whoever person his her their"
    ),
    "NOT": "not no never without none",
    "ALREADY": "already thanks noted saved received found",
    "IF": "if case",
    "OR": "or",
    "AND": "and plus also",
    "FOR": "for",
    "TO": "to",
    "IN": "in on at of under with from by",
    "THE": "the a an this that these those it",
    "BE": "is are was were be am will",
    "BUY": "buy bought purchase* got sign signed",
    "PAY": "pay* paid paying settle",
    "PREFER": "prefer* suit* works best work rather",
    "SEND": "deliver* sent ship* bring brought pick collect deliver",
    "NAMED": "called named",
    "CALL": "call* ring reach dial contact phoned",
    "HELP": "help* assist*",
    "HAPPEN": "happen* wrong going up",
    "WANT": "want* interested looking ordered",
    "SPEAK": "speaking talking chatting pleasure serving",
    "COME": "come coming came can could may",
    "BRING": "bring show present",
    "LIVE": "live* staying based",
    "FINE": "ok fine good",
    "PLEASE": "please kindly mind",
    "HELLO": "hi hello hey sorry dear sure",
}

LANGUAGES = {"es": SPANISH, "pt": PORTUGUESE, "en": ENGLISH}

SLIPS = {
    "es": {"ubi": "ubicacion", "dire": "direccion", "num": "numero", "nro": "numero", "nº": "numero"},
    "pt": {"num": "numero", "nro": "numero", "ender": "endereco", "ql": "qual", "cod": "codigo"},
    "en": {"num": "number", "ref": "reference", "addy": "address", "doc": "document"},
}
"""What drafts shorten beside what customers do."""
AS_TYPED = frozenset(
    [
        "ay",
        "cc",
        "dr",
        "dra",
        "e",
        "fone",
        "haber",
        "info",
        "mail",
        "min",
        "mon",
        "sat",
        "sun",
        "tan",
        "to",
        "os",
        "pe",
        "zap",
        "s",
        "d",
        "c",
    ]
)
"""Words that are no abbreviation in a draft."""


OFTEN_SLIPPED = frozenset({"NAME", "PHONE", "EMAIL", "ADDRESS", "NUMBER", "DOCUMENT", "PHOTO", "ORDER"})
SLIPPED = 5
"""Letters from which on a word may be the name of a fact with a slip."""


@lru_cache(8192)
def concept(word: str, language: str) -> str:
    """What a bare word stands for, or the word itself; names of facts also with a slip."""
    whole, beginnings, names = _table(language)
    if found := whole.get(word):
        return found
    for length in range(len(word), 1, -1):
        if found := beginnings.get(word[:length]):
            return found
    if len(word) >= SLIPPED and word.isalpha():
        for name, found in names:
            if abs(len(word) - len(name)) <= 1 and OSA.distance(word, name, score_cutoff=1) <= 1:
                return found
    return word


@cache
def _table(language: str) -> tuple[dict[str, str], dict[str, str], list[tuple[str, str]]]:
    whole: dict[str, str] = {}
    beginnings: dict[str, str] = {}
    for name, words in LANGUAGES.get(language, SPANISH).items():
        for word in words.split():
            if word.endswith("*"):
                beginnings.setdefault(word[:-1], name)
            else:
                whole.setdefault(word, name)
    names = [
        (word, name)
        for word, name in (whole | beginnings).items()
        if name in OFTEN_SLIPPED and len(word) > SLIPPED
    ]
    return whole, beginnings, names
