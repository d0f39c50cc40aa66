"""A list from the shop's old notebook, imported, with a few rows that could not be read."""

from django.core.files.base import ContentFile

from config.demo.stage import Stage
from crm.actions import imports
from crm.imports import engine
from crm.models import Import
from tenants.actors import Actor
from tenants.models import Membership

GOOD = 5  # rows of it that can be read
NAME = "Libreta del taller.csv"
FILE = """Nombre completo;Celular;Correo;Etiquetas
Hortensia Villaseñor;33 1904 2201;hortensia.villasenor@correo.example;Taller
"Barragán, Eusebio";33 1904 2202;;Taller
Itzel Comparán;+52 33 1904 2203;itzel@correo.example;
Rigoberto Arámbula;33 1904 2204;rigo.arambula@correo.example;Taller
Ximena Orozco;33 19;;
Taller de Don Chuy;33 1904 2206;donchuy arroba correo;
Wenceslao Íñiguez;5.23319E+11;;
Amparo Zepeda;33 1904 2208;amparo.zepeda@correo.example;
"""


def furnish(stage: Stage, owner: Membership) -> None:
    """Bring the list in as a worker would."""
    by = Actor.of_membership(owner)
    job = imports.take_file(
        file=ContentFile(FILE.encode("cp1252")), name=NAME, target=Import.Target.CUSTOMERS, by=by
    )
    engine.advance(stage.tenant.pk, job.pk)
    imports.name_columns(job=job, by=by)
    engine.advance(stage.tenant.pk, job.pk)
    imports.start(job=job, by=by)
    engine.advance(stage.tenant.pk, job.pk)
