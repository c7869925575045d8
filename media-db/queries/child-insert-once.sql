-- Shows an object in a container, if it is not shown there already.
INSERT OR IGNORE INTO child(parent, position, id) VALUES (?1, ?2, ?3)
