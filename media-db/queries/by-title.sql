-- Which objects are there, by title? Asked until a page is full.
SELECT id FROM object ORDER BY sort_key, id
