/// Why an artifact cannot be read or written; printed as one line that names file, object, expected and found.
package enum ArtifactError: Error, Equatable, CustomStringConvertible {
  /// The file is not there, or cannot be opened for the reason given.
  case unreadable(file: String, reason: String)

  /// The file is there but is not HDF5.
  case notHDF5(file: String)

  /// The file begins like HDF5, but is cut off or damaged.
  case damaged(file: String, reason: String)

  /// The file is not of the schema that was asked for; `found` is nil if it is no artifact of this project.
  case wrongSchema(file: String, expected: String?, found: String?)

  /// An object in the file (dataset or attribute) is missing or is not what the schema says.
  case mismatch(file: String, object: String, expected: String, found: String)

  /// Two inputs name different tasks.
  case differentTasks(first: String, second: String, difference: String)

  /// The values to be written break the schema; nothing was written.
  case invalidResult(file: String, problem: String)

  /// The file cannot be written; what was there before is untouched.
  case unwritable(file: String, reason: String)

  /// What a program that stops for this error exits with: 65 bad input, 70 internal, 73 cannot write (sysexits.h).
  package var exitCode: Int32 {
    switch self {
    case .invalidResult: 70
    case .unwritable: 73
    default: 65
    }
  }

  /// A mismatch as the error of writing such values; nil for other errors.
  func asInvalidResult(file: String) -> ArtifactError? {
    guard case .mismatch(_, let object, let expected, let found) = self else { return nil }
    return .invalidResult(file: file, problem: "\(object): expected \(expected), found \(found)")
  }

  /// One line.
  package var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)"
    case .notHDF5(let file): "\(file): is not an HDF5 file"
    case .damaged(let file, let reason):
      "\(file): is truncated or damaged (\(reason)); delete it and run the stage that makes it again"
    case .wrongSchema(let file, let expected?, let found?):
      "\(file): is a \(found) artifact, expected \(expected)"
    case .wrongSchema(let file, let expected?, nil):
      "\(file): has no root attribute `schema`, expected \(expected)"
    case .wrongSchema(let file, nil, let found?): "\(file): is of the unknown schema \(found)"
    case .wrongSchema(let file, nil, nil): "\(file): has no root attribute `schema`, so it is not an artifact"
    case .mismatch(let file, let object, let expected, let found):
      "\(file): \(object): expected \(expected), found \(found)"
    case .differentTasks(let first, let second, let difference):
      "\(first) and \(second) are about different tasks: \(difference)"
    case .invalidResult(let file, let problem): "\(file): not written, the result is invalid: \(problem)"
    case .unwritable(let file, let reason): "\(file): cannot be written: \(reason)"
    }
  }
}

/// Checks that two inputs of a stage are about the same tasks in the same order.
///
/// - Throws: `ArtifactError.differentTasks`, which names both files and the first difference.
package func requireSameTasks(
  _ first: [String], from firstFile: String, _ second: [String], from secondFile: String
) throws(ArtifactError) {
  guard first != second else { return }
  let index = zip(first, second).enumerated().first { $1.0 != $1.1 }?.offset
  let difference =
    index.map { "task \($0) is \(first[$0]) in the first and \(second[$0]) in the second" }
    ?? "\(first.count) and \(second.count) tasks"
  throw .differentTasks(first: firstFile, second: secondFile, difference: difference)
}
