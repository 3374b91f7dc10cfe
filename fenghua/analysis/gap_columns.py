"""The columns of the gap table, in groups.

Answers: which columns `gap.assess` returns, in which order. Refuses: to say how one prints.
"""

from typing import Final

from fenghua.analysis import effort, verdict
from fenghua.analysis.effort import METHODS

IDENTITY: Final = (
    "indicator_id",
    "scope",
    "block",
    "kind",
    "direction",
    "unit",
    "lead_unit_ids",
    "clause",
)
TARGETS: Final = (
    "next_target_year",
    "next_target_value",
    "end_target_year",
    "end_target_value",
    "time_share",
    "milestone_year",
    "next_target_other",
    "end_target_other",
)
OBSERVED: Final = ("observed_at", "reported_value", "previous_value", "age_months")
MEASURES: Final = (
    "value",
    "path_value",
    "gap_to_path",
    "gap_to_next",
    "gap_to_end",
    "attainment_next",
    "attainment_end",
    "equivalent_years",
    "schedule_index",
    "effort_factor",
    "required_rate",
    "achieved_rate",
    "effort_target_year",
    "remaining_to_next",
    "remaining_to_end",
    *verdict.FLIPS,
    "flip_margin",
    "effort_end",
    "required_end",
    "attainment_next_other",
    "attainment_end_other",
    *effort.ROOM,
)
NUMBERS: Final = ("base_year", "base_value", *TARGETS, *OBSERVED, *MEASURES)
TEXTS: Final = (
    "area_code",
    "as_of",
    "base_printed",
    "period",
    "observation_status",
    "required_rate_unit",
    "status",
    "reason",
    "milestone_verdict",
    "milestone_reason",
    "flags",
    "evidence_grade",
)

COLUMNS: Final = (
    *IDENTITY,
    *TEXTS,
    *NUMBERS,
    *METHODS,
    "n_observations",
    "is_indicative",
    "missing_reasons",
)
