-- The thirteenth step: what lies on a disk is found at once, for those who may not see it (sight.h).
CREATE INDEX folder_root ON folder(root);
