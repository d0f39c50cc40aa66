"""Forms of people and businesses."""

from collections.abc import Mapping
from typing import Any, cast

from allauth.account.forms import LoginForm, SignupForm
from django import forms
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from tenants import hours, scopes, zones
from tenants.accounts import hold_two_weeks
from tenants.actions.members import is_owner
from tenants.actors import Actor
from tenants.localities import COUNTRIES, LOCALITIES
from tenants.models import Membership, SpecialDay, Team, Tenant, User
from tenants.permissions import Role, Sees

CURRENCIES = sorted({place.currency for place in LOCALITIES.values()})
EMAIL_AT_MOST = 254  # characters (RFC 5321)
REOPEN_AT_MOST = 24 * 90  # hours
MOST_INTERVALS = 4  # of one day


def language_choices() -> list[tuple[str, Any]]:
    """Each language by its own name."""
    return [("es", "Español"), ("pt-br", "Português (Brasil)"), ("en", "English")]


def _offer(form: forms.BaseForm, **choices: Any) -> None:
    """Set what may be chosen in fields whose choices depend on who asks."""
    for name, offered in choices.items():
        cast(forms.ChoiceField, form.fields[name]).choices = offered


def _offer_rows(form: forms.BaseForm, **rows: QuerySet[Any]) -> None:
    """The same for fields that choose among rows of the current business."""
    for name, offered in rows.items():
        cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = offered


class LogInForm(LoginForm):
    """Address and password; without the tick the log-in ends with the browser."""

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response = super().login(request, redirect_url)
        if self.cleaned_data.get("remember"):
            hold_two_weeks(request)
        return response


class SignUpForm(SignupForm):
    """Name, address and password; the business comes after the address is verified."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
    field_order = ["name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].validators.append(MaxLengthValidator(EMAIL_AT_MOST))  # allauth would cut it

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Person and address together; of two at the same moment the second hears that a mail was sent."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


class InvitedSignUpForm(SignUpForm):
    """Sign-up through an invitation: the address is the invited one, whatever is posted."""

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"email": email}, **kwargs)
        self.fields["email"].disabled = True


class BusinessForm(forms.Form):
    """What it takes to open a business; everything else follows from the country."""

    name = forms.CharField(
        label=_("Name of your business"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True}),
    )
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES)


class ProfileForm(forms.ModelForm):
    """The business as it introduces itself and as it works."""

    timezone = forms.ChoiceField(label=_("Time zone"))
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    language = forms.ChoiceField(
        label=_("Language"),
        choices=language_choices,
        help_text=_(
            "Customers are written to in it, unless they speak another one; each person may choose their own."
        ),
    )
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES)
    region = forms.ChoiceField(
        label=_("State or province"),
        required=False,
        help_text=_("Some holidays are kept in one region only."),
    )
    accent = forms.CharField(
        label=_("Colour"),
        help_text=_("Of your web chat and your rating page."),
        validators=[RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("Choose a colour such as #0f766e."))],
        widget=forms.ColorInput,
    )
    reopen_hours = forms.IntegerField(
        label=_("Reopening window in hours"),
        min_value=0,
        max_value=REOPEN_AT_MOST,
        help_text=_("A customer who writes again within it reopens the closed conversation."),
    )

    class Meta:
        model = Tenant
        fields = [
            "name", "country", "region", "timezone", "currency", "language", "formality",
            "accent", "address", "assignment", "reopen_hours",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.data.get("country") or self.instance.country
        regions = hours.regions(country) if country in LOCALITIES else []
        _offer(
            self,
            timezone=zones.zone_choices(country if country in LOCALITIES else ""),
            region=[("", _("The whole country")), *regions],
            formality=[("", _("As each of us likes")), *Tenant.Formality.choices],
        )
        if not regions:
            self.fields["region"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """A region of another country is no mistake: the country was changed."""
        cleaned = super().clean() or {}
        if "region" in self.errors and cleaned.get("country") != self.instance.country:
            del self.errors["region"]
            cleaned["region"] = ""
        return cleaned


class IntervalsWidget(forms.Widget):
    """Pairs of times, one of them empty for the next interval; works without script."""

    template_name = "tenants/widgets/intervals.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, dict(attrs or {}))
        pairs = [tuple(pair) for pair in value or []]
        if len(pairs) < MOST_INTERVALS:
            pairs.append(("", ""))
        context["widget"] |= {"pairs": pairs, "is_wrong": "aria-invalid" in (attrs or {})}
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[str, str]]:
        if not isinstance(data, MultiValueDict):
            return list(data.get(name, []))
        pairs = zip(data.getlist(f"{name}-opens"), data.getlist(f"{name}-closes"), strict=False)
        return [pair for pair in pairs if any(pair)][:MOST_INTERVALS]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False  # nothing posted means closed

    def id_for_label(self, id_: str) -> str:
        return ""


class IntervalsField(forms.Field):
    """The hours of one day; empty is closed."""

    widget = IntervalsWidget

    def clean(self, value: Any) -> list[list[str]]:
        try:
            return hours.tidy(value or [])
        except hours.BadHours as problem:
            raise forms.ValidationError(str(problem)) from None


class HoursForm(forms.Form):
    """The hours of a week."""

    mon = IntervalsField(label=_("Monday"), required=False)
    tue = IntervalsField(label=_("Tuesday"), required=False)
    wed = IntervalsField(label=_("Wednesday"), required=False)
    thu = IntervalsField(label=_("Thursday"), required=False)
    fri = IntervalsField(label=_("Friday"), required=False)
    sat = IntervalsField(label=_("Saturday"), required=False)
    sun = IntervalsField(label=_("Sunday"), required=False)


class HolidaysForm(forms.ModelForm):
    """Whether the business closes on public holidays."""

    class Meta:
        model = Tenant
        fields = ["keeps_holidays"]


class SpecialDayForm(forms.ModelForm):
    """A date with hours of its own."""

    hours = IntervalsField(
        label=_("Open"),
        required=False,
        help_text=_("Leave empty if you are closed. A time past midnight is fine."),
    )

    class Meta:
        model = SpecialDay
        fields = ["date", "name", "hours"]
        widgets = {"date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def clean_date(self) -> Any:
        on = self.cleaned_data["date"]
        if SpecialDay.objects.filter(date=on).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This date has hours of its own already; change them below."))
        return on


class TeamChoice(forms.ModelMultipleChoiceField):
    """Teams of the current business as checkboxes."""

    widget = forms.CheckboxSelectMultiple


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=EMAIL_AT_MOST,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "placeholder": "ana@example.com"}),
    )
    role = forms.ChoiceField(label=_("Role"), initial=Role.AGENT)
    team: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(
        label=_("Team"), queryset=None, required=False, empty_label=_("No team")
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, role=roles_for(by))
        _offer_rows(self, team=Team.objects.all())


class MemberForm(forms.Form):
    """What a member is, sees and takes."""

    role = forms.ChoiceField(label=_("Role"))
    sees = forms.ChoiceField(label=_("Sees"), choices=Sees.choices)
    capacity = forms.IntegerField(
        label=_("Open conversations at once"),
        min_value=0,
        max_value=1000,
        help_text=_("In turn, nobody gets more than this."),
    )
    teams = TeamChoice(label=_("Teams"), queryset=None, required=False)

    def __init__(self, *args: Any, membership: Membership, by: Actor, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "role": membership.role,
            "sees": membership.sees,
            "capacity": membership.capacity,
            "teams": [link.team_id for link in membership.team_links.all()],
        }
        super().__init__(*args, **kwargs)
        roles = roles_for(by)
        if membership.role not in dict(roles):
            roles = [(membership.role, membership.get_role_display())]
        _offer(self, role=roles)
        self.fields["role"].disabled = membership.id == by.membership_id
        if self.fields["role"].disabled:
            self.fields["role"].help_text = _("You cannot change your own role.")
        _offer_rows(self, teams=Team.objects.all())


class TeamForm(forms.Form):
    """A team's name and people."""

    name = forms.CharField(label=_("Name"), max_length=80)
    members: "forms.ModelMultipleChoiceField[Membership]" = forms.ModelMultipleChoiceField(
        label=_("Members"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_rows(self, members=Membership.objects.filter(is_active=True).order_by("user__name"))


class ApiKeyForm(forms.Form):
    """A key's name and what it may do."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Of the system that will use it, such as your shop.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("Allowed to"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing it may do.")},
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = [
            (title, [(scope.value, text) for scope, text in entries if by.can(scope)])
            for title, entries in scopes.GROUPS
        ]
        _offer(self, scopes=self.groups)

    def scope_groups(self) -> list[tuple[Any, list[tuple[str, Any, bool]]]]:
        """The boxes to tick, by group: value, text, ticked."""
        ticked = set(self["scopes"].value() or [])
        return [
            (title, [(value, text, value in ticked) for value, text in boxes]) for title, boxes in self.groups
        ]


class AuditFilterForm(forms.Form):
    """Whose acts, and which."""

    person: "forms.ModelChoiceField[Membership]" = forms.ModelChoiceField(
        label=_("Person"), queryset=None, required=False, empty_label=_("Everybody")
    )
    action = forms.ChoiceField(label=_("Act"), required=False)

    def __init__(self, *args: Any, actions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_rows(self, person=Membership.objects.order_by("user__name"))
        _offer(self, action=[("", _("Everything")), *actions])


class PersonForm(forms.ModelForm):
    """What a person says about himself, in all his businesses."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=lambda: [("", _("That of each business")), *language_choices()],
    )

    class Meta:
        model = User
        fields = ["name", "language"]


def roles_for(by: Actor) -> list[tuple[str, Any]]:
    """The roles this person may give: owners alone make owners."""
    return [(role.value, role.label) for role in Role if role != Role.OWNER or is_owner(by)]
