internal import Foundation
internal import Spelling

/// Prints a text to standard output, or to standard error, and a line break if it does not end with one; characters that a terminal would
/// obey are shown instead.
///
/// - Throws: `OutputError` if not all of it could be written: a program whose answer is lost has failed.
package func show(_ text: String, isError: Bool = false) throws {
  let text = printable(text)
  var bytes = Array((text.hasSuffix("\n") ? text : text + "\n").utf8)[...]
  while !bytes.isEmpty {
    let count = bytes.withUnsafeBytes {
      write(isError ? STDERR_FILENO : STDOUT_FILENO, $0.baseAddress, $0.count)
    }
    if count >= 0 {
      bytes = bytes.dropFirst(count)
    } else if errno != EINTR {
      throw OutputError(
        file: isError ? "standard error" : "standard output", reason: String(cString: strerror(errno)))
    }
  }
}
