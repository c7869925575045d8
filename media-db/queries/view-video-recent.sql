-- Which videos came last? Ids grow.
SELECT id FROM object WHERE class = 7 AND unreadable IS NULL ORDER BY id DESC LIMIT 500
