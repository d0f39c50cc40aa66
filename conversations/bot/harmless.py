"""Whether a word of the lexicon is meant: negations, questions about policy and other senses are not."""

import re
from collections.abc import Sequence

from conversations.bot.lexicon_words import Kind

_NEGATED = re.compile(
    r"(?:\bno (?:es|era|son|tengo|hay|hubo|es una|es un|quiero|voy a|pienso|vengo a|estoy|busco|necesito|deseo|"
    r"me|se trata de)(?: (?:ningun|ninguna|un|una|hacer|poner|para|por|a|mi|me))*"
    r"|\bsin (?:ningun |ninguna |mas |una sola )?|\bcero |\bni (?:un |una |a )?|\bningun(?:a|o)? "
    r"|\bnada (?:que |a )|\bnunca (?:tuve|he tenido) (?:un |una )?|\bretiro (?:mi |el |la )|\ben vez de "
    r"|\bnao (?:e|eh|era|tenho|ha|quero|vou|preciso|e uma|e um|estou|to)(?: (?:um|uma|fazer|nenhuma|a|me))*"
    r"|\bsem (?:nenhuma |nenhum )?|\bnenhuma? |\bzero |\bnem (?:uma? )?|\bnada a "
    r"|\bnot (?:a |an |going to |trying to )?|\bwithout (?:any )?|\bnever had (?:a |any )?|\bzero "
    r"|\bdont (?:want|need|have)(?: to)?(?: any| a)? |\bnot here to |\bno need (?:to|for)(?: a)? )\s*$"
)
_PLAIN_NO = ("complain", "refund", "return", "claim", "me quej", "quejo", "queja")
_SUPPOSED = re.compile(
    r"\b(?:antes de comprar|antes de pagar|before (?:i buy|buying|i order)|comprei nada|no he comprado|nao comprei|"
    r"todavia no compr\w+|si le regalo|si la regalo|quiero saber antes|just in case|por si acaso|por las dudas)\b"
)
_POLICY = re.compile(
    r"\b(?:politicas?|condiciones|condicoes|terminos|reglas?|regras?|requisitos|policy|policies|terms|rules|"
    r"como (?:funciona|es|son|seria|hago|faco|faz|se)|how (?:do|does|long|many)|cuantos? dias|cuanto tiempo|quantos dias|qtos dias|"
    r"quanto tempo|plazos?|prazos?|se puede|se pueden|puedo|podria|podemos|da para|da pra|posso|pode|podem|can i|could i|can you|is it possible|"
    r"aceptan|aceitam|hacen|dan|fazem|tienen|tem|do you|does|is there|hay|quien paga|quem paga|who pays|"
    r"antes de comprar|before i buy|before buying|en caso de|em caso de|in case|"
    r"si (?:no|se|la|el|lo|le|quiero|quisiera|compro|les|me|cambio|cancelo)|se (?:eu|ela|ele|nao|a|o|quiser)|if (?:i|it|they|the|she|he|my|we|theres))\b"
)
_CARED = re.compile(
    r"\b(?:ya (?:van|son|pasaron|mande|pedi|hice)|hace \d+|hace (?:un|una|dos|tres|semanas|meses|dias)|faz \d+|ha (?:um|uma|dois|duas|tres|\d+)|"
    r"todavia|aun|ainda|nunca (?:lleg|me|recib)\w*|sigo|sigue|siguen|segun(?:da)? vez|exijo|exijimos|"
    r"quiero (?:que|mi|hacer|poner|un|una|el|la|devolver\w*|reclamar|presentar|pedir|d)|kiero|quero (?:que|meu|minha|a|o|um|uma|fazer|devolver|abrir|estorno|reembolso)|"
    r"solicito|espero (?:el|la|mi)|aguardo|necesito (?:que me|la|el|mi|devolver|un)|preciso (?:do|da|que|devolver)|vou (?:abrir|fazer|no|na|ao)|voy a|"
    r"i want|want (?:my|a|to)|i need (?:my|a)|still (?:waiting|no|havent|hasnt)|where(?:s| is) my|weeks? (?:ago|and)|demand|"
    r"malo|mala|roto|rota|manchad\w*|defectuos\w*|danad\w*|falso|falsa|pesim\w*|verguenza|pessim\w*|rasgad\w*|broken|faulty|ruined|wrong|"
    r"me (?:cobraron|vendieron|mandaron|deben|dejaron|prometieron|aceptaron)|cobraron|cobraram|charged|billed|sold me|"
    r"me van a|cuando me|vao me|me vao|cade|se niegan|no me (?:quieren|han|responden|dan|devuelven|reembolsan)|recusa\w*|refus\w*|negaram)\b"
)
_OTHER_SENSE = (
    re.compile(
        r"\b(?:muelas?|cordal(?:es)?|dientes?) (?:del? )?juicio\b|\b(?:sano|buen|mi|tu|su) juicio\b|\bjuicio (?:final|se)\b"
    ),
    re.compile(
        r"\bdevuelv\w* (?:la|una|mi|el) (?:llamada|mensaje|saludo)|\bdevolver (?:la |una |minha |a )?(?:llamada|ligacao)|\bretorn\w+ (?:a )?ligacao"
    ),
    re.compile(
        r"\b(?:return|returns) (?:flight|trip|ticket|call|home|customer|visit)|\breturn (?:my|the) call|\b(?:in|on) return|\bwhen (?:i|we) return\b|\breturning (?:customer|to (?:mexico|the|lima|town))|\bmany happy returns"
    ),
    re.compile(
        r"\bcontra (?:el )?(?:robo|hurto|roubo|furto)|\b(?:antirrobo|anti robo|anti theft|antifurto|anti furto)|\bseguro\b.{0,25}\b(?:robo|roubo|furto)|\b(?:theft|stolen) (?:insurance|protection|cover)"
    ),
    re.compile(r"\breporte de robo|\brobo ni\b|\bblocked as stolen|\breported stolen"),
    re.compile(
        r"\b(?:soy|es|sou|e|im an?|i am an?|is an?|vecino es|marido es|esposo es|amigo)\b.{0,12}\b(?:abogad[oa]|advogad[oa]|lawyer|attorney|solicitor|policia|police officer)"
    ),
    re.compile(
        r"\b(?:seguro|poliza|prepaga|plano|convenio|insurance|insurer|eps|isapre)\b.{0,60}\b(?:reembols\w*|reintegr\w*|devuelv\w*|claim\w*|refund\w*|reimburs\w*)|\b(?:reembols\w*|reintegr\w*|claim\w*|reimburs\w*)\b.{0,40}\b(?:seguro|poliza|prepaga|isapre|convenio|plano de saude|insurance|insurer)"
    ),
    re.compile(
        r"\b(?:warranty|insurance|guarantee) claim|\bclaim (?:form|question|number|it (?:back )?(?:from|on) my)|\bclaim (?:my|the|a) (?:discount|prize|coupon|points|offer|gift|free)"
    ),
    re.compile(
        r"\b(?:perr[oa]|perrit[oa]|gat[oa]|gatit[oa]|michi|mascota|bebe|cachorr[oa]|filho|filha|hij[oa]|nene|nena|suegra|sogra|dog|cat|kid|son|daughter|puppy|kitten)\b.{0,30}\b(?:se quej\w+|quej\w+|reclam(?:a|ando)|complain\w*|formal complaint|llora)"
    ),
    re.compile(
        r"\bse queja (?:cuando|mucho|de dolor|al|si|por las)|\breclamando (?:antes|que doi|de dor)|\bmarido reclama|\besposa reclama"
    ),
    re.compile(
        r"\bprocesso (?:do|da|de|seletivo|e|dura|demora)|\bprocess (?:takes|time|of)|\bcomo (?:e|funciona) o processo"
    ),
    re.compile(
        r"\bgolpe (?:de (?:vista|suerte|calor|sorte)|en (?:la|el)|se dio|recibio|na cabeca)|\b(?:se dio|levo|levou|tomou) un[a]? golpe|\bun golpe (?:en|y)|\bgolpe fuerte"
    ),
    re.compile(r"\b(?:chorro|chorrito)s? (?:de|agua)|\bchorr\w+ (?:de )?agua|\btiene chorrillo"),
    re.compile(
        r"\b(?:en )?demanda\b.{0,15}\b(?:alta|mucha|mayor)|\b(?:alta|mucha|gran|muita) demanda|\bdemanda (?:de|del) (?:servicio|producto|publico)"
    ),
    re.compile(
        r"\b(?:dress|outfit|price|look|bag|burger|taste)\b.{0,12}\bcriminal|\bcriminally|\bcrime not to"
    ),
    re.compile(
        r"\b(?:food|tennis|basketball|squash|padel|basket|volley) court|\bcourts? (?:de|to|for)\b|\bcorte de\b"
    ),
    re.compile(
        r"\b(?:es|e|its|is|todo|algo|que|muy|mas|super|nada|tudo|bem) legal\b|\blegal(?:es)? (?:demais|isso|que)\b|\bque legal"
    ),
    re.compile(
        r"\b(?:a )?steal (?:at|for)\b|\bsuch a steal|\bwhat a steal|\bstole my heart|\bme rob(?:o|aron) el corazon|\brob\w+ (?:mi|el) corazon|\broub\w+ (?:meu|o) coracao|\bpreco (?:e|ta) um roubo"
    ),
    re.compile(
        r"\bsi (?:me )?tengo que quejar\w* (?:de|seria)|\b(?:unica|only|unico) (?:queja|complaint|reclamo|reclamacao)\b.{0,40}\b(?:jaj\w*|cort\w+|haha\w*|lol|rs+|k{3,}|poc\w+)"
    ),
    re.compile(
        r"\b(?:me|nos|le|lhe) (?:robaron|roubaram)(?: (?:mi|el|la|meu|minha|o|a))? (?:cel\w*|bici\w*|bike|telefono|moto|cartera|iphone|carteira)\b|\b(?:robaron|roubaram|roubada|robada|robaron) (?:mi|la|el|minha|meu|a|o) (?:cel\w*|bici\w*|bike|telefono|moto|cartera|iphone|carteira)\b|\b(?:was|got|been|phone|bike|wallet) (?:just )?stolen\b.{0,60}\b(?:need|want|looking|cheap|new|do you|what)|\bpolice report\b.{0,60}\b(?:need|want|new|insurance)"
    ),
    re.compile(
        r"\b(?:me )?(?:robaron|roubaram)\b.{0,40}\b(?:denuncia|boletim|bo)\b.{0,60}\b(?:cual|qual|quiero|quero|busco|economic\w+|barat\w+)"
    ),
    re.compile(r"\b(?:um|e|eh|es|o|com|con|quero|el|un) robo\b(?! de| a| del)|\brobo(?:zinho|tico)"),
    re.compile(r"\bdevo (?:\w+[aei]r|nada|algo|dinheiro)\b"),
)
_BORROWED = re.compile(
    r"\b(?:casco|envase|botella|garrafa|bike|bici|bicicleta|auto|locker|llave|tarjeta|tarjetas|key|keys|towel|toalla)\b.{0,25}\b(?:devolver\w*|devuelv\w*|devolvo|devolvemos|return)\b|\b(?:devolver|devolvo|devuelvo|return) (?:a |la |o |el |the |as |las )?(?:bike|bici|bicicleta|bicicletas|bicycles?|chave|llave|key|keycard|toalla|towels?|rental|rentada|alugada|scooter|casco)\b"
)
_LAUGH = re.compile(
    r"\b(?:jaja\w*|jeje\w*|haha\w*|lol|k{3,}|rs(?:rs)+|mentiras|es broma|brincadeira|kidding|joking)\b"
)
_HARMED = re.compile(
    r"\b(?:me|nos) (?:estan|esta|van|quieren|han|siguen|debitaron|cobran|cobraron|robaron|roban|enganaron|estafaron|estao|querem)\b|"
    r"\b(?:pague|paguei|deposite|transferi|compre|comprei|paid|bought)\b|\b(?:ustedes|uds|voces|you|your) (?:son|sao|are|guys|robaron|roubaram|stole)\b|"
    r"\b(?:voy|vou|going|gonna|vamos) (?:a|to|ao|na|no|al)\b"
)
_DUE = re.compile(
    r"\b(?:no|nao) (?:me|nos|se|le|quieren|querem|han|recibo|recebi|hacen|dan) $|\bsin (?:mi |el |la |recibir )$"
)
"""`no me devuelven`, `no quieren devolver`: what is denied is the customer's due."""
_SOFT = {Kind.COMPLAINT, Kind.RETURN}


class Reading:
    """A message as it is read around its hits."""

    def __init__(self, words: Sequence[str], plain: str) -> None:
        self._words = words
        self._plain = plain
        self._text = " ".join(words)
        self._laughs = bool(_LAUGH.search(plain))
        self._supposed = bool(_SUPPOSED.search(self._text))
        self._senses = [match.span() for sense in _OTHER_SENSE for match in sense.finditer(self._text)]
        if not _CARED.search(self._text):
            self._senses += [match.span() for match in _BORROWED.finditer(self._text)]
        self._starts = [0]
        for word in words:
            self._starts.append(self._starts[-1] + len(word) + 1)

    def harmless(self, first: int, last: int, kind: Kind) -> bool:
        """Whether the words from `first` to `last` are negated, asked about as a policy, or mean something else."""
        start, end = self._starts[first], self._starts[last + 1] - 1
        if any(begin <= start and end <= stop for begin, stop in self._senses):
            return True
        before = " ".join(self._words[max(0, first - 7) : first]) + " "
        if _NEGATED.search(before) and not _DUE.search(before):
            return True
        if before.endswith((" no ", "no ")) and self._text[start:end].startswith(_PLAIN_NO):
            return True
        if kind not in _SOFT:
            asked = "?" in self._plain and bool(_POLICY.search(self._text))
            return asked and not _CARED.search(self._text) and not _HARMED.search(self._text)
        around = " ".join(self._words[max(0, first - 9) : last + 10])
        grieved = bool(_CARED.search(around))
        asked = bool(_POLICY.search(around)) or ("?" in self._plain and kind is Kind.RETURN)
        return self._supposed or ((asked or self._laughs) and not grieved)
