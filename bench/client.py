"""The measuring side: kept-alive connections, each request timed until its last byte, and what the times come to."""

import http.client
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(slots=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: str


class Browser:
    """One kept-alive connection of a signed-in person."""

    def __init__(self, port: int, cookie: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = cookie

    def get(self, path: str, cookie: str = "") -> Answer:
        """Ask for a page; with a cookie as somebody else."""
        self.connection.request("GET", path, headers={"Cookie": cookie or self.cookie})
        return self._answer()

    def post(self, path: str, form: dict[str, str], cookie: str = "") -> Answer:
        """Send a form; with a cookie as somebody else."""
        self.connection.request("POST", path, urlencode(form), {"Cookie": cookie or self.cookie, **FORM})
        return self._answer()

    def _answer(self) -> Answer:
        answer = self.connection.getresponse()
        return Answer(answer.status, answer.headers.get("Location", ""), answer.read().decode())


@dataclass(slots=True)
class Times:
    """Seconds of each repetition, and of the wall for all of them."""

    each: list[float] = field(default_factory=list)
    wall: float = 0.0

    def at(self, share: float) -> float:
        """Return the time in milliseconds that a share of the repetitions stayed within."""
        found = sorted(self.each)
        return found[min(len(found) - 1, round(share * (len(found) - 1)))] * 1000

    @property
    def rate(self) -> float:
        """Repetitions a second."""
        return len(self.each) / self.wall if self.wall else 0.0


Act = Callable[[Browser], float]


def repeat(browsers: Sequence[Browser], act: Act, count: int, times: Times) -> None:
    """Repeat an act `count` times over the browsers, all at once, and add to the times; the act returns its seconds."""
    share = count // len(browsers)
    began = time.perf_counter()
    if len(browsers) == 1:
        times.each += [act(browsers[0]) for _ in range(share)]
    else:
        with ThreadPoolExecutor(len(browsers)) as pool:
            for found in pool.map(lambda browser: [act(browser) for _ in range(share)], browsers):
                times.each += found
    times.wall += time.perf_counter() - began
