-- Which group has that label?
SELECT id FROM object WHERE parent = ?1 AND label = ?2 AND artist IS ?3 AND name IS NULL
