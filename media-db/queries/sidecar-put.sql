-- Keeps that a file lies beside others.
INSERT OR REPLACE INTO sidecar(folder, kind, name, size_bytes, modified_ns)
VALUES (?1, ?2, ?3, ?4, ?5)
