"""Charts by subject: frames in, Axes out; every figure they draw was computed upstream."""

from fenghua.display.charts.paths import schedule_shape, trajectory
from fenghua.display.charts.towns import (
    attainment,
    choice_effects,
    grade_land,
    rank_history,
    rank_intervals,
)

__all__ = [
    "attainment",
    "choice_effects",
    "grade_land",
    "rank_history",
    "rank_intervals",
    "schedule_shape",
    "trajectory",
]
