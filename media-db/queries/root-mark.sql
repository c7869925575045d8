-- Remembers which disk this is.
UPDATE folder SET mark = ?2 WHERE id = ?1
