"""The analysis of domain.md in polars: python peer_polars.py FILE OUT_DIR [--corrected]

A lazy scan of text columns, of which only the needed ones are read; dates are
parsed and check digits are counted on distinct values; the streaming engine.
"""

import datetime
import json
import os
import pathlib
import sys

os.environ["POLARS_MAX_THREADS"] = "2"
import polars as pl  # noqa: E402

TODAY = datetime.date(2026, 11, 20)
EMIS, NHS, BORN, SEX = "EMIS Number", "NHS Number", "Date of Birth", "Gender"
CODE, DATE, USER = "SNOMED Code", "Date", "User Details' Full Name"
TERM_106 = "Enhanced review not indicated before granting access to own health record"


def days(strings: pl.LazyFrame, column: str, name: str) -> pl.LazyFrame:
    """Each distinct text of a column with the day that it means."""
    text = pl.col(column)
    # %Y alone would read 31-Oct-22 as the year 22: the length tells the forms apart.
    day = (pl.when(text.str.contains("/", literal=True)).then(text.str.to_date("%d/%m/%Y", strict=False))
           .when(text.str.len_bytes() == 11).then(text.str.to_date("%d-%b-%Y", strict=False))
           .otherwise(text.str.to_date("%d-%b-%y", strict=False)))
    return strings.select(column).unique().with_columns(day.alias(name))


def main():
    corrected = "--corrected" in sys.argv
    source, out = [arg for arg in sys.argv[1:] if not arg.startswith("--")]
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    scan = pl.scan_csv(source, infer_schema=False)
    events = scan.select(EMIS, NHS, BORN, SEX, CODE, DATE, USER).collect(engine="streaming")
    rows = events.height

    lazy = events.lazy()
    dates = days(lazy, DATE, "day").filter(pl.col("day") <= TODAY).collect()
    births = days(lazy, BORN, "born").collect()
    latest = [pl.col("day").filter(pl.col(CODE) == code).max().alias(name) for name, code in
              (("d103", "1290331000000103"), ("d104", "1364731000000104"), ("d106", "1364751000000106"))]
    digits = pl.col(NHS).str.replace_all(" ", "", literal=True)
    n = pl.when(pl.col("digits").str.len_bytes() == 10).then(pl.col("digits").cast(pl.Int64, strict=False))
    weighted = sum(pl.col("n") // 10**place % 10 * (place + 1) for place in range(1, 10))
    valid = ((11 - weighted % 11) % 11 == pl.col("n") % 10).fill_null(False)
    first = lambda name: pl.col(name).first()  # noqa: E731
    people = (
        lazy.join(dates.lazy(), on=DATE, how="left")
        .group_by(EMIS, NHS, BORN, SEX).agg(latest)
        .join(births.lazy(), on=BORN, how="left")
        .with_columns(digits.alias("digits")).with_columns(n.alias("n")).with_columns(valid.alias("valid"))
        .with_columns(pl.when("valid").then("n").otherwise(0).alias("number"),
                      pl.when("valid").then(pl.lit("")).otherwise(EMIS).alias("other"),
                      pl.when("valid").then("digits").otherwise(NHS).alias("nhs"))
        .group_by("number", "other")
        .agg(first(EMIS), first("nhs"), first(SEX), first("valid"), pl.col("born").min(),
             (pl.col("born").min() != pl.col("born").max()).alias("two_births"),
             pl.col("d103").max(), pl.col("d104").max(), pl.col("d106").max())
    )
    born, d103, d104, d106 = (pl.col(c) for c in ("born", "d103", "d104", "d106"))
    # Whole years: the dates as yyyymmdd.
    age = (20261120 - (born.dt.year() * 10000 + born.dt.month().cast(pl.Int32) * 100 + born.dt.day())) // 10000
    status = (pl.when(pl.col("age") < 16).then(pl.lit("not eligible"))
              .when(d103.is_not_null()).then(pl.lit("declined"))
              .when(d104 == d106).then(pl.lit("same-day conflict"))
              .when((d104 > d106) | (d104.is_not_null() & d106.is_null())).then(pl.lit("blocked"))
              .when(d106.is_not_null()).then(pl.lit("cleared"))
              .otherwise(pl.lit("no code")))
    # A 104 that nobody cancelled is shown for those who are not eligible, too.
    code_day = (pl.when(pl.col("status") == "declined").then(d103)
                .when(pl.col("status") == "cleared").then(d106)
                .when(d106.is_null() | (d104 >= d106)).then(d104))
    people = (people.with_columns(age.alias("age")).with_columns(status.alias("status"))
              .with_columns(code_day.alias("code_day")).collect(engine="streaming"))
    clusters = (
        lazy.filter(pl.col(CODE) == "1364731000000104").group_by(DATE, USER).len()
        .join(dates.lazy(), on=DATE).group_by("day", USER).agg(pl.col("len").sum())
        .filter(pl.col("len") >= 10).collect()
    )
    people.select(pl.col("nhs").alias("NHS number"), pl.col(EMIS).alias("EMIS number"),
                  pl.col("status").alias("Status"), pl.col("code_day").alias("Code date")).write_csv(
        out / "patients.csv", date_format="%d-%b-%Y")

    by_status = dict(people["status"].value_counts().iter_rows())
    counts = {name.replace(" ", "_").replace("-", "_"): by_status.get(name, 0)
              for name in ("not eligible", "declined", "same-day conflict", "blocked", "cleared", "no code")}
    counts |= {"patients": people.height, "eligible": people.height - counts["not_eligible"]}
    largest = clusters.sort(["len", "day", USER], descending=[True, False, False]).head(10)
    band = pl.when(pl.col("age") < 25).then(pl.lit("16-24"))
    for last, label in ((34, "25-34"), (44, "35-44"), (54, "45-54"), (64, "55-64"), (74, "65-74")):
        band = band.when(pl.col("age") <= last).then(pl.lit(label))
    band = band.otherwise(pl.lit("75 and over"))
    bands = people.filter(pl.col("status") == "blocked").group_by(pl.concat_str(band, pl.lit(" "), SEX)).len()
    numbers = people.select(
        valid=pl.col("valid").sum(),
        missing=pl.col("nhs").is_null().sum(),
        wrong=(~pl.col("valid") & pl.col("nhs").is_not_null()).sum(),
        two_birth_dates=(pl.col("valid") & pl.col("two_births")).sum(),
    ).row(0, named=True)
    answers = {
        "counts": counts,
        "rows": rows,
        "clusters": {"count": clusters.height, "largest": [[str(d), u, n] for d, u, n in largest.iter_rows()]},
        "blocked_by_age_and_sex": dict(bands.iter_rows()),
        "nhs_numbers": numbers,
    }

    if corrected:
        # Those with a number of their own: a decision names a patient by it.
        day, user, _ = largest.row(0) if largest.height else (None, None, None)
        written = dates.filter(pl.col("day") == day)[DATE].implode()
        in_cluster = events.filter((pl.col(CODE) == "1364731000000104") & pl.col(DATE).is_in(written)
                                   & (pl.col(USER) == user)).select(EMIS)
        correct = people.filter((pl.col("status") == "blocked") & pl.col("valid")
                                & ~pl.col("two_births").fill_null(False) & (d104 == day)
                                ).join(in_cluster, on=EMIS, how="semi").select("nhs", EMIS)
        correct.select(pl.col("nhs").alias("NHS number")).write_csv(out / "to-correct.csv")
        answers["to_correct"] = correct.height
        new = (scan.join(correct.lazy(), on=EMIS, how="semi").unique(EMIS, keep="any")
               .with_columns(pl.lit(TERM_106).alias("Code Term"), pl.lit("1364751000000106").alias(CODE),
                             pl.lit("20-Nov-2026").alias(DATE), pl.lit("20-Nov-2026").alias("Date Added"),
                             pl.lit(None, pl.String).alias("Associated Text"), pl.lit("BENCH, Peer (Mrs)").alias(USER)))
        del events, lazy
        pl.concat([scan, new]).sink_csv(out / "corrected.csv", line_terminator="\r\n", engine="streaming")

    (out / "answers.json").write_text(json.dumps(answers, sort_keys=True, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
