"""What an SMS is counted as (3GPP TS 23.038 and 23.040)."""

import pytest

from conversations.channels.sms.segments import segments


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("", ("GSM-7", 0, 160)),
        ("a" * 160, ("GSM-7", 1, 0)),
        ("a" * 161, ("GSM-7", 2, 145)),
        ("a" * 307, ("GSM-7", 3, 152)),
        ("Ñandú über Ça §¿¡", ("UCS-2", 1, 53)),  # ú has no place in the alphabet
        ("ñÑüÜöÖäÄàèéìòùÇ@£$¥", ("GSM-7", 1, 141)),
        ("€" * 80, ("GSM-7", 1, 0)),
        ("a" * 152 + "€" + "a" * 7, ("GSM-7", 2, 144)),  # 162 places; € does not fit into the first part
        ("a\r\nb", ("GSM-7", 1, 157)),
        ("á" * 70, ("UCS-2", 1, 0)),
        ("á" * 71, ("UCS-2", 2, 63)),
        ("😀" * 35, ("UCS-2", 1, 0)),
        ("😀" * 36, ("UCS-2", 2, 61)),  # 33 in the first part: none is cut in two
        ("ç", ("UCS-2", 1, 69)),
    ],
)
def test_parts(text: str, counted: tuple[str, int, int]) -> None:
    assert segments(text) == counted
