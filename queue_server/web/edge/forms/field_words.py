"""Sentences for what is wrong with a field of a form, by field and reason, that say what to do."""

from __future__ import annotations

from queue_server.web.edge.locale import gettext as _


def bad_input_words(field: str, reason: str) -> str:
    """A sentence for one refused form field that says what to do."""
    known = {
        ("nik", "missing"): _(
            "Enter your NIK: the 16 digits on your ID card (KTP-el) or family card"
        ),
        ("nik", "length"): _("A NIK has exactly 16 digits. Please check the number"),
        ("nik", "region"): _(
            "This NIK starts with a number that no province has. Please check the first digits"
        ),
        ("nik", "district"): _(
            "The district in this NIK does not exist. Please check digits 5 and 6"
        ),
        ("nik", "birth_date"): _(
            "The birth date inside this NIK is not a real date. Please check digits 7 to 12"
        ),
        ("nik", "serial"): _("The last four digits of a NIK are never 0000. Please check them"),
        ("nik", "passport"): _(
            "This looks like a passport or KITAS number. This service needs a NIK: the 16 digits "
            "on the ID card (KTP-el) or family card. Foreigners without a NIK choose the service "
            "for foreign residents"
        ),
        ("nik", "either_missing"): _("Enter a NIK, or a passport or KITAS/KITAP number"),
        ("nik", "either_format"): _(
            "This is no NIK (16 digits), passport number (6 to 9 letters and digits) or KITAS/KITAP"
            " number (10 to 13). Please check it"
        ),
        ("nik", "passport_missing"): _("Enter a passport or KITAS/KITAP number"),
        ("nik", "passport_format"): _(
            "A passport number has 6 to 9 letters and digits, a KITAS/KITAP number 10 to 13. Please"
            " check it"
        ),
        ("nik", "not_taken"): _("This service needs a passport or KITAS/KITAP number, not a NIK"),
        ("passport", "missing"): _("Enter a passport or KITAS/KITAP number"),
        ("passport", "format"): _(
            "A passport number has 6 to 9 letters and digits, a KITAS/KITAP number 10 to 13. Please"
            " check it"
        ),
        ("passport", "not_taken"): _("This service needs a NIK, not a passport number"),
        ("passport", "both"): _("Give a NIK or a passport number, not both"),
        ("name", "missing"): _("Enter your name"),
        ("name", "too_long"): _("Enter a name of at most 80 letters"),
        ("name", "characters"): _("Enter the name in letters only, without emoji or other signs"),
        ("party_size", "range"): _("Choose how many people come"),
        ("visit", "not_offered"): _("This service cannot be had that way. Choose another way"),
        ("visit", "differs_from_hold"): _(
            "The time was kept for another kind of visit. Please choose a time again"
        ),
        ("urgency", "missing"): _("Choose why your case is urgent"),
        ("first_date", "format"): _("Choose the first day that suits you"),
        ("first_date", "past"): _(
            "The first day is over already. Please choose today or a later day"
        ),
        ("last_date", "format"): _("Choose the last day that suits you"),
        ("last_date", "order"): _("The last day lies before the first. Please choose a later one"),
        ("last_date", "too_far"): _(
            "This day is not open for booking yet. Please choose an earlier one"
        ),
        ("email", "format"): _("Enter an e-mail address such as nama@contoh.id, or leave it empty"),
        ("email", "needed"): _(
            "Enter your e-mail address: we confirm it first, and write to you when a place becomes "
            "free"
        ),
        ("email", "either_needed"): _(
            "Enter your e-mail address, or your mobile number and tick that we may write to it"
        ),
        ("email", "needed_for_party"): _(
            "Enter an e-mail address: for so many people we must confirm it first"
        ),
        ("code", "missing"): _("Enter the code that stands on your slip or booking"),
        ("service", "missing"): _("Choose a service"),
        ("service", "closed"): _(
            "This service takes no visits now. Please choose another one; what you typed is kept"
        ),
        ("slot", "missing"): _("Choose a time"),
        ("slot", "same"): _("Choose a time other than the present one"),
        ("username", "missing"): _("Enter your user name"),
        ("password", "missing"): _("Enter your password"),
    }
    if (field, reason) == ("phone", "needed_for_call"):
        return _("Enter the number that we shall ring at your time, such as 0812 3456 7890")
    if field == "phone":
        return _("Enter a mobile number such as 0812 3456 7890, or leave it empty")
    return known.get((field, reason)) or _("Please check this answer")
