#include "CMuJoCoShim.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

static _Thread_local jmp_buf *recovery;
static _Thread_local const char *compiling;  // the file whose model this thread compiles
static _Thread_local char message[1024];

static void on_error(const char *text) {
  snprintf(message, sizeof message, "%s", text);
  if (compiling) {
    for (char *c = message; *c; c++) {
      if (*c == '\n') *c = ' ';
    }
    // Frames of C++ lie below: neither jumping over them nor returning into them is sound.
    fprintf(stderr, "MuJoCo failed while it compiled %s, and cannot go on: %s\n", compiling, message);
    _Exit(70);
  }
  if (recovery) {
    longjmp(*recovery, 1);
  }
  // Only a call made past this file gets here; returning would let the engine go on after its own fault.
  fprintf(stderr, "MuJoCo: %s\n", text);
  abort();
}

// Warnings are counted in mjData; the engine's own handler would append them to MUJOCO_LOG.TXT in the working folder.
static void on_warning(const char *text) { (void)text; }

__attribute__((constructor)) static void install_handlers(void) {
  mju_user_error = on_error;
  mju_user_warning = on_warning;
}

// Runs `call` with this thread's recovery point set; `failed` is then 0, or 1 after a fault.
// Only C frames of the engine lie between the fault and the recovery point.
#define GUARD(call)                \
  jmp_buf here;                    \
  jmp_buf *const outer = recovery; \
  volatile int failed = 0;         \
  recovery = &here;                \
  if (setjmp(here) == 0) {         \
    call;                          \
  } else {                         \
    failed = 1;                    \
  }                                \
  recovery = outer;

const char *cmujoco_message(void) { return message; }

mjModel *cmujoco_load_xml(const char *path) {
  message[0] = 0;
  compiling = path;
  mjModel *model = mj_loadXML(path, NULL, message, sizeof message);
  compiling = NULL;
  return model;
}

mjModel *cmujoco_copy_model(const mjModel *source) {
  mjModel *volatile model = NULL;
  message[0] = 0;
  GUARD(model = mj_copyModel(NULL, source))
  return failed ? NULL : model;
}

mjData *cmujoco_make_data(const mjModel *model) {
  mjData *volatile data = NULL;
  message[0] = 0;
  GUARD(data = mj_makeData(model))
  return failed ? NULL : data;
}

int cmujoco_reset_data(const mjModel *model, mjData *data) {
  GUARD(mj_resetData(model, data))
  return failed;
}

int cmujoco_forward(const mjModel *model, mjData *data) {
  GUARD(mj_forward(model, data))
  return failed;
}

int cmujoco_step(const mjModel *model, mjData *data, int count) {
  GUARD(for (int step = 0; step < count; step++) mj_step(model, data))
  return failed;
}

int cmujoco_snapshot_size(const mjModel *model) { return mj_stateSize(model, mjSTATE_INTEGRATION); }

void cmujoco_get_snapshot(const mjModel *model, const mjData *data, double *snapshot) {
  mj_getState(model, data, snapshot, mjSTATE_INTEGRATION);
}

void cmujoco_set_snapshot(const mjModel *model, mjData *data, const double *snapshot) {
  mj_setState(model, data, snapshot, mjSTATE_INTEGRATION);
}

int cmujoco_set_const(mjModel *model, mjData *data) {
  GUARD(mj_setConst(model, data))
  return failed;
}

int cmujoco_raise(const char *text, const char *model) {
  compiling = model;
  GUARD(mju_error("%s", text))
  compiling = NULL;
  return failed;
}

int cmujoco_instability_count(const mjData *data) {
  const int causes[] = {mjWARN_CONTACTFULL, mjWARN_CNSTRFULL, mjWARN_BADQPOS,
                        mjWARN_BADQVEL,     mjWARN_BADQACC,   mjWARN_BADCTRL};
  int count = 0;
  for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
    count += data->warning[causes[i]].number;
  }
  return count;
}
