"""What the business sells, with prices and stock."""

from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from crm import products
from crm.actions import products as actions
from crm.api import row_imports
from crm.api.row_imports import RowImportIn, RowImportOut, RowOutcomeOut, Rows
from crm.models import Product
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading, TenantViewSet
from tenants.permissions import Permission

READ, WRITE = Permission.KNOWLEDGE_READ, Permission.KNOWLEDGE_WRITE


class ProductOut(Lean):
    """Something the business sells."""

    id = serializers.UUIDField()
    source = serializers.CharField()  # type: ignore[assignment]
    external_id = serializers.CharField()
    name = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    sku = serializers.CharField()
    price = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    currency = serializers.CharField()
    stock = serializers.IntegerField(allow_null=True, help_text="Null is not counted.")
    url = serializers.CharField()
    is_active = serializers.BooleanField(help_text="Whether it is still sold.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ProductChange(Body):
    """What to change; what is not given stays."""

    name = serializers.CharField(max_length=150, required=False)
    aliases = serializers.ListField(
        child=serializers.CharField(max_length=actions.LONGEST_ALIAS, allow_blank=True),
        required=False,
        max_length=actions.MOST_ALIASES,
        help_text="What customers call it, too.",
    )
    sku = serializers.CharField(max_length=60, required=False, allow_blank=True)
    price = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False, help_text="ISO 4217.")
    stock = serializers.IntegerField(
        min_value=-actions.MOST_STOCK, max_value=actions.MOST_STOCK, required=False, allow_null=True
    )
    url = serializers.CharField(max_length=500, required=False, allow_blank=True)
    is_active = serializers.BooleanField(required=False)


class ProductIn(ProductChange):
    """A product; one of a `source` and `external_id` that are known is changed."""

    name = serializers.CharField(max_length=150)
    source = serializers.CharField(max_length=40, required=False)  # type: ignore[assignment]
    external_id = serializers.CharField(max_length=120, required=False)


class ProductImportIn(RowImportIn):
    """Many at once."""

    rows = Rows(help_text="The fields of a product each; one of a known source and external_id is changed.")
    source = serializers.CharField(max_length=40, default="api")  # type: ignore[assignment]


class ProductOutcomeOut(RowOutcomeOut):
    """What became of a row, or would."""

    product_id = serializers.UUIDField(source="object_id", allow_null=True)


class ProductImportOut(RowImportOut):
    """What became of all rows."""

    results = ProductOutcomeOut(many=True)


class ProductFilter(filters.FilterSet):
    """Products by their words, where they come from, and whether there are some."""

    q = filters.CharFilter(label="Words of name, code and aliases; accents do not count.", method="by_words")
    sku = filters.CharFilter()
    source = filters.CharFilter()
    external_id = filters.CharFilter()
    is_active = filters.BooleanFilter()
    in_stock = filters.BooleanFilter(
        label="True: there are some, or they are not counted.", method="by_stock"
    )
    updated_since = filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Product
        fields: list[str] = []

    def by_words(self, queryset: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        return products.by_words(queryset, value[:200])

    def by_stock(self, queryset: QuerySet[Product], name: str, value: bool) -> QuerySet[Product]:
        return queryset.exclude(stock__lte=0) if value else queryset.filter(stock__lte=0)


class ProductViewSet(Listing, Reading, TenantViewSet):
    """What the business sells."""

    serializer_class = ProductOut
    filterset_class = ProductFilter
    ordering = ("-updated_at", "-id")
    required_scopes = {"GET": READ, "POST": WRITE, "PATCH": WRITE, "DELETE": WRITE}

    def get_queryset(self) -> QuerySet[Product]:
        found: QuerySet[Product] = Product.objects.all()
        return found

    @extend_schema(request=ProductIn, responses={201: ProductOut, 200: ProductOut})
    def create(self, request: Request) -> Response:
        """A product: 201 when it is new, 200 when its `source` and `external_id` were known."""
        given = self.body(ProductIn)
        if "external_id" not in given:
            given.pop("source", None)
            return self.answer(actions.write_product(by=self.actor, source="api", **given), 201)
        done = actions.keep_products(rows=[given], by=self.actor, source="api").outcomes[0]
        if done.outcome == "refused":
            raise actions.InvalidProduct(done.reason, done.field)
        return self.answer(self.find(done.object_id), 201 if done.outcome == "created" else 200)

    @extend_schema(request=ProductChange, responses=ProductOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is given."""
        product, given = self.find(pk), self.body(ProductChange)
        return self.answer(actions.write_product(product=product, by=self.actor, **given))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Delete it. What is only out of stock, or no longer sold, is better changed."""
        actions.remove_product(product=self.find(pk), by=self.actor)
        return Response(status=204)

    @extend_schema(request=ProductImportIn, responses=ProductImportOut)
    def bring(self, request: Request) -> Response:
        """Write up to 1,000 rows, or say what would become of them."""
        done = actions.keep_products(by=self.actor, **self.body(ProductImportIn))
        return row_imports.answer(done, ProductOutcomeOut)
