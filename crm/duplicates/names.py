"""Names of people in Spanish, Portuguese and English: nicknames, order, accents, slips."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from tenants.kit.text import folded

# What somebody is called by, and the names it may stand for, accents left out.
NICKNAMES_TEXT = """
jose: pepe pepito chepe cheo joselito ze zezinho zeca josecito
josefina: pepa pepita fina jose chepina
francisco: paco pancho curro kiko quico chico francis panchito paquito chicao fran
francisca: paca paquita pancha panchita chica
guadalupe: lupita lupe lupilla guada pita lupis
alberto: beto tito albertinho berto
roberto: beto robe tito betinho
humberto: beto
gilberto: beto gil giba
norberto: beto
heriberto: beto
adalberto: beto
jesus: chuy chucho chuchin jesusito suso
ignacio: nacho nachito inaki
guillermo: memo guille willy memito
antonio: tono tonito tony toni antonino tonho toninho nico totonho
antonia: tona tonia toni
eduardo: lalo edu dudu duda eddy lalito eduardinho
gerardo: lalo gera jerry
enrique: quique kike henry rico
ricardo: rico richie riqui ricky cadu
luis: lucho luisito lulu
luiz: lula luizinho
federico: fede lico kiko quico
alejandro: alex ale jandro alejo sandro
alejandra: alex ale jandra sandra
alexandre: alex xande xandi ale
alexandra: alex ale xanda
manuel: manolo manu manolito nel mel manny
manoel: mane neco manu
manuela: manola manoli manu
rafael: rafa fael rafita
rafaela: rafa
gabriel: gabo gabi biel
gabriela: gabi gaby
daniel: dani danny dan
daniela: dani dany
miguel: mike migue miguelito miguelinho
angel: angelito gelo
fernando: fer nando ferchu fernan nandinho
fernanda: fer fe nanda ferchis
rodrigo: rodri digo rorro
vicente: chente vicen
salvador: chava salva
sergio: checo serginho serge
javier: javi xavi javo
xavier: xavi
juan: juanito juancho juanillo
joao: joaozinho jao joca
ramon: moncho mon
raul: rulo raulito
refugio: cuca cuco
rosario: chayo charo
consuelo: chelo
concepcion: concha conchita cony conchi
dolores: lola lolita loli
mercedes: meche merche mechita
teresa: tere teresita maite tete teca
teresinha: tere
graciela: chela grace
isabel: chabela isa chabe bel belita isabelita bela
elizabeth: eli lizzie liz beth betty eliza bess
isabela: isa bela
catalina: cata caty
catarina: cata catita
socorro: coco
soledad: sole chole
beatriz: bety betty bea bia ticha
patricia: paty pati patty trish pat tricia
leticia: lety leti
margarita: mago mague marga rita
margarida: guida
esperanza: pera espe
rosa: rosita rosi chita
rosalia: lia rosa
veronica: vero
silvia: chivis sil
cecilia: ceci chila
monica: moni
susana: susi susy su
yolanda: yoli yola
adriana: adri nana
alfonso: poncho fonso
alfredo: fredo fredy freddy
arturo: turo arthur
cristina: cris tina cristi
cristobal: tobal cris
carlos: carlitos charly cacho carlinhos carlao cadu
carlota: lota
claudia: clau
diego: dieguito
domingo: mingo
elena: nena lena
ernesto: neto tito
estefania: estefi fani
eugenio: geno
eugenia: quena genia
felipe: pipe felipinho lipe
gonzalo: gonza chalo
gregorio: goyo grego
gustavo: gus tavo guga
hector: tito
hilario: lalo
inocencio: chencho
ines: inesita
joaquin: quin joaco
joaquim: quim quincas
jorge: coque jorgito jorginho
julio: julito
lorenzo: lencho loren
lourdes: lulu lou
luciana: lu lucy
lucia: lucy luci lu
magdalena: magda malena lena
mauricio: mau
marcelo: celo
maximiliano: max maxi
nicolas: nico
natalia: nati nata
octavio: tavo
osvaldo: vado
pablo: pablito
paula: pau paulita
paulina: pau pauli
paulo: paulinho
pedro: perico pedrito pedrinho
rosalba: rosi
roxana: rox
sebastian: sebas seba
sebastiao: tiao bastiao
santiago: santi chago yago
tomas: tomasito
valentina: vale tina
valeria: vale
victoria: vicky tori
viviana: vivi
ximena: xime
aurelio: yeyo
aparecida: cida
benedito: dito bene
bernardo: nardo
bruna: bru
caetano: caca
camila: cami mila
carolina: caro carol
caroline: carol
edson: edinho
everaldo: vado
fabiana: fabi
fabricio: bricio
geraldo: gera
heloisa: helo lo
joana: jo
juliana: ju juli
julia: ju juju
larissa: lari
leonardo: leo
luciano: lu
luiza: lu
marcela: marce
marcia: marcinha
mariana: mari nana
marina: mari
matheus: teteu
paola: pao
priscila: pri
raimundo: mundo ray
renata: re
rogerio: roge
ronaldo: nado
severino: biu
tatiana: tati
terezinha: tete
thiago: ti
valdemar: dema
valdir: val
wagner: wag
wilson: will
robert: bob bobby rob robbie bert
william: bill billy will willie liam
richard: dick rick ricky rich
james: jim jimmy jamie
john: jack johnny
joseph: joe joey
michael: mike mick mickey micky
charles: charlie chuck chas
edward: ed eddie ted teddy ned
thomas: tom tommy
margaret: maggie meg peggy marge margie greta
katherine: kate katie kathy kat kitty kay
catherine: kate cathy katie kitty
rebecca: becky becca
susan: sue susie
deborah: deb debbie
jennifer: jen jenny
jessica: jess jessie
christopher: chris kit
christine: chris chrissie tina
matthew: matt
anthony: tony
andrew: andy drew
benjamin: ben benji
samuel: sam
samantha: sam
alexander: alex al sandy xander
nicholas: nick nicky
nathaniel: nate nat
jonathan: jon jonny
timothy: tim
gregory: greg
stephen: steve
steven: steve
kenneth: ken kenny
lawrence: larry
leonard: len lenny
theodore: ted teddy theo
zachary: zach zack
victor: vic
vincent: vince vinny
walter: walt wally
henry: harry hank
harold: harry hal
frederick: fred freddie
ronald: ron ronnie
donald: don donnie
raymond: ray
philip: phil pip
peter: pete
daniella: dani
dorothy: dot dottie dolly
eleanor: ellie nell nora
florence: flo
frances: fran fanny
helen: nell
jacqueline: jackie
judith: judy
kimberly: kim
martha: marty patsy
matilda: tilly
mary: molly polly mamie
nancy: nan
pamela: pam
rachel: rach
sarah: sally sadie
theresa: terry tess
valerie: val
virginia: ginny
"""
# Names and surnames that so many bear that sharing one says little.
COMMON_TEXT = """
maria jose juan ana luis carlos antonio francisco jesus miguel pedro jorge manuel alejandro fernando rosa
guadalupe martha laura patricia daniel david javier ricardo roberto eduardo sergio sofia claudia carmen
veronica gabriela andrea diana monica adriana alejandra leticia elena isabel margarita gloria angel raul
mario arturo alberto enrique victor oscar cesar ruben martin pablo diego andres joao paulo marcos lucas
gabriel rafael bruno felipe juliana fernanda camila mariana beatriz aline leticia marcia sandra luiz
john mary james robert michael william david richard joseph thomas jennifer linda elizabeth barbara susan
garcia hernandez martinez lopez gonzalez rodriguez perez sanchez ramirez cruz flores gomez morales vazquez
jimenez reyes diaz torres gutierrez ruiz mendoza aguilar ortiz moreno castillo romero alvarez chavez rivera
juarez ramos dominguez herrera medina castro vargas guzman fernandez silva santos oliveira souza sousa
rodrigues ferreira alves pereira lima gomes costa ribeiro martins carvalho almeida lopes soares fernandes
vieira barbosa rocha dias nascimento andrade moreira nunes marques machado mendes freitas cardoso
smith johnson williams brown jones davis miller wilson moore taylor anderson thomas jackson white harris
"""
# What stands in a name and names nobody.
PARTICLES_TEXT = """
de del la las los el da do das dos du e y i van von der den di san santa jr junior filho neto hijo ii iii
sr sra srta srita senor senora senorita don dona doctor doctora dr dra lic ing arq prof profa mtro mtra
mr mrs ms miss sir
"""
PARTICLES = frozenset(PARTICLES_TEXT.split())
MOST_WORDS = 8
WORD = re.compile(r"[^\W\d_]+")


def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in NICKNAMES_TEXT.strip().splitlines():
        full, _colon, short = line.partition(":")
        for name in short.split():
            found.setdefault(name, set()).add(full.strip())
    return {name: frozenset(fulls) for name, fulls in found.items()}


NICKNAMES = _table()
COMMON = frozenset(COMMON_TEXT.split())


@lru_cache(maxsize=20_000)
def words(name: str) -> tuple[str, ...]:
    """The words of a name that name somebody, in the order written; titles and particles left out."""
    found = WORD.findall(folded(name.replace("'", "").replace("\u2019", "")))
    kept = [word for word in found if word not in PARTICLES]
    return tuple((kept or found)[:MOST_WORDS])


@lru_cache(maxsize=20_000)
def meant(word: str) -> frozenset[str]:
    """The names that a word of a name may stand for, itself included."""
    return NICKNAMES.get(word, frozenset()) | {word}


# Letters that sound alike, in the order in which they are made one.
SOUNDS = [
    (re.compile(pattern), letter)
    for pattern, letter in (
        (r"ph", "f"),
        (r"[sc]h", "x"),
        (r"h", ""),
        (r"ll|lh", "y"),
        (r"nh|gn", "n"),
        (r"qu?|ck|c(?![ei])|k", "k"),
        (r"c|z|s+", "s"),
        (r"gu(?=[ei])", "g"),
        (r"g(?=[ei])|j", "x"),
        (r"[vw]", "b"),
        (r"y", "i"),
        (r"(.)\1+", r"\1"),
        (r"(?<=.)[aeiou]", ""),
        (r"(.)\1+", r"\1"),
    )
]


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """How a word sounds, roughly: first letter and consonants, those that sound alike made one."""
    for pattern, letter in SOUNDS:
        word = pattern.sub(letter, word)
    return word


@lru_cache(maxsize=20_000)
def sounds(word: str) -> frozenset[str]:
    """How the names sound that a word may stand for."""
    return frozenset(sound(part) for one in meant(word) for part in one.split()[:1])


class Likeness(NamedTuple):
    """How alike two names are: evidence in bits, and what it rests on."""

    bits: float
    is_whole: bool  # every word of both has its like
    uses_nickname: bool
    is_spelt_apart: bool  # a slip, or a spelling of its own
    shared: int  # words that have their like


EQUAL, NICKNAME, INITIAL = 1.0, 0.97, 0.8
CLOSE = 0.84  # similarity from which two words may be one
WEIGHT, WEIGHT_OF_COMMON = 5.5, 3.0
MISSING = -0.4  # a word that only one has: a second name, a second surname
OTHER = -4.5  # a word where the other has another
MOST_BITS = 13.0


@lru_cache(maxsize=200_000)
def alike(one: str, other: str) -> float:
    """How alike two words of names are, from 0 to 1."""
    if one == other:
        return EQUAL
    if meant(one) & meant(other):
        return NICKNAME
    if 1 in {len(one), len(other)}:
        return INITIAL if one[0] == other[0] else 0.0
    found = JaroWinkler.similarity(one, other)
    longest = max(len(one), len(other))
    slips = OSA.distance(one, other, score_cutoff=3)
    if longest >= 4 and slips == 1:
        found = max(found, 0.93)
    elif longest >= 6 and slips == 2:
        found = max(found, 0.86)
    elif slips > 2 and longest < 9:
        found = min(found, 0.8)
    if found >= CLOSE or longest < 4:
        return found if longest >= 4 else min(found, 0.8)
    return max(found, 0.85) if sound(one) == sound(other) and len(sound(one)) >= 3 else found


@lru_cache(maxsize=50_000)
def compare(one: tuple[str, ...], other: tuple[str, ...]) -> Likeness:
    """How alike two names are, whatever the order of their words."""
    left, right = list(one), list(other)
    best = sorted(((alike(a, b), a, b) for a, b in product(left, right)), key=lambda found: -found[0])
    bits, shared, nickname, slip = 0.0, 0, False, False
    for likeness, a, b in best:
        if likeness < CLOSE and likeness != INITIAL:
            break
        if a not in left or b not in right:
            continue
        left.remove(a)
        right.remove(b)
        shared += 1
        nickname = nickname or likeness == NICKNAME
        slip = slip or likeness not in {EQUAL, NICKNAME, INITIAL}
        bits += _worth(a, b, likeness)
    for _pair in range(min(len(left), len(right))):
        bits += OTHER
    bits += MISSING * abs(len(left) - len(right))
    if not shared:
        bits -= 2
    return Likeness(min(bits, MOST_BITS), not left and not right, nickname, slip, shared)


def _worth(one: str, other: str, likeness: float) -> float:
    """What it says that two words are as alike as they are."""
    common = one in COMMON or other in COMMON or any(name in COMMON for name in meant(one))
    full = WEIGHT_OF_COMMON if common else WEIGHT
    if likeness == EQUAL:
        return full
    if likeness == NICKNAME:
        return full - 0.5
    if likeness == INITIAL:
        return 0.5
    return full * (likeness - 0.7) / 0.3


def pairs(name: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The sounds of every two words of a name, in one order: by these, names are looked up."""
    heard = [sounds(word) for word in name[:4]]
    for at, one in enumerate(heard):
        for other in heard[at + 1 :]:
            for a, b in product(one, other):
                yield (a, b) if a <= b else (b, a)
