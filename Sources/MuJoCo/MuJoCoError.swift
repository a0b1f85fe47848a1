internal import CMuJoCoShim

/// A call of the physics engine that failed.
package enum MuJoCoError: Error, Equatable, CustomStringConvertible {
  /// An engine function failed: its name, what it was working on, and the engine's own message.
  case engine(call: String, subject: String, message: String)

  /// The library found at run time is not of the version that the package was built with.
  case version(library: Int, header: Int)

  /// A model has no element of this kind and name.
  case unknownName(kind: String, name: String, model: String)

  package var description: String {
    switch self {
    case .engine(let call, let subject, let message):
      "\(call) failed on \(subject): \(message.isEmpty ? "no reason given" : message)"
    case .version(let library, let header):
      "libmujoco is version \(library) but the program was built for \(header); run `make setup` and build again"
    case .unknownName(let kind, let name, let model):
      "the model \(model) has no \(kind) named \"\(name)\""
    }
  }

  /// The error of an engine call that has just failed on this thread; the engine's message in one line.
  static func last(_ call: String, on subject: String) -> MuJoCoError {
    let lines = String(cString: cmujoco_message()).split(separator: "\n")
    let message = lines.map { String($0.drop(while: \.isWhitespace)) }.joined(separator: "; ")
    return .engine(call: call, subject: subject, message: message)
  }
}

/// Lifts the status of an engine call, which is not 0 after a fault, into an error that names call and subject.
@inline(__always)
func check(_ status: Int32, _ call: StaticString, on subject: @autoclosure () -> String) throws(MuJoCoError) {
  if status != 0 { throw .last(call.description, on: subject()) }
}

/// Raises an engine fault on purpose, to show that it arrives as an error, or that it is fatal. The corresponding C
/// function is `mju_error`.
///
/// - Parameter model: the file that the engine is to believe it compiles; nil for none.
package func raiseEngineFault(_ message: String, whileCompiling model: String? = nil) throws(MuJoCoError) {
  try check(cmujoco_raise(message, model), "mju_error", on: "no model")
}
