"""What customers and agents of the benchmarks are called and say."""

_FIRST_NAMES = """
María José Guadalupe Juan Ana Luis Rosa Carlos Laura Miguel Sofía Jorge Elena Pedro Lucía Raúl
Carmen Andrés Verónica Héctor Patricia Iván Gabriela Óscar Daniela Ricardo Mónica Emilio Beatriz
Tomás Julia Hugo Renata Martín Ximena Diego Camila Álvaro Fernanda Joaquín
"""
_SURNAMES = """
Hernández García Martínez López González Rodríguez Pérez Sánchez Ramírez Flores Cruz Gómez Morales
Vázquez Reyes Jiménez Torres Díaz Gutiérrez Ruiz Mendoza Aguilar Ortiz Castillo Moreno Romero
Álvarez Méndez Chávez Rivera Juárez Ramos Domínguez Herrera Medina Castro Vargas Guzmán Velázquez
Rojas Muñoz Contreras Salazar Luna Ortega Guerrero Estrada Bautista Cortés Soto
"""
_SYLLABLES = """
ba be bi bo bu ca ce co da de do fa fe ga go la le lo ma me mi mo na ne no pa pe po ra re ri ro ta
te ti to va ve vi zo
"""
FIRST_NAMES = tuple(_FIRST_NAMES.split())
SURNAMES = tuple(_SURNAMES.split())
SYLLABLES = tuple(_SYLLABLES.split())
PHRASES = (
    "Hola, buenos días.",
    "Buenas tardes, una pregunta.",
    "¿Me pueden ayudar con la cadena de mi bicicleta?",
    "La llanta trasera pierde aire desde el martes.",
    "Quiero saber si ya llegó mi pedido.",
    "¿Hasta qué hora abren hoy?",
    "El sábado cerramos a las dos de la tarde.",
    "Claro que sí, con mucho gusto.",
    "Le confirmo que su bicicleta está lista para recoger.",
    "El cambio de frenos cuesta trescientos cincuenta pesos.",
    "¿Tienen casco para niña de seis años?",
    "Sí, en talla chica y mediana.",
    "Me gustaría agendar un servicio completo.",
    "¿Le queda bien el jueves por la mañana?",
    "Perfecto, ahí estaré.",
    "No me ha llegado la factura de la compra anterior.",
    "Se la envío en este momento a su correo.",
    "El paquete salió ayer y llega entre mañana y pasado.",
    "La dirección de entrega cambió, ¿todavía se puede corregir?",
    "Ya lo corregí con la paquetería.",
    "Estoy muy molesta, es la tercera vez que pregunto.",
    "Tiene toda la razón, una disculpa por la espera.",
    "Quiero devolver el asiento porque no me acomodó.",
    "Puede cambiarlo o pedimos la devolución de su dinero.",
    "¿Aceptan tarjeta de crédito a meses sin intereses?",
    "A tres y seis meses con los bancos participantes.",
    "¿Cuánto tarda la reparación del desviador?",
    "Normalmente dos días hábiles, según las piezas.",
    "La garantía cubre el cuadro por cinco años.",
    "Encontré el mismo modelo más barato en otra tienda.",
    "Déjeme revisar qué precio le podemos ofrecer.",
    "Muchas gracias por su ayuda.",
    "Gracias a usted, que tenga buen día.",
    "Les mando una foto de la pieza rota.",
    "Con esa foto me queda claro, es la patilla.",
    "Necesito el comprobante para mi empresa.",
    "¿Hacen entregas en Zapopan?",
    "Sí, los martes y viernes sin costo.",
    "Mi hijo perdió la llave del candado.",
    "Traiga una identificación y le hacemos un duplicado.",
)
