-- A song is a part of this file.
UPDATE object SET file = ?2 WHERE id = ?1
