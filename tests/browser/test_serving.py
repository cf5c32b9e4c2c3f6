"""The tests' own server: a county is closed when its last request is answered, and then lets nobody in."""

from werkzeug.test import create_environ, run_wsgi_app
from werkzeug.wrappers import Response

from tests.browser.serving import Counter


def test_reader_who_leaves_in_the_middle_keeps_nobody_waiting() -> None:
    closed: list[bool] = []
    answer = Response(iter(["a long ", "page"]))
    answer.call_on_close(lambda: closed.append(True))
    counter = Counter(answer)
    run_wsgi_app(counter, create_environ("/"))  # the answer is neither read nor closed
    assert closed == [True]
    assert counter.open == 0
    counter.close()


def test_closed_county_lets_nobody_in() -> None:
    counter = Counter(Response("a page"))
    assert run_wsgi_app(counter, create_environ("/"))[1].startswith("200")
    counter.close()
    assert run_wsgi_app(counter, create_environ("/"))[1].startswith("503")
