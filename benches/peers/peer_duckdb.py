"""The analysis of domain.md in DuckDB: python peer_duckdb.py FILE OUT_DIR [--corrected]

Text columns are read as text, only those that are needed; dates are parsed and
check digits are counted on distinct values; everything else is SQL.
"""

import json
import pathlib
import sys

import duckdb

TODAY = "2026-11-20"
NAMES = {
    "emis": "EMIS Number", "nhs": "NHS Number", "name": "Full Name", "dob": "Date of Birth", "age": "Age",
    "sex": "Gender", "registered": "Date of Registration", "gp": "Usual GP's Full Name", "term": "Code Term",
    "code": "SNOMED Code", "date": "Date", "added": "Date Added", "note": "Associated Text",
    "user": "User Details' Full Name",
}
TERM_106 = "Enhanced review not indicated before granting access to own health record"

# %Y alone would read 31-Oct-22 as the year 22: the length tells the forms apart.
DAY = """(CASE WHEN {0}[3] = '/' THEN try_strptime({0}, '%d/%m/%Y')
               WHEN length({0}) = 11 THEN try_strptime({0}, '%d-%b-%Y')
               ELSE try_strptime({0}, '%d-%b-%y') END)::DATE"""
CHECK = "(11 - ({}) % 11) % 11".format(
    " + ".join(f"(n // {10 ** place}) % 10 * {place + 1}" for place in range(1, 10)))


def main():
    corrected = "--corrected" in sys.argv
    source, out = [arg for arg in sys.argv[1:] if not arg.startswith("--")]
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    db = duckdb.connect()
    db.execute("SET threads = 2")
    columns = {name: "VARCHAR" for name in NAMES}
    read = (f"read_csv($${source}$$, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
            f"columns = {columns})")

    # The order of rows is of no use to the figures, only to the copy.
    db.execute("SET preserve_insertion_order = false")
    db.execute(f'CREATE TEMP TABLE events AS SELECT emis, nhs, dob, sex, code, date, "user" FROM {read}')
    db.execute(f"""
        CREATE TEMP TABLE days AS SELECT date, {DAY.format('date')} AS day FROM (SELECT DISTINCT date FROM events);
        CREATE TEMP TABLE births AS SELECT dob, {DAY.format('dob')} AS born FROM (SELECT DISTINCT dob FROM events);
        CREATE TEMP TABLE people AS
        WITH named AS (
            SELECT emis, nhs, dob, sex,
                   max(day) FILTER (code = '1290331000000103') AS d103,
                   max(day) FILTER (code = '1364731000000104') AS d104,
                   max(day) FILTER (code = '1364751000000106') AS d106
            FROM events LEFT JOIN (SELECT * FROM days WHERE day <= DATE '{TODAY}') USING (date)
            GROUP BY ALL
        ), numbered AS (
            SELECT *, replace(nhs, ' ', '') AS digits,
                   CASE WHEN length(digits) = 10 THEN try_cast(digits AS BIGINT) END AS n,
                   coalesce({CHECK} = n % 10, false) AS valid,
                   CASE WHEN valid THEN n ELSE 0 END AS number, CASE WHEN valid THEN '' ELSE emis END AS other
            FROM named LEFT JOIN births USING (dob)
        ), keyed AS (
            SELECT number > 0 AS valid, number, other,
                   min(emis) AS emis, coalesce(min(CASE WHEN valid THEN digits ELSE nhs END), '') AS nhs,
                   min(sex) AS sex, min(born) AS born, min(born) <> max(born) AS two_births,
                   max(d103) AS d103, max(d104) AS d104, max(d106) AS d106
            FROM numbered GROUP BY number, other
        )
        SELECT *, date_sub('year', born, DATE '{TODAY}') AS age,
               CASE WHEN age < 16 THEN 'not eligible'
                    WHEN d103 IS NOT NULL THEN 'declined'
                    WHEN d104 = d106 THEN 'same-day conflict'
                    WHEN d104 > d106 OR (d104 IS NOT NULL AND d106 IS NULL) THEN 'blocked'
                    WHEN d106 IS NOT NULL THEN 'cleared'
                    ELSE 'no code' END AS status,
               -- A 104 that nobody cancelled is shown for those who are not eligible, too.
               CASE status WHEN 'declined' THEN d103
                           WHEN 'cleared' THEN d106
                           ELSE CASE WHEN d106 IS NULL OR d104 >= d106 THEN d104 END END AS code_day
        FROM keyed;
        CREATE TEMP TABLE clusters AS
        SELECT day, "user", sum(n)::BIGINT AS entries
        FROM (SELECT date, "user", count(*) AS n FROM events WHERE code = '1364731000000104' GROUP BY ALL)
             JOIN days USING (date)
        WHERE day <= DATE '{TODAY}'
        GROUP BY ALL HAVING sum(n) >= 10;
    """)
    db.execute(f"""COPY (SELECT nullif(nhs, '') AS "NHS number", emis AS "EMIS number", status AS "Status",
                         strftime(code_day, '%d-%b-%Y') AS "Code date" FROM people)
                   TO $${out / 'patients.csv'}$$ (HEADER, DELIMITER ',')""")

    status = dict(db.execute("SELECT status, count(*) FROM people GROUP BY ALL").fetchall())
    total = sum(status.values())
    counts = {name.replace(" ", "_").replace("-", "_"): status.get(name, 0)
              for name in ("not eligible", "declined", "same-day conflict", "blocked", "cleared", "no code")}
    counts |= {"patients": total, "eligible": total - counts["not_eligible"]}
    largest = db.execute('SELECT strftime(day, \'%Y-%m-%d\'), "user", entries FROM clusters '
                         'ORDER BY entries DESC, day, "user" LIMIT 10').fetchall()
    bands = db.execute("""
        SELECT CASE WHEN age < 25 THEN '16-24' WHEN age < 35 THEN '25-34' WHEN age < 45 THEN '35-44'
                    WHEN age < 55 THEN '45-54' WHEN age < 65 THEN '55-64' WHEN age < 75 THEN '65-74'
                    ELSE '75 and over' END || ' ' || sex, count(*)
        FROM people WHERE status = 'blocked' GROUP BY ALL""").fetchall()
    valid, missing, wrong, twice = db.execute("""
        SELECT count(*) FILTER (valid), count(*) FILTER (NOT valid AND nhs = ''),
               count(*) FILTER (NOT valid AND nhs <> ''), count(*) FILTER (valid AND two_births)
        FROM people""").fetchone()
    answers = {
        "counts": counts,
        "rows": db.execute("SELECT count(*) FROM events").fetchone()[0],
        "clusters": {"count": db.execute("SELECT count(*) FROM clusters").fetchone()[0],
                     "largest": [list(row) for row in largest]},
        "blocked_by_age_and_sex": dict(bands),
        "nhs_numbers": {"valid": valid, "missing": missing, "wrong": wrong, "two_birth_dates": twice},
    }

    if corrected:
        # Those with a number of their own: a decision names a patient by it.
        day, user, _ = largest[0] if largest else ("1900-01-01", "", 0)
        db.execute(f"""
            CREATE TEMP TABLE correct AS
            SELECT nhs, emis FROM people
            WHERE status = 'blocked' AND valid AND NOT coalesce(two_births, false) AND d104 = DATE '{day}'
              AND emis IN (SELECT emis FROM events JOIN days USING (date)
                           WHERE code = '1364731000000104' AND day = DATE '{day}' AND "user" = $user)
            """, {"user": user})
        db.execute(f"""COPY (SELECT nhs AS "NHS number" FROM correct) TO $${out / 'to-correct.csv'}$$ (HEADER)""")
        answers["to_correct"] = db.execute("SELECT count(*) FROM correct").fetchone()[0]
        new = {"term": f"'{TERM_106}'", "code": "'1364751000000106'", "date": "'20-Nov-2026'",
               "added": "'20-Nov-2026'", "note": "NULL", "user": "'BENCH, Peer (Mrs)'"}
        cells = ", ".join(f'{new[name]} AS "{name}"' if name in new else f'any_value("{name}") AS "{name}"'
                          for name in NAMES if name != "emis")
        header = ", ".join(f'"{name}" AS "{caption}"' for name, caption in NAMES.items())
        order = ", ".join(f'"{name}"' for name in NAMES)
        db.execute(f"""CREATE TEMP TABLE new AS SELECT emis, {cells} FROM {read} SEMI JOIN correct USING (emis)
                       GROUP BY emis""")
        db.execute("SET preserve_insertion_order = true")
        db.execute(f"""
            COPY (SELECT {header} FROM (SELECT {order} FROM {read} UNION ALL SELECT {order} FROM new))
            TO $${out / 'corrected.csv'}$$ (HEADER, DELIMITER ',')""")

    (out / "answers.json").write_text(json.dumps(answers, sort_keys=True, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
