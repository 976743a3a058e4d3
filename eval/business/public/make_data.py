#!/usr/bin/env python3
"""make_data.py FOLDER: writes airline, library, contractor, callcentre .sqlite, always the same bytes.

Python 3 standard library only. Today is taken to be 2026-11-22.
"""
import os
import random
import sqlite3
import sys
from datetime import date, datetime, timedelta

TODAY = date(2026, 11, 22)
FIRST = date(2024, 1, 1)


def days(a, b):
    return (b - a).days


def rdate(r, a, b):
    return a + timedelta(days=r.randrange(days(a, b) + 1))


def pick(r, pairs):
    """weighted choice of [(value, weight), ...]"""
    t = r.random() * sum(w for _, w in pairs)
    for v, w in pairs:
        t -= w
        if t < 0:
            return v
    return pairs[-1][0]


def grown(r, a, b, grow=0.6, season=None):
    """a date in [a, b], later ones likelier, months weighted by season[month]"""
    n = days(a, b)
    while True:
        d = a + timedelta(days=r.randrange(n + 1))
        w = (1 + grow * days(a, d) / n) / (1 + grow)
        if season:
            w *= season[d.month - 1] / max(season)
        if r.random() < w:
            return d


def ts(d, h, m, s=0):
    return datetime(d.year, d.month, d.day, h, m, s)


FIRSTN = """Alice Amir Anna Arthur Beatrix Ben Carla Callum Chloe Colin Dana David Deirdre Dmitri Ed Elena Emma Erik
Fatima Finn Fiona Gareth Grace Greta Hamish Hana Harriet Hugo Ian Ingrid Iris Isaac Jack Jamila Jean Joel Julia Kai
Karen Kenji Kirsty Lars Laura Leo Liam Lucia Magnus Maria Marcus Mei Mhairi Mona Nadia Neil Nina Noah Olga Oliver Omar
Orla Owen Paula Pedro Petra Priya Quentin Rachel Rahul Rosa Ruth Sam Sara Seamus Sofia Stan Tara Tariq Theo Tom Uma
Ursula Victor Wanda Will Yara Yusuf Zoe""".split()
LASTN = """Abbott Adeyemi Ahmed Anderson Baker Barr Bell Black Boyle Brennan Byrne Campbell Chen Clark Costa Craig Dahl
Davies Duffy Dunn Eriksen Farrell Fraser Garcia Gibson Gill Grant Gray Haugen Hill Hughes Hussain Ibrahim Jansen Johnson
Kaur Kelly Khan Kowalski Larsen Lewis Lopez Lynch MacLeod Mahmood Martin McKay Miller Moran Murphy Murray Nair Nolan
Novak Olsen Patel Petrov Quinn Rana Reid Roberts Rossi Ryan Santos Scott Shah Silva Sinclair Singh Smith Stewart Suzuki
Taylor Thomson Todd Walker Wallace Walsh Wang Watson Weber Wilson Wood Young Zhang""".split()


def names(r, n, taken=()):
    out, seen = [], set(taken)
    while len(out) < n:
        p = (r.choice(FIRSTN), r.choice(LASTN))
        if p not in seen:
            seen.add(p)
            out.append(p)
    return out


def write(folder, name, tables):
    path = os.path.join(folder, name + ".sqlite")
    if os.path.exists(path):
        os.remove(path)
    con = sqlite3.connect(path, isolation_level=None)
    con.execute("PRAGMA page_size=4096")
    con.execute("PRAGMA journal_mode=OFF")
    con.execute("BEGIN")
    for t, cols, rows in tables:
        con.execute('CREATE TABLE "%s" (%s)' % (t, ", ".join('"%s" %s' % c for c in cols)))
        con.executemany('INSERT INTO "%s" VALUES (%s)' % (t, ",".join("?" * len(cols))), rows)
        assert 20 <= len(rows) <= 3000, (name, t, len(rows))
        assert all(len(x) == len(cols) for x in rows), (name, t)
    con.execute("COMMIT")
    con.close()
    return path


# ------------------------------------------------------------------ airline
def airline(folder):
    r = random.Random(8101)
    ports = [("ABZ", "Aberdeen International", "Aberdeen", "United Kingdom", "yes"),
             ("EDI", "Edinburgh Airport", "Edinburgh", "United Kingdom", "yes"),
             ("GLA", "Glasgow International", "Glasgow", "United Kingdom", "no"),
             ("INV", "Inverness Airport", "Inverness", "United Kingdom", "no"),
             ("KOI", "Kirkwall Airport", "Kirkwall", "United Kingdom", "no"),
             ("LSI", "Sumburgh Airport", "Sumburgh", "United Kingdom", "no"),
             ("SYY", "Stornoway Airport", "Stornoway", "United Kingdom", "no"),
             ("MAN", "Manchester Airport", "Manchester", "United Kingdom", "yes"),
             ("NCL", "Newcastle International", "Newcastle", "United Kingdom", "no"),
             ("LBA", "Leeds Bradford", "Leeds", "United Kingdom", "no"),
             ("BRS", "Bristol Airport", "Bristol", "United Kingdom", "no"),
             ("SOU", "Southampton Airport", "Southampton", "United Kingdom", "no"),
             ("CWL", "Cardiff Airport", "Cardiff", "United Kingdom", "no"),
             ("BHD", "George Best Belfast City", "Belfast", "United Kingdom", "no"),
             ("DUB", "Dublin Airport", "Dublin", "Ireland", "yes"),
             ("ORK", "Cork Airport", "Cork", "Ireland", "no"),
             ("SNN", "Shannon Airport", "Shannon", "Ireland", "no"),
             ("BGO", "Bergen Flesland", "Bergen", "Norway", "no"),
             ("SVG", "Stavanger Sola", "Stavanger", "Norway", "no"),
             ("HAU", "Haugesund Karmoy", "Haugesund", "Norway", "no")]
    models = [("ATR 72-600", 72), ("ATR 42-500", 48), ("Dash 8-400", 78), ("Embraer 145", 50), ("Saab 340", 34)]
    aircraft = []
    for i in range(22):
        m, seats = models[[0, 0, 2, 1, 3, 4][i % 6]]
        aircraft.append(["G-RG" + "ABCDEFGHJKLMNPQRSTUVWX"[i] + "ACEGKMPRT"[i % 9], m, seats,
                         rdate(r, date(2006, 3, 1), date(2023, 9, 30)).isoformat(),
                         1 if r.random() < 0.4 else 0,
                         "in service", r.choice(["ABZ", "EDI", "MAN", "DUB"]),
                         rdate(r, date(2025, 12, 1), date(2026, 11, 10)).isoformat()])
    for i in (6, 15):
        aircraft[i][5] = "in maintenance"
    for i in (11, 17, 21):
        aircraft[i][5] = "stored"
    for i in (3, 11, 17, 21):
        aircraft[i][7] = None
    crew = []
    nm = names(r, 64)
    for i in range(64):
        pos = "Captain" if i < 20 else "First Officer" if i < 38 else "Purser" if i < 46 else "Cabin Crew"
        hired = rdate(r, date(2009, 1, 1), date(2025, 10, 31))
        left = None
        if i not in (0, 1, 2, 3) and r.random() < 0.14:
            left = rdate(r, max(date(2024, 6, 1), hired + timedelta(200)), date(2026, 10, 31))
            if left > date(2026, 10, 31):
                left = date(2026, 10, 31)
        if i == 0:
            boss = None
        elif i < 4:
            boss = 1001
        elif i < 38:
            boss = 1001 + r.choice([0, 1, 2, 3])
        elif i < 46:
            boss = 1001
        else:
            boss = 1001 + r.choice([38, 39, 40, 41, 42])
        lic = rdate(r, date(2026, 9, 1), date(2028, 6, 30)).isoformat() if i < 38 else None
        crew.append([1001 + i, " ".join(nm[i]), pos, r.choice(["ABZ", "ABZ", "EDI", "EDI", "MAN", "DUB"]), hired.isoformat(),
                     left.isoformat() if left else None, boss, lic, "Y" if r.random() < 0.27 else "N"])
    routes = [("ABZ", "EDI", 150), ("ABZ", "MAN", 430), ("ABZ", "BGO", 510), ("ABZ", "SVG", 480), ("EDI", "KOI", 340),
              ("EDI", "LSI", 450), ("EDI", "SYY", 300), ("EDI", "DUB", 340), ("GLA", "SYY", 270), ("GLA", "BHD", 170),
              ("INV", "MAN", 460), ("INV", "KOI", 180), ("MAN", "BHD", 260), ("MAN", "SOU", 290), ("NCL", "BRS", 400),
              ("DUB", "BRS", 330), ("DUB", "LBA", 300), ("ORK", "MAN", 420), ("EDI", "BGO", 690), ("ABZ", "NCL", 240)]
    wts = [9, 8, 5, 6, 7, 4, 5, 8, 4, 6, 3, 4, 7, 5, 4, 5, 5, 3, 2, 4]
    flyable = [a for a in aircraft if a[5] != "stored"]
    tailw = {a[0]: 0.4 + r.random() for a in flyable}
    cap_w = {c[0]: 0.5 + r.random() for c in crew[:20]}
    never = crew[17][0]
    season = [70, 74, 86, 92, 104, 116, 124, 120, 108, 96, 80, 88]
    fl = []
    for _ in range(1480):
        d = grown(r, FIRST, date(2026, 11, 21), 0.5, season)
        fl.append(d)
    fl += [TODAY + timedelta(days=1 + i // 4) for i in range(28)]
    fl.sort()
    reasons = [("late inbound", 30), ("weather", 24), ("technical", 18), ("crew", 10), ("air traffic control", 12),
               ("ground handling", 8)]
    flights = []
    numof = {}
    for i, d in enumerate(fl):
        k = pick(r, list(zip(range(20), wts)))
        o, de, km = routes[k]
        no = "RG%d" % (101 + 10 * k)
        if r.random() < 0.48:
            o, de = de, o
            no = "RG%d" % (102 + 10 * k)
        numof[no] = (o, de)
        dep = ts(d, pick(r, [(6, 10), (7, 14), (8, 8), (9, 6), (10, 5), (12, 6), (14, 6), (16, 8), (17, 12), (18, 9), (20, 5)]),
                 r.choice([0, 5, 10, 15, 20, 30, 40, 45, 50]))
        tail = pick(r, [(a[0], tailw[a[0]]) for a in flyable])
        ok = [c for c in crew[:20] if c[0] != never and c[4] <= d.isoformat() and (c[5] is None or c[5] > d.isoformat())]
        cap = pick(r, [(c[0], cap_w[c[0]]) for c in ok])
        if d > TODAY:
            flights.append([i + 1, no, o, de, tail, cap if r.random() < 0.8 else None, str(dep), None, None, None, None,
                            "scheduled", km])
            continue
        winter = d.month in (12, 1, 2)
        x = r.random()
        if x < (0.06 if winter else 0.028):
            flights.append([i + 1, no, o, de, tail, cap, str(dep), None, None, None,
                            pick(r, [("weather", 5), ("technical", 3), ("crew", 2)]), "cancelled", km])
            continue
        y = r.random()
        if y < 0.5:
            delay = r.randrange(0, 6)
        elif y < 0.78:
            delay = r.randrange(5, 30)
        elif y < 0.95:
            delay = r.randrange(25, 80)
        else:
            delay = r.randrange(80, 260)
        if y < 0.06:
            delay = -r.randrange(1, 6)
        reason = pick(r, reasons) if delay >= 15 else None
        if reason and r.random() < 0.07:
            reason = None
        ad = dep + timedelta(minutes=delay)
        dur = 22 + km / 7.4 + r.randrange(-4, 12)
        if tail and [a for a in aircraft if a[0] == tail][0][1].startswith("Embraer"):
            dur -= 9
        div = r.random() < 0.014
        if div:
            dur += r.randrange(20, 60)
        aa = ad + timedelta(minutes=int(dur))
        flights.append([i + 1, no, o, de, tail, cap, str(dep), str(ad), str(aa), delay, reason,
                        "diverted" if div else "landed", km])
    pax = [" ".join(p) for p in names(r, 900)]
    bookings = []
    refs = set()
    n = 0
    while n < 2900:
        f = r.choice(flights)
        dep = date.fromisoformat(f[6][:10])
        lead = int(r.expovariate(1 / 24.0))
        b = dep - timedelta(days=lead)
        if b < FIRST or b > date(2026, 11, 21):
            continue
        ref = "".join(r.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(6))
        if ref in refs:
            continue
        refs.add(ref)
        fc = pick(r, [("Economy", 68), ("Flex", 22), ("Business", 10)])
        base = 38 + f[12] * 0.17 + (18 if lead < 7 else 0) + (days(FIRST, b) / 365.0) * 5
        price = round(base * {"Economy": 1, "Flex": 1.55, "Business": 2.7}[fc] * r.uniform(0.8, 1.35), 2)
        ch = pick(r, [("web", 48 - days(FIRST, b) / 80.0), ("app", 14 + days(FIRST, b) / 60.0), ("travel agent", 20), ("airport desk", 6)])
        st, refund, ns = "confirmed", None, None
        if f[11] == "cancelled" or r.random() < 0.075:
            st = "cancelled"
            refund = round(price * (1 if f[11] == "cancelled" else r.choice([0.5, 0.8, 0.8, 1])), 2)
            if f[11] != "cancelled" and r.random() < 0.15:
                refund = None
        elif f[11] in ("landed", "diverted"):
            ns = "Y" if r.random() < 0.055 else "N"
        bookings.append([ref, f[0], r.choice(pax), b.isoformat(), fc, price, pick(r, [(0, 45), (1, 40), (2, 12), (3, 3)]),
                         ch, st, refund, ns])
        n += 1
    bookings.sort(key=lambda x: (x[3], x[0]))
    mx = []
    for i in range(190):
        a = r.choice(aircraft[:21])
        d = rdate(r, FIRST, date(2026, 11, 20))
        mx.append((d, a))
    mx.sort(key=lambda x: (x[0], x[1][0]))
    maint = []
    for i, (d, a) in enumerate(mx):
        kind = pick(r, [("A-check", 30), ("repair", 40), ("inspection", 22), ("C-check", 8)])
        ln = {"A-check": 3, "repair": 5, "inspection": 1, "C-check": 18}[kind]
        cl = d + timedelta(days=int(ln * r.uniform(0.5, 2.2)))
        cost = round({"A-check": 9000, "repair": 6500, "inspection": 1400, "C-check": 88000}[kind] * r.uniform(0.5, 1.9), 2)
        if cl > date(2026, 11, 21) or (d.year == 2026 and d.month > 8 and r.random() < 0.3):
            cl, cost = None, None
        elif r.random() < 0.03:
            cost = None
        maint.append(["WO-%d" % (5001 + i), a[0], kind, d.isoformat(), cl.isoformat() if cl else None,
                      r.choice(["ABZ", "EDI", "MAN"]), cost])
    T, I, R = "TEXT", "INTEGER", "REAL"
    return write(folder, "airline", [
        ("airports", [("code", T), ("airport_name", T), ("city", T), ("country", T), ("is_hub", T)], ports),
        ("aircraft", [("tail_no", T), ("model", T), ("seats", I), ("delivered_on", T), ("leased", I), ("status", T),
                      ("home_base", T), ("last_check_on", T)], aircraft),
        ("crew", [("crew_id", I), ("full_name", T), ("position", T), ("base", T), ("hired_on", T), ("left_on", T),
                  ("reports_to", I), ("licence_expires", T), ("part_time", T)], crew),
        ("flights", [("flight_id", I), ("flight_no", T), ("origin", T), ("destination", T), ("tail_no", T), ("captain", I),
                     ("scheduled_departure", T), ("actual_departure", T), ("actual_arrival", T), ("departure_delay_min", I),
                     ("delay_reason", T), ("status", T), ("distance_km", I)], flights),
        ("bookings", [("booking_ref", T), ("flight_id", I), ("passenger_name", T), ("booked_on", T), ("fare_class", T),
                      ("price", R), ("bags", I), ("channel", T), ("status", T), ("refund_amount", R), ("no_show", T)], bookings),
        ("maintenance", [("work_order", T), ("aircraft", T), ("kind", T), ("opened_on", T), ("closed_on", T), ("hangar", T),
                         ("cost", R)], maint),
    ])


# ------------------------------------------------------------------ library
def library(folder):
    r = random.Random(8102)
    A = """Last Silent Crooked Winter Burning Hidden Paper Golden Broken Second Salt Glass Quiet Distant Iron Thousand
    Forgotten Blue Average Northern Borrowed Little Wild Empty Late""".split()
    B = """Orders Garden River Letters Kingdom Season Bridge Orchard Harbour Daughters Machine Island Summer Lanterns
    Atlas Promise Months Horses Station Shadows Returns Theory Coast Recipes""".split()
    genres = [("Crime", 22), ("Romance", 14), ("Science Fiction", 13), ("History", 12), ("Children", 20), ("Biography", 9),
              ("Cooking", 6), ("Poetry", 4)]
    auth = [" ".join(p) for p in names(r, 92)]
    titles, books = set(), []
    spec = ["1984", "May Day", "A Year in March", "Count to Ten", "The Sum of Us"]
    for i in range(320):
        while True:
            t = spec[i // 60] if i % 60 == 7 and i // 60 < len(spec) else "%s%s %s" % (r.choice(["The ", "The ", "", "A "]), r.choice(A), r.choice(B))
            if t not in titles:
                titles.add(t)
                break
        g = pick(r, genres)
        lang = pick(r, [("English", 80), ("Polish", 7), ("Spanish", 7), ("Urdu", 4), ("French", 3)])
        acq = rdate(r, date(2012, 1, 1), date(2026, 10, 15)) if r.random() < 0.3 else rdate(r, date(2012, 1, 1), date(2023, 12, 31))
        pages = r.randrange(120, 720) if g != "Children" else r.randrange(24, 180)
        books.append([301 + i, t, r.choice(auth), g, lang, r.randrange(1948, acq.year + 1),
                      None if r.random() < 0.06 else pages, pick(r, [(1, 40), (2, 30), (3, 16), (4, 9), (6, 5)]),
                      round(r.uniform(4.5, 32), 2), "Y" if r.random() < 0.07 else "N", acq.isoformat()])
    br = ["Central", "Riverside", "Northgate", "Hillcrest", "Old Mill"]
    members = []
    nm = names(r, 258)
    nm.insert(40, ("April", "June"))
    nm.insert(120, ("May", "Summers"))
    for i in range(260):
        mt = pick(r, [("adult", 50), ("child", 20), ("senior", 17), ("student", 13)])
        if i < 20:
            mt = "adult"
        j = rdate(r, date(2014, 2, 1), date(2026, 11, 15)) if r.random() < 0.5 else rdate(r, FIRST, date(2026, 11, 15))
        ad = [m for m in members if m[3] == "adult" and m[4] < j.isoformat()]
        g = None
        if mt == "child" and ad and r.random() < 0.85:
            g = r.choice(ad)[0]
        st = pick(r, [("active", 84), ("expired", 11), ("blocked", 5)])
        em = None if (mt == "child" or r.random() < 0.13) else "%s.%s%d@example.org" % (nm[i][0].lower(), nm[i][1].lower(), r.randrange(10, 99))
        members.append([7001 + i, nm[i][0], nm[i][1], mt, j.isoformat(), pick(r, list(zip(br, [40, 22, 18, 12, 8]))), em, g,
                        pick(r, [("yes", 45), ("no", 45), (None, 10)]), st])
    mw = {m[0]: r.choice([0, 0.4, 0.8, 1, 1, 1.5, 2, 3]) for m in members}
    bw = {b[0]: (0 if b[9] == "Y" else r.choice([0, 0.3, 0.6, 1, 1, 1.4, 2.2, 4])) for b in books}
    season = [112, 100, 104, 98, 90, 84, 118, 120, 94, 108, 110, 80]
    loans = []
    ds = sorted(grown(r, FIRST, date(2026, 11, 21), 0.35, season) for _ in range(2850))
    ds = [d if d.weekday() != 6 else d - timedelta(days=1) for d in ds]
    ds.sort()
    for i, d in enumerate(ds):
        iso = d.isoformat()
        m = pick(r, [(m, mw[m[0]]) for m in members if m[4] <= iso])
        cand = [(b, bw[b[0]] * ((3 if b[3] == "Children" else 0.3) if m[3] == "child" else (0.35 if b[3] == "Children" else 1)))
                for b in books if b[10] <= iso]
        b = pick(r, cand)
        h = pick(r, [(9, 5), (10, 12), (11, 13), (12, 9), (13, 8), (14, 9), (15, 12), (16, 15), (17, 10), (18, 5)])
        if d.weekday() == 5:
            h = pick(r, [(10, 12), (11, 14), (12, 11), (13, 8), (14, 5)])
        ren = pick(r, [(0, 70), (1, 19), (2, 8), (3, 3)])
        due = d + timedelta(days=21 + 14 * ren)
        x = r.random()
        if x < 0.76:
            back = d + timedelta(days=r.randrange(2, 20 + 14 * ren))
        elif x < 0.985:
            back = due + timedelta(days=1 + int(r.expovariate(1 / 9.0)))
        else:
            back = None
        if back and back > date(2026, 11, 21):
            back = None
        brn = m[5] if r.random() < 0.72 else r.choice(br)
        loans.append([20001 + i, b[0], m[0], str(ts(d, h, r.randrange(60))), due.isoformat(), back.isoformat() if back else None,
                      ren, brn, "true" if r.random() < 0.3 + 0.35 * days(FIRST, d) / 1056 else "false"])
    fines = []
    for l in loans:
        if l[5] and l[5] > l[4] and r.random() < 0.72:
            late = days(date.fromisoformat(l[4]), date.fromisoformat(l[5]))
            fines.append([date.fromisoformat(l[5]), l[0], round(min(0.25 * late, 12), 2), "late"])
        if l[5] and r.random() < 0.018:
            fines.append([date.fromisoformat(l[5]), l[0], round(r.uniform(3, 16), 2), "damaged"])
        if l[5] is None and l[4] < "2026-08-15" and r.random() < 0.9:
            fines.append([date.fromisoformat(l[4]) + timedelta(days=60), l[0], round(r.uniform(8, 34), 2), "lost"])
    fines.sort(key=lambda x: (x[0], x[1]))
    frows = []
    for i, f in enumerate(fines):
        w = 1 if r.random() < 0.09 else 0
        p = None
        if not w and r.random() < 0.74:
            pd = f[0] + timedelta(days=int(r.expovariate(1 / 20.0)))
            p = pd.isoformat() if pd <= date(2026, 11, 21) else None
        frows.append([9001 + i, f[1], f[2], f[3], f[0].isoformat(), p, w])
    res = []
    rd = sorted(grown(r, FIRST, date(2026, 11, 20), 0.5) for _ in range(430))
    for i, d in enumerate(rd):
        iso = d.isoformat()
        m = pick(r, [(m, mw[m[0]] + 0.15) for m in members if m[4] <= iso])
        b = pick(r, [(b, bw[b[0]] ** 1.4 + 0.08) for b in books if b[10] <= iso])
        st = pick(r, [("fulfilled", 66), ("cancelled", 16), ("expired", 10)])
        if iso > "2026-10-10" and r.random() < 0.6:
            st = "waiting"
        rdy = None
        if st == "fulfilled" or (st == "expired" and r.random() < 0.8):
            rdy = d + timedelta(days=1 + int(r.expovariate(1 / 11.0)))
            if rdy > date(2026, 11, 21):
                rdy, st = None, "waiting"
        res.append(["R%04d" % (i + 1), b[0], m[0], iso, rdy.isoformat() if rdy else None, st])
    T, I, R = "TEXT", "INTEGER", "REAL"
    return write(folder, "library", [
        ("books", [("bookId", I), ("title", T), ("author", T), ("genre", T), ("language", T), ("publishedYear", I), ("pages", I),
                   ("copies", I), ("purchasePrice", R), ("referenceOnly", T), ("acquiredOn", T)], books),
        ("members", [("memberId", I), ("firstName", T), ("lastName", T), ("memberType", T), ("joinedOn", T), ("homeBranch", T),
                     ("email", T), ("guardian", I), ("newsletter", T), ("status", T)], members),
        ("loans", [("loanId", I), ("bookId", I), ("borrower", I), ("loanedAt", T), ("dueOn", T), ("returnedOn", T),
                   ("renewals", I), ("branch", T), ("selfService", T)], loans),
        ("fines", [("fineId", I), ("loanId", I), ("amount", R), ("reason", T), ("issuedOn", T), ("paidOn", T), ("waived", I)], frows),
        ("reservations", [("reservationId", T), ("bookId", I), ("reservedBy", I), ("reservedOn", T), ("readyOn", T),
                          ("status", T)], res),
    ])


# --------------------------------------------------------------- contractor
def contractor(folder):
    r = random.Random(8103)
    trades = [("Carpenter", 24), ("Bricklayer", 18), ("Electrician", 14), ("Plumber", 12), ("Painter", 12), ("Labourer", 20)]
    nm = names(r, 68)
    wrk = []
    for i, p in enumerate(nm):
        no = "W%03d" % (i + 1)
        if i < 6:
            tr, rate, boss = "Project Manager", r.uniform(41, 55), None
        elif i < 16:
            tr, rate, boss = pick(r, trades[:5]), r.uniform(30, 38), "W%03d" % (1 + r.randrange(6))
        else:
            tr, boss = pick(r, trades), "W%03d" % (7 + r.randrange(9))
            rate = r.uniform(17, 22) if tr == "Labourer" else r.uniform(21, 32)
        hired = rdate(r, date(2010, 3, 1), date(2026, 6, 30)) if i >= 16 else rdate(r, date(2008, 1, 1), date(2022, 12, 31))
        wrk.append([no, " ".join(p), tr, hired.isoformat(), round(rate * 4) / 4, boss, "N" if i > 8 and r.random() < 0.13 else "Y",
                    None if r.random() < 0.12 else "07700 900%03d" % r.randrange(1000)])
    cl = ["Harbour Estates", "Stone & Daughters", "City Council", "Northfield School Trust", "Bluebird Hotels", "Meadow Homes",
          "Kestrel Logistics", "St Anne Hospital", "Lopez Family", "Greenway Housing", "Orchard Retail", "Total Fitness"]
    cities = [("Leeds", 30), ("York", 22), ("Bradford", 18), ("Sheffield", 16), ("Hull", 10)]
    adj = ["Mill", "Station", "Park", "Castle", "Canal", "Abbey", "Market", "Victoria", "Chapel", "Summit", "Top Hill", "Quarry"]
    thing = {"New Build": ["Apartments", "Offices", "Warehouse", "Townhouses"], "Renovation": ["Hall Refit", "House Renovation", "Hotel Refurb"],
             "Extension": ["School Extension", "Kitchen Extension", "Clinic Wing"], "Repair": ["Roof Repair", "Flood Repair", "Facade Repair"]}
    proj, seen = [], set()
    st0 = sorted(rdate(r, date(2024, 1, 5), date(2026, 10, 20)) for _ in range(62))
    for i, s in enumerate(st0):
        ty = pick(r, [("New Build", 24), ("Renovation", 34), ("Extension", 22), ("Repair", 20)])
        while True:
            n = r.choice(adj) + " " + r.choice(thing[ty])
            if n not in seen:
                seen.add(n)
                break
        ln = int({"New Build": 300, "Renovation": 130, "Extension": 160, "Repair": 45}[ty] * r.uniform(0.6, 1.4))
        pe = s + timedelta(days=ln)
        ae = s + timedelta(days=int(ln * r.uniform(0.9, 1.32)))
        amt = round({"New Build": 900000, "Renovation": 210000, "Extension": 260000, "Repair": 38000}[ty] * r.uniform(0.5, 1.8), -2)
        stt = "CLSD"
        if ae > date(2026, 11, 20):
            ae, stt = None, "OPEN"
        x = r.random()
        if stt == "OPEN" and x < 0.12:
            stt = "HOLD"
        if i in (9, 33):
            stt, ae = "CNCL", None
        par = None
        proj.append(["P%d" % (240 + i), n, r.choice(cl), ty, pick(r, cities), s.isoformat(), pe.isoformat(),
                     ae.isoformat() if ae else None, amt, stt, "W%03d" % (1 + r.randrange(5)), par])
    # planned but not started
    for i in range(4):
        ty = ["New Build", "Renovation", "Repair", "Extension"][i]
        n = "Phase Two " + thing[ty][0]
        proj.append(["P%d" % (302 + i), n, r.choice(cl), ty, pick(r, cities), None, "2027-0%d-28" % (4 + i), None,
                     None if i == 1 else round(r.uniform(90000, 700000), -2), "TNDR", None if i in (1, 3) else "W006", None])
    for k in (12, 19, 26, 34, 41, 47, 55, 63):
        proj[k][11] = proj[r.randrange(max(0, k - 14), k - 2)][0]
    run = [p for p in proj if p[5] and p[9] != "CNCL"]
    nobody = {run[4][0], run[-1][0], run[-3][0]}

    def active(d):
        iso = d.isoformat()
        return [p for p in run if p[5] <= iso and (p[7] is None or p[7] >= iso) and p[0] not in nobody]
    tm = []
    ww = {w[0]: 0.3 + r.random() for w in wrk[6:]}
    used = set()
    while len(tm) < 2960:
        d = grown(r, date(2024, 1, 22), date(2026, 11, 20), 0.35)
        if d.weekday() == 6 or (d.weekday() == 5 and r.random() < 0.75):
            continue
        ps = active(d)
        if not ps:
            continue
        c = [(w, ww[w[0]]) for w in wrk[6:] if w[3] <= d.isoformat() and (w[6] == "Y" or d < date(2026, 3, 1))]
        w = pick(r, c)
        if (w[0], d) in used or w[0] == "W061":
            continue
        used.add((w[0], d))
        big = {"New Build": 4, "Renovation": 2, "Extension": 2, "Repair": 1}
        p = pick(r, [(p, big[p[3]]) for p in ps])
        hrs = r.choice([4, 6, 7, 7.5, 8, 8, 8, 8])
        ot = r.choice([0, 0, 0, 0, 0, 0, 1, 1.5, 2, 3]) if hrs == 8 else 0
        tm.append([d, w[0], p[0], hrs, ot if r.random() > 0.04 else None])
    tm.sort(key=lambda x: (x[0], x[1]))
    tms = [[100001 + i, t[1], t[2], t[0].isoformat(), t[3], t[4],
            (1 if r.random() < 0.97 else 0) if t[0] < date(2026, 11, 1) else (1 if r.random() < 0.3 else 0)] for i, t in enumerate(tm)]
    items = [("C25 Concrete m3", "Concrete", 96, 40), ("Rebar 12mm", "Steel", 9.5, 300), ("I-Beam 6m", "Steel", 240, 14), ("Facing Brick pallet", "Masonry", 410, 10),
             ("Breeze Block", "Masonry", 1.9, 800), ("C24 Timber 4.8m", "Timber", 13.5, 120), ("OSB Sheet", "Timber", 19, 60), ("Plasterboard", "Interior", 9.2, 150),
             ("Paint 10L", "Interior", 46, 18), ("Copper Pipe 3m", "Plumbing", 17, 45), ("Boiler", "Plumbing", 1180, 2), ("Cable 100m", "Electrical", 88, 12),
             ("Consumer Unit", "Electrical", 132, 3), ("Roof Slate", "Roofing", 3.4, 700), ("Insulation Roll", "Interior", 31, 50)]
    sup = [("Jewson Yard", 30), ("Pennine Supplies", 26), ("Aire Steel", 14), ("Dales Timber", 18), ("Bulk & Brick", 12)]
    mt = []
    for _ in range(720):
        while True:
            d = grown(r, date(2024, 1, 10), date(2026, 11, 20), 0.3)
            ps = [p for p in active(d) if p[0] not in (run[8][0], run[20][0])]
            if ps:
                break
        p = pick(r, [(p, p[8] or 1) for p in ps])
        it = r.choice(items)
        q = max(1, int(it[3] * r.uniform(0.3, 1.8)))
        pr = round(it[2] * r.uniform(0.9, 1.2) * (1 + 0.04 * days(FIRST, d) / 365), 2)
        dl = d + timedelta(days=1 + int(r.expovariate(1 / 7.0)))
        mt.append([d, p[0], it[0], it[1], q, pr, dl.isoformat() if dl <= date(2026, 11, 20) and r.random() > 0.015 else None, pick(r, sup)])
    mt.sort(key=lambda x: (x[0], x[1], x[2]))
    matl = [[5001 + i, m[1], m[2], m[3], m[4], m[5], m[0].isoformat(), m[6], m[7]] for i, m in enumerate(mt)]
    sn = ["Apex Roofing", "Bright Spark Electrical", "Calder Plumbing", "Delta Scaffolding", "Ebor Glazing", "First Fix Joinery", "Grit Groundworks",
          "Humber Heating", "Ivy Landscapes", "Jubilee Plastering", "Kirk Demolition", "Ladder & Sons", "Moor Tiling", "Nidd Roofing", "Ouse Drainage",
          "Peak Scaffolding", "Quality Floors", "Ridge Roofing", "Swift Electrical", "Tyke Plastering", "Ure Glazing", "Vale Asbestos Removal",
          "Wharfe Groundworks", "Xtra Joinery", "Yorkshire Lifts", "Zenith Solar"]
    stt = ["Roofing", "Electrical", "Plumbing", "Scaffolding", "Glazing", "Joinery", "Groundworks", "Plumbing", "Landscaping", "Plastering", "Demolition",
           "Scaffolding", "Tiling", "Roofing", "Groundworks", "Scaffolding", "Flooring", "Roofing", "Electrical", "Plastering", "Glazing", "Demolition",
           "Groundworks", "Joinery", "Lifts", "Electrical"]
    subc = [[11 + i, sn[i], stt[i], pick(r, cities), pick(r, [("YES", 66), ("NO", 20), (None, 14)])] for i in range(26)]
    sw = {s[0]: (0 if s[1] in ("Yorkshire Lifts", "Ivy Landscapes", "Xtra Joinery") else 0.3 + r.random()) for s in subc}
    bl = []
    for _ in range(430):
        while True:
            d = grown(r, date(2024, 2, 5), date(2026, 11, 20), 0.4)
            ps = active(d)
            if ps:
                break
        p = pick(r, [(p, (p[8] or 1) ** 0.5) for p in ps])
        s = pick(r, [(s[0], sw[s[0]]) for s in subc])
        bl.append([d, s, p[0], round(r.uniform(900, 9000) * (1.9 if p[3] == "New Build" else 1), 2)])
    bl.sort(key=lambda x: (x[0], x[1], x[3]))
    bills = []
    for i, b in enumerate(bl):
        due = b[0] + timedelta(days=r.choice([14, 30, 30, 30, 45]))
        pd = b[0] + timedelta(days=int(r.gauss(29, 13)))
        if pd < b[0]:
            pd = b[0] + timedelta(days=2)
        st = "PAID"
        if pd > date(2026, 11, 20) or r.random() < 0.05:
            pd, st = None, "OPEN"
        x = r.random()
        if x < 0.035:
            pd, st = None, "DISP"
        bills.append(["B%04d" % (i + 1), b[1], b[2], b[0].isoformat(), due.isoformat(), pd.isoformat() if pd else None, b[3], st])
    T, I, R = "TEXT", "INTEGER", "REAL"
    return write(folder, "contractor", [
        ("PROJ", [("PROJ_NO", T), ("PROJ_NM", T), ("CLNT_NM", T), ("PROJ_TYP", T), ("CITY", T), ("START_DT", T), ("PLAN_END_DT", T),
                  ("ACT_END_DT", T), ("CNTR_AMT", R), ("STAT_CD", T), ("PM_NO", T), ("PRNT_PROJ_NO", T)], proj),
        ("WRKR", [("WRKR_NO", T), ("WRKR_NM", T), ("TRADE", T), ("HIRE_DT", T), ("HRLY_RT", R), ("SUPV_NO", T), ("ACTV_FLG", T),
                  ("PHONE_NO", T)], wrk),
        ("TMSHT", [("TMSHT_ID", I), ("WRKR_NO", T), ("PROJ_NO", T), ("WRK_DT", T), ("HRS", R), ("OT_HRS", R), ("APPR_FLG", I)], tms),
        ("MATL_ORD", [("ORD_NO", I), ("PROJ_NO", T), ("ITEM_DESC", T), ("CATG", T), ("QTY", I), ("UNIT_PRC", R), ("ORD_DT", T),
                      ("DLVR_DT", T), ("SUPL_NM", T)], matl),
        ("SUBC", [("SUBC_ID", I), ("SUBC_NM", T), ("TRADE", T), ("CITY", T), ("INSRD", T)], subc),
        ("SUBC_BILL", [("BILL_NO", T), ("SUBC", I), ("PROJ_NO", T), ("BILL_DT", T), ("DUE_DT", T), ("PAID_DT", T), ("AMT", R),
                       ("STAT_CD", T)], bills),
    ])


# --------------------------------------------------------------- callcentre
def callcentre(folder):
    r = random.Random(8104)
    qs = [("BIL", "Billing", "Finance", 40, "No", 20), ("PAY", "Payments", "Finance", 40, "No", 10), ("REF", "Refunds", "Finance", 60, "No", 7),
          ("SAL", "Sales", "Commercial", 20, "Yes", 12), ("UPG", "Upgrades", "Commercial", 30, "Yes", 5), ("REN", "Renewals", "Commercial", 30, "No", 6),
          ("CAN", "Cancellations", "Commercial", 45, "No", 6), ("TEC", "Tech Support", "Service", 60, "Yes", 24), ("INS", "Installation", "Service", 60, "Yes", 8),
          ("FLT", "Faults", "Service", 45, "Yes", 12), ("DEL", "Deliveries", "Service", 60, "Yes", 9), ("RET", "Returns", "Service", 60, "No", 6),
          ("CMP", "Complaints", "Care", 30, "No", 6), ("VIP", "VIP Line", "Care", 15, "Yes", 4), ("ACC", "Accessibility", "Care", 30, "No", 2),
          ("POL", "Polish Line", "Care", 60, "No", 3), ("MOV", "Moving Home", "Care", 60, "No", 5), ("FRD", "Fraud", "Finance", 20, "Yes", 3),
          ("WEB", "Web Callback", "Commercial", 90, "No", 0), ("LEG", "Legacy Line", "Service", 90, "No", 0)]
    agents = []
    nm = names(r, 44)
    teams = ["Red", "Blue", "Green", "Amber"]
    for i, p in enumerate(nm):
        hired = rdate(r, date(2017, 1, 1), date(2023, 12, 31)) if i < 24 else rdate(r, date(2023, 6, 1), date(2026, 9, 30))
        left = None
        if i > 6 and r.random() < 0.2:
            left = rdate(r, max(date(2024, 6, 1), hired + timedelta(90)), date(2026, 11, 10)) if hired < date(2026, 7, 1) else None
        team = teams[i % 4] if i else "Management"
        lead = None if i == 0 else 501 if i <= 4 else 501 + (4 if i % 4 == 0 else i % 4)
        agents.append([501 + i, " ".join(p), team, hired.isoformat(), left.isoformat() if left else None, lead,
                       "Y" if r.random() < 0.42 else "N", round(r.uniform(11.5, 17.5) if i > 4 else r.uniform(19, 26), 2)])
    co = ["Bakery", "Dental", "Motors", "Travel", "Books", "Legal", "Flooring", "Coffee", "Fitness", "Optics"]
    cust = []
    cn = names(r, 310)
    for i in range(310):
        seg = pick(r, [("Home", 62), ("Small Business", 28), ("Enterprise", 10)])
        n = " ".join(cn[i]) if seg == "Home" else "%s %s%s" % (cn[i][1], r.choice(co), "" if seg == "Small Business" else " Group")
        if n in [c[1] for c in cust]:
            n = " ".join(cn[i])
        su = rdate(r, date(2016, 1, 1), date(2023, 12, 31)) if r.random() < 0.6 else rdate(r, FIRST, date(2026, 11, 1))
        cust.append([3001 + i, n, seg, pick(r, [("North", 30), ("South", 26), ("East", 18), ("West", 20), (None, 4)]), su.isoformat(),
                     "TRUE" if r.random() < (0.06 if seg == "Home" else 0.22) else "FALSE",
                     None if r.random() < 0.14 else "c%d@example.com" % (3001 + i)])
    cw = {c[0]: r.choice([0, 0.4, 0.7, 1, 1, 1.6, 2.5, 5]) for c in cust}
    aw = {a[0]: (0 if i == 0 else 0.25 if i <= 4 else 0.6 + r.random()) for i, a in enumerate(agents)}
    season = [116, 100, 98, 96, 90, 88, 92, 94, 100, 104, 118, 112]
    st = []
    for _ in range(2980):
        d = grown(r, FIRST, date(2026, 11, 21), 0.45, season)
        if d.weekday() >= 5 and r.random() < 0.55:
            d -= timedelta(days=d.weekday() - 3)
        wk = d.weekday() >= 5
        h = pick(r, [(8, 8), (9, 16), (10, 18), (11, 14), (12, 9), (13, 11), (14, 12), (15, 11), (16, 10), (17, 8), (18, 5), (19, 3)])
        st.append(ts(d, h, r.randrange(60), r.randrange(60)))
    st.sort()
    calls = []
    for i, t in enumerate(st):
        iso = t.date().isoformat()
        wk = t.weekday() >= 5
        q = pick(r, [(x, x[5] if (not wk or x[4] == "Yes") else 0) for x in qs])
        c = pick(r, [(c, cw[c[0]]) for c in cust if c[4] <= iso])
        if q[0] == "VIP":
            c = pick(r, [(x, 1) for x in cust if x[5] == "TRUE" and x[4] <= iso])
        cid = c[0] if r.random() > 0.035 else None
        wait = int(r.expovariate(1 / (38.0 + (30 if t.hour in (9, 10) else 0) + (22 if q[0] in ("TEC", "BIL", "CMP") else 0))))
        ab = r.random() < 0.015 + min(wait, 400) / 900.0
        if ab:
            calls.append([70001 + i, cid, None, q[0], str(t), wait, None, "Abandoned", "no"])
            continue
        ok = [a for a in agents if a[3] <= iso and (a[4] is None or a[4] >= iso)]
        a = pick(r, [(x, aw[x[0]]) for x in ok])
        if a[0] == 501 + 41:
            a = agents[5]
        talk = int(60 + r.expovariate(1 / (250.0 + (180 if q[0] in ("TEC", "FLT", "CMP") else 0) + (a[0] % 7) * 18)))
        o = pick(r, [("Resolved", 68 + (a[0] % 5) * 3), ("Escalated", 13 + (9 if q[0] in ("CMP", "FLT") else 0)), ("Callback", 14), ("Transferred", 9)])
        calls.append([70001 + i, cid, a[0], q[0], str(t), wait, talk, o, "yes" if r.random() < 0.17 else "no"])
    sv = []
    for c in calls:
        if c[2] and c[1] and r.random() < 0.36:
            sent = date.fromisoformat(c[4][:10]) + timedelta(days=r.choice([0, 1, 1, 2]))
            if sent > date(2026, 11, 21):
                continue
            ans, sc, rec, cm = None, None, None, None
            if r.random() < 0.62:
                an = sent + timedelta(days=int(r.expovariate(1 / 2.2)))
                if an <= date(2026, 11, 21):
                    ans = an.isoformat()
                    b = {"Resolved": [3, 4, 9, 26, 34], "Escalated": [16, 17, 16, 10, 4], "Callback": [8, 10, 14, 13, 7], "Transferred": [12, 12, 12, 9, 3]}[c[7]]
                    sc = pick(r, list(zip([1, 2, 3, 4, 5], b)))
                    rec = pick(r, [("Yes", [2, 10, 45, 82, 94][sc - 1]), ("No", [98, 90, 55, 18, 6][sc - 1])])
                    if r.random() < 0.1:
                        rec = None
                    if r.random() < 0.3:
                        cm = {1: "waited far too long", 2: "had to explain it twice", 3: "ok I suppose", 4: "friendly and quick", 5: "great help, thank you"}[sc]
            sv.append([c[0], sent.isoformat(), ans, sc, rec, cm])
    sv = [[40001 + i] + s for i, s in enumerate(sorted(sv, key=lambda x: (x[1], x[0])))]
    T, I, R = "TEXT", "INTEGER", "REAL"
    return write(folder, "callcentre", [
        ("Queues", [("Queue Code", T), ("Queue Name", T), ("Department", T), ("Target Answer Secs", I), ("Open At Weekend", T)],
         [q[:5] for q in qs]),
        ("Agents", [("Agent ID", I), ("Agent Name", T), ("Team", T), ("Hired On", T), ("Left On", T), ("Team Lead", I),
                    ("Works From Home", T), ("Hourly Wage", R)], agents),
        ("Customers", [("Customer ID", I), ("Customer Name", T), ("Segment", T), ("Region", T), ("Signed Up", T), ("VIP", T),
                       ("Email", T)], cust),
        ("Calls", [("Call ID", I), ("Customer ID", I), ("Handled By", I), ("Queue", T), ("Started At", T), ("Wait Seconds", I),
                   ("Talk Seconds", I), ("Outcome", T), ("Repeat Call", T)], calls),
        ("Surveys", [("Survey ID", I), ("Call ID", I), ("Sent On", T), ("Answered On", T), ("Score", I), ("Would Recommend", T),
                     ("Comment", T)], sv),
    ])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: make_data.py FOLDER")
    os.makedirs(sys.argv[1], exist_ok=True)
    for f in (airline, library, contractor, callcentre):
        print(f(sys.argv[1]))
