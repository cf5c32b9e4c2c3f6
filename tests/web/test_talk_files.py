"""What stands beside an interview on its page: files that prove a promise, the slip it stood on, who signed for whom."""

import io
from pathlib import Path
from typing import Any

from werkzeug.datastructures import FileStorage

from app.ledgers.talks import CommitmentFile, Interview
from app.workflows import INTERVIEW, SLIP
from tests import talking
from tests.client import Visit, make_app, visit
from tests.story import Story
from tests.workflows.paths import brought_to

PICTURE = b"\xff\xd8\xff\xe0" + b"picture" * 40


def report(somebody: Visit, commitment_id: int, name: str = "清运 现场.jpg") -> Any:
    """Report a commitment done with a file."""
    form = {"version": 1, "text": "已清运", "files": FileStorage(io.BytesIO(PICTURE), filename=name)}
    answer = somebody.post(f"/commitments/{commitment_id}/transitions/report", form, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()
    return answer


def test_file_of_a_promise_comes_back_to_who_sees_the_interview(story: Story, instance: Path) -> None:
    app, commitment_id = make_app(story, instance), talking.promised(story)
    liaison = visit(app, story, "liaison_a")
    assert report(liaison, commitment_id, "清运.exe").status_code == 422
    page = report(liaison, commitment_id).location
    file = story.newest(CommitmentFile)
    for who in ("liaison_a", "supervisor", "leader"):
        somebody = visit(app, story, who)
        assert "清运 现场.jpg" in somebody.get(page).text
        answer = somebody.get(f"/commitment-files/{file.id}")
        assert (answer.status_code, answer.data, answer.mimetype) == (200, PICTURE, "image/jpeg")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert visit(app, story, "head_b").get(f"/commitment-files/{file.id}").status_code == 404
    (instance / "evidence" / file.stored_name).write_bytes(b"changed")
    refused = liaison.get(f"/commitment-files/{file.id}")
    assert refused.status_code == 409
    assert "与上传时不一致" in refused.text


def test_page_of_a_noticed_interview_says_that_its_slip_is_gone(story: Story, instance: Path) -> None:
    app, slip = make_app(story, instance), talking.named_slip(story, brought_to(story, "assigned"))
    talking.propose(story, slip)
    interview_id = story.newest(Interview).id
    story.move("leader", SLIP, slip.slip_id, "sign")
    story.move("leader", INTERVIEW, interview_id, "notice", planned_on=talking.today(story), **talking.NOTICE)
    leader = visit(app, story, "leader")
    assert "不再成立" not in leader.get(f"/interviews/{interview_id}").text
    story.move("leader", SLIP, slip.slip_id, "withdraw", reason="事实有误")
    page = leader.get(f"/interviews/{interview_id}").text
    assert "所依据的单据不再成立" in page
    assert "问责建议单已撤回：事实有误" in page
