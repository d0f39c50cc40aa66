"""Whether someone plainly asks for a person, read from words alone.

A small grammar: to talk with somebody, to be handed over, to be called, or a bare "a person, please". What is said
in roundabout ways, and the wish that shows in a bot that does not help, are left to the heads.
"""

import re
from collections.abc import Iterator
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


_PERSON = (
    r"(?:(?:ser(?:es)? )?human[oa]s?|persona|alguien|asesor[ae]?s?|agentes?|ejecutiv[oa]s?|encargad[oa]s?|gerentes?|supervisor[ae]?|"
    r"operador[ae]?s?|representantes?|responsable|duen[oa]|jef[ea]|emplead[oa]|recepcionista|vendedor[ae]?|"
    r"pessoa|alguem|atendentes?|funcionari[oa]|dono|dona|gente de verdade|"
    r"humans?|(?:real |actual |live )?(?:person|people)|someone|somebody|anyone|anybody|agents?|representative|rep|operator|manager|"
    r"receptionist|supervisor|staff|employee)"
)
_A = r"(?:(?:un|una|el|la|al|los|algun|alguna|otro|otra|su|um|uma|o|a|os|as|algum|outro|outra|seu|sua|an|the|some|your|another) )?"
_TALK = r"(?:habl\w+|convers\w+|platic\w+|charl\w+|comunic\w+|contact\w+|chatear|fal[aeo]\w*|trat(?:ar|o))"
_HAND = (
    r"(?:pass?[ae]\w*|comuni\w+|comuniq\w+|conect\w+|transf\w+|deriv\w+|dame|deme|denme|poner?me|ponme|"
    r"cham[ae]\w*|encaminh\w+)"
)
_WANT = (
    r"(?:quiero|quisiera|necesito|ocupo|preciso|prefiero|exijo|solicito|requiero|busco|quero|queria|gostaria de|prefiro|"
    r"want|need|prefer|demand|get me|give me|id like)"
)
_PLEASE = r"(?: por favor| ya| please| now| porfa| urgente| real| humano)*"
_DIRECT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_TALK} (?:\w+ ){{0,2}}?(?:con|com|a|al|pra|para) (?:\w+ )?{_A}{_PERSON}\b",
        rf"\b(?:talk|speak|chat|put me|connect me|transfer me|hand me|pass me) (?:\w+ ){{0,2}}?(?:to|with|through to|over to) (?:\w+ )?{_A}{_PERSON}\b",
        r"\b(?:puedo|quiero|quisiera|necesito|urge|podria|prefiero|posso|quero|preciso|queria|can i|could i|may i|want to|need to|like to) "
        r"(?:hablar|falar|conversar|platicar|comunicarme|talk|speak|chat) (?:\w+ )?(?:con|com|to|with)\b(?! (?:mi|su|meu|minha|my|vos|voce|ti|you)\b)",
        rf"\b(?:me|nos) (?:atiend|atend|comuni|contact)\w+ (?:\w+ )?{_A}{_PERSON}\b|\b{_PERSON} (?:\w+ )?(?:que|q) me (?:atiend|atend|llam|respond|ligue)\w+",
        rf"\b(?:me|nos) (?:puede|pueden|podria|podes|puedes|pode) (?:atender|llamar|comunicar|contactar|chamar|ligar) {_A}{_PERSON}\b",
        r"\b(?:me|nos) (?:comunica|comunicas|pasas|pasa|pone|pones|passa|transfere) (?:con|com|pra|para|pro) (?:el|la|don|dona|un|una|a|o|um|uma|recepcion|gente)\b",
        r"\b(?:me|nos) devuelvan la llamada\b",
        rf"\b(?:me|nos )?{_HAND} (?:ya |por favor )?(?:con |a |al |pra |para )?{_A}{_PERSON}\b",
        rf"\b{_WANT} (?:to |a |de |que )?(?:me )?(?:(?:atienda|conteste|responda|llame|atenda|ligue) )?{_A}{_PERSON}\b(?! (?:to|that|who|que) (?!me\b))",
        rf"^(?:hola |hi |oi |ola |hello )?(?:con |com )?{_A}{_PERSON}{_PLEASE}$",
        r"\b(?:quiero|necesito|quisiera|pido|exijo|prefiero) que (?:me|nos) (?:llamen?|marquen?|atiendan?|contacten?)\b",
        r"\b(?:quero|preciso|prefiro|peco) que (?:\w+ )?me (?:liguem?|atendam?|chamem?|retornem)\b",
        rf"\b(?:can|could|would|have|get|let) (?:\w+ )?{_A}{_PERSON} (?:please )?(?:to )?(?:call|ring|phone|contact|speak to|talk to|get back to) me\b",
        r"\b(?:atencion|atendimento) human[oa]\b",
        rf"\b(?:hay|esta|tem|is there|are there) {_A}{_PERSON} (?:ahi|real|de verdad|que me atienda|ai|there|i can (?:talk|speak|chat))\b",
        rf"\b(?:no|nao|not|dont) (?:\w+ ){{0,3}}(?:con |com |to |with )?(?:un |el |este |esta |um |o |a |this )?(?:bot|robot|robo|maquina|machine|chatbot)\b.*\b{_PERSON}\b",
    )
)
_ALONE = re.compile(
    rf"(?:hola |oi |ola |hi |hello )?(?:persona|pessoa|person|{_A}(?:human[oa]?|asesor[ae]?|agente?|atendente|operador[ae]?|operator)){_PLEASE}$"
)
"""A line of its own; not every person is one: `Gerente` stands under a name, `una persona` under a table."""
_NOT_ONE = re.compile(
    r"\b(?:no|nao|dont|do not|no need|sin|sem|without|nunca|not) (?:\w+ ){0,2}?(?:necesit\w+|hace falta|quiero|ocupo|need|want|precis\w+|quero|necesidad|need(?:ing)?|have)"
    rf"(?: (?!bot|robot|robo|maquina|machine|menu)\w+){{0,4}} {_A}(?:{_PERSON}|nadie|ninguem|llamada|ligacao|call)\b"
    r"|\b(?:sin|sem|without) (?:hablar|falar|talking|speaking) (?:con|com|to|with)\b|\bno me llamen\b|\bnao me liguem?\b|\b(?:dont|do not) call me\b"
)
_NOT_MEANT = re.compile(
    r"\b(?:cada|por|per|para|for|each|otra|outra) (?:una |uma |a |la |el |o )?(?:persona|pessoa|person)s?\b|\b\w+ (?:personas|pessoas)\b"
    r"|\b(?:habl|convers|platic|consult|fal)\w+ (?:lo |la )?(?:con|com) (?:mi|su|el papa|la familia|meu|minha)\b"
    r"|\b(?:hable|hablo|hablamos|hablaron|hable ya|habia hablado|falei|falamos|spoke|talked|ya hable)\b"
)
_SPELLER = Speller(
    "persona humano alguien asesor asesora agente encargado encargada gerente supervisor operador operadora "  # noqa: SIM905
    "representante responsable recepcionista ejecutivo hablar platicar conversar comunicar comuniqueme atienda llamen "
    "quiero necesito prefiero pasame transfiereme robot maquina pessoa atendente alguem falar transferir quero preciso "
    "prefiro person human someone somebody agent representative operator manager speak talk connect transfer".split(),
    everyday,
)


def find(text: str, language: str = "es") -> Found:
    """The plain wish for a person in the words of a message."""
    for stretch in normalise.stretches(text):
        if words := _read(stretch, language):
            return Found(Wish.DIRECT, words)
    return Found(Wish.NO)


def _read(stretch: normalise.Stretch, language: str) -> str:
    """The words a stretch of a text asks for a person with; none where it says that nobody is needed."""
    readings = _readings(stretch.text, language)
    if any(_NOT_ONE.search(reading) for reading in readings):
        return ""
    starts = _readings(stretch.text[: stretch.first], language)
    is_last = stretch.last == len(stretch.text)
    ends = readings if is_last else _readings(stretch.text[: stretch.last], language)
    for reading, start, end in sorted(set(zip(readings, map(len, starts), map(len, ends), strict=True))):
        plain = _NOT_MEANT.sub(" ~ ", reading)
        for pattern in _DIRECT:
            match = pattern.search(plain, start)
            if match and match.start() <= end:
                return match.group().strip()
    return next((line for line in _lines(stretch.text) if _ALONE.match(line)), "")


def _readings(text: str, language: str) -> tuple[str, str, str]:
    """The words as typed, written out, and without slips of the finger."""
    words = normalise.tokens(text)
    expanded = normalise.expanded(words, language)
    return " ".join(words), " ".join(expanded), " ".join(_SPELLER.repaired(expanded))


def _lines(text: str) -> Iterator[str]:
    """The bare lines of a text that has several: messages that came together are lines of one."""
    lines = text.split("\n") if "\n" in text else []
    return (" ".join(normalise.tokens(line)) for line in lines if len(line) <= normalise.MARGIN)
