# A lending library of tools: loans.borrower, payments.paid_by, certificates.holder, members.sponsor -> members.member_no,
# loans.tool -> tools.asset_tag, tools.kind, certificates.subject -> kinds.kind_code, loans.handled_by, staff.supervisor -> staff.initials.
MEMBER = "{m.full_name|m.member_no|m.member_no, m.full_name}"
TOOL = "{t.asset_tag, t.title|t.asset_tag|t.title}"
KIND = "{k.kind_name|k.kind_code|k.kind_code, k.kind_name}"
STAFF = "{s.staff_name|s.initials|s.initials, s.staff_name}"
TOWN = proper("m.town")
BY_KIND = "loans l JOIN tools t ON t.asset_tag = l.tool JOIN kinds k ON k.kind_code = t.kind"
Y2025 = "l.out_on >= '2025-01-01' AND l.out_on < '2026-01-01'"
Y2026 = "l.out_on >= '2026-01-01' AND l.out_on < '2027-01-01'"
DAYS = "julianday(l.back_on) - julianday(l.out_on)"

ask("How many loans were there in 2025?", "SELECT COUNT(*) FROM loans l WHERE " + Y2025, "date_window_absolute", 1,
    then=("by kind of tool", "SELECT " + KIND + ", COUNT(*) FROM " + BY_KIND + " WHERE " + Y2025 + " GROUP BY k.kind_code"))
ask("loans per kind", "SELECT " + KIND + ", COUNT(*) FROM " + BY_KIND + " GROUP BY k.kind_code", "group_by_category", 2, ["SELECT " + KIND + ", COUNT(l.loan_ref) FROM kinds k LEFT JOIN tools t ON t.kind = k.kind_code LEFT JOIN loans l ON l.tool = t.asset_tag GROUP BY k.kind_code"],
    then=("only this year", "SELECT " + KIND + ", COUNT(*) FROM " + BY_KIND + " WHERE " + Y2026 + " GROUP BY k.kind_code"))
ask("number of tools for every kind", "SELECT " + KIND + ", COUNT(t.asset_tag) FROM kinds k LEFT JOIN tools t ON t.kind = k.kind_code GROUP BY k.kind_code", "zero_groups", 2, note="Kilns have none and stay in the list")
ask("how many loans did each member of staff handle, including those with none", "SELECT " + STAFF + ", COUNT(l.loan_ref) FROM staff s LEFT JOIN loans l ON l.handled_by = s.initials GROUP BY s.initials", "zero_groups", 2)
ask("top 5 borrowers", "SELECT " + MEMBER + "{|, n} FROM (SELECT borrower, COUNT(*) AS n, RANK() OVER (ORDER BY COUNT(*) DESC) AS r FROM loans GROUP BY borrower) x JOIN members m ON m.member_no = x.borrower WHERE r <= 5{| AND m.member_no <> '00727'| AND m.member_no <> '00993'}", "ties", 2, note="the fifth and the sixth have as many: six, or five with a word on the tie",
    then=("of last year", "SELECT " + MEMBER + "{|, COUNT(*)} FROM loans l JOIN members m ON m.member_no = l.borrower WHERE " + Y2025 + " GROUP BY m.member_no ORDER BY COUNT(*) DESC LIMIT 5"))
ask("which tool was lent out most often?", "SELECT " + TOOL + "{|, COUNT(*)} FROM loans l JOIN tools t ON t.asset_tag = l.tool GROUP BY t.asset_tag ORDER BY COUNT(*) DESC LIMIT 1", "superlative", 2)
ask("tools never borrowed", "SELECT " + TOOL + " FROM tools t WHERE NOT EXISTS (SELECT 1 FROM loans l WHERE l.tool = t.asset_tag)", "none_never", 2)
ask("members who never borrowed anything, how many?", "SELECT COUNT(*) FROM members m WHERE NOT EXISTS (SELECT 1 FROM loans l WHERE l.borrower = m.member_no)", "none_never", 2,
    then=("by town", "SELECT " + TOWN + ", COUNT(*) FROM members m WHERE NOT EXISTS (SELECT 1 FROM loans l WHERE l.borrower = m.member_no){| AND m.town IS NOT NULL} GROUP BY LOWER(TRIM(m.town))"))
ask("active members without a single payment", "SELECT " + MEMBER + " FROM members m WHERE m.active = 'yes' AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.paid_by = m.member_no)", "none_never", 2)
ask("kinds with no tools", "SELECT " + KIND + " FROM kinds k WHERE NOT EXISTS (SELECT 1 FROM tools t WHERE t.kind = k.kind_code)", "none_never", 2)
ask("loans that are still out", "SELECT {l.loan_ref|*} FROM loans l WHERE l.back_on IS NULL", "missing_values", 2, ["SELECT COUNT(*) FROM loans WHERE back_on IS NULL", "SELECT l.loan_ref, {l.tool, l.borrower|t.title, m.full_name} FROM loans l JOIN tools t ON t.asset_tag = l.tool JOIN members m ON m.member_no = l.borrower WHERE l.back_on IS NULL"],
    then=("who has them?", "SELECT DISTINCT " + MEMBER + " FROM loans l JOIN members m ON m.member_no = l.borrower WHERE l.back_on IS NULL", ["SELECT l.loan_ref, " + MEMBER + " FROM loans l JOIN members m ON m.member_no = l.borrower WHERE l.back_on IS NULL"]))
ask("what share of loans came back late", "SELECT " + percent("SUM(back_on > due_on)", "COUNT(back_on)") + " FROM loans", "share_percent", 2, ["SELECT " + percent("SUM(back_on > due_on)", "COUNT(*)") + " FROM loans"],
    then=("and in 2026?", "SELECT " + percent("SUM(back_on > due_on)", "{COUNT(back_on)|COUNT(*)}") + " FROM loans l WHERE " + Y2026))
ask("average loan length in days per kind", "SELECT " + KIND + ", AVG(" + DAYS + ") FROM " + BY_KIND + " WHERE l.back_on IS NOT NULL GROUP BY k.kind_code", "duration", 2)
ask("median number of days a tool is out", median(DAYS, "loans l WHERE l.back_on IS NOT NULL"), "median_percentile", 3)
ask("longest loan ever, and who had it", "SELECT l.loan_ref, " + MEMBER + "{|, " + DAYS + "} FROM loans l JOIN members m ON m.member_no = l.borrower WHERE " + DAYS + " = (SELECT MAX(" + DAYS + ") FROM loans l)", "min_max_with_which", 3,
    ["SELECT " + MEMBER + "{|, " + DAYS + "} FROM loans l JOIN members m ON m.member_no = l.borrower WHERE " + DAYS + " = (SELECT MAX(" + DAYS + ") FROM loans l)"])
ask("sponsor of member 00461", "SELECT " + MEMBER + " FROM members x JOIN members m ON m.member_no = x.sponsor WHERE x.member_no = '00461'", "self_reference", 2)
ask("members who sponsored at least 3 others", "SELECT " + MEMBER + "{|, COUNT(*)} FROM members x JOIN members m ON m.member_no = x.sponsor GROUP BY m.member_no HAVING COUNT(*) >= 3", "self_reference", 3,
    then=("how many are they?", "SELECT COUNT(*) FROM (SELECT sponsor FROM members WHERE sponsor IS NOT NULL GROUP BY sponsor HAVING COUNT(*) >= 3)"))
ask("who is Timur Sadik's supervisor", "SELECT {b.staff_name|b.initials|b.initials, b.staff_name} FROM staff s JOIN staff b ON b.initials = s.supervisor WHERE s.staff_name = 'Timur Sadik'", "self_reference", 2)
ask("list each employee with the name of their supervisor", "SELECT s.staff_name, b.staff_name FROM staff s LEFT JOIN staff b ON b.initials = s.supervisor", "self_reference", 2, ["SELECT s.staff_name, b.staff_name FROM staff s JOIN staff b ON b.initials = s.supervisor"])
ask("how many people report to each supervisor", "SELECT {b.staff_name|b.initials|b.initials, b.staff_name}, COUNT(*) FROM staff s JOIN staff b ON b.initials = s.supervisor GROUP BY b.initials", "self_reference", 2)
ask("staff who earn more than their supervisor", "SELECT s.staff_name FROM staff s JOIN staff b ON b.initials = s.supervisor WHERE s.hourly_wage > b.hourly_wage", "self_reference", 3, ["SELECT {s.staff_name, s.hourly_wage|s.staff_name, b.staff_name|s.staff_name, s.hourly_wage, b.staff_name, b.hourly_wage|s.initials} FROM staff s JOIN staff b ON b.initials = s.supervisor WHERE s.hourly_wage > b.hourly_wage"])
ask("second highest hourly wage", "SELECT MAX(hourly_wage) FROM staff WHERE hourly_wage < (SELECT MAX(hourly_wage) FROM staff)", "second_highest", 2, ["SELECT " + STAFF + "{|, s.hourly_wage} FROM staff s WHERE s.hourly_wage = (SELECT MAX(hourly_wage) FROM staff WHERE hourly_wage < (SELECT MAX(hourly_wage) FROM staff))"], note="two people earn it")
ask("which tools have the highest day rate", "SELECT " + TOOL + "{|, t.day_rate} FROM tools t WHERE t.day_rate = (SELECT MAX(day_rate) FROM tools)", "ties", 1)
ask("Who earns the least?", "SELECT " + STAFF + "{|, s.hourly_wage} FROM staff s WHERE s.hourly_wage = (SELECT MIN(hourly_wage) FROM staff)", "superlative", 1)
ask("which member has the most certificates", "SELECT " + MEMBER + "{|, n} FROM (SELECT holder, COUNT(*) AS n, RANK() OVER (ORDER BY COUNT(*) DESC) AS r FROM certificates GROUP BY holder) c JOIN members m ON m.member_no = c.holder WHERE r = 1", "superlative", 2)
ask("best score in each subject and who got it", "SELECT " + KIND + ", c.score, {m.full_name|m.member_no|m.member_no, m.full_name} FROM certificates c JOIN kinds k ON k.kind_code = c.subject JOIN members m ON m.member_no = c.holder WHERE c.score = (SELECT MAX(score) FROM certificates x WHERE x.subject = c.subject)", "top_n_per_group", 3,
    ["SELECT {k.kind_name|k.kind_code}, {m.full_name|m.member_no} FROM certificates c JOIN kinds k ON k.kind_code = c.subject JOIN members m ON m.member_no = c.holder WHERE c.score = (SELECT MAX(score) FROM certificates x WHERE x.subject = c.subject)"])
ask("average certificate score by subject", "SELECT " + KIND + ", AVG(c.score) FROM certificates c JOIN kinds k ON k.kind_code = c.subject GROUP BY k.kind_code", "average", 2)
ask("members certified for both saws and ladders", "SELECT " + MEMBER + " FROM members m WHERE m.member_no IN (SELECT holder FROM certificates WHERE subject = 'SAW') AND m.member_no IN (SELECT holder FROM certificates WHERE subject = 'LAD')", "both_and_except", 2)
ask("who borrowed welding gear without a welding certificate?", "SELECT " + MEMBER + " FROM members m WHERE m.member_no IN (SELECT l.borrower FROM loans l JOIN tools t ON t.asset_tag = l.tool WHERE t.kind = 'WLD') AND m.member_no NOT IN (SELECT holder FROM certificates WHERE subject = 'WLD')", "both_and_except", 3)
ask("how many members borrowed in 2025 but not in 2026", "SELECT COUNT(*) FROM (SELECT borrower FROM loans l WHERE " + Y2025 + " EXCEPT SELECT borrower FROM loans l WHERE " + Y2026 + ")", "both_and_except", 3)
ask("total payments by method", "SELECT method, SUM(amount) FROM payments GROUP BY method", "group_by_category", 1, then=("and their number", "SELECT method, {COUNT(*)|SUM(amount), COUNT(*)} FROM payments GROUP BY method"))
ask("What did we take in late fees in 2026?", "SELECT SUM(amount) FROM payments WHERE purpose = 'late fee' AND paid_on >= '2026-01-01' AND paid_on < '2027-01-01'", "sum", 1)
ask("payments per purpose and year", "SELECT purpose, " + year("paid_on") + ", SUM(amount) FROM payments GROUP BY 1, 2", "group_by_time", 2, ["SELECT purpose, " + year("paid_on") + ", COUNT(*) FROM payments GROUP BY 1, 2"])
ask("average amount paid per member", "SELECT SUM(amount) / COUNT(DISTINCT paid_by) FROM payments", "average_per_entity", 2, ["SELECT (SELECT SUM(amount) FROM payments) / (SELECT COUNT(*) FROM members)", "SELECT {m.full_name|m.member_no|m.member_no, m.full_name}, AVG(p.amount) FROM payments p JOIN members m ON m.member_no = p.paid_by GROUP BY m.member_no"])
ask("number of loans and total payments for each member from Penrose", "SELECT " + MEMBER + ", (SELECT COUNT(*) FROM loans l WHERE l.borrower = m.member_no), (SELECT {COALESCE(SUM(p.amount), 0)|SUM(p.amount)} FROM payments p WHERE p.paid_by = m.member_no) FROM members m WHERE LOWER(TRIM(m.town)) = 'penrose'", "multi_measure", 3)
ask("total payments of members who have at least one certificate", "SELECT SUM(p.amount) FROM payments p WHERE p.paid_by IN (SELECT holder FROM certificates)", "sum", 3)
ask("how many members are from Dalby?", "SELECT COUNT(*) FROM members WHERE LOWER(TRIM(town)) = 'dalby'", "filter_spelling", 1, then=("and Norwick?", "SELECT COUNT(*) FROM members WHERE LOWER(TRIM(town)) = 'norwick'"))
ask("members per town", "SELECT " + TOWN + ", COUNT(*) FROM members m {|WHERE m.town IS NOT NULL }GROUP BY LOWER(TRIM(m.town))", "filter_spelling", 1)
ask("how many members have no email", "SELECT COUNT(*) FROM members WHERE email IS NULL", "missing_values", 1)
ask("tools without a brand", "SELECT " + TOOL + " FROM tools t WHERE t.brand IS NULL", "missing_values", 1, ["SELECT COUNT(*) FROM tools WHERE brand IS NULL"])
ask("how many tools are not made by Voss", "SELECT COUNT(*) FROM tools WHERE brand IS NULL OR brand <> 'Voss'", "missing_values", 2)
ask("how many inactive members do we have", "SELECT COUNT(*) FROM members WHERE active = 'no'", "filter_boolean", 1)
ask("share of active members per fee class", "SELECT {f.label|f.code|f.code, f.label}, " + percent("SUM(m.active = 'yes')", "COUNT(*)") + " FROM members m JOIN fee_classes f ON f.code = m.fee_class GROUP BY f.code", "share_percent", 2)
ask("expected yearly fees from all active members", "SELECT SUM(f.yearly_fee) FROM members m JOIN fee_classes f ON f.code = m.fee_class WHERE m.active = 'yes'", "sum", 2)
ask("members with the Reduced fee class", "SELECT COUNT(*) FROM members m JOIN fee_classes f ON f.code = m.fee_class WHERE f.label = 'Reduced'", "count", 2, ["SELECT " + MEMBER + " FROM members m WHERE m.fee_class = 'R'"])
ask("when was L01234 returned", "SELECT back_on FROM loans WHERE loan_ref = 'L01234'", "exact_code", 1)
ask("who borrowed SAW-05 most recently?", "SELECT " + MEMBER + "{|, l.out_on} FROM loans l JOIN members m ON m.member_no = l.borrower WHERE l.tool = 'SAW-05' ORDER BY l.out_on DESC LIMIT 1", "exact_code", 2)
ask("loans of \"Flatbed, twin axle\"", "SELECT COUNT(*) FROM loans l JOIN tools t ON t.asset_tag = l.tool WHERE t.title = 'Flatbed, twin axle'", "quoted_text", 2, ["SELECT {l.loan_ref|l.*} FROM loans l JOIN tools t ON t.asset_tag = l.tool WHERE t.title = 'Flatbed, twin axle'"])
ask("how many loans did Lorenz Kappel handle last quarter", "SELECT COUNT(*) FROM loans l JOIN staff s ON s.initials = l.handled_by WHERE s.staff_name = 'Lorenz Kappel' AND l.out_on >= '2026-07-01' AND l.out_on < '2026-10-01'", "date_window_relative", 2)
ask("loans per month in the last 12 months", "SELECT " + month("out_on") + ", COUNT(*) FROM loans WHERE out_on >= '{2025-11-22|2025-11-01|2025-12-01}' GROUP BY strftime('%Y-%m', out_on)", "date_window_relative", 2)
ask("running total of membership payments by month in 2026", "SELECT " + month("d") + ", {t, |}SUM(t) OVER (ORDER BY d) FROM (SELECT strftime('%Y-%m-01', paid_on) AS d, SUM(amount) AS t FROM payments WHERE purpose = 'membership' AND paid_on >= '2026-01-01' GROUP BY 1) ORDER BY d", "running_total", 2)
ask("loans this year to date compared with the same period last year", "SELECT {a, b|a, b, a - b|a, b, 100.0 * (a - b) / b|100.0 * (a - b) / b|a - b} FROM (SELECT (SELECT COUNT(*) FROM loans l WHERE l.out_on >= '2026-01-01' AND l.out_on <= '2026-11-22') AS a, (SELECT COUNT(*) FROM loans l WHERE l.out_on >= '2025-01-01' AND l.out_on <= '2025-11-22') AS b)", "previous_period", 3,
    ["SELECT 2026, COUNT(*) FROM loans l WHERE l.out_on BETWEEN '2026-01-01' AND '2026-11-22' UNION ALL SELECT 2025, COUNT(*) FROM loans l WHERE l.out_on BETWEEN '2025-01-01' AND '2025-11-22'"])
ask("growth in loans by year", "SELECT y, {n, |}{100.0 * (n - p) / p|1.0 * (n - p) / p|n - p} FROM (SELECT y, n, LAG(n) OVER (ORDER BY y) AS p FROM (SELECT " + year("out_on") + " AS y, COUNT(*) AS n FROM loans GROUP BY 1)){| WHERE p IS NOT NULL} ORDER BY y", "growth_period_over_period", 2)
ask("on which weekday are most tools taken out", "SELECT " + weekday("out_on") + "{|, COUNT(*)} FROM loans GROUP BY strftime('%w', out_on) ORDER BY COUNT(*) DESC LIMIT 1", "weekday_hour", 2)
ask("tools with a day rate above the average for their kind", "SELECT " + TOOL + "{|, t.day_rate} FROM tools t WHERE t.day_rate > (SELECT AVG(x.day_rate) FROM tools x WHERE x.kind = t.kind)", "compare_with_average", 3)
ask("average number of loans per borrower", "SELECT 1.0 * COUNT(*) / COUNT(DISTINCT borrower) FROM loans", "average_per_entity", 2)
ask("on average how many loans did the members of Saltmouth make, counting those with none", "SELECT 1.0 * COUNT(l.loan_ref) / COUNT(DISTINCT m.member_no) FROM members m LEFT JOIN loans l ON l.borrower = m.member_no WHERE LOWER(TRIM(m.town)) = 'saltmouth'", "average_per_entity", 3)
ask("members with more than 40 loans", "SELECT " + MEMBER + "{|, COUNT(*)} FROM loans l JOIN members m ON m.member_no = l.borrower GROUP BY m.member_no HAVING COUNT(*) > 40", "at_least_n", 2,
    then=("sort them by name", "SELECT " + MEMBER + "{|, COUNT(*)} FROM loans l JOIN members m ON m.member_no = l.borrower GROUP BY m.member_no HAVING COUNT(*) > 40 ORDER BY m.full_name"))
ask("rank the staff by number of loans handled", "SELECT " + STAFF + ", {COUNT(*), |}{RANK|DENSE_RANK}() OVER (ORDER BY COUNT(*) DESC) FROM loans l JOIN staff s ON s.initials = l.handled_by GROUP BY s.initials ORDER BY COUNT(*) DESC", "rank", 2, ["SELECT " + STAFF + ", COUNT(*) FROM loans l JOIN staff s ON s.initials = l.handled_by GROUP BY s.initials ORDER BY COUNT(*) DESC"])
ask("the 2 most borrowed tools of each kind", "SELECT {1=kind_name|kind_code}, {asset_tag, title|asset_tag|title}{|, n} FROM (SELECT k.kind_code, k.kind_name, t.asset_tag, t.title, COUNT(*) AS n, RANK() OVER (PARTITION BY k.kind_code ORDER BY COUNT(*) DESC) AS r FROM " + BY_KIND + " GROUP BY t.asset_tag) WHERE r <= 2", "top_n_per_group", 3)
ask("late returns per 100 loans by kind", "SELECT " + KIND + ", 100.0 * SUM(l.back_on > l.due_on) / {COUNT(*)|COUNT(l.back_on)} FROM " + BY_KIND + " GROUP BY k.kind_code", "ratio", 3)
ask("cash, card and transfer payments in 2025, side by side", "SELECT {SUM(CASE WHEN method = 'cash' THEN amount END), SUM(CASE WHEN method = 'card' THEN amount END), SUM(CASE WHEN method = 'transfer' THEN amount END)|SUM(method = 'cash'), SUM(method = 'card'), SUM(method = 'transfer')} FROM payments WHERE paid_on >= '2025-01-01' AND paid_on < '2026-01-01'", "multi_measure", 2,
    ["SELECT method, {SUM(amount)|COUNT(*)} FROM payments WHERE paid_on >= '2025-01-01' AND paid_on < '2026-01-01' GROUP BY method"])
ask("standard deviation of certificate scores", deviation("score", "certificates"), "standard_deviation", 2)
ask("how many differnt brands", "SELECT COUNT(DISTINCT brand) FROM tools", "distinct_count", 1)
ask("laddder loans in 2024", "SELECT COUNT(*) FROM loans l JOIN tools t ON t.asset_tag = l.tool WHERE t.kind = 'LAD' AND l.out_on >= '2024-01-01' AND l.out_on < '2025-01-01'", "typo_plural", 2)
ask("staff hired since 2023 in order of hiring date", "SELECT " + STAFF + "{|, s.hired_on} FROM staff s WHERE s.hired_on >= '2023-01-01' ORDER BY s.hired_on", "list_sorted", 1)
ask("tools acquired before 2021 that are not retired", "SELECT " + TOOL + " FROM tools t WHERE t.acquired < '2021-01-01' AND t.retired IS NULL", "date_window_absolute", 2, ["SELECT COUNT(*) FROM tools t WHERE t.acquired < '2021-01-01' AND t.retired IS NULL"])

ask("members with more loans than Quist, Wim", "SELECT " + MEMBER + "{|, COUNT(*)} FROM loans l JOIN members m ON m.member_no = l.borrower GROUP BY m.member_no HAVING COUNT(*) > (SELECT COUNT(*) FROM loans l JOIN members x ON x.member_no = l.borrower WHERE x.full_name = 'Quist, Wim')", "compare_with_average", 3)
ask("loans in the first half of 2025", "SELECT COUNT(*) FROM loans l WHERE l.out_on >= '2025-01-01' AND l.out_on < '2025-07-01'", "date_window_absolute", 1,
    then=("how many members joined in 2026?", "SELECT COUNT(*) FROM members WHERE joined >= '2026-01-01' AND joined < '2027-01-01'"))
ask("how many loans were made in the last 8 weeks?", "SELECT COUNT(*) FROM loans WHERE out_on >= '2026-09-27'", "date_window_relative", 2, ["SELECT COUNT(*) FROM loans WHERE out_on >= '2026-09-28'"])
ask("loans this month", "SELECT COUNT(*) FROM loans WHERE out_on >= '2026-11-01'", "date_window_relative", 1, note="zero: the last loan was on 2026-10-31 or before")
ask("loans returned on 12 May 2026", "SELECT COUNT(*) FROM loans WHERE back_on = '2026-05-12'", "date_window_absolute", 1, ["SELECT {loan_ref|*} FROM loans WHERE back_on = '2026-05-12'"])
ask("show all kinds", "SELECT * FROM kinds", "list_sorted", 1, ["SELECT kind_name FROM kinds"])
ask("which members have \"zander\" in their name?", "SELECT " + MEMBER + " FROM members m WHERE m.full_name LIKE '%zander%'", "quoted_text", 1)
ask("how many tools have the brand Kestrel", "SELECT COUNT(*) FROM tools WHERE brand = 'Kestrel'", "count", 1)
ask("loans by staff member for saws, drills and sanders side by side", "SELECT " + STAFF + ", SUM(t.kind = 'SAW'), SUM(t.kind = 'DRL'), SUM(t.kind = 'SND') FROM loans l JOIN tools t ON t.asset_tag = l.tool JOIN staff s ON s.initials = l.handled_by GROUP BY s.initials", "multi_measure", 3)

ask("overdue loans", "SELECT {loan_ref|*|loan_ref, due_on|loan_ref, borrower, tool, due_on} FROM loans WHERE back_on IS NULL AND due_on < '2026-11-22'", "missing_values", 3, ["SELECT COUNT(*) FROM loans WHERE back_on IS NULL AND due_on < '2026-11-22'"])
ask("how many loans were due in October 2026", "SELECT COUNT(*) FROM loans WHERE due_on >= '2026-10-01' AND due_on < '2026-11-01'", "date_window_absolute", 2)
ask("how many ladders do we own?", "SELECT COUNT(*) FROM tools WHERE kind = 'LAD'", "typo_plural", 2, ["SELECT COUNT(*) FROM tools WHERE kind = 'LAD' AND retired IS NULL"])
ask("total payments by the town of the member", "SELECT " + TOWN + ", SUM(p.amount) FROM payments p JOIN members m ON m.member_no = p.paid_by {|WHERE m.town IS NOT NULL }GROUP BY LOWER(TRIM(m.town))", "filter_spelling", 2)

clarify("how many members do we have", ["SELECT COUNT(*) FROM members", "SELECT COUNT(*) FROM members WHERE active = 'yes'"], "ambiguous", "everybody on file or active members only")
clarify("which tool earns the most?", ["SELECT t.asset_tag FROM tools t WHERE t.day_rate = (SELECT MAX(day_rate) FROM tools)", "SELECT t.asset_tag FROM loans l JOIN tools t ON t.asset_tag = l.tool WHERE l.back_on IS NOT NULL GROUP BY t.asset_tag ORDER BY SUM(t.day_rate * (" + DAYS + ")) DESC LIMIT 1", "SELECT t.asset_tag FROM loans l JOIN tools t ON t.asset_tag = l.tool GROUP BY t.asset_tag ORDER BY COUNT(*) DESC LIMIT 1"],
        "ambiguous", "highest day rate, day rate times days out, or most loans; no payment names a tool")
clarify("who is our best member", ["SELECT " + MEMBER + " FROM loans l JOIN members m ON m.member_no = l.borrower GROUP BY m.member_no ORDER BY COUNT(*) DESC LIMIT 1", "SELECT " + MEMBER + " FROM payments p JOIN members m ON m.member_no = p.paid_by GROUP BY m.member_no ORDER BY SUM(p.amount) DESC LIMIT 1"], "ambiguous", "by loans or by payments")
clarify("payments by kind", ["SELECT purpose, SUM(amount) FROM payments GROUP BY purpose", "SELECT method, SUM(amount) FROM payments GROUP BY method"], "ambiguous", "by purpose or by method; payments are not tied to kinds of tools")
clarify("average fee", ["SELECT AVG(yearly_fee) FROM fee_classes", "SELECT AVG(f.yearly_fee) FROM members m JOIN fee_classes f ON f.code = m.fee_class", "SELECT AVG(amount) FROM payments WHERE purpose = 'late fee'", "SELECT AVG(amount) FROM payments WHERE purpose = 'membership'"], "ambiguous", "of the classes, over members, or of fees paid")

abstain("how many repairs were done last year", "unknown_word", "no repairs are stored")
abstain("average age of our members", "unknown_word", "no birth date is stored; since when they are members is")
abstain("phone number of Hedda Brox", "unknown_word", "no phone numbers are stored")
abstain("loans of SAW-99", "unknown_value", "no such tool; SAW-01 to SAW-14 are stored")
abstain("how many members live in Oxford", "unknown_value", "nobody lives in Oxford")
abstain("cancel loan L00017", "change_request", "only reading is possible")
abstain("Quanti prestiti ci sono stati nel 2025?", "other_language", "Italian; a model may answer it, the built-in engine says that it does not read it", language="it")
abstain("sum of member_no", "unknown_word", "member_no is a name for a member, not an amount")
abstain("add a new member called Otto Lindner from Dalby", "change_request", "no rows are added by a question of this kind without approval; what is possible is said")
