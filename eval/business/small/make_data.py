#!/usr/bin/env python3
"""Make the four databases of the set `small`:  make_data.py FOLDER

Writes FOLDER/vet.sqlite, studio.sqlite, wholesale.sqlite, freelancer.sqlite.
Seeded, the same bytes every time. Python 3 standard library only.
No keys are declared. Facts run 2024-01 to 2026-11 (today is 2026-11-22).
"""
import os
import random
import sqlite3
import sys
from datetime import date, timedelta

TODAY = date(2026, 11, 22)
START = date(2024, 1, 2)


def iso(d):
    return None if d is None else d.isoformat()


def rdate(r, a, b):
    return a + timedelta(days=int(r.random() * ((b - a).days + 1)))


def wpick(r, pairs):
    t = sum(w for _, w in pairs)
    x = r.random() * t
    for v, w in pairs:
        x -= w
        if x < 0:
            return v
    return pairs[-1][0]


def q(name):
    return '"' + name + '"'


def write(folder, name, tables):
    path = os.path.join(folder, name + '.sqlite')
    if os.path.exists(path):
        os.remove(path)
    con = sqlite3.connect(path)
    con.execute('PRAGMA page_size=4096')
    for tname, cols, rows in tables:
        con.execute('CREATE TABLE %s (%s)' % (
            q(tname) if ' ' in tname else tname,
            ', '.join('%s %s' % (q(c) if ' ' in c else c, t) for c, t in cols)))
        con.executemany('INSERT INTO %s VALUES (%s)' % (
            q(tname) if ' ' in tname else tname, ','.join('?' * len(cols))), rows)
        assert all(len(x) == len(cols) for x in rows), tname
    con.commit()
    con.execute('VACUUM')
    con.close()


FIRST = ('Anna Ben Clara David Emma Finn Greta Hugo Ida Jonas Karin Leo Mia Noah Olga Paul Rosa Sven Tilda Ulrik '
         'Vera Wim Yara Zoe Amir Bella Carl Dora Elias Freya Gus Hilde Ivan Julia Kofi Lena Mats Nina Otto Petra').split()
LAST = ('Berg Dahl Ek Falk Gran Holm Isak Jung Kaya Lund Moe Nord Okoye Palm Quist Ross Strand Thorn Udal Vik '
        'Wolff Ytter Zander Arnesen Brandt Costa Duarte Engel Fischer Garcia Haugen Ibsen Jansen Keller Larsen Meyer '
        'Novak Olsen Peters Richter Schulz Tanaka Urban Vogel Weber').split()


# ---------------------------------------------------------------- vet
def vet(folder):
    r = random.Random(7101)
    cities = [('Marlow', 30), ('Henley', 22), ('Reading', 18), ('Twyford', 10), ('Wargrave', 8), ('Cookham', 7), ('Bourne End', 5)]
    owners = []
    used = set()
    for i in range(1, 241):
        while True:
            fn, ln = r.choice(FIRST), r.choice(LAST)
            if (fn, ln) not in used:
                used.add((fn, ln))
                break
        joined = rdate(r, date(2021, 1, 4), date(2026, 11, 12))
        city = wpick(r, cities) if r.random() > .04 else None
        email = '%s.%s@%s' % (fn.lower(), ln.lower(), r.choice(['mail.com', 'post.net', 'inbox.org'])) if r.random() > .13 else None
        phone = '07%03d %06d' % (r.randrange(1000), r.randrange(10 ** 6)) if r.random() > .05 else None
        news = wpick(r, [('yes', 55), ('no', 38), (None, 7)])
        ref = r.randrange(1, i) if i > 10 and r.random() < .27 else None
        if ref is not None and r.random() < .35:
            ref = r.choice([3, 5, 8])
        owners.append((i, fn, ln, city, email, phone, iso(joined), news, ref))
    vets = [
        (1, 'Dr. Hanna Lindqvist', 'surgery', '2015-03-02', 0, None),
        (2, 'Dr. Marcus Obi', 'general', '2017-09-11', 0, 1),
        (3, 'Dr. Priya Nair', 'dentistry', '2019-01-07', 1, 1),
        (4, 'Dr. Tom Kessler', 'general', '2020-06-15', 0, 2),
        (5, 'Dr. Elena Rossi', 'exotics', '2021-10-04', 1, 2),
        (6, 'Dr. Sam Whitlock', 'general', '2023-02-20', 0, 4),
        (7, 'Dr. Joan Baptiste', 'dermatology', '2024-05-06', 0, 1),
        (8, 'Dr. Liam Farrell', 'general', '2025-09-01', 1, 4),
        (9, 'Dr. Ruth Amsel', 'surgery', '2018-04-03', 1, 1),
        (10, 'Dr. Viktor Stahl', 'general', '2018-11-19', 0, 2),
        (11, 'Dr. Carla Mendes', 'general', '2019-08-05', 0, 2),
        (12, 'Dr. Owen Price', None, '2020-02-10', 1, 10),
        (13, 'Dr. Ingrid Vale', 'cardiology', '2021-05-17', 0, 9),
        (14, 'Dr. Hamid Rahimi', 'general', '2022-01-10', 0, 10),
        (15, 'Dr. Sofia Brandt', 'dentistry', '2022-09-12', 1, 3),
        (16, 'Dr. Peter Loew', 'general', '2023-06-01', 0, 11),
        (17, 'Dr. Aiko Tanabe', 'surgery', '2024-01-15', 0, 9),
        (18, 'Dr. Grace Osei', 'general', '2025-03-03', 0, 14),
        (19, 'Dr. Felix Aumann', None, '2026-02-02', 1, 14),
        (20, 'Dr. Nora Whelan', None, '2026-11-02', 0, 7),
    ]
    species = [('Dog', 46), ('Cat', 34), ('Rabbit', 8), ('Guinea Pig', 5), ('Bird', 4), ('Reptile', 3)]
    breeds = {'Dog': ['Labrador', 'Beagle', 'Poodle', 'Border Collie', 'Terrier', 'Mixed'],
              'Cat': ['Siamese', 'Maine Coon', 'British Shorthair', 'Domestic', 'Bengal'],
              'Rabbit': ['Lop', 'Dwarf'], 'Guinea Pig': [None], 'Bird': ['Parakeet', 'Cockatiel'], 'Reptile': ['Gecko', 'Tortoise']}
    base = {'Dog': (8, 38), 'Cat': (3, 7), 'Rabbit': (1.2, 3), 'Guinea Pig': (.7, 1.2), 'Bird': (.03, .15), 'Reptile': (.1, 4)}
    pets = ('Bella Max Luna Charlie Milo Daisy Rocky Coco Buddy Nala Simba Oscar Ruby Teddy Molly Jack Willow Ziggy Pepper '
            'Hazel Biscuit Shadow Rex Poppy Smokey Toffee Ginger Olive Archie Maple').split()
    animals = []
    noanimals = set(r.sample(range(1, 241), 14))
    aid = 100
    for o in owners:
        if o[0] in noanimals:
            continue
        for _ in range(wpick(r, [(1, 60), (2, 27), (3, 9), (4, 3), (5, 1)])):
            aid += 1
            sp = wpick(r, species)
            br = r.choice(breeds[sp])
            if r.random() < .08:
                br = None
            lo, hi = base[sp]
            wt = round(lo + (hi - lo) * r.random(), 2 if hi < 2 else 1)
            born = rdate(r, date(2010, 3, 1), date(2025, 10, 1))
            dead = None
            if r.random() < .07:
                dead = rdate(r, date(2024, 6, 1), date(2026, 11, 10))
                if dead <= born:
                    dead = None
            animals.append((aid, o[0], r.choice(pets), sp, br, wpick(r, [('M', 49), ('F', 47), (None, 4)]),
                            iso(born) if r.random() > .07 else None,
                            wpick(r, [('Y', 58), ('N', 33), (None, 9)]),
                            wt if r.random() > .09 else None, iso(dead)))
    reasons = [('vaccination', 26), ('check-up', 24), ('dental', 11), ('injury', 10), ('skin problem', 9), ('surgery', 7), ('emergency', 6), ('follow-up', 7)]
    dur = {'vaccination': [15, 15, 20], 'check-up': [20, 20, 30], 'dental': [45, 60], 'injury': [30, 45], 'skin problem': [20, 30],
           'surgery': [60, 90, 120], 'emergency': [30, 45, 60], 'follow-up': [15, 20]}
    apps, treats, invs = [], [], []
    raw = []
    weights = [(a, .3 + r.random() ** 2 * 3) for a in animals]
    never = set(a[0] for a in r.sample(animals, 21))
    weights = [(a, w) for a, w in weights if a[0] not in never]
    while len(raw) < 1900:
        d = rdate(r, START, date(2026, 11, 30))
        if d.weekday() == 6 or (d.weekday() == 5 and r.random() < .55):
            continue
        if d.year == 2024 and r.random() < .3 or d.year == 2025 and r.random() < .15:
            continue
        if d.month in (7, 8) and r.random() < .2:
            continue
        a = wpick(r, weights)
        if a[9] and iso(d) > a[9]:
            continue
        if a[6] and iso(d) < a[6]:
            continue
        own = owners[a[1] - 1]
        if iso(d) < own[6] and r.random() < .9:
            continue
        h = wpick(r, [(8, 8), (9, 14), (10, 15), (11, 13), (12, 5), (13, 6), (14, 11), (15, 11), (16, 10), (17, 7)])
        if d.weekday() == 5 and h > 12:
            h = 9 + h % 4
        raw.append((d, h, r.choice([0, 15, 30, 45]), a))
    raw.sort(key=lambda x: (x[0], x[1], x[2], x[3][0]))
    prices = {'procedure': [('wound cleaning', 45), ('tooth extraction', 120), ('scale and polish', 95), ('spay / castration', 190), ('ear flush', 38)],
              'vaccine': [('booster', 42), ('rabies vaccine', 55), ('kennel cough', 36)],
              'medication': [('antibiotics', 18.5), ('painkiller', 12.9), ('flea treatment', 16.4), ('ear drops', 14.2)],
              'lab': [('blood panel', 78), ('urine test', 32), ('x-ray', 110)],
              'food': [('diet food 2kg', 21.5), ('puppy food', 17.9)]}
    tid, ino = 0, 5000
    for i, (d, h, m, a) in enumerate(raw, 1):
        reason = wpick(r, reasons)
        while True:
            v = wpick(r, [(1, 20), (2, 24), (3, 12), (4, 20), (5, 8), (6, 14), (7, 10), (8, 9), (9, 8), (10, 12), (11, 9), (12, 5), (13, 6), (14, 10), (15, 5), (16, 8), (17, 7), (18, 8), (19, 4)])
            if iso(d) < vets[v - 1][3]:
                continue
            if v == 6 and d > date(2026, 5, 29):
                continue
            break
        if d > TODAY:
            st = wpick(r, [('booked', 92), ('cancelled', 8)])
        else:
            st = wpick(r, [('completed', 84), ('cancelled', 9), ('no_show', 7)])
        apps.append((i, a[0], v if r.random() > .015 else None, '%s %02d:%02d' % (iso(d), h, m), r.choice(dur[reason]), reason if r.random() > .02 else None, st))
        if st != 'completed':
            continue
        tot = 0
        cats = {'vaccination': [('vaccine', 10), ('medication', 1)], 'surgery': [('procedure', 6), ('medication', 3), ('lab', 2)],
                'dental': [('procedure', 6), ('medication', 2)]}.get(reason, [('medication', 5), ('lab', 3), ('food', 2), ('procedure', 1)])
        for _ in range(wpick(r, [(0, 6), (1, 55), (2, 30), (3, 9)])):
            c = wpick(r, cats)
            it, p = r.choice(prices[c])
            p = round(p * (1 + .04 * (d.year - 2024)), 2)
            qty = r.choice([1, 1, 2, 3]) if c in ('medication', 'food') else 1
            tid += 1
            treats.append((tid, i, it, c, qty, p))
            tot += qty * p
        if r.random() < .04:
            continue
        ino += 1
        fee = {'surgery': 140, 'emergency': 95, 'dental': 60}.get(reason, 35)
        amt = round(tot + fee * (1 + .04 * (d.year - 2024)), 2)
        iss = d + timedelta(days=r.choice([0, 0, 0, 1, 2]))
        iss = min(iss, TODAY)
        paid = iss + timedelta(days=wpick(r, [(0, 40), (3, 10), (7, 15), (12, 12), (18, 10), (25, 7), (41, 4), (66, 2)]) + r.choice([0, 0, 1, 2]))
        if r.random() < .06 or paid > TODAY:
            paid = None
        invs.append((ino, i, iso(iss), iso(iss + timedelta(days=14)), amt, iso(paid), wpick(r, [('true', 30), ('false', 70)]),
                     wpick(r, [('card', 60), ('bank transfer', 22), ('cash', 14)]) if paid else None))
    write(folder, 'vet', [
        ('owners', [('owner_id', 'INTEGER'), ('first_name', 'TEXT'), ('last_name', 'TEXT'), ('city', 'TEXT'), ('email', 'TEXT'), ('phone', 'TEXT'),
                    ('joined_on', 'TEXT'), ('newsletter', 'TEXT'), ('referred_by', 'INTEGER')], owners),
        ('vets', [('vet_id', 'INTEGER'), ('full_name', 'TEXT'), ('specialty', 'TEXT'), ('started_on', 'TEXT'), ('part_time', 'INTEGER'), ('mentor_id', 'INTEGER')], vets),
        ('animals', [('animal_id', 'INTEGER'), ('owner_id', 'INTEGER'), ('name', 'TEXT'), ('species', 'TEXT'), ('breed', 'TEXT'), ('sex', 'TEXT'),
                     ('born_on', 'TEXT'), ('neutered', 'TEXT'), ('weight_kg', 'REAL'), ('deceased_on', 'TEXT')], animals),
        ('appointments', [('appointment_id', 'INTEGER'), ('animal_id', 'INTEGER'), ('seen_by', 'INTEGER'), ('starts_at', 'TEXT'), ('duration_min', 'INTEGER'),
                          ('reason', 'TEXT'), ('status', 'TEXT')], apps),
        ('treatments', [('treatment_id', 'INTEGER'), ('appointment_id', 'INTEGER'), ('item', 'TEXT'), ('category', 'TEXT'), ('quantity', 'INTEGER'), ('unit_price', 'REAL')], treats),
        ('invoices', [('invoice_no', 'INTEGER'), ('appointment_id', 'INTEGER'), ('issued_on', 'TEXT'), ('due_on', 'TEXT'), ('amount', 'REAL'), ('paid_on', 'TEXT'),
                      ('insurance_claim', 'TEXT'), ('payment_method', 'TEXT')], invs),
    ])


# ---------------------------------------------------------------- studio
def studio(folder):
    r = random.Random(7202)
    names = ['Ada Brook', 'Boris Teller', 'Chloe Marsh', 'Dmitri Sokol', 'Ella Fontaine', 'Felix Grau', 'Gina Moretti', 'Hassan Ali', 'Ines Prado', 'Jack Turner',
             'Kaya Demir', 'Lars Nygaard', 'Maya Cohen', 'Nils Ahlberg', 'Orla Byrne', 'Pedro Alves', 'Quinn Harper', 'Rita Lopes', 'Stefan Krug', 'Tess Morgan', 'Umar Shah', 'Viola Ricci']
    boss = [None, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 9, 12, 15]
    team = [None, 'Creative', 'Media', 'Strategy', 'Accounts', 'Creative', 'Creative', 'Creative', 'Media', 'Media', 'Media', 'Strategy', 'Strategy', 'Strategy',
            'Accounts', 'Accounts', 'Accounts', 'Creative', 'Creative', 'Media', 'Strategy', 'Accounts']
    titles = {'Creative': ['Designer', 'Copywriter', 'Art Director'], 'Media': ['Media Buyer', 'Media Planner'], 'Strategy': ['Strategist', 'Analyst'], 'Accounts': ['Account Manager']}
    staff = []
    for i in range(1, 23):
        t = team[i - 1]
        title = 'Managing Director' if i == 1 else ('Head of ' + t if i <= 5 else r.choice(titles[t]))
        hired = rdate(r, date(2016, 2, 1), date(2021, 6, 1)) if i <= 8 else rdate(r, date(2021, 8, 1), date(2026, 3, 1))
        left = None
        if i in (8, 14):
            left = date(2025, 6, 30) if i == 8 else date(2026, 2, 28)
            if hired > date(2024, 1, 1):
                hired = date(2023, 5, 2)
        cost = 95.0 if i == 1 else (round(62 + 3 * r.random() * 4, 2) if i <= 5 else round(28 + r.random() * 22, 2))
        staff.append((i, names[i - 1], title, t, iso(hired), iso(left), cost, boss[i - 1]))
    cn = ['Alpenrose Dairy', 'Bluefin Yachts', 'Cobalt Bank', 'Dunes Hotel Group', 'Everly Cosmetics', 'Foxglove Gardens', 'Granite Tools', 'Harbor Insurance', 'Iris Optics',
          'Juniper Gin', 'Kestrel Bikes', 'Lumen Energy', 'Maple & Co', 'Northstar Travel', 'Orchid Spa', 'Pinewood Furniture', 'Quartz Watches', 'Redwood Coffee', 'Saffron Foods',
          'Tundra Outdoor', 'Umbra Lighting', 'Velo Transit', 'Willow Toys', 'Xenon Labs', 'Yonder Apps', 'Zephyr Airlines', 'Acorn Schools', 'Birch Clinics', 'Cedar Homes',
          'Dune Resorts', 'Ember Grills', 'Fjord Fish', 'Glow Skincare', 'Halo Fitness', 'Indigo Denim', 'Jade Tea', 'Kite Telecom', 'Lotus Pharma', 'Mosaic Museum', 'Nimbus Cloud']
    IND = ['Retail', 'Food & Drink', 'Travel', 'Finance', 'Technology', 'Health', 'Home']
    #        Al Bl Co Du Ev Fo Gr Ha Ir Ju Ke Lu Ma No Or Pi Qu Re Sa Tu Um Ve Wi Xe Yo Ze Ac Bi Ce Du Em Fj Gl Ha In Ja Ki Lo Mo Ni
    indc = '1232060351' + '0412560110' + '6204423562' + '6155014524'
    parent = {30: 4, 33: 5, 18: 19, 36: 19, 32: 19, 28: 38}
    clients = []
    ams = [5, 15, 16, 17, 22]
    for i, n in enumerate(cn, 1):
        ind = IND[int(indc[i - 1])]
        clients.append((i, n, ind if r.random() > .05 else None, wpick(r, [('DE', 14), ('UK', 10), ('FR', 6), ('NL', 5), ('CH', 4)]), iso(rdate(r, date(2018, 1, 8), date(2026, 6, 1))),
                        r.choice(ams) if r.random() > .08 else None, wpick(r, [('Yes', 40), ('No', 60)]), parent.get(i)))
    nocamp = {7, 21, 29, 39}
    adj = ['Spring', 'Summer', 'Autumn', 'Winter', 'Launch', 'Brand', 'Loyalty', 'Black Friday', 'Back to School', 'Always-on']
    camps, spend = [], []
    chans = [('Search', 30), ('Social', 32), ('Display', 18), ('Video', 12), ('Email', 9)]
    starts = sorted(rdate(r, date(2024, 1, 3), date(2026, 10, 15)) for _ in range(100)) + sorted(rdate(r, date(2026, 10, 28), date(2026, 11, 16)) for _ in range(12))
    cw = [(c, .3 + 2 * r.random() ** 2) for c in clients if c[0] not in nocamp]
    usedt = set()
    for k, sd in enumerate(starts, 1):
        c = wpick(r, cw)
        ch = wpick(r, chans)
        length = r.choice([14, 18, 21, 24, 28, 28, 30, 35, 42])
        ed = sd + timedelta(days=length)
        title = '%s %s %d' % (c[1].split()[0], r.choice(adj), sd.year)
        while title in usedt:
            title = '%s %s %d' % (c[1].split()[0], r.choice(adj), sd.year)
        usedt.add(title)
        if ed < TODAY:
            state = wpick(r, [('finished', 90), ('cancelled', 8)])
            end = ed
        else:
            state = wpick(r, [('live', 70), ('paused', 30)])
            end = None if r.random() < .4 else ed
        if k in (110, 112):
            state, end = 'draft', None
        cid = 'C%03d' % (k + 100)
        per = 25 + 200 * r.random() ** 1.6
        budget = round(per * length * (0.8 + .5 * r.random()) / 50) * 50
        camps.append((cid, c[0], title, ch, iso(sd), iso(end), budget if r.random() > .06 else None, state))
        if ch == 'Email' or state in ('draft', 'cancelled') or r.random() < .05:
            continue
        for j in range(length):
            d = sd + timedelta(days=j)
            if d >= TODAY or r.random() < .08:
                continue
            if len(spend) >= 2950:
                break
            cost = round(per * (.5 + r.random()) * (0.75 if d.weekday() >= 5 else 1), 2)
            cpm = {'Search': 14, 'Social': 7, 'Display': 3.5, 'Video': 9}[ch]
            imp = int(cost / cpm * 1000 * (.7 + .6 * r.random()))
            clk = int(imp * {'Search': .032, 'Social': .011, 'Display': .004, 'Video': .006}[ch] * (.6 + .8 * r.random()))
            conv = int(clk * .04 * (.3 + 1.4 * r.random()))
            spend.append((cid, iso(d), imp, clk, conv if r.random() > .05 else None, cost))
    invs = []
    seq = {2024: 0, 2025: 0, 2026: 0}
    ds = sorted(rdate(r, date(2024, 1, 5), date(2026, 11, 20)) for _ in range(430))
    iw = [(c, .4 + 2 * r.random() ** 2) for c in clients if c[0] not in (21, 39)]
    for d in ds:
        if d.weekday() >= 5:
            d = d - timedelta(days=2)
        seq[d.year] += 1
        c = wpick(r, iw)
        net = round((900 + 9000 * r.random() ** 2) * (1 + .12 * (d.year - 2024)), 2)
        due = d + timedelta(days=r.choice([14, 30, 30]))
        x = r.random()
        paid = d + timedelta(days=int(6 + 50 * r.random() ** 1.3))
        if x < .04:
            st, paid = 'void', None
        elif paid > TODAY or x < .10:
            paid = None
            st = 'overdue' if due < TODAY else 'open'
        else:
            st = 'paid'
        invs.append(('INV-%d-%03d' % (d.year, seq[d.year]), c[0], iso(d), iso(due), net, round(net * .19, 2) if c[3] == 'DE' else 0.0, iso(paid), st))
    invs.sort(key=lambda x: x[0])
    ents = []
    rr = [s for s in staff if s[0] not in (1, 2, 20)]
    while len(ents) < 2400:
        cp = camps[int(r.random() * len(camps))]
        if cp[7] == 'draft' or (cp[7] == 'cancelled' and r.random() < .7) or cp[0] in ('C117', 'C141', 'C176', 'C190'):
            continue
        sd = date.fromisoformat(cp[4])
        d = rdate(r, max(START, sd - timedelta(days=14)), min(date(2026, 11, 20), sd + timedelta(days=35)))
        if d.weekday() >= 5 and r.random() < .93:
            continue
        s = r.choice(rr)
        if iso(d) < s[4] or (s[5] and iso(d) > s[5]):
            continue
        ents.append((iso(d), s[0], cp[0], .5 * (1 + int(r.random() * 14)), wpick(r, [('true', 76), ('false', 24)]),
                     wpick(r, [('design', 25), ('copy', 15), ('media planning', 20), ('reporting', 16), ('meeting', 16), (None, 8)])))
    ents = [(i, s, c, d, h, b, k) for i, (d, s, c, h, b, k) in enumerate(sorted(ents, key=lambda x: (x[0], x[1], x[2], x[3], x[4])), 1)]
    write(folder, 'studio', [
        ('clients', [('clientId', 'INTEGER'), ('clientName', 'TEXT'), ('industry', 'TEXT'), ('country', 'TEXT'), ('clientSince', 'TEXT'), ('accountManager', 'INTEGER'),
                     ('onRetainer', 'TEXT'), ('parentClientId', 'INTEGER')], clients),
        ('staff', [('staffId', 'INTEGER'), ('fullName', 'TEXT'), ('jobTitle', 'TEXT'), ('team', 'TEXT'), ('hiredOn', 'TEXT'), ('leftOn', 'TEXT'), ('hourlyCost', 'REAL'), ('reportsTo', 'INTEGER')], staff),
        ('campaigns', [('campaignId', 'TEXT'), ('clientId', 'INTEGER'), ('title', 'TEXT'), ('channel', 'TEXT'), ('startDate', 'TEXT'), ('endDate', 'TEXT'), ('budget', 'REAL'), ('state', 'TEXT')], camps),
        ('adSpend', [('campaignId', 'TEXT'), ('spendDate', 'TEXT'), ('impressions', 'INTEGER'), ('clicks', 'INTEGER'), ('conversions', 'INTEGER'), ('cost', 'REAL')], spend),
        ('invoices', [('invoiceNo', 'TEXT'), ('clientId', 'INTEGER'), ('issuedOn', 'TEXT'), ('dueOn', 'TEXT'), ('netAmount', 'REAL'), ('vatAmount', 'REAL'), ('paidOn', 'TEXT'), ('status', 'TEXT')], invs),
        ('timeEntries', [('entryId', 'INTEGER'), ('staffId', 'INTEGER'), ('campaignId', 'TEXT'), ('workDate', 'TEXT'), ('hours', 'REAL'), ('billable', 'TEXT'), ('taskType', 'TEXT')], ents),
    ])


# ---------------------------------------------------------------- wholesale
def wholesale(folder):
    r = random.Random(7303)
    sn = ['Brauhaus Sued', 'Cantina Rossa', 'Chateau Lamont', 'Distillery North', 'Eau Vive', 'Fresh Press Juices', 'Glen Torran', 'Hopfen & Malz', 'Island Rum Co', 'Jolly Soda',
          'Kvass Works', 'La Bodega', 'Mountain Springs', 'Noble Vines', 'Old Mill Cider', 'Perla Prosecco', 'Queen City Tonic', 'River Brewery', 'Sol de Jerez', 'Tartan Stills']
    supp = []
    for i, n in enumerate(sn):
        supp.append(('S%02d' % (i + 1), n, 'DE IT FR DE FR DE UK DE ES UK DE ES IT FR UK IT UK DE ES UK'.split()[i], r.choice([5, 7, 10, 14, 21, 30]) if i not in (7, 13) else None, wpick(r, [('Y', 40), ('N', 60)])))
    cats = {'BEER': (['Pils', 'Helles', 'IPA', 'Stout', 'Weizen', 'Lager', 'Amber', 'Porter'], 14, 24, 5.0),
            'WINE': (['Merlot', 'Riesling', 'Chianti', 'Rioja', 'Chardonnay', 'Malbec', 'Pinot'], 32, 6, 12.5),
            'SPIRITS': (['Gin', 'Rum', 'Whisky', 'Vodka', 'Grappa'], 95, 6, 40.0),
            'SOFT': (['Cola', 'Lemonade', 'Tonic', 'Ginger Ale', 'Orange Soda', 'Iced Tea'], 9, 24, 0.0),
            'WATER': (['Still', 'Sparkling', 'Medium'], 5.5, 12, 0.0),
            'JUICE': (['Apple Juice', 'Orange Juice', 'Cherry Juice', 'Grape Juice'], 11, 6, 0.0)}
    SC = {'BEER': ['S01', 'S08', 'S11', 'S15'], 'WINE': ['S02', 'S03', 'S12', 'S14', 'S16'], 'SPIRITS': ['S04', 'S07', 'S09'],
          'SOFT': ['S06', 'S10', 'S11'], 'WATER': ['S05', 'S13'], 'JUICE': ['S06', 'S13']}
    brand = ['Alba', 'Bora', 'Cala', 'Dorn', 'Elba', 'Fara', 'Gold', 'Hana']
    prods, used = [], set()
    k = 0
    for cat, n in (('BEER', 26), ('WINE', 22), ('SPIRITS', 14), ('SOFT', 16), ('WATER', 7), ('JUICE', 9)):
        kinds, price, pack, alc = cats[cat]
        for _ in range(n):
            while True:
                nm = r.choice(brand) + ' ' + r.choice(kinds)
                if nm not in used:
                    used.add(nm)
                    break
            k += 1
            buy = round(price * (.65 + .7 * r.random()), 2)
            sell = round(buy * (1.18 + .3 * r.random()), 2)
            prods.append(('P%03d' % k, nm, cat, r.choice(SC[cat]), buy, sell, pack, round(alc * (.9 + .2 * r.random()), 1) if r.random() > .04 else None,
                          wpick(r, [(1, 90), (0, 10)]), r.choice([20, 30, 40, 60]) if r.random() > .08 else None))
    cust = []
    kinds = [('BAR', 30), ('RESTAURANT', 34), ('HOTEL', 12), ('SHOP', 16), ('EVENT', 8)]
    w1 = ['Blue', 'Golden', 'Old', 'Corner', 'Royal', 'Market', 'River', 'Green', 'Silver', 'Station', 'Castle', 'Harbour']
    w2 = {'BAR': ['Bar', 'Pub', 'Tavern'], 'RESTAURANT': ['Kitchen', 'Bistro', 'Grill'], 'HOTEL': ['Hotel', 'Inn'], 'SHOP': ['Drinks', 'Store', 'Kiosk'], 'EVENT': ['Events', 'Catering']}
    usedc = set()
    while len(cust) < 126:
        i = len(cust) + 1
        ty = wpick(r, kinds)
        nm = r.choice(w1) + ' ' + r.choice(w2[ty])
        if nm in usedc:
            nm = nm + ' ' + r.choice(['North', 'South', 'East', 'West'])
            if nm in usedc:
                continue
        usedc.add(nm)
        par = None
        if i > 20 and r.random() < .16:
            par = r.choice([4, 9, 12, 17]) + 1000
        cust.append((1000 + i, nm, ty, wpick(r, [('Kassel', 30), ('Fulda', 20), ('Marburg', 18), ('Giessen', 16), ('Hanau', 12), (None, 3)]),
                     r.choice([1000, 2000, 2500, 5000, 7500, 10000]) if r.random() > .1 else None, iso(rdate(r, date(2019, 2, 1), date(2026, 9, 30))), wpick(r, [('N', 90), ('Y', 8)]), par))
    # deliveries
    dele = []
    nodel = set(c[0] for c in r.sample(cust, 8))
    cw = [(c, .2 + 3 * r.random() ** 2.2) for c in cust if c[0] not in nodel]
    nosell = set(p[0] for p in r.sample(prods, 6))
    pw = [(p, .2 + 2.5 * r.random() ** 1.8) for p in prods if p[0] not in nosell]
    season = {'BEER': [.6, .6, .8, 1, 1.3, 1.5, 1.6, 1.5, 1.1, 1, .8, 1], 'WINE': [.7, .7, .8, .9, .9, .8, .7, .8, 1, 1.1, 1.4, 1.8]}
    drv = [('Kurt', 28), ('Selma', 26), ('Andrzej', 22), ('Yusuf', 18), (None, 4)]
    rows = []
    while len(rows) < 2900:
        d = rdate(r, date(2024, 1, 2), date(2026, 11, 20))
        if d.weekday() == 6 or (d.weekday() == 5 and r.random() < .7):
            continue
        if r.random() > {2024: .72, 2025: .86, 2026: 1}[d.year]:
            continue
        c, p = wpick(r, cw), wpick(r, pw)
        if iso(d) < c[5] and r.random() < .97:
            continue
        if r.random() > season.get(p[2], [1] * 12)[d.month - 1] / 1.8:
            continue
        rows.append((d, c, p))
    rows.sort(key=lambda x: (x[0], x[1][0], x[2][0]))
    for i, (d, c, p) in enumerate(rows, 1):
        dd = d + timedelta(days=wpick(r, [(1, 40), (2, 28), (3, 16), (5, 8), (8, 4)]))
        if dd.weekday() == 6:
            dd += timedelta(days=1)
        st = wpick(r, [('DELIVERED', 91), ('CANCELLED', 4), ('RETURNED', 3)])
        if dd > date(2026, 11, 21):
            st, dd = 'OPEN', None
        elif st == 'CANCELLED':
            dd = None
        qty = max(1, int((1 + 18 * r.random() ** 2) * {'SPIRITS': .5, 'WINE': .8}.get(p[2], 1.4)))
        prc = round(p[5] * {2024: .94, 2025: .97, 2026: 1}[d.year], 2)
        dele.append((200000 + i, c[0], p[0], iso(d), iso(dd), qty, prc, wpick(r, [(0, 62), (5, 22), (10, 12), (15, 4)]), st, wpick(r, drv) if dd else None))
    # purchase orders (one product a line order)
    pos = []
    sup_lead = {s[0]: s[3] or 10 for s in supp}
    pl = sorted((rdate(r, date(2024, 1, 3), date(2026, 11, 19)), int(r.random() * len(prods))) for _ in range(760))
    for i, (d, pi) in enumerate(pl, 1):
        p = prods[pi]
        if d.weekday() >= 5:
            d -= timedelta(days=2)
            if d < date(2024, 1, 2):
                d = date(2024, 1, 3)
        exp = d + timedelta(days=sup_lead[p[3]])
        rc = exp + timedelta(days=wpick(r, [(-2, 15), (0, 42), (1, 15), (3, 12), (6, 8), (12, 5)]))
        st = wpick(r, [('RCVD', 93), ('CANC', 5)])
        if st == 'CANC':
            rc = None
        elif rc > TODAY:
            st, rc = 'OPEN', None
        pos.append((30000 + i, p[3], p[0], iso(d), iso(exp), iso(rc), r.choice([10, 20, 20, 30, 40, 50, 60, 80]), round(p[4] * (.93 + .035 * (d.year - 2024) + .04 * r.random()), 2), st))
    pos.sort(key=lambda x: x[3])
    pos = [(30001 + i,) + x[1:] for i, x in enumerate(pos)]
    # stock movements
    mv = []
    for p in prods:
        mv.append(('2024-01-02', p[0], 'IN', r.choice([200, 240, 280, 320]), 'W1' if r.random() < .6 else 'W2', 'opening stock'))
    while len(mv) < 2400:
        p = prods[int(r.random() * len(prods))]
        d = rdate(r, date(2024, 1, 3), date(2026, 11, 20))
        if d.weekday() == 6:
            continue
        ty = wpick(r, [('IN', 33), ('OUT', 56), ('BRK', 8), ('ADJ', 5)])
        qn = {'IN': int(15 + 55 * r.random()), 'OUT': -int(4 + 24 * r.random()), 'BRK': -int(1 + 6 * r.random()), 'ADJ': r.choice([-6, -4, -3, -2, 2, 3, 5])}[ty]
        mv.append((iso(d), p[0], ty, qn, wpick(r, [('W1', 55), ('W2', 35), ('W3', 10)]),
                   {'BRK': r.choice(['dropped', 'leaking', None]), 'ADJ': r.choice(['stock count', None])}.get(ty)))
    mv.sort(key=lambda x: (x[0], x[1], x[2], x[3], x[4]))
    mv = [(i, x[1], x[0], x[2], x[3], x[4], x[5]) for i, x in enumerate(mv, 1)]
    write(folder, 'wholesale', [
        ('SUPP', [('SUPP_NO', 'TEXT'), ('SUPP_NM', 'TEXT'), ('CTRY_CD', 'TEXT'), ('LEAD_DAYS', 'INTEGER'), ('PREF_YN', 'TEXT')], supp),
        ('PROD', [('PROD_CD', 'TEXT'), ('PROD_NM', 'TEXT'), ('CAT', 'TEXT'), ('MAIN_SUPP', 'TEXT'), ('PURCH_PRC', 'REAL'), ('SELL_PRC', 'REAL'), ('PACK_QTY', 'INTEGER'), ('ALC_PCT', 'REAL'),
                  ('ACTV_FLG', 'INTEGER'), ('REORD_LVL', 'INTEGER')], prods),
        ('CUST', [('CUST_NO', 'INTEGER'), ('CUST_NM', 'TEXT'), ('CUST_TYP', 'TEXT'), ('CITY', 'TEXT'), ('CR_LIM', 'INTEGER'), ('SINCE_DT', 'TEXT'), ('BLKD_FLG', 'TEXT'), ('PARENT_CUST', 'INTEGER')], cust),
        ('DELIV', [('DELIV_NO', 'INTEGER'), ('CUST_NO', 'INTEGER'), ('PROD_CD', 'TEXT'), ('ORD_DT', 'TEXT'), ('DELIV_DT', 'TEXT'), ('QTY', 'INTEGER'), ('UNIT_PRC', 'REAL'), ('DISC_PCT', 'INTEGER'),
                   ('STAT', 'TEXT'), ('DRV_NM', 'TEXT')], dele),
        ('PURCH_ORD', [('PO_NO', 'INTEGER'), ('SUPP_NO', 'TEXT'), ('PROD_CD', 'TEXT'), ('ORD_DT', 'TEXT'), ('EXP_DT', 'TEXT'), ('RCVD_DT', 'TEXT'), ('ORD_QTY', 'INTEGER'), ('UNIT_CST', 'REAL'), ('STAT', 'TEXT')], pos),
        ('STK_MVT', [('MVT_ID', 'INTEGER'), ('ITEM', 'TEXT'), ('MVT_DT', 'TEXT'), ('MVT_TYP', 'TEXT'), ('QTY', 'INTEGER'), ('WHSE', 'TEXT'), ('RMRK', 'TEXT')], mv),
    ])


# ---------------------------------------------------------------- freelancer
def freelancer(folder):
    r = random.Random(7404)
    names = ['Arbor Press', 'Beacon Media', 'City Theatre', 'Delta Logistics', 'Echo Records', 'Fern Publishing', 'Gamma Robotics', 'Hillside School', 'Ivory Dental', 'Jumbo Games',
             'Knot Studio', 'Lakeside Council', 'Mint Finance', 'Nova Health', 'Opal Jewellery', 'Pixel Foundry', 'Quill Magazine', 'Rapid Couriers', 'Sunny Kindergarten', 'Tidal Energy',
             'Unity Charity', 'Vertex Legal', 'Wander Travel', 'Yellow Bakery']
    cl = []
    SEC = {'M': 'Media', 'P': 'Public', 'T': 'Tech', 'S': 'Services'}
    for i, n in enumerate(names, 1):
        ref = r.choice([1, 2, 4]) if i > 5 and r.random() < .4 else None
        cl.append((i, n, wpick(r, [('Germany', 11), ('Austria', 5), ('Switzerland', 4), ('Netherlands', 3)]), SEC['MMPSMMTPSTTPSSSTMSPSPSSS'[i - 1]] if i not in (11, 20) else None,
                   iso(rdate(r, date(2020, 2, 3), date(2026, 3, 1))), r.choice([65, 70, 75, 80, 85, 90, 95, 110]) if i not in (10, 17, 21) else None, wpick(r, [('yes', 70), ('no', 30)]), ref))
    noinv = {8, 15, 21}
    cw = [(c, .3 + 2.6 * r.random() ** 2) for c in cl if c[0] not in noinv]
    hw = [(c, w) for c, w in cw] + [(cl[14], .25)]
    hours = []
    while len(hours) < 1250:
        d = rdate(r, date(2024, 1, 3), date(2026, 11, 20))
        if d.weekday() == 6 and r.random() < .9 or d.weekday() == 5 and r.random() < .75 or d.month == 8 and r.random() < .55:
            continue
        c = wpick(r, hw)
        if iso(d) < c[4] and r.random() < .95:
            continue
        task = wpick(r, [('Design', 30), ('Coding', 28), ('Meeting', 16), ('Admin', 12), ('Research', 10), (None, 4)])
        hrs = .25 * (2 + int(r.random() ** 1.3 * 26))
        hours.append((iso(d), '%02d:%02d' % (wpick(r, [(7, 3), (8, 14), (9, 24), (10, 18), (11, 9), (13, 14), (14, 12), (15, 8), (16, 4), (19, 4), (21, 2)]), r.choice([0, 15, 30, 45])), c[0], hrs, task,
                      wpick(r, [('N', 85), ('Y', 10)]) if task == 'Admin' else wpick(r, [('Y', 85), ('N', 15)])))
    hours.sort(key=lambda x: (x[0], x[1], x[2], x[3]))
    hours = [(i, h[2], h[0], h[1], h[3], h[4], h[5]) for i, h in enumerate(hours, 1)]
    inv, pay = [], []
    ds = [rdate(r, date(2024, 1, 8), date(2026, 11, 18)) for _ in range(236)]
    ds = sorted(d + timedelta(days=31) if d.month == 8 and r.random() < .5 else d for d in ds)
    pays = []
    for i, d in enumerate(ds, 1):
        while True:
            c = wpick(r, cw)
            if iso(d) >= c[4] or r.random() < .04:
                break
        amt = round(250 + 4200 * r.random() ** 2.1, 2)
        if r.random() < .3:
            amt = float(round(amt / 50) * 50)
        tax = round(amt * .19, 2) if c[2] == 'Germany' else 0.0
        due = d + timedelta(days=r.choice([14, 14, 30]))
        x = r.random()
        gross = round(amt + tax, 2)
        lag = int(3 + 55 * r.random() ** 1.7)
        pd = d + timedelta(days=lag)
        no = 'R%d-%03d' % (d.year, i)
        meth = lambda: wpick(r, [('Bank transfer', 66), ('PayPal', 22), ('Cash', 4), (None, 4)])
        if x < .03:
            st = 'Written Off'
        elif x < .06:
            st = 'Cancelled'
        elif x < .11 or pd > TODAY:
            st = 'Open'
        elif x < .15:
            st = 'Partly Paid'
            pays.append((iso(pd), no, round(gross * r.choice([.3, .4, .5]), 2), meth()))
        elif x < .25:
            first = round(gross / 2, 2)
            pays.append((iso(pd), no, first, meth()))
            p2 = pd + timedelta(days=r.choice([14, 30]))
            if p2 <= TODAY:
                pays.append((iso(p2), no, round(gross - first, 2), meth()))
                st = 'Paid'
            else:
                st = 'Partly Paid'
        else:
            st = 'Paid'
            pays.append((iso(pd), no, gross, meth()))
        inv.append((no, c[0], iso(d), iso(due), amt, tax, st))
    inv.sort(key=lambda x: (x[2], x[0]))
    pays.sort()
    pays = [(9000 + i, p[1], p[0], p[2], p[3]) for i, p in enumerate(pays, 1)]
    ex = []
    ven = {'Software': ['Adobe', 'JetBrains', 'Figma', 'Hetzner'], 'Travel': ['Deutsche Bahn', 'Lufthansa', 'FlixBus', 'Uber'], 'Office': ['Ikea', 'Staples', 'Amazon'],
           'Hardware': ['Apple', 'Dell', 'Amazon'], 'Insurance': ['Allianz', 'HUK'], 'Meals': ['Cafe Luise', 'Trattoria Roma', None], 'Training': ['Udemy', 'Coursera'], 'Phone': ['Telekom']}
    rng = {'Software': (9, 75), 'Travel': (12, 340), 'Office': (5, 160), 'Hardware': (60, 2100), 'Insurance': (40, 260), 'Meals': (8, 90), 'Training': (15, 420), 'Phone': (25, 48)}
    for _ in range(410):
        d = rdate(r, date(2024, 1, 4), date(2026, 11, 19))
        cat = wpick(r, [('Software', 26), ('Travel', 20), ('Office', 14), ('Hardware', 6), ('Insurance', 7), ('Meals', 15), ('Training', 5), ('Phone', 7)])
        lo, hi = rng[cat]
        ex.append((iso(d), cat, r.choice(ven[cat]), round(lo + (hi - lo) * r.random() ** 1.8, 2),
                   wpick(r, [('Yes', 40), ('yes', 18), ('Y', 14), ('No', 14), ('no', 7), ('N', 4), (None, 5)]),
                   wpick(r, hw)[0] if cat in ('Travel', 'Meals') and r.random() < .6 or r.random() < .06 else None, wpick(r, [('TRUE', 82), ('FALSE', 18)])))
    ex.sort(key=lambda x: (x[0], x[1], x[3]))
    ex = [(i,) + x for i, x in enumerate(ex, 1)]
    write(folder, 'freelancer', [
        ('Clients', [('Client ID', 'INTEGER'), ('Client Name', 'TEXT'), ('Country', 'TEXT'), ('Sector', 'TEXT'), ('First Contact', 'TEXT'), ('Hourly Rate', 'REAL'), ('Active', 'TEXT'), ('Referred By', 'INTEGER')], cl),
        ('Invoices', [('Invoice No', 'TEXT'), ('Client', 'INTEGER'), ('Invoice Date', 'TEXT'), ('Due Date', 'TEXT'), ('Net Amount', 'REAL'), ('Tax', 'REAL'), ('Status', 'TEXT')], inv),
        ('Payments', [('Payment ID', 'INTEGER'), ('For Invoice', 'TEXT'), ('Paid On', 'TEXT'), ('Amount Received', 'REAL'), ('Method', 'TEXT')], pays),
        ('Expenses', [('Expense ID', 'INTEGER'), ('Expense Date', 'TEXT'), ('Category', 'TEXT'), ('Vendor', 'TEXT'), ('Amount', 'REAL'), ('Tax Deductible', 'TEXT'), ('Client ID', 'INTEGER'), ('Has Receipt', 'TEXT')], ex),
        ('Hours Log', [('Entry ID', 'INTEGER'), ('Client ID', 'INTEGER'), ('Work Date', 'TEXT'), ('Start Time', 'TEXT'), ('Hours', 'REAL'), ('Task', 'TEXT'), ('Billable', 'TEXT')], hours),
    ])


def main():
    if len(sys.argv) != 2:
        sys.exit('usage: make_data.py FOLDER')
    os.makedirs(sys.argv[1], exist_ok=True)
    for f in (vet, studio, wholesale, freelancer):
        f(sys.argv[1])


if __name__ == '__main__':
    main()
