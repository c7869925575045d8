-- Which content is in this object, as far as anybody used it?
SELECT content FROM content_of WHERE object = ?1
