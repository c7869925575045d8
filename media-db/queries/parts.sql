-- Which songs lie in this file?
SELECT id, track FROM object WHERE file = ?1
