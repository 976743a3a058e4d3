#!/usr/bin/env python3
"""Builds the four databases of this set in the folder given, always the same: python3 make_data.py FOLDER"""
import os
import random
import sqlite3
import sys
from datetime import date, datetime, timedelta

OUT = sys.argv[1]
END = date(2026, 11, 21)
FIRST = """Marta Luca Ines Tomas Greta Pavel Noor Elias Bianca Owen Sunniva Rafael Leila Hugo Petra Dario Astrid Kofi Yara Magnus
Celia Viktor Amara Jonas Freya Omar Tilda Andrei Rosa Felix Nadia Bruno Edith Samir Clara Ivo Hanna Mateo Signe Ravi""".split()
LAST = """Keller Moretti Lindqvist Okafor Duarte Novak Haddad Brennan Castellanos Whitlock Jansen Petrov Almeida Sorensen Kaya Fontaine
Baptiste Horvath Mbeki Ostrowski Ferraro Langley Tanaka Vukovic Reyes Hartmann Doyle Iversen Marchetti Quispe""".split()


def db(name, ddl, tables):
    path = os.path.join(OUT, name + ".sqlite")
    if os.path.exists(path):
        os.remove(path)
    con = sqlite3.connect(path)
    con.executescript(ddl)
    for t, rows in tables.items():
        con.executemany('INSERT INTO "%s" VALUES (%s)' % (t, ",".join("?" * len(rows[0]))), rows)
    con.commit()
    con.execute("VACUUM")
    con.close()


def names(r, n):
    alln = [f + " " + l for f in FIRST for l in LAST]
    return r.sample(alln, n)


def rdate(r, a, b):
    a, b = date.fromisoformat(a) if isinstance(a, str) else a, date.fromisoformat(b) if isinstance(b, str) else b
    return a + timedelta(days=r.randint(0, max(0, (b - a).days)))


def pick(r, **w):
    return r.choices(list(w), list(w.values()))[0]


def restaurant():
    r = random.Random(71101)
    nm = names(r, 24)
    roles = ["manager"] * 2 + ["chef"] * 4 + ["waiter"] * 13 + ["bartender"] * 3 + ["host"] * 2
    staff = []
    for i, (n, ro) in enumerate(zip(nm, roles)):
        boss = None if i == 0 else 1 if i in (1, 2) or i >= 22 else 3 if ro == "chef" else 2
        hired = rdate(r, "2019-03-01", "2025-09-01") if i != 18 else date(2026, 11, 16)
        left = rdate(r, "2026-02-01", "2026-09-30").isoformat() if i in (8, 13, 20) else None
        wage = {"manager": 27, "chef": 22, "waiter": 14.5, "bartender": 16, "host": 15}[ro] + round(r.uniform(-1.5, 6), 2)
        staff.append((i + 1, n, ro, hired.isoformat(), left, round(wage, 2), boss))
    areas = ["terrace"] * 8 + ["main room"] * 10 + ["bar"] * 4 + ["private room"] * 2
    tabs = [(i + 1, a, r.choice([2, 2, 4, 4, 4, 6]) if a != "private room" else 10, int(r.random() < .4)) for i, a in enumerate(areas)]
    menu = []
    src = {"starter": "Tomato Soup|Beef Carpaccio|Burrata|Grilled Octopus|Bruschetta|Oyster Plate|Beetroot Tartare|Prawn Cocktail",
           "main": "Ribeye Steak|Sea Bass|Mushroom Risotto|Lamb Shank|Gnocchi al Pesto|Duck Breast|Cod Fillet|Aubergine Parmigiana|House Burger|Veal Schnitzel|Lobster Linguine|Venison Ragout",
           "dessert": "Tiramisu|Panna Cotta|Chocolate Fondant|Lemon Tart|Cheese Board|Creme Brulee",
           "side": "French Fries|Green Salad|Roast Potatoes|Grilled Vegetables|Garlic Bread",
           "drink": "House Red|House White|Prosecco|Draft Beer|Sparkling Water|Espresso|Negroni|Elderflower Spritz|Orange Juice|Barolo Bottle"}
    rng = {"starter": (8, 19), "main": (17, 42), "dessert": (7, 13), "side": (4, 8), "drink": (3, 13)}
    veg = {"Tomato Soup", "Burrata", "Bruschetta", "Beetroot Tartare", "Mushroom Risotto", "Gnocchi al Pesto", "Aubergine Parmigiana"}
    i = 0
    for cat, lst in src.items():
        for n in lst.split("|"):
            i += 1
            p = round(r.uniform(*rng[cat]) * 2) / 2 + (.4 if r.random() < .3 else 0)
            if n == "Barolo Bottle":
                p = 68.0
            p = {"Mushroom Risotto": 19.5, "Lobster Linguine": 44.5, "Ribeye Steak": 41.9}.get(n, p)
            v = int(n in veg or cat in ("dessert", "side", "drink"))
            ret = "2025-08-31" if n in ("Veal Schnitzel", "Prawn Cocktail") else None
            add = rdate(r, "2026-03-01", "2026-06-01") if n in ("Venison Ragout", "Elderflower Spritz") else rdate(r, "2022-01-10", "2023-12-20")
            menu.append((i, n, cat, round(p, 2), round(p * r.uniform(.2, .48), 2), v, add.isoformat(), ret))
    never = {"Oyster Plate", "Cheese Board"}
    waiters = [s for s in staff if s[2] in ("waiter", "bartender") and s[0] not in (12, 19)]
    wt = {s[0]: r.uniform(.5, 2) for s in waiters}
    orders, lines, oid = [], [], 5000
    when = []
    for _ in range(1560):
        d = rdate(r, "2024-01-03", END)
        if d.weekday() == 0 and r.random() < .8:
            d += timedelta(days=r.choice([4, 5]))
        if d > END:
            d = END
        h = r.choices([12, 13, 14, 18, 19, 20, 21, 22], [8, 10, 4, 8, 16, 15, 9, 3])[0]
        when.append(datetime(d.year, d.month, d.day, h, r.randint(0, 59)))
    when += [datetime(2026, 11, 21, r.choice([18, 19, 19, 20, 20, 21]), r.randint(0, 59)) for _ in range(14)]
    for t in sorted(when):
        oid += 1
        takeaway = r.random() < .12
        tb = None if takeaway else r.choice([x for x in tabs if x[0] not in (8, 24)])
        w = [s for s in waiters if s[3] <= t.date().isoformat() and (not s[4] or t.date().isoformat() <= s[4])]
        wid = r.choices(w, [wt[s[0]] for s in w])[0][0]
        g = None if takeaway else max(1, min(tb[2], r.choice([1, 2, 2, 2, 3, 4, 4, 5, 6, 8])))
        st = pick(r, paid=90, cancelled=5, comped=3) if t.date() < END else pick(r, paid=50, open=50)
        tot, seen = 0, set()
        for ln in range(1, min(7, max(1, (g or 2) + r.randint(-1, 2))) + 1):
            ok = [m for m in menu if m[1] not in never and m[6] <= t.date().isoformat() and (not m[7] or t.date().isoformat() <= m[7]) and m[0] not in seen]
            m = r.choices(ok, [{"main": 4, "drink": 3, "starter": 2, "dessert": 1.5, "side": 1}[x[2]] * (.25 if x[3] > 60 else 1) for x in ok])[0]
            seen.add(m[0])
            q = r.choices([1, 2, 3, 4], [60, 28, 8, 4])[0]
            p = round(m[3] * (.9 if t.year == 2024 else .95 if t.year == 2025 else 1), 2)
            note = r.choice(["no onions", "gluten free", "extra spicy", "well done", "sauce on the side"]) if r.random() < .08 else None
            lines.append((oid, ln, m[0], q, p, round(q * p, 2), note))
            tot += round(q * p, 2)
        tot = round(tot, 2)
        pay = pick(r, card=68, cash=24, voucher=8) if st == "paid" else None
        tip = round(tot * r.uniform(.03, .14), 2) if pay and r.random() < .78 else None
        closed = (t + timedelta(minutes=r.randint(35, 165) if not takeaway else r.randint(10, 40))).isoformat(" ") if st != "open" else None
        orders.append((oid, tb and tb[0], wid, t.isoformat(" "), closed, g, st, pay, tot, tip))
    db("restaurant", """
CREATE TABLE staff (staff_id INTEGER, full_name TEXT, role TEXT, hired_on TEXT, left_on TEXT, hourly_wage REAL, reports_to INTEGER);
CREATE TABLE dining_tables (table_no INTEGER, area TEXT, seats INTEGER, by_window INTEGER);
CREATE TABLE menu_items (item_id INTEGER, item_name TEXT, category TEXT, price REAL, cost REAL, vegetarian INTEGER, added_on TEXT, retired_on TEXT);
CREATE TABLE orders (order_id INTEGER, table_no INTEGER, waiter_id INTEGER, opened_at TEXT, closed_at TEXT, guests INTEGER, status TEXT, payment_method TEXT, bill_total REAL, tip REAL);
CREATE TABLE order_lines (order_id INTEGER, line_no INTEGER, item_id INTEGER, quantity INTEGER, unit_price REAL, line_total REAL, note TEXT);
""", dict(staff=staff, dining_tables=tabs, menu_items=menu, orders=orders, order_lines=lines))


def realty():
    r = random.Random(71202)
    nm = names(r, 700)
    people = nm[40:]
    offices = ["Harbour", "Old Town", "Westside", "Lakeshore"]
    agents = []
    for i in range(26):
        left = rdate(r, "2025-06-01", "2026-06-01").isoformat() if i in (5, 17) else None
        joined = rdate(r, "2016-01-01", "2024-01-01") if i not in (22, 25) else rdate(r, "2026-08-01", "2026-10-15")
        agents.append((100 + i, nm[i], offices[i % 4] if i != 13 else "Harbour", joined.isoformat(), left, r.choice([2.0, 2.25, 2.5, 3.0]), 100 + r.choice([0, 1, 2, 3, 6]) if i > 6 else None))
    cities = {"Marlow Bay": 1.3, "Eastport": 1.0, "Cedar Falls": .75, "Highfield": .9, "Ashbourne": .65}
    streets = "Mill Lane|Station Road|Orchard Close|Quay Street|Chapel Hill|Birch Avenue|Canal Walk|Victoria Row|Meadow Way|Tanner Street".split("|")
    props, used = [], set()
    for i in range(300):
        while True:
            ad = "%d %s" % (r.randint(1, 140), r.choice(streets))
            if ad not in used:
                used.add(ad)
                break
        ty = pick(r, house=35, apartment=40, villa=8, studio=10, land=7)
        bed = {"house": r.randint(2, 5), "apartment": r.randint(1, 4), "villa": r.randint(4, 7), "studio": 1, "land": None}[ty]
        area = round({"house": r.uniform(80, 210), "apartment": r.uniform(40, 130), "villa": r.uniform(190, 420), "studio": r.uniform(22, 42), "land": r.uniform(300, 2500)}[ty], 1)
        yb = None if ty == "land" or r.random() < .07 else r.randint(1905, 2023)
        gd = "false" if ty in ("studio", "land") else "true" if r.random() < {"house": .7, "villa": .95, "apartment": .15}[ty] else "false"
        props.append((3000 + i, ad, r.choices(list(cities), [25, 30, 18, 17, 10])[0], ty, bed, area, yb, gd))
    agents_ok = [a for a in agents if a[0] != 122]
    cap = {a[0]: r.uniform(.3, 2.2) for a in agents}
    nosale = {122, 125, 111}
    raw = []
    for p in r.sample(props, 285):
        d = rdate(r, "2024-01-05", "2026-11-10")
        k = r.choices([1, 2, 3], [70, 24, 6])[0]
        for _ in range(k):
            if d <= date(2026, 11, 12):
                raw.append((d, p))
            d += timedelta(days=r.randint(190, 330))
    raw.sort(key=lambda x: x[0])
    lst, vw, of = [], [], []
    sold_props = {}
    for i, (d, p) in enumerate(raw):
        lid = 70001 + i
        ok = [a for a in agents_ok if a[3] <= d.isoformat() and (not a[4] or d.isoformat() <= a[4])]
        a = r.choices(ok, [cap[x[0]] for x in ok])[0]
        sqm = {"house": 3900, "apartment": 4600, "villa": 5200, "studio": 5600, "land": 210}[p[3]] * cities[p[2]] * (1 + .05 * (d.year - 2024))
        ask = round(sqm * p[5] * r.uniform(.85, 1.2) / 500) * 500.0 + (r.choice([0, 0, .5]) and 0)
        age = (date(2026, 11, 22) - d).days
        st = pick(r, sold=62, withdrawn=12, expired=14, active=12) if age > 200 else pick(r, sold=25, withdrawn=8, active=50, under=17)
        if age > 330 and st == "active":
            st = "expired"
        if a[0] in nosale and st in ("sold", "under"):
            st = "withdrawn"
        st = "under offer" if st == "under" else st
        closed = None
        if st in ("sold", "withdrawn"):
            closed = d + timedelta(days=int(r.gammavariate(3, 28) + 12))
        if closed and closed > date(2026, 11, 20):
            st, closed = "active", None
        if st == "expired":
            closed = d + timedelta(days=180)
        lastd = closed or date(2026, 11, 21)
        nv = r.choice([0, 1, 2, 3, 4, 5, 6, 8, 10]) if st not in ("sold", "under offer") else r.randint(2, 9)
        for _ in range(nv):
            vd = rdate(r, d + timedelta(days=1), lastd)
            shower = a[0] if r.random() < .8 else r.choice(ok)[0]
            vw.append([vd, r.choices(range(9, 20), [5, 9, 10, 8, 4, 6, 7, 8, 9, 9, 6])[0], r.choice([0, 15, 30, 45]), lid, r.choice(people), shower, r.choice([1, 2, 3, 3, 4, 4, 5]) if r.random() < .82 else None])
        sp = None
        no = r.choice([0, 0, 0, 1, 2]) if st not in ("sold", "under offer") else r.randint(1, 4)
        for j in range(no):
            amt = round(ask * r.uniform(.84, 1.0), 2)
            oc = r.choice(["rejected", "rejected", "withdrawn"]) if st != "active" else r.choice(["rejected", "pending", "pending"])
            od = rdate(r, d + timedelta(days=3), max(d + timedelta(days=3), lastd - timedelta(days=3)))
            if j == no - 1 and st in ("sold", "under offer"):
                oc = "accepted"
                amt = round(ask * r.uniform(.91, 1.05), 2)
                od = max(d + timedelta(days=1), lastd - timedelta(days=r.randint(2, 20)))
                if st == "sold":
                    sp = amt
            of.append([od, lid, r.choice(people), amt, oc, "true" if r.random() < .27 else "false"])
        lst.append((lid, p[0], a[0], d.isoformat(), ask, st, closed and closed.isoformat(), sp, "true" if r.random() < .55 else "false"))
    vw.sort(key=lambda x: (x[0], x[1], x[2]))
    of.sort(key=lambda x: x[0])
    vw = [(i + 1, v[3], v[4], "%s %02d:%02d:00" % (v[0], v[1], v[2]), v[6], v[5]) for i, v in enumerate(vw)]
    of = [(900 + i, o[1], o[2], o[0].isoformat(), o[3], o[4], o[5]) for i, o in enumerate(of)]
    db("realty", """
CREATE TABLE agents (agentId INTEGER, agentName TEXT, office TEXT, joinedOn TEXT, leftOn TEXT, commissionPct REAL, mentorId INTEGER);
CREATE TABLE properties (propertyId INTEGER, address TEXT, city TEXT, propertyType TEXT, bedrooms INTEGER, areaSqm REAL, yearBuilt INTEGER, hasGarden TEXT);
CREATE TABLE listings (listingId INTEGER, propertyId INTEGER, agentId INTEGER, listedOn TEXT, askingPrice REAL, status TEXT, closedOn TEXT, soldPrice REAL, isExclusive TEXT);
CREATE TABLE viewings (viewingId INTEGER, listingId INTEGER, visitorName TEXT, viewedAt TEXT, interestRating INTEGER, shownBy INTEGER);
CREATE TABLE offers (offerId INTEGER, listingId INTEGER, buyerName TEXT, offeredOn TEXT, offerAmount REAL, outcome TEXT, cashBuyer TEXT);
""", dict(agents=agents, properties=props, listings=lst, viewings=vw, offers=of))


def fleet():
    r = random.Random(71303)
    nm = names(r, 42)
    depots = ["NORTHGATE", "RIVERSIDE", "AIRPORT", "SOUTHPORT"]
    drv = []
    for i, n in enumerate(nm):
        term = rdate(r, "2025-03-01", "2026-08-01").isoformat() if i in (9, 21, 30) else None
        drv.append((2001 + i, n, depots[i % 4] if i % 9 else "NORTHGATE", rdate(r, "2015-01-01", "2023-12-01").isoformat() if i not in (40, 41) else "2026-11-%02d" % (i - 30),
                    term, r.choice(["B", "C", "C", "CE"]), rdate(r, "2026-10-01", "2031-06-01").isoformat(), 2001 + i % 4 if i > 3 else None))
    mm = {"VAN": [("Ford", "Transit"), ("Mercedes", "Sprinter"), ("VW", "Crafter"), ("Renault", "E-Master")],
          "TRUCK": [("MAN", "TGX"), ("Scania", "R450"), ("Volvo", "FH16")], "CAR": [("Skoda", "Octavia"), ("VW", "ID.4"), ("Ford", "Focus")]}
    veh = []
    for i in range(56):
        ty = pick(r, VAN=26, TRUCK=20, CAR=10)
        mk, md = r.choice(mm[ty])
        fu = "ELECTRIC" if md in ("E-Master", "ID.4") else "PETROL" if ty == "CAR" and r.random() < .7 else "DIESEL"
        acq = rdate(r, "2017-01-01", "2025-10-01")
        if i in (54, 55):
            acq = date(2026, 11, 12)
        veh.append(("V%03d" % (i + 1), "%s-%d-%s" % ("".join(r.sample("ABCDEFGHKLMNPRSTX", 2)), 100 + i * 13 + r.randint(0, 9), r.choice("KLMXZ")), mk, md, ty, fu, acq.isoformat(),
                    round({"VAN": r.uniform(31000, 52000), "TRUCK": r.uniform(88000, 146000), "CAR": r.uniform(21000, 43000)}[ty], 2) if r.random() < .94 else None,
                    depots[i % 4] if i % 7 else "RIVERSIDE", "N" if i in (4, 11, 27, 38) else "Y"))
    cities = "Brackley|Dunmore|Port Ellis|Kingsholm|Stanford|Wexcombe|Tilbury Cross|Norwood".split("|")
    cw = [8, 6, 11, 9, 5, 4, 3, 7]
    wv = {v[0]: r.uniform(.4, 2) for v in veh}
    wd = {d[0]: r.uniform(.4, 2) for d in drv}
    trips, fuel = [], []
    whens = sorted((rdate(r, "2024-01-02", END) for _ in range(2500)))
    whens = [d if d.weekday() < 5 or r.random() < .35 else d - timedelta(days=2) for d in whens]
    whens = sorted(max(d, date(2024, 1, 2)) for d in whens)
    for i, d in enumerate(whens):
        ds = d.isoformat()
        vs = [v for v in veh if v[6] <= ds and v[0] not in ("V055", "V056") and (v[9] == "Y" or ds < "2026-05-01")]
        dr = [x for x in drv if x[3] <= ds and (not x[4] or ds <= x[4]) and x[0] not in (2041, 2042, 2003)]
        v = r.choices(vs, [wv[x[0]] for x in vs])[0]
        x = r.choices(dr, [wd[y[0]] for y in dr])[0]
        dep = datetime(d.year, d.month, d.day, r.choices(range(4, 20), [3, 6, 12, 14, 12, 8, 6, 6, 6, 6, 5, 4, 3, 2, 2, 1])[0], r.randint(0, 59))
        c = r.choices(range(8), cw)[0]
        km = round((35 + c * 31) * r.uniform(.8, 1.35) * (1.4 if v[4] == "TRUCK" else 1), 1)
        st = pick(r, COMPLETED=84, DELAYED=10, CANCELLED=6)
        if d >= date(2026, 11, 20):
            st = "IN_PROGRESS"
        arr = None if st in ("CANCELLED", "IN_PROGRESS") else (dep + timedelta(minutes=int(km / r.uniform(48, 72) * 60) + (r.randint(40, 150) if st == "DELAYED" else 0))).isoformat(" ")
        load = None if v[4] == "CAR" or r.random() < .05 else round(r.uniform(150, 1200) if v[4] == "VAN" else r.uniform(2500, 19000), 0)
        trips.append((60001 + i, v[0], x[0], dep.isoformat(" "), arr, None if st == "CANCELLED" else km, load, cities[c], st))
        if r.random() < .55 and st != "CANCELLED" and v[5] != "ELECTRIC":
            li = round({"VAN": r.uniform(30, 75), "TRUCK": r.uniform(140, 420), "CAR": r.uniform(22, 50)}[v[4]], 2)
            pr = {2024: 1.62, 2025: 1.55, 2026: 1.71}[d.year] + r.uniform(-.09, .09) + (.08 if v[5] == "PETROL" else 0)
            fuel.append((v[0], x[0] if r.random() < .95 else None, ds, li, round(li * pr, 2), pick(r, Shell=30, Esso=20, BP=22, Circle=8, Depot=20).replace("Circle", "Circle K").replace("Depot", "Depot Pump"), "Y" if r.random() < .7 else "N"))
    fuel = [(i + 1,) + f for i, f in enumerate(fuel)]
    rep = []
    ds = sorted(rdate(r, "2024-01-04", END) for _ in range(360))
    for i, d in enumerate(ds):
        vs = [v for v in veh if v[6] <= d.isoformat() and v[0] not in ("V055", "V056", "V020", "V033") and (v[9] == "Y" or d.isoformat() < "2026-05-01")]
        v = r.choices(vs, [wv[x[0]] for x in vs])[0]
        cat = pick(r, Tyres=30, Brakes=22, Engine=15, Bodywork=15, Electrical=18)
        sc = {"Tyres": 420, "Brakes": 380, "Engine": 1500, "Bodywork": 800, "Electrical": 330}[cat] * (2.1 if v[4] == "TRUCK" else 1)
        st = "DONE"
        if (END - d).days < 30 and r.random() < .7:
            st = r.choice(["OPEN", "OPEN", "WAITING_PARTS"])
        done = (d + timedelta(days=min((END - d).days, int(r.gammavariate(2, 3))))).isoformat() if st == "DONE" else None
        pa = None if st != "DONE" else round(sc * r.uniform(.4, 1.3), 2)
        la = None if st != "DONE" else round(sc * r.uniform(.25, .8), 2)
        rep.append((i + 1, v[0], d.isoformat(), done, cat, pa, la, r.choice(["Hartley Motors", "Own Workshop", "Own Workshop", "QuickFix", "TruckCare"]), "Y" if r.random() < .18 else "N", st))
    db("fleet", """
CREATE TABLE VEHICLES (VEH_ID TEXT, PLATE_NO TEXT, MAKE TEXT, MODEL TEXT, VEH_TYP TEXT, FUEL_TYP TEXT, ACQ_DT TEXT, PURCH_PRC REAL, HOME_DEPOT TEXT, ACTIVE_FLG TEXT);
CREATE TABLE DRIVERS (DRV_NO INTEGER, DRV_NAME TEXT, DEPOT TEXT, HIRE_DT TEXT, TERM_DT TEXT, LIC_CLASS TEXT, LIC_EXP_DT TEXT, SUPV_NO INTEGER);
CREATE TABLE TRIPS (TRIP_ID INTEGER, VEH_ID TEXT, DRV_NO INTEGER, DEP_TS TEXT, ARR_TS TEXT, DIST_KM REAL, LOAD_KG REAL, DEST_CITY TEXT, TRIP_STAT TEXT);
CREATE TABLE FUEL_PURCH (PURCH_ID INTEGER, VEH_ID TEXT, DRV_NO INTEGER, PURCH_DT TEXT, LITRES REAL, COST_AMT REAL, STATION TEXT, FULL_TANK_FLG TEXT);
CREATE TABLE REPAIRS (REP_ID INTEGER, VEH_ID TEXT, RPT_DT TEXT, DONE_DT TEXT, CATEGORY TEXT, PARTS_AMT REAL, LABOUR_AMT REAL, GARAGE TEXT, WARRANTY_FLG TEXT, REP_STAT TEXT);
""", dict(DRIVERS=drv, VEHICLES=veh, TRIPS=trips, FUEL_PURCH=fuel, REPAIRS=rep))


def publisher():
    r = random.Random(71404)
    nm = names(r, 72)
    au = []
    agencies = ["Thornbury Literary", "Pale Fox Agency", "Wren & Co"]
    for i, n in enumerate(nm):
        dob = rdate(r, "1938-01-01", "1999-12-31").isoformat() if r.random() < .86 else None
        au.append((i + 1, n, r.choice(["Ireland", "Canada", "Sweden", "Nigeria", "India", "Italy", "Chile"]), dob, r.choice(agencies) if r.random() < .7 else None, rdate(r, "2009-01-01", "2026-08-01").isoformat(), "Yes" if r.random() < .75 else "No"))
    A1 = "Silent Crooked Hidden Winter Broken Golden Paper Hollow Distant Burning Salted Quiet Borrowed Iron Velvet".split()
    B1 = "Harbour Orchard Letters River Garden Lantern Kingdom Mirror Tide Sparrow Archive Bridge Season Compass Feast".split()
    tl = r.sample(["The %s %s" % (a, b) for a in A1 for b in B1], 165)
    genres = ["Crime", "Literary Fiction", "Fantasy", "History", "Cookery", "Children"]
    wa = [0 if i in (7, 29, 50, 66) else r.uniform(.3, 2.5) for i in range(72)]
    bk, ed = [], []
    gprice = {"Hardcover": 27, "Paperback": 13, "Ebook": 9, "Audiobook": 19}
    last = {}
    for i, t in enumerate(tl):
        a = r.choices(range(72), wa)[0] + 1
        g = r.choices(genres, [28, 25, 16, 12, 8, 11])[0]
        fp = rdate(r, "2011-01-01", "2026-10-30")
        st = pick(r, P=70, O=14, R=8)
        st = {"P": "In Print", "O": "Out Of Print", "R": "Reprinting"}[st]
        if r.random() < .06:
            st, fp = "Forthcoming", rdate(r, "2026-12-05", "2027-06-01")
        seq = None
        if a in last and last[a][1] == g and last[a][2] < fp and r.random() < .8:
            seq = last[a][0]
        bk.append(("B%04d" % (1001 + i), t, a, g, fp.isoformat(), st, "Yes" if r.random() < .12 and st != "Forthcoming" else "No", seq))
        last[a] = ("B%04d" % (1001 + i), g, fp)
        if st == "Forthcoming" and r.random() < .6 or r.random() < .02:
            continue
        fm = r.sample(list(gprice), r.choices([1, 2, 3, 4], [20, 35, 30, 15])[0])
        for f in sorted(fm):
            rd = fp + timedelta(days=0 if f in ("Hardcover", "Ebook") else r.randint(0, 300))
            if st != "Forthcoming" and rd > END:
                rd = fp
            ed.append(("978-1-%05d-%03d-%d" % (40000 + i * 7, r.randint(0, 999), len(ed) % 10), "B%04d" % (1001 + i), f, round(gprice[f] * r.uniform(.8, 1.35), 2), rd.isoformat(),
                       None if f == "Audiobook" or r.random() < .05 else r.randint(96, 640)))
    bstat = {b[0]: b for b in bk}
    pop = {b[0]: r.gammavariate(1.1, 1) + .05 for b in bk}
    live = [e for e in ed if bstat[e[1]][5] != "Forthcoming"]
    r.shuffle(live)
    unsold, live = live[:9], live[9:]
    sl = []
    for _ in range(4300):
        e = r.choices(live, [pop[x[1]] for x in live])[0]
        d = rdate(r, max(date(2024, 1, 2), date.fromisoformat(e[4])), END)
        if r.random() < .18 and d.month < 10 and date(d.year, 11, 1) > date.fromisoformat(e[4]):
            d = min(END, date(d.year, r.choice([11, 12]), r.randint(1, 28)))
        dig = e[2] in ("Ebook", "Audiobook")
        ch = pick(r, Online=80, Direct=20) if dig else pick(r, Bookshop=42, Online=28, Wholesale=16, Direct=6, Export=8)
        u = r.randint(1, 60) if ch != "Wholesale" else r.randint(60, 400)
        dc = {"Bookshop": .58, "Online": .62, "Wholesale": .45, "Direct": .92, "Export": .5}[ch]
        ret = None if dig else (r.randint(1, max(1, u // 4)) if ch in ("Bookshop", "Wholesale") and r.random() < .35 else 0)
        sl.append((d, e[0], ch, u, round(u * e[3] * dc, 2), ret))
    sl.sort(key=lambda x: x[0])
    sl = [(200001 + i, s[1], s[0].isoformat()) + s[2:] for i, s in enumerate(sl)]
    isb = {e[0]: e[1] for e in ed}
    agg = {}
    for s in sl:
        q = s[2][:4] + " Q%d" % ((int(s[2][5:7]) + 2) // 3)
        k = (q, isb[s[1]])
        agg[k] = agg.get(k, 0) + s[4]
    ry = []
    for n, ((q, b), v) in enumerate(sorted(agg.items())):
        if q == "2026 Q4" or r.random() < .12:
            continue
        y, qq = int(q[:4]), int(q[-1])
        due = date(y + (qq == 4), qq * 3 % 12 + 1, 28) if qq < 4 else date(y + 1, 1, 28)
        st = pick(r, Paid=90, Hold=5, Disputed=5) if due < date(2026, 9, 1) else pick(r, Paid=35, Due=55, Hold=10)
        st = "On Hold" if st == "Hold" else st
        ry.append((70000 + n, bstat[b][2], b, q, due.isoformat(), round(v * r.choice([.08, .1, .1, .125]), 2), min(END, due + timedelta(days=r.randint(-10, 45))).isoformat() if st == "Paid" else None, st))
    db("publisher", """
CREATE TABLE "Authors" ("Author ID" INTEGER, "Author Name" TEXT, "Country" TEXT, "Date Of Birth" TEXT, "Literary Agency" TEXT, "Signed On" TEXT, "Newsletter Opt In" TEXT);
CREATE TABLE "Books" ("Book ID" TEXT, "Title" TEXT, "Author ID" INTEGER, "Genre" TEXT, "First Published" TEXT, "Status" TEXT, "Award Winner" TEXT, "Sequel To" TEXT);
CREATE TABLE "Editions" ("ISBN" TEXT, "Book ID" TEXT, "Format" TEXT, "List Price" REAL, "Release Date" TEXT, "Pages" INTEGER);
CREATE TABLE "Sales" ("Sale ID" INTEGER, "ISBN" TEXT, "Sale Date" TEXT, "Channel" TEXT, "Units" INTEGER, "Net Revenue" REAL, "Returned Units" INTEGER);
CREATE TABLE "Royalties" ("Statement No" INTEGER, "Author ID" INTEGER, "Book ID" TEXT, "Quarter" TEXT, "Due Date" TEXT, "Amount" REAL, "Paid On" TEXT, "Status" TEXT);
""", {"Authors": au, "Books": bk, "Editions": ed, "Sales": sl, "Royalties": ry})


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    restaurant(), realty(), fleet(), publisher()
