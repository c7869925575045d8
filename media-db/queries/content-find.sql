-- Did anybody use something of this size, or just this?
SELECT id FROM content WHERE size_bytes = ?1 AND (?2 IS NULL OR digest = ?2) LIMIT 1
