-- Which songs came last? Ids grow. A file of several songs is not one.
SELECT o.id FROM object o WHERE o.class = 6 AND o.unreadable IS NULL
       AND NOT EXISTS (SELECT 1 FROM object p WHERE p.file = o.id) ORDER BY o.id DESC LIMIT 500
