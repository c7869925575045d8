-- The file whose tags are octets lies in another folder.
UPDATE octets SET folder = ?2 WHERE id = ?1
