# A web shop's customers, orders, order_items and products; orders from 2023-02-11 to 2024-12-30, so nothing in the last year.
LINE = "i.quantity * i.unit_price"
ITEMS = "order_items i JOIN orders o ON o.order_id = i.order_id"
WHOLE = ITEMS + " JOIN products p ON p.product_id = i.product_id"
COUNTED = "{1= 1 = 1| o.status <> 'cancelled'| o.status = 'delivered'}"  # what counts as a sale
PRODUCT = "{p.product_name|p.product_id|p.product_id, p.product_name}"
CUSTOMER = "{c.customer_id, c.name|c.name|c.customer_id}"

ask("Average order value by country",
    "SELECT c.country, 1.0 * SUM(" + LINE + ") / COUNT(DISTINCT o.order_id) FROM " + ITEMS + " JOIN customers c ON c.customer_id = o.customer_id WHERE " + COUNTED + " GROUP BY c.country",
    "average_per_entity", 2,
    then=("only the ones with at least 200 orders",
          "SELECT c.country, 1.0 * SUM(" + LINE + ") / COUNT(DISTINCT o.order_id){|, COUNT(DISTINCT o.order_id)} FROM " + ITEMS + " JOIN customers c ON c.customer_id = o.customer_id WHERE " + COUNTED + " GROUP BY c.country HAVING COUNT(DISTINCT o.order_id) >= 200"))
ask("What share of orders was cancelled?", "SELECT " + percent("SUM(status = 'cancelled')", "COUNT(*)") + " FROM orders", "share_percent", 1,
    then=("and by channel?", "SELECT channel, " + percent("SUM(status = 'cancelled')", "COUNT(*)") + " FROM orders GROUP BY channel"))
ask("Revenue by category last year",
    "SELECT p.category, SUM(" + LINE + ") FROM " + WHOLE + " WHERE o.ordered_at >= '2025-01-01' AND o.ordered_at < '2026-01-01' GROUP BY p.category",
    "date_window_relative", 2,
    ["SELECT p.category, SUM(" + LINE + ") FROM " + WHOLE + " WHERE o.ordered_at >= '2024-01-01' AND o.ordered_at < '2025-01-01' AND " + COUNTED + " GROUP BY p.category",
     "SELECT category, {0|NULL} FROM products GROUP BY category"],
    empty=True, note="2025 has no orders: the answer says so and where the data end; 2024 is accepted only when the answer says that it took the last year in the data")
ask("top 10 products by quantity sold",
    "SELECT " + PRODUCT + "{, SUM(i.quantity)|} FROM " + WHOLE + " WHERE " + COUNTED + " GROUP BY p.product_id ORDER BY SUM(i.quantity) DESC LIMIT 10", "top_n", 1,
    then=("now only for 2024", "SELECT " + PRODUCT + "{, SUM(i.quantity)|} FROM " + WHOLE + " WHERE " + COUNTED + " AND o.ordered_at >= '2024-01-01' AND o.ordered_at < '2025-01-01' GROUP BY p.product_id ORDER BY SUM(i.quantity) DESC LIMIT 10"))
ask("median price", median("list_price", "products"), "median_percentile", 1, [median("unit_price", "order_items")],
    then=("and by category?", median("list_price", "products", "category"), [median("i.unit_price", "order_items i JOIN products p ON p.product_id = i.product_id", "p.category")]))
ask("How many customers are from Germany?", "SELECT COUNT(*) FROM customers WHERE country = 'Germany'", "count", 1,
    then=("and by month?", "SELECT " + month("joined_on") + ", COUNT(*) FROM customers WHERE country = 'Germany' GROUP BY strftime('%Y-%m', joined_on)"))
ask("Which products were never ordered?", "SELECT " + PRODUCT + " FROM products p WHERE NOT EXISTS (SELECT 1 FROM order_items i WHERE i.product_id = p.product_id)", "none_never", 1, empty=True,
    note="every product was ordered: none")
ask("orders per weekday", "SELECT " + weekday("ordered_at") + ", COUNT(*) FROM orders GROUP BY strftime('%w', ordered_at)", "weekday_hour", 1,
    then=("in percent", "SELECT " + weekday("ordered_at") + "{|, COUNT(*)}, " + percent("COUNT(*)", "(SELECT COUNT(*) FROM orders)") + " FROM orders GROUP BY strftime('%w', ordered_at)"))
QREV = "SELECT " + quarter_key("o.ordered_at") + " AS q, SUM(" + LINE + ") AS t FROM " + ITEMS + " WHERE " + COUNTED + " GROUP BY 1"
ask("revenue growth by quarter",
    "SELECT " + quarter("q") + ", {t, |}{100.0|1.0} * (t - p) / p FROM (SELECT q, t, LAG(t) OVER (ORDER BY q) AS p FROM (" + QREV + ")){| WHERE p IS NOT NULL} ORDER BY q",
    "growth_period_over_period", 3)
BOUGHT = "SELECT o.customer_id FROM " + WHOLE + " WHERE "
ask("customers who bought coffee but no equipment",
    "SELECT " + CUSTOMER + " FROM customers c WHERE c.customer_id IN (" + BOUGHT + "{p.category = 'Beans'|(p.category = 'Beans' OR p.product_name = 'Cold Brew Box')} AND " + COUNTED +
    ") AND c.customer_id NOT IN (" + BOUGHT + "p.category = 'Equipment' AND " + COUNTED + ")", "both_and_except", 3,
    then=("how many are they?", "SELECT COUNT(*) FROM customers c WHERE c.customer_id IN (" + BOUGHT + "{p.category = 'Beans'|(p.category = 'Beans' OR p.product_name = 'Cold Brew Box')} AND " + COUNTED +
          ") AND c.customer_id NOT IN (" + BOUGHT + "p.category = 'Equipment' AND " + COUNTED + ")"))

ask("how many orders did we get in 2024", "SELECT COUNT(*) FROM orders WHERE ordered_at >= '2024-01-01' AND ordered_at < '2025-01-01'", "date_window_absolute", 1,
    then=("and the year before?", "SELECT COUNT(*) FROM orders WHERE ordered_at >= '2023-01-01' AND ordered_at < '2024-01-01'"))
ask("total revenue", "SELECT SUM(" + LINE + ") FROM " + ITEMS + " WHERE " + COUNTED, "sum", 1,
    then=("per channel please", "SELECT o.channel, SUM(" + LINE + ") FROM " + ITEMS + " WHERE " + COUNTED + " GROUP BY o.channel"))
ask("orders by status", "SELECT status, COUNT(*) FROM orders GROUP BY status", "group_by_category", 1,
    then=("as a pie chart", "SELECT status, COUNT(*) FROM orders GROUP BY status", ["SELECT status, " + percent("COUNT(*)", "(SELECT COUNT(*) FROM orders)") + " FROM orders GROUP BY status"]))
ask("which city has the most customers", "SELECT city{|, COUNT(*)} FROM customers GROUP BY city ORDER BY COUNT(*) DESC LIMIT 1", "superlative", 1)
ask("second best selling product by quantity", "SELECT " + PRODUCT + "{|, t} FROM (SELECT i.product_id, SUM(i.quantity) AS t, RANK() OVER (ORDER BY SUM(i.quantity) DESC) AS r FROM " + ITEMS + " WHERE " + COUNTED + " GROUP BY i.product_id) x JOIN products p ON p.product_id = x.product_id WHERE r = 2",
    "second_highest", 2)
ask("What is the most expensive product in each category?", "SELECT p.category, " + PRODUCT + "{|, p.list_price} FROM products p JOIN (SELECT category, MAX(list_price) AS m FROM products GROUP BY category) x ON x.category = p.category AND p.list_price = x.m",
    "top_n_per_group", 2)
ask("for each category the 3 best selling products by revenue",
    "SELECT category, {product_name|product_id|product_id, product_name}{, t|} FROM (SELECT p.category, p.product_id, p.product_name, SUM(" + LINE + ") AS t, RANK() OVER (PARTITION BY p.category ORDER BY SUM(" + LINE + ") DESC) AS r FROM " + WHOLE + " WHERE " + COUNTED + " GROUP BY p.product_id) WHERE r <= 3",
    "top_n_per_group", 3)
ask("running total of orders by month in 2024",
    "SELECT " + month("d") + ", {n, |}SUM(n) OVER (ORDER BY d) FROM (SELECT strftime('%Y-%m-01', ordered_at) AS d, COUNT(*) AS n FROM orders WHERE ordered_at >= '2024-01-01' AND ordered_at < '2025-01-01' GROUP BY 1) ORDER BY d", "running_total", 2)
ask("rank the countries by number of orders",
    "SELECT c.country, {COUNT(*), |}{RANK|DENSE_RANK}() OVER (ORDER BY COUNT(*) DESC) FROM orders o JOIN customers c ON c.customer_id = o.customer_id GROUP BY c.country ORDER BY COUNT(*) DESC", "rank", 2,
    ["SELECT c.country, COUNT(*) FROM orders o JOIN customers c ON c.customer_id = o.customer_id GROUP BY c.country ORDER BY COUNT(*) DESC"])
ask("customers without any order", "SELECT " + CUSTOMER + " FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.customer_id)", "none_never", 2,
    then=("how many of them get the newsletter?", "SELECT COUNT(*) FROM customers c WHERE c.newsletter = 'yes' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.customer_id)"))
ask("how many customers placed at least 10 orders", "SELECT COUNT(*) FROM (SELECT customer_id FROM orders GROUP BY customer_id HAVING COUNT(*) >= 10)", "at_least_n", 2)
ask("how many customers ordered more than 20 times in 2024?", "SELECT COUNT(*) FROM (SELECT customer_id FROM orders WHERE ordered_at >= '2024-01-01' AND ordered_at < '2025-01-01' GROUP BY customer_id HAVING COUNT(*) > 20)", "at_least_n", 2)
ask("how many different products were sold by phone in february 2024", "SELECT COUNT(DISTINCT i.product_id) FROM " + ITEMS + " WHERE o.channel = 'phone' AND o.ordered_at >= '2024-02-01' AND o.ordered_at < '2024-03-01' AND " + COUNTED, "distinct_count", 2)
ask("avg days from order to shipping", "SELECT AVG({julianday(shipped_on) - julianday(date(ordered_at))|julianday(shipped_on) - julianday(ordered_at)}) FROM orders WHERE shipped_on IS NOT NULL", "duration", 2,
    then=("by channel", "SELECT channel, AVG({julianday(shipped_on) - julianday(date(ordered_at))|julianday(shipped_on) - julianday(ordered_at)}) FROM orders WHERE shipped_on IS NOT NULL GROUP BY channel"))
ask("orders that have no shipping date", "SELECT COUNT(*) FROM orders WHERE shipped_on IS NULL", "missing_values", 1, ["SELECT order_id FROM orders WHERE shipped_on IS NULL", "SELECT * FROM orders WHERE shipped_on IS NULL"])
ask("How many customers get the newsletter?", "SELECT COUNT(*) FROM customers WHERE newsletter = 'yes'", "filter_boolean", 1,
    then=("How many products cost more than 20?", "SELECT COUNT(*) FROM products WHERE list_price > 20"))
ask("percentage of newsletter subscribers per country", "SELECT country, " + percent("SUM(newsletter = 'yes')", "COUNT(*)") + " FROM customers GROUP BY country", "share_percent", 2)
ask("ratio of app orders to web orders", "SELECT 1.0 * SUM(channel = 'app') / SUM(channel = 'web') FROM orders", "ratio", 2)
ask("count of delivered, returned and cancelled orders per channel, side by side", "SELECT channel, SUM(status = 'delivered'), SUM(status = 'returned'), SUM(status = 'cancelled') FROM orders GROUP BY channel", "multi_measure", 2)
ask("number of orders, number of customers and total revenue for 2024", "SELECT COUNT(DISTINCT o.order_id), COUNT(DISTINCT o.customer_id), SUM(" + LINE + ") FROM " + ITEMS + " WHERE o.ordered_at >= '2024-01-01' AND o.ordered_at < '2025-01-01' AND " + COUNTED, "multi_measure", 2)
ask("how many orders did the average customer place?", "SELECT 1.0 * COUNT(*) / COUNT(DISTINCT customer_id) FROM orders", "average_per_entity", 2, ["SELECT 1.0 * (SELECT COUNT(*) FROM orders) / (SELECT COUNT(*) FROM customers)"])
ask("average number of items per order", "SELECT 1.0 * SUM(quantity) / COUNT(DISTINCT order_id) FROM order_items", "average_per_entity", 2, ["SELECT 1.0 * COUNT(*) / COUNT(DISTINCT order_id) FROM order_items"])
ask("products whose list price is above the average", "SELECT " + PRODUCT + "{|, p.list_price} FROM products p WHERE p.list_price > (SELECT AVG(list_price) FROM products)", "compare_with_average", 2,
    then=("sort by name", "SELECT " + PRODUCT + "{|, p.list_price} FROM products p WHERE p.list_price > (SELECT AVG(list_price) FROM products) ORDER BY p.product_name"))
ask("how many products cost less than 10", "SELECT COUNT(*) FROM products WHERE list_price < 10", "count", 1)
ask("standard deviation of the list price", deviation("list_price", "products"), "standard_deviation", 2)
ask("90th percentile of order value", percentile("0.9", "v", "(SELECT SUM(" + LINE + ") AS v FROM " + ITEMS + " WHERE " + COUNTED + " GROUP BY o.order_id)"), "median_percentile", 3)
ask("orders by hour of the day", "SELECT " + hour("ordered_at") + ", COUNT(*) FROM orders GROUP BY strftime('%H', ordered_at)", "weekday_hour", 1)
ask("how many orders were placed on weekends?", "SELECT COUNT(*) FROM orders WHERE strftime('%w', ordered_at) IN ('0', '6')", "weekday_hour", 2)
ask("orders between 1 March and 15 March 2024", "SELECT COUNT(*) FROM orders WHERE ordered_at >= '2024-03-01' AND ordered_at < '2024-03-16'", "date_window_absolute", 1,
    ["SELECT {order_id|*} FROM orders WHERE ordered_at >= '2024-03-01' AND ordered_at < '2024-03-16'"])
ask("customers who joined after June 2024", "SELECT " + CUSTOMER + "{|, c.joined_on} FROM customers c WHERE c.joined_on >= '2024-07-01'", "date_window_absolute", 1, ["SELECT COUNT(*) FROM customers WHERE joined_on >= '2024-07-01'"])
ask("revenue per month since october 2024", "SELECT " + month("o.ordered_at") + ", SUM(" + LINE + ") FROM " + ITEMS + " WHERE o.ordered_at >= '2024-10-01' AND " + COUNTED + " GROUP BY strftime('%Y-%m', o.ordered_at)", "group_by_time", 2)
ask("how many orders came in q3 2024", "SELECT COUNT(*) FROM orders WHERE ordered_at >= '2024-07-01' AND ordered_at < '2024-10-01'", "date_window_absolute", 1,
    then=("how many of them were cancelled", "SELECT COUNT(*) FROM orders WHERE ordered_at >= '2024-07-01' AND ordered_at < '2024-10-01' AND status = 'cancelled'"))
ask("show monthly revenue of 2024 with the change to the month before",
    "SELECT " + month("d") + ", {t, t - p|t, 100.0 * (t - p) / p|t, 1.0 * (t - p) / p} FROM (SELECT d, t, LAG(t) OVER (ORDER BY d) AS p FROM (SELECT strftime('%Y-%m-01', o.ordered_at) AS d, SUM(" + LINE + ") AS t FROM " + ITEMS + " WHERE " + COUNTED + "{2=| AND o.ordered_at >= '2024-01-01'} GROUP BY 1)) WHERE d >= '2024-01-01' ORDER BY d",
    "previous_period", 3)
ask("what is the price of the Half-Caf Drift", "SELECT list_price FROM products WHERE product_name = 'Half-Caf Drift'", "exact_code", 1)
ask("email of Paula O'Brien", "SELECT email FROM customers WHERE name = 'Paula O''Brien'", "quoted_text", 1)
ask("how many units of \"Filter Papers 100\" were sold", "SELECT SUM(i.quantity) FROM " + WHOLE + " WHERE p.product_name = 'Filter Papers 100' AND " + COUNTED, "quoted_text", 2)
ask("status of order 5123", "SELECT status FROM orders WHERE order_id = 5123", "exact_code", 1)
ask("what did order 5026 contain?", "SELECT " + PRODUCT + "{, i.quantity|, i.quantity, i.unit_price|} FROM order_items i JOIN products p ON p.product_id = i.product_id WHERE i.order_id = 5026", "exact_code", 2)
ask("how many custmers live in Hambrug", "SELECT COUNT(*) FROM customers WHERE city = 'Hamburg'", "typo_plural", 1)
ask("number of eqipment products", "SELECT COUNT(*) FROM products WHERE category = 'Equipment'", "typo_plural", 1)
ask("list all products in the gifts category sorted by price, cheapest first", "SELECT " + PRODUCT + "{|, p.list_price} FROM products p WHERE p.category = 'Gifts' ORDER BY p.list_price", "list_sorted", 1,
    ["SELECT * FROM products p WHERE p.category = 'Gifts' ORDER BY p.list_price"])
ask("How many orders did each customer in Zurich place, including those with none?", "SELECT " + CUSTOMER + ", COUNT(o.order_id) FROM customers c LEFT JOIN orders o ON o.customer_id = c.customer_id WHERE c.city = 'Zurich' GROUP BY c.customer_id", "zero_groups", 2)
ask("total revenue of customers who returned at least one order", "SELECT SUM(" + LINE + ") FROM " + ITEMS + " WHERE o.customer_id IN (SELECT customer_id FROM orders WHERE status = 'returned') AND " + COUNTED, "sum", 3)
ask("customers who bought both a French Press and a Moka Pot", "SELECT " + CUSTOMER + " FROM customers c WHERE c.customer_id IN (" + BOUGHT + "p.product_name = 'French Press' AND " + COUNTED + ") AND c.customer_id IN (" + BOUGHT + "p.product_name = 'Moka Pot' AND " + COUNTED + ")", "both_and_except", 3)
ask("which order had the highest value and who placed it?", "SELECT o.order_id, {c.name|c.customer_id|c.customer_id, c.name}{|, SUM(" + LINE + ")} FROM " + ITEMS + " JOIN customers c ON c.customer_id = o.customer_id WHERE " + COUNTED + " GROUP BY o.order_id ORDER BY SUM(" + LINE + ") DESC LIMIT 1", "min_max_with_which", 2)
ask("how many orders were not delivered", "SELECT COUNT(*) FROM orders WHERE status <> 'delivered'", "count", 1)
ask("How many orders came in October?", "SELECT COUNT(*) FROM orders WHERE ordered_at >= '2024-10-01' AND ordered_at < '2024-11-01'", "date_window_relative", 2, note="no year: the latest October in the data, said")

ask("which products have Espresso in their name", "SELECT " + PRODUCT + " FROM products p WHERE p.product_name LIKE '%espresso%'", "quoted_text", 1, ["SELECT * FROM products p WHERE p.product_name LIKE '%espresso%'"])
ask("show all products", "SELECT * FROM products", "list_sorted", 1, ["SELECT product_name FROM products"])
ask("How many orders came in on 17 Nov 2024?", "SELECT COUNT(*) FROM orders WHERE date(ordered_at) = '2024-11-17'", "date_window_absolute", 1)
ask("number of orders in 2026", "SELECT COUNT(*) FROM orders WHERE ordered_at >= '2026-01-01' AND ordered_at < '2027-01-01'", "date_window_absolute", 1, note="zero: the orders end on 2024-12-30")
ask("how many products in each category, and what do they cost on average?", "SELECT category, COUNT(*), AVG(list_price) FROM products GROUP BY category", "multi_measure", 1)
ask("customers who never ordered per country, all countries please", "SELECT c.country, SUM(NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.customer_id)) FROM customers c GROUP BY c.country", "zero_groups", 3)
ask("share of revenue from Germany", "SELECT " + percent("SUM(CASE WHEN c.country = 'Germany' THEN " + LINE + " END)", "SUM(" + LINE + ")") + " FROM " + ITEMS + " JOIN customers c ON c.customer_id = o.customer_id WHERE " + COUNTED, "share_percent", 2)
ask("orders from Austria and Switzerland together", "SELECT COUNT(*) FROM orders o JOIN customers c ON c.customer_id = o.customer_id WHERE c.country IN ('Austria', 'Switzerland')", "count", 2)
ask("which customers have an average order value above 150?", "SELECT " + CUSTOMER + "{|, 1.0 * SUM(" + LINE + ") / COUNT(DISTINCT o.order_id)} FROM " + ITEMS + " JOIN customers c ON c.customer_id = o.customer_id WHERE " + COUNTED + " GROUP BY c.customer_id HAVING 1.0 * SUM(" + LINE + ") / COUNT(DISTINCT o.order_id) > 150", "average_per_entity", 3)

ask("how many orders were shipped in December 2024?", "SELECT COUNT(*) FROM orders WHERE shipped_on >= '2024-12-01' AND shipped_on < '2025-01-01'", "date_window_absolute", 2)
ask("customers called freja garcia", "SELECT " + CUSTOMER + " FROM customers c WHERE c.name = 'Freja García'", "typo_plural", 2, ["SELECT COUNT(*) FROM customers WHERE name = 'Freja García'", "SELECT * FROM customers WHERE name = 'Freja García'"])
ask("revenue of each channel as a percentage of the total, 2024 only", "SELECT o.channel, " + percent("SUM(" + LINE + ")", "SUM(SUM(" + LINE + ")) OVER ()") + " FROM " + ITEMS + " WHERE o.ordered_at >= '2024-01-01' AND o.ordered_at < '2025-01-01' AND " + COUNTED + " GROUP BY o.channel", "share_percent", 2)

clarify("who are our 5 best customers?", ["SELECT " + CUSTOMER + " FROM customers c JOIN orders o ON o.customer_id = c.customer_id JOIN order_items i ON i.order_id = o.order_id GROUP BY c.customer_id ORDER BY SUM(" + LINE + ") DESC LIMIT 5",
        "SELECT " + CUSTOMER + " FROM customers c JOIN orders o ON o.customer_id = c.customer_id GROUP BY c.customer_id ORDER BY COUNT(*) DESC LIMIT 5"], "ambiguous", "by revenue or by number of orders")
clarify("sales by category", ["SELECT p.category, SUM(" + LINE + ") FROM " + WHOLE + " WHERE " + COUNTED + " GROUP BY p.category", "SELECT p.category, SUM(i.quantity) FROM " + WHOLE + " WHERE " + COUNTED + " GROUP BY p.category"],
        "ambiguous", "money or units")
clarify("How many customers did we have in 2023?", ["SELECT COUNT(*) FROM customers WHERE joined_on >= '2023-01-01' AND joined_on < '2024-01-01'", "SELECT COUNT(DISTINCT customer_id) FROM orders WHERE ordered_at < '2024-01-01'"],
        "ambiguous", "joined in 2023 (which is also all by its end), or ordered in 2023")
clarify("what are the 5 most popular products", ["SELECT " + PRODUCT + " FROM " + WHOLE + " GROUP BY p.product_id ORDER BY SUM(i.quantity) DESC LIMIT 5", "SELECT " + PRODUCT + " FROM " + WHOLE + " GROUP BY p.product_id ORDER BY COUNT(DISTINCT o.order_id) DESC LIMIT 5"],
        "ambiguous", "by units or by orders")

clarify("orders on 03/04/2024", ["SELECT COUNT(*) FROM orders WHERE date(ordered_at) = '2024-04-03'", "SELECT COUNT(*) FROM orders WHERE date(ordered_at) = '2024-03-04'"], "ambiguous", "3 April or 4 March")

abstain("what is our profit margin per product", "unknown_word", "no costs are stored")
abstain("average customer age", "unknown_word", "no age or birth date")
abstain("how many orders were shipped with DHL?", "unknown_word", "no carrier is stored")
abstain("how many customers are from Norway?", "unknown_value", "no customer is from Norway: it is said, with the countries there are")
abstain("price of the Harbor Blend Decaf 500g", "unknown_value", "no such product; the nearest are Harbour Espresso and Decaf Peru")
abstain("delete all cancelled orders", "change_request", "only reading is possible")
abstain("Wie viele Bestellungen gab es im Jahr 2024?", "other_language", "German; a model may answer it, the built-in engine says that it does not read it", language="de")
abstain("Top 3 Kunden nach Umsatz", "other_language", "German; a model may answer it, the built-in engine says that it does not read it", language="de")
abstain("每个城市有多少客户？", "other_language", "Chinese; a model may answer it, the built-in engine says that it does not read it", language="zh")
abstain("what will revenue be next quarter?", "unknown_word", "a forecast, not in the data")
