-- Which files of this folder have tags that are octets?
SELECT id, facts FROM octets WHERE folder = ?1 LIMIT 20000
