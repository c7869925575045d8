-- Where is this folder?
SELECT path, root, is_online, is_mount, mark FROM folder WHERE id = ?1
