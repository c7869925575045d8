-- Where is this folder?
SELECT path, root, is_online, is_mount FROM folder WHERE id = ?1
