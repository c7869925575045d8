-- Which files in this folder are of this kind and begin with this name?
SELECT name, size_bytes, modified_ns FROM sidecar WHERE folder = ?1 AND kind = ?2 AND name >= ?3 AND name < ?4
