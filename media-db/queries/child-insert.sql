-- Shows an object in a container.
INSERT INTO child(parent, position, id) VALUES (?1, ?2, ?3)
