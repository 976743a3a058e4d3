#!/usr/bin/env python3
"""Builds the four databases of this set in the folder given, always the same: python3 make_data.py FOLDER"""
import datetime as dt
import os
import random
import sqlite3
import sys

OUT = sys.argv[1]
TODAY = dt.date(2026, 11, 22)
D0 = dt.date(2024, 1, 3)
FIRST = "Anna Ben Clara David Elif Farid Greta Hugo Ines Jonas Katya Liam Mira Nora Oscar Paula Quentin Rosa Samir Tessa Umar Vera Will Xenia Yusuf Zoe Amir Bianca Carlos Dora Emil Fiona Gavin Hana Ivan Julia Karim Lena Marco Nadia".split()
LAST = "Abbott Bauer Costa Dahl Evans Fischer Garcia Huber Ivanov Jensen Keller Lopez Moreau Novak Okafor Petrov Quinn Rossi Schmidt Tanaka Ueda Vargas Weber Xu Young Zimmer Andersen Brown Clark Dubois Ekberg Ferrari Gruber Hansen Iqbal Jones Kowalski Larsen Meyer Nguyen".split()


def names(rng, n):
    pairs = [(a, b) for a in FIRST for b in LAST]
    rng.shuffle(pairs)
    return pairs[:n]


def day(rng, a, b, grow=0.35):
    """A date in [a, b], later dates somewhat likelier, summer and December stronger."""
    span = (b - a).days
    while True:
        x = rng.random() ** (1 - grow)
        d = a + dt.timedelta(days=int(x * (span + 1)))
        if d > b:
            continue
        if rng.random() < {7: 1.0, 8: 1.0, 12: .95, 6: .85, 1: .6, 2: .6}.get(d.month, .75):
            return d


def money(x):
    return round(x + 1e-9, 2)


def write(name, tables):
    path = os.path.join(OUT, name + ".sqlite")
    if os.path.exists(path):
        os.remove(path)
    con = sqlite3.connect(path)
    for t, (cols, rows) in tables.items():
        con.execute('CREATE TABLE "%s" (%s)' % (t, ", ".join('"%s" %s' % c for c in cols)))
        con.executemany('INSERT INTO "%s" VALUES (%s)' % (t, ",".join("?" * len(cols))), rows)
    con.commit()
    con.close()
    print(name, {t: len(r) for t, (_, r) in tables.items()})


def cols(s):
    return [tuple(x.strip().rsplit(" ", 1)) for x in s.split(",")]


def iso(d):
    return d.isoformat() if isinstance(d, dt.date) and not isinstance(d, dt.datetime) else d.strftime("%Y-%m-%d %H:%M:%S")


def hotel():
    rng = random.Random(4101)
    types = [("SGL", "Single", "single", 1, 79.0), ("STD", "Standard Double", "double", 2, 109.0), ("TWN", "Twin", "twin", 2, 104.5),
             ("DLX", "Deluxe", "king", 2, 159.0), ("FAM", "Family", "double", 5, 189.9), ("STE", "Suite", "king", 4, 279.0)]
    rooms = []
    tpick = ["SGL"] * 14 + ["STD"] * 22 + ["TWN"] * 12 + ["DLX"] * 10 + ["FAM"] * 7 + ["STE"] * 5
    rng.shuffle(tpick)
    for i, t in enumerate(tpick):
        floor = i // 14 + 1
        ren = None if rng.random() < .14 else iso(dt.date(rng.choice([2016, 2018, 2019, 2021, 2022, 2024, 2025]), rng.randint(1, 12), rng.randint(1, 28)))
        rooms.append((i + 1, str(floor * 100 + i % 14 + 1), floor, t, "yes" if rng.random() < .35 else "no",
                      rng.choices(["available", "occupied", "cleaning", "out_of_order"], [55, 25, 12, 8])[0], ren))
    guests, gcre = [], {}
    for i, (a, b) in enumerate(names(rng, 700)):
        gid = 1001 + i
        cre = day(rng, D0, dt.date(2026, 11, 10))
        gcre[gid] = cre
        guests.append([gid, a, b, None if rng.random() < .09 else "%s.%s%d@example.com" % (a.lower(), b.lower(), i),
                       rng.choices(["Germany", "United Kingdom", "France", "Austria", "Switzerland", "Italy", "USA", "Netherlands", "Spain", "Japan"], [24, 17, 13, 9, 9, 8, 8, 6, 4, 2])[0],
                       None if rng.random() < .12 else iso(dt.date(rng.randint(1945, 2005), rng.randint(1, 12), rng.randint(1, 28))),
                       rng.choices([None, "bronze", "silver", "gold"], [45, 30, 17, 8])[0], rng.choice(["yes", "no", "no"]), None, iso(cre)])
    refw = [rng.paretovariate(.75) for _ in guests]
    for g in guests:
        if rng.random() < .2:
            r = rng.choices(guests, refw)[0]
            if r[9] < g[9]:
                g[8] = r[0]
    never = set(g[0] for g in rng.sample(guests, 45))
    w = {g[0]: (0 if g[0] in never else rng.random() ** 2 + .05 + (.6 if g[6] == "gold" else .25 if g[6] == "silver" else 0)) for g in guests}
    gids = [g[0] for g in guests]
    gw = [w[g] for g in gids]
    base = {t[0]: t[4] for t in types}
    maxg = {t[0]: t[3] for t in types}
    closed = {7, 33, 58}
    rlist = [r for r in rooms if r[0] not in closed]
    rw = [rng.uniform(.3, 1.6) for _ in rlist]
    occ, bookings, payments = set(), [], []
    bid, pid = 50001, 1
    while len(bookings) < 2600:
        g = rng.choices(gids, gw)[0]
        r = rng.choices(rlist, rw)[0]
        ci = day(rng, dt.date(2024, 1, 5), dt.date(2026, 11, 30))
        lead = int(rng.expovariate(1 / 28.0))
        ch = rng.choices(["website", "booking.com", "expedia", "phone", "walk_in", "travel_agent"], [32, 30, 12, 12, 6, 8])[0]
        if ch == "walk_in":
            lead = 0
        bo = ci - dt.timedelta(days=min(lead, 240))
        if bo < gcre[g] or bo > TODAY or bo < D0:
            continue
        nights = rng.choices([1, 2, 3, 4, 5, 7, 10, 14], [22, 25, 19, 12, 8, 8, 4, 2])[0]
        co = ci + dt.timedelta(days=nights)
        cancelled = rng.random() < {"booking.com": .2, "expedia": .17, "walk_in": 0}.get(ch, .1)
        span = [(r[0], ci + dt.timedelta(days=k)) for k in range(nights)]
        if not cancelled:
            if any(s in occ for s in span):
                continue
            occ.update(span)
        noshow = not cancelled and ch != "walk_in" and ci < TODAY and rng.random() < .03
        st = "cancelled" if cancelled else "no_show" if noshow else "checked_out" if co <= TODAY else "checked_in" if ci < TODAY else "confirmed"
        canc = iso(min(TODAY, bo + dt.timedelta(days=rng.randint(0, max(0, (ci - bo).days))))) if cancelled else None
        ad = rng.randint(1, min(2, maxg[r[3]]))
        kids = rng.choices([0, 1, 2, 3], [30, 30, 30, 10])[0] if r[3] in ("FAM", "STE") else 0
        rate = money(base[r[3]] * (1.25 if ci.month in (7, 8, 12) else .9 if ci.month in (1, 2, 11) else 1.0) * rng.uniform(.85, 1.15) * (1 + .04 * (ci.year - 2024)))
        tot = money(rate * nights)
        bookings.append((bid, g, r[0], iso(bo), iso(ci), iso(co), ad, kids, ch, rate, tot, 1 if rng.random() < .58 else 0, st, canc))
        if st in ("checked_out", "checked_in") or rng.random() < .4:
            meth = rng.choices(["credit_card", "debit_card", "cash", "bank_transfer", "paypal"], [48, 18, 10, 12, 12])[0]
            parts = [tot] if rng.random() < .8 else [money(tot * .3), None]
            if len(parts) == 2:
                parts[1] = money(tot - parts[0])
            for k, amt in enumerate(parts):
                pd = bo if (len(parts) == 2 and k == 0) or st in ("confirmed", "cancelled", "no_show") else (ci if rng.random() < .3 else min(co, TODAY))
                ts = dt.datetime(pd.year, pd.month, pd.day, rng.choices(range(7, 23), [4, 6, 9, 12, 14, 10, 6, 5, 6, 8, 7, 6, 5, 4, 3, 2])[0], rng.randint(0, 59), rng.randint(0, 59))
                pst = rng.choices(["settled", "pending", "failed"], [93, 3, 4])[0]
                if st == "cancelled" and rng.random() < .75:
                    pst = "refunded"
                payments.append((pid, bid, iso(ts), meth, amt, pst))
                pid += 1
        bid += 1
    write("hotel", {
        "room_types": (cols("room_type_id TEXT,type_name TEXT,bed_type TEXT,max_guests INTEGER,base_rate REAL"), types),
        "rooms": (cols("room_id INTEGER,room_number TEXT,floor INTEGER,room_type_id TEXT,sea_view TEXT,status TEXT,last_renovated TEXT"), rooms),
        "guests": (cols("guest_id INTEGER,first_name TEXT,last_name TEXT,email TEXT,country TEXT,date_of_birth TEXT,loyalty_tier TEXT,newsletter TEXT,referred_by INTEGER,created_on TEXT"), guests),
        "bookings": (cols("booking_id INTEGER,guest_id INTEGER,room_id INTEGER,booked_on TEXT,check_in TEXT,check_out TEXT,adults INTEGER,children INTEGER,channel TEXT,nightly_rate REAL,total_amount REAL,breakfast_included INTEGER,status TEXT,cancelled_on TEXT"), bookings),
        "payments": (cols("payment_id INTEGER,booking_id INTEGER,paid_at TEXT,method TEXT,amount REAL,status TEXT"), payments)})


def charity():
    rng = random.Random(4202)
    regions = ["North", "South", "East", "West", "Midlands"]
    donors, first = [], {}
    ns = names(rng, 620)
    orgw = ["Foods", "Logistics", "Software", "Motors", "Energy", "Books", "Homes", "Print"]
    comp = ["%s %s Ltd" % (b, w) for b in LAST[:9] for w in orgw]
    rng.shuffle(comp)
    trusts = ["%s Family Trust" % b for b in LAST[10:36]]
    for i in range(620):
        t = "company" if i % 10 == 3 else "trust" if i % 25 == 7 else "individual"
        nm = comp.pop() if t == "company" else trusts.pop() if t == "trust" else " ".join(ns[i])
        f = day(rng, D0, dt.date(2026, 11, 1), .1)
        did = "D%04d" % (i + 1)
        first[did] = f
        donors.append([did, nm, None if rng.random() < .16 else "contact%d@example.org" % i, t, rng.choices(regions, [30, 22, 14, 19, 15])[0],
                       iso(f), rng.choice(["true", "false"]) if t == "individual" else "false", None])
    rw = [rng.paretovariate(.75) for _ in donors]
    for d in donors:
        if rng.random() < .18:
            r = rng.choices(donors, rw)[0]
            if r[5] < d[5]:
                d[7] = r[0]
    camps = []
    cn = [("Winter Shelter 2024", "homelessness"), ("Clean Rivers", "environment"), ("School Meals", "children"), ("Paws in Need", "animals"), ("Winter Shelter 2025", "homelessness"),
          ("Books for All", "children"), ("Plant a Tree", "environment"), ("Emergency Flood Fund", "disaster relief"), ("Run for Hope", "health"), ("Hospice Gardens", "health"),
          ("Youth Sports", "children"), ("Winter Shelter 2026", "homelessness"), ("Clean Air Now", "environment"), ("Stray Cats Spring", "animals"), ("Hearing Aid Fund", "health"), ("Music for Seniors", "elderly")]
    starts = ["2024-01-08", "2024-02-01", "2024-03-15", "2024-04-10", "2024-11-01", "2024-09-01", "2025-02-15", "2025-05-20", "2025-06-01", "2025-08-11", "2025-10-01", "2026-01-05", "2026-02-02", "2026-03-01", "2026-05-04", "2026-11-15"]
    ends = ["2024-06-30", "2024-12-31", None, "2025-04-30", "2025-03-31", "2026-12-15", "2025-09-30", "2025-12-31", "2026-06-30", None, "2027-03-31", "2026-06-15", "2026-12-31", None, "2027-01-31", "2027-05-31"]
    sts = ["closed", "closed", "active", "closed", "closed", "active", "closed", "closed", "closed", "active", "active", "closed", "active", "cancelled", "active", "planned"]
    mans = ["Priya Shah", "Tom Reilly", "Sofia Lind", "Marcus Obi"]
    for i, (n, c) in enumerate(cn):
        camps.append((i + 1, n, c, starts[i], ends[i], float(rng.choice([15000, 20000, 25000, 30000, 40000, 60000])), sts[i], mans[(i * 7) % 4]))
    cw = {c[0]: rng.uniform(.4, 2) for c in camps}
    for x in (14, 16):
        cw[x] = 0
    never = set(d[0] for d in rng.sample(donors, 52))
    ids = [d[0] for d in donors]
    dw = [0 if i in never else rng.random() ** 2 + .04 for i in ids]
    typ = {d[0]: d[3] for d in donors}
    dons = []
    while len(dons) < 3400:
        did = rng.choices(ids, dw)[0]
        d = day(rng, first[did], TODAY, .15)
        if rng.random() < .12:
            c = None
        else:
            ok = [x for x in camps if x[3] <= iso(d) and (x[4] is None or x[4] >= iso(d)) and cw[x[0]]]
            if not ok:
                continue
            c = rng.choices(ok, [cw[x[0]] for x in ok])[0][0]
        amt = {"individual": lambda: rng.lognormvariate(3.7, .9), "company": lambda: rng.lognormvariate(5.8, .8), "trust": lambda: rng.lognormvariate(6.6, .7)}[typ[did]]()
        amt = float(round(amt / 5) * 5 or 5) if rng.random() < .6 else money(amt)
        st = rng.choices(["received", "pending", "failed", "refunded"], [92, 0 if d < dt.date(2026, 9, 1) else 14, 4, 2])[0]
        ack = None
        if st == "received" and rng.random() < .88:
            a = d + dt.timedelta(days=int(rng.expovariate(1 / 6.0)) + 1)
            ack = iso(a) if a <= TODAY else None
        dons.append([0, did, c, iso(d), amt, rng.choices(["card", "direct debit", "bank transfer", "cash", "cheque"], [40, 25, 18, 10, 7])[0], "true" if rng.random() < .3 else "false", st, ack])
    dons.sort(key=lambda x: x[3])
    for i, x in enumerate(dons):
        x[0] = 10001 + i
    vols = []
    vn = names(random.Random(77), 160)
    for i, (a, b) in enumerate(vn):
        vols.append([i + 1, "%s %s" % (a, b), iso(day(rng, D0, dt.date(2026, 10, 25), 0)), None if rng.random() < .15 else "07%09d" % rng.randint(0, 999999999),
                     rng.choices(["Leeds", "York", "Hull", "Sheffield", "Bradford"], [35, 20, 15, 18, 12])[0], rng.choices(["Y", "N"], [70, 30])[0],
                     rng.choices(["active", "paused", "left"], [65, 15, 20])[0], None])
    for v in vols:
        if rng.random() < .4:
            m = rng.choice(vols[:30])
            if m[2] < v[2]:
                v[7] = m[0]
    nev = set(v[0] for v in rng.sample(vols, 11))
    vw = [0 if v[0] in nev else rng.random() ** 1.5 + .05 for v in vols]
    shifts = []
    while len(shifts) < 2300:
        v = rng.choices(vols, vw)[0]
        d = day(rng, dt.date.fromisoformat(v[2]), dt.date(2026, 11, 29), .15)
        ok = [c for c in camps if c[3] <= iso(d) and (c[4] is None or c[4] >= iso(d)) and c[0] != 14]
        if not ok:
            continue
        if d.weekday() < 5 and rng.random() < .5:
            continue
        st = dt.datetime(d.year, d.month, d.day, rng.choices([8, 9, 10, 13, 14, 17, 18], [10, 20, 22, 15, 12, 13, 11])[0], rng.choice([0, 0, 30]))
        en = st + dt.timedelta(minutes=rng.choice([90, 120, 120, 180, 180, 240, 300]))
        att = None if d > TODAY else rng.choices(["Y", "N"], [90, 10])[0]
        shifts.append([0, v[0], rng.choice(ok)[0], iso(st), iso(en), rng.choices(["street collection", "event helper", "driver", "kitchen", "phone bank"], [30, 26, 14, 18, 12])[0], att])
    shifts.sort(key=lambda x: x[3])
    for i, s in enumerate(shifts):
        s[0] = i + 1
    write("charity", {
        "donors": (cols("donorId TEXT,fullName TEXT,email TEXT,donorType TEXT,region TEXT,firstContactOn TEXT,giftAid TEXT,recruitedBy TEXT"), donors),
        "campaigns": (cols("campaignId INTEGER,campaignName TEXT,cause TEXT,startDate TEXT,endDate TEXT,targetAmount REAL,status TEXT,managerName TEXT"), camps),
        "donations": (cols("donationId INTEGER,donorId TEXT,campaignId INTEGER,donatedOn TEXT,amount REAL,paymentMethod TEXT,isRecurring TEXT,status TEXT,thankedOn TEXT"), dons),
        "volunteers": (cols("volunteerId INTEGER,fullName TEXT,joinedOn TEXT,phone TEXT,city TEXT,backgroundChecked TEXT,status TEXT,mentorId INTEGER"), vols),
        "shifts": (cols("shiftId INTEGER,volunteerId INTEGER,campaignId INTEGER,startAt TEXT,endAt TEXT,role TEXT,attended TEXT"), shifts)})


def factory():
    rng = random.Random(4303)
    mt = ["CNC Mill", "Lathe", "Press", "Robot Welder", "Paint Booth", "Packer"]
    machines = []
    for i in range(26):
        t = mt[i % 6]
        machines.append(("M%02d" % (i + 1), "%s %d" % (t, i // 6 + 1), t, "L%d" % (rng.randint(1, 4)), iso(dt.date(rng.randint(2009, 2025) if i < 24 else 2026, rng.randint(1, 9), rng.randint(1, 28))),
                         "RETIRED" if i in (5, 14) else rng.choices(["RUNNING", "IDLE", "DOWN"], [65, 20, 15])[0], "Y" if rng.random() < .4 else "N", money(rng.uniform(18000, 240000))))
    ops = []
    for i, (a, b) in enumerate(names(rng, 48)):
        sup = None if i < 5 else 200 + rng.choice([1, 2, 3, 3, 4, 4, 4, 5])
        wage = money(rng.uniform(29, 36) if i < 5 else rng.uniform(17, 31.5))
        ops.append((201 + i, "%s, %s" % (b, a), rng.choices(["EARLY", "LATE", "NIGHT"], [45, 35, 20])[0], iso(dt.date(rng.randint(2005, 2026), rng.randint(1, 10), rng.randint(1, 28))) if i < 40 else iso(day(rng, D0, dt.date(2026, 10, 10))),
                    sup, rng.choices(["Y", "N"], [70, 30])[0], wage))
    prods = {"Bracket A": (2.1, 420), "Bracket B": (2.6, 380), "Gearbox Housing": (21.4, 60), "Hinge Kit": (1.3, 700), "Valve Body": (9.8, 140), "Frame Rail": (14.2, 95), "Door Panel": (11.9, 110)}
    runs, defects = [], []
    idle = {205, 233, 244}
    ow = [0 if o[0] in idle else rng.uniform(.3, 1.5) for o in ops]
    mw = [0 if m[0] == "M26" else rng.uniform(.4, 1.6) for m in machines]
    rq = {m[0]: rng.uniform(.01, .06) for m in machines}
    tmp = []
    while len(tmp) < 2400:
        m = rng.choices(machines, mw)[0]
        o = rng.choices(ops, ow)[0]
        d = day(rng, D0, dt.date(2026, 11, 26), .2)
        if iso(d) < m[4] or iso(d) < o[3] or (m[5] == "RETIRED" and d > dt.date(2026, 2, 28)):
            continue
        if d.weekday() == 6 or (d.weekday() == 5 and rng.random() < .7):
            continue
        h = {"EARLY": (6, 13), "LATE": (14, 21), "NIGHT": (22, 23)}[o[2]]
        tmp.append((dt.datetime(d.year, d.month, d.day, rng.randint(*h), rng.choice([0, 15, 30, 45])), m, o))
    tmp.sort(key=lambda x: (x[0], x[1][0], x[2][0]))
    did = 1
    for i, (st, m, o) in enumerate(tmp):
        p = rng.choice(list(prods))
        cost, perh = prods[p]
        hrs = rng.uniform(1.5, 8)
        plan = int(round(perh * hrs, -1)) or 10
        future = st.date() > TODAY
        status = "PLANNED" if future else "RUNNING" if st.date() == TODAY else rng.choices(["DONE", "ABORTED"], [94, 6])[0]
        no = "R%05d" % (i + 1)
        if future:
            runs.append((no, m[0], o[0], p, iso(st), None, plan, None, None, status, None))
            continue
        f = rng.uniform(.86, 1.07) if status == "DONE" else rng.uniform(.05, .6)
        made = int(plan * f)
        if status == "DONE" and rng.random() < .12:
            made = plan
        scr = int(made * rng.uniform(.2, 1.8) * rq[m[0]] * (1.35 if o[2] == "NIGHT" else 1) * (1.2 if o[5] == "N" else 1))
        en = None if status == "RUNNING" else iso(st + dt.timedelta(minutes=int(hrs * 60 * f)))
        runs.append((no, m[0], o[0], p, iso(st), en, plan, made, scr, status, money(made * cost * rng.uniform(.95, 1.1))))
        k = 0
        while scr and k < 3 and rng.random() < .42:
            fd = st.date() + dt.timedelta(days=rng.choices([0, 1, 2, 5], [60, 25, 10, 5])[0])
            fx = fd + dt.timedelta(days=int(rng.expovariate(1 / 7.0)))
            open_ = fx > TODAY or rng.random() < .06
            if fd <= TODAY:
                defects.append((did, no, rng.choices(["Scratch", "Crack", "Dimension", "Porosity", "Paint Run", "Missing Part"], [28, 14, 24, 12, 12, 10])[0],
                                rng.choices(["MINOR", "MAJOR", "CRITICAL"], [60, 31, 9])[0], max(1, int(scr * rng.uniform(.1, .5))), iso(fd), None if open_ else iso(fx), rng.choices(["TRUE", "FALSE"], [55, 45])[0]))
                did += 1
            k += 1
    maint = []
    for i in range(460):
        m = rng.choices([x for x in machines if x[0] not in ("M26", "M19")], [1.2 if x[0] in ("M03", "M11") else .8 for x in machines if x[0] not in ("M26", "M19")])[0]
        d = day(rng, max(D0, dt.date.fromisoformat(m[4])), dt.date(2026, 11, 20), .1)
        if m[5] == "RETIRED" and d > dt.date(2026, 2, 28):
            d = dt.date(2025, 1 + i % 12, 5 + i % 20)
        t = rng.choices(["PREVENTIVE", "CORRECTIVE", "INSPECTION"], [42, 38, 20])[0]
        done = d + dt.timedelta(days=int(rng.expovariate(1 / {"PREVENTIVE": 3.0, "CORRECTIVE": 5.0, "INSPECTION": 1.5}[t])))
        nd = done > TODAY or (d > dt.date(2026, 9, 15) and rng.random() < .4)
        maint.append([0, m[0], t, iso(d), None if nd else iso(done), None if nd else money(rng.lognormvariate({"PREVENTIVE": 5.9, "CORRECTIVE": 6.9, "INSPECTION": 4.8}[t], .6)),
                      None if nd else round(rng.uniform(.5, 4) if t != "CORRECTIVE" else rng.uniform(1, 30), 1), rng.choices(["In-house", "TechServ", "Maier GmbH", None], [48, 26, 18, 8])[0], "Y" if d.year - int(m[4][:4]) <= 3 else "N"])
    maint.sort(key=lambda x: x[3])
    for i, x in enumerate(maint):
        x[0] = 9001 + i
    write("factory", {
        "MACHINES": (cols("MACH_ID TEXT,MACH_NM TEXT,MACH_TYP TEXT,LINE_CD TEXT,INSTALL_DT TEXT,STATUS TEXT,CRITICAL_FLG TEXT,PURCHASE_AMT REAL"), machines),
        "OPERATORS": (cols("OPER_ID INTEGER,OPER_NM TEXT,SHIFT_CD TEXT,HIRE_DT TEXT,SUPV_ID INTEGER,CERTIFIED TEXT,HOURLY_WAGE REAL"), ops),
        "PROD_RUNS": (cols("RUN_NO TEXT,MACH_ID TEXT,OPER_ID INTEGER,PRODUCT TEXT,START_TS TEXT,END_TS TEXT,QTY_PLAN INTEGER,QTY_PROD INTEGER,QTY_SCRAP INTEGER,STATUS TEXT,MATL_COST REAL"), runs),
        "DEFECTS": (cols("DEFECT_ID INTEGER,RUN_NO TEXT,DEFECT_TYPE TEXT,SEVERITY TEXT,QTY INTEGER,FOUND_DT TEXT,FIXED_DT TEXT,REWORKABLE TEXT"), defects),
        "MAINTENANCE": (cols("MAINT_ID INTEGER,MACH_ID TEXT,MAINT_TYPE TEXT,REPORTED_DT TEXT,DONE_DT TEXT,COST_AMT REAL,DOWNTIME_HRS REAL,VENDOR TEXT,WARRANTY_FLG TEXT"), maint)})


def gym():
    rng = random.Random(4404)
    members = []
    ns = names(rng, 540)
    for i, (a, b) in enumerate(ns):
        members.append([3001 + i, "%s %s" % (a, b), None if rng.random() < .07 else "%s%s%d@mail.example" % (a[0].lower(), b.lower(), i), rng.choices(["F", "M", None], [50, 45, 5])[0],
                        iso(dt.date(rng.randint(1952, 2008), rng.randint(1, 12), rng.randint(1, 28))), rng.choices(["Downtown", "Riverside", "Hillcrest", "Airport"], [38, 28, 22, 12])[0],
                        iso(day(rng, D0, dt.date(2026, 11, 20), .1)), None, rng.choice(["Yes", "No"])])
    rw = [rng.paretovariate(.75) for _ in members]
    for m in members:
        if rng.random() < .22:
            r = rng.choices(members, rw)[0]
            if r[6] < m[6]:
                m[7] = r[0]
    plans = {"Basic": 29.9, "Plus": 44.9, "Premium": 69.0, "Student": 22.5, "Family": 89.0}
    mems, mid = [], 1
    for m in members:
        st = dt.date.fromisoformat(m[6])
        n = 0
        while True:
            p = rng.choices(list(plans), [38, 26, 16, 13, 7])[0]
            term = rng.choice([6, 12, 12, 12, 24])
            en = st + dt.timedelta(days=int(term * 30.44))
            price = money(plans[p] * (1 + .05 * (st.year - 2024)) * rng.choice([1, 1, 1, .9]))
            canc = rng.random() < .24
            reason = None
            if canc:
                e2 = st + dt.timedelta(days=rng.randint(20, term * 30))
                if e2 <= TODAY:
                    en = e2
                    status = "Cancelled"
                    reason = rng.choices(["Moved away", "Too expensive", "No time", "Injury", "Other gym", None], [18, 26, 24, 9, 10, 13])[0]
                else:
                    status = "Active"
            elif en <= TODAY:
                status = "Expired"
            else:
                status = "Frozen" if rng.random() < .07 else "Active"
            mems.append(("MS-%04d" % mid, m[0], p, iso(st), iso(en), status, price, rng.choices(["Yes", "No"], [62, 38])[0], reason))
            mid += 1
            n += 1
            if status in ("Cancelled", "Active", "Frozen") or rng.random() < .35:
                break
            st = en + dt.timedelta(days=rng.randint(0, 40))
            if st > TODAY:
                break
    trainers = []
    for i, (a, b) in enumerate(names(random.Random(9), 20)):
        trainers.append(("T%02d" % (i + 1), "%s %s" % (a, b), rng.choice(["Yoga", "HIIT", "Spinning", "Pilates", "Strength", "Boxing"]), iso(dt.date(rng.randint(2015, 2026), rng.randint(1, 10), rng.randint(1, 28))),
                         money(rng.uniform(22, 48)), rng.choice(["Yes", "No"]), rng.choice(["Downtown", "Riverside", "Hillcrest", "Airport"])))
    cats = {"Yoga": ["Morning Yoga", "Vinyasa Flow", "Yin Yoga"], "HIIT": ["HIIT 45", "Bootcamp"], "Spinning": ["Spin Express", "Endurance Ride"], "Pilates": ["Mat Pilates", "Reformer Basics"], "Strength": ["Body Pump", "Kettlebell"], "Boxing": ["Boxing Fit"]}
    tw = [0 if t[0] in ("T06", "T17") else rng.uniform(.3, 1.5) for t in trainers]
    cx = {t[0]: rng.choice([.02, .04, .05, .08, .2]) for t in trainers}
    classes = []
    for i in range(790):
        c = rng.choices(list(cats), [26, 20, 18, 12, 15, 9])[0]
        while True:
            t = rng.choices(trainers, tw)[0]
            d = day(rng, D0, dt.date(2026, 12, 5), .15)
            if iso(d) >= t[3] and not (d.weekday() == 6 and rng.random() < .6):
                break
        ts = dt.datetime(d.year, d.month, d.day, rng.choices([6, 7, 9, 12, 17, 18, 19, 20], [8, 12, 13, 12, 16, 22, 12, 5])[0], rng.choice([0, 0, 30]))
        status = "Scheduled" if d > TODAY else "Cancelled" if rng.random() < cx[t[0]] else "Held"
        classes.append([0, rng.choice(cats[c]), c, t[0], rng.choices(["Downtown", "Riverside", "Hillcrest", "Airport"], [38, 28, 22, 12])[0], iso(ts), rng.choice([30, 45, 45, 60, 60, 75]), rng.choice([8, 10, 12, 12, 15, 20]), status])
    classes.sort(key=lambda x: (x[5], x[1], x[3]))
    for i, c in enumerate(classes):
        c[0] = 7001 + i
    never = set(m[0] for m in rng.sample(members, 60))
    mwt = {m[0]: (0 if m[0] in never else rng.random() ** 2 + .05) for m in members}
    pop = {n: rng.uniform(.45, 1.0) for v in cats.values() for n in v}
    q = {t[0]: rng.uniform(3.3, 4.6) for t in trainers}
    att, aid = [], 1
    for c in classes:
        ts = dt.datetime.fromisoformat(c[5])
        pool = [m for m in members if m[6] <= c[5][:10] and mwt[m[0]] > 0]
        if not pool:
            continue
        k = min(len(pool), c[7], max(1, int(c[7] * pop[c[1]] * rng.uniform(.35, 1.0))))
        who = set()
        ws = [mwt[m[0]] * (2 if m[5] == c[4] else 1) for m in pool]
        while len(who) < k:
            who.add(rng.choices(pool, ws)[0][0])
        for w in sorted(who):
            b = ts - dt.timedelta(hours=rng.uniform(1, 150))
            if b.date() > TODAY:
                continue
            jd = next(m[6] for m in pool if m[0] == w)
            if iso(b)[:10] < jd:
                b = ts - dt.timedelta(minutes=30)
            s = "Booked" if c[8] == "Scheduled" else "Cancelled" if c[8] == "Cancelled" else rng.choices(["Attended", "No Show", "Cancelled"], [80, 9, 11])[0]
            ci = iso(ts - dt.timedelta(minutes=rng.randint(-3, 25))) if s == "Attended" else None
            rt = min(5, max(1, int(round(rng.gauss(q[c[3]], .8))))) if s == "Attended" and rng.random() < .55 else None
            att.append((aid, c[0], w, iso(b.replace(microsecond=0)), ci, s, rt))
            aid += 1
    assert len(att) <= 6000, len(att)
    write("gym", {
        "Members": (cols("Member ID INTEGER,Full Name TEXT,Email TEXT,Gender TEXT,Birth Date TEXT,Home Club TEXT,Join Date TEXT,Referred By INTEGER,Marketing Consent TEXT"), members),
        "Memberships": (cols("Membership ID TEXT,Member ID INTEGER,Plan Name TEXT,Start Date TEXT,End Date TEXT,Status TEXT,Monthly Price REAL,Auto Renew TEXT,Cancel Reason TEXT"), mems),
        "Trainers": (cols("Trainer ID TEXT,Trainer Name TEXT,Speciality TEXT,Hire Date TEXT,Hourly Rate REAL,Full Time TEXT,Base Club TEXT"), trainers),
        "Classes": (cols("Class ID INTEGER,Class Name TEXT,Category TEXT,Trainer ID TEXT,Club TEXT,Starts At TEXT,Duration Min INTEGER,Capacity INTEGER,Status TEXT"), classes),
        "Attendance": (cols("Attendance ID INTEGER,Class ID INTEGER,Member ID INTEGER,Booked At TEXT,Checked In At TEXT,Status TEXT,Rating INTEGER"), att)})


os.makedirs(OUT, exist_ok=True)
hotel()
charity()
factory()
gym()
