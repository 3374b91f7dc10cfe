"""Charts by subject: frames in, Axes out; every figure they draw was computed upstream."""

from fenghua.display.charts.efficiency import (
    concentration,
    distribution,
    release,
    scatter,
    waterfall,
)
from fenghua.display.charts.paths import schedule_shape, trajectory

__all__ = [
    "concentration",
    "distribution",
    "release",
    "scatter",
    "schedule_shape",
    "trajectory",
    "waterfall",
]
