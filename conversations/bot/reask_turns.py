"""Names of facts in several words, and turns that ask without a name, over what words stand for."""

import re

_OF = "(?:(?:IN|THE|YOUR|OUR|THEIRS|told) ){0,3}"
COMPOUNDS = tuple(
    (re.compile(rf"(?<!\S){pattern}"), kind)
    for pattern, kind in (
        (rf"NUMBER {_OF}(?:ORDER|VISIT|BUY|PRODUCT)(?: {_OF}(?:ORDER|VISIT|PAYMENT))? ", "ORDER"),
        (r"(?:ORDER|VISIT|BUY) (?:IN )?(?:ORDER )?(?:NUMBER|no) ", "ORDER"),
        (r"NUMBER THE ORDER ", "ORDER"),
        (rf"NUMBER {_OF}DOCUMENT ", "DOCUMENT"),
        (r"DOCUMENT (?:NUMBER|no) ", "DOCUMENT"),
        (rf"NUMBER {_OF}(?:PHONE|CALL) ", "PHONE"),
        (r"(?:PHONE|CALL) (?:NUMBER|no) ", "PHONE"),
        (rf"NUMBER {_OF}ADDRESS ", "ADDRESS"),
        (rf"ADDRESS {_OF}EMAIL ", "EMAIL"),
        (r"EMAIL ADDRESS ", "EMAIL"),
        (r"NUMBER ORDER ", "ORDER"),
        (rf"ADDRESS {_OF}SEND ", "ADDRESS"),
        (r"SEND ADDRESS ", "ADDRESS"),
        (r"ADDRESS AND NUMBER ", "ADDRESS"),
        (rf"NAME {_OF}PET ", "PET NAME"),
        (r"PET (?:s )?NAME ", "PET NAME"),
        (rf"(?:DATE|TIME|VISIT) {_OF}(?:BUY|PAY) ", "BUY DATE"),
        (r"BUY DATE ", "BUY DATE"),
        (rf"DATE {_OF}ORDER ", "BUY DATE"),
        (rf"WAY {_OF}(?:PAYMENT|PAY) ", "PAYMENT"),
        (r"(?:PAYMENT|PAY) WAY ", "PAYMENT"),
        (rf"PHOTO {_OF}(?:PAYMENT|MONEY|PAY) ", "PHOTO"),
        (r"PAYMENT PHOTO ", "PHOTO"),
        (rf"PRODUCT {_OF}(?:PHONE|PRODUCT) ", "PRODUCT"),
        (r"PHONE PRODUCT ", "PRODUCT"),
        (rf"(?:DATE|TIME|DAYPART) (?:AND (?:THE )?(?:TIME|DATE) )?{_OF}VISIT ", "VISIT"),
        (r"VISIT (?:DATE|TIME) ", "VISIT"),
        (r"DATE AND (?:THE )?TIME ", "VISIT"),
        (r"TIME AND (?:THE )?DATE ", "VISIT"),
    )
)
"""Names of facts in several words, over what the words stand for, and what they are together."""

_UP_TO = r"(?:[^ ]+ ){0,%d}?"
_WH = "(?:WHAT|WHICH)"
IDIOMS = {
    "name": (
        r"WHO ..4 (?:SPEAK|CALL|TELL|GIVE|PLEASE) ",
        r"WHO (?:BE|THE|LIVE|YOU) ",
        r"IN WHO ",
        r"TO WHO ",
        r"HOW ..3 NAMED ",
        r"HOW (?:to )?(?:YOU|THE) ..2 (?:GIVE|CALL|ALREADY|NAMED) ",
        r"WHAT ..3 CALL YOU ",
        r"(?:YOU|AND) BE (?:THE |YOU |[?] )",
        r"YOU (?:BE|eres|eras|sos) (?:WHO )?(?:FINE )?[?] ",
        r"HOW CALL YOU ",
        r"HOW ..3 (?:address|CALL|TELL) ..1 (?:you|YOU) ",
    ),
    "phone": (
        r"NUMBER ..4 CALL ",
        r"WHERE ..3 CALL ",
        r"CALL ..4 NUMBER ",
        r"HOW ..4 CALL ",
        r"WHAT|WHICH NUMBER ",
        r"TO WHICH ..2 CALL ",
    ),
    "address": (
        r"WHERE ..4 (?:SEND|LIVE|BE|GIVE|COME|YOU|BRING|THE) ",
        r"(?:SEND|go|COME|LIVE) ..3 WHERE ",
        r"(?:FOR|TO) WHERE ",
        r"WHERE (?:[?]|$) ",
        rf"{_WH} ..2 ADDRESS ",
    ),
    "appointment": (
        r"WHEN ..4 (?:COME|VISIT|PREFER|WANT|LIVE|BRING|schedule) ",
        rf"{_WH} ..1 (?:DATE|WEEKDAY) ",
        r"FOR WHEN ",
        r"WHEN [?] ",
        r"WEEKDAY OR ..2 WEEKDAY ",
        r"WHEN BE ..2 VISIT ",
        r"WHEN ..2 YOU ..3 ",
    ),
    "product": (
        r"WHAT ..3 (?:WANT|BUY) ",
        r"WHAT BE ..2 (?:THE )?(?:WHAT )?(?:BUY|WANT) ",
        r"WHICH (?:one|IN|THE) ",
        r"WHICH ..2 (?:WANT|PREFER|BUY) ",
        rf"{_WH} ..1 (?:PRODUCT|PHONE) ",
    ),
    "reason": (
        r"(?:HOW|WHAT|IN WHAT) ..4 HELP ",
        r"WHAT ..3 HAPPEN ",
        r"(?:WHY|FOR WHAT|because|porque) ",
        r"WHAT ..3 (?:WANT|NEED|PREFER) ",
        r"TELL ..2 (?:WHAT|HOW) ",
        r"WHAT ..3 REASON ",
        r"WHAT ..4 [?] ",
    ),
    "purchase_date": (
        r"WHEN ..5 BUY ",
        r"BUY ..3 WHEN ",
        r"MUCH ..5 (?:BUY|HAVE|ago) ",
        r"(?:WHICH|WHAT|IN) ..2 DATE ..5 BUY ",
        r"IN WHEN ",
        r"BUY ..3 (?:DATE|THE year) ",
        r"HOW MUCH ..2 HAVE ",
    ),
    "payment_method": (
        r"HOW ..4 (?:PAY|PAYMENT) ",
        r"(?:PAY|PAYMENT) ..4 (?:HOW|WHAT|WHICH) ",
        r"(?:WHAT|WHICH) ..4 (?:PAY|PAYMENT) ",
        r"MONEY ..3 OR ..3 MONEY ",
        r"PAY ..5 MONEY ",
    ),
    "hour": (
        rf"{_WH} ..2 (?:TIME|DAYPART) ",
        r"DAYPART ..2 OR ..3 DAYPART ",
        r"WHEN ..4 CALL ",
        r"(?:PREFER|TIME) ..4 (?:TIME|DAYPART) ",
        r"HOW early ",
        r"DATE OR ..2 DATE ",
    ),
    "pet": (
        r"HOW ..4 NAMED ..4 PET ",
        r"PET ..4 NAMED ",
        r"PET ..4 NAME ",
        r"NAME ..4 PET ",
        r"HOW YOU ..1 NAMED ",
        r"WHAT ..3 (?:NAMED|CALL) ",
        r"WHO ..3 PET ",
        r"HOW BE ..1 NAME ",
        r"THEIRS ..1 NAME ",
        r"NAME THEIRS ",
        r"HOW NAMED ",
    ),
    "branch": (rf"{_WH} ..2 SHOP ", r"WHERE ..4 (?:BUY|PREFER|train\S*|pick) ", r"WHICH IN ..2 (?:THE|OUR) "),
}
"""Ways to ask for a fact without its name, over what the words stand for; `..3` is up to three words."""
IDIOM_PATTERNS = tuple(
    (key, number, re.compile("(?<!\\S)" + re.sub(r"\.\.(\d) ", lambda hit: _UP_TO % int(hit[1]), pattern)))
    for key, patterns in IDIOMS.items()
    for number, pattern in enumerate(patterns)
)
