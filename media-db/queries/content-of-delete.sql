-- An object is gone; what was done with it is not.
DELETE FROM content_of WHERE object = ?1
