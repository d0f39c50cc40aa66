"""Customers, their addresses, history, notes, labels, orders, cases and follow-ups."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django_filters.fields import IsoDateTimeField
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm import queries
from crm.actions import cases as case_actions
from crm.actions import customers as customer_actions
from crm.actions import follow_ups as follow_up_actions
from crm.actions import labels as label_actions
from crm.actions.orders import record_order
from crm.api import filters
from crm.api import serializers as shapes
from crm.api.reports import ReportViewSet
from crm.listing import reading
from crm.models import Customer, CustomerNote, Identity, Label, Order, TimelineEntry
from tenants.actors import Actor
from tenants.api.errors import Malformed
from tenants.api.pagination import limit_of, page_response
from tenants.api.plain import Plain
from tenants.api.views import Listing, Reading, TenantViewSet, only
from tenants.kit.cursors import Page
from tenants.models import Membership
from tenants.permissions import Permission

READ, WRITE = Permission.CUSTOMERS_READ, Permission.CUSTOMERS_WRITE


def _change_of(body: dict[str, Any]) -> dict[str, Any]:
    """The body's fields as the actions call them."""
    given = ("name", "company", "language", "attributes")
    change: dict[str, Any] = {name: body[name] for name in given if name in body}
    return {**change, "timezone_name": body["timezone"]} if "timezone" in body else change


class CustomerViewSet(Plain, TenantViewSet):
    """The people the business serves."""

    serializer_class = shapes.CustomerOut
    related = {"identities": queries.identities_of, "labels": queries.labels_of}
    seen_by = staticmethod(queries.customers_visible_to)
    filterset_class = filters.CustomerFilter
    required_scopes = {"GET": READ, "POST": WRITE, "PATCH": WRITE}

    def get_ordering(self) -> Sequence[str]:
        """Those who keep a copy read changes in the order they happened."""
        return ("updated_at", "id") if self.request.query_params.get("updated_since") else ("-id",)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page, narrowed by all that is given. `fact.<key>` narrows by a fact: its value, `any` or `none`.

        A page may have fewer than `limit`, or none, and still a `next_cursor`: few are like that, and it
        goes on from there.
        """
        return super().list(request, *args, **kwargs)

    def page_of(self, rows: QuerySet[Any]) -> Page:
        """As the list on the page is read, in the order of the API. Raises `BadFilter`, `BadCursor`."""
        said = self.request.query_params
        given = filters.of_list(said, self.actor)
        if not given:
            return super().page_of(rows)
        bounds = None
        if not (said.get("q") or said.get("identity")):
            since = IsoDateTimeField(required=False).clean(said.get("updated_since"))
            bounds = Q(updated_at__gte=since) if since else Q()
        return reading.rows(
            rows,
            given,
            self.get_ordering(),
            cursor=said.get("cursor", ""),
            limit=limit_of(self.request),
            bounds=bounds,
        )

    @extend_schema(request=shapes.CustomerIn, responses={201: shapes.CustomerOut})
    def create(self, request: Request) -> Response:
        """A new customer. An address that somebody has already is a conflict (409)."""
        body = self.body(shapes.CustomerIn)
        customer = customer_actions.create_customer(
            **_change_of(body),
            addresses=[(address["kind"], address["value"]) for address in body.get("identities", [])],
            labels=only(Label, body.get("label_ids", []), "label_ids"),
            by=self.actor,
        )
        return self.show(customer.id, 201)

    @extend_schema(request=shapes.CustomerChange, responses=shapes.CustomerOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is given."""
        customer = self.find(pk)
        customer_actions.update_customer(
            customer=customer, **_change_of(self.body(shapes.CustomerChange)), by=self.actor
        )
        return self.show(pk)


class OfCustomer(TenantViewSet):
    """What belongs to one customer, at customers/{customer_id}/…"""

    required_scopes = {"GET": READ, "POST": WRITE, "PUT": WRITE, "DELETE": WRITE}

    def customer(self) -> Customer:
        """Whose it is. Raises `Http404`."""
        return queries.customer_or_404(self.kwargs["customer_id"], self.actor)


class IdentityViewSet(Listing, OfCustomer):
    """A customer's addresses."""

    serializer_class = shapes.IdentityOut

    def get_queryset(self) -> QuerySet[Identity]:
        return Identity.objects.filter(customer=self.customer())

    @extend_schema(request=shapes.IdentityIn, responses={201: shapes.IdentityOut, 200: shapes.IdentityOut})
    def create(self, request: Request, customer_id: UUID) -> Response:
        """One address more: 201. One he has already: 200. One of somebody else: 409."""
        customer, body = self.customer(), self.body(shapes.IdentityIn)
        before = set(customer.identities.values_list("id", flat=True))
        identity = customer_actions.add_identity(
            customer=customer, kind=body["kind"], raw=body["value"], by=self.actor
        )
        return self.answer(identity, 200 if identity.id in before else 201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, customer_id: UUID, pk: UUID) -> Response:
        """Take the address from him."""
        customer_actions.remove_identity(identity=self.find(pk), by=self.actor)
        return Response(status=204)


class TimelineViewSet(OfCustomer):
    """A customer's one history, newest first."""

    serializer_class = shapes.TimelineEntryOut

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, description="Only these kinds, separated by commas."),
        ]
    )
    def list(self, request: Request, customer_id: UUID) -> Response:
        """What happened, of the kinds the key may read."""
        page = queries.timeline_page(
            self.customer(),
            self.actor,
            kinds=self._kinds(),
            cursor=request.query_params.get("cursor", ""),
            limit=limit_of(request),
        )
        shown = shapes.TimelineEntryOut(page.items, many=True, context=self.get_serializer_context())
        return page_response(shown.data, page)

    def _kinds(self) -> Sequence[str] | None:
        given = self.request.query_params.get("kind")
        if given is None:
            return None
        kinds = [kind.strip() for kind in given.split(",")]
        if not set(kinds) <= set(TimelineEntry.Kind.values):
            raise Malformed(_("There is no such kind of entry."), "kind")
        return kinds


class NoteViewSet(Listing, OfCustomer):
    """What colleagues wrote down about a customer."""

    serializer_class = shapes.CustomerNoteOut

    def get_queryset(self) -> QuerySet[CustomerNote]:
        return CustomerNote.objects.filter(customer=self.customer())

    @extend_schema(request=shapes.CustomerNoteIn, responses={201: shapes.CustomerNoteOut})
    def create(self, request: Request, customer_id: UUID) -> Response:
        """One note more."""
        note = customer_actions.add_note(
            customer=self.customer(), body=self.body(shapes.CustomerNoteIn)["body"], by=self.actor
        )
        return self.answer(note, 201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, customer_id: UUID, pk: UUID) -> Response:
        """One note less."""
        customer_actions.remove_note(note=self.find(pk), by=self.actor)
        return Response(status=204)


class CustomerLabelViewSet(OfCustomer):
    """The labels of a customer. Every answer is the list as it stands then."""

    serializer_class = shapes.LabelOut
    pagination_class = None

    def _stand(self, customer: Customer) -> Response:
        labels = Label.objects.filter(customer_links__customer=customer)
        return Response(shapes.LabelOut(labels, many=True, context=self.get_serializer_context()).data)

    @extend_schema(responses=shapes.LabelOut(many=True))
    def list(self, request: Request, customer_id: UUID) -> Response:
        """All of them, by name."""
        return self._stand(self.customer())

    @extend_schema(request=shapes.LabelsIn, responses=shapes.LabelOut(many=True))
    def update(self, request: Request, customer_id: UUID) -> Response:
        """Exactly these."""
        customer = self.customer()
        labels = only(Label, self.body(shapes.LabelsIn)["label_ids"], "label_ids")
        customer_actions.set_labels(customer=customer, labels=labels, by=self.actor)
        return self._stand(customer)

    @extend_schema(request=shapes.LabelPut, responses=shapes.LabelOut(many=True))
    def create(self, request: Request, customer_id: UUID) -> Response:
        """One more."""
        customer = self.customer()
        [label] = only(Label, [self.body(shapes.LabelPut)["label_id"]], "label_id")
        customer_actions.add_label(customer=customer, label=label, by=self.actor)
        return self._stand(customer)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, customer_id: UUID, pk: UUID) -> Response:
        """One less."""
        customer = self.customer()
        customer_actions.remove_label(
            customer=customer, label=self.find(pk, Label.objects.all()), by=self.actor
        )
        return Response(status=204)


class OrderViewSet(ReportViewSet):
    """Orders as the shop's own system tells them."""

    serializer_class = shapes.OrderOut
    filterset_class = filters.OrderFilter
    ordering = ("-placed_at", "-id")

    @staticmethod
    def seen_by(actor: Actor) -> QuerySet[Order]:
        return queries.of_visible_customers(Order.objects.all(), actor)

    @extend_schema(request=shapes.OrderIn, responses={201: shapes.OrderOut, 200: shapes.OrderOut})
    def create(self, request: Request) -> Response:
        """Report an order: 201 when it is new, 200 when it was known.

        One order per `source` and `external_id`; say whose it is by `customer_id` or `identity`.
        Each new status is one line of the customer's timeline; the same report again changes nothing.
        """
        return self.take(shapes.OrderIn, record_order)


class CaseViewSet(Plain, TenantViewSet):
    """What customers wait to see settled. A complaint is a case of kind complaint."""

    serializer_class = shapes.CaseOut
    filterset_class = filters.CaseFilter
    seen_by = staticmethod(queries.cases_visible_to)
    required_scopes = {"GET": READ, "POST": WRITE, "PATCH": WRITE}

    @extend_schema(request=shapes.CaseIn, responses={201: shapes.CaseOut})
    def create(self, request: Request) -> Response:
        """Open a case."""
        body = self.body(shapes.CaseIn)
        [customer] = only(Customer, [body.pop("customer_id")], "customer_id")
        assignee = member(body.pop("assignee_id", None))
        made = case_actions.open_case(customer=customer, **body, assignee=assignee, by=self.actor)
        return self.answer(made, 201)

    @extend_schema(request=shapes.CaseChange, responses=shapes.CaseOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is given."""
        case, body = self.find(pk), self.body(shapes.CaseChange)
        if "assignee_id" in body:
            body["assignee"] = member(body.pop("assignee_id"))
        return self.answer(case_actions.update_case(case=case, **body, by=self.actor))

    @extend_schema(request=shapes.ResolutionIn, responses=shapes.CaseOut)
    def resolution(self, request: Request, pk: UUID) -> Response:
        """Settle it; one that is settled already stays as it is."""
        body = self.body(shapes.ResolutionIn)
        return self.answer(case_actions.resolve_case(case=self.find(pk), **body, by=self.actor))

    @extend_schema(request=None, responses=shapes.CaseOut)
    def reopening(self, request: Request, pk: UUID) -> Response:
        """Not settled after all; one that is open stays as it is."""
        return self.answer(case_actions.reopen_case(case=self.find(pk), by=self.actor))


def member(member_id: UUID | None) -> Membership | None:
    """Who is named by a body's `assignee_id`. Raises `UnknownReference`."""
    if member_id is None:
        return None
    [found] = only(Membership, [member_id], "assignee_id")
    return found  # type: ignore[no-any-return]


class FollowUpViewSet(Plain, TenantViewSet):
    """Work for people, with a clock."""

    serializer_class = shapes.FollowUpOut
    filterset_class = filters.FollowUpFilter
    seen_by = staticmethod(queries.follow_ups_visible_to)
    required_scopes = {"GET": READ, "POST": WRITE, "PATCH": WRITE}

    @extend_schema(request=shapes.FollowUpIn, responses={201: shapes.FollowUpOut})
    def create(self, request: Request) -> Response:
        """Give somebody something to do about a customer."""
        body = self.body(shapes.FollowUpIn)
        [customer] = only(Customer, [body.pop("customer_id")], "customer_id")
        assignee = member(body.pop("assignee_id", None))
        follow_up = follow_up_actions.open_follow_up(
            customer=customer, assignee=assignee, **body, by=self.actor
        )
        return self.answer(follow_up, 201)

    @extend_schema(request=shapes.FollowUpChange, responses=shapes.FollowUpOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Let somebody else do it."""
        follow_up = self.find(pk)
        assignee = member(self.body(shapes.FollowUpChange)["assignee_id"])
        follow_up_actions.reassign_follow_up(follow_up=follow_up, assignee=assignee, by=self.actor)
        return self.answer(follow_up)

    @extend_schema(request=None, responses=shapes.FollowUpOut)
    def completion(self, request: Request, pk: UUID) -> Response:
        """Done; one that is done already stays as it is."""
        return self.answer(follow_up_actions.complete_follow_up(follow_up=self.find(pk), by=self.actor))

    @extend_schema(request=None, responses=shapes.FollowUpOut)
    def reopening(self, request: Request, pk: UUID) -> Response:
        """Not done after all; one that is open stays as it is."""
        return self.answer(follow_up_actions.reopen_follow_up(follow_up=self.find(pk), by=self.actor))


class LabelViewSet(Listing, Reading, TenantViewSet):
    """The words the business sorts by."""

    serializer_class = shapes.LabelOut
    required_scopes = {
        "GET": READ,
        "POST": Permission.LABELS_WRITE,
        "PATCH": Permission.LABELS_WRITE,
        "DELETE": Permission.LABELS_WRITE,
    }

    def get_queryset(self) -> QuerySet[Label]:
        return Label.objects.all()

    @extend_schema(request=shapes.LabelIn, responses={201: shapes.LabelOut})
    def create(self, request: Request) -> Response:
        """A new label."""
        return self.answer(label_actions.create_label(**self.body(shapes.LabelIn), by=self.actor), 201)

    @extend_schema(request=shapes.LabelIn, responses=shapes.LabelOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Another name or colour, everywhere it is used."""
        label = self.find(pk)
        return self.answer(
            label_actions.update_label(label=label, **self.body(shapes.LabelIn, partial=True), by=self.actor)
        )

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Remove it from everything that has it."""
        label_actions.delete_label(label=self.find(pk), by=self.actor)
        return Response(status=204)
