"""Words of everyday speech in three languages, and those that say nothing of the matter."""

import zlib
from functools import cache
from pathlib import Path

ARTEFACT = Path(__file__).parent / "artefacts" / "everyday.bin"

STOP_WORDS = frozenset(
    ["a", "al", "algo", "ante", "con", "contra", "cual", "cuales", "de", "del", "desde", "donde", "e", "el", "ella", "ellos", "en", "entre", "era", "es", "esa", "ese", "eso", "esta", "estas", "este", "esto", "estos", "fue", "ha", "han", "hasta", "hay", "la", "las", "le", "les", "lo", "los", "mas", "me", "mi", "mis", "muy", "nos", "o", "para", "pero", "por", "porque", "que", "quien", "se", "ser", "si", "sin", "sobre", "son", "su", "sus", "te", "ti", "tu", "tus", "u", "un", "una", "uno", "unos", "y", "ya", "yo", "hola", "buenas", "buenos", "dias", "tardes", "noches", "favor", "gracias", "quiero", "quisiera", "necesito", "puedo", "puede", "pueden", "ustedes", "usted", "tienen", "tiene", "hacen", "ao", "aos", "as", "com", "como", "da", "das", "do", "dos", "ela", "ele", "em", "essa", "esse", "esta", "eu", "foi", "isso", "isto", "ja", "mais", "mas", "meu", "minha", "na", "nas", "nem", "no", "nao", "nos", "num", "o", "os", "ou", "para", "pela", "pelo", "por", "qual", "quando", "que", "quem", "sao", "se", "sem", "seu", "sua", "so", "tem", "um", "uma", "umas", "uns", "voce", "voces", "ola", "oi", "bom", "boa", "dia", "tarde", "noite", "obrigado", "quero", "queria", "preciso", "posso", "pode", "podem", "an", "and", "are", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her", "his", "i", "if", "in", "is", "it", "its", "my", "of", "on", "or", "our", "please", "she", "that", "the", "their", "them", "there", "they", "this", "to", "was", "we", "were", "what", "which", "will", "with", "would", "you", "your", "hi", "hello", "thanks", "want", "need"]
)


def everyday(word: str) -> bool:
    """Whether a bare word of four letters or more is common, and so no slip of the pen."""
    return word in _everyday()


@cache
def _everyday() -> frozenset[str]:
    return frozenset(zlib.decompress(ARTEFACT.read_bytes()).decode().split("\n"))
