/* worker-twin.h -- a worker makes another of itself */
#pragma once

#include <stdbool.h>

/* As fork(), but the new process is a child of our parent, who waits for it and whose end is its
 * own. True: it is us who are new. Only where no other thread runs; where the kernel cannot
 * (Linux before 5.3) there is none. */
bool worker_twin(void);
