-- Shows it there no more.
DELETE FROM child WHERE parent = ?1 AND position = ?2 AND id = ?3
