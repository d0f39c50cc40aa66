"""Acts that cannot be done. Pages show the sentence beside the form, the API as a problem."""


class Refused(ValueError):
    """What was asked breaks a rule. Its text says which, to the person who asked.

    `field` names the input it is about ("" for the whole); `status` is the API's answer, `retry_after` the
    seconds after which to try again, where that is of use.
    """

    status = 422
    retry_after = 0

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class Conflicting(Refused):
    """What was asked stands against what is there already."""

    status = 409
