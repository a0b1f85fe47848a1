#pragma once
#include <hdf5.h>

/* What Swift cannot import from hdf5.h: macros that cast, or that first call H5open(). */

#define CH5_IDENTIFIER(name, macro) static inline hid_t name(void) { return (macro); }

/* Little-endian, as numbers are in memory on the processors that this project runs on. */
CH5_IDENTIFIER(ch5_float32, H5T_IEEE_F32LE)
CH5_IDENTIFIER(ch5_float64, H5T_IEEE_F64LE)
CH5_IDENTIFIER(ch5_int32, H5T_STD_I32LE)
CH5_IDENTIFIER(ch5_int64, H5T_STD_I64LE)
CH5_IDENTIFIER(ch5_uint8, H5T_STD_U8LE)
CH5_IDENTIFIER(ch5_string, H5T_C_S1)

CH5_IDENTIFIER(ch5_class_file_create, H5P_FILE_CREATE)
CH5_IDENTIFIER(ch5_class_file_access, H5P_FILE_ACCESS)
CH5_IDENTIFIER(ch5_class_group_create, H5P_GROUP_CREATE)
CH5_IDENTIFIER(ch5_class_dataset_create, H5P_DATASET_CREATE)
CH5_IDENTIFIER(ch5_default, H5P_DEFAULT)
CH5_IDENTIFIER(ch5_all, H5S_ALL)
CH5_IDENTIFIER(ch5_error_stack, H5E_DEFAULT)

static const unsigned ch5_read_only = 0x0000u;    /* H5F_ACC_RDONLY */
static const unsigned ch5_create_new = 0x0004u;   /* H5F_ACC_EXCL */

/* Makes a string type one of variable length (H5T_VARIABLE). */
static inline herr_t ch5_set_variable_size(hid_t type) { return H5Tset_size(type, H5T_VARIABLE); }

/*
 * From now on the library follows no link into another file (external links are user-defined class 64), and loads no
 * plug-in: for a filter that it does not know it would load whatever HDF5_PLUGIN_PATH or its own folder offers.
 */
static inline void ch5_stay_inside(void) {
  H5Lunregister(H5L_TYPE_EXTERNAL);
  H5PLset_loading_state(0);
}

/* Whether a link leads to another file, or to wherever a plug-in says. */
static inline int ch5_leads_outside(hid_t file, const char *path) {
  H5L_info_t info;
  return H5Lget_info(file, path, &info, H5P_DEFAULT) >= 0 && info.type != H5L_TYPE_HARD &&
         info.type != H5L_TYPE_SOFT;
}

/* Where an object is in its file: the same for all of its links. */
static inline herr_t ch5_address(hid_t object, haddr_t *address) {
  H5O_info_t info;
  herr_t status = H5Oget_info(object, &info);
  if (status >= 0) *address = info.addr;
  return status;
}

/* Visits the links of a group in the order of storage: a function in library 1.10, a macro in later ones. */
static inline herr_t ch5_iterate_links(hid_t group, H5L_iterate_t visit, void *data) {
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, visit, data);
}

/*
 * To be called before anything else of the library. It prints its error stack unless told not to, once in every
 * thread. At the process's exit it would close what is open, and crash on a file that could not be closed because the
 * disk is full; this project closes its files itself.
 */
static inline void ch5_prepare(void) {
  H5dont_atexit();
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}
