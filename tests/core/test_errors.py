"""What is wrong with an input, said in one sentence."""

from app.core.errors import Invalid


def test_several_faults_are_one_sentence_with_one_full_stop() -> None:
    assert (
        str(Invalid({"lead": "请选择牵头单位。", "standard": "请填写验收标准。"})) == "请选择牵头单位；请填写验收标准。"
    )
    assert str(Invalid({"lead": "请选择牵头单位。"})) == "请选择牵头单位。"
    assert str(Invalid({"a": "缺甲", "b": "缺乙"})) == "缺甲；缺乙"
