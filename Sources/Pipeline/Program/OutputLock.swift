internal import Foundation

/// Keeps an artifact for the process that makes it: a second process that would make the same file is refused. Lasts as
/// long as the owner.
///
/// The lock is the kernel's (`flock`), on a file beside the artifact that also says who holds it. It ends with the
/// process however that ends, so what a killed process leaves behind holds nobody up.
final class OutputLock: Sendable {
  /// The lock's file, hidden beside the artifact.
  let path: String

  private let descriptor: Int32

  /// Takes the lock of the artifact at a path.
  ///
  /// - Throws: `ProgramError.held` if another process has it, `.output` if the file cannot be made.
  init(output: String) throws {
    path = Self.path(of: output)
    while true {
      // O_NOFOLLOW: through a link at this place, another file would be emptied.
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
      guard descriptor >= 0 else { throw ProgramError.output(path, errno) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let reason = errno
        let holder = Self.text(of: descriptor)
        close(descriptor)
        guard reason == EWOULDBLOCK else { throw ProgramError.output(path, reason) }
        throw ProgramError.held(output: output, by: holder ?? "another process")
      }
      // If the file has a holder's name but is not at the path, that holder has just ended and removed it: try the next
      // file. If it has no name, somebody else removed it, perhaps with its folder; writing the artifact will tell.
      if Self.text(of: descriptor) != nil, !Self.isSameFile(descriptor, path) {
        close(descriptor)
        continue
      }
      let holder = "process \(getpid()) on \(ProcessInfo.processInfo.hostName)"
      ftruncate(descriptor, 0)
      _ = Array(holder.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      self.descriptor = descriptor
      return
    }
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  /// Where the lock of an artifact is.
  static func path(of output: String) -> String {
    let folder = (output as NSString).deletingLastPathComponent
    let name = ".\((output as NSString).lastPathComponent).lock"
    return folder.isEmpty ? name : (folder as NSString).appendingPathComponent(name)
  }

  /// Who holds the lock, or has held it; nil if nobody has.
  private static func text(of descriptor: Int32) -> String? {
    var bytes = [UInt8](repeating: 0, count: 200)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
  }

  private static func isSameFile(_ descriptor: Int32, _ path: String) -> Bool {
    var opened = stat()
    var named = stat()
    return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino
      && opened.st_dev == named.st_dev
  }
}
