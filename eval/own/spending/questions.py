# One wide spreadsheet: a line for each cost item of a fiscal year, a column for each month; 2026 is filled up to October.
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
FULL = "January February March April May June July August September October November December".split()
TOTAL = "(" + " + ".join('COALESCE("%s", 0)' % m for m in MONTHS) + ")"
SITE = proper('"Site"')
LONG = "(" + " UNION ALL ".join('SELECT "Line No" AS line, "Fiscal Year" AS fy, "Department" AS dept, \'%s\' AS m, \'%s\' AS mm, %d AS n, "%s" AS v FROM Spending' % (m, f, i, m)
                                for i, (m, f) in enumerate(zip(MONTHS, FULL), 1)) + ")"
MNAME = "{m|mm|n}"
LINE = '{"Line No"|*|"Line No", "Department", "Site", "Category"}'


def months(first, last):
    return " + ".join('COALESCE("%s", 0)' % m for m in MONTHS[first - 1:last])


ask("how much did IT spend in March 2025?", 'SELECT SUM("Mar") FROM Spending WHERE "Department" = \'IT\' AND "Fiscal Year" = 2025', "sum", 1,
    then=("and Marketing?", 'SELECT SUM("Mar") FROM Spending WHERE "Department" = \'Marketing\' AND "Fiscal Year" = 2025'))
ask("total spending per department in 2025", 'SELECT "Department", SUM' + TOTAL + ' FROM Spending WHERE "Fiscal Year" = 2025 GROUP BY "Department"', "group_by_category", 2,
    then=("only leeds", 'SELECT "Department", SUM' + TOTAL + ' FROM Spending WHERE "Fiscal Year" = 2025 AND LOWER(TRIM("Site")) = \'leeds\' GROUP BY "Department"'))
ask("Total Jan, Feb and Mar by department for fiscal year 2026", 'SELECT "Department", SUM("Jan"), SUM("Feb"), SUM("Mar") FROM Spending WHERE "Fiscal Year" = 2026 GROUP BY "Department"', "multi_measure", 2,
    ['SELECT "Department", SUM(COALESCE("Jan", 0) + COALESCE("Feb", 0) + COALESCE("Mar", 0)) FROM Spending WHERE "Fiscal Year" = 2026 GROUP BY "Department"'])
ask("q2 spend by site 2025", 'SELECT ' + SITE + ', SUM(' + months(4, 6) + ') FROM Spending WHERE "Fiscal Year" = 2025 GROUP BY LOWER(TRIM("Site"))', "date_window_absolute", 3)
ask("which month of 2025 had the highest spending", 'SELECT ' + MNAME + '{|, SUM(v)} FROM ' + LONG + ' WHERE fy = 2025 GROUP BY n ORDER BY SUM(v) DESC LIMIT 1', "superlative", 3)
ask("spending by month 2024", 'SELECT ' + MNAME + ', SUM(v) FROM ' + LONG + ' WHERE fy = 2024 GROUP BY n ORDER BY n', "group_by_time", 3, ['SELECT ' + ', '.join('SUM("%s")' % m for m in MONTHS) + ' FROM Spending WHERE "Fiscal Year" = 2024'])
ask("average of Jun over all lines", 'SELECT AVG("Jun") FROM Spending', "average", 1, then=("and the maximum?", 'SELECT MAX("Jun") FROM Spending'))
ask("sum of annual limit by fiscal year", 'SELECT "Fiscal Year", SUM("Annual Limit") FROM Spending GROUP BY "Fiscal Year"', "group_by_time", 1,
    then=("with the change to the year before", 'SELECT y, {t, |}{t - p|100.0 * (t - p) / p|1.0 * (t - p) / p}{| , p} FROM (SELECT y, t, LAG(t) OVER (ORDER BY y) AS p FROM (SELECT "Fiscal Year" AS y, SUM("Annual Limit") AS t FROM Spending GROUP BY 1))'))
ask("lines that went over their annual limit in 2025", 'SELECT ' + LINE + ' FROM Spending WHERE "Fiscal Year" = 2025 AND ' + TOTAL + ' > "Annual Limit"', "compare_with_average", 3, ['SELECT COUNT(*) FROM Spending WHERE "Fiscal Year" = 2025 AND ' + TOTAL + ' > "Annual Limit"'])
ask("how many lines are approved", 'SELECT COUNT(*) FROM Spending WHERE "Approved" = \'Yes\'', "filter_boolean", 1, then=("and not approved?", 'SELECT COUNT(*) FROM Spending WHERE "Approved" = \'No\'', ['SELECT COUNT(*) FROM Spending WHERE "Approved" IS NULL OR "Approved" <> \'Yes\'']))
ask("how many lines have no value for approved", 'SELECT COUNT(*) FROM Spending WHERE "Approved" IS NULL', "missing_values", 1)
ask("number of capital items per department", 'SELECT "Department", COUNT(*) FROM Spending WHERE "Capital Item" = \'Y\' GROUP BY "Department"', "filter_boolean", 1,
    ['SELECT "Department", SUM("Capital Item" = \'Y\') FROM Spending GROUP BY "Department"'])
ask("for every department: how many capital items are there, zero if none", 'SELECT "Department", SUM("Capital Item" = \'Y\') FROM Spending GROUP BY "Department"', "zero_groups", 2)
ask("annual limit of recurring vs non recurring lines", 'SELECT "Recurring", SUM("Annual Limit") FROM Spending GROUP BY "Recurring"', "filter_boolean", 2, ['SELECT SUM(CASE WHEN "Recurring" = \'TRUE\' THEN "Annual Limit" END), SUM(CASE WHEN "Recurring" = \'FALSE\' THEN "Annual Limit" END) FROM Spending'])
ask("what share of lines is recurring and approved?", 'SELECT ' + percent('SUM("Recurring" = \'TRUE\' AND COALESCE("Approved", \'\') = \'Yes\')', 'COUNT(*)') + ' FROM Spending', "share_percent", 2)
ask("each department's share of the annual limit in 2026, percent", 'SELECT "Department", ' + percent('SUM("Annual Limit")', '(SELECT SUM("Annual Limit") FROM Spending WHERE "Fiscal Year" = 2026)') + ' FROM Spending WHERE "Fiscal Year" = 2026 GROUP BY "Department"', "share_percent", 2)
ask("average overhead %", 'SELECT AVG("Overhead %") FROM Spending', "average", 1, then=("by priority code", 'SELECT "Priority Code", AVG("Overhead %") FROM Spending GROUP BY "Priority Code"'))
ask("Which lines have an overhead of 15%?", 'SELECT ' + LINE + ' FROM Spending WHERE "Overhead %" = 15', "count", 1, ['SELECT COUNT(*) FROM Spending WHERE "Overhead %" = 15'])
ask("median annual limit per category", median('"Annual Limit"', "Spending", '"Category"'), "median_percentile", 2)
ask("standard deviation of the annual limit in 2025", deviation('"Annual Limit"', '(SELECT * FROM Spending WHERE "Fiscal Year" = 2025)'), "standard_deviation", 2)
ask("75th percentile of Annual Limit", percentile("0.75", '"Annual Limit"', "Spending"), "median_percentile", 3)
ask("how many different suppliers do we have?", 'SELECT COUNT(DISTINCT "Supplier") FROM Spending', "distinct_count", 1, then=("per site", 'SELECT ' + SITE + ', COUNT(DISTINCT "Supplier") FROM Spending GROUP BY LOWER(TRIM("Site"))'))
ask("lines without a supplier", 'SELECT COUNT(*) FROM Spending WHERE "Supplier" IS NULL', "missing_values", 1, ['SELECT ' + LINE + ' FROM Spending WHERE "Supplier" IS NULL'])
ask("how many lines have a review score", 'SELECT COUNT(*) FROM Spending WHERE "Review Score" IS NOT NULL', "missing_values", 1)
ask("avg review score, lines without a score counted as zero", 'SELECT AVG(COALESCE("Review Score", 0)) FROM Spending', "missing_values", 2)
ask("number of lines in york", 'SELECT COUNT(*) FROM Spending WHERE LOWER(TRIM("Site")) = \'york\'', "filter_spelling", 1,
    then=("and their average annual limit", 'SELECT AVG("Annual Limit") FROM Spending WHERE LOWER(TRIM("Site")) = \'york\''))
ask("annual limit per site", 'SELECT ' + SITE + ', SUM("Annual Limit") FROM Spending GROUP BY LOWER(TRIM("Site"))', "filter_spelling", 1)
ask("lines not in Leeds", 'SELECT COUNT(*) FROM Spending WHERE LOWER(TRIM("Site")) <> \'leeds\'', "filter_spelling", 1, ['SELECT ' + LINE + ' FROM Spending WHERE LOWER(TRIM("Site")) <> \'leeds\''])
ask("annual limit for cost centre 0320", 'SELECT SUM("Annual Limit") FROM Spending WHERE "Cost Centre" = \'0320\'', "exact_code", 1)
ask("how many A1 lines are there in Research", 'SELECT COUNT(*) FROM Spending WHERE "Priority Code" = \'A1\' AND "Department" = \'Research\'', "exact_code", 1)
ask("show line 37", 'SELECT * FROM Spending WHERE "Line No" = 37', "exact_code", 1)
ask("how many lines does \"Grove, Hart and Sons\" supply", 'SELECT COUNT(*) FROM Spending WHERE "Supplier" = \'Grove, Hart and Sons\'', "quoted_text", 1)
ask("total limit for O'Dell Repairs", 'SELECT SUM("Annual Limit") FROM Spending WHERE "Supplier" = \'O\'\'Dell Repairs\'', "quoted_text", 1)
ask("number of lines from Juniper 24/7", 'SELECT COUNT(*) FROM Spending WHERE "Supplier" = \'Juniper 24/7\'', "quoted_text", 1)
ask("which lines have a note that contains \"Annex\"", 'SELECT ' + LINE + ' FROM Spending WHERE "Notes" LIKE \'%annex%\'', "quoted_text", 2, ['SELECT {"Line No", |}"Notes" FROM Spending WHERE "Notes" LIKE \'%annex%\''])
ask("top 5 lines by annual limit in 2026", 'SELECT {"Line No"|"Line No", "Annual Limit"|"Line No", "Department", "Category", "Annual Limit"|*} FROM Spending WHERE "Fiscal Year" = 2026 ORDER BY "Annual Limit" DESC LIMIT 5', "top_n", 1)
ask("the supplier with the second highest total annual limit", 'SELECT "Supplier"{|, t} FROM (SELECT "Supplier", SUM("Annual Limit") AS t, RANK() OVER (ORDER BY SUM("Annual Limit") DESC) AS r FROM Spending WHERE "Supplier" IS NOT NULL GROUP BY "Supplier") WHERE r = 2', "second_highest", 2)
ask("the two owners with the biggest limit in each department", 'SELECT d, o{|, t} FROM (SELECT "Department" AS d, "Owner" AS o, SUM("Annual Limit") AS t, RANK() OVER (PARTITION BY "Department" ORDER BY SUM("Annual Limit") DESC) AS r FROM Spending GROUP BY 1, 2) WHERE r <= 2', "top_n_per_group", 3,
    ['SELECT d, o{|, t} FROM (SELECT "Department" AS d, "Owner" AS o, MAX("Annual Limit") AS t, RANK() OVER (PARTITION BY "Department" ORDER BY MAX("Annual Limit") DESC) AS r FROM Spending GROUP BY 1, 2) WHERE r <= 2'])
ask("rank categories by number of lines", 'SELECT "Category", {COUNT(*), |}{RANK|DENSE_RANK}() OVER (ORDER BY COUNT(*) DESC) FROM Spending GROUP BY "Category" ORDER BY COUNT(*) DESC', "rank", 2, ['SELECT "Category", COUNT(*) FROM Spending GROUP BY "Category" ORDER BY COUNT(*) DESC'])
ask("suppliers that have lines in 2026 but had none in 2024", 'SELECT DISTINCT "Supplier" FROM Spending WHERE "Fiscal Year" = 2026 AND "Supplier" IS NOT NULL AND "Supplier" NOT IN (SELECT "Supplier" FROM Spending WHERE "Fiscal Year" = 2024 AND "Supplier" IS NOT NULL)', "both_and_except", 3)
ask("owners who have both Hardware and Travel lines", 'SELECT "Owner" FROM Spending WHERE "Category" = \'Hardware\' INTERSECT SELECT "Owner" FROM Spending WHERE "Category" = \'Travel\'', "both_and_except", 2)
ask("owners with at least 35 lines", 'SELECT "Owner"{|, COUNT(*)} FROM Spending GROUP BY "Owner" HAVING COUNT(*) >= 35', "at_least_n", 2)
ask("lines with an annual limit above the average of their department, how many per department", 'SELECT "Department", COUNT(*) FROM (SELECT "Department", "Annual Limit" AS l, AVG("Annual Limit") OVER (PARTITION BY "Department") AS a FROM Spending) WHERE l > a GROUP BY "Department"', "compare_with_average", 3)
ask("growth of september spending from 2025 to 2026", 'SELECT {100.0|1.0} * (b - a) / a FROM (SELECT SUM(CASE WHEN "Fiscal Year" = 2025 THEN "Sep" END) AS a, SUM(CASE WHEN "Fiscal Year" = 2026 THEN "Sep" END) AS b FROM Spending)', "growth_period_over_period", 2,
    ['SELECT b - a FROM (SELECT SUM(CASE WHEN "Fiscal Year" = 2025 THEN "Sep" END) AS a, SUM(CASE WHEN "Fiscal Year" = 2026 THEN "Sep" END) AS b FROM Spending)'])
ask("cumulative spending by month for 2025", 'SELECT ' + MNAME + ', {t, |}SUM(t) OVER (ORDER BY n) FROM (SELECT n, m, mm, SUM(v) AS t FROM ' + LONG + ' WHERE fy = 2025 GROUP BY n) ORDER BY n', "running_total", 3)
ask("lines last reviewed before June 2024", 'SELECT ' + LINE + ' FROM Spending WHERE "Last Reviewed" < \'2024-06-01\'', "date_window_absolute", 1, ['SELECT COUNT(*) FROM Spending WHERE "Last Reviewed" < \'2024-06-01\'', 'SELECT "Line No", "Last Reviewed" FROM Spending WHERE "Last Reviewed" < \'2024-06-01\''])
ask("how many lines were reviewed last month", 'SELECT COUNT(*) FROM Spending WHERE "Last Reviewed" >= \'2026-10-01\' AND "Last Reviewed" < \'2026-11-01\'', "date_window_relative", 1)
ask("reviews per quarter this year", 'SELECT ' + quarter("q") + ', COUNT(*) FROM (SELECT ' + quarter_key('"Last Reviewed"') + ' AS q FROM Spending WHERE "Last Reviewed" >= \'2026-01-01\' AND "Last Reviewed" < \'2027-01-01\') GROUP BY q', "group_by_time", 2)
ask("reviews done on a weekend", 'SELECT COUNT(*) FROM Spending WHERE strftime(\'%w\', "Last Reviewed") IN (\'0\', \'6\')', "weekday_hour", 2, ['SELECT ' + LINE + ' FROM Spending WHERE strftime(\'%w\', "Last Reviewed") IN (\'0\', \'6\')'])
ask("ratio of IT limit to Marketing limit in 2026", 'SELECT 1.0 * SUM(CASE WHEN "Department" = \'IT\' THEN "Annual Limit" END) / SUM(CASE WHEN "Department" = \'Marketing\' THEN "Annual Limit" END) FROM Spending WHERE "Fiscal Year" = 2026', "ratio", 2)
ask("average number of lines per owner", 'SELECT 1.0 * COUNT(*) / COUNT(DISTINCT "Owner") FROM Spending', "average_per_entity", 2)
ask("count of A1, B1 and C1 lines per department side by side", 'SELECT "Department", SUM("Priority Code" = \'A1\'), SUM("Priority Code" = \'B1\'), SUM("Priority Code" = \'C1\') FROM Spending GROUP BY "Department"', "multi_measure", 2)
ask("min, max and average annual limit", 'SELECT MIN("Annual Limit"), MAX("Annual Limit"), AVG("Annual Limit") FROM Spending', "multi_measure", 1)
ask("which line has the lowest annual limit?", 'SELECT {"Line No"|"Line No", "Annual Limit"|*} FROM Spending WHERE "Annual Limit" = (SELECT MIN("Annual Limit") FROM Spending)', "min_max_with_which", 1)
ask("limit for Facilites in Bath", 'SELECT SUM("Annual Limit") FROM Spending WHERE "Department" = \'Facilities\' AND LOWER(TRIM("Site")) = \'bath\'', "typo_plural", 1)
ask("how many licence lines", 'SELECT COUNT(*) FROM Spending WHERE "Category" = \'Licences\'', "typo_plural", 1)
ask("list the departments in alphabetical order with their number of lines", 'SELECT "Department", COUNT(*) FROM Spending GROUP BY "Department" ORDER BY "Department"', "list_sorted", 1)

ask("total for May 2025", 'SELECT SUM("May") FROM Spending WHERE "Fiscal Year" = 2025', "sum", 1)
ask("how many lines spent nothing in Aug 2025", 'SELECT COUNT(*) FROM Spending WHERE "Fiscal Year" = 2025 AND "Aug" = 0', "count", 2, ['SELECT COUNT(*) FROM Spending WHERE "Fiscal Year" = 2025 AND COALESCE("Aug", 0) = 0'])
ask("how many lines have the category Cloud", 'SELECT COUNT(*) FROM Spending WHERE "Category" = \'Cloud\'', "count", 1)
ask("lines of Alder & Finch, Ltd per year", 'SELECT "Fiscal Year", COUNT(*) FROM Spending WHERE "Supplier" = \'Alder & Finch, Ltd\' GROUP BY "Fiscal Year"', "quoted_text", 2)
ask("pie chart of lines by department", 'SELECT "Department", COUNT(*) FROM Spending GROUP BY "Department"', "group_by_category", 1)
ask("difference between Mar and Feb per department in 2026", 'SELECT "Department", {SUM("Mar") - SUM("Feb")|SUM("Mar"), SUM("Feb"), SUM("Mar") - SUM("Feb")|SUM(COALESCE("Mar", 0) - COALESCE("Feb", 0))|SUM("Feb") - SUM("Mar")} FROM Spending WHERE "Fiscal Year" = 2026 GROUP BY "Department"', "previous_period", 2)
ask("average of Overhead % weighted by annual limit", 'SELECT SUM("Overhead %" * "Annual Limit") / SUM("Annual Limit") FROM Spending', "ratio", 3)

clarify("how much is the budget for hardware", ['SELECT SUM("Annual Limit") FROM Spending WHERE "Category" = \'Hardware\' AND "Fiscal Year" = 2026', 'SELECT SUM("Annual Limit") FROM Spending WHERE "Category" = \'Hardware\'', 'SELECT SUM' + TOTAL + ' FROM Spending WHERE "Category" = \'Hardware\''],
        "ambiguous", "the limit or what was spent; this year or all three")
clarify("show the average score and code", ['SELECT "Priority Code", AVG("Review Score") FROM Spending GROUP BY "Priority Code"', 'SELECT "Cost Centre", AVG("Review Score") FROM Spending GROUP BY "Cost Centre"'], "ambiguous", "by priority code or by cost centre")
clarify("what did we spend in November", ['SELECT SUM("Nov") FROM Spending WHERE "Fiscal Year" = 2025', 'SELECT SUM("Nov") FROM Spending'], "ambiguous", "of the latest year that has one (2025) or of all years")
clarify("which category is the biggest", ['SELECT "Category" FROM Spending GROUP BY "Category" ORDER BY SUM("Annual Limit") DESC LIMIT 1', 'SELECT "Category" FROM Spending GROUP BY "Category" ORDER BY COUNT(*) DESC LIMIT 1', 'SELECT "Category" FROM Spending GROUP BY "Category" ORDER BY SUM' + TOTAL + ' DESC LIMIT 1'],
        "ambiguous", "by limit, by number of lines or by what was spent")

abstain("how much VAT did we pay in 2025", "unknown_word", "no tax is stored")
abstain("headcount per department", "unknown_word", "no people are counted here")
abstain("spending of the Legal department", "unknown_value", "no such department")
abstain("lines with priority code D4", "unknown_value", "no such code; A1, A2, B1, B2, C1 are stored")
abstain("annual limit for cost centre 0990", "unknown_value", "no such cost centre")
abstain("set the limit of line 12 to 5000", "change_request", "only reading is possible")
abstain("¿Cuánto gastó el departamento de Marketing en 2025?", "other_language", "Spanish; a model may answer it, the built-in engine says that it does not read it", language="es")
abstain("sum of priority codes", "unknown_word", "codes are texts and have no sum; their number can be told")
