-- How many does a container show, and is it a group?
SELECT child_count, name IS NULL AND id > 999 FROM object WHERE id = ?1
