-- Remembers which kinds of items lie in a folder or below.
UPDATE folder SET kinds = ?2 WHERE id = ?1
