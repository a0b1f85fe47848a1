internal import Foundation
internal import Spelling

/// Writes a small UTF-8 file whole or not at all: under a name of this process's own beside it, then flushed to the disk and
/// renamed. The folders above it are made.
///
/// - Throws: `ProgramError.output` with the system's reason; what was at `path` is as it was, and nothing else is left.
package func writeSmallFile(_ text: String, to path: String) throws(ProgramError) {
  try makeFolder((path as NSString).deletingLastPathComponent, for: path)
  let part = "\(path).\(getpid()).part"
  let descriptor = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
  guard descriptor >= 0 else { throw .output(path, errno) }
  var reason = writeAll(text, to: descriptor)
  if reason == 0, fsync(descriptor) != 0, errno != EINVAL { reason = errno }
  // Some file systems report a full disk no sooner.
  if close(descriptor) != 0, reason == 0 { reason = errno }
  if reason == 0, rename(part, path) != 0 { reason = errno }
  guard reason == 0 else {
    unlink(part)
    throw .output(path, reason)
  }
}

/// Checks that an artifact would not take the place of an input.
///
/// - Throws: `ProgramError.usage`.
func requireOutput(_ output: String, apartFrom inputs: [String]) throws {
  let place = URL(fileURLWithPath: output).resolvingSymlinksInPath()
  for input in inputs where URL(fileURLWithPath: input).resolvingSymlinksInPath() == place {
    throw ProgramError.usage("\(output) is an input too; give --output another name")
  }
}

/// Makes a folder and those above it, for the sake of a file.
private func makeFolder(_ folder: String, for file: String) throws(ProgramError) {
  guard !folder.isEmpty, mkdir(folder, 0o777) != 0 else { return }
  let reason = errno
  var status = stat()
  if stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
  guard reason == ENOENT else { throw .output(file, reason == EEXIST ? ENOTDIR : reason) }
  try makeFolder((folder as NSString).deletingLastPathComponent, for: file)
  guard mkdir(folder, 0o777) == 0 || errno == EEXIST else { throw .output(file, errno) }
}

/// Prints a text to standard output, or to standard error, and a line break if it does not end with one; characters
/// that a terminal would obey are shown instead.
///
/// - Throws: `ProgramError.output` if not all of it could be written: a program whose answer is lost has failed.
package func show(_ text: String, isError: Bool = false) throws {
  let text = printable(text)
  let reason = writeAll(
    text.hasSuffix("\n") ? text : text + "\n", to: isError ? STDERR_FILENO : STDOUT_FILENO)
  guard reason == 0 else {
    throw ProgramError.output(isError ? "standard error" : "standard output", reason)
  }
}

/// Writes a text as UTF-8.
///
/// - Returns: 0, or the error number of the write that failed.
private func writeAll(_ text: String, to descriptor: Int32) -> Int32 {
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count > 0 {
      bytes = bytes.dropFirst(count)
    } else if count == 0 || errno != EINTR {
      return count == 0 ? ENOSPC : errno
    }
  }
  return 0
}
