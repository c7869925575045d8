-- Which folder is this?
SELECT id FROM folder WHERE path = ?1
