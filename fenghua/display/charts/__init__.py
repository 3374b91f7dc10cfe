"""Charts by subject: frames in, Axes out; every figure they draw was computed upstream."""

from fenghua.display.charts.paths import schedule_index, schedule_shape, trajectory

__all__ = ["schedule_index", "schedule_shape", "trajectory"]
