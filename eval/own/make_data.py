#!/usr/bin/env python3
"""Writes the three own datasets as CSV: applog, spending and toolshed. Everything is invented; the same bytes every time.

Usage: python3 make_data.py          (writes <name>/csv/*.csv beside this file)
Facts run from 2024-01-01 to 2026-10-31; questions are asked on 2026-11-22.
"""
import csv
import datetime as dt
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))
FIRST_DAY = dt.date(2024, 1, 1)
LAST_DAY = dt.date(2026, 10, 31)


class Source:
    """Random numbers from random.random() alone, the one method that gives the same in every Python version."""

    def __init__(self, seed):
        self.random = random.Random(seed).random

    def whole(self, low, high):
        return low + int(self.random() * (high - low + 1))

    def pick(self, values):
        return values[int(self.random() * len(values))]

    def weighted(self, pairs):
        rest = self.random() * sum(weight for _, weight in pairs)
        for value, weight in pairs:
            rest -= weight
            if rest < 0:
                return value
        return pairs[-1][0]

    def day(self, low, high):
        return low + dt.timedelta(days=self.whole(0, (high - low).days))

    def mixed(self, values):
        """The values in another order."""
        return [value for _, value in sorted((self.random(), value) for value in values)]

    def spelled(self, text, often=0.12):
        """Now and then a stored variant of one value: berlin, BERLIN, 'Berlin '."""
        return self.pick([text.lower(), text.upper(), text + " "]) if self.random() < often else text


def write(dataset, name, header, rows):
    folder = os.path.join(HERE, dataset, "csv")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows([["" if value is None else value for value in row] for row in rows])
    print("%s/%s.csv: %d rows" % (dataset, name, len(rows)))


GIVEN = ("Ada Bilal Cora Dario Edda Farid Greta Hugo Ilse Jonah Kaja Leon Mira Nils Oona Pavel Quentin Runa Silas Tessa Ugo Vera "
         "Wim Xenia Yusuf Zora").split()
FAMILY = ("Abara Brandt Calder Dorn Eklund Fontana Gruber Holm Iwano Juric Klee Lund Marsh Novy Ostrow Pryce Quist Rask Stein "
          "Torres Urban Vidal Wolff Yilmaz Zander").split()


def names(source, count):
    pairs = source.mixed([(given, family) for given in GIVEN for family in FAMILY])
    return pairs[:count]


# 1. applog: an event log of a reporting app.

def make_applog():
    source = Source(20260101)
    cities = [("Paris", "France", 8), ("Lyon", "France", 4), ("Oslo", "Norway", 4), ("Bergen", "Norway", 2), ("Porto", "Portugal", 3),
              ("Graz", "Austria", 3), ("Turin", "Italy", 3), ("Ghent", "Belgium", 2)]
    people = names(source, 240)
    users = []
    for number, (given, family) in enumerate(people, 1):
        city, country = source.weighted([((city, country), weight) for city, country, weight in cities])
        signed_up = source.day(dt.date(2023, 6, 1), dt.date(2026, 9, 30))
        referrer = None if number < 20 or source.random() < 0.6 else "u%03d" % source.whole(1, number - 1)
        no_city = source.random() < 0.05
        users.append({
            "user_id": "u%03d" % number, "full_name": "%s %s" % (given, family), "city": None if no_city else source.spelled(city),
            "country": country, "plan": source.weighted([("free", 6), ("pro", 3), ("team", 2)]), "signed_up_on": signed_up,
            "newsletter": source.weighted([("Y", 5), ("N", 4), (None, 1)]), "referred_by": referrer})
    models = [("Pixel 8", "Android"), ("Galaxy S23", "Android"), ("iPhone 14", "iOS"), ("iPhone 15", "iOS"), ("iPad Air", "iOS"),
              ("ThinkPad X1", "Windows"), ("Surface Pro 9", "Windows"), ("MacBook Air", "macOS")]
    devices = []
    for user in users:
        for _ in range(source.weighted([(0, 1), (1, 6), (2, 3), (3, 1)])):
            model, system = source.pick(models)
            devices.append({"device_id": "D-%d" % (1001 + len(devices)), "user_id": user["user_id"], "model": model, "os": system,
                            "bought_on": source.day(dt.date(2022, 1, 1), dt.date(2026, 6, 30)),
                            "managed": source.weighted([("true", 3), ("false", 7)])})
    owned = {}
    for device in devices:
        if source.random() < 0.88:  # the others were never used
            owned.setdefault(device["user_id"], []).append(device["device_id"])
    versions = [("4.1.0", dt.date(2024, 1, 1)), ("4.2.0", dt.date(2024, 9, 1)), ("4.10.0", dt.date(2025, 5, 1)), ("5.0.0", dt.date(2026, 2, 1)),
                ("5.0.1", dt.date(2026, 6, 1))]
    active = [(user, 0.2 + source.random() ** 3 * 5) for user in users if source.random() < 0.92]
    starts = []
    while len(starts) < 980:
        user = source.weighted(active)
        day = source.day(FIRST_DAY, LAST_DAY)
        if day < user["signed_up_on"] or (day.weekday() > 4 and source.random() < 0.6):
            continue
        hour = source.weighted([(7, 1), (8, 4), (9, 6), (10, 6), (11, 4), (13, 3), (14, 5), (15, 4), (16, 3), (20, 2), (22, 1)])
        starts.append((dt.datetime(day.year, day.month, day.day, hour, source.whole(0, 49), source.whole(0, 59)), user))
    starts.sort(key=lambda start: (start[0], start[1]["user_id"]))
    events = []
    for number, (at, user) in enumerate(starts, 1):
        device = source.pick(owned[user["user_id"]]) if user["user_id"] in owned and source.random() < 0.97 else None
        version = [code for code, since in versions if since <= at.date()][-1]
        kinds = ["open"] + [source.weighted([("view", 60), ("search", 18), ("export", 9), ("error", 7), ("purchase", 3)])
                            for _ in range(source.weighted([(1, 2), (2, 3), (3, 4), (5, 3), (8, 1)]))] + ["close"]
        for kind in kinds:
            slow = 1.6 if version == "5.0.0" else 1.0
            length = {"view": 4000, "search": 900, "export": 6000}.get(kind)
            duration = None if length is None or source.random() < 0.06 else int(length * slow * (0.3 + source.random() ** 2 * 3))
            screen = {"open": "Home", "close": None, "purchase": "Billing", "search": "Search"}.get(kind, source.pick(
                ["Home", "Reports", "Reports", "Settings", "Billing"]))
            events.append([100001 + len(events), at.strftime("%Y-%m-%d %H:%M:%S"), "s%05d" % number, user["user_id"], device, kind, screen, duration,
                           source.weighted([("E-101", 5), ("E-204", 3), ("E-310", 2), ("E-404", 1)]) if kind == "error" else None,
                           source.pick(["4.99", "9.99", "9.99", "24.00"]) if kind == "purchase" else None, version,
                           source.weighted([(0, 9), (1, 1)])])
            at += dt.timedelta(seconds=source.whole(3, 240))
    write("applog", "users", list(users[0]), [list(user.values()) for user in users])
    write("applog", "devices", list(devices[0]), [list(device.values()) for device in devices])
    write("applog", "events", ["event_id", "occurred_at", "session_id", "user_id", "device_id", "event_type", "screen", "duration_ms",
                               "error_code", "amount_eur", "app_version", "offline"], events)


# 2. spending: one wide spreadsheet with a column for each month.

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def make_spending():
    source = Source(20260202)
    departments = [("Facilities", 0.9, ["Cleaning", "Rent", "Repairs"]), ("IT", 1.4, ["Licences", "Hardware", "Cloud"]),
                   ("Marketing", 1.1, ["Ads", "Events", "Print"]), ("People", 0.6, ["Training", "Recruiting"]), ("Research", 1.2, ["Lab", "Travel", "Hardware"])]
    owners = {name: ["%s, %s" % (family, given) for given, family in group]
              for (name, _, _), group in zip(departments, [names(source, 15)[i * 3:i * 3 + 3] for i in range(5)])}
    suppliers = ["Alder & Finch, Ltd", "Blue Kettle", "Corvid Systems", "Dune Logistics", "Ember Print", "Fennel Foods", "Grove, Hart and Sons",
                 "Halcyon Cloud", "O'Dell Repairs", "Juniper 24/7"]
    rows = []
    for year in (2024, 2025, 2026):
        for name, scale, categories in departments:
            for site, number in (("Leeds", 11), ("York", 8), ("Hull", 6), ("Bath", 5)):
                for _ in range(number):
                    category = source.pick(categories)
                    base = scale * (200 + source.random() ** 2 * 3000) * (1 + 0.06 * (year - 2024))
                    months = []
                    for month in range(12):
                        empty = source.random() < 0.05 or (year == 2026 and month > 9)
                        idle = source.random() < 0.08
                        season = 1.35 if month in (2, 8) else 0.8 if month == 7 else 1.0
                        months.append(None if empty else 0 if idle else int(base * season * (0.7 + source.random() * 0.6)))
                    limit = int(round(base * 12 * (0.8 + source.random() * 0.45), -2))
                    reviewed = None if source.random() < 0.1 else source.day(dt.date(year, 1, 1), min(dt.date(year, 12, 31), LAST_DAY))
                    rows.append([len(rows) + 1, year, name, source.spelled(site), "%04d" % (100 * (1 + [d[0] for d in departments].index(name)) + 10 * source.whole(1, 4)),
                                 category, source.pick(owners[name]), None if source.random() < 0.12 else source.pick(suppliers[:9] if year < 2026 else suppliers)]
                                + months + [limit, source.weighted([("Yes", 7), ("No", 2), (None, 1)]), "Y" if category in ("Hardware", "Lab", "Repairs") and source.random() < 0.7 else "N",
                                            source.weighted([("TRUE", 6), ("FALSE", 4)]), source.pick([0, 2.5, 5, 7.5, 7.5, 10, 12.5, 15]),
                                            source.weighted([("A1", 2), ("A2", 3), ("B1", 4), ("B2", 3), ("C1", 2)]), reviewed,
                                            None if reviewed is None or source.random() < 0.15 else source.whole(1, 5),
                                            source.weighted([(None, 12), ("check invoice", 1), ("moved from last year", 1), ("split with \"Annex B\"", 1), ("awaiting quote", 1)])])
    write("spending", "Spending", ["Line No", "Fiscal Year", "Department", "Site", "Cost Centre", "Category", "Owner", "Supplier"] + MONTHS +
          ["Annual Limit", "Approved", "Capital Item", "Recurring", "Overhead %", "Priority Code", "Last Reviewed", "Review Score", "Notes"], rows)


# 3. toolshed: a lending library of tools; each key has another name on either side.

def make_toolshed():
    source = Source(20260303)
    kinds = [("SAW", "Saws", 14), ("DRL", "Drills", 12), ("SND", "Sanders", 10), ("LAD", "Ladders", 10), ("GRD", "Garden tools", 9), ("PNT", "Painting gear", 8),
             ("MSR", "Measuring tools", 7), ("PLB", "Plumbing tools", 6), ("WLD", "Welding gear", 3), ("CLN", "Cleaning machines", 7), ("TRL", "Trailers", 3), ("KLN", "Kilns", 0)]
    classes = [("S", "Standard", 40), ("R", "Reduced", 20), ("F", "Family", 60), ("P", "Patron", 150)]
    staff = [("HB", "Hedda Brox", None, "2019-03-01", 24.5), ("LK", "Lorenz Kappel", "HB", "2020-06-15", 21.0), ("MO", "Maeve Orr", "HB", "2021-01-10", 21.0),
             ("TS", "Timur Sadik", "LK", "2022-04-01", 18.5), ("AN", "Alma Nyberg", "LK", "2022-09-01", 18.0), ("PD", "Piet Dorsman", "MO", "2023-02-01", 18.0),
             ("RV", "Ronja Varga", "MO", "2024-05-01", 17.0), ("GC", "Gino Calvi", "TS", "2025-03-15", 19.0), ("EJ", "Esme Jarrow", "TS", "2026-11-02", 16.0)]
    towns = [("Dalby", 7), ("Norwick", 5), ("Saltmouth", 4), ("Penrose", 3), ("Elm Hill", 2)]
    members = []
    for index, (given, family) in enumerate(names(source, 190)):
        sponsor = None if index < 12 or source.random() < 0.55 else "%05d" % (300 + 7 * source.whole(0, index - 1))
        joined = source.day(dt.date(2021, 1, 1), LAST_DAY)
        members.append(["%05d" % (300 + 7 * index), "%s, %s" % (family, given), source.spelled(source.weighted(towns)) if source.random() > 0.04 else None, joined,
                        source.weighted([("S", 9), ("R", 4), ("F", 4), ("P", 1)]), source.weighted([("yes", 8), ("no", 2)]), sponsor,
                        "%s.%s@mail.example" % (given.lower(), family.lower()) if source.random() > 0.1 else None])
    brands = ["Brandur", "Kestrel", "Nordfil", "Tamarack", "Voss"]
    words = {"SAW": ["Jigsaw", "Circular saw", "Mitre saw"], "DRL": ["Hammer drill", "Cordless drill"], "SND": ["Belt sander", "Orbital sander"], "LAD": ["Step ladder", "Extension ladder"],
             "GRD": ["Hedge trimmer", "Scarifier", "Wheelbarrow"], "PNT": ["Paint sprayer", "Wallpaper steamer"], "MSR": ["Laser level", "Moisture meter"],
             "PLB": ["Pipe bender", "Drain snake"], "WLD": ["Arc welder"], "CLN": ["Pressure washer", "Carpet cleaner"], "TRL": ["Box trailer", "Flatbed, twin axle"]}
    tools = []
    for code, _, count in kinds:
        for number in range(count):
            rate = 24 if code == "TRL" and number < 2 else {"WLD": 18, "TRL": 22, "CLN": 9, "SAW": 6, "LAD": 4, "MSR": 3}.get(code, 5) + 0.5 * source.whole(0, 3)
            acquired = source.day(dt.date(2020, 1, 1), dt.date(2026, 8, 31))
            retired = source.day(max(acquired, dt.date(2024, 6, 1)), LAST_DAY) if source.random() < 0.12 else None
            tools.append(["%s-%02d" % (code, number + 1), words[code][number % len(words[code])], code, source.pick(brands) if source.random() > 0.08 else None, "%.2f" % rate, acquired, retired])
    tools = source.mixed(tools)
    borrowers = [(member, 0.1 + source.random() ** 3 * 4) for member in members if source.random() < 0.88]
    wanted = [(tool, 0.2 + source.random() * 3) for tool in tools if source.random() < 0.93]
    loans = []
    while len(loans) < 2300:
        member, tool = source.weighted(borrowers), source.weighted(wanted)
        out = source.day(FIRST_DAY, LAST_DAY)
        if out < member[3] or out < tool[5] or (tool[6] and out > tool[6]) or (out.month in (12, 1, 2) and source.random() < 0.4):
            continue
        due = out + dt.timedelta(days=source.pick([3, 7, 7, 14]))
        back = out + dt.timedelta(days=source.weighted([(1, 3), (2, 4), (3, 4), (5, 4), (7, 4), (10, 2), (16, 1), (source.whole(20, 75), 0.5)]))
        if back > LAST_DAY or source.random() < 0.006:
            back = None
        clerk = source.weighted([(person[0], weight) for person, weight in zip(staff, [2, 5, 5, 6, 6, 5, 4, 3, 0]) if person[3] <= out.isoformat()])
        loans.append([out, member[0], tool[0], due, back, None if source.random() < 0.03 else clerk])
    loans.sort(key=lambda loan: (loan[0], loan[1], loan[2]))
    loans = [["L%05d" % number] + loan for number, loan in enumerate(loans, 1)]
    payments = []
    for member in members:
        for _ in range(source.weighted([(0, 2), (2, 3), (4, 4), (8, 2), (12, 1)])):
            low = max(member[3], FIRST_DAY)
            why = source.weighted([("hire", 6), ("membership", 3), ("late fee", 2)])
            amount = {"membership": dict((c[0], c[2]) for c in classes)[member[4]], "late fee": source.pick([2, 4, 6, 10]), "hire": source.whole(6, 90) / 2}[why]
            payments.append([source.day(low, LAST_DAY), member[0], "%.2f" % amount, why, source.weighted([("card", 6), ("cash", 3), ("transfer", 2)])])
    payments.sort(key=lambda payment: (payment[0], payment[1]))
    certificates = set()
    while len(certificates) < 230:
        member = source.pick(members)
        certificates.add((member[0], source.weighted([("SAW", 5), ("WLD", 3), ("DRL", 2), ("LAD", 3), ("TRL", 2), ("KLN", 1)])))
    certificates = [[holder, subject, source.day(dt.date(2022, 1, 1), LAST_DAY), source.whole(50, 100)] for holder, subject in sorted(certificates)]
    write("toolshed", "members", ["member_no", "full_name", "town", "joined", "fee_class", "active", "sponsor", "email"], members)
    write("toolshed", "fee_classes", ["code", "label", "yearly_fee"], classes)
    write("toolshed", "kinds", ["kind_code", "kind_name"], [kind[:2] for kind in kinds])
    write("toolshed", "tools", ["asset_tag", "title", "kind", "brand", "day_rate", "acquired", "retired"], tools)
    write("toolshed", "staff", ["initials", "staff_name", "supervisor", "hired_on", "hourly_wage"], staff)
    write("toolshed", "loans", ["loan_ref", "out_on", "borrower", "tool", "due_on", "back_on", "handled_by"], loans)
    write("toolshed", "payments", ["receipt", "paid_on", "paid_by", "amount", "purpose", "method"], [[70001 + n] + payment for n, payment in enumerate(payments)])
    write("toolshed", "certificates", ["holder", "subject", "passed_on", "score"], certificates)


def main():
    make_applog()
    make_spending()
    make_toolshed()


if __name__ == "__main__":
    main()
