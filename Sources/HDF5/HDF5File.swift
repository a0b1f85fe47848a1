internal import CHDF5
internal import Foundation

/// An open HDF5 file. Objects in it are named by their absolute path, such as "/curve/return".
///
/// The file is closed at the end of the owner's life; a writer calls `close` to learn whether all bytes arrived.
/// Files are made so that equal contents give equal bytes: no object times, fixed format bounds (library 1.8 to
/// 1.10), little-endian types. The library is the serial build: a file belongs to one thread at a time.
package struct HDF5File: ~Copyable {
  /// Where the file is.
  package let path: String

  let handle: Handle

  /// The most bytes that the elements of one dataset may need: what deflate can make of the file (1032 to 1) and
  /// 64 MiB for what is not stored at all, but no more than the machine's memory. A damaged or hostile file may
  /// claim any shape.
  let elementByteLimit: Int

  /// Opens an existing file for reading. The corresponding C function is `H5Fopen`.
  ///
  /// No lock is taken, so that files on read-only and on network file systems open too; that is safe for files that
  /// appear complete, by renaming.
  package init(reading path: String) throws(HDF5Error) {
    let access = try Self.accessList(path)
    ch5_stay_inside()
    let opened = try Handle(.file, "H5Fopen", path) { H5Fopen(path, ch5_read_only, access.id) }
    var size: hsize_t = 0
    try checked("H5Fget_filesize", path) { H5Fget_filesize(opened.id, &size) }
    // Far above any disk, and far below where the product overflows.
    let inflated = 1032 * Int(min(size, 1 << 50)) + 64 << 20
    handle = opened
    elementByteLimit = min(inflated, Int(clamping: ProcessInfo.processInfo.physicalMemory))
    self.path = path
  }

  /// Makes a new file. The corresponding C function is `H5Fcreate` with `H5F_ACC_EXCL`.
  ///
  /// - Parameter userBlock: bytes at the start of the file that HDF5 leaves alone: 0, or a power of two from 512 on.
  /// - Throws: `HDF5Error` if something is there already, or the folder cannot be written.
  package init(creating path: String, userBlock: Int = 0) throws(HDF5Error) {
    let access = try Self.accessList(path)
    let creation = try Handle(.propertyList, "H5Pcreate", path) { H5Pcreate(ch5_class_file_create()) }
    try checked("H5Pset_obj_track_times", path) { H5Pset_obj_track_times(creation.id, false) }
    try checked("H5Pset_userblock", path) { H5Pset_userblock(creation.id, hsize_t(userBlock)) }
    handle = try Handle(.file, "H5Fcreate", path) {
      H5Fcreate(path, ch5_create_new, creation.id, access.id)
    }
    elementByteLimit = .max
    self.path = path
  }

  /// Whether the file at `path` carries the HDF5 signature; false too if it cannot be read.
  /// The corresponding C function is `H5Fis_hdf5`.
  package static func isHDF5(_ path: String) -> Bool {
    ch5_prepare()
    return H5Fis_hdf5(path) > 0
  }

  /// The version of the library, such as "1.10.8". The corresponding C function is `H5get_libversion`.
  package static var libraryVersion: String {
    ch5_prepare()
    var version: (major: UInt32, minor: UInt32, release: UInt32) = (0, 0, 0)
    _ = H5get_libversion(&version.major, &version.minor, &version.release)
    return "\(version.major).\(version.minor).\(version.release)"
  }

  /// Writes what the library still holds and closes the file.
  ///
  /// - Throws: `HDF5Error` if bytes could not be written, or if an object of the file is still open.
  package consuming func close() throws(HDF5Error) {
    let path = self.path
    try checked("H5Fflush", path) { H5Fflush(handle.id, H5F_SCOPE_GLOBAL) }
    try handle.close(path)
  }

  /// Our name for an object of this file in error messages.
  func name(_ object: String) -> String { "\(path): \(object)" }

  private static func accessList(_ path: String) throws(HDF5Error) -> Handle {
    let access = try Handle(.propertyList, "H5Pcreate", path) { H5Pcreate(ch5_class_file_access()) }
    try checked("H5Pset_libver_bounds", path) {
      H5Pset_libver_bounds(access.id, H5F_LIBVER_V18, H5F_LIBVER_V110)
    }
    try checked("H5Pset_fclose_degree", path) { H5Pset_fclose_degree(access.id, H5F_CLOSE_SEMI) }
    try checked("H5Pset_file_locking", path) { H5Pset_file_locking(access.id, false, true) }
    return access
  }
}

@available(*, unavailable)
extension HDF5File: Sendable {}
