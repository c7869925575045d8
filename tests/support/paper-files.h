/* paper-files.h -- a FileTree without a disk: one empty root, and the codes for all else */
#pragma once

#include "model/file-tree.h"

extern FileTree paper_files;
