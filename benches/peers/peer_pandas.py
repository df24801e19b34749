"""The analysis of domain.md in pandas: python peer_pandas.py FILE OUT_DIR [--corrected]

Read by pyarrow's parser into Arrow text columns, only those that are needed;
texts with few values become categories, whose values alone are parsed; check
digits are counted on distinct numbers in numpy.
"""

import json
import os
import pathlib
import sys

os.environ["OMP_NUM_THREADS"] = "2"
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.csv  # noqa: E402

TODAY = np.datetime64("2026-11-20", "D")
NEVER = np.iinfo(np.int32).min
EMIS, NHS, BORN, SEX = "EMIS Number", "NHS Number", "Date of Birth", "Gender"
CODE, DATE, USER = "SNOMED Code", "Date", "User Details' Full Name"
TERM_106 = "Enhanced review not indicated before granting access to own health record"


def read(source: str, columns: list[str] | None) -> pd.DataFrame:
    """Text columns; those with few values dictionary encoded while reading.

    pandas.read_csv(engine="pyarrow") is this without a choice of types, and
    would take the numbers for numbers.
    """
    with open(source, "rb") as file:
        names = pa.csv.read_csv(pa.BufferReader(file.readline())).column_names
    few = pa.dictionary(pa.int32(), pa.string())
    types = {name: few if name in (BORN, SEX, CODE, DATE, USER) else pa.string() for name in names}
    table = pa.csv.read_csv(
        source, convert_options=pa.csv.ConvertOptions(
            column_types=types, include_columns=columns or names, strings_can_be_null=False))
    return table.unify_dictionaries().to_pandas(types_mapper={pa.string(): pd.ArrowDtype(pa.string())}.get)


def days(texts: pd.Series) -> np.ndarray:
    """Days since 1970 of each text, NEVER where it is no day; one parse a value."""
    values = pd.Series(texts.cat.categories.astype("str"))
    day = pd.Series(pd.NaT, index=values.index, dtype="datetime64[s]")
    slashes = values.str.contains("/", regex=False)
    long = values.str.len() == 11
    # %Y alone could read 31-Oct-22 as the year 22: the length tells the forms apart.
    for which, form in ((slashes, "%d/%m/%Y"), (~slashes & long, "%d-%b-%Y"), (~slashes & ~long, "%d-%b-%y")):
        day[which] = pd.to_datetime(values[which], format=form, errors="coerce").astype("datetime64[s]")
    number = np.where(day.isna(), NEVER, day.to_numpy().astype("datetime64[D]").astype(np.int64)).astype(np.int32)
    codes = texts.cat.codes.to_numpy()
    return np.where(codes < 0, NEVER, number[codes]) if len(number) else np.full(len(texts), NEVER, np.int32)


def is_in(texts: pd.Series, value: str) -> np.ndarray:
    """Where a category has this value."""
    at = texts.cat.categories.get_indexer([value])[0]
    return texts.cat.codes.to_numpy() == at if at >= 0 else np.zeros(len(texts), bool)


def written(day: np.ndarray, form: str) -> np.ndarray:
    """Days as text, empty for NEVER; one text a day."""
    unique, at = np.unique(day, return_inverse=True)
    real = unique > NEVER
    text = np.full(len(unique), "", dtype=object)
    text[real] = pd.Series(unique[real].astype("datetime64[D]").astype("datetime64[s]")).dt.strftime(form)
    return text[at]


def main():
    corrected = "--corrected" in sys.argv
    source, out = [arg for arg in sys.argv[1:] if not arg.startswith("--")]
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    pa.set_cpu_count(2)
    events = read(source, None if corrected else [EMIS, NHS, BORN, SEX, CODE, DATE, USER])

    # One row for each way in which a patient is written: EMIS number and NHS number.
    emis_code, emis = pd.factorize(events[EMIS])
    nhs_code, nhs = pd.factorize(events[NHS])
    digits = pd.Series(nhs).str.replace(" ", "", regex=False)
    n = digits.where(digits.str.fullmatch("[0-9]{10}"), "0").astype("int64[pyarrow]").to_numpy()
    weighted = sum(n // 10**place % 10 * (place + 1) for place in range(1, 10))
    number_ok = ((11 - weighted % 11) % 11 == n % 10) & (n > 0)
    # The key: the number where it is valid, else the EMIS number as a negative one.
    valid = number_ok[nhs_code]
    key, patient = np.unique(np.where(valid, n[nhs_code], -1 - emis_code), return_inverse=True)
    size = len(key)

    day = days(events[DATE])
    day[day > TODAY.astype(int)] = NEVER
    born = days(events[BORN])
    latest = {}
    for name, code in (("d103", "1290331000000103"), ("d104", "1364731000000104"), ("d106", "1364751000000106")):
        which = is_in(events[CODE], code)
        latest[name] = np.full(size, NEVER, np.int32)
        np.maximum.at(latest[name], patient[which], day[which])
    d103, d104, d106 = latest["d103"], latest["d104"], latest["d106"]
    at = np.empty(size, np.int64)
    at[patient] = np.arange(len(events))
    birth = born[at]
    two_births = np.zeros(size, bool)
    other = (born != birth[patient]) & (born != NEVER)
    two_births[patient[other]] = True

    ymd = birth.astype("datetime64[D]")
    year, month = ymd.astype("datetime64[Y]"), ymd.astype("datetime64[M]")
    as_number = ((year.astype(int) + 1970) * 10000 + (month.astype(int) % 12 + 1) * 100
                 + (ymd - month).astype(int) + 1)
    age = np.where(birth == NEVER, 999, (20261120 - as_number) // 10000)
    labels = np.array(["not eligible", "declined", "same-day conflict", "blocked", "cleared", "no code"])
    status = np.select([age < 16, d103 > NEVER, (d104 == d106) & (d104 > NEVER), d104 > d106, d106 > d104],
                       [0, 1, 2, 3, 4], 5)
    # A 104 that nobody cancelled is shown for those who are not eligible, too.
    code_day = np.where(status == 1, d103, np.where(status == 4, d106, np.where(d104 >= d106, d104, NEVER)))
    people = pd.DataFrame({
        "NHS number": digits.where(number_ok, pd.Series(nhs)).array.take(nhs_code[at]),
        "EMIS number": emis.take(emis_code[at]),
        "Status": labels[status],
        "Code date": written(code_day, "%d-%b-%Y"),
    })
    people.to_csv(out / "patients.csv", index=False)

    # Date and user of each 104 as one number.
    which = is_in(events[CODE], "1364731000000104") & (day > NEVER)
    users = events[USER].cat.categories
    pair, entries = np.unique(day[which].astype(np.int64) * len(users) + events[USER].cat.codes.to_numpy()[which],
                              return_counts=True)
    clusters = pd.DataFrame({
        "day": np.datetime_as_string((pair // max(len(users), 1)).astype("datetime64[D]")),
        "user": np.asarray(users, dtype=object)[pair % max(len(users), 1)], "entries": entries})
    clusters = clusters[clusters["entries"] >= 10]
    clusters = clusters.sort_values(["entries", "day", "user"], ascending=[False, True, True])
    largest = clusters.head(10).to_numpy().tolist()

    by_status = np.bincount(status, minlength=6).tolist()
    counts = dict(zip(("not_eligible", "declined", "same_day_conflict", "blocked", "cleared", "no_code"), by_status))
    counts |= {"patients": size, "eligible": size - counts["not_eligible"]}
    blocked = status == 3
    band = pd.cut(age[blocked], [0, 24, 34, 44, 54, 64, 74, 998],
                  labels=["16-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75 and over"])
    sex = events[SEX].iloc[at[blocked]].reset_index(drop=True)
    bands = pd.DataFrame({"band": band, "sex": sex}).value_counts()
    first_nhs = people["NHS number"]
    answers = {
        "counts": counts,
        "rows": len(events),
        "clusters": {"count": len(clusters), "largest": largest},
        "blocked_by_age_and_sex": {f"{band} {sex}": int(n) for (band, sex), n in bands.items() if n},
        "nhs_numbers": {
            "valid": int((key > 0).sum()), "missing": int(((key < 0) & (first_nhs == "")).sum()),
            "wrong": int(((key < 0) & (first_nhs != "")).sum()),
            "two_birth_dates": int(((key > 0) & two_births).sum())},
    }

    if corrected:
        # Those with a number of their own: a decision names a patient by it.
        top = np.datetime64(largest[0][0], "D").astype(int) if largest else 0
        in_cluster = np.zeros(size, bool)
        if largest:
            in_cluster[patient[which & (day == top) & is_in(events[USER], largest[0][1])]] = True
        chosen = blocked & (key > 0) & ~two_births & (d104 == top) & in_cluster
        people.loc[chosen, ["NHS number"]].to_csv(out / "to-correct.csv", index=False)
        answers["to_correct"] = int(chosen.sum())
        new = events.iloc[at[chosen]].assign(**{
            "Code Term": TERM_106, CODE: "1364751000000106", DATE: "20-Nov-2026", "Date Added": "20-Nov-2026",
            "Associated Text": "", USER: "BENCH, Peer (Mrs)"})
        copy = pd.concat([events.astype({c: "str" for c in (BORN, SEX, CODE, DATE, USER)}), new])
        copy.to_csv(out / "corrected.csv", index=False, lineterminator="\r\n")

    (out / "answers.json").write_text(json.dumps(answers, sort_keys=True, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
