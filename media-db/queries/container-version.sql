-- Is it a container, and when did its content change last, how much is in it?
SELECT kind, update_id, child_count FROM object WHERE id = ?1
