"""Signs of mood, urgency and confusion that stand in the words themselves; the heads weigh them."""

import re

from conversations.bot import normalise
from conversations.bot.lexicon import Hit
from conversations.bot.wishes import Wish
from conversations.lexicon import sounds_like_complaint

_GOOD = re.compile(
    r"\b(?:gracias|super|genial|excelente\w*|buenisim\w*|riquisim\w*|espectacular\w*|encant\w*|recomend\w*|perfecto|amable\w*|feliz|"
    r"contenta?o?|crack|cracks|bacan\w*|chido|chevere|lindo|linda|hermos\w*|delicios\w*|felicit\w*|bendiga|maravill\w*|increible|"
    r"obrigad\w*|valeu|otimo|otima|adorei|amei|perfeito|perfeita|maravilh\w*|parabens|show|top|gostei|lind[oa]s?|"
    r"thanks|thank|great|love|loved|lovely|awesome|amazing|perfect|best|excellent|wonderful|kind|legend|bless|rock|happy|brilliant)\b"
)
_BAD = re.compile(
    r"\b(?:mal|mala|malo|peor|pesim\w*|horrible\w*|asco|verguenza|molest\w*|enojad\w*|hart[oa]|cansad[oa]|triste|decepcion\w*|"
    r"terrible|basura|desastre|sucio|sucia|fri[oa]|roto|rota|dana\w*|fall\w*|demor\w*|tarde|nunca|grosera?o?|malcriad\w*|dolor|duele|"
    r"ruim|pior|pessim\w*|horrivel|nojo|vergonha|chateada?o?|estragad\w*|quebrad\w*|atras\w*|grosseir\w*|descaso|absurd\w*|palhacada|"
    r"bad|worst|awful|terrible|horrible|disgust\w*|rude|broken|late|cold|wrong|dirty|angry|upset|sad|disappoint\w*|ruined|pain|hurts|never|joke|shame)\b"
)
_URGENT = re.compile(
    r"\b(?:urge\w*|urgente\w*|emergencia|ya mismo|ahora mismo|ahorita|cuanto antes|lo antes posible|inmediat\w*|hoy|sangr\w*|dolor|duele|"
    r"afuera|en la puerta|varad[oa]|aeropuerto|minutos|no respira|convuls\w*|veneno|accident\w*|alergi\w*|embaraz\w*|hospital|"
    r"urgencia|emergencia|agora|hoje|ja ja|imediat\w*|socorro|sangue|sangrando|dor|parad[oa]|la fora|na porta|"
    r"urgent\w*|asap|right now|now|today|emergency|bleeding|pain|stranded|locked out|outside|hospital|poison\w*|minutes|tonight)\b"
)
_LOST = re.compile(
    r"\b(?:no entiendo|no entendi|no comprend\w+|no me queda claro|confund\w+|confus[oa]|me perdi|no se (?:que|como|cual)|ni idea|me enred\w+|"
    r"me hago bolas|explic\w+|que es eso|que significa|a que se refier\w+|como asi|no cacho|no capto|mareo|"
    r"nao entend\w+|nao sei (?:o que|como|qual)|perdid[oa]|confus[oa]|me perdi|o que e|como assim|boiando|explica|"
    r"i do not (?:get|understand)|dont (?:get|understand)|do not understand|confus\w+|lost|no idea|what is an?|what does|meaning|which one is|makes no sense)\b"
)
_TIRED = re.compile(
    r"\b(?:otra vez|de nuevo|ya van|\w+ veces|hart[oa]|cansad[oa]|harta|nadie|nunca|siempre|sigo|siguen|todavia|hasta cuando|es el colmo|"
    r"llevo|hace \d+|hace (?:dos|tres|semanas|meses)|esperando|colmo|burla|"
    r"de novo|outra vez|ninguem|nunca|sempre|ainda|ate quando|esperando|cansei|faz \d+|palhacada|"
    r"again|nobody|no one|never|always|still|waiting|fed up|tired of|ridiculous|enough|third|second time|weeks|hours)\b"
)
_LATE = re.compile(
    r"\b(?:no (?:me )?(?:llego|ha llegado|llega|han)|nao (?:chegou|chegaram|recebi)|not (?:arrived|here|come)|no (?:tracking|show|answer)|faltaron|falto|faltou|missing)\b"
)
_PAST_WRONG = re.compile(
    r"\b(?:me (?:cobraron|vendieron|mandaron|dejaron|trataron|dijeron|prometieron|entregaron|dieron)|cobraron|vendieron|llego|vino|venia|salio|"
    r"me (?:cobraram|venderam|mandaram|deixaram|trataram|prometeram|entregaram)|chegou|veio|quebrou|estragou|"
    r"charged|billed|sold me|sent me|broke|came|gave|delivered|arrived|told me|promised|quoted)\b"
)
_GREETING = re.compile(
    r"^(?:(?:hola|holi|buen[oa]s?|dias?|tardes?|noches?|que|tal|como|estan|esta|ola|oi|bom|boa|tarde|noite|tudo|bem|hi|hello|hey|there|good|"
    r"morning|evening|afternoon|gracias|muchas|mil|ok|dale|listo|perfecto|obrigado|valeu|beleza|thanks|thank|you|cool|yo|ola|opa|vale|si|saludos) ?)+$"
)
_SMILES = frozenset("😀😃😄😁😊🙂😍🥰😘❤🧡💛💚💙💜🖤💕💖👏🙌👍👌⭐🌟🎉✨😎🤩🙏💪🐾🥳💯🔥😋🤗")
_FROWNS = frozenset("😡😠🤬😤😞😔😢😭😩😫🤮🤢👎😒😣😖💔😰😨")
_IRONY = frozenset("🙃🤡🙄😑😏🤦🥲🤷🫠")
_IRONIC = re.compile(
    r"\"[^\"]{3,40}\"|“[^”]{3,40}”|\b(?:que (?:lindo|maravilla|bien|belleza|rapidos|eficientes)|que maravilha|parabens (?:pela|pelo)|"
    r"muy (?:puntuales|profesionales|lindo)|gracias por (?:nada|la cena que|arruin\w+)|obrigad[oa] por (?:nada|me)|buenisimo su|excelente (?:servicio|atencion),? (?:\w+ )?(?:tres|dos|\d)|"
    r"oh (?:brilliant|great|wonderful|lovely)|so helpful|thanks for nothing|ten out of ten|bold choice|adorei (?:o suspense|esperar))",
    re.IGNORECASE,
)
NAMES = (
    "good", "bad", "urgent", "lost", "tired", "late", "past", "greeting", "smile", "frown", "irony", "quotes",
    "question", "bang", "capitals", "complaint", "hit", "harmless", "direct", "short", "long", "mixed",
    "es", "pt", "en", "asked",
)  # fmt: skip


def cues(text: str, words: str, language: str, wish: Wish, hits: list[Hit]) -> list[float]:
    """One number for each of NAMES."""
    letters = [char for char in text if char.isalpha()]
    capitals = sum(char.isupper() for char in letters) / len(letters) if len(letters) > 8 else 0.0
    good, bad = bool(_GOOD.search(words)), bool(_BAD.search(words))
    smile, frown = bool(_SMILES & set(text)), bool(_FROWNS & set(text))
    count = len(words.split())
    question = "?" in text
    return [
        float(value)
        for value in (
            good, bad, _URGENT.search(words) is not None, _LOST.search(words) is not None,
            _TIRED.search(words) is not None, _LATE.search(words) is not None, _PAST_WRONG.search(words) is not None,
            _GREETING.match(words) is not None, smile, frown, bool(_IRONY & set(text)),
            _IRONIC.search(text) is not None, question, "!" in text, capitals > 0.6, sounds_like_complaint(text),
            any(not hit.harmless for hit in hits), any(hit.harmless for hit in hits), wish is Wish.DIRECT,
            count <= 3, count > 20, (good or smile) and (bad or frown),
            language == "es", language == "pt", language == "en", question or _ASKS.match(words) is not None,
        )
    ]  # fmt: skip


_ASKS = re.compile(
    r"^(?:hola |oi |ola |hi |hello |buenas |che )*(?:que|cual|cuales|cuanto|cuantos|cuanta|cuando|como|donde|quien|hay|tienen|tenes|tienes|venden|"
    r"puedo|pueden|se puede|hacen|aceptan|o que|qual|quanto|quanta|quando|onde|quem|tem|voces|posso|da para|fazem|aceita\w*|"
    r"what|which|how|when|where|who|do|does|is|are|can|could|would|any|got|price|precio|preco|direccion|horario)\b"
)


_HESITATES = re.compile(
    r"\b(?:lo (?:voy a )?(?:pienso|pensar|pensare|consult\w+)|dejame (?:pensar|ver)|no (?:se|estoy segur[oa]) si|dudo|dudando|"
    r"esta (?:medio |muy |algo )?car[oa]|muy car[oa]|me lo pienso|ahi veo|luego (?:veo|aviso)|despues (?:veo|aviso)|"
    r"vou pensar|vou ver|ta caro|esta caro|muito caro|nao sei se|estou em duvida|na duvida|depois (?:vejo|aviso)|"
    r"let me think|i will think|ill think|not sure (?:if|whether|yet)|(?:too|bit|quite) (?:expensive|pricey)|maybe later|on the fence)\b"
)


def greets(text: str, language: str) -> bool:
    """Whether a text is a greeting or thanks and nothing else."""
    return bool(_GREETING.match(plain(text, language)))


def hesitates(text: str, language: str) -> bool:
    """Whether somebody weighs a purchase and puts it off."""
    return bool(_HESITATES.search(plain(text, language)))


def mixed(words: str, text: str) -> bool:
    """Praise and grievance in one, or praise that is not meant: what a model must not be sure of."""
    both = bool(_GOOD.search(words)) and bool(_BAD.search(words))
    return both or bool(_IRONY & set(text)) or _IRONIC.search(text) is not None


def plain(text: str, language: str) -> str:
    """The words that cues are looked for in."""
    return normalise.normalised(text, language)
