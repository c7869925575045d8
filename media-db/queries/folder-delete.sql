-- Forgets where a folder was.
DELETE FROM folder WHERE id = ?1
