"""Rebuild the rendered pages in reports/examples: each brief once, all three languages."""

import shutil
import tempfile
from pathlib import Path

from fenghua import report

ROOT = Path(__file__).parents[1]
OUT = ROOT / "reports" / "examples"
# brief, language, what else: a period in the middle of the plan, the demo data.
PAGES = (
    ("plan_audit", "en", {}),
    ("gaps", "zh-Hans", {}),
    ("trajectories", "zh-Hant", {}),
    ("per_mu_efficiency", "en", {}),
    ("town_comparison", "zh-Hans", {}),
    ("town_brief", "zh-Hant", {"town": "330213001"}),
    ("lead_unit_brief", "en", {"lead_unit": "jingxin"}),
)


def main() -> None:
    """Build each page into a temporary folder and keep its one file."""
    OUT.mkdir(parents=True, exist_ok=True)
    for name, lang, chosen in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            code = report.report(
                as_of="2023-06",
                briefs=[name],
                langs=[lang],
                data=ROOT / "data" / "raw",
                actuals=ROOT / "data" / "raw" / "demo",
                notebooks=ROOT / "notebooks",
                out=folder,
                **chosen,
            )
            if code:
                raise SystemExit(code)
            (page,) = Path(folder).glob(f"2023-06/{lang}/public/*.html")
            shutil.copyfile(page, OUT / f"{page.stem}.{lang}.html")


if __name__ == "__main__":
    main()
