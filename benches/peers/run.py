"""Measures record-access-review beside DuckDB, polars and pandas, and checks that
all give the same answers: python benches/peers/run.py --help

Exit: 0 all agree; 1 something differs or failed; 2 wrong arguments.
"""

import argparse
import csv
import datetime
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get(
    "RECORD_ACCESS_REVIEW_PEERS", pathlib.Path.home() / ".cache" / "record-access-review" / "peers"))
PACKAGES = ["duckdb==2.0.1", "polars==2.1.0", "pandas==3.1.1", "pyarrow==26.0.1"]
PEERS = ("duckdb", "polars", "pandas")
# Peak memory by the size of the file, measured: (without, with) the corrected copy.
MEMORY = {"duckdb": (1.0, 2.0), "polars": (1.5, 2.0), "pandas": (2.5, 5.0)}
TODAY = "2026-11-20"
REVIEWER = "BENCH, Peer (Mrs)"
PROGRAM, COUNT, CAT = "record-access-review", "wc -l", "cat >/dev/null"

# A process that is nothing but a stop-watch: on Linux the peak memory of a child
# begins with that of the process which starts it, so this one must be small.
LAUNCHER = """
import os, sys, time
null, log = os.open(os.devnull, os.O_RDWR), os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
files = [(os.POSIX_SPAWN_DUP2, fd, to) for fd, to in ((null, 0), (null, 1), (log, 2))]
start = time.perf_counter()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ, file_actions=files)
status, usage = os.wait4(child, 0)[1:]
print(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6,
      os.waitstatus_to_exitcode(status))
"""


class Failed(Exception):
    """A tool failed, or answers differ."""


def say(text: str):
    print(text, file=sys.stderr, flush=True)


def python() -> pathlib.Path:
    """The Python of the virtual environment, made if it is not there."""
    home = CACHE / "venv"
    binary, stamp = home / "bin" / "python", home / "packages.txt"
    wanted = " ".join(PACKAGES)
    if not (binary.exists() and stamp.exists() and stamp.read_text() == wanted):
        say(f"installing {wanted} in {home}")
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([binary, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES],
                       check=True)
        stamp.write_text(wanted)
    return binary


def make(size: int, args) -> pathlib.Path:
    """The file of a size, made if it is not there."""
    args.data.mkdir(parents=True, exist_ok=True)
    path = args.data / f"{'shuffled' if args.shuffle else 'events'}-{size}.csv"
    if not path.exists() or (args.remake and path not in args.made):
        command = [args.generator] if args.generator else [
            "cargo", "run", "--quiet", "--release", "--example", "make_events", "--"]
        part = path.with_suffix(".part")
        say(f"making {path}")
        where = None if args.generator else HERE.parent.parent
        subprocess.run([*command, str(size), part, *(["--shuffle"] if args.shuffle else [])], check=True, cwd=where)
        part.replace(path)
    args.made.add(path)
    return path


def warm(path: pathlib.Path):
    """Reads a file, so that it is in the page cache."""
    with open(path, "rb", buffering=0) as file:
        while file.read(1 << 20):
            pass


def measure(command: list, runs: int, source: pathlib.Path, out: pathlib.Path | None) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MB: the median of each."""
    taken = []
    log = CACHE / "stderr.txt"
    for _ in range(runs):
        if out:
            shutil.rmtree(out, ignore_errors=True)
            out.parent.mkdir(parents=True, exist_ok=True)
        warm(source)
        run = subprocess.run(
            [sys.executable, "-I", "-S", "-c", LAUNCHER, log, *command], capture_output=True, text=True)
        if run.returncode:
            raise Failed(f"{command[0]} could not be started: {run.stderr}")
        *figures, status = map(float, run.stdout.split())
        if status:
            raise Failed(f"{' '.join(map(str, command))} ended with {status:.0f}:\n{log.read_text()[-2000:]}")
        taken.append(figures)
    return tuple(statistics.median(column) for column in zip(*taken))


def fits(peer: str, source: pathlib.Path, corrected: bool) -> bool:
    """Whether the machine has the memory that a peer will need."""
    available = next(int(line.split()[1]) * 1024 for line in open("/proc/meminfo") if line.startswith("MemAvailable"))
    return source.stat().st_size * MEMORY[peer][corrected] + 200e6 < available


def people(path: pathlib.Path) -> dict:
    """EMIS number → NHS number, status, date of the code."""
    out = {}
    with open(path, newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["EMIS number"] in out:
                raise Failed(f"{path}: EMIS number {row['EMIS number']} is there twice")
            out[row["EMIS number"]] = (row["NHS number"], row["Status"], row["Code date"])
    return out


def differences(name: str, ours: dict, theirs: dict, other: str) -> list[str]:
    """What differs between two answers, in words."""
    found = [f"{name}: {what}: {ours.get(what)!r}, {other}: {theirs.get(what)!r}"
             for what in sorted(ours.keys() | theirs.keys()) if ours.get(what) != theirs.get(what)]
    more = [f"… and {len(found) - 10} more"] if len(found) > 10 else []
    return found[:10] + more


def compare(size: int, outs: dict[str, pathlib.Path]) -> list[str]:
    """Compares the program with every peer, and the peers with one another."""
    found = []
    answers = {p: json.loads((o / "answers.json").read_text()) for p, o in outs.items() if p != PROGRAM}
    # The first is what the others are held against.
    first = next(iter(outs), None)
    if first is None or len(outs) < 2:
        return []
    known = people(outs[first] / "patients.csv")
    for peer, out in outs.items():
        if peer == first:
            continue
        counts = json.loads((outs[first] / "summary.json").read_text())["counts"] if first == PROGRAM else \
            answers[first]["counts"]
        found += differences(f"{size} rows: counts: {first}", counts, answers[peer]["counts"], peer)
        found += differences(f"{size} rows: EMIS number: {first}", known, people(out / "patients.csv"), peer)
    if first == PROGRAM:
        groups = {(c[0], c[1]) for c in next(iter(answers.values()))["clusters"]["largest"]} if answers else set()
        say(f"{size} rows: {len(known)} patients compared with {len(answers)} peers; "
            f"the peers' largest group: {sorted(groups)[0] if groups else 'none'}")
    reference = next(iter(answers))
    for peer, own in answers.items():
        found += differences(f"{size} rows: {reference}", answers[reference], own, peer)
    return found


def check_copies(size: int, source: pathlib.Path, outs: dict[str, pathlib.Path]) -> list[str]:
    """The corrected copies: the original rows, and one new row for each patient."""
    found = []
    lists = {p: set((o / "to-correct.csv").read_text().split()[2:]) for p, o in outs.items() if p != PROGRAM}
    if not lists:
        return []
    reference, wanted = next(iter(lists.items()))
    added = f",1364751000000106,20-Nov-{TODAY[:4]},".encode()
    with open(source, "rb") as file:
        rows, before = 0, 0
        for line in file:
            rows += 1
            before += added in line
    for peer, own in lists.items():
        if own != wanted:
            found.append(f"{size} rows: patients to correct: {len(wanted)} by {reference}, {len(own)} by {peer}")
        with open(outs[peer] / "corrected.csv", "rb") as file:
            lines, new = 0, -before
            for line in file:
                lines += 1
                new += added in line
        if (lines, new) != (rows + len(own), len(own)):
            found.append(f"{size} rows: {peer}: the copy has {lines} lines with {new} new ones, "
                         f"not {rows + len(own)} with {len(own)}")
    if PROGRAM in outs:
        found += check_our_copy(size, source, outs[PROGRAM], wanted)
    return found


def check_our_copy(size: int, source: pathlib.Path, out: pathlib.Path, wanted: set[str]) -> list[str]:
    """Ours must hold every original line byte for byte, in order, and the new ones."""
    decided = json.loads((out / "summary.json").read_text())["decisions"]
    found = []
    if (decided["refused"], decided["add_106_in_list"]) != (0, len(wanted)):
        found.append(f"{size} rows: {PROGRAM}: {decided['refused']} decisions refused, "
                     f"{decided['add_106_in_list']} of {len(wanted)} in the list")
    new = []
    with open(source, "rb") as original, open(out / f"{source.stem}-corrected.csv", "rb") as copy:
        expected = original.readline()
        for line in copy:
            if line == expected:
                expected = original.readline()
            else:
                new.append(line.decode())
        if expected:
            found.append(f"{size} rows: {PROGRAM}: the copy lacks the line {expected[:60]!r}…")
    numbers = [row[1].replace(" ", "") for row in csv.reader(new)]
    if len(numbers) != len(wanted) or set(numbers) != wanted:
        found.append(f"{size} rows: {PROGRAM}: the copy has {len(numbers)} new rows for {len(set(numbers))} patients, "
                     f"not {len(wanted)}; missing: {sorted(wanted - set(numbers))[:3]}")
    return found


def write_decisions(listed: pathlib.Path, path: pathlib.Path):
    """Decisions for the patients of a peer's list, as the program takes them."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["NHS number", "Decision", "Decided by", "Reason"])
        for place, number in enumerate(listed.read_text().split()[2:]):
            # A reason of their own for every three: one for many does not stand against a blocker.
            own = str(place // 3).translate(str.maketrans("0123456789", "abcdefghij"))
            out.writerow([number, "Add 106", REVIEWER, f"Measuring speed with made-up patients {own}"])


def one_size(size: int, args, corrected: bool) -> tuple[dict, list[str]]:
    """Runs every tool on one file: the figures, and what differs."""
    source = make(size, args)
    figures, outs = {}, {}
    base = CACHE / "out" / f"{source.stem}{'-corrected' if corrected else ''}"

    def run(tool, command, out=None):
        figures[tool] = measure(command, args.runs, source, out)
        say("{} rows, {}: {:.3f} s, CPU {:.3f} s, {:.0f} MB".format(size, tool, *figures[tool]))

    if not corrected:
        run(COUNT, ["wc", "-l", source])
        run(CAT, ["cat", source])
    interpreter = python() if args.peers else None
    for peer in args.peers:
        if not fits(peer, source, corrected):
            figures[peer] = None
            say(f"{size} rows, {peer}: not run, it would need more memory than there is")
            continue
        out = base / peer
        options = ["--corrected"] if corrected else []
        run(peer, [interpreter, "-B", HERE / f"peer_{peer}.py", source, out, *options], out)
        outs[peer] = out
    if args.program and not (corrected and not outs):
        command = [args.program, "--report", source, "--out", base / "program", "--today", TODAY]
        if corrected:
            decisions = base / "decisions.csv"
            write_decisions(next(iter(outs.values())) / "to-correct.csv", decisions)
            command += ["--decisions", decisions]
        run(PROGRAM, command, base / "program")
        outs = {PROGRAM: base / "program", **outs}
    found = check_copies(size, source, outs) if corrected else compare(size, outs)
    if not args.keep:
        shutil.rmtree(base, ignore_errors=True)
    return figures, found


def seconds(value: float) -> str:
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def table(title: str, results: dict[int, dict], sizes: dict[int, int]) -> str:
    """Markdown: a row a tool, a column a size, and the ratios below."""
    tools = [t for t in (COUNT, CAT, PROGRAM, *PEERS) if any(t in r for r in results.values())]
    heads = [f"{size:,} rows ({sizes[size] / 1e6:,.0f} MB)" for size in results]

    def lines(first, cells):
        yield f"| {first} | " + " | ".join(heads) + " |"
        yield "|---" * (len(heads) + 1) + "|"
        for tool in tools:
            yield f"| {tool} | " + " | ".join(cells(tool, r) for r in results.values()) + " |"

    def cell(tool, result):
        if result.get(tool) is None:
            return "not run"
        wall, cpu, peak = result[tool]
        return f"{seconds(wall)} ({seconds(cpu)}, {peak:.0f})"

    def ratio(tool, result):
        if result.get(tool) is None:
            return "not run"
        parts = [f"{result[tool][0] / result[base][0]:.1f}" if result.get(base) else "–" for base in (PROGRAM, COUNT)]
        return " / ".join(parts)

    return "\n".join([*lines(f"{title}: wall s (CPU s, peak MB)", cell), "",
                      *lines(f"{title}: wall, times {PROGRAM} / times wc -l", ratio)])


def machine(args) -> str:
    models = (line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    memory = next(int(line.split()[1]) / 1024**2 for line in open("/proc/meminfo") if line.startswith("MemTotal"))
    versions = [f"Python {sys.version.split()[0]}"]
    if args.peers:
        versions += [package.replace("==", " ") for package in PACKAGES]
    if args.program:
        versions += subprocess.run([args.program, "--version"], capture_output=True, text=True).stdout.splitlines()[:1]
    system = os.uname()
    return (f"{next(models, 'unknown processor')}, {os.cpu_count()} cores (two used), {memory:.0f} GiB, "
            f"{system.sysname} {system.release}, {datetime.date.today()}, median of {args.runs}, "
            f"load before {args.load:.1f}; {', '.join(versions)}.")


def arguments():
    parser = argparse.ArgumentParser(description="Measures the program beside its peers and compares the answers.")
    parser.add_argument("sizes", nargs="*", type=int, help="rows of the files (default: 10000 100000 1000000)")
    parser.add_argument("--all", action="store_true", help="also 10 million rows")
    parser.add_argument("--corrected", action="store_true", help="also with the corrected copy written")
    parser.add_argument("--runs", type=int, default=3, help="of which the median counts (default: 3)")
    parser.add_argument("--peers", default=",".join(PEERS), help="of duckdb,polars,pandas; empty for none")
    parser.add_argument("--peers-only", action="store_true", help="without the program")
    parser.add_argument("--shuffle", action="store_true", help="files with their rows in random order")
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent.parent / "target"))
    parser.add_argument("--program", type=pathlib.Path, default=target / "release" / PROGRAM)
    parser.add_argument("--generator", type=pathlib.Path, help="make_events, built already")
    parser.add_argument("--data", type=pathlib.Path, default=CACHE / "data",
                        help=f"the files (default: {CACHE / 'data'})")
    parser.add_argument("--remake", action="store_true", help="make the files again")
    parser.add_argument("--keep", action="store_true", help=f"leave what the tools wrote in {CACHE / 'out'}")
    args = parser.parse_args()
    args.sizes = sorted(set(args.sizes or [10_000, 100_000, 1_000_000]) | ({10_000_000} if args.all else set()))
    args.peers = [p for p in args.peers.split(",") if p]
    if not set(args.peers) <= set(PEERS):
        parser.error(f"--peers takes {', '.join(PEERS)}")
    if args.runs < 1 or args.sizes[0] < 1:
        parser.error("runs and sizes are at least 1")
    args.program = None if args.peers_only else args.program.resolve()
    if args.program and not args.program.exists():
        parser.error(f"{args.program} is not there: cargo build --release, or give --program or --peers-only")
    if args.corrected and not args.peers:
        parser.error("--corrected needs a peer: its list says who is corrected")
    if args.generator:
        args.generator = args.generator.resolve()
    args.data = args.data.resolve()
    return args


def main() -> int:
    args = arguments()
    CACHE.mkdir(parents=True, exist_ok=True)
    args.load, args.made = os.getloadavg()[0], set()
    # Two threads each, whatever the machine has.
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:2]))
    parts, found, floors = [], [], {}
    try:
        for title, corrected in (("Analysis", False), ("With the corrected copy", True))[:1 + args.corrected]:
            results, sizes = {}, {}
            for size in args.sizes:
                results[size], differs = one_size(size, args, corrected)
                sizes[size] = make(size, args).stat().st_size
                found += differs
                # The floor is the same whatever is written.
                floors.setdefault(size, results[size].get(COUNT))
                results[size].setdefault(COUNT, floors[size])
            parts.append(table(title, results, sizes))
        print("\n\n".join(parts) + f"\n\n{machine(args)}")
    except (Failed, subprocess.CalledProcessError) as error:
        say(str(error))
        return 1
    for line in found:
        print(f"DIFFERS: {line}")
    if not found and len(args.peers) + bool(args.program) > 1:
        print("\nAll answers agree.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
