"""First names that are common in Latin America, Spain, Brazil and the United States, in bare letters."""

FIRST_NAMES = frozenset(
    """
    aaron abel abigail abraham abril ada adalberto adam adan adela adelina adolfo adrian adriana adriano
    agustin agustina aida aileen ailton alan alba alberto aldo alejandra alejandro alessandra alex alexa
    alexander alexandra alexandre alexia alexis alfonso alfredo alice alicia alina aline alison allan alma
    alonso alvaro amalia amanda amelia america amparo amy ana anabel anahi anderson andre andrea andreia
    andres andressa andrew angel angela angelica angelina angelo anita anna anselmo antonella antonia
    antonio araceli ariadna ariana ariel armando arnaldo arthur arturo ashley astrid augusto aurelio aurora
    ayrton azucena barbara bea beatriz belen benito benjamin berenice bernarda bernardo berta bertha beti
    beto betty bia bianca blanca bob braulio brayan brenda brian britney bruna bruno bryan cadu caio camila
    camilo candela caren carina carla carlos carlota carmela carmen carol carolina caroline cassandra
    catalina catarina catherine cecilia celeste celia celina celso cesar charles charlotte chema chico
    christian christina christopher chucho chuy cibele cinthia cintia citlali clara clarisa claudia claudio
    cleber clemente cleusa concepcion concha connor consuelo cristian cristiana cristiane cristiano cristina
    cristobal cruz cynthia dafne daiana daiane dalia damian dani daniel daniela danielle danilo danna dante
    dany dario david dayana debora deborah delfina delia denis denise dennis diana diego dieter dina dolores
    domingo dominic donald dora doris douglas duda dudu dulce eder edgar edgardo edith edmundo edson edu
    eduarda eduardo edward edwin efrain elaine elba elena eleonora elias elisa elisabeth eliseo elizabeth
    ella ellen eloisa elsa elvira emanuel emerson emilia emiliano emilio emily emma enrique enzo eric erica
    erick erik erika ernesto esmeralda esperanza esteban estefania estela ester esther ethan eugenia eugenio
    eunice eva evandro evelin evelyn ezequiel fabian fabiana fabiano fabio fabiola fabricio fatima faustino
    federico felicia felipe felix fer fermin fernanda fernando fidel flavia flavio flor florencia fran
    francesca francis francisca francisco franco frank freddy frida gabi gabriel gabriela gaby gael gaston
    gemma genesis george georgina geraldine geraldo gerardo german gerson gilberto gilda gilmar giovana
    giovanna giovanni gisela gisele giselle gladys glenda gloria gonzalo grace graciela gregorio gricelda
    guadalupe guga guilherme guillermina guillermo gustavo hannah harold haydee hector heitor helena helga
    henrique henry heriberto hernan hilda hortensia hugo humberto ian ignacio igor iker iliana ines ingrid
    irene iris irma isa isaac isabel isabela isabella isadora isaias ismael israel itzel ivan ivana ivone
    ivonne jacinto jack jackeline jackson jacob jacqueline jaime jair jairo james jamie jane janet janete
    jaqueline jason javi javier jean jefferson jennifer jenny jeremias jeronimo jesica jessica jesus jhon
    jimena joan joana joao joaquim joaquin joel johana john johnny jonas jonathan jordan jorge jose josefa
    josefina joseph joshua josue joyce juan juana juanca juanita judith juju julia julian juliana juliano
    julieta julio julissa junior justin karen karina karla katherine kathy katia kelly kenia kenneth kevin
    kiara kimberly kleber laila lalo lara lari larissa lau laura lautaro leandro leidy leila lenin leo leon
    leonardo leonel leonor leopoldo leslie leti leticia lidia lilia lilian liliana lilly lina linda lisa
    lisandro liz lizbeth lizeth logan lola lorena lorenza lorenzo loreto lourdes lu luan lucas lucero lucho
    lucia luciana luciano lucila lucio lucy luis luisa luiz luiza luli lupe lupita luz lydia magaly magda
    magdalena maira maite majo male malena manu manuel manuela mara marcela marcelo marcia marcio marco
    marcos margarita mari maria mariana mariano maribel maricela marilyn marina mario marisa marisol maritza
    mark marlene marlon marta martha martin martina mary mateo matheus mathias mati matias matilde matthew
    mauri mauricio mauro max maximiliano maximo mayra mayte meche megan melanie melchor melina melisa
    melissa memo merced mercedes mia micaela michael michel michelle miguel mike milagros milena milton
    mirella miriam mirna mirta moises monica monserrat montserrat morgan murilo myriam nacho nadia nahuel
    nancy nanda nando naomi natalia natalie nathalia nathan nati nayara nayeli nelly nelson nestor neto nico
    nicolas nicole nidia noa noah noe noelia noemi nora norberto norma nubia nuria octavio ofelia olga
    olivia omar orlando oscar osvaldo oswaldo otavio otto pablo paco paloma pamela pancho pao paola paolo
    pati pato patricia patricio patrick paty paul paula paulina paulo pedro penelope pepe perla peter
    phillip pilar priscila quetzal quique rachel rafa rafael rafaela rafinha raimundo ramiro ramon ramona
    raquel raul raymundo rebeca rebecca regina reginaldo reinaldo renan renata renato rene reyna ricardo
    richard ricky rigoberto rita robert roberta roberto robin robson rocio rodolfo rodri rodrigo rogelio
    roger rogerio roman romina romulo ronaldo roque rosa rosalba rosalia rosalinda rosana rosario rosaura
    rosemary rosendo roxana ruben rufino ruth ryan sabrina salma salome salvador samanta samantha samara
    samuel sandra sandro santi santiago santos sara sarah sarai saul sebas sebastian selena serena sergio
    severino sheila sherlyn silvana silvia silvio simon simone sofi sofia sol soledad sonia sophia sophie
    stefania stella stephanie stephen steve steven suelen susan susana suzana sylvia tadeo tais talia tamara
    tania tatiana telma teodoro teofilo tere teresa thais thaisa thalia thiago thomas tiago tobias tomas
    toni tono tony trinidad ulises umberto uriel ursula vale valentin valentina valeria valerie vanesa
    vanessa vania vero veronica vicente vicky victor victoria vilma vinicius violeta virginia vitor vitoria
    vivi viviana viviane vladimir wagner walter wanda wanderson wellington wendy wesley william wilson xime
    ximena xiomara xochitl yadira yahir yamila yamileth yanet yasmin yazmin yesenia yessica yolanda yoli
    yuri yuridia zaira ze zeca zezinho zoe zulema zulma
    """.split()  # noqa: SIM905 -- a list of names reads better as running text
)
