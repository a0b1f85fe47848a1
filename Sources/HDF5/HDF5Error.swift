internal import CHDF5

/// A call of the HDF5 library that failed: which call, on which of our objects, and why.
package struct HDF5Error: Error, Equatable, CustomStringConvertible {
  /// The C function, such as "H5Dopen2".
  package let call: String

  /// The object it was called for: the file, and the path inside it where there is one ("runs/a.h5: /affinity").
  package let object: String

  /// The library's error stack, outermost function first, or this module's own reason.
  package let stack: [String]

  /// One sentence, then the library's stack, indented.
  package var description: String {
    (["\(object): \(call) failed"] + stack.map { "  " + $0 }).joined(separator: "\n")
  }

  /// What went wrong, in one phrase: the operating system's message if it has one ("No space left on device"), else
  /// the innermost line of the library's stack.
  package var reason: String {
    let innermost = stack.last ?? "\(call) failed"
    guard let start = innermost.firstRange(of: "error message = '")?.upperBound else { return innermost }
    return String(innermost[start...].prefix { $0 != "'" })
  }
}

/// Runs one call of the C function named `call` on what we name `object`, and returns its status or identifier; a
/// negative one becomes an `HDF5Error` that carries the library's error stack.
@discardableResult
func checked<Status: SignedInteger & Sendable>(
  _ call: StaticString, _ object: @autoclosure () -> String, _ body: () -> Status
) throws(HDF5Error) -> Status {
  ch5_prepare()
  let status = body()
  guard status < 0 else { return status }
  throw HDF5Error(call: "\(call)", object: object(), stack: errorStack())
}

/// This thread's HDF5 error stack as lines "function: description", outermost function first.
private func errorStack() -> [String] {
  var lines: [String] = []
  _ = withUnsafeMutablePointer(to: &lines) { lines in
    H5Ewalk2(
      ch5_error_stack(), H5E_WALK_DOWNWARD,
      { _, entry, lines in
        guard let entry = entry?.pointee, let lines else { return 0 }
        let function = entry.func_name.map { String(cString: $0) } ?? "HDF5"
        let description = entry.desc.map { String(cString: $0) } ?? "no description"
        // Some descriptions hold the output of ctime(), which ends with a newline.
        let line = description.split(whereSeparator: \.isNewline).joined()
        lines.assumingMemoryBound(to: [String].self).pointee.append("\(function): \(line)")
        return 0
      }, lines)
  }
  return lines
}
