-- Forgets the octets of tags.
DELETE FROM octets WHERE id = ?1
