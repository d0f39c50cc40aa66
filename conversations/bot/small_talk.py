"""What is said without asking anything: greetings, thanks, and whether the answer before helped."""

import re

from conversations.bot import normalise

YES = frozenset((
    "si", "sip", "sep", "claro", "ok", "oka", "okay", "dale", "va", "vale", "simon", "ya", "listo",
    "perfecto", "correcto", "exacto", "gracias", "buenisimo", "genial", "sim", "isso", "beleza", "blz",
    "certo", "valeu", "obrigado", "obrigada", "otimo", "perfeito", "yes", "yep", "yeah", "yup", "sure",
    "thanks", "great", "perfect",
))  # fmt: skip
NO = frozenset(("no", "nop", "nel", "nope", "nah", "nada", "tampoco", "nao", "negativo", "not"))
MOST_WORDS = 12
"""More are no small talk."""
_SMALL = re.compile(
    r"^(?>(?:"
    r"holas?|holi|holis|buen(?:os|as|a|o)?(?: (?:dias?|tardes?|noches?))?|(?:feliz|lindo|bonito|excelente) (?:dia|tarde|noche|fin de semana)|"
    r"que tal|como (?:estas?|estan|andas?|te va|les va|va(?: todo)?)|todo (?:bien|perfecto|claro)|(?:muy|bien) bien|bien|"
    r"(?:muchas |muchisimas |mil |un monton de |ok |si )?gracias(?: (?:por (?:todo|avisar|responder|contestar|la atencion|el dato|"
    r"(?:la|tu|su) (?:ayuda|informacion|respuesta|atencion|tiempo))|a (?:ti|usted|ustedes|vos)|de nuevo|otra vez|igual|igualmente))?|"
    r"(?:muy|que) amables?|oka?y?|dale|listo|perfecto|genial|excelente|buenisimo|super|claro(?: que si)?|si+|sip|vale|va|"
    r"entendido|entiendo|entendi|ya (?:entendi|esta)|ya|de acuerdo|igualmente|saludos|adios|chau|chao|hasta (?:luego|pronto|manana)|"
    r"nos vemos|de nada|con gusto|eso (?:era(?: todo)?|es todo|seria todo)|era eso|nada mas|ah|oh|bueno|"
    r"ola|oi|opa|bom dia|boa (?:tarde|noite)|bom|boa|tudo (?:bem|bom|certo)|muito bem|muit[oa] gentil|"
    r"(?:muito |muitissimo |mto |sim )?obrigad[oa](?: (?:por tudo|pela (?:ajuda|atencao|informacao|resposta)|pelo (?:retorno|atendimento)|mesmo|de novo))?|"
    r"valeu|beleza|certo|sim|isso(?: mesmo)?|otimo|perfeito|show|ta (?:bom|certo|otimo)|esta (?:bom|certo|otimo)|ate (?:logo|mais|amanha)|tchau|era isso|e isso|"
    r"hi|hello|hey(?: there)?|good (?:morning|afternoon|evening|night|day)|(?:many |ok |yes )?thanks?(?: (?:you|so much|very much|a lot|again|a bunch|"
    r"for (?:everything|(?:your|the) (?:help|reply|answer|time|info|information))))*|cool|great|perfect|yes|yep|yeah|yup|sure|alright|fine|nice|awesome|"
    r"got it|that is (?:all|it)|that was (?:all|it)|bye|goodbye|see you(?: later| soon)?|have a (?:nice|good|great) (?:day|one|evening|weekend)|"
    r"much appreciated|very kind"
    r")(?: |$))++$"
)
_ANSWER = r"(?:eso|esto|asi|(?:tu|su|la|esa|esta) (?:respuesta|informacion)|lo que (?:me )?(?:dices|dijiste|pones|mandaste))"
_CONTRADICTS = (
    rf"\b(?:{_ANSWER} )?no (?:es|era|fue|es eso|era eso) lo que (?:te |le |les |yo )*(?:pregunt|ped|pid|busc|quer|quier|necesit|consult|dij)\w*",
    rf"\b{_ANSWER} no (?:me |nos )?(?:sirv|ayud|respond|resp|aclar|resuelv|resolv|funcion)\w*",
    r"\bno (?:me |nos )?(?:respondiste|respondes|contestaste|contestas|entendiste|entiendes|ayudaste|ayudas|resolviste|resuelves|leiste|estas (?:entendiendo|respondiendo|contestando|ayudando))\b",
    r"\bno (?:me |nos )?(?:respondio|contesto|responde|contesta|resuelve|resolvio|aclara) (?:a |en )?(?:nada|eso|(?:mi|la|lo que) (?:pregunta|duda|pregunte))\b",
    r"\bno (?:te |le |les )?(?:pregunte|pedi|consulte|dije) eso\b|\byo (?:te |le )?(?:pregunte|pedi|consulte) (?:otra cosa|por otra cosa|algo distinto)\b",
    r"\b(?:nada que ver|te equivoc\w+|te confund\w+|me entendiste mal|entendiste mal|estas equivocad[oa]|sigo (?:igual|en las mismas|sin (?:saber|entender|respuesta)))\b",
    rf"\b{_ANSWER} (?:esta mal|es mentira|es falso|no es (?:cierto|correcto|asi|verdad))\b|\brespuesta (?:equivocada|incorrecta|erronea)\b",
    r"\b(?:isso |essa resposta )?nao (?:e|era|foi|e isso|era isso) (?:isso )?(?:o )?que (?:eu |te |lhe )*(?:pergunt|ped|quer|procur|precis)\w*",
    r"\b(?:isso|essa resposta|assim) nao (?:me )?(?:ajud|serv|respond|resolv|esclarec)\w*",
    r"\bnao (?:me )?(?:respondeu|ajudou|entendeu|resolveu|leu)\b|\bnao (?:te )?(?:perguntei|pedi) isso\b|\beu (?:perguntei|pedi) outra coisa\b",
    r"\b(?:nada a ver|voce (?:se )?(?:enganou|errou|confundiu)|entendeu errado|continuo sem (?:saber|entender|resposta)|resposta errada)\b",
    r"\bnot what i (?:asked|wanted|meant|needed|need|said|am asking|was asking)\b|\bi (?:did not|never) (?:ask|asked) (?:for |about )?that\b|\bi asked (?:for |about )?something else\b",
    r"\b(?:that|this|it|your answer) (?:does|did|is) not (?:(?:really|even) )?(?:help|helpful|helping|answer\w*|work|right|correct|true|it)\b|\bnot (?:very |really )?helpful\b|\bno help\b",
    r"\byou (?:did|do|have) not (?:even )?(?:answer\w*|understand|understood|read|help\w*)\b|\byou (?:misunderstood|got (?:it|me) wrong|are wrong)\b|\bwrong answer\b",
    r"\b(?:that|this|your answer) is wrong\b|\bstill (?:do not|not) (?:know|understand|clear)\b",
)  # fmt: skip
_SAYS_NO = re.compile("|".join(_CONTRADICTS))
_CLAUSE = re.compile(
    r"^(?:(?:no|nao|pero|mas|pues|but|well|e|y) )*(?:"
    r"no (?:me |nos )?(?:sirve|sirvio|ayuda|ayudo|aclara|resuelve)(?: (?:de |para |en )?(?:nada|mucho|eso|esto|la respuesta|tu respuesta|esa respuesta))?|"
    r"no (?:es|era|fue) (?:eso|asi|esa|ese|lo que buscaba|mi (?:pregunta|duda|caso))|eso no|asi no|"
    r"nao (?:me )?(?:serve|serviu|ajuda|ajudou|resolve)(?: (?:em |de |para )?(?:nada|muito|isso))?|nao (?:e|era|foi) (?:isso|assim|minha duvida)|isso nao|"
    r"(?:it |that )?(?:does|did) not help(?: (?:me|at all|much))*|not (?:it|that|really)|that is not it"
    r")$"
)
_ENDS = re.compile(r"[.,;:!?¿¡\n()…]+")


def is_small_talk(text: str, language: str = "es") -> bool:
    """Whether a text greets, thanks or agrees, and asks nothing."""
    words = normalise.expanded(normalise.tokens(text), language)
    return len(words) <= MOST_WORDS and bool(_SMALL.match(" ".join(words)))


def opinion(text: str, language: str = "es") -> bool | None:
    """Whether a text says of the answer before that it helped, or that it did not; None for neither."""
    if contradicts(text, language):
        return False
    agrees = yes_or_no(text)
    if agrees is None and is_small_talk(text, language) and not YES.isdisjoint(normalise.tokens(text)):
        return True
    return agrees


def yes_or_no(text: str) -> bool | None:
    """Whether a short text agrees or not; None where it is anything else."""
    words = normalise.tokens(text)
    if not words or len(words) > 4 or "?" in text:
        return None
    if words[0] in NO:
        return False
    return True if words[0] in YES else None


def contradicts(text: str, language: str = "es") -> bool:
    """Whether a text says, in however many words, that an answer was not what was asked for."""
    if _SAYS_NO.search(normalise.normalised(text, language)):
        return True
    clauses = (normalise.normalised(clause, language) for clause in _ENDS.split(text[: normalise.LONGEST]))
    return any(_CLAUSE.match(clause) for clause in clauses if clause)
