"""How customers ask for what a business can tell of itself, and the questions that ask for nothing else.

`WAYS` are what the index finds facts by. `kind_of` is stricter: it names a kind only where every word of
a message belongs to that question, so "a qué hora abren" is the hours and "a qué hora abre la cocina" is not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conversations.facts.days import MONTH, WEEKDAY

WAYS: dict[str, dict[str, tuple[str, ...]]] = {
    "hours": {
        "es": (
            "¿Están abiertos hoy?", "¿A qué hora abren?", "¿Hasta qué hora atienden?", "¿Abren mañana que es feriado?",
            "horario de atención", "abren los domingos?", "q dias abren", "a que hora cierran", "abren el 24?",
            "trabajan en semana santa?", "siguen abiertos a esta hora?", "puedo ir el sabado en la tarde",
        ),
        "pt": (
            "Vocês estão abertos hoje?", "Que horas abre?", "Até que horas atendem?", "Abre amanhã que é feriado?",
            "horário de funcionamento", "abre domingo?", "ta aberto hj?", "q horas fecha", "abre dia 24?",
            "vcs trabalham no carnaval?", "ainda tá aberto?", "posso ir no sabado a tarde",
        ),
        "en": (
            "Are you open today?", "What time do you open?", "Until what time are you open?", "Are you open on the holiday?",
            "opening hours", "open on sundays?", "what days are you open", "when do you close", "open on the 24th?",
            "are you open at christmas", "still open now?", "can i come on saturday afternoon",
        ),
    },
    "place": {
        "es": (
            "¿Dónde están?", "¿Cuál es la dirección?", "me pasas la ubicacion", "como llego a la tienda", "donde quedan",
            "en que calle estan", "mandame el mapa", "donde se encuentran ubicados",
        ),
        "pt": (
            "Onde vocês ficam?", "Qual é o endereço?", "me passa a localização", "como chego na loja", "onde fica a loja",
            "em que rua fica", "manda o mapa", "onde vcs estão localizados",
        ),
        "en": (
            "Where are you?", "What is the address?", "send me your location", "how do i get to the store", "where is the shop",
            "what street are you on", "send me the map", "where are you located",
        ),
    },
    "order": {
        "es": (
            "¿Dónde está mi pedido?", "¿Ya salió mi pedido?", "¿Cuándo llega lo que compré?", "Estado de mi orden",
            "ya enviaron mi paquete?", "cuando llega mi compra", "quiero rastrear mi pedido", "seguimiento de mi pedido",
            "ya esta lista mi orden?",
        ),
        "pt": (
            "Onde está meu pedido?", "Meu pedido já saiu?", "Quando chega o que comprei?", "Status do meu pedido",
            "ja enviaram meu pacote?", "quando chega minha compra", "quero rastrear meu pedido", "cade meu pedido",
            "meu pedido ja ta pronto?",
        ),
        "en": (
            "Where is my order?", "Has my order shipped?", "When does what I bought arrive?", "Status of my order",
            "did you send my package?", "when will my order arrive", "track my order", "is my order ready",
        ),
    },
    "appointment": {
        "es": (
            "¿A qué hora es mi cita?", "¿Cuándo es mi cita?", "que dia tengo mi cita", "cuando es mi turno",
            "a que hora tengo turno", "me recuerdas mi cita", "sigue en pie mi cita?", "datos de mi reserva",
        ),
        "pt": (
            "Que horas é meu agendamento?", "Quando é minha consulta?", "que dia é meu horario marcado",
            "minha consulta esta confirmada?", "que horas é minha reserva", "me lembra meu agendamento",
        ),
        "en": (
            "What time is my appointment?", "When is my appointment?", "what day is my booking",
            "is my appointment confirmed", "remind me of my appointment", "details of my reservation",
        ),
    },
    "payment": {
        "es": (
            "¿Ya se registró mi pago?", "¿Cuánto debo?", "les llegó mi pago?", "tengo algun pago pendiente",
            "cual es mi saldo", "se acredito mi pago?", "estado de mi pago", "cuando vence mi pago",
        ),
        "pt": (
            "Meu pagamento já caiu?", "Quanto eu devo?", "receberam meu pagamento?", "tenho algum pagamento pendente",
            "qual é o meu saldo", "status do meu pagamento", "quando vence meu boleto",
        ),
        "en": (
            "Did my payment go through?", "How much do I owe?", "did you receive my payment", "do i have a pending payment",
            "what is my balance", "status of my payment", "when is my payment due",
        ),
    },
    "product": {
        "es": ("¿Cuánto cuesta o hay en existencia?",),
        "pt": ("Quanto custa ou tem em estoque?",),
        "en": ("How much is it, or is it in stock?",),
    },
}  # fmt: skip
CATEGORIES = {
    "hours": "general", "place": "general", "order": "support", "appointment": "support", "payment": "support",
    "product": "sales",
}  # fmt: skip


def words_of(*texts: str) -> frozenset[str]:
    """The words of some texts."""
    return frozenset(word for text in texts for word in text.split())


GLUE = words_of(
    "a al de del el la los las en es e y o u por para que me mi un una lo le les se su ya si con este esta estos",
    "hola buenas buenos dias dia tardes tarde noches noche gracias favor disculpa disculpe oye oigan saber quisiera queria quiero puedo puedes puede pueden decir dime dices digan dicen podrias podrian informacion ustedes tu te tienes tienen tengo hay son soy estoy",
    "o os as do da dos das no na nos nas um uma em pra para por e eu voce voces oi ola bom boa obrigado obrigada gostaria queria quero posso pode podem dizer me diz sabe tem tenho seu sua estou sao foi",
    "the a an of on in at to for is are am be do does did you your i we us can could would please hi hello hey thanks thank tell know have has and or it what whats",
)
TIMES = words_of(
    "hora horas horario horarios hasta desde cuando cual cuales hoy manana pasado ahora todavia aun sigue siguen abren semana fin entre proximo proxima viene feriado feriados festivo festivos puente asueto navidad nochebuena ano nuevo santa santo pascua carnaval fin mismo esta noche tienda local negocio sucursal taller ir pasar venir llegar encontrar atencion dias inhabiles",
    "que ate quando hoje amanha depois agora ainda proximo proxima semana feriado feriados natal vespera ano novo carnaval pascoa feira horarios funcionamento atendimento loja ir passar noite manha tarde sabe",
    "time times until till when today tomorrow tonight now still next week weekend weekends holiday holidays christmas new year eve easter good day days morning afternoon evening night store shop business come by am pm after right",
) | frozenset((*WEEKDAY, *MONTH))


@dataclass(frozen=True, slots=True)
class Question:
    """A kind of question: one word of each set must be there, and none that is in no set at all."""

    kind: str
    needs: tuple[frozenset[str], ...]
    may: frozenset[str] = frozenset()


MINE = words_of(
    "mi mis meu minha meus minhas my mine tengo tenho compre comprei bought debo devo owe nuestro nosso our"
)
QUESTIONS = (
    Question(
        "appointment",
        (
            words_of("cita citas turno turnos reserva reservacion agendamento consulta consultas appointment appointments booking reservation"),
            MINE,
            words_of("cuando hora horas dia datos recuerdas recuerdame recuerda sigue confirmada confirmado quando horario lembra marcado marcada when time day remind confirmed details status estado"),
        ),
        TIMES | words_of("pie siguiente proxima next seria donde onde where"),
    ),
    Question(
        "payment",
        (
            words_of("pago pagos pagamento payment payments saldo deuda adeudo debo devo owe balance boleto boletos cobro fatura"),
            MINE | words_of("saldo debo devo owe balance"),
            words_of("registro registrado llego llegaron recibieron recibio acredito cuanto pendiente pendientes saldo estado estatus status vence cuando quanto caiu receberam recebeu pendente pendentes vencem quando through receive received much pending balance due when go"),
        ),
        words_of("cual qual algun algum alguno paso cayo entro how any"),
    ),
    Question(
        "order",
        (
            words_of("pedido pedidos orden ordenes compra compras paquete encomenda encomendas pacote order orders package parcel compre comprei bought"),
            words_of("donde estado estatus status llega llegan llegara llego salio sale enviaron envio rastrear rastreo rastreio seguimiento cuando va viene lista listo onde cade chega chegou chega chegara saiu enviaram pronto pronta quando where arrive arrives arrived shipped ship sent send track tracking when ready"),
        ),
        MINE | words_of("numero num number folio cual qual hoy hoje today ja camino caminho will has been get my how going anda andas"),
    ),
    Question(
        "place",
        (
            words_of("direccion ubicacion ubicados ubicado ubicada domicilio mapa donde quedan queda llego calle endereco localizacao localizados localizada onde ficam fica chego rua address location located map where street directions"),
        ),
        words_of("estan esta encuentran encuentra tienda local negocio sucursal taller como cual pasas pasa mandas manda mandame compartes comparte exacta fisica tienda son se",
               "estao loja como qual passa passam manda mandar localizado voces exato exata vcs",
               "store shop send share me how get there exact physical are"),
    ),
    Question(
        "hours",
        (
            words_of("abren abre abrir abriran abierto abierta abiertos abiertas cierran cierra cierre cerrado cerrados cerraran atienden atiende atencion horario horarios trabajan abres cierras",
                   "abrem aberto aberta abertos abertas fecham fechado fechados atendem atende trabalham funcionam funciona funcionamento horarios fechada",
                   "open opens opening close closes closed closing hours"),
        ),
        TIMES | words_of("estan estas esta estara estaran estao estarao tem this will"),
    ),
)  # fmt: skip
PORTUGUESE_HOURS = words_of("fecha abre")


def kind_of(words: Sequence[str], language: str = "es") -> str:
    """The fact that some words, bare and written out, ask for and nothing besides; "" for none."""
    said = [word for word in words if len(word) > 1 and not any(char.isdigit() for char in word)]
    for question in QUESTIONS:
        needs = question.needs
        if question.kind == "hours" and language == "pt":
            needs = (needs[0] | PORTUGUESE_HOURS,)
        known = GLUE.union(question.may, *needs)
        if all(any(word in need for word in said) for need in needs) and all(word in known for word in said):
            return question.kind
    return ""


PRICE = words_of(
    "cuanto cuesta cuestan vale valen sale salen precio precios cobran costo costos costaria",
    "quanto custa custam preco precos fica valor sai",
    "much price prices cost costs",
)
STOCK = words_of(
    "tienen tienes tiene hay venden vende manejan queda quedan disponible disponibles disponibilidad stock existencia existencias agotado agotada hubiera todavia aun sigue",
    "tem vendem vende disponivel disponiveis estoque sobrou ainda esgotado",
    "have sell stock available left still carry",
)
ABOUT_WARES = (
    GLUE
    | PRICE
    | STOCK
    | words_of(
        "busco buscando comprar llevar interesa info informacion modelo talla color ver otra otro esa ese eso tan aprox cada pieza mas menos usted oiga seria cual cuales en",
        "procuro comprar levar interessa informacao modelo tamanho cor ver outro outra esse essa isso qual quais",
        "looking buy model size color colour one this that which any some there its for",
    )
)


def wants_wares(words: Iterable[str]) -> bool:
    """Whether a price or what is in stock is asked for."""
    return any(word in PRICE or word in STOCK for word in words)
