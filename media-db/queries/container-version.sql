-- Is it a container, and when did its content change last?
SELECT kind, update_id FROM object WHERE id = ?1
