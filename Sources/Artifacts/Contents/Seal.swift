internal import Digest
internal import Foundation
internal import HDF5

/// What proves that an artifact's bytes are those that were written: a line with the SHA-256 of the file from byte 512
/// on, in the first 512 bytes (HDF5's user block), padded with zero bytes.
///
/// It is checked before the HDF5 library sees the file, because library 1.10 crashes on some damaged files, and
/// because a flipped bit of a small dataset would otherwise be a number like any other. Files from elsewhere have none.
enum Seal {
  /// The length of the user block in bytes.
  static let size = 512

  private static let start = "policygradex artifact, sha256 of what follows byte 512: "

  /// Seals a closed file that begins with an empty user block.
  ///
  /// - Throws: `FileError` if the file cannot be read or written.
  static func write(to path: String) throws(FileError) {
    let block = block(try SHA256.digest(ofFile: path, from: size))
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path, errno) }
    defer { close(descriptor) }
    let count = block.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    guard count == block.count else { throw FileError(path, count < 0 ? errno : ENOSPC) }
  }

  /// Checks that a regular file is HDF5 from its first byte on, as files from elsewhere are, or sealed and whole.
  ///
  /// - Throws: `ArtifactError.damaged` if the bytes are not those that were sealed, `.notHDF5`, or `.unreadable` if they
  ///   cannot be read.
  static func check(_ path: String) throws(ArtifactError) {
    let found = try firstBlock(of: path)
    if found.starts(with: signature) { return }
    guard found.starts(with: start.utf8) else {
      guard HDF5File.isHDF5(path) else { throw .notHDF5(file: path) }
      throw .damaged(file: path, reason: "its first \(size) bytes are no seal")
    }
    guard found == block(try digest(ofFile: path, from: size)) else {
      throw .damaged(file: path, reason: "its bytes do not have the SHA-256 that they were written with")
    }
  }

  /// The SHA-256 that a file's seal gives for what follows it, as 64 hexadecimal digits; nil for a file without a seal.
  ///
  /// `check` finds out whether it is right.
  ///
  /// - Throws: `ArtifactError.unreadable`.
  static func digest(in path: String) throws(ArtifactError) -> String? {
    let found = try firstBlock(of: path)
    let digest = String(decoding: found.dropFirst(start.utf8.count).prefix(64), as: UTF8.self)
    return found == block(digest) ? digest : nil
  }

  /// The SHA-256 of a file's bytes from an offset on, as 64 hexadecimal digits.
  ///
  /// - Throws: `ArtifactError.unreadable`.
  static func digest(ofFile path: String, from offset: Int = 0) throws(ArtifactError) -> String {
    do {
      return try SHA256.digest(ofFile: path, from: offset)
    } catch {
      throw .unreadable(file: path, reason: error.reason)
    }
  }

  /// The first `size` bytes of a file, zero where it ends before.
  private static func firstBlock(of path: String) throws(ArtifactError) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: size)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(file: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    let count = block.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard count >= 0 else { throw .unreadable(file: path, reason: String(cString: strerror(errno))) }
    return block
  }

  /// What HDF5 begins with.
  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  private static func block(_ digest: String) -> [UInt8] {
    let text = Array("\(start)\(digest)\n".utf8)
    return text + [UInt8](repeating: 0, count: max(0, size - text.count))
  }
}
