/* error.c -- the error domain that all rooms share */
#include "base/error.h"

G_DEFINE_QUARK(duo-error, duo_error)
