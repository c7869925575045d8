-- The third step: all objects in the order of their titles, and those of one class.

CREATE INDEX object_title ON object(sort_key);
CREATE INDEX object_class ON object(class);
