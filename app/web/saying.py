"""What a person is told when a move is made."""

from flask import flash

from app.workflows import Attempt

WITHHELD = (
    "文字里的个人电话、证件号、反映人姓名已隐去（银行卡号、邮箱、QQ 和微信号也一样），"
    "另存到反映人联系方式，由督查室按规定查看。"
)


def say_done(made: Attempt, said: str, case_url: str = "") -> None:
    """Tell the person that the move is made, and that what tells who a citizen is was taken out of what they typed.

    `case_url` leads to the case from where it is not shown.
    """
    flash({"words": said, "url": case_url, "more": "看这一件问题"} if case_url else said, "done")  # type: ignore[arg-type]
    if made.withheld:
        flash(WITHHELD, "warn")
