"""What every channel can do: send one text to one recipient within its limit, or say why it could not."""

from typing import Protocol


class Undelivered(Exception):
    """A message was not taken. The words name neither address nor secret; `is_final` means that trying again is no use."""

    def __init__(self, said: str, is_final: bool = False) -> None:
        super().__init__(said)
        self.said, self.is_final = said, is_final


class Channel(Protocol):
    """One way out of the house. `name` is the kind, `robot` which of several; `per_minute` is shared by all workers."""

    @property
    def name(self) -> str:
        """The kind: email, sms, wecom, dingtalk."""

    @property
    def robot(self) -> str | None:
        """The robot's name; None for the channels of persons."""

    @property
    def per_minute(self) -> int:
        """How many may be sent in a minute."""

    def send(self, recipient: str, text: str, message_id: str) -> None:
        """Send the text; Undelivered when it was not taken. The id is the same at every attempt."""
