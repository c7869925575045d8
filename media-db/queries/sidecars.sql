-- Which files lie beside others in this folder?
SELECT kind, name, size_bytes, modified_ns FROM sidecar WHERE folder = ?1
