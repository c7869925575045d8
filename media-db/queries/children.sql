-- Which objects does a container show, in its own order?
SELECT id FROM child WHERE parent = ?1 ORDER BY position, id
