-- Forgets some of what was removed before then.
DELETE FROM tombstone WHERE id IN (SELECT id FROM tombstone WHERE removed_s < ?1 LIMIT 1000)
