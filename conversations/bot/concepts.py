"""What the words of small businesses mean across countries and languages: `cochera` is `parking`.

A line is one concept; its words are bare, written out (normalise.expanded) and match by their beginning where a
star ends them. A phrase is joined by underlines and matches as it stands.
"""

from functools import cache

CONCEPTS = """
hours: horario* hora abren abre abiert* cierran cierra atienden atiende funcionam funciona abert* fecha
  fecham abrem open opening closes closed closing hours hasta_que_hora a_que_hora que_horas ate_que_horas
  what_time expediente madrugada temprano hasta_las a_las_8 24_horas corrido jornada abiertos atendiendo
  atendendo voces_abrem trabajan laboran funcionando business_hours open_today open_on opens late
  lunch_break
weekend: sabado* domingo* feriado* festivo* holiday* weekend saturday* sunday* fin_de_semana fim_de_semana
  lunes_festivo puente navidad semana_santa carnaval natal easter christmas new_years feriados sab dom
today: hoy hoje today tonight ahora agora now
place: direccion ubicacion ubicad* donde_esta* donde_queda* en_que_direccion mapa waze maps esquina
  cuadras barrio llegar localizacao endereco onde_fica onde_e bairro rua address located location
  directions street corner como_llego queda_el quedan_ustedes what_floor como_llegar en_donde ubican sitio
  calle avenida metro estacion altura plaza centro_comercial mall shopping fica_onde perto_de cerca_de
  referencia near how_do_i_get get_there google_maps quedan_cerca estan_ubicados punto
parking: estacionamiento* estacionar* parqueadero* parqueo cochera* parking aparcar estacionamento vaga
  vagas valet garaje garagem donde_dejo_el_carro donde_estacion* lugar_para_el_auto estaciono carro_donde
  park_my park_near leave_the_car
price: precio* cuesta* cuestan costo* vale valen cobran cobra tarifa* sale_un* salen saldria* presupuesto
  cotiza* preco* custa* custam valor* cobram quanto_fica quanto_sai cuanto_sale cuanto_seria cuanto_es
  quanto_e price* cost* charge* rate rates fee fees how_much ballpark cuanto_por quanto_por por_cabeca
  por_persona cuantos_pesos en_cuanto a_como a_cuanto que_precio que_valor lista_de_precios tabela
  quanto_ta quanto_custa quanto_cobra* cuanto_cobra* cuanto_vale cuanto_me expensive cheap* barat* caro
  cara sai_por pricing price_list whats_the_damage
pay: pagar pagan tarjeta* efectivo transferencia* debito visa mastercard amex yape plin nequi daviplata
  mercado_pago pix cartao cartoes dinheiro pagamento* pay payment* card cards cash contactless dolares
  dolar dollars paypal medios_de_pago formas_de_pago aceptan aceita aceitam contra_entrega al_recibir
  abonar abono_con billetera billetera_virtual codi oxxo spei pse bancolombia redcompra webpay modo
  dinero_en_efectivo plata_en_mano vale_alimentacion vr ticket_alimentacao apple_pay google_pay
  link_de_pago maquininha terminal datafono posnet
instalments: cuota* meses_sin_intereses msi mensualidades parcel* instalment* installment* plazos
  financia* en_partes ir_pagando por_mes 2x 3x 6x 10x 12x abonos split diferido diferir a_plazos en_pagos
  sin_interes sem_juros no_interest pay_over mensuales_sin pagar_de_a_poco dividir em_vezes
  entrada_e_parcelas crediario kueski aplazo addi sistecredito
invoice: factura* facturacion boleta* rfc rut cuit ruc cfdi recibo nota_fiscal cnpj cpf invoice* receipt
  comprobante* facturar facturan timbrar con_iva razon_social boleta_electronica comprobante_fiscal nf
  nota tax_invoice tax_id company_receipt
book: reserva* reservo reservar agendar agend* cita citas turno turnos apartar sacar_hora pedir_hora
  marcar agendamento book booking appointment* schedule reserve reservation table mesa cupo lugar_para
  hay_lugar queda_lugar tem_lugar encaixe vaga_para room_for hora_disponible horario_disponivel
  teria_horario teria_algum_horario primera_vez primeira_vez separar hueco agenda_libre
  disponibilidad_para citarme horita coger_cita pedir_cita pedir_turno sacar_turno sacar_cita quiero_turno
  quero_marcar marcar_um tem_horario get_in slot slots squeeze see_the_doctor
reschedule: reprogramar reagendar mover moverla correr postergar aplazar remarcar adiar reschedule move
  postpone switch rebook otro_dia otra_semana outra_semana outro_dia no_voy_a_poder no_puedo_ir no_llego
  nao_vou_conseguir nao_posso_ir cambiar_la_cita cambiar_mi_cita faltar falto something_came_up
  cambio_de_fecha cambiar_la_hora cambiar_el_turno pasar_la_cita adelantar atrasar mover_la mover_mi
  pasar_para passar_para jogar_para mudar_o_horario mudar_meu another_day different_day cant_make_it
  running_late voy_tarde llego_tarde vou_atrasar imprevisto
cancel: cancelar cancelo cancela cancelacion anular anulo baja desmarcar cancelamento cancel cancelled
  cancelling cancellation desistir ya_no_quiero ja_nao_quero anularla cancelarla cancelarlo dar_de_baja
  darme_de_baja salirme stop_my end_my sair_do_plano encerrar call_off quit penalidad multa
wifi: wifi wi internet conexion clave senha password network senal no_hay_internet wi_fi_password
  no_anda_internet sem_internet clave_de_internet
return: devolver* devolucion* devuelv* devolvo devolve devolucao return* refund* reembolso reintegr*
  send_back send_it_back me_arrepiento nao_gostei nao_vou_ficar regresar_lo money_back dinheiro_de_volta
  arrepentirme no_me_gusto no_me_convencio lo_regreso regresarlo nao_serviu no_me_sirve_el quiero_regresar
  take_it_back bring_it_back didnt_like
exchange: cambio_de_talla cambiar cambia cambios cambiarla cambiarlo troca trocar trocas exchange swap
  se_puede_cambiar otro_color otra_talla outro_tamanho me_quedo_chic* me_quedo_grand* ficou_pequen*
  ficou_grand* ficou_apertad* no_me_quedo too_small too_big wrong_size apretado por_otra_talla por_una_m
  por_un_m
warranty: garantia* warranty guarantee* covered cubre cobertura cobre se_descompuso volvio_a_fallar
  otra_vez_fallo garantizan garantizado si_falla parou_de_funcionar stopped_working te_hacen_valida
  defecto_de_fabrica
delivery: envio* enviar envian despacho* despachan domicilios delivery reparto reparten entregan entregam
  frete enviam ship shipping ships delivers deliver me_lo_traen mandan_a traen llevan_a mandan_hasta
  envian_a viajan_los a_domicilio paqueteria correo motorizado delivery_fee costo_de_envio valor_do_frete
  taxa_de_entrega frete_gratis chega_em envio_gratis envia_para entrega_em bring_it_to drop_off_at hostel
  to_my_hotel
zone: zona* cobertura comuna colonia lejos regiao hasta_donde llegan_a how_far do_you_deliver llegan_hasta
  entregam_em entrega_no hasta_mi_casa a_mi_barrio llegan_al vienen_a_la atende_o_bairro atendem_em vila
  jardim out_of_town suburb radius km
track: rastre* seguimiento guia tracking track tracker estado_de* ya_salio ya_viene paquete rastreio
  encomenda parcel package rider repartidor entregador donde_va donde_viene where_is_my wheres_my cade_meu
  cade_minha cade_o done_yet ready_yet ya_esta_lista ya_esta_listo como_va en_que_va saiu despacharon
  motoboy no_ha_llegado nao_chegou ya_lo_mandaron ya_lo_enviaron no_llega no_me_llega cuando_llega
  quando_chega numero_de_guia numero_de_seguimiento por_donde_anda en_camino a_caminho saiu_para
  on_its_way where_has has_it_shipped eta still_waiting_for codigo_de_rastreo demora_meu en_que_quedo
  como_sigue avances ya_quedo ficou_pronto ready_for listo_mi lista_mi mi_arreglo mi_reparacion
wait: demora* tarda* tardan cuanto_tiempo quanto_tempo how_long espera prazo listo lista pronta pronto
  ready takes how_many_days cuantos_dias me_la_tienen turnaround rapido en_cuanto_tiempo para_cuando
  cuando_estaria el_mismo_dia mesmo_dia same_day hora_y_media quanto_demora how_many_hours leva_quanto
  dura_el how_fast while_i_wait fica_pronto
stock: stock disponible* disponibilidad hay_en quedan agotado* agotada inventario estoque disponivel
  esgotad* available availability carry carries vuelve_a_entrar aun_tienen todavia_tienen ainda_tem
  do_you_have_it manejan tendran tendras tendria me_apartas les_queda les_quedan sobrou te_queda alguna_en
  hay_existencia existencias ya_llego_el cuando_llega_el in_black em_preto en_negro en_color still_have
  back_in do_you_sell
size: talla* talle talles medida* tamanho* tamanhos manequim veste size sizes sizing chart mido
  qual_tamanho que_talla que_talle soy_talla uso_talla talla_m horma entalla tabla_de_medidas
  tabela_de_medidas forma_grande cintura cadera busto waist hips inseam runs_small true_to_size calco
plussize: extra xl xxl xxxl tallas_grandes plus curvy gg g1 g2 bigger larger mas_grande tallas_extra
gift: regalo* regalar envuelven presente* embrulh* gift giftwrap wrap wrapped
wholesale: mayoreo mayor mayorista revender reventa atacado revenda wholesale distribuir bulk boutique
  por_docena docena para_revender varias_piezas para_mi_negocio para_minha_loja sacoleira resell
  quantity_discount for_my_store volumen
discount: descuento* promocion* oferta* rebaja* cupon* desconto* promocao promocoes cupom discount* deal
  deals coupon rebajas remate liquidacion cyber hot_sale black_friday estudiante estudiantes jubilado
  student senior_discount codigo_de_descuento liquidacao
wash: lavar lavado lavo lava lavadora planchar plancha secadora encoge lavagem tecido wash washing
  dry_clean shrink fabric material de_que_es
shop: tienda* almacen sucursal* tienda_fisica sede sedes loja lojas provador probarme medirme store branch
  showroom try_on local_fisico
kids: nino* nina* hijo* hija* bebe* chicos infantil crianca* filho* filha* kid* child* children son
  daughter toddler menores_de pequeno chiquito chiquita peques menor_de menores nene nena guagua pelao
  baby infant niece nephew sobrino sobrina
age: edad anos_tiene minima idade age_limit years_old year_old que_edad menor_de_edad cumple_14 minors
exotic: conejo* cuy cuyes loro* hamster* tortuga* iguana* huron ave aves exotic* pajaro rabbit* parrot*
  guinea turtle bird
vaccine: vacuna* rabia quintuple triple sextuple antirrabica vaccin* shots rabies le_toca_vacuna refuerzo
  carnet_de_vacunas carton primeras_vacunas vacinar vacina vacinas booster jab jabs
deworm: desparasit* parasito* pulga* garrapata* gusanos lombrices deworm* flea* tick* worms pastilla_para
  bichos lombriz vermifugo pipeta bravecto nexgard carrapato pulgas flea_treatment
neuter: esteriliz* castrar castracion castro castran capar spay* neuter* sterili* castrat*
  operarla_para_que operar_a_mi celo camada heat spayed neutered fixed_my
surgery: cirugia operacion operar operan opero surgery operation op anestesia
fasting: ayuno sin_comer sin_agua antes_de_la_cirugia horas_antes preoperatorio take_his_food jejum
  before_surgery puede_comer_antes desde_cuando_no_come hasta_que_hora_come no_food water_before
  antes_da_cirurgia antes_da_castracao
grooming: bano banan banar peluqueria corte unas grooming bath nails haircut bathe estetica corte_de_pelo
  pelarlo rapar tosa tosar bano_y_corte spa shave clip_his
boarding: guarderia hospedaje pension cuidan se_queda_con dejar_a_mi viajo board* kennel sitting reciben_a
  dejarlo_unos_dias me_lo_cuidan cuidarlo se_queda hospedan fin_de_semana_fuera look_after overnight_stay
  while_were_away
petfood: alimento concentrado croquetas pienso comida balanceado food kibble dieta renal sacos bulto
  royal_canin pro_plan hills racao dog_food cat_food raciones
emergency: urgencia* emergencia* urgente sangra* sangre convuls* envenen* veneno atropell* accident*
  emergency bleeding duele chocolate dor sangrando quebrad* pain hurts pico alacran se_comio no_respira
  peed crying morrendo intoxic* chipped se_muere esta_grave vomitando vomita no_come_nada se_trago
  envenenado no_para_de flemon hinchada_la_cara golpe_en_la me_cai se_me_partio partio quebre_un_diente
  me_quebrei toothache dying swallowed choking vomit* collapsed hit_by
checkup: consulta chequeo checkup visita valoracion evaluacion primera_consulta avaliacao check_up exam
  revision limping rengue* cojea chequear revisarlo revisarla examinar que_lo_vea que_la_vea valorar
  diagnostico dar_uma_olhada look_at_him see_my_dog sneez* estornuda cojeando anda_raro decaido desanimado
cleaning: limpieza profilaxis sarro limpeza tartaro cleaning clean limpiarme piedritas tartar
  scale_and_polish raspagem
braces: brackets ortodoncia frenos fierros fierritos frenillos alineadores invisalign aparelho ortodontico
  ortodontia aligners braces straighten chuecos torcidos ferro_na_boca
whitening: blanqueamiento blanquear blancos clareamento clarear branquear branco whiten* whitening
  dientes_amarillos manchas_de_cafe dentes_amarelos whiter yellow
implant: implante* implant* tornillo parafuso me_falta_un_diente diente_nuevo poner_un_diente
  falta_um_dente missing_tooth replace_a_tooth protesis puente_fijo
extraction: muela* extraccion sacar_una cordal* del_juicio extrair siso wisdom extraction arrancar
  me_la_sacan sacarme sacar_la_muela tirar_o_siso arrancar_o pull_a pulled remove_a_tooth terceros_molares
postextraction: despues_de_la_extraccion fumar hinchad* inflamad* puntos sacaron post_extraccion inchad*
  stitches swollen cheek oozing me_sacaron had_wisdom out_yesterday tirei_o_dente arranquei dormente
  que_puedo_comer cuando_puedo_fumar sangra_todavia recien_me_sacaron enjuagar alveolo what_can_i_eat
  after_my_extraction depois_de_tirar pode_comer repouso
rootcanal: endodoncia conducto* canal root matar_el_nervio nervio tratamiento_de_conducto matar_nervo
  nervo
crown: corona* carilla* resina* empaste* calza* tapadura obturacion coroa restauracao obturacao crown
  filling massinha bloco
anesthesia: anestesia sedacion sedation miedo anesthesi* dormida nervios* medo sedacao numb scared
  dormente
insurance: seguro* prepaga obra_social obras_sociales eps isapre fonasa convenio* poliza aseguradora
  plano_de_saude plano_odonto* insurance insurer insured reembolso_del_seguro
screen: pantalla* display vidrio_roto cristal vidro_quebrado tela screen* cracked estrellada glass
  spiderwebbed se_quebro se_estrello se_rompio_el_vidrio tactil touch lcd manchas trincou rachou shattered
  smash* modulo
battery: bateria* pila carga descarga dura battery charge dies se_descarga se_apaga no_carga no_dura_nada
  no_prende drains dies_fast descarrega viciada
wet: mojado* se_mojo al_agua cayo_al piscina inodoro molhou agua wet swim soaked arroz rice se_me_cayo_al
  taza_del_bano lavadora_con bano_maria humedad liquido water_damage toilet pool_with
repair: repara* reparan arregl* componen arreglo tecnico conserto* consertam conserta repair* fix fixed
  fixing
data: datos fotos contactos respaldo informacion backup borran data photos contacts se_borra se_borran
  pierdo perder_mis mis_fotos mis_chats perco_os apaga_tudo lose_my wiped copia_de_seguridad
unlock: liberado* liberar desbloque* liberan compania unlock* unlocked imei patron otro_chip
  libre_de_fabrica de_cualquier_compania chip_de pin_olvid* cuenta_google icloud bloqueado telcel claro
  entel movistar t_mobile att carrier_locked esim olvide_la_contrasena
iphone: iphone* apple ios
android: android samsung motorola xiaomi redmi galaxy poco honor pixel huawei
usedphone: usado* seminuevo* reacondicionado* segunda_mano refurbish* seminovo* second_hand
tradein: canje parte_de_pago compran retoma entregar_el_mio cuanto_me_dan me_dan_por me_darian trade_in
  tradein part_exchange reciben_mi me_la_reciben les_vendo permuta parte_do_pagamento pegam plan_canje
  buy_ipads do_you_buy recompra cuanto_dan cuanto_me_darian aceptan_mi toman_mi lo_reciben vender_mi
  quero_vender dar_el_mio de_entrada sell_you sell_my value_of_my
accessories: funda* mica* vidrio_templado cargador* audifono* accesorio* case cases charger* accessor*
  casco* luces candado capinha pelicula tempered
workshop: taller servicio_tecnico mecanico oficina workshop mechanic
tuneup: afinacion mantencion mantenimiento puesta_a_punto ajuste_de revisao tune tuneup tune_up overhaul
  service_completo full_service frenos freio cambios_suenan chiando regular_o
puncture: ponchad* pinchad* pinchazo llanta camara neumatico rueda goma parche pneu furado furou pneus
  puncture flat tyre tire tube se_poncho se_pincho se_me_poncho ponchadura reventada sin_aire
  cambiar_camara desinfl* inner_tube camara_de_ar
rental: alquil* rentar renta rentan arriendo arriendan arrendar aluguel alugam alugar rent rental rentals
  hire pedalar_no prestan por_el_dia por_dia_la bici_por rent_two for_a_day hourly por_hora
electric: electrica* electrico* ebike e_bike motor bateria_dura asistida eletrica* eletrico* electric
  con_bateria pedaleo autonomia cuanto_rinde range throttle habilitacao licencia_para
usedbike: usada* segunda_mano vieja permuta seminova usado trade_in consignacion parte_de_pago
  parte_do_pagamento cresceu
bikesize: talla altura mido estatura cuadro tamano quadro tamanho height frame mido_1 para_alguien_de
  what_size_frame rodada_para aro_para qual_aro
assembly: armad* armar ensambl* montad* montagem montada caja assembl* assembled built viene_armada
  la_arman viene_en_caja ya_montada vem_montada put_together
pickup: recoger recogen pasan_por retirar recojo retiro buscam retirada collect pickup collection
  vem_buscar viene_a_buscar domicilio vienen_por pasan_a_buscar paso_a_buscar paso_por recogerlo lo_recojo
  retiro_en ir_a_buscar retirar_na pick_it_up pick_up come_get yo_lo_busco passo_ai
breakfast: desayun* cafe_da_manha breakfast desayunar cafe_incluido buffet brekkie cafe_incluso
  morning_meal
checkin: checkin checkout check_in check_out late_checkout early_checkin equipaje luggage maletas
  dejar_las_maletas a_que_hora_entro desocupar dejar_la_habitacion entrar_antes salir_despues
  guardan_maletas guardar_as_malas luggage_storage bags drop_bags drop_our arrive_early leave_later
pool: alberca piscina pileta pool jacuzzi swim nadar pileta_climatizada temperada swimming trajes_de_bano
room: habitacion* cuarto* suite pieza quarto room rooms doble triple matrimonial cama_king king twin
  sencilla casal solteiro double suite_con recamara dormitorio
hotelrestaurant: restaurante cenar cena dinner room_service kitchen_open se_puede_cenar comer_ahi
extra bed: cuna cunas cama_extra cot crib extra_bed cadeirinha
shuttle: traslado* aeropuerto transfer airport shuttle transporte terminal me_recogen nos_recogen
  nos_buscan del_aeropuerto al_aeropuerto pick_us_up from_the_airport to_the_airport flight vuelo
tours: tour* excursion* paseo* al_valle trip trips guide hike organizan
lost: olvide me_olvide deje_mi perdido* perdi_mi lost forgot i_left left_my nightstand objetos_olvidados
  olvidado se_me_quedo se_me_olvido_en deje_olvidado esqueci esqueci_meu esqueci_minha left_behind
  did_you_find have_you_found encontraron_un acharam
accessible: silla_de_ruedas rampa accesib* discapacidad ascensor elevador cadeira_de_rodas wheelchair
  accessible elevator lift ramp escalones stairs muletas andador no_puede_subir baston mobility
  ground_floor planta_baja cadeirante idosa elderly adulto_mayor
smoking: fumar fuman cigarro smoke smoking
noise: ruido ruidoso musica noise quiet noisy
menu: carta platos recomiendas que_venden cardapio pratos menu dishes que_tienen_de_comer o_que_tem
  o_que_voces_tem que_hay_de_comer que_preparan especialidad la_carta platillos que_sirven o_que_tem_de
  pratos_do what_do_you_serve whats_good specials
setmenu: menu_del_dia menu_ejecutivo almuerzo ejecutivo almoco prato_do_dia executivo set_lunch set_menu
  todays_menu marmita entrada corrida comida_corrida almuerzo_de_hoy menu_de_hoy que_hay_hoy pf_de_hoje
  quentinha plato_del_dia lunch_deal lunch_special
vegetarian: vegetarian* vegan* carne vegetal plant vegana no_como_carne sin_carne nao_como_carne
  plant_based meatless veggie soja tofu
allergy: alerg* gluten celiac* coeliac mani cacahuate sin lactosa allerg* nut peanut glúten intoleran*
  camarao intoler* sin_lactosa marisco* nueces contiene tem_gluten tacc sem_gluten sem_lactose shellfish
  dairy contains trazas celiacos
drinks: bebida* cerveza* vino* trago* refresco* jugo cerveja* vinho* suco refri drink* beer* wine* alcohol
  chela pisco michelada chopp caipirinha gaseosa limonada agua_fresca soda margarita alcoholic birra tinto
events: evento* cumpleanos fiesta* grupo para_mi_oficina para_la_empresa cotizacion banquete catering
  aniversario festa na_empresa party event* birthday group corporate people_for personas_en pessoas_na
  para_30 para_25 para_40 para_50 bautizo boda matrimonio despedida reunion casamiento quince_anos
  formatura confraternizacao salon_privado para_20 wedding office_lunch corporate_event big_group
minorder: minimo minima minimum pedido_minimo so_2 solo_una just_one solo_quiero_un pedir_solo
  compra_minima a_partir_de_cuanto para_pedir_solo just_two smallest
changeorder: agregar quitar equivoque modificar errado corrig* adicionar acrescentar add_to drop_one
  remove agregarle cambiar_mi_pedido mudar_o_pedido ordered_two olvide_poner wrong_address
  le_pueden_agregar se_me_olvido_pedir sin_cebolla cambiar_la_direccion direccion_equivocada
  trocar_o_endereco pedi_mal pedi_errado extra_salsa i_ordered_the_wrong forgot_to_add no_onion puse_mal
wrongorder: faltan falto falta faltou incompleto equivocado veio frio missing wrong_order cabelo trocado
  faltando gelada
plans: planes membresia mensualidad al_mes por_mes del_mes anualidad anual mensal matricula inscripcion
  membership monthly annual a_month plan_mensual cuanto_la_mensualidad pagar_el_ano al_ano inscribirme
  afiliarme afiliacion matricularme hacerme_socio socio me_inscribo sign_up join joining contrato
  permanencia sem_fidelidade fidelidade contract
daypass: pase_diario un_dia por_dia una_clase_suelta diaria avulsa day_pass single_class drop_in solo_hoy
  walk_in un_solo_dia por_hoy por_una_semana una_semana pase_por visita_unica just_today one_week
  for_a_week estoy_de_paso passing_through visiting
trial: prueba probar gratis clase_de_prueba experimental trial free try test_ride antes_de_decidir*
  conocer_antes clase_gratis aula_gratis aula_experimental ver_si_me_gusta try_a_class first_class
  sin_compromiso
classes: clase* spinning yoga zumba pilates box crossfit funcional aula* class classes lesson* clases_de
  aulas_de funcionales gap stretching tae_bo boxeo kick danza dance bike_indoor class_times timetable
  cupo_en_la
trainer: entrenador* personal_trainer coach rutina instructor treinador un_personal personalizado
  te_dice_que_hacer que_me_arme rutina_personal me_ensene asesoria_personal acompanamiento
  alguien_que_me_guie montar_treino ficha_de_treino workout_plan show_me_how
nutrition: nutri* nutriolog* nutricion* dieta alimentacion nutrition* diet eat
lockers: locker* ducha* duchas regadera* vestuario* vestidor* toalla* candado shower* towel* changing_room
  banarme
freeze: congelar pausar pausa frizar suspender vacaciones trancar freeze pause on_hold me_voy_de_viaje
  away_for half_the_year stop_it_from pausarla suspendo congelo me_voy_un_mes viajo_un_mes me_lesione
  lesion trancar_a parar_um_mes hold_my injured surgery_recover
app: app aplicacion qr molinete codigo clave ingreso acceso contrasena login password usuario aplicativo
  no_puedo_entrar no_me_deja_entrar no_abre_la no_reconoce_mi huella torno no_me_lee nao_abre
  nao_consigo_entrar catraca turnstile wont_let_me log_in wont_open reset_my
guest: invitado* compadre referido* acompanante traer_a* amiga amigo guest refer bring_a_friend
  se_inscribe llevar_a_un llevar_a_mi llevar_un_amigo ir_con_mi_novia con_un_amigo levar_um_amigo
  levar_minha bring_my plus_one trae_un
certificate: certificado medico apto atestado aptitud medical certificate
report: informe* resultado* examen* radiografia* analisis laboratorio results xray tests raio_x
quote: cotizacion presupuesto orcamento quote estimate ballpark mandar_una_foto mandar_uma_foto
  cuanto_mas_o_menos aproximado diagnostico_gratis cobran_el_diagnostico cobran_por_revisar le_mando_foto
  te_mando_foto orca rough_idea roughly avaliar_por_foto
deposit: sena anticipo deposito apartado sinal prepago deposit
taxes: impuesto* iva incluye incluido imposto tax taxes included
alteration: ajustar_la_prenda arreglar_la costura basta bordado bainha apertar barra alter alteration hem
  bordar personaliz*
newsletter: novedades avisan avisar_cuando avisame avisen notificacion reposicion reponen reposicao repoem
  notify restock vuelve_a_entrar vai_voltar ter_antes me_avisas_cuando avisa_cuando me_avisa_quando
  let_me_know_when notify_me waitlist lista_de_espera
job: trabajo empleo curriculum vacante vaga emprego job hiring vacancy
person: persona_real humano asesor agente pessoa_real atendente human agent
hotelavailability: del_al noches noche_del disponib* ano_nuevo habitaciones_libres rooms_free nights
  this_weekend availability hay_habitacion tienen_libre hay_lugar habitacion_para noche_para quarto_para
  pernoite fechas dates del_15 esta_noche una_noche dos_noches fin_de_ano temporada tonight_for any_rooms
  vacancy
quantity: personas pessoas people somos
abroad: exterior internacional otro_pais abroad international overseas estados_unidos europa usa
dog: perro* perra* perrito* perrita* cachorro* cachorra* dog dogs puppy doggo
cat: gato* gata* gatito* gatita* michi felino gatinho cat cats kitten*
pet: mascota* pet pets
kidbike: para_nino para_nina para_mi_hijo para_mi_hija primera_bici kids_bike bici_de_nino balance
screenprotect: protector cristal_templado hidrogel
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
