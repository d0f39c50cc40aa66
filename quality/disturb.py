"""Messages as people type them in a hurry: slips, dropped accents and chat abbreviations, by a seed."""

import random
import unicodedata

_SHORT = {
    "es": {"que": "q", "por": "x", "porque": "xq", "para": "pa", "con": "c", "tambien": "tmb", "también": "tmb",
           "quiero": "kiero", "favor": "fa", "de": "d", "cuando": "cdo", "donde": "dnd", "dónde": "dnd", "gracias": "grax",
           "mensaje": "msj", "ustedes": "uds", "usted": "ud", "hoy": "oy", "hacer": "aser", "está": "ta"},
    "pt": {"que": "q", "você": "vc", "vocês": "vcs", "não": "n", "também": "tbm", "para": "p", "porque": "pq",
           "quando": "qdo", "quanto": "qto", "hoje": "hj", "muito": "mto", "mensagem": "msg", "obrigado": "obg",
           "com": "c", "de": "d", "está": "ta", "depois": "dps"},
    "en": {"you": "u", "your": "ur", "are": "r", "please": "pls", "thanks": "thx", "tomorrow": "tmrw", "because": "bc",
           "with": "w", "and": "n", "people": "ppl", "message": "msg", "about": "abt", "want to": "wanna"},
}  # fmt: skip
_KEYS = ["qwertyuiop", "asdfghjklñ", "zxcvbnm"]


def slips(text: str, seed: int, share: float = 0.06) -> str:
    """About `share` of the letters dropped, doubled, swapped or hit beside, and no accents."""
    chance = random.Random(f"{seed}{text}")
    letters = [char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)]
    typed: list[str] = []
    for char in letters:
        if not char.isalpha() or chance.random() >= share:
            typed.append(char)
            continue
        match chance.randrange(4):
            case 0:
                pass
            case 1:
                typed += [char, char]
            case 2 if typed:
                typed.insert(len(typed) - 1, char)
            case _:
                typed.append(_beside(char, chance))
    return "".join(typed)


def shortened(text: str, language: str) -> str:
    """Common words as chats shorten them."""
    short = _SHORT[language]
    return " ".join(short.get(word.lower(), word) for word in text.split(" "))


def one_slip(word: str, seed: int) -> str:
    """A word with one slip: a letter dropped, doubled, swapped or replaced."""
    chance = random.Random(f"{seed}{word}")
    places = [number for number, char in enumerate(word) if char.isalpha()]
    at = chance.choice(places)
    match chance.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at] + word[at:]
        case 2 if at + 1 < len(word) and word[at + 1].isalpha():
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case _:
            return word[:at] + _beside(word[at], chance) + word[at + 1 :]


def _beside(char: str, chance: random.Random) -> str:
    for row in _KEYS:
        place = row.find(char.lower())
        if place >= 0:
            return chance.choice([row[near] for near in (place - 1, place + 1) if 0 <= near < len(row)])
    return chance.choice("aeiou")
