-- Which files of this folder have tags that are octets?
SELECT c.id, c.facts, o.name FROM octets c JOIN object o ON o.id = c.id
WHERE c.folder = ?1 LIMIT 20000
