-- Gives a folder another path.
UPDATE folder SET path = ?2, root = ?3 WHERE id = ?1
