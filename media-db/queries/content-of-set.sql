-- An object holds this content.
INSERT OR REPLACE INTO content_of(object, content) VALUES (?1, ?2)
