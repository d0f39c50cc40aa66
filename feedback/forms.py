"""Forms of surveys and ratings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.models import Survey


class RatingForm(forms.Form):
    """What a customer answers."""

    score = forms.TypedChoiceField(
        choices=[(str(score), str(score)) for score in range(1, 6)],
        coerce=int,
        error_messages={
            "required": _("Choose a rating."),
            "invalid_choice": _("Choose a rating from 1 to 5."),
        },
    )
    comment = forms.CharField(
        label=_("Would you tell us more? (optional)"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SurveyForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the business asks."""

    class Meta:
        model = Survey
        fields = ["is_active", "question", "cooldown_days"]
        help_texts = {
            "question": _("Empty: “How was our service?” in the customer's language."),
            "cooldown_days": _("Nobody is asked more often than this."),
        }
