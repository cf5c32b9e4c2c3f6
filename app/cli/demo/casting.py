"""Casting: which problem meets which fate, and when; chance from the seed, with weak and strong units."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random

from app.cli.demo import desks, fates, handing
from app.cli.demo.county import Problem
from app.cli.demo.life import Life
from app.cli.demo.stage import Stage
from app.core.clock import Moment

Begin = Callable[[Life], Iterator[Moment]]
ANY = ("immediate", "limited", "staged")
PLANNED = ("limited", "staged")
LONG = ("long_term",)
LEAD_TIME = {"immediate": (3, 5), "limited": (13, 18), "staged": (22, 30), "long_term": (20, 26)}
EARLIEST = 5  # a case with a life before it is logged at least so many working days before the last
STRENGTHS = (0.25, 0.5, 1.0, 1.0, 2.0, 4.0)


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to `count` problems of some classes.

    `due` says how many working days before the last day the deadline lies (negative: after it); `is_bad` fates meet weak
    units first; `logged` gives the working days before the last day on which it is logged, where no deadline is meant;
    `units` lead it if they have a fitting problem left.
    """

    count: int
    begin: Begin
    due: tuple[int, int] = (0, 0)
    classes: tuple[str, ...] = ANY
    is_bad: bool = False
    slow: float = 0.05
    logged: tuple[int, int] | None = None
    units: tuple[str, ...] = ()


SHOWN = ("县住房和城乡建设局",)
LED = ("青石镇", "城关镇", "县住房和城乡建设局", "云岭县城市建设投资有限公司", "县工业和信息化局")
TWO_ROLES = ("县乡村振兴服务中心",)
FATES = (
    # what the printed accounts have to try: the own unit's case to verify, receipt and plan, a termination to sign
    Fate(1, desks.to_verify, (0, 1), ANY, units=TWO_ROLES),
    Fate(1, desks.to_sign, (-14, -9), logged=(2, 2), units=SHOWN),
    Fate(1, desks.to_plan, (-14, -8), PLANNED, logged=(3, 5), units=SHOWN),
    Fate(1, desks.to_approve_plan, (-14, -8), PLANNED, logged=(4, 5), units=SHOWN),
    Fate(1, fates.left_alone, (3, 6), ANY, units=SHOWN),
    Fate(1, partial(fates.given_up, is_signed=False), (10, 20), PLANNED, units=LED),
    # long-term cases first: there are few problems of that class
    Fate(1, desks.to_make_long_term, (-8, -4), LONG),
    Fate(1, partial(desks.kept_up, review_in=-3), (22, 26), LONG, is_bad=True),
    Fate(3, partial(desks.kept_up, review_in=18), (18, 26), LONG),
    # what went wrong: overdue now
    Fate(5, fates.left_alone, (2, 22), ANY, is_bad=True, slow=0.5),
    Fate(2, fates.half_done, (1, 9), PLANNED, is_bad=True),
    Fate(2, fates.never_planned, (1, 8), PLANNED, is_bad=True, slow=0.9),
    Fate(2, fates.refused_more_time, (2, 9), PLANNED, is_bad=True),
    Fate(2, fates.returned, (3, 8), ANY, is_bad=True),
    Fate(1, partial(fates.returned, is_false=True), (3, 6), ANY, is_bad=True),
    Fate(3, partial(fates.back_again, is_decided=True), (26, 38), ANY, is_bad=True),
    Fate(2, partial(fates.given_up, is_signed=True), (18, 26), PLANNED, is_bad=True),
    Fate(1, partial(fates.given_up, is_signed=False), (10, 20), PLANNED, is_bad=True),
    # solved, one way or another
    Fate(8, fates.solved_late, (18, 46), ANY, is_bad=True, slow=0.5),
    Fate(5, fates.solved_at_second_try, (18, 46), ANY, is_bad=True, slow=0.2),
    Fate(2, fates.solved_after_a_lie, (20, 40), ANY, is_bad=True),
    Fate(5, fates.solved_with_more_time, (26, 46), PLANNED),
    Fate(3, fates.solved_elsewhere, (30, 46), ANY),
    Fate(2, fates.solved_after_argument, (16, 42), ANY),
    Fate(4, fates.solved_publicly, (18, 46), ANY),
    Fate(1, partial(fates.back_again, is_decided=False), (20, 40), ANY),
    Fate(32, fates.solved, (12, 50), ANY, slow=0.08),
    # on the way, and on somebody's desk
    Fate(7, desks.at_work, (-3, -1), PLANNED),
    Fate(8, desks.at_work, (-22, -5), PLANNED),
    Fate(3, desks.to_decide_extension, (-2, 0), PLANNED),
    Fate(1, partial(desks.to_decide_extension, is_draft=True), (-2, -1), PLANNED),
    Fate(4, desks.to_verify, (0, 3), ANY),
    Fate(2, partial(desks.to_verify, least=7, most=8), (5, 8), ANY),
    Fate(5, desks.to_accept, (-2, 3), PLANNED),
    Fate(2, desks.to_close, (0, 4), PLANNED),
    Fate(2, partial(desks.to_close, is_public=True), (0, 4), PLANNED),
    Fate(4, desks.to_admit, logged=(0, 2)),
    Fate(4, desks.to_assign, logged=(1, 3)),
    Fate(4, desks.to_sign, (-14, -9), logged=(2, 2)),
    Fate(2, desks.to_sign, (-10, -6), is_bad=True, logged=(6, 8)),
    Fate(2, desks.to_take_back, (-14, -9), logged=(2, 3)),
    Fate(2, desks.to_plan, (-14, -8), PLANNED, logged=(3, 6)),
    Fate(1, desks.to_approve_plan, (-14, -8), PLANNED, logged=(4, 6)),
    Fate(3, desks.to_pass_plan, (-14, -8), PLANNED, logged=(4, 6)),
    Fate(1, desks.to_mend_plan, (-14, -8), PLANNED, logged=(5, 6)),
    # ended otherwise
    Fate(4, fates.rejected, logged=(5, 50)),
    Fate(1, partial(fates.mistaken, is_signed=True), logged=(10, 40)),
    Fate(1, partial(fates.mistaken, is_signed=False), logged=(5, 6)),
)
REPEATED = 5
# the town that is an authority: what becomes of the cases whose parts it hands down, and of those it has itself
HANDED = ((handing.closed_below, (5, 8)), (handing.open_below, (-6, -3)))
BELOW = (
    Fate(1, desks.at_work, (-8, -5)),
    Fate(1, fates.left_alone, (3, 5)),
    Fate(1, fates.solved, (12, 20)),
    Fate(1, desks.to_verify, (0, 2)),
    Fate(1, desks.to_admit, logged=(0, 1)),
)


@dataclass(slots=True)
class Role:
    """A life with its fate and the moment it begins."""

    life: Life
    fate: Begin
    begins: Moment


def cast(stage: Stage, seed: int, cases: int) -> list[Role]:
    """Return about as many roles as cases are wanted, the same for the same seed and days.

    Each fate is met at least once, unless fewer cases are wanted than there are fates.
    """
    chance = Random(f"{seed}/{stage.last_day}")  # noqa: S311 - a story, no secret
    left = list(stage.place.county.problems)
    chance.shuffle(left)
    strength = {unit.name: chance.choice(STRENGTHS) for unit in stage.place.county.units}
    planned = sum(fate.count for fate in FATES) + REPEATED
    roles = list(_of_town(stage, left, seed))
    for fate in FATES:
        for _ in range(max(1, round(fate.count * cases / planned))):
            fitting = [problem for problem in left if problem.rect_class in fate.classes]
            led = [problem for problem in fitting if problem.lead in fate.units]
            if not fitting:
                break
            problem = _choose(chance, led or fitting, strength, is_bad=fate.is_bad)
            left.remove(problem)
            roles.append(_role(stage, fate, problem, seed))
    if cases < len(FATES):
        return chance.sample(roles, cases)
    return roles + _repeats(stage, chance, roles, max(1, round(REPEATED * cases / planned)))


def _choose(chance: Random, fitting: list[Problem], strength: dict[str, float], *, is_bad: bool) -> Problem:
    weights = [1 / strength[problem.lead] if is_bad else strength[problem.lead] for problem in fitting]
    return chance.choices(fitting, weights)[0]


def _of_town(stage: Stage, left: list[Problem], seed: int) -> Iterator[Role]:
    """Yield the cases of a town that is an authority: those whose part it hands down, taken from `left`, and its own."""
    below = stage.place.county.below
    for problem, (begin, due) in zip((p for p in below if p.above), HANDED, strict=True):
        parent = next(other for other in left if other.title == problem.above)
        left.remove(parent)
        yield _role(stage, Fate(1, partial(begin, below=problem), due, slow=0), parent, seed)
    for problem, fate in zip((p for p in below if not p.above), BELOW, strict=True):
        yield _role(stage, fate, problem, seed)


def _role(stage: Stage, fate: Fate, problem: Problem, seed: int) -> Role:
    life = Life(stage, problem, f"{seed}/{stage.last_day}/{problem.title}")
    total = stage.calendar.count_working(stage.first_day, stage.last_day) - 1
    low, high = LEAD_TIME[problem.rect_class]
    due = min(life.chance.randint(*fate.due), total - low)
    begins = life.chance.randint(*fate.logged) if fate.logged else due + life.chance.randint(low, high)
    begins = max(begins, 0 if fate.logged else EARLIEST)
    life.due_on = stage.back(due)
    life.is_slow = life.chance.random() < fate.slow
    return Role(life, fate.begin, _morning(life, min(begins, total)))


def _morning(life: Life, back: int) -> Moment:
    return Moment.on(life.stage.back(back), life.chance.randint(8, 9), life.chance.randint(35, 59))


def _repeats(stage: Stage, chance: Random, roles: list[Role], count: int) -> list[Role]:
    """Let some problems be reported twice: a second life that is merged into the first."""
    solved = [role for role in roles if role.fate is fates.solved]
    found = []
    for number, role in enumerate(chance.sample(solved, min(count, len(solved)))):
        again = Life(stage, role.life.problem, f"{chance.random()}/again")
        begin = partial(desks.repeated, first=role.life, is_undone=number == 1)
        found.append(Role(again, begin, role.begins))
    return found
