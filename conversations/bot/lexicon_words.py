"""Words a shop escalates on, by country; `lexicon.py` matches them through typos, accents and spacing.

A stem with endings in brackets stands for each; `_` joins a phrase, whose small words may be left out or in.
A word with `!` matches only as written: one slip away from it lies too much.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What a word is about; policy questions excuse only some of them."""

    COMPLAINT = "complaint"
    RETURN = "return"
    FRAUD = "fraud"
    THEFT = "theft"
    LAW = "law"
    AUTHORITY = "authority"


EVERYWHERE: dict[Kind, str] = {
    Kind.COMPLAINT: """
        reclam(o,os,a,ar,e,ando,acion,aciones,are,aremos,amos,arles,arle,en) queja(,s) quej(arme,ar,o,arse,arnos,aba,amos)
        me_quejo libro_de_reclamaciones libro_de_quejas libro_de_reclamos hoja_de_reclamacion hojas_de_reclamacion
        reclamacao reclamacoes reclam(ei,ou,ada,adas,acao) queixa(,s) queix(ar,arme,o)
        complain(,t,ts,ing,ed) file_a_compliant official_compliant formal_compliant make_a_compliant lodge_compliant
        inconformidad(,es) cmplaint! qeja(,s) qja! keja(,s) rclamo(,s) reclmo! insatisfac(cion,ao) descontent(o,a)!
        carta_de_reclamo disconformidad
    """,
    Kind.RETURN: """
        devolver(,lo,la,los,las,me,melo,te,le,les,nos) devolucion(,es) devuelv(o,e,es,en,an,a,anme,anmelo,eme,amelo,anos,enme)
        devolv(e,i,io,ieron,eran,eran,ido,imos,iendo,er,am,a,em,endo,eu,emos,eria,erem,idas,ida,idos,o) devuelt(o,a,os)
        devolucao devolucoes devolvam devolvi devolva-me reembols(o,os,ar,en,e,aron,arme,enme,ado,ada,an,a,em,ou,arem,aram)
        rembols(o,ar,en) reintegr(o,os,ar,en,e,an,arme,enme,ado,aron) estorn(o,os,ar,e,em,em,ado,ou,aram,arem,ei)
        regres(enme,arme,en,eme,enmelo)_mi_dinero que_me_regresen regresen_lo regresen_el regresen_la regresenme regresarme
        me_regres(en,an,aran,aron,e) regresen!
        dinero_de_vuelta plata_de_vuelta mi_plata_de_vuelta vuelta_de_mi_dinero dinheiro_de_volta meu_dinheiro_de_volta
        quero_meu_dinheiro quiero_mi_dinero quiero_mi_plata mi_dinero_completo
        devolv(e,er,am,a)_o_dinheiro devolv(e,er,am,a)_meu_dinheiro retracto derecho_de_retracto derecho_a_retracto
        arrependimento direito_de_arrependimento boton_de_arrepentimiento
        refund(,s,ed,ing,able) refnd! rfnd! rfund! return(,ed,ing,s) rtrn! money_back cash_back_my chargeback(,s) charge_back
        contracargo(,s) contra_cargo desconocer_el_cargo desconocer_la_compra send_it_back sending_it_back
        send_this_back sending_this_back send_them_back sent_it_back give_back_my_money give_me_back reimburse(,d,ment)
        claim(,s,ed,ing) warranty_claim cobro_indebido cobros_indebidos cargo_indebido cargos_indebidos cobranca_indevida
        cobro_doble doble_cobro cobranca_duplicada unauthorized_charge unauthorised_charge overcharg(ed,e,ing)
        double_charged charged_twice reemb! debolver debuelv(an,anme,eme,en) debolucion devo! nota_de_credito
        indemnizacion indemniz(ar,en) indenizacao indeniz(ar,em) compensacion! ressarc(imento,ir,ido) dispute_the_charge dispute!
    """,
    Kind.FRAUD: """
        fraude(,s) fraudulent(o,a,os,as) estafa(,s,ron,dor,dora,dores,da,do) estaf(aron,ando,arme) me_estafaron
        engan(o,aron,ada,ado,osa,oso,ando,ador,adores) publicidad_enganosa propaganda_enganosa tranza(,s) transa(,s)! tranzas
        timo! timaron timador(,es) embauc(aron,ador) me_vieron_la_cara golpe! golpista(,s) estelionat(o,ario) falcatrua
        enganacao enganad(o,a) enganaram fui_enganad(o,a) caloteir(o,os) calote!
        fraud(,s,ulent) scam(,s,med,mer,mers,ming) rip_off ripped_off ripoff con_artist(,s) crook(,s) swindl(e,ed,er)
        cheat(ed,ers) mislead(ing) misled! false_advertising me_tumbaron nos_tumbaron tumbada! me_clavaron
        cuento_del_tio trucho(,s)!
    """,
    Kind.THEFT: """
        robo! robos! robar(on,me,le,nos)? robando robaron robad(o,a,as,os) me_robaron me_roban me_estan_robando roban
        ladron(,es,a) rater(o,os,a,ia) chorro(,s)! choro(,s)! chore(ado,aron,o)! choreo! afan(o,aron)! hurto(,s) hurtaron
        roub(o,os,ada,ado,aram,ando,ou,ados,ar) roubaram ladrao ladroes furto(,s) furtaram furtad(o,a)
        theft thief thieves steal(,s,ing) stole(,n) stealing robbed robbery rob! broken_into broke_into break_in asalto!
        sinverguenzas sinverguenza ladroncitos
    """,
    Kind.LAW: """
        abogad(o,a,os,as) demand(a,o,ar,are,aremos,arlos,arles,ando) demandarlos denunci(a,as,ar,o,are,aremos,arlos,ando,e,amos,ei)
        denuncio! juicio! iniciar_juicio juzgado(,s) tribunal(,es) corte_suprema judicial(,es,mente) legal(,es,mente)!
        acciones_legales accion_legal via_legal carta_notarial carta_documento carta_poder! notario! mala_praxis
        negligencia(,s) negligente ministerio_publico fiscalia defensoria(,_del_pueblo) personeria derecho_de_peticion tutela!
        accion_de_tutela policia(,s) comisaria delito(,s) querella
        advogad(o,a,os,as) process(ar,o,arei,amos,ando,os)! processar! acao_judicial na_justica justica! danos_morais dano_moral
        pequenas_causas juizado(,_especial) juizado_especial boletim_de_ocorrencia delegacia denuncia(r,rei,ndo) denunciar
        ministerio_publico negligencia erro_medico erro_odontologico notificacao_extrajudicial extrajudicial intimacao
        responsabilidad_civil danos_y_perjuicios perdas_e_danos perjuicio(,s) crime! criminal! criminos(o,os,a)
        lawyer(,s) attorney(,s) solicitor(,s) sue! suing! sued! lawsuit(,s) legal_action court(,s)! small_claims police
        police_report malpractice negligen(ce,t) barrister(,s) take_you_to_court legal_letter cease_and_desist
        report_you reporting_you reporting_u report_u reporting_this report_this_to press_charges
    """,
    Kind.AUTHORITY: """
        defensa_del_consumidor defensa_al_consumidor defensoria_del_consumidor proteccion_al_consumidor
        proteccion_del_consumidor derechos_del_consumidor ley_del_consumidor superintendencia(,s) ministerio_de_salud
        oficina_del_consumidor defesa_do_consumidor direito_do_consumidor direitos_do_consumidor
        codigo_de_defesa_do_consumidor
        consumer_protection consumer_affairs consumer_office consumer_rights consumer_agency consumer_ombudsman
        ombudsman trading_standards better_business_bureau bbb! health_dept health_department
        health_inspector! health_authority embassy! regulator! watchdog!
        profeco procon indecopi sernac condusef conamed cofepris susalud reclame_aqui reclameaqui
    """,
}

COUNTRIES: dict[str, dict[Kind, str]] = {
    "MX": {
        Kind.AUTHORITY: "profeco condusef conamed cofepris procuraduria procuraduria_del_consumidor concilianet prefeco",
        Kind.LAW: "ministerio_publico mp! levantar_un_acta levantar_acta",
    },
    "CO": {
        Kind.AUTHORITY: """
            sic! superindustria supersalud superintendencia_de_industria superintendencia_de_industria_y_comercio
            superfinanciera secretaria_de_salud invima
        """,
        Kind.COMPLAINT: "pqr! pqrs! pqrsf! radicar_una_queja",
        Kind.LAW: "tutela derecho_de_peticion fiscalia personeria",
    },
    "AR": {
        Kind.AUTHORITY: "defensa_del_consumidor coprec omic! ventanilla_unica_federal consumidor_protegido",
        Kind.LAW: "carta_documento mala_praxis",
        Kind.THEFT: "chorros choreo afano",
    },
    "CL": {
        Kind.AUTHORITY: "sernac seremi superintendencia_de_salud superir",
        Kind.LAW: "carabineros carabinero pdi! juzgado_de_policia_local",
    },
    "PE": {
        Kind.AUTHORITY: "indecopi susalud digesa diresa",
        Kind.COMPLAINT: "libro_de_reclamaciones",
        Kind.LAW: "comisaria carta_notarial pnp!",
    },
    "BR": {
        Kind.AUTHORITY: """
            procon reclame_aqui reclameaqui consumidor_gov consumidor_gov_br senacon idec! anvisa cdc! cro! crmv
            vigilancia_sanitaria conselho_regional anatel
        """,
        Kind.LAW: "pequenas_causas boletim_de_ocorrencia bo! delegacia juizado",
    },
    "EC": {Kind.AUTHORITY: "defensoria_del_pueblo arcsa"},
    "UY": {Kind.AUTHORITY: "defensa_del_consumidor"},
}

EMOJI: dict[str, Kind] = {"⚖": Kind.LAW, "👮": Kind.LAW, "🚓": Kind.LAW, "🚔": Kind.LAW}

EVERYDAY = frozenset(
    [
        "queda",
        "quedan",
        "quedo",
        "dejar",
        "deja",
        "quema",
        "reja",
        "oreja",
        "vieja",
        "pareja",
        "mejora",
        "mejor",
        "queso",
        "quejido",
        "coreja",
        "abogada",
        "devoto",
        "recamo",
        "reclama",
        "robot",
        "robots",
        "roba",
        "bobo",
        "lobo",
        "lobos",
        "rodo",
        "roto",
        "rota",
        "rojo",
        "robe",
        "rabo",
        "coro",
        "choro",
        "churro",
        "churros",
        "cloro",
        "chorizo",
        "reembolsable",
        "demanda",
        "demandas",
        "corte",
        "cortes",
        "count",
        "counts",
        "course",
        "clam",
        "clams",
        "clain",
        "lame",
        "blame",
        "claim",
        "stale",
        "style",
        "stele",
        "return",
        "retorno",
        "retornar",
        "retirar",
        "devolver",
        "vuelta",
        "politica",
        "policial",
        "politicas",
        "legal",
        "police",
        "polite",
        "suit",
        "sure",
        "use",
        "dust",
        "sub",
        "some",
        "soup",
        "scan",
        "scans",
        "scale",
        "scar",
        "slam",
        "fraude",
        "timo",
        "tiro",
        "timbre",
        "engano",
        "ensayo",
        "engrano",
        "enganche",
        "golpes",
        "gol",
        "galope",
        "process",
        "proceso",
        "processador",
        "caloteiro",
        "furo",
        "futuro",
        "punto",
        "justo",
        "junto",
        "curto",
        "furto",
        "hurto",
        "roupa",
        "roupas",
        "roupao",
        "rouba",
        "tribal",
        "tribales",
        "court",
        "short",
        "cart",
        "cheap",
        "cheat",
        "chat",
        "chats",
        "seat",
        "crook",
        "cook",
        "cooks",
        "brook",
        "perjuicio",
        "prejuicio",
        "juicio",
        "servicio",
        "inicio",
        "estadio",
        "estufa",
        "estafeta",
        "estara",
        "estado",
        "estorno",
        "retorno",
        "adorno",
        "entorno",
        "contorno",
        "torno",
        "horno",
        "reclame",
        "recreo",
        "reclamo",
        "rechazo",
        "reintegrar",
        "integrar",
        "integro",
        "desembolso",
        "reembolso",
        "reembolsar",
        "bolso",
        "bolsa",
        "embolsar",
        "regreso",
        "regresan",
        "regresa",
        "progreso",
        "ingreso",
        "ingresar",
        "renuncia",
        "renuncio",
        "denuncia",
        "anuncio",
        "anuncios",
        "pronuncia",
        "sanitaria",
        "asador",
        "abonado",
        "abonada",
        "ahogado",
        "ahogada",
        "alojado",
        "delito",
        "delicia",
        "policia",
        "noticia",
        "complaint",
        "compliant",
        "complain",
        "explain",
        "train",
        "remain",
        "turn",
        "turned",
        "refine",
        "refuge",
        "fund",
        "funds",
        "found",
        "resto",
        "tribuna",
        "thief",
        "chief",
        "brief",
        "theft",
        "left",
        "heft",
        "lawyer",
        "layer",
        "layers",
        "sawyer",
        "stolen",
        "stole",
        "stone",
        "stove",
        "store",
        "robo",
        "robar",
        "borrar",
        "ratero",
        "letrero",
        "latido",
        "ladrillo",
        "ladra",
        "lado",
        "ladron",
        "padron",
        "melon",
        "patron",
        "raton",
        "ratona",
        "ratones",
        "fraudulento",
        "inconforme",
        "conformidad",
        "conforme",
        "tutela",
        "tutor",
        "tubular",
        "sena",
        "seca",
        "gana",
        "ganso",
        "engaja",
        "denso",
        "rodar",
        "rodada",
        "rodadas",
        "rodado",
        "rodando",
        "solicito",
        "solicita",
        "solicitud",
        "solicitar",
        "policy",
        "policies",
        "roleta",
        "process",
        "proceed",
        "precios",
        "precio",
        "processo",
        "acesso",
        "excesso",
        "sucesso",
        "queixa",
        "queixo",
        "queijo",
        "deixa",
        "faixa",
        "caixa",
    ]
)
