from feedback.models.invitation import Invitation
from feedback.models.response import Response
from feedback.models.survey import Survey

__all__ = ["Invitation", "Response", "Survey"]
