-- The content of a container changed.
UPDATE object SET child_count = child_count + ?2, update_id = ?3 WHERE id = ?1
