"""What a browser sends: every text of a form or an address is made readable before any page sees it."""

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property

from app.core.typed import readable


class ReadableRequest(Request):
    """A request whose fields hold no character that nobody sees."""

    @cached_property
    def form(self) -> ImmutableMultiDict[str, str]:
        """Return the fields sent."""
        return _readable(super().form)

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """Return the fields of the address."""
        return _readable(super().args)


def _readable(fields: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict((name, readable(value)) for name, value in fields.items(multi=True))
