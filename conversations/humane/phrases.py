"""Words that no person says to a customer, and what a person would say, in three languages.

Written on text without accents and in small letters. `\\1` in a wording is a part of what was found; an empty
wording means that the words can go.
"""

import re
from typing import NamedTuple


class Phrase(NamedTuple):
    """A stiff way to say something, and a better one."""

    pattern: re.Pattern[str]
    better: str


def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of whole words, between which any marks may stand."""
    return re.compile(rf"\b(?:{pattern.replace(' ', ' +')})\b")


def _phrases(*rows: tuple[str, str]) -> tuple[Phrase, ...]:
    return tuple(Phrase(_compiled(pattern), better) for pattern, better in rows)


STIFF: dict[str, tuple[Phrase, ...]] = {
    "es": _phrases(
        (r"(?:le|les|te) informamos que", ""),
        (r"(?:nos )?(?:permitimos|es grato) (?:informar|comunicar)(?:le|les|te)?(?: que)?", ""),
        (r"por medio de (?:la|el) presente(?: correo| mensaje| medio)?", ""),
        (r"a traves del? (?:la )?presente(?: medio| correo)?", ""),
        (r"estimad[oa]s? (?:cliente|usuari[oa]|senor(?:es)?|consumidor)s?", "Hola y su nombre"),
        (r"apreciable (?:cliente|usuario)", "Hola y su nombre"),
        (r"a la brevedad(?: posible)?|en el menor tiempo posible", "hoy antes de las 6, o cuándo de verdad"),
        (
            r"en un plazo (?:no mayor a|maximo de|de) (\d+) dias habiles",
            r"en \1 días hábiles, el día exacto si se puede",
        ),
        (
            r"agradecemos (?:de antemano )?su (?:preferencia|comprension|atencion|confianza)",
            "gracias por tu paciencia",
        ),
        (
            r"lamentamos (?:los|cualquier) inconvenientes?(?: ocasionados?| que esto (?:le )?(?:pueda|"
            r"haya) \w+)?",
            "perdón por lo que pasó, dicho con sus palabras",
        ),
        (
            r"disculpe (?:las|la) molestias?(?: ocasionadas?)?",
            "perdón por lo que pasó, dicho con sus palabras",
        ),
        (
            r"su (?:solicitud|peticion|requerimiento|caso|reporte) (?:ha sido|fue|esta siendo) \w+",
            "ya lo vimos y qué sigue",
        ),
        (r"hemos recibido su (?:solicitud|mensaje|peticion|correo)", "ya leí tu mensaje"),
        (r"en virtud de|con motivo de|derivado de", "por"),
        (r"con la finalidad de|a efecto de|con el objeto de", "para"),
        (r"procederemos a (\w+)", r"vamos a \1"),
        (r"se procedera a (\w+)", r"vamos a \1"),
        (r"favor de (\w+)", r"\1, por favor"),
        (r"sin otro particular(?: por el momento)?", ""),
        (
            r"quedamos? (?:de usted(?:es)?|a sus? (?:apreciables? )?ordenes|atentos a sus comentarios)",
            "aquí estoy si necesitas algo",
        ),
        (r"no dude en (?:contactarnos|comunicarse|escribirnos)", "escríbenos"),
        (r"dar seguimiento a su (\w+)", r"ver tu \1"),
        (r"de acuerdo a nuestr[oa]s (?:politicas?|procedimientos?)", "y por qué es así, en una frase"),
    ),
    "pt": _phrases(
        (r"(?:vimos|venho) por meio dest[ea](?: e mail| mensagem)?", ""),
        (r"(?:lhe |te )?informamos que|gostariamos de informar que|cumpre informar que", ""),
        (r"prezad[oa]s?(?: (?:cliente|senhor[ae]?s?|usuari[oa]s?|consumidor))?", "Oi e o nome"),
        (r"car[oa] (?:cliente|usuari[oa])", "Oi e o nome"),
        (
            r"o mais breve possivel|com a maior brevidade(?: possivel)?",
            "hoje até as 18h, ou quando de verdade",
        ),
        (r"em ate (\d+) dias uteis", r"em \1 dias úteis, o dia exato se der"),
        (
            r"agradecemos (?:a sua|sua|pela|a) (?:preferencia|compreensao|atencao|confianca)",
            "obrigado pela paciência",
        ),
        (
            r"lamentamos (?:o|os|qualquer) (?:transtorno|inconveniente)s?(?: causados?)?",
            "desculpa pelo que aconteceu, com as palavras dele",
        ),
        (
            r"pedimos desculpas? pelo(?:s)? (?:transtorno|inconveniente)s?(?: causados?)?",
            "desculpa pelo que aconteceu, com as palavras dele",
        ),
        (
            r"su?a (?:solicitacao|requisicao|demanda|ocorrencia) (?:foi|esta sendo) \w+",
            "já vimos e o que vem agora",
        ),
        (r"recebemos (?:a )?sua (?:solicitacao|mensagem|requisicao)", "já li sua mensagem"),
        (r"em virtude d[aeo]s?|devido ao fato de", "por causa de"),
        (r"com o (?:objetivo|intuito) de|a fim de", "para"),
        (r"(?:iremos|vamos) proceder com (\w+)", r"vamos fazer \1"),
        (
            r"(?:nos )?colocamo(?:s)? nos a disposicao|(?:ficamos|"
            r"estamos) a (?:sua )?(?:inteira )?disposicao",
            "estou aqui se precisar",
        ),
        (r"nao hesite em (?:entrar em contato|nos contatar)", "chama a gente"),
        (r"favor (?:verificar|aguardar|informar|entrar)", "por favor"),
        (r"sem mais para o momento", ""),
        (r"conforme (?:nossas?|a) politicas?", "e por que é assim, em uma frase"),
    ),
    "en": _phrases(
        (r"please be (?:advised|informed|aware) that|we (?:would like|wish) to inform you that", ""),
        (r"dear (?:valued )?(?:customer|sir or madam|sir madam|user|client)", "Hi and their name"),
        (r"at your earliest convenience", "by Friday, or when you really need it"),
        (r"as soon as possible", "today by 6, or when it really will be"),
        (
            r"we (?:regret|apologi[sz]e for) (?:any|the) inconvenience(?: (?:this may have )?caused)?",
            "sorry for what happened, in their words",
        ),
        (r"(?:do not|dont) hesitate to (?:contact|reach)(?: out)?(?: to)?(?: us)?", "write to us"),
        (
            r"your (?:request|inquiry|enquiry|ticket|case) (?:has been|is being) \w+",
            "we saw it, and what comes next",
        ),
        (r"we have received your (?:request|message|inquiry|enquiry)", "I read your message"),
        (
            r"thank you for your (?:patience|understanding|cooperation|continued support)",
            "thanks for waiting",
        ),
        (r"in order to", "to"),
        (r"prior to", "before"),
        (r"pursuant to|in accordance with|as per(?: our)?", "by"),
        (r"kindly (\w+)", r"please \1"),
        (r"utili[sz]e", "use"),
        (r"with regard to|in regards? to|regarding the matter of", "about"),
        (r"per our policy|according to our policy", "and why it is so, in one sentence"),
    ),
}

ROBOTIC: dict[str, tuple[Phrase, ...]] = {
    "es": _phrases(
        (
            r"(?:este es un )?(?:mensaje|correo) (?:automatico|"
            r"generado automaticamente)(?: (?:favor de )?no (?:lo )?responda?\w*)?",
            "responde a este mensaje y te leemos",
        ),
        (
            r"(?:por favor )?no (?:responda|respondas|conteste|contestes)(?: a)? (?:este|a este|"
            r"el) (?:mensaje|correo)",
            "responde a este mensaje y te leemos",
        ),
        (r"(?:haga|haz|da|de) clic(?:k)? aqui", "di qué hay detrás: ver tu pedido, elegir hora"),
        (
            r"(?:seleccione|elija|marque) una (?:opcion|de las siguientes opciones)",
            "pregunta lo que necesitas saber",
        ),
        (r"no (?:reply|responder)", "una dirección que alguien lee"),
        (
            r"usuario registrado|numero de (?:folio|ticket|caso) asignado",
            "lo que él reconoce: su pedido, su cita",
        ),
    ),
    "pt": _phrases(
        (
            r"(?:esta e uma )?mensagem automatica(?: (?:favor )?nao responda?\w*)?|"
            r"(?:este e um )?e mail automatico",
            "responda esta mensagem e a gente lê",
        ),
        (
            r"(?:por favor )?nao responda (?:a )?(?:este|esta|esse|essa) (?:e mail|mensagem)",
            "responda esta mensagem e a gente lê",
        ),
        (r"clique aqui", "diga o que tem atrás: ver o pedido, escolher o horário"),
        (
            r"(?:selecione|escolha|digite) uma (?:opcao|das opcoes)(?: abaixo)?",
            "pergunte o que você precisa saber",
        ),
        (r"numero de protocolo", "o que ele reconhece: o pedido, o horário"),
    ),
    "en": _phrases(
        (
            r"(?:this is an )?auto(?:mated|matic|matically generated) (?:message|email|"
            r"e mail)(?: (?:please )?do not reply)?",
            "reply to this and we read it",
        ),
        (r"(?:please )?do not reply(?: to this (?:message|email|e mail))?", "reply to this and we read it"),
        (r"click here", "say what is behind it: see your order, pick a time"),
        (r"(?:select|choose) (?:one of the following|an) options?", "ask what you need to know"),
        (r"ticket number", "what they recognise: their order, their appointment"),
    ),
}

SORRY: dict[str, re.Pattern[str]] = {
    "es": re.compile(
        r"\b(?:perdon\w*|disculp\w+|lament\w+|lo siento|sentimos|entiend\w+|entendemos|comprend\w+|con razon|"
        r"tienes (?:toda la )?razon|tiene (?:toda la )?razon|que pena|no debio pasar|fallamos)\b"
    ),
    "pt": re.compile(
        r"\b(?:desculp\w+|perdao|perdoe|lament\w+|sinto muito|sentimos|entend\w+|compreend\w+|com razao|"
        r"tem (?:toda )?(?:a )?razao|nao deveria|falhamos|que chato)\b"
    ),
    "en": re.compile(
        r"\b(?:sorry|apolog\w+|understand|i see why|you(?: a)?re right|should not have|shouldnt have|"
        r"our fault|we failed)\b"
    ),
}

ANSWERABLE: dict[str, re.Pattern[str]] = {
    "es": re.compile(
        r"\b(?:respond\w+|respond[ae]\w*|contest\w+|escrib\w+|llam\w+|marc[ae]\w*|avis\w+|dinos|"
        r"digan\w*|cuentan\w+|"
        r"preguntan\w+|mandan\w+|whats\w*|telefono|aqui estamos|aqui estoy)\b"
    ),
    "pt": re.compile(
        r"\b(?:respond\w+|escrev\w+|lig[aue]\w*|cham[ae]\w*|avis\w+|fal[ae]\w*|cont[ae]\w*|"
        r"mand[ae]\w*|zap|whats\w*|"
        r"telefone|estamos aqui|estou aqui)\b"
    ),
    "en": re.compile(
        r"\b(?:reply|answer|write|call|text|tell us|let (?:us|me) know|ask|message us|whats\w*|phone|"
        r"we re here|im here)\b"
    ),
}

SURE_USTED = re.compile(
    r"\b(?:usted|escribanos|avisenos|cuentenos|llamenos|responda|recuerde|elija|digame|diganos)\b"
)
VOS = re.compile(r"\b(?:vos|tenes|podes|queres|sos|escribinos|contanos|decinos|elegi|veni|acordate|fijate)\b")
SURE_TU = re.compile(
    r"\b(?:tu|ti|contigo|tienes|puedes|quieres|eres|dinos|escribenos|cuentanos|haz|ven|tus)\b"
)
VOCE = re.compile(r"\b(?:voce|vc)\b")
TU_PT = re.compile(r"\b(?:tu|contigo|queres|podes|tens)\b")
SENHOR = re.compile(r"\b(?:[oa]|ao|[dn][oa]|pel[oa]) senhora?\b")
# What is surely said to somebody whom one addresses in one of the three ways, by the setting that means it.
ADDRESS = {
    "es": {"tu": SURE_TU, "usted": SURE_USTED, "vos": VOS},
    "pt": {"tu": VOCE, "usted": SENHOR, "vos": TU_PT},
}
