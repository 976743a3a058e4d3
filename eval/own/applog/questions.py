# A reporting app's users, devices and one long table of events; events from 2024-01-02 to 2026-10-31.
USER = "{u.user_id, u.full_name|u.full_name|u.user_id}"
CITY = proper("u.city")
LAST_MONTH = "occurred_at >= '2026-10-01' AND occurred_at < '2026-11-01'"
Y2025 = "occurred_at >= '2025-01-01' AND occurred_at < '2026-01-01'"
Y2026 = "occurred_at >= '2026-01-01' AND occurred_at < '2027-01-01'"
SPAN = "(SELECT session_id, user_id, MIN(occurred_at) AS first, MAX(occurred_at) AS last, COUNT(*) AS n FROM events GROUP BY session_id)"

ask("how many events are in the log?", "SELECT COUNT(*) FROM events", "count", 1,
    then=("by type", "SELECT event_type, COUNT(*) FROM events GROUP BY event_type"))
ask("number of sessions last month", "SELECT COUNT(DISTINCT session_id) FROM events WHERE " + LAST_MONTH, "date_window_relative", 2,
    then=("and the month before?", "SELECT COUNT(DISTINCT session_id) FROM events WHERE occurred_at >= '2026-09-01' AND occurred_at < '2026-10-01'"))
ask("active users per month in 2026", "SELECT " + month("occurred_at") + ", COUNT(DISTINCT user_id) FROM events WHERE " + Y2026 + " GROUP BY strftime('%Y-%m', occurred_at)", "group_by_time", 2,
    then=("only pro users", "SELECT " + month("e.occurred_at") + ", COUNT(DISTINCT e.user_id) FROM events e JOIN users u ON u.user_id = e.user_id WHERE u.plan = 'pro' AND e." + Y2026.replace("AND ", "AND e.") + " GROUP BY strftime('%Y-%m', e.occurred_at)"))
ask("share of events that are errors, in %", "SELECT " + percent("SUM(event_type = 'error')", "COUNT(*)") + " FROM events", "share_percent", 1,
    then=("and per app version?", "SELECT app_version, " + percent("SUM(event_type = 'error')", "COUNT(*)") + " FROM events GROUP BY app_version"))
ask("error rate by operating system", "SELECT d.os, " + percent("SUM(e.event_type = 'error')", "COUNT(*)") + " FROM events e JOIN devices d ON d.device_id = e.device_id GROUP BY d.os", "share_percent", 2,
    ["SELECT d.os, " + percent("SUM(e.event_type = 'error')", "COUNT(*)") + " FROM events e LEFT JOIN devices d ON d.device_id = e.device_id GROUP BY d.os"])
ask("which error code occurs most often", "SELECT error_code{|, COUNT(*)} FROM events WHERE error_code IS NOT NULL GROUP BY error_code ORDER BY COUNT(*) DESC LIMIT 1", "superlative", 1)
ask("how often did E-204 happen", "SELECT COUNT(*) FROM events WHERE error_code = 'E-204'", "exact_code", 1,
    then=("and E-310?", "SELECT COUNT(*) FROM events WHERE error_code = 'E-310'"))
ask("How many events came from version 4.1.0", "SELECT COUNT(*) FROM events WHERE app_version = '4.1.0'", "exact_code", 1)
ask("events on 4.10.0 per event type", "SELECT event_type, COUNT(*) FROM events WHERE app_version = '4.10.0' GROUP BY event_type", "exact_code", 1)
ask("average view duration per screen, in milliseconds", "SELECT screen, AVG(duration_ms) FROM events WHERE event_type = 'view' GROUP BY screen", "average", 2,
    then=("in seconds", "SELECT screen, AVG(duration_ms) / 1000.0 FROM events WHERE event_type = 'view' GROUP BY screen"))
ask("median duration of an export", median("duration_ms", "events WHERE event_type = 'export' AND duration_ms IS NOT NULL"), "median_percentile", 2,
    then=("per version", median("duration_ms", "events WHERE event_type = 'export' AND duration_ms IS NOT NULL", "app_version")))
ask("95th percentile of duration_ms for searches", percentile("0.95", "duration_ms", "events WHERE event_type = 'search' AND duration_ms IS NOT NULL"), "median_percentile", 3)
ask("stddev of duration_ms by event type", deviation("duration_ms", "events", "event_type"), "standard_deviation", 2)
ask("how long is a session on average, in minutes?", "SELECT AVG((julianday(last) - julianday(first)) * 1440) FROM " + SPAN, "duration", 3)
ask("longest session", "SELECT session_id{|, (julianday(last) - julianday(first)) * 1440|, (julianday(last) - julianday(first)) * 24|, (julianday(last) - julianday(first)) * 86400} FROM " + SPAN + " ORDER BY julianday(last) - julianday(first) DESC LIMIT 1", "min_max_with_which", 3,
    ["SELECT (julianday(last) - julianday(first)) * {1440|24|86400} FROM " + SPAN + " ORDER BY julianday(last) - julianday(first) DESC LIMIT 1"])
ask("average number of events per session", "SELECT 1.0 * COUNT(*) / COUNT(DISTINCT session_id) FROM events", "average_per_entity", 2)
ask("How many sessions does an active user have on average", "SELECT 1.0 * COUNT(DISTINCT session_id) / COUNT(DISTINCT user_id) FROM events", "average_per_entity", 2)
ask("sessions with at least 10 events", "SELECT session_id{|, COUNT(*)} FROM events GROUP BY session_id HAVING COUNT(*) >= 10", "at_least_n", 2, ["SELECT COUNT(*) FROM (SELECT session_id FROM events GROUP BY session_id HAVING COUNT(*) >= 10)"],
    then=("how many of them had an error?", "SELECT COUNT(*) FROM (SELECT session_id FROM events GROUP BY session_id HAVING COUNT(*) >= 10 AND SUM(event_type = 'error') > 0)"))
ask("users with no events at all", "SELECT " + USER + " FROM users u WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.user_id = u.user_id)", "none_never", 2,
    then=("count them by plan", "SELECT plan, COUNT(*) FROM users u WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.user_id = u.user_id) GROUP BY plan"))
ask("how many devices were never used?", "SELECT COUNT(*) FROM devices d WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.device_id = d.device_id)", "none_never", 2)
ask("how many users own no device", "SELECT COUNT(*) FROM users u WHERE NOT EXISTS (SELECT 1 FROM devices d WHERE d.user_id = u.user_id)", "none_never", 2)
ask("number of devices for each user in Ghent, also those without one", "SELECT " + USER + ", COUNT(d.device_id) FROM users u LEFT JOIN devices d ON d.user_id = u.user_id WHERE LOWER(TRIM(u.city)) = 'ghent' GROUP BY u.user_id", "zero_groups", 2)
ask("how many users in paris", "SELECT COUNT(*) FROM users WHERE LOWER(TRIM(city)) = 'paris'", "filter_spelling", 1, note="all stored spellings of Paris count together")
ask("users per city", "SELECT " + CITY + ", COUNT(*) FROM users u {|WHERE u.city IS NOT NULL }GROUP BY LOWER(TRIM(u.city))", "filter_spelling", 1)
ask("how many users have no city", "SELECT COUNT(*) FROM users WHERE city IS NULL", "missing_values", 1)
ask("How many users are not on the free plan?", "SELECT COUNT(*) FROM users WHERE plan <> 'free'", "count", 1)
ask("how many users get the newsletter and how many don't", "SELECT SUM(newsletter = 'Y'), SUM(newsletter = 'N') FROM users", "filter_boolean", 2, ["SELECT newsletter, COUNT(*) FROM users {WHERE newsletter IS NOT NULL |}GROUP BY newsletter"])
ask("count of users where the newsletter answer is missing", "SELECT COUNT(*) FROM users WHERE newsletter IS NULL", "missing_values", 1)
ask("managed devices per os", "SELECT os, COUNT(*) FROM devices WHERE managed = 'true' GROUP BY os", "filter_boolean", 1)
ask("events recorded offline last quarter", "SELECT COUNT(*) FROM events WHERE offline = 1 AND occurred_at >= '2026-07-01' AND occurred_at < '2026-10-01'", "filter_boolean", 2, ["SELECT {event_id|*} FROM events WHERE offline = 1 AND occurred_at >= '2026-07-01' AND occurred_at < '2026-10-01'"])
ask("who referred u235", "SELECT " + USER + " FROM users x JOIN users u ON u.user_id = x.referred_by WHERE x.user_id = 'u235'", "self_reference", 2)
ask("top 3 users by number of people they referred", "SELECT " + USER + "{|, COUNT(*)} FROM users u JOIN users x ON x.referred_by = u.user_id GROUP BY u.user_id HAVING COUNT(*) >= (SELECT n FROM (SELECT COUNT(*) AS n FROM users WHERE referred_by IS NOT NULL GROUP BY referred_by) ORDER BY n DESC LIMIT 1 OFFSET 2)", "self_reference", 3)
ask("how many users were referred by someone on the team plan", "SELECT COUNT(*) FROM users x JOIN users u ON u.user_id = x.referred_by WHERE u.plan = 'team'", "self_reference", 2)
ask("purchases: total amount by year", "SELECT " + year("occurred_at") + ", SUM(amount_eur) FROM events WHERE event_type = 'purchase' GROUP BY 1", "group_by_time", 1)
ask("Year over year growth of purchase revenue, 2024 to 2025", "SELECT {100.0|1.0} * (b - a) / a FROM (SELECT SUM(CASE WHEN strftime('%Y', occurred_at) = '2024' THEN amount_eur END) AS a, SUM(CASE WHEN strftime('%Y', occurred_at) = '2025' THEN amount_eur END) AS b FROM events WHERE event_type = 'purchase')", "growth_period_over_period", 2)
ask("cumulative signups by quarter since 2025",
    "SELECT " + quarter("q") + ", {n, |}SUM(n) OVER (ORDER BY q) FROM (SELECT " + quarter_key("signed_up_on") + " AS q, COUNT(*) AS n FROM users WHERE signed_up_on >= '2025-01-01' GROUP BY 1) ORDER BY q", "running_total", 3)
ask("sessions per month this year compared with the previous month",
    "SELECT " + month("d") + ", {n, p|n, n - p|n, p, n - p|n, 100.0 * (n - p) / p|n, p, 100.0 * (n - p) / p} FROM (SELECT d, n, LAG(n) OVER (ORDER BY d) AS p FROM (SELECT strftime('%Y-%m-01', occurred_at) AS d, COUNT(DISTINCT session_id) AS n FROM events {|WHERE " + Y2026 + " }GROUP BY 1)) WHERE d >= '2026-01-01' ORDER BY d", "previous_period", 3)
ask("busiest hour of the day", "SELECT " + hour("occurred_at") + "{|, COUNT(*)} FROM events GROUP BY strftime('%H', occurred_at) ORDER BY COUNT(*) DESC LIMIT 1", "weekday_hour", 2, ["SELECT " + hour("occurred_at") + "{|, COUNT(DISTINCT session_id)} FROM events GROUP BY strftime('%H', occurred_at) ORDER BY COUNT(DISTINCT session_id) DESC LIMIT 1"])
ask("events by weekday, monday first", "SELECT " + weekday("occurred_at") + ", COUNT(*) FROM events GROUP BY strftime('%w', occurred_at) ORDER BY (CAST(strftime('%w', occurred_at) AS INTEGER) + 6) % 7", "weekday_hour", 2)
ask("what percentage of sessions starts on a weekend", "SELECT " + percent("SUM(strftime('%w', first) IN ('0', '6'))", "COUNT(*)") + " FROM " + SPAN, "weekday_hour", 3)
ask("events before 9 am in the last 90 days", "SELECT COUNT(*) FROM events WHERE strftime('%H', occurred_at) < '09' AND occurred_at >= '2026-08-24'", "weekday_hour", 3, ["SELECT COUNT(*) FROM events WHERE strftime('%H', occurred_at) < '09' AND occurred_at >= '2026-08-25'"])
ask("how many people signed up in the last 6 months?", "SELECT COUNT(*) FROM users WHERE signed_up_on >= '2026-05-22'", "date_window_relative", 2, ["SELECT COUNT(*) FROM users WHERE signed_up_on >= '2026-05-01'{ AND signed_up_on < '2026-11-01'|}", "SELECT COUNT(*) FROM users WHERE signed_up_on > '2026-05-22'", "SELECT COUNT(*) FROM users WHERE signed_up_on >= '2026-06-01'"])
ask("errors between 2026-03-01 and 2026-03-31", "SELECT COUNT(*) FROM events WHERE event_type = 'error' AND occurred_at >= '2026-03-01' AND occurred_at < '2026-04-01'", "date_window_absolute", 1, ["SELECT {event_id|*} FROM events WHERE event_type = 'error' AND occurred_at >= '2026-03-01' AND occurred_at < '2026-04-01'"])
ask("number of exports until march 2025", "SELECT COUNT(*) FROM events WHERE event_type = 'export' AND occurred_at < '2025-04-01'", "date_window_absolute", 2, ["SELECT COUNT(*) FROM events WHERE event_type = 'export' AND occurred_at < '2025-03-01'"])
ask("how many purchases in August", "SELECT COUNT(*) FROM events WHERE event_type = 'purchase' AND occurred_at >= '2026-08-01' AND occurred_at < '2026-09-01'", "date_window_relative", 2, note="no year: the latest August, said")
ask("distinct users who had an error this year", "SELECT COUNT(DISTINCT user_id) FROM events WHERE event_type = 'error' AND " + Y2026, "distinct_count", 2, ["SELECT " + USER + " FROM users u WHERE u.user_id IN (SELECT user_id FROM events WHERE event_type = 'error' AND " + Y2026 + ")"])
ask("users who made a purchase in 2025 but none in 2026", "SELECT " + USER + " FROM users u WHERE u.user_id IN (SELECT user_id FROM events WHERE event_type = 'purchase' AND " + Y2025 + ") AND u.user_id NOT IN (SELECT user_id FROM events WHERE event_type = 'purchase' AND " + Y2026 + ")", "both_and_except", 3)
ask("how many users use both iOS and Android devices?", "SELECT COUNT(*) FROM (SELECT user_id FROM devices WHERE os = 'iOS' INTERSECT SELECT user_id FROM devices WHERE os = 'Android')", "both_and_except", 2,
    ["SELECT COUNT(*) FROM (SELECT e.user_id FROM events e JOIN devices d ON d.device_id = e.device_id WHERE d.os = 'iOS' INTERSECT SELECT e.user_id FROM events e JOIN devices d ON d.device_id = e.device_id WHERE d.os = 'Android')"])
ask("users with more events than the average active user", "SELECT " + USER + "{|, COUNT(*)} FROM users u JOIN events e ON e.user_id = u.user_id GROUP BY u.user_id HAVING COUNT(*) > (SELECT 1.0 * COUNT(*) / COUNT(DISTINCT user_id) FROM events)", "compare_with_average", 3)
ask("per plan: number of users, number of sessions, total purchases in eur", "SELECT u.plan, COUNT(DISTINCT u.user_id), COUNT(DISTINCT e.session_id), SUM(e.amount_eur) FROM users u LEFT JOIN events e ON e.user_id = u.user_id GROUP BY u.plan", "multi_measure", 2)
ask("views, searches and exports per user plan next to each other", "SELECT u.plan, SUM(e.event_type = 'view'), SUM(e.event_type = 'search'), SUM(e.event_type = 'export') FROM events e JOIN users u ON u.user_id = e.user_id GROUP BY u.plan", "multi_measure", 2)
ask("the 2 most used screens for each plan", "SELECT plan, screen{|, n} FROM (SELECT u.plan, e.screen, COUNT(*) AS n, RANK() OVER (PARTITION BY u.plan ORDER BY COUNT(*) DESC) AS r FROM events e JOIN users u ON u.user_id = e.user_id WHERE e.screen IS NOT NULL{| AND e.event_type = 'view'} GROUP BY u.plan, e.screen) WHERE r <= 2", "top_n_per_group", 3)
ask("exports per search", "SELECT 1.0 * SUM(event_type = 'export') / SUM(event_type = 'search') FROM events", "ratio", 2)
ask("rank app versions by average duration", "SELECT app_version, {AVG(duration_ms), |}{RANK|DENSE_RANK}() OVER (ORDER BY AVG(duration_ms) DESC) FROM events GROUP BY app_version ORDER BY AVG(duration_ms) DESC", "rank", 2, ["SELECT app_version, AVG(duration_ms) FROM events GROUP BY app_version ORDER BY AVG(duration_ms) DESC"])
ask("second most common device model", "SELECT model{|, n} FROM (SELECT model, COUNT(*) AS n, RANK() OVER (ORDER BY COUNT(*) DESC) AS r FROM devices GROUP BY model) WHERE r = 2", "second_highest", 2)
ask("how many ThinkPads are there", "SELECT COUNT(*) FROM devices WHERE model = 'ThinkPad X1'", "typo_plural", 1)
ask("number of purchses by pro users", "SELECT COUNT(*) FROM events e JOIN users u ON u.user_id = e.user_id WHERE e.event_type = 'purchase' AND u.plan = 'pro'", "typo_plural", 2)
ask("sum of amount_eur", "SELECT SUM(amount_eur) FROM events", "sum", 1, then=("their average", "SELECT AVG(amount_eur) FROM events"))
ask("users sorted by signup date, newest first, just 5", "SELECT " + USER + "{|, u.signed_up_on} FROM users u ORDER BY u.signed_up_on DESC LIMIT 5", "list_sorted", 1)

ask("line chart of sessions per month in 2025", "SELECT " + month("occurred_at") + ", COUNT(DISTINCT session_id) FROM events WHERE " + Y2025 + " GROUP BY strftime('%Y-%m', occurred_at)", "group_by_time", 2)
ask("avg duration_ms", "SELECT AVG(duration_ms) FROM events", "average", 1)
ask("mean and median of amount_eur", "SELECT AVG(amount_eur), (" + median("amount_eur", "events WHERE amount_eur IS NOT NULL") + ") FROM events", "multi_measure", 3)
ask("how many events have no device", "SELECT COUNT(*) FROM events WHERE device_id IS NULL", "missing_values", 1)
ask("first and last event of session s00500", "SELECT MIN(occurred_at), MAX(occurred_at) FROM events WHERE session_id = 's00500'", "exact_code", 2, ["SELECT {event_id|event_id, event_type|event_type|event_type, occurred_at|event_id, event_type, occurred_at|*} FROM events WHERE session_id = 's00500' AND (occurred_at = (SELECT MIN(occurred_at) FROM events WHERE session_id = 's00500') OR occurred_at = (SELECT MAX(occurred_at) FROM events WHERE session_id = 's00500'))"])
ask("errors in the second quarter of 2025 and 2026", "SELECT " + year("occurred_at") + ", COUNT(*) FROM events WHERE event_type = 'error' AND strftime('%m', occurred_at) IN ('04', '05', '06') AND strftime('%Y', occurred_at) IN ('2025', '2026') GROUP BY 1", "date_window_absolute", 3, ["SELECT COUNT(*) FROM events WHERE event_type = 'error' AND strftime('%m', occurred_at) IN ('04', '05', '06') AND strftime('%Y', occurred_at) IN ('2025', '2026')"])
ask("how much longer do exports take on 5.0.0 than on 4.10.0 on average?", "SELECT {a - b|a / b|100.0 * (a - b) / b|a, b|a, b, a - b} FROM (SELECT AVG(CASE WHEN app_version = '5.0.0' THEN duration_ms END) AS a, AVG(CASE WHEN app_version = '4.10.0' THEN duration_ms END) AS b FROM events WHERE event_type = 'export')", "compare_with_average", 3)
ask("for all device models, how many managed ones were bought in 2026", "SELECT model, SUM(managed = 'true' AND bought_on >= '2026-01-01') FROM devices GROUP BY model", "zero_groups", 2)

ask("how many events in the last 30 days", "SELECT COUNT(*) FROM events WHERE occurred_at >= '2026-10-23'", "date_window_relative", 1, ["SELECT COUNT(*) FROM events WHERE occurred_at >= '2026-10-24'"])
ask("number of sessions per user city, top 3", "SELECT " + CITY + "{, COUNT(DISTINCT e.session_id)|} FROM events e JOIN users u ON u.user_id = e.user_id {|WHERE u.city IS NOT NULL }GROUP BY LOWER(TRIM(u.city)) ORDER BY COUNT(DISTINCT e.session_id) DESC LIMIT 3", "filter_spelling", 2)
ask("how many sessions had neither an error nor a purchase", "SELECT COUNT(*) FROM (SELECT session_id FROM events GROUP BY session_id HAVING SUM(event_type = 'error') = 0 AND SUM(event_type = 'purchase') = 0)", "both_and_except", 3)

clarify("who used the app most in 2026?", ["SELECT " + USER + " FROM events e JOIN users u ON u.user_id = e.user_id WHERE " + Y2026.replace("occ", "e.occ") + " GROUP BY u.user_id ORDER BY COUNT(DISTINCT e.session_id) DESC LIMIT 1", "SELECT " + USER + " FROM events e JOIN users u ON u.user_id = e.user_id WHERE " + Y2026.replace("occ", "e.occ") + " GROUP BY u.user_id ORDER BY COUNT(*) DESC LIMIT 1", "SELECT " + USER + " FROM events e JOIN users u ON u.user_id = e.user_id WHERE " + Y2026.replace("occ", "e.occ") + " GROUP BY u.user_id ORDER BY SUM(e.duration_ms) DESC LIMIT 1"], "ambiguous", "by sessions, events or time")
clarify("activity per plan", ["SELECT u.plan, COUNT(*) FROM events e JOIN users u ON u.user_id = e.user_id GROUP BY u.plan", "SELECT u.plan, COUNT(DISTINCT e.session_id) FROM events e JOIN users u ON u.user_id = e.user_id GROUP BY u.plan", "SELECT u.plan, COUNT(DISTINCT e.user_id) FROM events e JOIN users u ON u.user_id = e.user_id GROUP BY u.plan"], "ambiguous", "events, sessions or active users")
clarify("average duration", ["SELECT AVG(duration_ms) FROM events", "SELECT AVG((julianday(last) - julianday(first)) * {1440|86400}) FROM " + SPAN], "ambiguous", "of an event (duration_ms) or of a session")
clarify("how active was Lyon last month?", ["SELECT COUNT(*) FROM events e JOIN users u ON u.user_id = e.user_id WHERE LOWER(TRIM(u.city)) = 'lyon' AND " + LAST_MONTH, "SELECT COUNT(DISTINCT e.session_id) FROM events e JOIN users u ON u.user_id = e.user_id WHERE LOWER(TRIM(u.city)) = 'lyon' AND " + LAST_MONTH, "SELECT COUNT(DISTINCT e.user_id) FROM events e JOIN users u ON u.user_id = e.user_id WHERE LOWER(TRIM(u.city)) = 'lyon' AND " + LAST_MONTH],
        "ambiguous", "events, sessions or users")
clarify("worst version", ["SELECT app_version FROM events GROUP BY app_version ORDER BY 1.0 * SUM(event_type = 'error') / COUNT(*) DESC LIMIT 1", "SELECT app_version FROM events GROUP BY app_version ORDER BY SUM(event_type = 'error') DESC LIMIT 1", "SELECT app_version FROM events GROUP BY app_version ORDER BY AVG(duration_ms) DESC LIMIT 1"],
        "ambiguous", "by share of errors, number of errors or duration")

abstain("how many devices run Linux", "unknown_value", "no device runs Linux")
abstain("events with error code E-999", "unknown_value", "no such code; E-101, E-204, E-310, E-404 are stored")
abstain("how many users live in Berlin?", "unknown_value", "no user lives in Berlin")
abstain("what was the battery level on average", "unknown_word", "no battery level is stored")
abstain("how many female users do we have", "unknown_word", "no gender is stored")
abstain("remove all events of user u012", "change_request", "only reading is possible")
abstain("combien d'utilisateurs à Paris ?", "other_language", "French; a model may answer it, the built-in engine says that it does not read it", language="fr")
