-- Is this root there?
UPDATE folder SET is_online = ?2, is_mount = ?3 WHERE id = ?1
