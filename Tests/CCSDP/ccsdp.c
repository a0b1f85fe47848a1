#include "ccsdp.h"
