#!/usr/bin/env python3
"""Own corpus of polluted CSV files. usage: make.py OUT   (Python 3.11, standard library only, deterministic)
Writes OUT/NAME.csv (polluted bytes), OUT/NAME.clean.csv (expected: UTF-8, comma, RFC 4180, minimal quoting, LF)
and, where another reading is defensible, OUT/alt/NAME.clean.csv. Everything is made up; NHS numbers are from the
999 test range with a valid modulus-11 check digit."""
import csv, io, os, random, sys, zlib

# ---------------------------------------------------------------- words (all invented or everyday)
FIRST = "Ada Bram Celia Dewi Edith Farid Greta Hugo Ines Jonah Kezia Leon Mabel Nils Olive Priya Quinn Rosa Silas Tamsin Una Viktor Wanda Yusuf Zelda".split()
LAST = "Ashdown Brackley Corran Dunmore Ellery Fenwick Garside Holloway Ibbotson Jessop Kilner Lorimer Marrow Nettle Orpwood Pellow Quarmby Rudd Sorrell Tranter Upcott Venner Wragg Yarrow".split()
APOS = ["O'Rourke", "D'Arbley", "O'Dell", "M'Bala"]
ACC = ["Zoë Müller", "Renée Côté", "Søren Åkesson", "José Núñez", "Łukasz Dąb", "Ángel Peña"]
ACC1252 = ["Zoë Müller", "Renée Côté", "Søren Åkesson", "José Núñez", "François Œuvré", "Ángel Peña"]
PLACE = "Harrow Lane,Mill Bank,Tithe Barn,Quay Side,Old Forge,Nether Croft,Sandy Gate,Rookery Hill".split(',')
ITEM = "hex bolt,garden twine,oak dowel,lamp oil,paper bag,copper pipe,brass hinge,wood glue,floor tile,rope clip,steel nail,chalk line".split(',')
WORD = "quiet,amber,north,river,early,plain,double,narrow,silver,spare,open,winter,level,second,green,upper".split(',')
TASK = "call back on Monday,sent letter,awaiting reply,no answer,moved away,review in spring,checked twice,passed to desk two".split(',')
URLS = "https://shop.example.org/p/{n}?a=1&b=2|http://example.net/list/{n}.html|https://files.example.com/{n}/a_b-c.pdf".split('|')


def nhs(r, spaced=False):
    while True:
        d = [9, 9, 9] + [r.randrange(10) for _ in range(6)]
        c = 11 - sum(x * w for x, w in zip(d, range(10, 1, -1))) % 11
        if c == 11: c = 0
        if c != 10:
            s = ''.join(map(str, d + [c]))
            return f"{s[:3]} {s[3:6]} {s[6:]}" if spaced else s


def date(r, iso):
    y, m, d = r.randrange(1950, 2025), r.randrange(1, 13), r.randrange(1, 29)
    return f"{y}-{m:02}-{d:02}" if iso else f"{d:02}/{m:02}/{y}"


def tm(r): return f"{r.randrange(6, 22):02}:{r.choice(['00', '15', '30', '45'])}"
def num(r, dec=','): return f"{r.randrange(0, 999)}{dec}{r.randrange(0, 100):02}"


def name(r, f):
    if 'acc' in f and r.random() < .35: return r.choice(ACC)
    if 'acc1252' in f and r.random() < .4: return r.choice(ACC1252)
    last = r.choice(APOS) if 'apos' in f and r.random() < .3 else r.choice(LAST)
    return f"{last}, {r.choice(FIRST)}" if 'comma' in f and r.random() < .5 else f"{r.choice(FIRST)} {last}"


def text(r, f):
    p = r.random()
    if 'empty' in f and p < .15: return ''
    t = f"{r.choice(WORD)} {r.choice(ITEM)}"
    if 'one' in f: return r.choice(WORD) + r.choice(ITEM).replace(' ', '')
    if 'comma' in f and r.random() < .4: t = f"{t}, {r.choice(TASK)}"
    if 'semi' in f and r.random() < .4: t = f"{t}; {r.choice(TASK)}"
    if 'quote' in f and r.random() < .3: t = r.choice([f'said "{r.choice(TASK)}"', f'{t} {r.randrange(2, 60)}"', f'"{r.choice(WORD)}" {t}'])
    if 'nl' in f and r.random() < .25: t = f"{t}\n{r.choice(TASK)}"
    if 'apos' in f and r.random() < .3: t = f"{r.choice(FIRST)}'s {t}"
    return t


def t_patients(r, n, f):
    h = ["NHS number", "Name", "Date of birth", "Postcode", "Ward", "Role", "Last login", "Notes"]
    iso, sp = r.random() < .5, 'nospace' not in f and r.random() < .4
    return h, [[nhs(r, sp), name(r, f), date(r, iso), f"ZZ{r.randrange(1, 99)} {r.randrange(1, 9)}AB" if 'nospace' not in f else f"ZZ{r.randrange(10, 99)}",
                r.choice(["Ward 3", "Ward 7", "Day unit", "Clinic B"]) if 'nospace' not in f else r.choice(["W3", "W7", "DU"]), r.choice(["read", "write", "admin"]), date(r, iso), text(r, f)] for _ in range(n)]


def t_stock(r, n, f):
    h = ["SKU", "Item", "Quantity", "Unit price", "Shelf", "Link"]
    d = ',' if 'deccomma' in f else '.'
    return h, [[f"{r.choice('KLMNP')}{r.choice('QRST')}-{r.randrange(1000, 9999)}", text(r, f - {'empty'}), str(r.randrange(0, 400)), num(r, d), f"{r.choice('ABCD')}{r.randrange(1, 30)}",
                r.choice(URLS).format(n=r.randrange(100, 999)) if 'url' in f else f"p{r.randrange(100, 999)}"] for _ in range(n)]


def t_hours(r, n, f):
    h = ["Branch", "Day", "Opens", "Closes", "Telephone"]
    s = 'nospace' in f
    return h, [[(r.choice(PLACE) if not s else r.choice(PLACE).replace(' ', '')) + ('' if s else f" {i + 1}"), r.choice("Mon Tue Wed Thu Fri Sat".split()), tm(r), tm(r),
                f"01632 960{r.randrange(100, 999)}" if not s else f"01632960{r.randrange(100, 999)}"] for i in range(n)]


def t_meas(r, n, f):
    h = ["Sample", "Taken", "Time", "Depth m", "pH", "Temp C", "Turbidity", "Nitrate", "Operator"]
    d = ',' if 'deccomma' in f else '.'
    return h, [[f"S{1000 + i}", date(r, True), tm(r), f"{r.randrange(0, 30)}{d}{r.randrange(0, 10)}", f"{r.randrange(5, 9)}{d}{r.randrange(0, 100):02}", f"{r.randrange(2, 24)}{d}{r.randrange(0, 10)}",
                '' if 'empty' in f and r.random() < .2 else num(r, d), num(r, d), r.choice(FIRST)] for i in range(n)]


def t_courses(r, n, f):
    h = ["Code", "Course", "Tutor", "Start", "Places"]
    return h, [[f"C{r.randrange(100, 999)}", text(r, f - {'empty'}), name(r, f), date(r, False), str(r.randrange(4, 30))] for _ in range(n)]


def t_plots(r, n, f):
    h = ["Plot", "Holder", "Rent"]
    return h, [[f"{r.choice('NESW')}{i + 1}", name(r, f), num(r, ',' if 'deccomma' in f else '.')] for i in range(n)]


def t_buses(r, n, f):
    h = ["Route", "From", "To", "First", "Last", "Every min", "Fare", "Low floor", "Operator", "Updated", "Contact", "Remark"]
    return h, [[f"{r.randrange(1, 99)}{r.choice('ABX')}", r.choice(PLACE), r.choice(PLACE), tm(r), tm(r), str(r.choice([10, 15, 20, 30, 60])), num(r, '.'), r.choice(["yes", "no"]),
                f"{r.choice(LAST)} Coaches", date(r, True), f"{r.choice(FIRST).lower()}@example.org", text(r, f)] for _ in range(n)]


TABLES = [t_patients, t_stock, t_hours, t_meas, t_courses, t_plots, t_buses]


# ---------------------------------------------------------------- writing polluted text
def cell(c, delim=',', q='"', mode='min', esc='double', force=False):
    need = force or mode == 'all' or (mode == 'min' and (delim in c or q in c or '\n' in c or '\r' in c or (delim == ' ' and c == '') or (delim != ',' and c[:1] == q)))
    if mode == 'none' or not need: return c
    if esc == 'double': c = c.replace(q, q + q)
    elif esc == 'backslash': c = c.replace(q, '\\' + q)
    return q + c + q


def line(row, delim=',', q='"', mode='min', esc='double', sep=None):
    return (sep or delim).join(cell(c, delim, q, mode, esc) for c in row)


def join(lines, eol='\n', last=True): return eol.join(lines) + (eol if last else '')


def lines(rows, **k): return [line(r, **k) for r in rows]


KINDS = {}          # name -> (count, function, description)


def kind(nm, n, desc):
    def d(fn):
        KINDS[nm] = (n, fn, desc)
        return fn
    return d


def tab(r, i, f=frozenset(), which=None, lo=6, hi=40):
    fn = (which or TABLES)[i % len(which or TABLES)]
    h, rows = fn(r, r.randrange(lo, hi), set(f))
    return [h] + rows


RICH = frozenset({'comma', 'quote', 'url', 'empty', 'nl'})
BASIC = frozenset({'comma', 'quote', 'url', 'empty'})
EOLS = ['\n', '\r\n']


# ---- dialects
@kind('plain', 5, 'correct RFC 4180 file, LF or CRLF -> unchanged')
def k(r, i): t = tab(r, i, RICH); return join(lines(t), EOLS[i % 2]), t


def delim_kind(nm, d, n, f, **kw):
    @kind(nm, n, f'every delimiter is {d!r}, cells holding it are quoted -> comma')
    def k(r, i): t = tab(r, i, f, **kw); return join(lines(t, delim=d), EOLS[i % 2]), t


delim_kind('delim_semicolon', ';', 9, {'deccomma', 'semi', 'quote', 'url', 'empty', 'comma', 'nl'})
delim_kind('delim_tab', '\t', 7, RICH | {'deccomma'})
delim_kind('delim_pipe', '|', 7, RICH)
delim_kind('delim_colon', ':', 6, BASIC - {'url'}, which=[t_hours, t_meas, t_courses, t_plots])
delim_kind('delim_space', ' ', 6, {'one'}, which=[t_hours, t_meas, t_courses, t_stock])
delim_kind('delim_tilde', '~', 5, BASIC)
delim_kind('delim_caret', '^', 5, BASIC)
delim_kind('delim_hash', '#', 5, BASIC)


@kind('delim_comma_space', 7, 'delimiter is comma+space everywhere, quotes come after the space (Pollock 0x2C_0x20) -> the space goes')
def k(r, i): t = tab(r, i, BASIC); return join(lines(t, sep=', '), EOLS[i % 2]), t


@kind('delim_space_raw', 5, 'POLLOCK (hard): space delimiter, cells were quoted only where they held commas; one free text column has bare spaces -> the columns again')
def k(r, i):
    n = r.randrange(12, 36)
    h = ["Date", "Time", "Count", "Code", "Item", "Detail", "Link"]
    rows = [[date(r, False), tm(r), str(r.randrange(0, 40)), f"{r.choice('KLMN')}{r.choice('QRST')}-{r.randrange(1000, 9999)}", f"{r.choice(WORD)} {r.choice(ITEM)}",
             f"{r.choice(TASK)}, {r.choice(TASK)}", r.choice(URLS).format(n=r.randrange(100, 999))] for _ in range(n)]
    t = [h] + rows
    return join([' '.join(h)] + [' '.join(x[:5] + [f'"{x[5]}"', f'"{x[6]}"']) for x in rows], '\r\n'), t


@kind('sep_line', 6, 'first line sep=; (or other) as spreadsheets write it -> the line goes')
def k(r, i):
    d = [';', '\t', '|', ',', ';', '^'][i % 6]; t = tab(r, i, BASIC)
    return ['sep=', 'SEP='][i == 4] + d + '\r\n' + join(lines(t, delim=d), '\r\n'), t


@kind('bom_utf8', 6, 'UTF-8 byte order mark (also before a quoted header) -> no mark')
def k(r, i):
    t = tab(r, i, BASIC | {'acc'}); s = join(lines(t, delim=[',', ';', '\t'][i % 3], mode='all' if i > 2 else 'min'), EOLS[i % 2])
    return b'\xef\xbb\xbf' + s.encode(), t


@kind('utf16le', 6, 'UTF-16 little endian with mark -> UTF-8')
def k(r, i): t = tab(r, i, BASIC | {'acc'}); return b'\xff\xfe' + join(lines(t, delim=['\t', ',', ';'][i % 3]), EOLS[i % 2]).encode('utf-16-le'), t


@kind('utf16be', 6, 'UTF-16 big endian with mark -> UTF-8')
def k(r, i): t = tab(r, i, BASIC | {'acc'}); return b'\xfe\xff' + join(lines(t, delim=[',', '\t', ';'][i % 3]), EOLS[i % 2]).encode('utf-16-be'), t


@kind('cp1252', 7, 'Windows-1252 bytes (umlauts, pound, euro, curly quotes, dashes) -> UTF-8')
def k(r, i):
    t = tab(r, i, BASIC | {'acc1252'}, which=[t_patients, t_courses, t_plots])
    t[0][-1] += ' £'; t[1][-1] = 'café – “à la carte” €5'; t[3][1] = 'Zoë Müller'
    return join(lines(t, delim=[',', ';'][i % 2]), EOLS[i % 2]).encode('cp1252'), t


@kind('eol_cr', 6, 'records end with CR only')
def k(r, i): t = tab(r, i, BASIC); return join(lines(t, delim=[',', ';'][i % 2]), '\r', i % 3 != 0), t


@kind('eol_crlf', 5, 'records end with CRLF, line breaks in quoted cells are LF (kept)')
def k(r, i): t = tab(r, i, RICH); return join(lines(t), '\r\n'), t


@kind('eol_mixed', 6, 'LF, CRLF (and CR) mixed between records')
def k(r, i):
    t = tab(r, i, BASIC); es = ['\n', '\r\n'] if i < 3 else ['\n', '\r\n', '\r']
    return ''.join(x + r.choice(es) for x in lines(t)), t


@kind('no_trailing_newline', 4, 'last record without line end')
def k(r, i): t = tab(r, i, RICH); return join(lines(t), EOLS[i % 2], False), t


@kind('quote_apostrophe', 6, "quote character is ', apostrophes in cells doubled")
def k(r, i):
    t = tab(r, i, {'comma', 'apos', 'empty'}, which=[t_patients, t_courses, t_plots, t_buses])
    return join(lines(t, q="'", delim=[',', ';'][i % 2], mode='all' if i % 3 == 0 else 'min'), EOLS[i % 2]), t


@kind('quote_apostrophe_raw', 6, "POLLOCK: quote character is ', apostrophes in cells NOT escaped; cells holding the delimiter are quoted")
def k(r, i):
    t = tab(r, i, {'comma', 'apos', 'empty'}, which=[t_patients, t_courses, t_plots, t_buses])
    return join([','.join("'" + c + "'" if ',' in c else c for c in x) for x in t], EOLS[i % 2]), t


@kind('quote_none', 6, 'no quoting at all; quote characters in cells are plain content (5" pipe, said "no")')
def k(r, i):
    t = tab(r, i, {'url', 'empty', 'comma'}, which=[t_stock, t_courses, t_buses, t_patients])
    for x in r.sample(t[1:], 3): x[1] = r.choice([f'{r.choice(ITEM)} {r.randrange(2, 9)}"', f'{r.choice(WORD)} "{r.choice(WORD)}" {r.choice(ITEM)}'])
    return join(lines(t, delim=['\t', '|', ';'][i % 3], mode='none'), EOLS[i % 2]), t


@kind('quote_all', 6, 'every cell quoted, header too')
def k(r, i): t = tab(r, i, RICH); return join(lines(t, mode='all', delim=[',', ';', '\t'][i % 3]), EOLS[i % 2]), t


@kind('quote_header_only', 5, 'only the header is quoted')
def k(r, i): t = tab(r, i, BASIC); return join([line(t[0], mode='all')] + lines(t[1:]), EOLS[i % 2]), t


@kind('escape_backslash', 7, 'a quote in a cell is written \\" (not doubled); POLLOCK: any other backslash stays (C:\\temp, 8\\\'9)')
def k(r, i):
    t = tab(r, i, {'comma', 'quote', 'empty'}, which=[t_courses, t_stock, t_patients, t_buses])
    c = 1 if i % 2 else len(t[0]) - 1
    t[1][c] = 'a "wide", grey ' + r.choice(ITEM); t[2][c] = "mark 8\\'9\" long, " + r.choice(WORD); t[3][c] = 'kept in C:\\temp, see "notes"'
    return join(lines(t, esc='backslash', mode='all' if i % 3 == 2 else 'min'), EOLS[i % 2]), t


@kind('escape_none', 6, 'POLLOCK 0x00: quotes inside quoted cells are not escaped at all ("Boots, 10" lined", "Round 48"",) -> kept once')
def k(r, i):
    t = tab(r, i, {'comma', 'empty'}, which=[t_courses, t_stock, t_patients, t_buses])
    c = 1 if i % 2 else len(t[0]) - 1
    t[1][c] = f'{r.choice(ITEM)}, 10" lined'; t[2][c] = f'{r.choice(ITEM)}, round 48"'; t[4][c] = f'{r.choice(WORD)}, the "old" {r.choice(ITEM)}'
    return join(lines(t, esc='none'), EOLS[i % 2]), t


# ---- around the table
TITLES = ["Monthly export", "Report created by the desk system", "Printed: 04/03/2024 09:12", "Site: Harrow Lane", "For internal use", "Filter: all open entries", "Source: ledger two",
          "Page 1 of 1", "Contact: desk@example.org", "Version 3.2", "Do not edit by hand", "Run number 00417"]


@kind('preamble_plain', 9, '1-12 title lines without delimiters, with or without blank lines -> dropped')
def k(r, i):
    t = tab(r, i, BASIC); n = [1, 2, 3, 4, 5, 6, 8, 10, 12][i % 9]; p = TITLES[:n]
    if i % 2: p = p + ['']
    if i % 4 == 2: p.insert(1, '')
    return join(p + lines(t, delim=[',', ';', '\t'][i % 3]), EOLS[i % 2]), t


@kind('preamble_padded', 8, '1-9 title lines padded with delimiters, often an empty padded line below (Pollock file_preamble) -> dropped')
def k(r, i):
    t = tab(r, i, BASIC); w = len(t[0]); d = [',', ';'][i % 2]; n = [1, 1, 2, 3, 4, 5, 7, 9][i % 8]
    p = [x + d * (w - 1) for x in r.sample(TITLES, n)]
    if i % 3 != 2: p.append(d * (w - 1))
    return join(p + lines(t, delim=d), EOLS[(i + 1) % 2]), t


@kind('preamble_commas', 5, 'title lines that themselves hold delimiters or key,value pairs of another width -> dropped')
def k(r, i):
    t = tab(r, i, BASIC, which=[t_patients, t_stock, t_meas, t_buses, t_courses])
    p = ['Report,Open entries', 'Created,04/03/2024', 'By,"Orpwood, Ada"'][:1 + i % 3] + ([''] if i % 2 == 0 else [])
    return join(p + lines(t), EOLS[i % 2]), t


@kind('leading_blank', 5, 'blank lines (also padded, also with spaces) above the header -> dropped')
def k(r, i):
    t = tab(r, i, BASIC); w = len(t[0])
    return join([['', ''], [',' * (w - 1)], ['', ',' * (w - 1), ''], ['  '], ['', '', '', '', '']][i % 5] + lines(t), EOLS[i % 2]), t


@kind('trailing_blank', 6, 'blank lines or padded empty lines below -> dropped')
def k(r, i):
    t = tab(r, i, BASIC); w = len(t[0])
    return join(lines(t) + [[''], ['', '', ''], [',' * (w - 1)] * 3, [',' * (w - 1)] * 30, ['', ',' * (w - 1)], ['   ']][i % 6], EOLS[i % 2]), t


@kind('middle_blank', 6, 'blank or padded empty lines between records -> dropped')
def k(r, i):
    t = tab(r, i, BASIC, lo=10); L = lines(t); w = len(t[0])
    for _ in range(3): L.insert(r.randrange(2, len(L)), ['', ',' * (w - 1)][i % 2])
    if i == 5: L.insert(1, '')
    return join(L, EOLS[i % 2]), t


@kind('group_row', 7, 'one group line above the header (name only over its first column) -> joined with one space, the name spread over its columns (survey_sample); columns without group keep their name; over the captions of a clinical system it is left out')
def k(r, i):
    t = tab(r, i, BASIC, which=[t_meas, t_buses, t_patients]); w = len(t[0]); d = [',', ';'][i % 2]
    a, b = (2, w - 3) if w > 7 else (1, w - 2)
    g = [''] * w; g[a] = ['Survey', 'Service', 'Person'][i % 3]; g[b] = ['Result', 'Extra', 'Account'][i % 3]
    h = [(g[a] + ' ' + c if a <= j < b else g[b] + ' ' + c if j >= b else c) for j, c in enumerate(t[0])]
    if 'NHS number' in t[0]:
        h = t[0]  # the captions of a clinical system are known by themselves: its group row is no part of them
    return join([line(g, delim=d)] + lines(t, delim=d), EOLS[i % 2]), [h] + t[1:], t


@kind('header_repeated', 6, 'POLLOCK file_header_multirow: the header line stands 2 or 3 times at the top -> joined per column: "Code Code" / "Code Code Code"')
def k(r, i):
    t = tab(r, i, BASIC); n = 2 + i % 2
    L = [line(t[0])] * (n - 1) + [line(t[0], mode='all' if i > 3 else 'min')] + lines(t[1:])
    return join(L, '\r\n'), [[' '.join([c] * n) for c in t[0]]] + t[1:], t


@kind('header_units', 5, 'a second header line with units in brackets -> joined with one space, nothing added where the unit is blank')
def k(r, i):
    t = tab(r, i, which=[t_meas, t_stock], f={'url'}); u = [['', '', '', '(m)', '', '(°C)', '(NTU)', '(mg/l)', ''], ['', '', '(pcs)', '(EUR)', '', '']][i % 2]
    h = [(a + ' ' + b).strip() for a, b in zip(t[0], u)]
    return join([line(t[0]), line(u)] + lines(t[1:]), EOLS[i % 2]), [h] + t[1:]


NOTES = ["Source: desk system two", "* figures are provisional", "End of report", "Created with the ledger tool on 04/03/2024", "1) without the closed branch"]


@kind('footnote_plain', 7, 'after a blank line 1-4 note lines without delimiters -> dropped (Pollock generator: role footnote is not written; NOTE survey_sample keeps such lines: alt)')
def k(r, i):
    t = tab(r, i, BASIC); n = 1 + i % 4; d = [',', ';'][i % 2]; f = r.sample(NOTES, n)
    return join(lines(t, delim=d) + ([''] if i != 6 else []) + f, EOLS[i % 2]), t, t + [[x] + [''] * (len(t[0]) - 1) for x in f]


@kind('footnote_padded', 6, 'after a padded empty line 1-3 note lines, padded -> dropped (survey_sample Feb-2016 keeps it: alt)')
def k(r, i):
    t = tab(r, i, BASIC); w = len(t[0]); f = r.sample(NOTES, 1 + i % 3)
    return join(lines(t) + [',' * (w - 1)] + [x + ',' * (w - 1) for x in f], EOLS[i % 2]), t, t + [[x] + [''] * (w - 1) for x in f]


@kind('total_row', 6, 'a total line in the width of the table -> kept as a record (survey_sample keeps totals)')
def k(r, i):
    t = tab(r, i, {'url'}, which=[t_stock, t_plots, t_courses]); w = len(t[0]); x = ['Total'] + [''] * (w - 1); x[[2, 2, 4][i % 3]] = num(r, '.')
    t = t + [x]
    return join(lines(t), EOLS[i % 2]), t


@kind('two_tables_blank', 6, 'blank line, title, then a second table of other columns -> FIRST table only (Pollock multitable; survey_sample keeps all)')
def k(r, i):
    t, b = tab(r, i, BASIC, hi=25), tab(r, i + 2, BASIC, hi=20)
    return join(lines(t) + [''] + ([f"Second list: {r.choice(PLACE)}"] if i % 2 else []) + lines(b), EOLS[i % 2]), t


@kind('two_tables_less', 5, 'POLLOCK: a second table with its own header and FEWER columns follows at once -> first table only')
def k(r, i):
    a, b = [(t_patients, t_courses), (t_meas, t_stock), (t_buses, t_patients), (t_stock, t_plots), (t_courses, t_plots)][i % 5]
    t, u = tab(r, 0, BASIC, [a], lo=12, hi=30), tab(r, 0, BASIC, [b], lo=8, hi=20)
    return join(lines(t) + lines(u), '\r\n'), t


@kind('two_tables_more', 5, 'POLLOCK: a second table with its own header and MORE columns follows at once -> first table only')
def k(r, i):
    a, b = [(t_courses, t_patients), (t_stock, t_meas), (t_patients, t_buses), (t_plots, t_stock), (t_plots, t_courses)][i % 5]
    t, u = tab(r, 0, BASIC, [a], lo=12, hi=30), tab(r, 0, BASIC, [b], lo=8, hi=20)
    return join(lines(t) + lines(u), '\r\n'), t


@kind('two_tables_same', 5, 'POLLOCK file_multitable_same: the same header comes again at once, below it (mostly) the same records -> first table only')
def k(r, i):
    t = tab(r, i, BASIC, lo=12, hi=30); u = t[:-1] if i != 4 else t
    return join(lines(t) + lines(u), '\r\n'), t, t + u[1:]


@kind('repeated_header', 6, 'page-wise export: the header comes again every few records, NEW records below. survey_sample (20170320-ePC) -> header lines go, all records stay; alt = the cut that multitable_same asks for')
def k(r, i):
    t = tab(r, i, BASIC, lo=16); p = 5 + i; L = []; cut = None
    for j, x in enumerate(t[1:]):
        if j % p == 0: L.append(t[0])
        L.append(x)
    return join(lines(L), EOLS[i % 2]), t, t[:p + 1]


@kind('header_only', 5, 'header line and nothing else')
def k(r, i): t = tab(r, i)[:1]; return join(lines(t, delim=[',', ';', '\t'][i % 3], mode=['min', 'all'][i == 3]), EOLS[i % 2], i != 4), t


@kind('one_data_row', 6, 'header and one record')
def k(r, i): t = tab(r, i, BASIC)[:2]; return join(lines(t, delim=[',', ';', '|'][i % 3]), EOLS[i % 2], i != 4), t


@kind('one_column', 5, 'a list of one column (no delimiter at all); commas only in quoted cells')
def k(r, i):
    n = r.randrange(8, 30)
    t = [[["E-mail"], ["NHS number"], ["Branch"], ["Note"], ["Taken"]][i % 5]]
    g = [lambda: f"{r.choice(FIRST).lower()}.{r.choice(LAST).lower()}@example.org", lambda: nhs(r), lambda: r.choice(PLACE), lambda: text(r, {'comma'}), lambda: date(r, True)][i % 5]
    t += [[g()] for _ in range(n)]
    return join(lines(t), EOLS[i % 2]), t


@kind('no_header', 6, 'POLLOCK file_no_header: records only -> records only, no header is invented (survey_sample invents col_0,...: alt)')
def k(r, i):
    t = tab(r, i, BASIC, which=[t_patients, t_stock, t_meas, t_hours])[1:]
    return join(lines(t, delim=[',', ';'][i % 2]), EOLS[i % 2]), t, [[f'col_{j}' for j in range(len(t[0]))]] + t


@kind('empty_file', 2, '0 bytes (or only line ends) -> empty')
def k(r, i): return ['', '\r\n\r\n'][i], []


@kind('wide_table', 4, '120-200 columns')
def k(r, i):
    w = 120 + 25 * i; t = [[f"m{j:03}" for j in range(w)]] + [[str(r.randrange(0, 99)) if r.random() < .9 else '' for _ in range(w)] for _ in range(8)]
    for x in t[1:]: x[0] = x[0] or '1'; x[-1] = x[-1] or '2'
    return join(lines(t, delim=[',', ';', '\t', '|'][i]), EOLS[i % 2]), t


# ---- rows
@kind('missing_cells', 8, 'some records end early (1-3 cells and their delimiters missing) -> padded with empty cells')
def k(r, i):
    t = tab(r, i, BASIC, lo=12, which=[t_patients, t_meas, t_buses, t_stock, t_courses]); L = []; w = len(t[0]); k = set(r.sample(range(2, len(t)), 1 + i % 3))
    for j, x in enumerate(t):
        if j in k:
            m = r.randrange(1, min(3, w - 2) + 1); x[w - m:] = [''] * m; L.append(line(x[:w - m]))
        else: L.append(line(x))
    return join(L, EOLS[i % 2]), t


@kind('missing_delimiter', 7, 'POLLOCK row_less_sep: one delimiter is missing in one record; the shapes of the columns tell where -> split again')
def k(r, i):
    n = r.randrange(14, 36)
    h = ["Date", "Time", "Count", "Code", "Item", "Detail"]
    rows = [[date(r, False), tm(r), str(r.randrange(0, 40)), f"{r.choice('KLMN')}{r.choice('QRST')}-{r.randrange(1000, 9999)}", f"{r.choice(WORD)} {r.choice(ITEM)}", f"{r.choice(TASK)}, {r.choice(TASK)}"] for _ in range(n)]
    t = [h] + rows; L = lines(t); j = r.randrange(3, n)
    c = [1, 3, 5, 1, 2, 5, 3][i % 7]; x = [cell(y) for y in t[j]]
    L[j] = ','.join(x[:c - 1] + [x[c - 1] + x[c]] + x[c + 1:])
    return join(L, '\r\n'), t


@kind('trailing_delimiter', 7, 'a delimiter after the last cell of every line, header too -> no extra column (survey_sample keeps it: alt)')
def k(r, i):
    t = tab(r, i, BASIC - {'empty'}); d = [',', ';', '\t'][i % 3]
    return join([x + d for x in lines(t, delim=d)], EOLS[i % 2]), t, [x + [''] for x in t]


@kind('surplus_empty_end', 6, 'POLLOCK row_more_sep: one record has 1-3 empty cells too many at its end -> cut to the width')
def k(r, i):
    t = tab(r, i, BASIC, lo=10); L = lines(t); j = r.randrange(1, len(L)); L[j] += ',' * (1 + i % 3)
    return join(L, EOLS[i % 2]), t


@kind('surplus_empty_inside', 7, 'POLLOCK row_more_sep: one delimiter too many inside or before one record; the shapes of the columns tell where -> the empty cell goes')
def k(r, i):
    t = tab(r, i, {'comma', 'url'}, lo=14, which=[t_meas, t_patients, t_stock]); L = lines(t); j = r.randrange(2, len(L)); x = [cell(y) for y in t[j]]
    c = [0, 2, 3, 1, 0, 4, 2][i % 7]; L[j] = ','.join(x[:c] + [''] + x[c:])
    return join(L, '\r\n'), t


@kind('surplus_empty_header', 4, 'POLLOCK row_more_sep_row0: the header has an empty cell too many (front, middle, end) while no record has -> it goes')
def k(r, i):
    t = tab(r, i, {'comma', 'url'}, lo=10, which=[t_meas, t_patients, t_stock, t_courses]); h = t[0][:]; h.insert([0, 2, len(h), 1][i], '')
    return join([line(h)] + lines(t[1:]), '\r\n'), t


@kind('surplus_filled', 6, 'one record has 1-2 filled cells too many -> the record and all its cells are kept')
def k(r, i):
    t = tab(r, i, BASIC, lo=10); j = r.randrange(2, len(t)); t[j] = t[j] + [r.choice(WORD) for _ in range(1 + i % 2)]
    return join(lines(t), EOLS[i % 2]), t


@kind('header_short', 4, 'R style: the header has one cell less than every record (row names) -> both kept as they are (survey_sample)')
def k(r, i):
    t = tab(r, i, {'url'}, which=[t_meas, t_stock]); t = [t[0]] + [[str(j + 1)] + x for j, x in enumerate(t[1:])]
    return join(lines(t, mode='all', delim=[',', ';'][i % 2]), '\n'), t


@kind('row_semicolon', 5, 'one record is delimited by ; instead of , -> its cells')
def k(r, i):
    t = tab(r, i, {'comma', 'url'}, lo=10, which=[t_meas, t_patients, t_stock, t_buses, t_courses]); L = lines(t); j = r.randrange(2, len(t))
    L[j] = ';'.join(cell(c) for c in t[j]); return join(L, '\r\n'), t


@kind('row_tab', 4, 'one record is delimited by tab instead of , (or ;) -> its cells')
def k(r, i):
    t = tab(r, i, {'comma', 'url'}, lo=10, which=[t_meas, t_patients, t_stock, t_buses]); d = [',', ';'][i % 2]; L = lines(t, delim=d); j = r.randrange(2, len(t))
    L[j] = line(t[j], delim='\t'); return join(L, '\r\n'), t


@kind('row_space', 6, 'POLLOCK row_field_delimiter: one record (or the header) is delimited by spaces; cells without commas are not quoted, one text cell has a bare space -> its cells')
def k(r, i):
    n = r.randrange(14, 36)
    h = ["Date", "Time", "Count", "Code", "Item", "Detail"]
    rows = [[date(r, False), tm(r), str(r.randrange(0, 40)), f"{r.choice('KLMN')}{r.choice('QRST')}-{r.randrange(1000, 9999)}", f"{r.choice(WORD)} {r.choice(ITEM)}", f"{r.choice(TASK)}, {r.choice(TASK)}"] for _ in range(n)]
    t = [h] + rows; L = lines(t); j = 0 if i == 5 else r.randrange(2, n); L[j] = ' '.join(cell(c) for c in t[j])
    return join(L, '\r\n'), t


@kind('stray_quote_start', 9, 'POLLOCK row_extra_quote: one unescaped quote at the start of a cell (unquoted ,"16:00, or quoted ,""text, more",) -> kept as its first character, no record swallowed')
def k(r, i):
    t = tab(r, i, {'comma', 'url'}, lo=10, which=[t_patients, t_courses, t_meas, t_stock, t_buses]); L = lines(t); j = 0 if i == 8 else r.randrange(2, len(t) - 2); w = len(t[0]); c = r.randrange(0, w)
    if i % 3 == 1: t[j][1] = f"{r.choice(WORD)} {r.choice(ITEM)}, {r.choice(TASK)}"; c = 1
    if i % 3 == 2: c = w - 1
    x = [cell(y) for y in t[j]]; x[c] = '"' + x[c] if x[c][:1] != '"' else '""' + x[c][1:]
    L[j] = ','.join(x); t[j] = t[j][:c] + ['"' + t[j][c]] + t[j][c + 1:]
    return join(L, '\r\n'), t


@kind('stray_quote_inside', 7, 'a quote inside an unquoted cell (5" pipe, the "old one) -> literal')
def k(r, i):
    t = tab(r, i, {'comma', 'url'}, lo=10, which=[t_courses, t_stock, t_buses, t_patients]); L = lines(t)
    j = r.randrange(2, len(t) - 1); t[j][1] = [f'{r.choice(ITEM)} 5" wide', f'the "old {r.choice(ITEM)}', f'{r.choice(ITEM)} 12"'][i % 3]; L[j] = ','.join(c if n == 1 else cell(c) for n, c in enumerate(t[j]))
    return join(L, EOLS[i % 2]), t


@kind('unclosed_quote', 5, 'a cell opens a quote that never closes (last or middle record) -> the quote is literal, later records stay')
def k(r, i):
    t = tab(r, i, {'url'}, lo=10, which=[t_courses, t_stock, t_patients, t_buses, t_plots]); L = lines(t); j = [len(t) - 1, 3, 2, len(t) - 2, 4][i]
    x = t[j][:]; x[1] = '"' + x[1]; L[j] = ','.join(x); t[j] = x
    return join(L, EOLS[i % 2]), t


@kind('unclosed_quote_all', 4, 'all cells quoted, one closing quote missing -> the cell without quotes, later records stay')
def k(r, i):
    t = tab(r, i, {'url'}, lo=10, which=[t_courses, t_stock, t_patients, t_buses]); L = lines(t, mode='all'); j = r.randrange(2, len(t) - 2); x = [cell(c, force=True) for c in t[j]]; c = [1, 2, 0, 3][i]
    x[c] = x[c][:-1]; L[j] = ','.join(x); return join(L, EOLS[i % 2]), t


@kind('space_before_quote', 6, 'a space between delimiter and opening quote (sometimes also after the closing quote); unquoted cells as usual -> the spaces outside the quotes go')
def k(r, i):
    t = tab(r, i, {'comma', 'url'}, which=[t_patients, t_courses, t_plots, t_stock])
    L = []
    for x in t:
        y = [cell(c, force=(n == len(x) - 1)) for n, c in enumerate(x)]
        L.append(y[0] + ''.join(',' + (' ' + c + (' ' if i % 3 == 2 and n < len(y) - 2 else '') if c[:1] == '"' else c) for n, c in enumerate(y[1:])))
    return join(L, EOLS[i % 2]), t


@kind('quoted_linebreaks', 6, 'many quoted cells with line breaks, blank lines and delimiters inside -> kept')
def k(r, i):
    t = tab(r, i, {'comma', 'quote', 'nl'}, which=[t_courses, t_patients, t_buses]); c = 1 if i % 3 == 0 else len(t[0]) - 1
    t[2][c] = f"{r.choice(TASK)}\n\n- {r.choice(ITEM)}, {r.choice(ITEM)}\n- {r.choice(ITEM)}"; t[4][c] = 'line one\nsaid "yes"\n'
    return join(lines(t, delim=[',', ';'][i % 2]), EOLS[i % 2]), t


@kind('linebreak_header', 3, 'header cells with line breaks -> kept')
def k(r, i): t = tab(r, i, BASIC); t[0][1] += '\n(as given)'; t[0][-1] += ' \nfinal'; return join(lines(t), '\r\n'), t


@kind('nul_bytes', 5, 'NUL bytes: padding at the end of the file, or in/after cells -> dropped')
def k(r, i):
    t = tab(r, i, BASIC); b = join(lines(t), EOLS[i % 2]).encode()
    if i < 2: return b + b'\0' * (64 if i else 512), t
    o = bytearray()
    for n, ch in enumerate(b):
        if ch == 44 and r.random() < .05: o.append(0)
        o.append(ch)
    return bytes(o), t


@kind('formula_cells', 5, 'cells beginning with = + - @ -> never changed, nothing put before them')
def k(r, i):
    t = tab(r, i, {'comma', 'url'}, which=[t_courses, t_stock, t_patients, t_buses, t_plots])
    for x, v in zip(t[1:], ['=SUM(A1,B2)', '+44 1632 960001', '-12', '@home', '=1+1', '-', '=HYPERLINK("http://example.org","x")', '@sum(1)']): x[1] = v
    return join(lines(t, delim=[',', ';'][i % 2]), EOLS[i % 2]), t


@kind('space_cells', 5, 'leading and trailing spaces, double spaces, single blanks inside cells -> kept')
def k(r, i):
    t = tab(r, i, {'comma'}, which=[t_courses, t_stock, t_patients, t_buses])
    for x in r.sample(t[1:], 4): x[1] = r.choice([' ' + x[1], x[1] + ' ', x[1] + '  ', x[1].replace(' ', '  ', 1)])
    return join(lines(t), EOLS[i % 2]), t


@kind('combo', 12, 'several of the above at once (mark, delimiter, preamble, blank lines, all quoted, line ends, trailing delimiter)')
def k(r, i):
    t = tab(r, i, BASIC | {'acc1252'}); d = [';', '\t', ',', '|'][i % 4]; w = len(t[0])
    L = lines(t, delim=d, mode='all' if i % 3 == 0 else 'min')
    if i % 2: L = r.sample(TITLES, 1 + i % 4) + [''] + L
    if i % 4 == 2: L = L + ['', r.choice(NOTES)]
    if i % 5 == 3: L += [d * (w - 1)] * 2
    e = ['\r\n', '\n', '\r'][i % 3]; s = join(L, e)
    return [b'\xef\xbb\xbf' + s.encode(), s.encode('cp1252'), b'\xff\xfe' + s.encode('utf-16-le'), s.encode()][(i // 2) % 4], t


# ----------------------------------------------------------------
def dump(rows):
    b = io.StringIO(); csv.writer(b, lineterminator='\n').writerows(rows); return b.getvalue().encode()


HEAD = """# Kinds of the own corpus: what it is -> what is expected

POLLOCK = the rule of polluted_files (the scored set) decided it. Where the reading is disputed, OUT/alt/NAME.clean.csv holds the other one
(group_row, header_repeated, footnote_*, two_tables_same, repeated_header, no_header, trailing_delimiter).
Against plain sense because of Pollock: header_repeated (joined, not dropped), two_tables_* (later tables lost), stray_quote_start and unclosed_quote
(the quote stays in the cell), surplus_empty_* (the cell goes). repeated_header differs from two_tables_same only in that the records below are NEW;
there keeping them was chosen (survey_sample does so). trailing_delimiter and footnote_* follow the brief/generator, not survey_sample.

"""


def main():
    out = sys.argv[1]; os.makedirs(out + '/alt', exist_ok=True); n = 0; size = 0; md = []
    for nm, (cnt, fn, desc) in KINDS.items():
        for i in range(cnt):
            r = random.Random(zlib.crc32(f'{nm}/{i}'.encode()) ^ 20240417)
            res = fn(r, i); raw, t = res[0], res[1]; alt = res[2] if len(res) > 2 else None
            raw = raw if isinstance(raw, bytes) else raw.encode()
            p = f'{out}/{nm}_{i:02}'
            c = dump(t)
            open(p + '.csv', 'wb').write(raw); open(p + '.clean.csv', 'wb').write(c)
            if alt is not None: open(f'{out}/alt/{nm}_{i:02}.clean.csv', 'wb').write(dump(alt))
            n += 1; size += len(raw) + len(c)
        md.append(f'- `{nm}` ({cnt}): {desc}.')
    print(n, 'files', len(KINDS), 'kinds', size, 'bytes')
    if len(sys.argv) > 2: open(sys.argv[2], 'w').write(HEAD + '\n'.join(md) + '\n')


main()
