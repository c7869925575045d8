-- Forgets an object.
DELETE FROM object WHERE id = ?1
