"""Builds the four databases of this set in the folder given, always the same: python3 make_data.py FOLDER"""
import datetime as dt
import os
import random
import sqlite3
import sys

DB = sys.argv[1]
TODAY = dt.date(2026, 11, 22)
D = dt.date
FIRST = """Anna Ben Carla David Elena Felix Greta Hugo Ines Jonas Katrin Liam Mara Nico Olga Paul Rita Samuel Tina Umar Vera
Walter Xenia Yusuf Zoe Marta Luca Emma Noah Sofia Oscar Ivy Peter Nadia Victor Laura Stefan Irene Tom Alice""".split()
LAST = """Keller Moretti Novak Schmid Rossi Dubois Larsen Berger Costa Fischer Haas Ivanov Jensen Kovacs Lambert Meyer Nguyen
Olsen Petrov Quinn Ritter Santos Tanner Urban Vogel Weber Young Zimmer Adler Brandt Conti Decker Engel Frei Graf Hofer""".split()


def rnd(seed):
    return random.Random("fresh-c-" + seed)


def day(r, a, b):
    return a + dt.timedelta(days=r.randint(0, (b - a).days))


def grow(r, a, b):
    """a day, later ones more likely"""
    return a + dt.timedelta(days=int((b - a).days * r.random() ** 0.75))


def stamp(r, d, hours=None):
    h = r.choice(hours or list(range(7, 23)))
    return "%s %02d:%02d:%02d" % (d, h, r.randint(0, 59), r.randint(0, 59))


def write(name, tables):
    path = os.path.join(DB, name + ".sqlite")
    if os.path.exists(path):
        os.remove(path)
    con = sqlite3.connect(path)
    for t, cols, rows in tables:
        con.execute('CREATE TABLE "%s" (%s)' % (t, ", ".join('"%s" %s' % tuple(c.rsplit(":", 1)) for c in cols)))
        con.executemany('INSERT INTO "%s" VALUES (%s)' % (t, ",".join("?" * len(cols))),
                        [[str(v) if isinstance(v, D) else v for v in row] for row in rows])
        print(name, t, len(rows))
    con.commit()
    con.close()


def people(r, n):
    names = [(f, l) for f in FIRST for l in LAST]
    return r.sample(names, n)


def insurance():
    r = rnd("insurance")
    cities = ["Zurich", "Basel", "Geneva", "Lugano", "Bern", "Lucerne", "St. Gallen"]
    cust = []
    for i, (f, l) in enumerate(people(r, 380)):
        cust.append([1001 + i, f, l, day(r, D(1945, 1, 1), D(2004, 12, 31)), r.choices(cities, [9, 6, 5, 2, 6, 4, 3])[0],
                     None if r.random() < .08 else "%s.%s@mail.example" % (f.lower(), l.lower()),
                     r.choices(["private", "business"], [4, 1])[0],
                     1001 + r.randint(0, i - 1) if i > 5 and r.random() < .22 else None,
                     r.choice(["yes", "yes", "no"]), grow(r, D(2024, 1, 3), D(2026, 11, 18))])
    cust[300][7] = cust[302][7] = 1004
    pol = []
    lines = {"motor": (480, 1600), "home": (180, 900), "liability": (90, 400), "life": (600, 3200), "travel": (60, 320)}
    for i in range(720):
        c = r.choice(cust[:350])
        line = r.choices(list(lines), [8, 6, 4, 3, 3])[0]
        lo, hi = lines[line]
        start = day(r, c[9], TODAY + dt.timedelta(days=6))
        end = start + dt.timedelta(days=365 * (10 if line == "life" else r.choice([1, 1, 2, 3])))
        canc = None
        if start > TODAY - dt.timedelta(days=20) and r.random() < .6:
            st = "pending"
        elif end <= TODAY:
            st = "lapsed"
        elif r.random() < .11 and (TODAY - start).days > 25:
            st, canc = "cancelled", day(r, start + dt.timedelta(days=10), TODAY)
        else:
            st = "active"
        pol.append(["POL-%05d" % (20000 + i * 3), c[0], line, start, end, round(r.uniform(lo, hi), 2),
                    None if line == "life" else r.choice([0, 100, 200, 300, 500, 1000]), st, r.choices([1, 0], [3, 2])[0], canc])
    adj = []
    regions = ["North", "East", "West", "Ticino"]
    for i, (f, l) in enumerate(people(rnd("adj"), 22)):
        adj.append([501 + i, f + " " + l, regions[i % 4], day(r, D(2014, 1, 1), D(2026, 6, 30)),
                    None if i < 3 else 501 + r.randint(0, 2 if i < 9 else 8), "yes" if i < 9 else "no"])
    types = {"motor": ["collision", "theft", "glass breakage", "hail"], "home": ["water damage", "fire", "theft", "storm"],
             "liability": ["bodily injury", "property damage"], "life": ["disability"], "travel": ["trip cancellation", "lost luggage", "medical abroad"]}
    cl, pay = [], []
    n = 0
    pool = [p for p in pol if p[7] != "pending" and p[3] < TODAY - dt.timedelta(days=30) and r.random() < .72]
    for i in range(980):
        p = r.choice(pool)
        last = min(x for x in (p[4], TODAY, p[9] or TODAY))
        inc = day(r, p[3], last)
        rep = min(inc + dt.timedelta(days=int(r.expovariate(1 / 6))), TODAY)
        amt = round(r.lognormvariate(7.3, .9), 2)
        age = (TODAY - rep).days
        if age < 25:
            st = r.choices(["open", "under_review"], [3, 2])[0]
        else:
            st = r.choices(["open", "under_review", "approved", "rejected", "paid"], [4, 4, 8, 14, 70] if age > 90 else [10, 20, 25, 15, 30])[0]
        done = st in ("approved", "rejected", "paid")
        clo = rep + dt.timedelta(days=r.randint(3, min(age, 95))) if done else None
        app = round(amt * r.choice([1, .9, .8, .75, .5]), 2) if st in ("approved", "paid") else (0.0 if st == "rejected" else None)
        a = None if st == "open" and r.random() < .6 else adj[min(19, int(r.triangular(0, 20, 5)))]
        cl.append([70001 + i, p[0], a and a[0], inc, stamp(r, rep, [7, 8, 8, 9, 9, 9, 10, 10, 11, 13, 14, 14, 15, 16, 17, 18, 20]), clo,
                   r.choice(types[p[2]]), amt, app, st, r.choices(["Y", "N"], [6, 94])[0]])
        if st == "paid":
            parts = r.choices([1, 2, 3], [8, 2, 1])[0]
            left = app
            for k in range(parts):
                a1 = round(left if k == parts - 1 else left * r.uniform(.3, .6), 2)
                left -= a1
                pay.append([0, 70001 + i, min(clo + dt.timedelta(days=r.randint(1, 12) + 20 * k), TODAY), a1,
                            r.choices(["bank transfer", "cheque", "card refund"], [8, 2, 1])[0]])
    for x in [x for x in cl if x[2] == 506][:2]:
        x[2] = 518
    pay.sort(key=lambda x: x[2])
    for k, x in enumerate(pay):
        x[0] = 9001 + k
    write("insurance", [
        ("customers", "customer_id:INTEGER first_name:TEXT last_name:TEXT birth_date:TEXT city:TEXT email:TEXT segment:TEXT referred_by:INTEGER marketing_consent:TEXT customer_since:TEXT".split(), cust),
        ("policies", "policy_no:TEXT customer_id:INTEGER product_line:TEXT start_date:TEXT end_date:TEXT annual_premium:REAL deductible:INTEGER status:TEXT auto_renew:INTEGER cancelled_on:TEXT".split(), pol),
        ("claims", "claim_id:INTEGER policy_no:TEXT adjuster_id:INTEGER incident_date:TEXT reported_at:TEXT closed_on:TEXT claim_type:TEXT claimed_amount:REAL approved_amount:REAL status:TEXT fraud_flag:TEXT".split(), cl),
        ("payments", "payment_id:INTEGER claim_id:INTEGER paid_on:TEXT amount:REAL method:TEXT".split(), pay),
        ("adjusters", "adjuster_id:INTEGER full_name:TEXT region:TEXT hired_on:TEXT supervisor_id:INTEGER is_senior:TEXT".split(), adj)])


def webshop():
    r = rnd("webshop")
    geo = {"Germany": ["Berlin", "Hamburg", "Munich"], "Austria": ["Vienna", "Graz"], "Netherlands": ["Amsterdam", "Utrecht"],
           "France": ["Paris", "Lyon"], "Denmark": ["Copenhagen"]}
    cust = []
    for i, (f, l) in enumerate(people(r, 600)):
        co = r.choices(list(geo), [8, 4, 4, 3, 1])[0]
        cust.append([i + 1, f, l, "%s%s@%s" % (f.lower(), l.lower(), r.choice(["post.example", "inbox.example", "mail.example"])), co, r.choice(geo[co]),
                     grow(r, D(2024, 1, 2), D(2026, 11, 20)), r.choice(["true", "false"]), None if r.random() < .25 else r.randint(1950, 2007)])
    cats = {"Coffee": ["House Espresso", "Ethiopia Filter", "Decaf Blend", "Colombia Supremo", "Cold Brew Pack"],
            "Tea": ["Green Sencha", "Earl Grey", "Rooibos", "Chai Mix", "Mint Leaves"],
            "Equipment": ["Hand Grinder", "French Press", "Gooseneck Kettle", "Pour Over Dripper", "Milk Frother", "Espresso Machine", "Digital Scale"],
            "Accessories": ["Paper Filters", "Descaler", "Cleaning Brush", "Storage Tin", "Travel Mug"],
            "Gifts": ["Tasting Box", "Starter Kit", "Mug Set", "Gift Hamper"]}
    rng = {"Coffee": (8, 24), "Tea": (5, 16), "Equipment": (25, 420), "Accessories": (4, 28), "Gifts": (19, 89)}
    prods, old = [], {}
    n = 0
    for cat, names in cats.items():
        for nm in names:
            for var in r.sample(["", " Large", " Organic", " Pro", " Mini"] if cat in ("Equipment", "Accessories") else ["", " 250g", " 500g", " 1kg", " Organic"], r.choice([1, 2, 2, 3])):
                n += 1
                p = round(r.uniform(*rng[cat]) - .01, 2)
                sku = "%s-%03d" % (cat[:2].upper(), 100 + n)
                prev = r.choice(prods)[0] if prods and r.random() < .15 else None
                prods.append([sku, nm + var, cat, None if r.random() < .12 else r.choice(["Bontana", "Kaffa", "Lindholm", "Orbis", "Teehaus"]), p,
                              round(p * r.uniform(.35, .75), 2), None if r.random() < .1 else round(r.uniform(.1, 6), 2),
                              "false" if r.random() < .14 else "true", prev, r.choice([0, 0, r.randint(1, 15), r.randint(15, 400), r.randint(15, 400)])])
    w = [r.uniform(.2, 3) for _ in prods]
    for i in (4, 17, 30, 41):
        w[min(i, len(w) - 1)] = 0
    orders, lines, rets = [], [], []
    buyers = cust[:]
    r.shuffle(buyers)
    buyers = buyers[:520]
    wb = [r.paretovariate(1.6) for _ in buyers]
    raw = []
    while len(raw) < 1700:
        c = r.choices(buyers, wb)[0]
        d = grow(r, c[6], TODAY)
        raw.append((stamp(r, d, [6, 8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 20, 20, 21, 21, 22, 23]), c))
    raw.sort(key=lambda x: x[0])
    for i, (ts, c) in enumerate(raw):
        oid = 100001 + i
        d = D.fromisoformat(ts[:10])
        age = (TODAY - d).days
        st = "cancelled" if r.random() < .06 else ("pending" if age < 3 else ("shipped" if age < 9 and r.random() < .7 else "delivered"))
        sh = dl = None
        if st in ("shipped", "delivered"):
            sd = d + dt.timedelta(days=r.choices([0, 1, 2, 3, 5], [2, 6, 4, 2, 1])[0])
            sd = min(sd, TODAY)
            sh = sd
            if st == "delivered":
                dl = min(sd + dt.timedelta(days=r.choices([1, 2, 3, 4, 6, 9], [3, 6, 5, 3, 2, 1])[0]), TODAY)
        tot = 0
        for _ in range(r.choices([1, 2, 3, 4, 5], [7, 6, 4, 2, 1])[0]):
            p = r.choices(prods, w)[0]
            q = r.choices([1, 2, 3, 6], [9, 4, 2, 1])[0]
            up = p[4] if age < 300 else round(p[4] * .95, 2)
            disc = r.choices([0, 5, 10, 20], [12, 2, 2, 1])[0]
            lt = round(q * up * (100 - disc) / 100, 2)
            tot += lt
            lines.append([len(lines) + 1, oid, p[0], q, up, disc, lt])
            if st == "delivered" and r.random() < .085:
                rd = dl + dt.timedelta(days=r.randint(1, 28))
                if rd <= TODAY:
                    rq = r.randint(1, q)
                    rets.append([0, lines[-1][0], rd, rq, r.choices(["damaged", "wrong item", "changed mind", "not as described", None], [5, 3, 6, 3, 1])[0],
                                 round(lt * rq / q, 2), r.choice(["true", "false"])])
        fee = 0.0 if tot > 75 else r.choice([3.9, 4.9, 6.9])
        orders.append([oid, c[0], ts, st, fee, round(tot + fee, 2), r.choices([None, "WELCOME10", "SUMMER25", "BLACKFRIDAY", "FRIENDS"], [70, 12, 6, 6, 6])[0],
                       r.choices(["card", "paypal", "invoice", "klarna"], [8, 6, 3, 2])[0], "true" if r.random() < .1 else "false", sh, dl])
    rets.sort(key=lambda x: x[2])
    for k, x in enumerate(rets):
        x[0] = 4001 + k
    write("webshop", [
        ("customers", "customerId:INTEGER firstName:TEXT lastName:TEXT email:TEXT country:TEXT city:TEXT signupDate:TEXT newsletter:TEXT birthYear:INTEGER".split(), cust),
        ("products", "sku:TEXT productName:TEXT category:TEXT brand:TEXT listPrice:REAL costPrice:REAL weightKg:REAL isActive:TEXT replacesSku:TEXT stockQty:INTEGER".split(), prods),
        ("orders", "orderId:INTEGER customerId:INTEGER orderedAt:TEXT orderStatus:TEXT shippingFee:REAL orderTotal:REAL couponCode:TEXT paymentMethod:TEXT giftWrap:TEXT shippedOn:TEXT deliveredOn:TEXT".split(), orders),
        ("orderLines", "lineId:INTEGER orderId:INTEGER sku:TEXT quantity:INTEGER unitPrice:REAL discountPct:INTEGER lineTotal:REAL".split(), lines),
        ("returns", "returnId:INTEGER lineId:INTEGER returnedOn:TEXT quantity:INTEGER reason:TEXT refundAmount:REAL restocked:TEXT".split(), rets)])


def farm():
    r = rnd("farm")
    names = ["Long Acre", "Mill Meadow", "Church Field", "North Slope", "River Bend", "Oak Corner", "Stony Piece", "Hilltop", "Lower Ten", "Upper Ten",
             "Fox Covert", "Barn Close", "Sandpit", "Railway Strip", "Pond Field", "Chapel Down", "West Forty", "East Forty", "Rookery", "Gravel Pit",
             "Home Paddock", "Old Orchard", "Windmill", "Marsh End", "Quarry Side", "Long Bottom", "Heather Bank", "Smithy Lot", "Ten Elms", "Glebe"]
    fields = []
    for i, nm in enumerate(names):
        fields.append(["F%02d" % (i + 1), nm, round(r.uniform(2.5, 38), 2), r.choices(["loam", "clay", "sand", "peat"], [4, 3, 2, 1])[0],
                       r.choice(["Y", "N", "N"]), r.choice(["Y", "N"]), r.choice(["Home Farm", "Valley", "Hill"]), None if r.random() < .2 else round(r.uniform(5.4, 7.6), 1)])
    crops = [["WW", "Winter Wheat", "cereal", 198.5, 7.8], ["SB", "Spring Barley", "cereal", 176.0, 5.9], ["OA", "Oats", "cereal", 171.25, 5.2], ["RY", "Rye", "cereal", 158.4, None],
             ["PO", "Potatoes", "root", 162.75, 38.0], ["SU", "Sugar Beet", "root", 41.9, 70.5], ["CA", "Carrots", "root", 128.0, 52.0], ["RA", "Rapeseed", "oilseed", 442.0, 3.4],
             ["SF", "Sunflowers", "oilseed", 415.3, 2.6], ["PE", "Peas", "legume", 236.0, 3.9], ["BE", "Field Beans", "legume", 221.8, 4.1],
             ["AP", "Apples", "fruit", 510.0, 28.0], ["ST", "Strawberries", "fruit", 3150.0, None], ["HO", "Hops", "specialty", 4900.0, 1.8], ["MZ", "Maize", "cereal", 188.0, 8.9]]
    season = {"WW": (7, 8), "SB": (7, 8), "OA": (8, 9), "RY": (7, 8), "PO": (8, 10), "SU": (9, 11), "CA": (6, 10), "RA": (7, 7), "SF": (9, 9), "PE": (6, 7), "BE": (8, 9),
              "AP": (8, 10), "ST": (5, 7), "MZ": (9, 10)}
    yld = {"RY": 5.4, "ST": 14.0}
    jobs = ["tractor driver", "field hand", "mechanic", "agronomist", "picker"]
    wrk = []
    for i, (f, l) in enumerate(people(r, 46)):
        job = "farm manager" if i < 2 else ("foreman" if i < 7 else r.choices(jobs, [4, 6, 1, 1, 6])[0])
        sea = "Y" if job in ("picker", "field hand") and r.random() < .6 else "N"
        st = day(r, D(2015, 3, 1), D(2023, 12, 1)) if i < 14 else day(r, D(2024, 1, 8), D(2026, 9, 30))
        en = None if i < 8 or r.random() < (.45 if sea == "Y" else .8) else min(day(r, st + dt.timedelta(days=60), st + dt.timedelta(days=700)), D(2026, 11, 15))
        wrk.append([i + 1, f + " " + l, job, round(r.uniform(13.5, 19) + (9 if i < 7 else 0) + (4 if job == "agronomist" else 0), 2), st, en,
                    None if i < 2 else (r.randint(1, 2) if i < 7 else r.randint(3, 7)), sea, None if r.random() < .15 else "+44 7700 9%05d" % r.randint(0, 99999)])
    harv = []
    for y in (2024, 2025, 2026):
        for f in fields:
            if f[0] in ("F21", "F26"):
                continue
            for c in r.sample(list(season), r.choice([1, 2, 2, 3])):
                lo, hi = season[c]
                base = yld.get(c) or [x for x in crops if x[0] == c][0][4]
                part = f[2] * r.uniform(.25, .6)
                k = r.randint(2, 6)
                for _ in range(k):
                    d = day(r, D(y, lo, 3), D(y, hi, 28 if hi < 11 else 20))
                    lead = r.choice([w for w in wrk if w[4] <= d and (w[5] is None or w[5] >= d) and w[2] != "mechanic"])
                    harv.append([0, f[0], c, d, round(part * base / k * r.uniform(.7, 1.25) * (1.05 if f[4] == "Y" else 1), 2),
                                 None if r.random() < .12 else round(r.uniform(11, 24), 1), r.choices(["A", "B", "C"], [6, 3, 1])[0], lead[0],
                                 "Y" if r.random() < .2 else "N", r.choices(["sold", "stored", "fed", "spoiled"], [12, 6, 2, 1] if y < 2026 else [7, 9, 2, 1])[0]])
    harv.sort(key=lambda x: (x[3], x[1]))
    for k, x in enumerate(harv):
        x[0] = k + 1
    mach = ["Fendt 724", "John Deere 6R", "Claas Lexion", "Grimme Harvester", "Kubota M7", "Sprayer Amazone", "Telehandler JCB", "Quad Bike"]
    costs = []
    for i in range(820):
        m = r.choices(mach, [6, 6, 5, 3, 4, 3, 3, 1])[0]
        t = r.choices(["fuel", "repair", "spare parts", "insurance", "hire"], [10, 4, 4, 1, 1])[0]
        d = grow(r, D(2024, 1, 4), D(2026, 11, 21))
        lo, hi = {"fuel": (45, 620), "repair": (90, 3800), "spare parts": (15, 900), "insurance": (250, 1400), "hire": (120, 900)}[t]
        age = (TODAY - d).days
        costs.append([0, m, t, d, round(r.uniform(lo, hi), 2), r.choice(fields[:28])[0] if t == "fuel" and r.random() < .8 else None,
                      r.choices(["paid", "open", "disputed"], [95, 3, 2] if age > 45 else [4, 8, 1])[0],
                      round(r.uniform(1, 14), 1) if t == "fuel" and r.random() < .9 else None, "Y" if r.random() < .35 and t == "repair" else "N"])
    costs.sort(key=lambda x: x[3])
    for k, x in enumerate(costs):
        x[0] = k + 1
    write("farm", [
        ("FIELDS", "FLD_ID:TEXT FLD_NAME:TEXT AREA_HA:REAL SOIL_TYPE:TEXT IRRIGATED:TEXT LEASED:TEXT FARM_SITE:TEXT SOIL_PH:REAL".split(), fields),
        ("CROPS", "CROP_CD:TEXT CROP_NAME:TEXT CROP_GRP:TEXT PRICE_PER_T:REAL TARGET_YLD_T_HA:REAL".split(), crops),
        ("HARVESTS", "HARV_ID:INTEGER FLD_ID:TEXT CROP_CD:TEXT HARV_DT:TEXT QTY_T:REAL MOIST_PCT:REAL GRADE:TEXT LEAD_WRK_ID:INTEGER ORGANIC:TEXT HARV_STATUS:TEXT".split(), harv),
        ("WORKERS", "WRK_ID:INTEGER FULL_NAME:TEXT JOB:TEXT HOURLY_RATE:REAL START_DT:TEXT END_DT:TEXT BOSS_ID:INTEGER SEASONAL:TEXT PHONE:TEXT".split(), wrk),
        ("MACH_COSTS", "COST_ID:INTEGER MACHINE:TEXT COST_TYPE:TEXT COST_DT:TEXT AMT_EUR:REAL FLD_ID:TEXT PAY_STAT:TEXT RUN_HRS:REAL UNDER_WARRANTY:TEXT".split(), costs)])


def lawfirm():
    r = rnd("lawfirm")
    a = ["Alpine", "Baltic", "Cobalt", "Delta", "Ember", "Falcon", "Granite", "Harbor", "Indigo", "Jupiter", "Kestrel", "Lumen", "Meridian", "Northwind", "Orion", "Pioneer",
         "Quartz", "Redwood", "Summit", "Trident", "Union", "Vantage", "Willow", "Zenith"]
    b = ["Foods", "Capital", "Logistics", "Pharma", "Energy", "Software", "Properties", "Textiles"]
    ind = {"Foods": "Consumer", "Capital": "Finance", "Logistics": "Transport", "Pharma": "Healthcare", "Energy": "Energy", "Software": "Technology",
           "Properties": "Real Estate", "Textiles": "Consumer"}
    cl = []
    for i, nm in enumerate(r.sample([x + " " + y for x in a for y in b], 110)):
        cl.append(["C%03d" % (i + 1), nm + r.choice([" Ltd", " AG", " GmbH", " Inc"]), ind[nm.split()[1]], r.choices(["Switzerland", "Germany", "United Kingdom", "USA"], [5, 3, 3, 1])[0],
                   day(r, D(2012, 1, 1), D(2023, 12, 31)) if i < 50 else grow(r, D(2024, 1, 5), D(2026, 10, 30)),
                   "C%03d" % r.randint(1, i) if i > 8 and r.random() < .2 else None, "Yes" if r.random() < .16 else "No"])
    areas = ["Corporate", "Litigation", "Tax", "Employment", "Real Estate", "Intellectual Property"]
    lw = []
    for i, (f, l) in enumerate(people(r, 34)):
        pos = "Partner" if i < 8 else ("Counsel" if i < 11 else ("Senior Associate" if i < 19 else ("Associate" if i < 31 else "Paralegal")))
        rate = {"Partner": 520, "Counsel": 440, "Senior Associate": 360, "Associate": 270, "Paralegal": 150}[pos] + r.choice([-30, -20, 0, 10, 25, 40])
        j = day(r, D(2010, 1, 1), D(2023, 6, 1)) if i < 20 else day(r, D(2023, 6, 1), D(2026, 8, 1))
        lw.append(["L%02d" % (i + 1), f + " " + l, pos, areas[i % 6], float(rate), r.choices(["Zurich", "London", "Frankfurt"], [5, 3, 2])[0], j,
                   day(r, max(j, D(2025, 1, 1)) + dt.timedelta(days=40), D(2026, 11, 1)) if i in (10, 16, 22, 27) else None,
                   None if i < 2 else ("L%02d" % r.randint(1, 2) if i < 8 else "L%02d" % r.randint(1, 8))])
    titles = {"Corporate": ["Acquisition", "Shareholder Agreement", "Merger Filing", "Board Advice"], "Litigation": ["Contract Dispute", "Supplier Claim", "Arbitration", "Injunction"],
              "Tax": ["Tax Audit", "VAT Ruling", "Transfer Pricing"], "Employment": ["Dismissal Case", "Works Council Talks", "Pension Plan"],
              "Real Estate": ["Lease Review", "Site Purchase", "Zoning Appeal"], "Intellectual Property": ["Patent Filing", "Trademark Dispute", "Licence Agreement"]}
    mt = []
    active = cl[:98]
    for i in range(300):
        c = r.choice(active)
        ar = r.choices(areas, [6, 5, 3, 4, 3, 2])[0]
        o = grow(r, max(c[4], D(2024, 1, 8)), D(2026, 11, 10))
        st = r.choices(["Open", "On Hold", "Closed"], [2, 1, 7] if (TODAY - o).days > 250 else [7, 1, 2])[0]
        if (TODAY - o).days < 20:
            st = "Open" if r.random() < .5 else "Intake"
        clo = day(r, o + dt.timedelta(days=min(30, (TODAY - o).days)), TODAY) if st == "Closed" else None
        leads = [x for x in lw[:19] if x[3] == ar and x[7] is None] or lw[:8]
        mt.append(["M-%04d" % (1001 + i), c[0], r.choice(titles[ar]), ar, r.choice(leads)[0], o, clo, st, "Yes" if r.random() < .22 else "No",
                   None if r.random() < .3 else float(r.randint(4, 90) * 1000)])
    te, inv = [], []
    acts = ["Drafting", "Research", "Client Call", "Court Hearing", "Review", "Negotiation"]
    worked = [m for m in mt if m[7] != "Intake" and r.random() < .95]
    wt = [r.paretovariate(1.8) for _ in worked]
    while len(te) < 4600:
        m = r.choices(worked, wt)[0]
        d = day(r, m[5], m[6] or TODAY)
        if d.weekday() == 6 or (d.weekday() == 5 and r.random() < .8):
            continue
        l = next(x for x in lw if x[0] == m[4]) if r.random() < .3 else r.choice(lw)
        if l[6] > d or (l[7] and l[7] < d) or (l[0] in ("L13", "L25", "L31") and d > D(2026, 10, 2)):   # on leave
            continue
        h = r.choice([.25, .5, .75, 1, 1, 1.5, 2, 2.5, 3, 4, 6.5])
        te.append([0, m[0], l[0], d, h, l[4], "No" if r.random() < .16 else "Yes", r.choice(acts), None if r.random() < .07 else "%s re %s" % (r.choice(acts), m[2].lower())])
    te.sort(key=lambda x: (x[3], x[1]))
    for k, x in enumerate(te):
        x[0] = k + 1
    byq = {}
    for x in te:
        if x[6] == "Yes":
            byq.setdefault((x[1], x[3].year, x[3].month), []).append(x)
    for (m, y, q), xs in sorted(byq.items(), key=lambda kv: (kv[0][1], kv[0][2], kv[0][0])):
        nm = q + 1
        iss = D(y + (nm > 12), nm - 12 if nm > 12 else nm, r.randint(1, 20))
        if iss > TODAY or r.random() < .1:
            continue
        fee = round(sum(x[4] * x[5] for x in xs) * r.choice([1, 1, 1, .95, .9]), 2)
        due = iss + dt.timedelta(days=30)
        age = (TODAY - iss).days
        if age < 12 and r.random() < .5:
            st, pd = "Draft", None
        elif r.random() < (.88 if age > 90 else .4):
            st, pd = "Paid", min(iss + dt.timedelta(days=r.randint(5, 75)), TODAY)
        elif age > 200 and r.random() < .4:
            st, pd = "Written Off", None
        else:
            st, pd = ("Overdue" if due < TODAY else "Sent"), None
        inv.append(["INV-%05d" % (len(inv) + 1), m, iss, due, pd, fee, round(r.choice([0, 0, r.uniform(10, 900)]), 2), st, "Yes" if st in ("Overdue", "Written Off") and r.random() < .7 else "No"])
    write("lawfirm", [
        ("Clients", ["Client ID:TEXT", "Client Name:TEXT", "Industry:TEXT", "Country:TEXT", "Client Since:TEXT", "Referred By Client:TEXT", "Is VIP:TEXT"], cl),
        ("Lawyers", ["Lawyer ID:TEXT", "Lawyer Name:TEXT", "Position:TEXT", "Practice Group:TEXT", "Hourly Rate:REAL", "Office:TEXT", "Joined On:TEXT", "Left On:TEXT", "Reports To:TEXT"], lw),
        ("Matters", ["Matter No:TEXT", "Client ID:TEXT", "Matter Title:TEXT", "Practice Area:TEXT", "Lead Lawyer:TEXT", "Opened On:TEXT", "Closed On:TEXT", "Matter Status:TEXT", "Fixed Fee:TEXT", "Budget:REAL"], mt),
        ("Time Entries", ["Entry ID:INTEGER", "Matter No:TEXT", "Lawyer ID:TEXT", "Work Date:TEXT", "Hours:REAL", "Rate:REAL", "Billable:TEXT", "Activity:TEXT", "Narrative:TEXT"], te),
        ("Invoices", ["Invoice No:TEXT", "Matter No:TEXT", "Issued On:TEXT", "Due On:TEXT", "Paid On:TEXT", "Fee Amount:REAL", "Expenses:REAL", "Invoice Status:TEXT", "Reminder Sent:TEXT"], inv)])


os.makedirs(DB, exist_ok=True)
insurance()
webshop()
farm()
lawfirm()
