-- Which objects does a container show, in its own order? The first so many (-1: all).
SELECT id FROM child WHERE parent = ?1 ORDER BY position, id LIMIT ?2
