#pragma once

#include <mujoco/mujoco.h>

// MuJoCo reports faults through one process-wide function pointer, and exits the process if it returns or is unset.
// Swift can neither set that pointer (mutable global state) nor leave a C call through it. Each function below
// makes one engine call; a fault ends the call, not the process, and leaves its text in cmujoco_message(). The compiler
// of models is the exception: it is C++, which must not be left by a jump, so a fault there ends the process with one
// line and status 70.
//
// A fault leaves the mjData it happened in half-way through a computation: reset it before any other use.

// The text of the calling thread's last fault, or of the last failed load.
const char *cmujoco_message(void);

// mj_loadXML; NULL if the compiler refuses the file.
mjModel *cmujoco_load_xml(const char *path);

// mj_copyModel; NULL on failure.
mjModel *cmujoco_copy_model(const mjModel *source);

// mj_makeData; NULL on failure.
mjData *cmujoco_make_data(const mjModel *model);

// The functions below return 0, or 1 on failure.

// mj_resetData.
int cmujoco_reset_data(const mjModel *model, mjData *data);

// mj_forward.
int cmujoco_forward(const mjModel *model, mjData *data);

// mj_step, `count` times.
int cmujoco_step(const mjModel *model, mjData *data, int count);

// mj_stateSize of mjSTATE_INTEGRATION: all that the next steps depend on, the solver's warm start included.
int cmujoco_snapshot_size(const mjModel *model);

// mj_getState and mj_setState of mjSTATE_INTEGRATION. (They abort the process only for a wrong specification.)
void cmujoco_get_snapshot(const mjModel *model, const mjData *data, double *snapshot);
void cmujoco_set_snapshot(const mjModel *model, mjData *data, const double *snapshot);

// mj_setConst.
int cmujoco_set_const(mjModel *model, mjData *data);

// mju_error: a fault on purpose, for tests; as if in the compilation of `model`, unless that is NULL.
int cmujoco_raise(const char *text, const char *model);

// How many times since the last reset the simulation ceased to be sound: it met a position, velocity, acceleration or
// control that is not a number or beyond 1e10, or had no room for a contact or constraint and dropped it. (Here
// because Swift imports mjData's array of warnings as a tuple.)
int cmujoco_instability_count(const mjData *data);
