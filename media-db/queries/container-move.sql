-- Gives a folder another place and name.
UPDATE object SET parent = ?2, name = ?3, label = ?4, sort_key = ?5 WHERE id = ?1
