"""Workflows as pages: the table, the state × role matrix and a diagram of each, written from the tables themselves."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.people import Role
from app.workflows.engine import NEW, STAYS, Transition, Workflow

NEW_WORD = "新建"
FOLLOWS = "随其他办理"
MARK = "<!-- Written by `flask docs` from the transition tables: change the table, then run it again. -->"


def draw_workflow(workflow: Workflow) -> str:
    """Return the page of one workflow as Markdown."""
    parts = (
        [f"# {workflow.label}（`{workflow.name}`）", "", MARK, ""],
        ["## 状态", "", *_table(("状态", "标识"), _states(workflow)), ""],
        ["## 办理事项", "", *_table(HEADS, (_row(workflow, row) for row in workflow.transitions)), ""],
        ["## 状态 × 角色", "", "每格列出该角色在该状态下可以发起的办理；条件见上表。", "", *_matrix(workflow), ""],
        ["## 条件", "", *_conditions(workflow), ""],
        ["## 图", "", "```mermaid", *_diagram(workflow), "```", ""],
    )
    return "\n".join(line for part in parts for line in part)


def draw_index(workflows: Mapping[str, Workflow]) -> str:
    """Return the page that lists the workflows."""
    rows = [
        (f"[{flow.label}]({name}.md)", f"`{name}`", str(len(flow.states)), str(len(flow.transitions)))
        for name, flow in sorted(workflows.items())
    ]
    return "\n".join(["# 办理流程", "", MARK, "", *_table(("流程", "标识", "状态数", "办理事项数"), rows), ""])


HEADS = ("办理", "标识", "从", "到", "角色", "填写（* 必填）", "条件")


def _row(workflow: Workflow, row: Transition) -> tuple[str, ...]:
    needs = "、".join(need.label + ("*" if need.required else "") for need in row.needs)
    conditions = [f"`{name_of(guard)}`" for guard in row.guards]
    conditions += [f"`{name_of(row.when)}`"] if row.when else []
    return (
        row.label,
        f"`{row.name}`",
        "、".join(_word(workflow, state) for state in row.source),
        "（不变）" if row.dest == STAYS else _word(workflow, row.dest),
        "、".join(role.label for role in row.roles) or FOLLOWS,
        needs or "—",
        "、".join(conditions) or "—",
    )


def _states(workflow: Workflow) -> Iterator[tuple[str, ...]]:
    return ((word, f"`{state}`") for state, word in workflow.states.items())


def _matrix(workflow: Workflow) -> list[str]:
    roles = [role for role in Role if any(role in row.roles for row in workflow.transitions)]
    rows = []
    for state in (NEW, *workflow.states):
        cells = ["、".join(_moves(workflow, state, role)) or "—" for role in roles]
        if state != NEW or any(cell != "—" for cell in cells):
            rows.append((_word(workflow, state), *cells))
    return _table(("", *(role.label for role in roles)), rows)


def _moves(workflow: Workflow, state: str, role: Role) -> list[str]:
    labels = [row.label for row in workflow.transitions if state in row.source and role in row.roles]
    return list(dict.fromkeys(labels))


def _conditions(workflow: Workflow) -> list[str]:
    """Say what each guard and each choice between rows of one name asks, in the words of the code."""
    asked: dict[str, str] = {}
    for row in workflow.transitions:
        for condition in (*row.guards, *((row.when,) if row.when else ())):
            asked.setdefault(name_of(condition), (condition.__doc__ or "").strip().split("\n")[0])
    asked |= {"otherwise": "In every other case."} if "otherwise" in asked else {}
    return [f"* `{name}` — {said}" if said else f"* `{name}`" for name, said in sorted(asked.items())] or ["无。"]


def _diagram(workflow: Workflow) -> Iterator[str]:
    yield "stateDiagram-v2"
    for state, word in workflow.states.items():
        yield f'  state "{word}" as {state}'
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in workflow.transitions:
        for source in row.source:
            labels = arrows.setdefault((source, source if row.dest == STAYS else row.dest), [])
            if row.label not in labels:
                labels.append(row.label)
    for (source, dest), labels in arrows.items():
        yield f"  {'[*]' if source == NEW else source} --> {dest} : {'、'.join(labels)}"
    left = {source for source, dest in arrows if source != dest}
    for state in workflow.states:
        if state not in left:
            yield f"  {state} --> [*]"


def _word(workflow: Workflow, state: str) -> str:
    return NEW_WORD if state == NEW else workflow.states[state]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(cell.replace('|', '／') for cell in line)} |" for line in lines]


def name_of(condition: Callable[..., Any]) -> str:
    """Return the name a condition goes by in the code; one made by a function goes by that function's name."""
    qualified: str = getattr(condition, "__qualname__", type(condition).__name__)
    made_by, _, _ = qualified.partition(".<locals>")
    return "otherwise" if made_by == "<lambda>" else made_by
