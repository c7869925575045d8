-- Is there one film in this folder, or more?
SELECT 1 FROM object WHERE parent = ?1 AND name IS NOT NULL AND kind = 2 LIMIT 2
