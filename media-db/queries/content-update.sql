-- The file was changed, and is what it was.
UPDATE OR IGNORE content SET size_bytes = ?2, digest = ?3 WHERE id = ?1
