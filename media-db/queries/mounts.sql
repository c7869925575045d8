-- Which folders are disks of their own?
SELECT id FROM folder WHERE is_mount = 1
