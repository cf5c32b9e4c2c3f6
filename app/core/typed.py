"""What people type, paste or import: texts without the characters that nobody sees and that change what others read."""

import re

# controls but for tab and line ends; soft and invisible joints and marks; directions of writing; halves and no characters
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
LINE_ENDS = re.compile("[\u2028\u2029]")


def readable(text: str) -> str:
    """Return the text as it is seen: no control, no invisible character, nothing that turns the direction of reading."""
    return LINE_ENDS.sub("\n", UNSEEN.sub("", text))
