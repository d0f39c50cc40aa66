"""Imports and exports by programs: a file goes up, its columns are named, it is tried and imported."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from crm.actions import exports as export_actions
from crm.actions import imports as actions
from crm.imports import fields, queries
from crm.imports.people import KEYS, OUTCOMES
from crm.imports.problems import file_sentence
from crm.models import Export, Import
from tenants.api.parsers import StrictJSONParser, check_text
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading, TenantViewSet
from tenants.kit.uploads import is_too_large
from tenants.permissions import Permission
from tenants.refusals import Refused

IMPORT, EXPORT = Permission.CUSTOMERS_IMPORT, Permission.CUSTOMERS_EXPORT
Countries = [(code, code) for code in actions.LOCALITIES]


class CountsOut(Lean):
    """How many rows had each outcome."""

    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField()
    refused = serializers.IntegerField()
    repeated = serializers.IntegerField(help_text="Rows about a customer whom an earlier row names.")


class FormatOut(Lean):
    """How the file was read."""

    kind = serializers.ChoiceField(choices=[("csv", "csv"), ("xlsx", "xlsx"), ("vcf", "vcf")])
    encoding = serializers.CharField()
    delimiter = serializers.CharField()
    sheet = serializers.CharField()
    sheets = serializers.ListField(child=serializers.CharField())
    has_header = serializers.BooleanField()


class OptionsOut(Lean):
    """How the rows are imported."""

    key = serializers.ChoiceField(choices=[(one, one) for one in KEYS], required=False)
    conflict = serializers.ChoiceField(choices=["replace", "keep"], required=False)
    repeated = serializers.ChoiceField(choices=["join", "refuse"], required=False)
    mode = serializers.ChoiceField(choices=["good", "all"], required=False)
    dates = serializers.ChoiceField(choices=["", "days", "months"], required=False)
    country = serializers.ChoiceField(choices=Countries, required=False)
    clear = serializers.BooleanField(required=False)
    source = serializers.CharField(required=False)  # type: ignore[assignment]


class ImportOut(Lean):
    """A file on its way into the business."""

    id = serializers.UUIDField()
    target = serializers.ChoiceField(choices=Import.Target.choices)
    state = serializers.ChoiceField(choices=Import.State.choices)
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    format = serializers.SerializerMethodField()
    columns = serializers.ListField(child=serializers.CharField(), help_text="The words over the columns.")
    mapping = serializers.ListField(child=serializers.CharField(), help_text="What each column is.")
    fields_known = serializers.SerializerMethodField(help_text="What a column can be, besides facts.")
    options = serializers.SerializerMethodField()
    total = serializers.IntegerField(help_text="Rows of the file.")
    position = serializers.IntegerField(help_text="Rows dealt with in this state.")
    checked = serializers.SerializerMethodField(help_text="What the trial said would become of the rows.")
    counts = serializers.SerializerMethodField(help_text="What became of the rows.")
    reason = serializers.SerializerMethodField(help_text="Why it failed.")
    has_problems = serializers.SerializerMethodField(help_text="Whether there is a file of refused rows.")
    can_be_undone = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)

    def get_format(self, job: Import) -> dict[str, Any]:
        names = ("kind", "encoding", "delimiter", "sheet", "sheets", "has_header")
        return {name: job.format[name] for name in names if name in job.format}

    def get_fields_known(self, job: Import) -> list[str]:
        return [field.code for field in fields.FIELDS[job.target]]

    def get_options(self, job: Import) -> dict[str, Any]:
        names = (*actions.OPTIONS, "country", "clear", "source")
        return {name: job.options[name] for name in names if name in job.options}

    def get_checked(self, job: Import) -> dict[str, int]:
        return {outcome: job.checked.get(outcome, 0) for outcome in OUTCOMES}

    def get_counts(self, job: Import) -> dict[str, int]:
        return {outcome: job.counts.get(outcome, 0) for outcome in OUTCOMES}

    def get_reason(self, job: Import) -> str:
        return file_sentence(job.reason) if job.reason else ""

    def get_has_problems(self, job: Import) -> bool:
        return bool(job.problems_file)

    def get_can_be_undone(self, job: Import) -> bool:
        return actions.can_be_undone(job)


class FileIn(Body):
    """A file and how to read it; what is left out is guessed."""

    file = serializers.FileField()
    target = serializers.ChoiceField(choices=Import.Target.choices, default=Import.Target.CUSTOMERS)
    encoding = serializers.CharField(required=False, max_length=20)
    delimiter = serializers.CharField(required=False, max_length=5, trim_whitespace=False)
    sheet = serializers.CharField(required=False, max_length=100)
    has_header = serializers.BooleanField(required=False, allow_null=True, default=None)


class FormatIn(Body):
    """How to read the file instead."""

    encoding = serializers.CharField(required=False, max_length=20)
    delimiter = serializers.CharField(required=False, max_length=5, trim_whitespace=False)
    sheet = serializers.CharField(required=False, max_length=100)
    has_header = serializers.BooleanField(required=False, allow_null=True, default=None)


class ColumnsIn(Body):
    """What the columns are, in their order, and how to import."""

    mapping = serializers.ListField(
        child=serializers.CharField(max_length=80, allow_blank=True), required=False, max_length=200
    )
    key = serializers.ChoiceField(choices=[(one, one) for one in KEYS], required=False)
    conflict = serializers.ChoiceField(choices=["replace", "keep"], required=False)
    repeated = serializers.ChoiceField(choices=["join", "refuse"], required=False)
    mode = serializers.ChoiceField(choices=["good", "all"], required=False)
    dates = serializers.ChoiceField(choices=["days", "months"], required=False)
    country = serializers.ChoiceField(choices=Countries, required=False)
    clear = serializers.BooleanField(required=False)
    source = serializers.CharField(required=False, max_length=40)  # type: ignore[assignment]


class ImportViewSet(Listing, Reading, TenantViewSet):
    """Files that bring customers, orders, appointments or consents."""

    serializer_class = ImportOut
    required_scopes = {"GET": IMPORT, "POST": IMPORT}
    parser_classes = [StrictJSONParser, MultiPartParser]  # type: ignore[list-item]

    def get_queryset(self) -> QuerySet[Import]:
        return queries.imports_visible_to(self.actor)

    @extend_schema(request={"multipart/form-data": FileIn}, responses={201: ImportOut})
    def create(self, request: Request) -> Response:
        """Hand in a file as multipart/form-data. A worker reads it: ask again until it is `ready`."""
        given = request.data
        if is_too_large(request._request):
            raise Refused(actions.too_large(), "file")
        for value in given.values() if hasattr(given, "values") else ():
            if isinstance(value, str):
                check_text(value)
        body = self.body(FileIn)
        file = body.pop("file")
        target = body.pop("target")
        job = actions.take_file(file=file, name=file.name or "", target=target, format=body, by=self.actor)
        return self.answer(job, 201)

    @extend_schema(request=FormatIn, responses=ImportOut)
    def reading(self, request: Request, pk: UUID) -> Response:
        """Read the file in another way than was guessed."""
        job = actions.read_again(job=self.find(pk), format=self.body(FormatIn), by=self.actor)
        return self.answer(job)

    @extend_schema(request=ColumnsIn, responses=ImportOut)
    def columns(self, request: Request, pk: UUID) -> Response:
        """Name the columns and try the whole file (dry run): nothing is written until `start`.

        In `mapping`: "" leaves a column out; a code of `fields_known`; `attribute:<key>`; `new:<kind>`
        defines a fact (kinds text, number, money, date, yes_no, link; needs attributes:write).
        """
        body = self.body(ColumnsIn)
        mapping = body.pop("mapping", None)
        job = actions.name_columns(job=self.find(pk), mapping=mapping, options=body, by=self.actor)
        return self.answer(job)

    @extend_schema(request=None, responses=ImportOut)
    def start(self, request: Request, pk: UUID) -> Response:
        """Import what was tried."""
        return self.answer(actions.start(job=self.find(pk), by=self.actor))

    @extend_schema(request=None, responses=ImportOut)
    def cancellation(self, request: Request, pk: UUID) -> Response:
        """Stop it; what was written stays, and can be taken back."""
        return self.answer(actions.cancel(job=self.find(pk), by=self.actor))

    @extend_schema(request=None, responses=ImportOut)
    def undoing(self, request: Request, pk: UUID) -> Response:
        """Take the whole import back."""
        return self.answer(actions.undo(job=self.find(pk), by=self.actor))

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def problems(self, request: Request, pk: UUID) -> FileResponse:
        """The refused rows as CSV, the reason beside each. 404 when there is none."""
        job: Import = self.find(pk)
        if not job.problems_file:
            raise Http404
        return _file(job.problems_file, "errors.csv", "text/csv")


def _file(file: Any, name: str, content_type: str) -> FileResponse:
    try:
        content = file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(content, as_attachment=True, filename=name, content_type=content_type)


class ExportOut(Lean):
    """A file made for the key that asked for it."""

    id = serializers.UUIDField()
    target = serializers.ChoiceField(choices=Import.Target.choices)
    format = serializers.ChoiceField(choices=Export.Format.choices)
    state = serializers.ChoiceField(choices=Export.State.choices)
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)


class ExportIn(Body):
    """What to export, of whom, in which columns."""

    target = serializers.ChoiceField(choices=Import.Target.choices, default=Import.Target.CUSTOMERS)
    format = serializers.ChoiceField(choices=Export.Format.choices, default=Export.Format.CSV)
    columns = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, max_length=300
    )
    label_id = serializers.UUIDField(required=False)
    ids = serializers.ListField(
        child=serializers.UUIDField(), required=False, allow_empty=False, max_length=10_000
    )
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)
    filter = serializers.DictField(
        required=False,
        child=serializers.ListField(child=serializers.CharField(max_length=200), max_length=20),
        help_text='As in saved views: {"label": ["<id>"], "segment": ["<id>"]}: all whom the list then has.',
    )
    q = serializers.CharField(required=False, max_length=100, help_text="Words, as the list takes them.")


class ExportViewSet(Listing, Reading, TenantViewSet):
    """Files to take away, made by a worker and kept for seven days."""

    serializer_class = ExportOut
    required_scopes = {"GET": EXPORT, "POST": EXPORT}

    def get_queryset(self) -> QuerySet[Export]:
        return queries.exports_of(self.actor)

    @extend_schema(request=ExportIn, responses={201: ExportOut})
    def create(self, request: Request) -> Response:
        """Ask for a file: ask again until it is `done`."""
        body = self.body(ExportIn)
        names = ("label_id", "ids", "since", "until", "filter", "q")
        given: dict[str, Any] = {name: body[name] for name in names if name in body}
        for name in ("since", "until"):
            if name in given:
                given[name] = given[name].isoformat()
        export = export_actions.ask(
            target=body["target"],
            format=body["format"],
            columns=body.get("columns"),
            filters=given,
            by=self.actor,
        )
        return self.answer(export, 201)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def file(self, request: Request, pk: UUID) -> FileResponse:
        """The file itself. 409 while it is being made, and when it was deleted."""
        export = export_actions.download(export=self.find(pk), by=self.actor)
        kind = {
            "csv": "text/csv",
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
        return _file(export.file, f"{export.target}.{export.format}", kind[export.format])
