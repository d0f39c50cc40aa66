"""Why a row or a file is refused, in the reader's language."""

from typing import Any

from django.utils.translation import gettext_lazy as _

Problem = tuple[str, str, str]  # code, column, value; plain JSON

# Of a row. `value` is what stood there.
ROW: dict[str, Any] = {
    "no_key": _("There is nothing to know the customer by: give a phone, an e-mail or an identifier."),
    "no_name": _("There is no name to know the customer by."),
    "bad_phone": _("“%(value)s” is not a phone number. Write all its digits, with the area code."),
    "rounded": _(
        "“%(value)s” was shortened by a spreadsheet and digits are lost. Format the column as text."
    ),
    "bad_email": _("“%(value)s” is not an e-mail address."),
    "bad_address": _("“%(value)s” cannot be an address of this kind."),
    "bad_id": _("“%(value)s” is not an identifier of Puente."),
    "unknown_id": _("There is no customer with the identifier “%(value)s”."),
    "taken": _("“%(value)s” belongs to another customer."),
    "erased": _("Whoever has “%(value)s” was erased. A colleague can enter them by hand, if they ask."),
    "two_people": _(
        "“%(value)s” belongs to somebody else than the rest of this row: are they the same person?"
    ),
    "several_people": _("Several customers are called “%(value)s”: give a phone or an e-mail."),
    "repeated": _("An earlier row of this file speaks of the same: “%(value)s”."),
    "bad_language": _("“%(value)s” is not a language we speak: use es, pt-br or en."),
    "bad_zone": _("“%(value)s” is not a time zone: use a name such as America/Mexico_City."),
    "bad_fact": "%(value)s",
    "too_long": _("“%(value)s” is too long."),
    "too_many_facts": _("A customer can have at most 100 facts."),
    "bad_date": _("“%(value)s” is not a date: write it as 2026-11-21."),
    "no_such_day": _("There is no such day: “%(value)s”."),
    "bad_time": _("“%(value)s” is not a time of day: write it as 16:30."),
    "bad_amount": _("“%(value)s” is not an amount."),
    "bad_currency": _("“%(value)s” is not a currency: use a code such as MXN."),
    "bad_status": _("“%(value)s” is not a status we know."),
    "bad_medium": _("“%(value)s” is not a way to write to somebody: use email, whatsapp, sms or phone."),
    "bad_purpose": _("“%(value)s” is not a purpose: use service, promotion or survey."),
    "bad_state": _("“%(value)s” does not say whether the customer agreed: use yes or no."),
    "bad_ip": _("“%(value)s” is not an internet address."),
    "missing": _("“%(value)s” is empty and must not be."),
    "no_proof": _("A consent needs the words the customer agreed to, or where the proof lies."),
    "in_future": _("“%(value)s” is in the future."),
    "ends_before": _("It ends before it begins: “%(value)s”."),
    "others_order": _("“%(value)s” is known as another customer's."),
    "mixed_encoding": _("“%(value)s” holds characters that could not be read."),
    "open_quote": _(
        "A quotation mark in line %(value)s is never closed, so the rows below it were read as one cell."
    ),
    "too_many_cells": _("This row has more cells than there are columns."),
}

# Of a whole file.
FILE: dict[str, Any] = {
    "empty": _("This file is empty."),
    "not_table": _("This is not a spreadsheet. Send a CSV, TSV, XLSX or vCard (VCF) file."),
    "old_excel": _("This is an old Excel file (XLS) or has a password. Save it as XLSX or CSV."),
    "locked": _("This file is protected by a password. Save it without one."),
    "broken_sheet": _("This spreadsheet is damaged. Open it, save it again as XLSX or CSV, and send that."),
    "broken_quotes": _("A quotation mark near line %(value)s is never closed. Correct it there."),
    "wrong_encoding": _("The file cannot be read as %(value)s. Choose another encoding."),
    "too_large": _("This file is too large: at most %(value)s MB. Split it into several."),
    "unpacks_too_large": _("This spreadsheet unpacks to more than %(value)s MB. Save it as CSV."),
    "too_many_columns": _("This file has %(value)s columns; at most 200 are read. Delete some."),
    "too_many_rows": _("This file has more than %(value)s rows. Split it into several."),
    "too_slow": _("This spreadsheet takes too long to read. Save it as CSV and send that."),
    "no_sheet": _("There is no sheet called “%(value)s” in this file."),
    "no_rows": _("There is nothing below the first row of this file."),
    "no_actor": _("Whoever began this may no longer do it."),
    "refused_rows": _("Nothing was imported, as you chose: some rows have errors. Correct them first."),
    "gone": _("The file is no longer here: send it again."),
}  # fmt: skip


def sentence(problem: Problem | list[str]) -> str:
    """What is wrong in a row, with the column it is wrong in."""
    code, column, value = problem
    text = str(ROW.get(code, code)) % {"value": value[:80] if code != "bad_fact" else value}
    return f"{column}: {text}" if column else text


def file_sentence(reason: str) -> str:
    """Why a file is refused; `reason` is "code" or "code:value"."""
    code, _colon, value = reason.partition(":")
    return str(FILE.get(code, FILE["not_table"])) % {"value": value}
