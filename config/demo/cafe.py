"""The second business of the same owner: a café in São Paulo, small enough to know everybody."""

from config.demo.script import (
    HOUR,
    Bought,
    Colleague,
    Product,
    Shopper,
    Story,
    answers,
    closes,
    notes,
    rates,
    reminds,
    says,
    story,
)

COLLEAGUES = [
    Colleague("rocio", "Rocío Villaseñor", "rocio@mirasol.example", "owner"),
    Colleague("bia", "Beatriz Nogueira", "bia@ipeamarelo.example", "agent", teams=("Balcão",)),
]
GREETING = "Oi! Aqui é o Café Ipê Amarelo ☕ Como podemos ajudar?"
LABELS = {"Assinante": "green", "Empresa": "blue"}
CANNED = [
    (
        "oi",
        "Saudação",
        "Oi, {{ customer.first_name | tudo bem? }} Aqui é {{ agent.first_name }}, do {{ business.name }}.",
    ),
    ("horario", "Horário", "Abrimos de terça a domingo, das 8h às 19h. Segunda descansamos."),
    ("pronto", "Pedido pronto", "{{ customer.first_name | Olá }}, seu pedido está pronto para retirada!"),
]
CURRENCY = "BRL"
PRODUCTS = [
    Product("Café especial 250 g", 42, "part"),
    Product("Café especial 1 kg", 148, "part"),
    Product("Cesta de café da manhã", 129, "part"),
    Product("Bolo de fubá inteiro", 58, "part"),
    Product("Assinatura mensal", 79, "part"),
]
CUSTOMERS = [
    Shopper("João Pedro Alves", "jp.alves@correio.example", "11 98421-3307", since=120, language="pt-br",
            attributes={"Moagem": "Coador", "Gosta de": "Torra clara"}, labels=("Assinante",)),
    Shopper("Larissa Okamoto", "lari.okamoto@correio.example", "11 97733-2190", since=95, language="pt-br",
            attributes={"Moagem": "Em grãos"}, notes=("Sem lactose. Sempre lembrar nas cestas.",)),
    Shopper("Seu Antônio Barbosa", "", "11 99814-5502", since=200, attributes={"Mesa": "A da janela"},
            notes=("Vem todo dia às 8h. Cafezinho e jornal.",), language="pt-br"),
    Shopper("Camila Teixeira", "camila.teixeira@caixa.example", "11 98102-4476", since=60, language="pt-br"),
    Shopper("Escritório Prado & Lima", "recepcao@pradolima.example", "11 3106-2280", since=80, language="pt-br",
            company="Prado & Lima", labels=("Empresa",)),
    Shopper("Thiago Nascimento", "thiago.n@caixa.example", "11 99377-1045", since=33, language="pt-br"),
    Shopper("Iracema Guarani", "iracema.guarani@correio.example", "11 97420-8863", since=48, language="pt-br"),
    Shopper("Fábio Castanho", "fabio.castanho@caixa.example", "11 98556-7031", since=21, language="pt-br"),
    Shopper("Yasmin Haddad", "yasmin.haddad@correio.example", "11 99120-3348", since=15, language="pt-br",
            labels=("Assinante",)),
    Shopper("Luciana Prates", "lu.prates@caixa.example", "11 98843-6612", since=9, language="pt-br"),
]  # fmt: skip
ORDERS = [
    Bought("João Pedro Alves", 24, "shipped", ("Assinatura mensal",), "delivered"),
    Bought("João Pedro Alves", 1.4, "shipped", ("Assinatura mensal",), "paid"),
    Bought("Larissa Okamoto", 12, "pickup", ("Cesta de café da manhã",), "delivered"),
    Bought(
        "Escritório Prado & Lima", 6, "shipped", ("Café especial 1 kg", "Café especial 1 kg"), "delivered"
    ),
    Bought("Yasmin Haddad", 13, "shipped", ("Assinatura mensal",), "delivered"),
    Bought("Luciana Prates", 2, "pickup", ("Bolo de fubá inteiro",), "ready"),
]
STORIES: list[Story] = [
    story("Larissa Okamoto", "web",
          says("Oi! Consegue uma cesta sem lactose pra sábado de manhã?"),
          says("é aniversário da minha mãe 🥹", 1),
          last=8, page="/cestas"),
    story("Escritório Prado & Lima", "email",
          says("{saludo},\n\nGostaríamos de dobrar o pedido mensal de café a partir do próximo mês (4 kg). Mantém o mesmo "
               "preço?\n\nRecepção Prado & Lima"),
          subject="Pedido mensal de café", last=3 * HOUR, agent="bia", team="Balcão", labels=("Empresa",)),
    story("Thiago Nascimento", "web",
          says("vocês moem na hora? tenho prensa francesa"),
          answers("Oi, Thiago! Moemos sim, pra prensa a gente deixa grosso. Quer que separe um pacote?", 3),
          says("quero sim, passo às 17h", 4),
          last=6, agent="bia", team="Balcão", page="/cafes", unread=True),
    story("João Pedro Alves", "email",
          says("{saludo}! Minha assinatura deste mês ainda não chegou, é normal?"),
          answers("{saludo}, João Pedro!\n\nSaiu ontem, com um dia de atraso por causa do feriado. Chega até amanhã. Desculpa a demora!", 30),
          reminds("Confirmar a entrega do João Pedro", days=1, hour=11),
          subject="Assinatura", days=1.3, agent="bia", team="Balcão", labels=("Assinante",)),
    story("Luciana Prates", "web",
          says("meu bolo tá pronto?"),
          answers("Prontinho, Lu! Pode vir até às 19h.", 4), says("tô indo", 2), closes(25), rates(5, "melhor bolo do bairro"),
          days=1.8, agent="bia"),
    story("Fábio Castanho", "web",
          says("O wifi de vocês caiu na minha reunião, que vergonha"),
          answers("Poxa, Fábio, desculpa! Já trocamos o roteador. O próximo café é por nossa conta.", 9),
          notes("Café de cortesia para o Fábio."), says("beleza, valeu", 20), closes(5), rates(3, "gostei da resposta"),
          days=9, agent="bia"),
    story("Camila Teixeira", "email",
          says("Oi! Vocês fazem coffee break para 30 pessoas?"),
          answers("Oi, Camila! Fazemos sim, a partir de R$ 24 por pessoa. Mando o cardápio em anexo.", 50),
          says("Perfeito, fechamos para o dia 20.", 4 * HOUR), closes(10), rates(5),
          subject="Coffee break", days=31, agent="bia"),
    story("Iracema Guarani", "web",
          says("aceitam cachorro?"), answers("Na área de fora sim, e tem água fresquinha 🐶", 2), closes(6), rates(4),
          days=17, agent="bia"),
]  # fmt: skip
