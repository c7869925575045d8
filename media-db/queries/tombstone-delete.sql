-- It is back, or forgotten for good.
DELETE FROM tombstone WHERE id = ?1
