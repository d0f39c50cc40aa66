"""What the words of small businesses mean across countries and languages: `cochera` is `parking`.

A line is one concept; its words are bare, written out (normalise.expanded) and match by their beginning where a
star ends them. A phrase is joined by underlines and matches as it stands.
"""

from functools import cache

CONCEPTS = """
hours: horario* hora abren abre abiert* cierran cierra atienden atiende funcionam funciona abert* fecha
  fecham abrem open opening closes closed closing hours hasta_que_hora a_que_hora que_horas ate_que_horas
  what_time expediente madrugada temprano
weekend: sabado* domingo* feriado* festivo* holiday* weekend saturday* sunday* fin_de_semana fim_de_semana
today: hoy hoje today tonight ahora agora now
place: direccion ubicacion ubicad* donde_esta* donde_queda* en_que_direccion mapa waze maps esquina
  cuadras barrio llegar localizacao endereco onde_fica onde_e bairro rua address located location
  directions street corner como_llego queda_el quedan_ustedes what_floor
parking: estacionamiento* estacionar* parqueadero* parqueo cochera* parking aparcar estacionamento vaga
  vagas valet garaje garagem donde_dejo_el_carro
price: precio* cuesta* cuestan costo* vale valen cobran cobra tarifa* sale_un* salen saldria* presupuesto
  cotiza* preco* custa* custam valor* cobram quanto_fica quanto_sai cuanto_sale cuanto_seria cuanto_es
  quanto_e price* cost* charge* rate rates fee fees how_much ballpark cuanto_por quanto_por por_cabeca
  por_persona
pay: pagar pagan tarjeta* efectivo transferencia* debito visa mastercard amex yape plin nequi daviplata
  mercado_pago pix cartao cartoes dinheiro pagamento* pay payment* card cards cash contactless dolares
  dolar dollars paypal medios_de_pago formas_de_pago aceptan aceita aceitam contra_entrega al_recibir
instalments: cuota* meses_sin_intereses msi mensualidades parcel* instalment* installment* plazos
  financia* en_partes ir_pagando por_mes 2x 3x 6x 10x 12x abonos split
invoice: factura* facturacion boleta* rfc rut cuit ruc cfdi recibo nota_fiscal cnpj cpf invoice* receipt
  comprobante*
book: reserva* reservo reservar agendar agend* cita citas turno turnos apartar sacar_hora pedir_hora
  marcar agendamento book booking appointment* schedule reserve reservation table mesa cupo lugar_para
  hay_lugar queda_lugar tem_lugar encaixe vaga_para room_for hora_disponible horario_disponivel
  teria_horario teria_algum_horario primera_vez primeira_vez
reschedule: reprogramar reagendar mover moverla correr postergar aplazar remarcar adiar reschedule move
  postpone switch rebook otro_dia otra_semana outra_semana outro_dia no_voy_a_poder no_puedo_ir no_llego
  nao_vou_conseguir nao_posso_ir cambiar_la_cita cambiar_mi_cita faltar falto something_came_up
cancel: cancelar cancelo cancela cancelacion anular anulo baja desmarcar cancelamento cancel cancelled
  cancelling cancellation
wifi: wifi wi internet conexion clave senha password network
return: devolver* devolucion* devuelv* devolvo devolve devolucao return* refund* reembolso reintegr*
  send_back send_it_back me_arrepiento nao_gostei nao_vou_ficar regresar_lo money_back dinheiro_de_volta
exchange: cambio_de_talla cambiar cambia cambios cambiarla cambiarlo troca trocar trocas exchange swap
  se_puede_cambiar otro_color otra_talla outro_tamanho
warranty: garantia* warranty guarantee* covered cubre cobertura cobre
delivery: envio* enviar envian despacho* despachan domicilios delivery reparto reparten entregan entregam
  frete enviam ship shipping ships delivers deliver me_lo_traen mandan_a
zone: zona* cobertura comuna colonia lejos regiao hasta_donde llegan_a how_far do_you_deliver llegan_hasta
  entregam_em entrega_no
track: rastre* seguimiento guia tracking track tracker estado_de* ya_salio ya_viene paquete rastreio
  encomenda parcel package rider repartidor entregador donde_va donde_viene where_is_my wheres_my cade_meu
  cade_minha cade_o done_yet ready_yet ya_esta_lista ya_esta_listo como_va en_que_va saiu despacharon
  motoboy no_ha_llegado nao_chegou
wait: demora* tarda* tardan cuanto_tiempo quanto_tempo how_long espera prazo listo lista pronta pronto
  ready takes how_many_days cuantos_dias me_la_tienen turnaround rapido
stock: stock disponible* disponibilidad hay_en quedan agotado* agotada inventario estoque disponivel
  esgotad* available availability carry carries vuelve_a_entrar aun_tienen todavia_tienen ainda_tem
  do_you_have_it manejan
size: talla* talle talles medida* tamanho* tamanhos manequim veste size sizes sizing chart mido
  qual_tamanho
plussize: extra xl xxl xxxl tallas_grandes plus curvy gg g1 g2 bigger larger mas_grande tallas_extra
gift: regalo* regalar envuelven presente* embrulh* gift giftwrap wrap wrapped
wholesale: mayoreo mayor mayorista revender reventa atacado revenda wholesale distribuir bulk boutique
discount: descuento* promocion* oferta* rebaja* cupon* desconto* promocao promocoes cupom discount* deal
  deals coupon
wash: lavar lavado lavo lava lavadora planchar plancha secadora encoge lavagem tecido wash washing
  dry_clean shrink fabric material de_que_es
shop: tienda* almacen sucursal* tienda_fisica sede sedes loja lojas provador probarme medirme store branch
  showroom try_on local_fisico
kids: nino* nina* hijo* hija* bebe* chicos infantil crianca* filho* filha* kid* child* children son
  daughter toddler menores_de
age: edad anos_tiene minima idade age_limit years_old year_old que_edad menor_de_edad cumple_14 minors
exotic: conejo* cuy cuyes loro* hamster* tortuga* iguana* huron ave aves exotic* pajaro rabbit* parrot*
  guinea turtle bird
vaccine: vacuna* rabia quintuple triple sextuple antirrabica vaccin* shots rabies
deworm: desparasit* parasito* pulga* garrapata* gusanos lombrices deworm* flea* tick* worms
neuter: esteriliz* castrar castracion castro castran capar spay* neuter* sterili* castrat*
surgery: cirugia operacion operar operan opero surgery operation op anestesia
fasting: ayuno sin_comer sin_agua antes_de_la_cirugia horas_antes preoperatorio take_his_food jejum
  before_surgery
grooming: bano banan banar peluqueria corte unas grooming bath nails haircut bathe estetica
boarding: guarderia hospedaje pension cuidan se_queda_con dejar_a_mi viajo board* kennel sitting reciben_a
petfood: alimento concentrado croquetas pienso comida balanceado food kibble dieta renal
emergency: urgencia* emergencia* urgente sangra* sangre convuls* envenen* veneno atropell* accident*
  emergency bleeding duele chocolate dor sangrando quebrad* pain hurts pico alacran se_comio no_respira
  peed crying morrendo intoxic* chipped
checkup: consulta chequeo checkup visita valoracion evaluacion primera_consulta avaliacao check_up exam
  revision limping rengue* cojea
cleaning: limpieza profilaxis sarro limpeza tartaro cleaning clean
braces: brackets ortodoncia frenos fierros fierritos frenillos alineadores invisalign aparelho ortodontico
  ortodontia aligners braces straighten chuecos torcidos ferro_na_boca
whitening: blanqueamiento blanquear blancos clareamento clarear branquear branco whiten* whitening
implant: implante* implant* tornillo parafuso
extraction: muela* extraccion sacar_una cordal* del_juicio extrair siso wisdom extraction arrancar
postextraction: despues_de_la_extraccion fumar hinchad* inflamad* puntos sacaron post_extraccion inchad*
  stitches swollen cheek oozing me_sacaron had_wisdom out_yesterday tirei_o_dente arranquei dormente
rootcanal: endodoncia conducto* canal root
crown: corona* carilla* resina* empaste* calza* tapadura obturacion coroa restauracao obturacao crown
  filling massinha bloco
anesthesia: anestesia sedacion sedation miedo anesthesi* dormida nervios* medo sedacao numb scared
  dormente
insurance: seguro* prepaga obra_social obras_sociales eps isapre fonasa convenio* poliza aseguradora
  plano_de_saude plano_odonto* insurance insurer insured reembolso_del_seguro
screen: pantalla* display vidrio_roto cristal vidro_quebrado tela screen* cracked estrellada glass
  spiderwebbed
battery: bateria* pila carga descarga dura battery charge dies
wet: mojado* se_mojo al_agua cayo_al piscina inodoro molhou agua wet swim soaked arroz rice
repair: repara* reparan arregl* componen arreglo tecnico conserto* consertam conserta repair* fix fixed
  fixing
data: datos fotos contactos respaldo informacion backup borran data photos contacts
unlock: liberado* liberar desbloque* liberan compania unlock* unlocked imei patron otro_chip
iphone: iphone* apple ios
android: android samsung motorola xiaomi redmi galaxy poco honor pixel huawei
usedphone: usado* seminuevo* reacondicionado* segunda_mano refurbish* seminovo* second_hand
tradein: canje parte_de_pago compran retoma entregar_el_mio cuanto_me_dan me_dan_por me_darian trade_in
  tradein part_exchange reciben_mi me_la_reciben les_vendo permuta parte_do_pagamento pegam plan_canje
  buy_ipads do_you_buy recompra
accessories: funda* mica* vidrio_templado cargador* audifono* accesorio* case cases charger* accessor*
  casco* luces candado capinha pelicula tempered
workshop: taller servicio_tecnico mecanico oficina workshop mechanic
tuneup: afinacion mantencion mantenimiento puesta_a_punto ajuste_de revisao tune tuneup tune_up overhaul
  service_completo full_service frenos freio cambios_suenan chiando regular_o
puncture: ponchad* pinchad* pinchazo llanta camara neumatico rueda goma parche pneu furado furou pneus
  camara puncture flat tyre tire tube
rental: alquil* rentar renta rentan arriendo arriendan arrendar aluguel alugam alugar rent rental rentals
  hire pedalar_no
electric: electrica* electrico* ebike e_bike motor bateria_dura asistida eletrica* eletrico* electric
usedbike: usada* segunda_mano vieja permuta seminova usado trade_in consignacion parte_de_pago
  parte_do_pagamento cresceu
bikesize: talla altura mido estatura cuadro tamano quadro tamanho altura height frame
assembly: armad* armar ensambl* montad* montagem montada caja assembl* assembled built
pickup: recoger recogen pasan_por retirar recojo retiro buscam retirada collect pickup collection
  vem_buscar viene_a_buscar domicilio
breakfast: desayun* cafe_da_manha breakfast
checkin: checkin checkout check_in check_out late_checkout early_checkin equipaje luggage maletas
  dejar_las_maletas
pool: alberca piscina pileta pool jacuzzi swim
room: habitacion* cuarto* suite pieza quarto room rooms
hotelrestaurant: restaurante cenar cena dinner room_service kitchen_open se_puede_cenar comer_ahi
extra bed: cuna cunas cama_extra cot crib extra_bed cadeirinha
shuttle: traslado* aeropuerto transfer airport shuttle transporte terminal me_recogen
tours: tour* excursion* paseo* al_valle trip trips guide hike organizan
lost: olvide me_olvide deje_mi perdido* perdi_mi lost forgot i_left left_my nightstand objetos_olvidados
  olvidado
accessible: silla_de_ruedas rampa accesib* discapacidad ascensor elevador cadeira_de_rodas wheelchair
  accessible elevator lift ramp escalones stairs
smoking: fumar fuman cigarro smoke smoking
noise: ruido ruidoso musica noise quiet noisy
menu: carta platos recomiendas que_venden cardapio pratos menu dishes que_tienen_de_comer o_que_tem
  o_que_voces_tem
setmenu: menu_del_dia menu_ejecutivo almuerzo ejecutivo almoco prato_do_dia executivo set_lunch set_menu
  todays_menu marmita entrada
vegetarian: vegetarian* vegan* carne vegetal plant vegana
allergy: alerg* gluten celiac* coeliac mani cacahuate sin gluten lactosa allerg* nut peanut glúten
  intoleran* camarao
drinks: bebida* cerveza* vino* trago* refresco* jugo cerveja* vinho* suco refri drink* beer* wine* alcohol
events: evento* cumpleanos fiesta* grupo para_mi_oficina para_la_empresa cotizacion banquete catering
  aniversario festa na_empresa party event* birthday group corporate people_for personas_en pessoas_na
  para_30 para_25 para_40 para_50
minorder: minimo minima minimum pedido_minimo so_2 solo_una just_one
changeorder: agregar quitar equivoque modificar errado corrig* adicionar acrescentar add_to drop_one
  remove agregarle cambiar_mi_pedido mudar_o_pedido ordered_two olvide_poner wrong_address
wrongorder: faltan falto falta faltou incompleto equivocado veio frio missing wrong_order cabelo trocado
  faltando gelada
plans: planes membresia mensualidad al_mes por_mes del_mes anualidad anual mensal matricula inscripcion
  membership monthly annual a_month plan_mensual
daypass: pase_diario un_dia por_dia una_clase_suelta diaria avulsa day_pass single_class drop_in solo_hoy
  walk_in
trial: prueba probar gratis clase_de_prueba experimental trial free try test_ride antes_de_decidir*
classes: clase* spinning yoga zumba pilates box crossfit funcional aula* class classes lesson* pilates
trainer: entrenador* personal_trainer coach rutina instructor treinador un_personal personalizado
  te_dice_que_hacer
nutrition: nutri* nutriolog* nutricion* dieta alimentacion nutrition* diet eat
lockers: locker* ducha* duchas regadera* vestuario* vestidor* toalla* candado shower* towel* changing_room
  banarme
freeze: congelar pausar pausa frizar suspender vacaciones trancar freeze pause on_hold me_voy_de_viaje
  away_for half_the_year stop_it_from
app: app aplicacion qr molinete codigo clave ingreso acceso contrasena login password usuario aplicativo
guest: invitado* compadre referido* acompanante traer_a* amiga amigo guest refer bring_a_friend
  se_inscribe
certificate: certificado medico apto atestado aptitud medical certificate
report: informe* resultado* examen* radiografia* analisis laboratorio results xray tests raio_x
quote: cotizacion presupuesto orcamento quote estimate ballpark mandar_una_foto mandar_uma_foto
deposit: sena anticipo deposito apartado sinal prepago deposit
taxes: impuesto* iva incluye incluido imposto tax taxes included
alteration: ajustar_la_prenda arreglar_la costura basta bordado bainha apertar barra alter alteration hem
  bordar personaliz*
newsletter: novedades avisan avisar_cuando avisame avisen notificacion reposicion reponen reposicao repoem
  notify restock vuelve_a_entrar vai_voltar ter_antes
job: trabajo empleo curriculum vacante vaga emprego job hiring vacancy
person: persona_real humano asesor agente pessoa_real atendente human agent
hotelavailability: del_al noches noche_del disponib* ano_nuevo habitaciones_libres rooms_free nights
  this_weekend availability hay_habitacion
quantity: personas pessoas people somos
abroad: exterior internacional otro_pais abroad international overseas estados_unidos europa usa
dog: perro* perra* perrito* perrita* cachorro* cachorra* dog dogs puppy doggo
cat: gato* gata* gatito* gatita* michi felino gatinho cat cats kitten*
pet: mascota* pet pets
"""


@cache
def _tables() -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    whole: dict[str, list[str]] = {}
    beginnings: list[tuple[str, str]] = []
    phrases: list[tuple[str, str]] = []
    for line in CONCEPTS.replace("\n  ", " ").strip().splitlines():
        name, _, words = line.partition(": ")
        for word in words.split():
            if "_" in word:
                end = "" if word.endswith("*") else " "
                phrases.append((f" {word.rstrip('*').replace('_', ' ')}{end}", f"={name}"))
            elif word.endswith("*"):
                beginnings.append((word[:-1], f"={name}"))
            else:
                whole.setdefault(word, []).append(f"={name}")
    return {word: tuple(names) for word, names in whole.items()}, tuple(beginnings), tuple(phrases)


@cache
def _of_word(word: str) -> tuple[str, ...]:
    whole, beginnings, _ = _tables()
    found = dict.fromkeys(whole.get(word, ()))
    found.update(dict.fromkeys(name for start, name in beginnings if word.startswith(start)))
    return tuple(found)


def concepts(words: list[str]) -> list[str]:
    """Names of the concepts a text speaks of, each once, in order."""
    found = dict.fromkeys(name for word in words for name in _of_word(word))
    text = f" {' '.join(words)} "
    found.update(dict.fromkeys(name for phrase, name in _tables()[2] if phrase in text))
    return list(found)


def is_known(word: str) -> bool:
    """Whether a word names a concept and so is no slip."""
    return bool(_of_word(word))
