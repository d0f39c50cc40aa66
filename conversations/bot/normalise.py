"""Chat spelling made plain: accents, stretched letters, abbreviations of six countries, voseo."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tenants.kit import text as kit

LONGEST = 600
"""Letters of a message whose meaning is looked at. Rules read on, one stretch of so many after the other."""
READ = 4_000
"""Letters of a longer text that rules read: half of them at its beginning, half at its end."""
OVERLAP, MARGIN = 200, 60
"""Letters two stretches share; of these the first belong to the stretch before, the others to the one after."""

_ANY = {
    "q": "que", "k": "que", "ke": "que", "qe": "que", "xq": "porque", "pq": "porque", "porq": "porque",
    "xk": "porque", "pk": "porque", "x": "por", "xfa": "por favor", "xfis": "por favor", "porfa": "por favor",
    "porfis": "por favor", "pf": "por favor", "pfa": "por favor", "pfv": "por favor", "plis": "por favor",
    "xfavor": "por favor", "porfavor": "por favor", "d": "de", "c": "con", "s": "es", "tmb": "tambien",
    "tb": "tambien", "tbn": "tambien", "tambn": "tambien", "dnd": "donde", "dond": "donde", "cdo": "cuando",
    "cto": "cuanto", "qto": "quanto", "qtos": "quantos", "kuanto": "cuanto", 
    "kiero": "quiero", "qiero": "quiero", "kero": "quero", "qro": "quiero", "qiere": "quiere",
    "kiere": "quiere", "kien": "quien", "qien": "quien", "msj": "mensaje", "msjs": "mensajes", "wpp": "whatsapp",
    "wsp": "whatsapp", "wasap": "whatsapp", "guasap": "whatsapp", "wa": "whatsapp", "zap": "whatsapp",
    "fds": "fin de semana", "finde": "fin de semana", "dr": "doctor", "dra": "doctora", "sr": "senor",
    "sra": "senora", "srta": "senorita", "hr": "hora", "hrs": "horas", "min": "minutos", "grax": "gracias",
    "grs": "gracias", "bn": "bien", "bno": "bueno", "bna": "buena", "bnas": "buenas", "bns": "buenos",
    "tqm": "te quiero mucho", "info": "informacion", "prom": "promocion", "promo": "promocion",
    "tel": "telefono", "cel": "celular", "tlf": "telefono", "telef": "telefono", "dir": "direccion",
    "depto": "departamento", "dpto": "departamento", "ud": "usted", "uds": "ustedes", "vds": "ustedes",
    "ntp": "no te preocupes", "nd": "nada", "nads": "nada", "nadien": "nadie", "asta": "hasta", "aser": "hacer",
    "haber": "a ver", "ay": "hay", "ahorita": "ahora", "orita": "ahora", "altiro": "ahora", "bici": "bicicleta",
    "bicis": "bicicletas", "cole": "colegio", "profe": "profesor", "resto": "restaurante", "depa": "departamento",
    "desc": "descuento", "dcto": "descuento", "gym": "gimnasio", "gim": "gimnasio", "compu": "computadora",
    "vete": "veterinaria", "vet": "veterinaria", "tarj": "tarjeta", "efvo": "efectivo", "pa": "para", "nomas": "solo",
    "toy": "estoy", "ta": "esta", "tan": "estan", "ps": "pues", "pz": "pues", "pe": "pues", "tmr": "manana",
}  # fmt: skip
_SPANISH = {
    "m": "me", "t": "te", "n": "en", "l": "el", "bb": "bebe", "aki": "aqui", "aca": "aqui", "aya": "alla",
    "alla": "alli", "dsd": "desde", "pro": "pero", "xro": "pero", "trabaj": "trabajo", "manyana": "manana",
    "sip": "si", "nop": "no", "nel": "no", "tonces": "entonces", "entons": "entonces", 
    "luka": "mil", "lucas": "mil", "plata": "dinero", "lana": "dinero", "guita": "dinero", "feria": "dinero",
    "varos": "pesos", "qtal": "que tal", "vdd": "verdad", "vrd": "verdad", "dsps": "despues", "dsp": "despues",
    "desp": "despues", "ant": "antes", "hno": "hermano", "celu": "celular", "fono": "telefono",
    "descpto": "descuento", "sucu": "sucursal", "mdo": "mercado", "env": "envio",
}  # fmt: skip
_PORTUGUESE = {
    "vc": "voce", "vcs": "voces", "ce": "voce", "ces": "voces", "cs": "voces", "n": "nao", "nn": "nao", "naum": "nao",
    "num": "nao", "tbm": "tambem", "tb": "tambem", "tmb": "tambem", "pq": "porque", "oq": "o que", "q": "que",
    "qd": "quando", "qdo": "quando", "qnd": "quando", "qnt": "quanto", "qnto": "quanto", "cmg": "comigo",
    "ctg": "contigo", "msg": "mensagem", "msgs": "mensagens", "blz": "beleza", "obg": "obrigado",
    "obgd": "obrigado", "obrigada": "obrigado", "vlw": "valeu", "flw": "falou", "hj": "hoje", "amh": "amanha",
    "dps": "depois", "agr": "agora", "mt": "muito", "mto": "muito", "mta": "muita", "mtas": "muitas", "td": "tudo",
    "tdo": "tudo", "tds": "todos", "nd": "nada", "eh": "e", "pra": "para", "pro": "para o", "pras": "para as",
    "pros": "para os", "p": "para", "to": "estou", "tou": "estou", "ta": "esta", "tao": "estao", "tava": "estava",
    "c": "com", "s": "sem", "d": "de", "ne": "nao e", "fzr": "fazer", "fz": "faz", "vdd": "verdade",
    "pfvr": "por favor", "pfv": "por favor", "pf": "por favor", "tel": "telefone", "cel": "celular",
    "end": "endereco", "ender": "endereco", "bike": "bicicleta", "bikes": "bicicletas", "dnv": "de novo",
    "hr": "hora", "hrs": "horas", "ngm": "ninguem", "alg": "alguem", "gnt": "gente", "aq": "aqui", 
    "x": "vezes", "fds": "fim de semana", "finde": "fim de semana", "info": "informacao",
    "promo": "promocao", "qro": "quero", "kero": "quero", "min": "minutos",
    "compu": "computador", "desc": "desconto", "zap": "whatsapp", "zapzap": "whatsapp",
}  # fmt: skip
_ENGLISH = {
    "u": "you", "ur": "your", "r": "are", "n": "and", "y": "why", "pls": "please", "plz": "please",
    "thx": "thanks", "tks": "thanks", "ty": "thank you", "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow",
    "tonite": "tonight", "2nite": "tonight", "msg": "message", "appt": "appointment", "appts": "appointments",
    "bc": "because", "cuz": "because", "cos": "because", "coz": "because", "w": "with", "wo": "without",
    "im": "i am", "ive": "i have", "whats": "what is", "wheres": "where is", "hows": "how is", "whos": "who is",
    "dont": "do not", "doesnt": "does not", "didnt": "did not", "cant": "can not", "wont": "will not",
    "isnt": "is not", "wasnt": "was not", "arent": "are not", "havent": "have not", "thats": "that is",
    "its": "it is", "idk": "i do not know", "asap": "as soon as possible", "abt": "about", "gonna": "going to",
    "wanna": "want to", "gotta": "have to", "ppl": "people", "hrs": "hours", "min": "minutes", "mins": "minutes",
    "k": "ok", "rn": "right now", "btw": "by the way", "omw": "on my way", "sat": "saturday",
    "sun": "sunday", "mon": "monday", "tues": "tuesday", "thurs": "thursday", "fri": "friday",
    "tho": "though", "thru": "through", "info": "information", "b4": "before", "gr8": "great", "l8r": "later",
    "any1": "anyone", "some1": "someone", "ya": "you", "yall": "you all", "pic": "picture",
    "pics": "pictures", "addr": "address", "adress": "address", "recpt": "receipt", "c": "see", "x": "times",
    "bike": "bicycle", "bikes": "bicycles", "dr": "doctor",
}  # fmt: skip
_WORDS = {
    "es": _ANY | _SPANISH,
    "pt": {
        word: full
        for word, full in _ANY.items()
        if word
        not in {"ta", "pe", "ps", "bn", "dir", "ay", "haber", "s", "tan", "asta", "cto", "nomas", "vet"}
    }
    | _PORTUGUESE,
    "en": _ENGLISH,
}

_VOSEO = {
    "tenes": "tienes", "podes": "puedes", "queres": "quieres", "venis": "vienes",
    "decis": "dices", "abris": "abres", "cerras": "cierras", "sos": "eres", "vos": "tu",
    "decime": "dime", "contame": "cuentame", "mostrame": "muestrame",
    "ponete": "ponte", "entendes": "entiendes",
    "haceme": "hazme", "poneme": "ponme", "deci": "di", "veni": "ven", "conseguis": "consigues",
    "recibis": "recibes", "tenis": "tienes", "podis": "puedes", "queris": "quieres", "sabis": "sabes", "teni": "tienes",
    "podi": "puedes", "atendes": "atiendes", "resolves": "resuelves", "servis": "sirves", "vendeis": "vendes",
}  # fmt: skip

APOSTROPHES = str.maketrans("", "", "'’´`")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_TOKEN = re.compile(r"[^\W_]+")
_PIECE_END = re.compile(r"[.!?¿¡;\n]+")
_GAP = re.compile(r"\s(?=\S*$)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a text: what is found from `first` up to `last` is its own, the rest stands around it."""

    start: int
    """Its place in the whole text."""
    text: str
    first: int
    last: int


def stretches(text: str) -> Iterator[Stretch]:
    """A text in parts of at most LONGEST letters, so that each place is in one of them with words around it.

    Of a text of more than READ letters those at its beginning and at its end: what is wanted often comes last.
    """
    if len(text) <= READ:
        yield from _stretches(text, 0, len(text))
    else:
        yield from _stretches(text, 0, _gap(text, READ // 2))
        yield from _stretches(text, _gap(text, len(text) - READ // 2), len(text))


def _stretches(text: str, start: int, end: int) -> Iterator[Stretch]:
    first = start
    while end - start > LONGEST:
        stop = _gap(text, start + LONGEST)
        after = _gap(text, stop - OVERLAP)
        yield Stretch(start, text[start:stop], first - start, after + MARGIN - start)
        start, first = after, after + MARGIN
    yield Stretch(start, text[start:end], first - start, end - start)


def _gap(text: str, at: int) -> int:
    """The place behind the last white space before `at`, where there is one near."""
    near = _GAP.search(text, at - MARGIN, at)
    return near.end() if near else at


def bare(text: str) -> str:
    """Lower case without accents, NUL and apostrophes; at most LONGEST letters."""
    return kit.bare(text[:LONGEST].replace("\0", " ")).translate(APOSTROPHES)


def tokens(text: str) -> list[str]:
    """Words and numbers of a text, bare and unstretched, abbreviations as typed."""
    return _TOKEN.findall(unstretched(bare(text)))


_LAUGH = re.compile(r"\b(?:k{2,}|(?:ja){2,}j?|(?:je){2,}|(?:ha){2,}h?|(?:rs){2,}|lol)\b")


def unstretched(text: str) -> str:
    """`holaaaa` as `hola`: a letter that stands three times or more stands once."""
    return _STRETCHED.sub(r"\1", _LAUGH.sub(" ", text))


def expanded(words: list[str], language: str = "es") -> list[str]:
    """The words with what chat shortens written out, and voseo in its plain form."""
    return list(_expand(words, language))


def normalised(text: str, language: str = "es") -> str:
    """A message as the encoder and the word index read it."""
    return " ".join(expanded(tokens(text), language))


def pieces(text: str) -> list[str]:
    """The sentences of a text that has several; nothing if it has one."""
    found = [piece for piece in _PIECE_END.split(text[:LONGEST]) if len(tokens(piece)) > 1]
    return found[:6] if len(found) > 1 else []


def _expand(words: list[str], language: str) -> Iterator[str]:
    short = _WORDS.get(language, _WORDS["es"])
    for word in words:
        full = short.get(word)
        if full is None and language == "es":
            full = _VOSEO.get(word)
        if full is None:
            yield word
        else:
            yield from full.split()
