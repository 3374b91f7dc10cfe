"""Small made-up districts, ordinary and awkward, as the rows that an edition is made of."""

import numpy as np
import pandas as pd

TEXTS = ["ungraded", "listed", "route", "protection"]


def district(
    seed: int, *, n: int = 60, towns: int = 5, industries: int = 6, giant: float = 0.0
) -> pd.DataFrame:
    """Return a small district; ``giant`` times the others together is what its plant has."""
    rng = np.random.default_rng(seed)
    land = np.round(np.exp(rng.normal(2.0, 1.0, n)), 2) + 0.5
    per_mu = np.exp(rng.normal(2.5, 0.8, n))
    rows = pd.DataFrame(
        {
            "enterprise_id": [f"E{i:04d}" for i in range(n)],
            "town": [f"T{k}" for k in rng.choice(towns, n, p=_skewed(towns))],
            "zone": np.where(rng.random(n) < 0.1, "Z1", ""),
            "industry": [f"{30 + k}" for k in rng.choice(industries, n, p=_skewed(industries))],
            "class": rng.choice(["A", "B", "C", "D", "none"], n, p=[0.1, 0.5, 0.2, 0.1, 0.1]),
            "is_protected": rng.random(n) < 0.1,
            "land_mu": land,
            "tax_wan": np.round(land * per_mu, 2),
            "value_added_wan": np.round(land * per_mu * rng.uniform(2, 5, n), 2),
            "employees": np.round(land * rng.uniform(1, 4, n)),
            "energy_tce": np.round(land * np.exp(rng.normal(2, 1, n)), 1),
            "revenue_wan": np.round(land * per_mu * rng.uniform(8, 15, n), 1),
            "rd_wan": np.where(rng.random(n) < 0.6, np.round(land * per_mu * 0.2, 1), 0.0),
            "carbon": rng.choice(["low/1", "medium/3", "high/5", "none/none"], n),
            "flow": "",
        }
    ).assign(**dict.fromkeys(TEXTS, ""))
    if giant:
        amounts = rows.columns[6:13]
        rows.loc[0, amounts] = (rows[amounts].sum() * giant).round(2).to_numpy()
    return _finished(rows)


def next_year(rows: pd.DataFrame, seed: int, *, moved: int = 3) -> pd.DataFrame:
    """Return the district a year later: some left, some came, one moved, land hardly changed."""
    rng = np.random.default_rng(seed + 1000)
    later = rows.copy()
    for name in ("tax_wan", "value_added_wan", "energy_tce", "revenue_wan"):
        later[name] = (later[name] * rng.normal(1.05, 0.1, len(later)).clip(0.5)).round(2)
    gone = rng.choice(len(later), moved, replace=False)
    new = district(seed + 77, n=moved).assign(
        enterprise_id=[f"N{seed}{i:03d}" for i in range(moved)]
    )
    later = pd.concat([later.drop(index=gone), new], ignore_index=True)
    later.loc[0, "land_mu"] += 1.0
    if later.loc[1, "town"] != "T0":
        later.loc[1, "town"] = "T0"
    here = later["enterprise_id"].isin(rows["enterprise_id"])
    return _finished(later.assign(flow=np.where(here, "stayed", "entered")))


def crafted() -> dict[str, pd.DataFrame]:
    """Return the awkward districts by name."""
    base = district(5, n=60)
    few = base.copy()
    few.loc[0, ["town", "zone"]] = ["T8", "Z8"]
    few.loc[1:2, ["town", "zone"]] = [["T9", "Z9"]] * 2
    few.loc[3:5, "town"] = "T7"
    partner = base.copy()  # a large one whose only company is tiny
    partner.loc[0:2, "town"] = "T9"
    partner.loc[1:2, ["land_mu", "tax_wan", "value_added_wan"]] *= 0.01
    plots = base.copy()  # round plots at the bound of their step, and one who sees both
    plots.loc[0:2, "town"] = "T9"
    plots.loc[0:2, "land_mu"] = [50.0, 50.0, 6.0]
    two = base.iloc[:20].copy()  # a class of two, each the largest of a figure, the rest known
    two["land_mu"] = [25.1, 25.2, *[1.0, 0.9, 1.1, 0.95] * 2, 9, 8, 8, 9, 7, 9, 8, 9, 8, 8]
    two["tax_wan"] = (two["land_mu"] * base["tax_per_mu_wan"].iloc[:20]).round(2)
    two["town"] = ["T0", "T1", *["T2"] * 8, *["T0"] * 5, *["T1"] * 5]
    two["industry"], two["class"] = ["41"] * 10 + ["30"] * 10, ["D"] * 2 + ["B"] * 18
    two = two.assign(zone="", is_protected=False)
    losses = base.copy()
    losses.loc[:15, "value_added_wan"] *= -1
    return {
        "a dominant plant": district(6, n=60, giant=3.0),
        "towns and zones of one, two, three": _finished(few),
        "a tiny partner": _finished(partner),
        "round plots beside a small one": _finished(plots),
        "a class of two large ones": _finished(two),
        "losses": _finished(losses),
        "one trade has one enterprise": _finished(
            base.assign(industry=base["industry"].mask(base.index == 0, "41"))
        ),
        "gaps in the figures": _finished(
            base.assign(
                energy_tce=base["energy_tce"].mask(base.index % 7 == 0),
                rd_wan=base["rd_wan"].mask(base.index % 5 == 0),
            )
        ),
    }


def one_survivor(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a year in which all but one enterprise were replaced."""
    new = district(99, n=len(rows) - 1).assign(
        enterprise_id=[f"X{i:04d}" for i in range(len(rows) - 1)], flow="entered"
    )
    return _finished(pd.concat([rows.iloc[:1].assign(flow="stayed"), new], ignore_index=True))


def late_report(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same year with one enterprise's figures corrected and one more reported."""
    own = rows.copy()
    own.loc[3, ["tax_wan", "value_added_wan"]] *= 1.4
    extra = district(123, n=1).assign(enterprise_id="LATE")
    return _finished(pd.concat([own, extra.assign(flow=own["flow"].iloc[0])], ignore_index=True))


def _finished(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.reset_index(drop=True)
    return rows.assign(tax_per_mu_wan=rows["tax_wan"] / rows["land_mu"])


def _skewed(n: int) -> np.ndarray:
    weights = 0.6 ** np.arange(n)
    return weights / weights.sum()
