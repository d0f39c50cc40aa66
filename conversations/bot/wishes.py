"""Whether someone wishes a person: asked for (direct), or shown by a bot that does not help (indirect).

Patterns come first and need no model; the heads add what patterns do not foresee.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from conversations.bot import normalise
from conversations.bot.spelling import Speller
from conversations.bot.words import everyday


class Wish(StrEnum):
    """How clearly a person is wished for."""

    NO = "no"
    INDIRECT = "indirect"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Found:
    """A wish and the words it was read from."""

    wish: Wish
    words: str = ""


_ROLE = (
    r"(?:persona|personas|humano|humana|alguien|asesor\w*|agente|agentes|ejecutiv[oa]|encargad[oa]|gerente|duen[oa]|jef[ea]|"
    r"supervisor\w*|operador\w*|representante|responsable|administrador\w*|vendedor\w*|emplead[oa]|funcionari[oa]|"
    r"recepcion\w*|secretaria|chic[oa]|muchach[oa]|joven|senor\w*|srta|nina de|niña de|entrenador\w*|instructor\w*|mecanico|tecnico|"
    r"veterinari[oa]|doctor\w*|dentista|don \w+|dona \w+|profesor\w*|cajer[oa]|companer[oa]|coordinador\w*|"
    r"pessoa\w*|alguem|atendente\w*|gente|funcionari[oa]s?|dono|moc[oa]|equipe|pessoal|recepcao|"
    r"human|humans|person|someone|somebody|anyone|anybody|agent|representative|rep|operator|manager|owner|staff|"
    r"receptionist|employee|supervisor|mechanic|dentist|vet|trainer|advisor|member|people)"
)
_GAP = r"(?: \w+){0,4}? "
_DIRECT = (
    rf"\b(?:hablar|conversar|platicar|charlar|comunicar\w*|contactar\w*|chatear|falar|conversar){_GAP}(?:con|com|a|ao|c){_GAP[:-1]} {_ROLE}\b",
    r"\b(?:hablar|conversar|platicar|charlar|falar|comunicarme) (?:con|com) (?:el|la|un|una|o|a|os|as|um|uma|mi|ese|esa|ustedes|voces|don|dona|los|las|otra|otro|outra|outro)\b",
    rf"\b(?:que|para que) (?:alguien|una persona|un asesor|un humano|el encargado|la encargada|el dueno|la duena){_GAP[:-1]} (?:me|nos)\b",
    rf"\b(?:me|nos) (?:puede|pueden|podria|podrian|podes|puedes) (?:atender|llamar|comunicar|pasar|contactar|ayudar)(?: \w+)? (?:con )?(?:un|una|alguien|alguna|el|la) ?{_ROLE}?\b",
    r"\b(?:me|nos) (?:atienda|llame|llamen|atiendan|contacte|contacten|marque|marquen|comunica|comunique|comunicas|comunican|comuniquen)\b",
    r"\b(?:pasame|paseme|pasenme|pasas|me pasas|me pasan|me pasa|comuniqueme|comunicame|comuniquenme|conectame|conecteme|transfiereme|transfierame|transferime|derivame|deriveme|deme|denme|dame|ponme|ponganme|poneme) (?:ya |por favor )?(?:con|a|al) (?:un|una|el|la|alguien|otro|otra|los|humano|asesor|agente|mi|gerente|\w+ de)\b",
    r"\b(?:pasame|paseme|pasenme|comuniqueme|comunicame|conectame|transfiereme|dame|deme|denme|quiero|necesito|busco|prefiero|exijo|solicito|requiero|urge|con|kiero|mejor) (?:ya )?(?:a |al |con |por favor )?(?:un|una|el|la|alguna|algun|otro|otra|al|con)? ?(?:un |una )?(?:persona|humano|humana|asesor\w*|agente|ser humano|encargad[oa]|gerente|supervisor\w*|operador\w*|representante|ejecutiv[oa]|persona real|alguien real|alguien de verdad|duen[oa]|responsable)\b(?! de(?: la)? (?:tienda|clinica) esta)",
    r"\b(?:hay|habra|esta|anda|existe) (?:alguien|alguna persona|algun asesor|algun humano|algun encargado|una persona)\b(?! que (?:venda|haga|atienda|sepa))",
    r"^(?:un|una|con un|con una|algun|alguna)? ?(?:persona|humano|asesor\w*|agente|ser humano|operador\w*|encargad[oa]|representante|ejecutiv[oa]|recepcionista|recepcion)(?: por favor| real| ya| humano| porfa| urgente| que me \w+)*$",
    r"\b(?:asesor\w*|agente|persona|humano|operador\w*|recepcionista|encargad[oa]|alguien|alguna persona)(?: de la \w+| del \w+| de verdad| real| humano)? (?:que|q) (?:me|nos|se) (?:\w+)\b",
    r"\b(?:asesor\w*|agente|humano|alguien|persona)(?: de la \w+| del \w+)? por favor\b",
    r"\b(?:alguien|persona|asesor) (?:humano|real|de carne|de verdad)\b|\bcarne y hueso\b|\bser humano\b|\bgente real\b|\bpersona real\b|\bhumano real\b",
    r"\b(?:no quiero|no me gusta|no deseo|prefiero no)(?: \w+){0,4} (?:bot|robot|maquina|contestador\w*|chatbot|automatic\w+|ia)\b",
    rf"\b(?:no|ni) (?:con )?(?:un |una |el |la )?(?:bot|robot|maquina|contestador\w*)\b(?=.*\b{_ROLE}\b)",
    rf"\b{_ROLE}\b.*\b(?:no|ni) (?:con )?(?:un |una |el |la )?(?:bot|robot|maquina|contestador\w*)\b",
    r"\b(?:que )?me (?:llamen|llame|marquen|marque|devuelvan la llamada|regresen la llamada|hablen por telefono|contacten)\b",
    r"\b(?:pueden|podrian|puede|podria|podes|puedes) (?:llamarme|marcarme|atenderme|contactarme|hablarme por telefono)\b",
    r"\bllamenme\b|\bllameme\b|\bllamame\b|\bmarquenme\b|\batiendame\b|\batiendanme\b|\batendeme\b",
    r"\bcon quien (?:puedo |hablo|podria |tengo que )?(?:hablar|comunic\w+|hablo)\b|\bcon quien (?:hablo|trato)\b",
    r"\bnumero (?:de|del|de la|para) (?:\w+ ){0,3}(?:hablar|llamar\w*|comunicarme|marcar)\b|\btelefono para (?:llamar\w*|hablar|comunic\w+)\b",
    r"\batencion (?:humana|personal|personalizada|al cliente|a clientes|de una persona)\b",
    r"\b(?:esta|se encuentra|anda) (?:\w+ )?(?:el encargado|la encargada|el dueno|la duena|el gerente|la gerente|don \w+|la doctora|el doctor)\b(?! atendiendo| sigue)",
    r"\bquiero (?:que me atienda|que me llamen|que me contacte|hablar|atencion)\b|\bnecesito (?:hablar|que me llamen|que alguien|q alguien)\b|\bme urge hablar\b",
    r"\bme (?:pasas|pasan|pasa|comunicas|comunica|comunicas|pones|pone) con\b|\bcomunic\w+ (?:con|a la|al|a)\b",
    # Portuguese
    rf"\b(?:falar|conversar|tratar|resolver|tirar uma duvida){_GAP}(?:com|c){_GAP[:-1]} {_ROLE}\b",
    r"\b(?:falar|conversar) com (?:o|a|um|uma|os|as|voces|alguem|algum|alguma|gente|seu|dona|outro|outra|doutor\w*|dr|dra|atend\w+|human\w+)\b",
    rf"\b(?:me )?(?:passa|passe|transfere|transfira|transferir|chama|chame|coloca|coloque|manda|liga|conecta|encaminha|encaminhe|poe)(?: \w+)?{_GAP[:-1]} {_ROLE}\b",
    r"\b(?:me|nos) (?:liga|ligue|liguem|ligar|retorne|retornem|retornar|chame|atenda|atender|atendam|atende|transferir|transfere|transfira)\b",
    r"\b(?:alguem|algum atendente|alguma pessoa|um humano|uma pessoa|um atendente|atendente|vendedor)(?: \w+){0,4}? (?:pode|poderia|consegue|me|nos|disponivel|para me|que me|que resolva)\b",
    r"\b(?:tem|teria|ha|cade) (?:como )?(?:alguem|um humano|uma pessoa|algum atendente|gente de verdade|atendente|o pessoal|a equipe)\b",
    r"\b(?:quero|preciso|queria|prefiro|gostaria) (?:de |d )?(?:um |uma |que um |que uma )?(?:atendente|humano|pessoa|atendimento humano|alguem|gerente|atendimento)\b|\bpreciso que (?:alguem|me liguem|me atendam)\b",
    r"\bnao quero (?:falar com |conversar com )?(?:o |um |esse )?(?:robo|bot|robozinho|maquina)\b|\bgente de verdade\b|\bpessoa de verdade\b|\bpessoa real\b|\batendimento humano\b|\bhumano de verdade\b",
    r"^(?:um |uma )?(?:atendente|humano|pessoa|vendedor\w*|gerente|recepcao)(?: por favor| humano| real| ja| ai)*$",
    r"\bcade o (?:pessoal|atendente|gerente|dono|vendedor)\b|\bcade a (?:atendente|gerente|dona|equipe|moca)\b",
    r"\bcom quem (?:eu )?(?:falo|posso falar|consigo falar)\b|\balguem (?:ai|me atende|pode me \w+|da equipe|da loja|para me \w+)\b",
    r"\bpedir (?:ao|a|para o|para a) (?:\w+ )+(?:que )?me (?:retorne|ligue|chame)\b|\bme passa o (?:whatsapp|contato|telefone|numero) (?:de alguem|do|da|de)\b",
    # English
    rf"\b(?:talk|speak|chat|write|connect me|transfer me|put me through|pass me|get me|hand me|switch me|forward me)(?: \w+){{0,2}}? (?:to|with|over to|through to|on to)? ?(?:a|an|the|some|any|your|one of|someone|somebody|another)\b(?: \w+){{0,2}}? ?{_ROLE}\b",
    r"\b(?:talk|speak|chat) (?:to|with) (?:someone|somebody|anyone|anybody|a human|a person|a real|an agent|the|your|whoever|dr|mr|mrs|doctor|maria|one of)\b",
    r"\b(?:real|actual|live|human|proper|living) (?:person|human|agent|being|people|someone|rep|stylist|staff|operator)\b|\bhuman being\b",
    r"\b(?:can|could|would|will|may) (?:i|you|someone|somebody|a human|a person|an agent|anyone|one of \w+|the \w+|some human|somebody human|please)(?: please)?(?: just)? ?(?:call me|call back|phone me|ring me|reply|take over|take my order|get back to me|contact me|speak|talk|help me in person|assist me|get \w+ has)\b",
    r"\b(?:someone|somebody|anyone|a human|a person|an agent|the \w+|person) (?:please |just )?(?:to )?(?:call|calls|phone|ring|contact|reply|take over|get back to|answer|text) (?:me|my|us)?\b",
    r"\b(?:have|get|ask|let) (?:the |a |an |your |my |some )?(?:\w+ ){0,2}(?:call|ring|phone|contact) (?:me|us)\b|\b(?:call|ring|phone) me\b|\bgive me a (?:call|ring)\b",
    r"\b(?:want|need|give me|get me|prefer|like|just give me|send me|i demand) (?:a |an |to |the |some |another )?(?:human|person|agent|real person|someone|somebody|representative|operator|manager|rep|live agent|staff member)\b(?! (?:to (?:clean|feed)|size))",
    r"^(?:a |an |the )?(?:agent|human|person|operator|representative|receptionist|manager|live agent|rep|real person|customer service|someone|supervisor)(?: please| now| asap)*$",
    r"\b(?:is|are) (?:there |any|some)?(?:anyone|anybody|someone|somebody|a human|a person|a real person|any human|people)(?: \w+){0,2}? (?:there|here|around|available|online|home|real|i can|who)\b|\bwho can i (?:talk|speak)\b|\banyone (?:there|home|with a pulse)\b",
    r"\b(?:no|not|without|dont want|hate|stop|instead of)(?: \w+){0,3} (?:bot|bots|robot|machine|chatbot|automated \w+)\b(?=.*\b(?:person|human|someone|people|agent|staff)\b)",
    r"\b(?:person|human|someone)\b.*\bnot (?:a |the )?(?:bot|robot|machine)\b|\b(?:phone )?number where (?:a person|someone|somebody)\b|\bsomeone who works there\b|\bsomebody human\b|\bhuman (?:take|help|reply|please|answer|support)\b",
    r"\bcan you (?:get|fetch|grab|find) (?:me )?(?:[a-z]+) (?:he|she|they)\b|\bis (?!this|that|it|the|there|my|your|his|her|tap|he|she)[a-z]{3,} (?:working|in|on shift|available|around) (?:today|now|tomorrow)\b",
)
_INDIRECT = (
    r"\bno (?:me )?(?:estas?|estan) (?:ayudando|entendiendo|sirviendo|respondiendo|escuchando)\b|\bno (?:me )?(?:entiendes|entendes|entiende|entienden|ayudas|ayuda|servis|sirves|sirven|resuelves|resuelven|resuelve)\b(?! (?:la|el) (?:precio|talla))",
    r"\b(?:esto|eso|tu respuesta|esa respuesta|este chat|este bot|el bot|la respuesta)(?: \w+){0,2} no (?:me )?(?:sirve|ayuda|resuelve|funciona|responde)\b|\bno (?:me )?sirve (?:de|para) nada\b",
    r"\bno (?:fue|es|era) (?:eso )?lo que (?:te |le |les )?(?:pregunte|pedi|dije|pregunto|pido|digo)\b|\b(?:te|le|les) (?:pregunte|dije|pedi) (?:otra cosa|algo distinto)\b|\bno era eso\b|\beso no (?:fue|es|era) lo que\b",
    r"\bnada (?:que|q) ver (?:tu|su|la|con lo que|esa|eso)?\b.{0,20}\b(?:respuesta|pregunt\w+|dije|vez)\b|\bno tiene nada que ver con lo que\b|\bme respondes? cualquier cosa\b|\bresponde cualquier cosa\b",
    r"\b(?:ya )?(?:es |va |van |son |por )?(?:la )?(?:segunda|tercera|cuarta|quinta|enesima|2da|3ra|3era|4ta|5ta|3a|4a|2a) vez (?:que|q) (?:te |les |le |lo |me )?(?:pregunt|escrib|explic|digo|mando|pido|respond|contest|sale|repit|consult)\w*|\bpor (?:segunda|tercera|cuarta|3ra|4ta|enesima) vez\b|\bes la (?:\d\w*|tercera|cuarta) vez$",
    r"\b(?:ya )?(?:pregunte|escribi|mande|dije|explique|he preguntado|he escrito|llevo escribiendo|van)(?: (?!baja|recepcion|correo|pago)\w+){0,4}? (?:como )?(?:\d+|dos|tres|cuatro|cinco|varias|mil|muchas) veces\b|(?<!pedi )\b(?:dos|tres|cuatro|cinco|varias|mil|\d+) veces (?:que pregunt\w+|que escrib\w+|que explico|que digo|ya que|lo mismo|escribiendo|preguntando|el mismo)\b",
    r"\b(?:nadie|ni un alma|ninguno)(?: me| nos)? (?:responde|contesta|atiende|da razon|ayuda|lee|escribe|resuelve|abre|da respuesta)\b|\bnunca (?:responden|contestan|atienden)\b|\bno (?:responden|contestan|atienden)\b|\b(?:contesten|respondan|contestame|respondeme|respondan)\b(?: pues| ya| por favor|$)",
    r"\b(?:dando|doy) vueltas\b.{0,20}\b(?:chat|circulo\w*|bot|esto|lo mismo)\b|\b(?:otra vez|siempre|siempre es|me sale|me sales con|me mandas|me manda|mandan|sale|repites|repite|repetis) (?:con )?lo mismo\b|\botra vez (?:la misma|el mismo|con lo mismo|lo mismo)\b|\bmisma respuesta\b|\bdisco rayado\b",
    r"\b(?:hablando|hablar|hablo|parece) (?:con|que hablo con|sola|solo)? ?(?:una pared|la pared|un muro|una piedra)\b|\bhablar con la pared\b",
    r"\b(?:lee|lea|leiste|leyo|leyeron|lees|leen|vuelva a leer|vuelve a leer) (?:bien|lo que|mi mensaje|lo q|alguien|esto)\b|\bvuelva a leer\b|\bni (?:leen|lees|leyeron|leiste)\b|\balguien lee (?:esto|aqui)\b",
    r"\b(?:bot|robot|chat|maquina|sistema|chatbot)(?: \w+)? (?:inutil|tonto|malo|pesimo|basura|no sirve|estupido|de mierda|no entiende|horrible)\b|\b(?:inutil|tonto|pesimo|maldito|estupido|pinche|bendito) (?:bot|robot|chat|maquina|chatbot|sistema)\b",
    r"\b(?:una|mi) simple pregunta\b|\bdificil(?: \w+){0,3} (?:responder|respondan|contestar|contesten)\b|\bno me (?:dan|das) (?:otra )?(?:solucion|respuesta|una respuesta|razon)\b|\bsigo (?:sin (?:respuesta|entender|solucion)|igual|esperando (?:respuesta|que))\b|\bno (?:me )?(?:resolviste|respondiste|contestaste|respondieron|contestaron)\b",
    r"\bestoy esperando (?:hace|desde|respuesta|que)\b|\bllevo (?:\w+ ){1,5}(?:esperando|escribiendo|preguntando)\b|\besperando (?:respuesta|que me respondan|que contesten)\b",
    # Portuguese
    r"\bnao (?:esta|ta|estou|to|estao) (?:me )?(?:entendendo|ajudando|adiantando|resolvendo|respondendo)\b|\bnao (?:me )?(?:ajudou|ajuda|entende|entendeu|entendem|adianta|resolve|resolveu|serve|respondeu)\b(?! (?:em|com) (?:nada )?(?:maquina|agua))|\bvoce(?:s)? nao (?:entende\w*|ajuda\w*|le|responde\w*)\b",
    r"\b(?:resposta|mensagem|msg|texto|textinho) (?:automatica|pronta|padrao|decorad[oa]|copiad[oa])\b|\b(?:manda|repete|repetiu|mandou|mandando)(?: \w+){0,3} (?:mesm[oa]|mesma coisa|o mesmo|a mesma)\b|\bmesma (?:coisa|resposta|mensagem)\b|\bvoce repetiu\b|\bja (?:perguntei|falei|expliquei|mandei|disse|te perguntei|pedi)(?: \w+){0,5}(?: vez\w*| tudo| isso|)\b(?=.*\b(?:vez|vezes|mesm\w|tudo|so|desisto|nada|voltou)\b)",
    r"\b(?:ninguem|alguem) (?:me )?(?:responde|atende|le|ler|leu|viu|da retorno|resolve|respondeu)\b|\b(?:terceira|quarta|quinta|segunda|3a|4a|2a) (?:mensagem|vez que (?:pergunto|falo|mando|explico|escrevo))\b|\bso falta atender\b|\bdesisto\b|\bcansei\b",
    r"\bnao (?:foi|e|era) (?:isso )?(?:o )?que (?:eu )?(?:perguntei|pedi|falei|disse)\b|\bnem perguntei\b|\beu perguntei\b|\bnao foi isso\b|\b(?:falando|falar) (?:com|para) (?:a )?(?:parede|porta)\b|\brobo (?:burro|inutil|idiota|chato)\b|\bleu o que\b|\bvoce leu\b|\bta dificil\b|\besta dificil (?:viu|hein|falar)\b|\bmeu caso e outro\b|\bandando em circulos?\b|\bvoltou (?:pro|para o) comeco\b",
    # English
    r"\b(?:this|that|it|you|youre|your|bot) (?:is not|isnt|are not|arent|re not|not) (?:helping|helpful|understanding|listening|working for me|reading|useful|getting it)\b|\bnot helpful\b|\b(?:not|did not|didnt|does not|doesnt|never) (?:help|answer|answered|answering|understand|read)(?:ed|ing)?(?: me| my| what| the question|$)",
    r"\b(?:useless|stupid|dumb|terrible|rubbish|hopeless|pointless|bloody|damn) (?:bot|robot|chat|chatbot|machine|thing|assistant|answers?)\b|\bbot is (?:useless|rubbish|broken)\b|\bwrong answer\b|\b(?:same|copy paste|copy pasted|canned|automated|auto|generic) (?:answer|reply|replies|response|message|thing|text|link)\b",
    r"\b(?:second|third|fourth|fifth|2nd|3rd|4th|5th|nth|umpteenth) (?:message|reply|copy|time (?:i (?:have )?(?:ask|writ|wrote|say|tell|explain|messag)|im asking|asking|writing|explaining|telling|messaging))|\bfor the (?:second|third|fourth|fifth|2nd|3rd|4th|5th) time\b|\b(?:asked|said|told|sent|written|messaged|explained|wrote)(?: \w+){0,4} (?:twice|three times|four times|\d times|times already|already|so many times)\b|\bhow many times\b|\bkeep (?:sending|saying|repeating|getting|going|asking)\b|\byouve sent\b",
    r"\b(?:nobody|no one|noone|none of you) (?:is |ever |has )?(?:answer\w*|repl\w+|respond\w*|read\w*|help\w*|pick\w*|listen\w*)\b|\b(?:talking|texting|speaking|writing|shouting) to (?:a |the |my)?(?:wall|brick wall|void|myself|machine)\b|\btexting a wall\b|\bdid you (?:even |actually )?read\b|\bdo(?:es)? (?:anyone|anybody|you)(?: \w+){0,2} read\b|\bgoing (?:round|around) (?:and round )?in circles\b(?=.*\b(?:bot|chat|you|answer\w*|here|this)\b)|\bthat is not what i (?:asked|said|meant|wrote)\b|\bnot what i (?:asked|said|meant)\b|\bi asked (?:about|for|if|whether|something)\b|\bmy question was\b|\bare you (?:even )?listening\b|\bno one is listening\b|\bevery (?:reply|answer|message) (?:sends|is|says)\b",
)
_NOT_ONE = re.compile(
    r"\bno (?:necesito|hace falta|quiero|es necesario|ocupo)(?: (?!bot|robot|maquina|contestador|menu)\w+){0,3} (?:hablar con )?(?:a )?(?:un |una |la |ninguna |ningun )?(?:persona|asesor\w*|humano|agente|nadie|que me llamen|llamada)\b"
    r"|\bsin (?:hablar con|necesidad de) (?:\w+ ){0,3}(?:nadie|persona|asesor|humano|llamar)\b"
    r"|\bnao (?:preciso|precisa|quero|e preciso)(?: (?!bot|robo|maquina|menu)\w+){0,3} (?:de |falar com )?(?:um |uma |nenhum |nenhuma |com )?(?:atendente|humano|pessoa|ninguem|alguem|ligacao)\b"
    r"|\b(?:dont|do not|no) (?:need|want|have)(?: (?!bot|robot|machine|menu)\w+){0,3} (?:a |any |to (?:talk|speak) (?:to|with) )?(?:person|human|agent|anyone|someone|call)\b"
    r"|\bno need (?:to call|for a (?:person|call|human)|to (?:talk|speak))\b|\bno me llamen\b|\bnao me ligue\w*\b|\b(?:dont|do not|please dont) call me\b"
)
_NOT_MEANT = re.compile(
    r"\b(?:llevar|traer|ir|voy|vamos|puedo ir|entrar|venir|llego) con (?:un|una|mi|el|la|alguien)\b|\bpara (?:una|dos|tres|\d+) personas?\b|\bpor persona\b|\bpor pessoa\b|\bper person\b"
    r"|\b(?:hablar|conversar|consultar|ver|platicar|hablo|consulto|converso) (?:lo )?con (?:mi|su|el papa|la familia|la almohada)\b(?: (?!entrenador|asesor|ejecutiv|doctor|dentista|vendedor|veterinari)\w+)?"
    r"|\b(?:hablar|conversar) con la nutri\w*(?= como saco| para sacar)"
    r"|\balguien (?:cancela|sabe si|mas en|que venda|usa|dejo|encontro|me (?:regalo|dijo|recomendo))\b|\besta la piscina\b"
    r"|\bcomo me (?:llame|llamen)\b|\bperson (?:size|tent|room|table)\b|\b(?:first|third) person\b"
)

_SPELLER = Speller(
    [
        "persona",
        "humano",
        "alguien",
        "asesor",
        "asesora",
        "agente",
        "encargado",
        "encargada",
        "gerente",
        "supervisor",
        "operador",
        "operadora",
        "representante",
        "responsable",
        "vendedor",
        "empleado",
        "recepcion",
        "ejecutivo",
        "hablar",
        "platicar",
        "conversar",
        "comunicar",
        "atender",
        "atienda",
        "llamar",
        "llamen",
        "llame",
        "quiero",
        "necesito",
        "prefiero",
        "pasame",
        "comuniqueme",
        "transfiereme",
        "robot",
        "maquina",
        "pregunte",
        "respuesta",
        "respondes",
        "responden",
        "contestan",
        "entiendes",
        "ayudando",
        "sirve",
        "nadie",
        "veces",
        "vuelta",
        "lo",
        "mismo",
        "pessoa",
        "atendente",
        "alguem",
        "humano",
        "falar",
        "conversar",
        "transferir",
        "quero",
        "preciso",
        "prefiro",
        "ninguem",
        "responde",
        "entende",
        "perguntei",
        "mensagem",
        "resposta",
        "robo",
        "vezes",
        "person",
        "human",
        "someone",
        "somebody",
        "anyone",
        "agent",
        "representative",
        "operator",
        "manager",
        "speak",
        "talk",
        "call",
        "please",
        "want",
        "need",
        "helping",
        "answer",
        "question",
        "understand",
        "reading",
        "nobody",
    ],
    everyday,
)
_DIRECT_RES = tuple(re.compile(pattern) for pattern in _DIRECT)
_INDIRECT_RES = tuple(re.compile(pattern) for pattern in _INDIRECT)


def find(text: str, language: str = "es") -> Found:
    """The wish for a person that the words of a message show."""
    words = normalise.tokens(text)
    expanded = normalise.expanded(words, language)
    readings = {" ".join(words), " ".join(expanded), " ".join(_SPELLER.repaired(expanded))}
    if any(_NOT_ONE.search(reading) for reading in readings):
        return Found(Wish.NO)
    for wish, patterns in ((Wish.DIRECT, _DIRECT_RES), (Wish.INDIRECT, _INDIRECT_RES)):
        for reading in sorted(readings):
            plain = _NOT_MEANT.sub(" ~ ", reading)
            for pattern in patterns:
                match = pattern.search(plain)
                if match:
                    return Found(wish, match.group().strip())
    return Found(Wish.NO)
