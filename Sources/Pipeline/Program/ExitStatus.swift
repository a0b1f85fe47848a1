internal import ArgumentParser
internal import Artifacts
internal import Clustering
internal import Configuration
internal import Environments
internal import Foundation
internal import HDF5
internal import MuJoCo
internal import Spelling
internal import TaskAffinity
internal import Training

/// Runs a program's work and turns an error into one line on standard error and an exit status:
/// 64 usage or configuration, 65 bad input data, 70 internal, 73 cannot write, 75 another process is at it.
///
/// - Throws: `ExitCode`, with which ArgumentParser leaves silently, and what ArgumentParser prints itself.
package func reportingErrors(_ program: String, _ work: () throws -> Void) throws {
  do {
    try work()
  } catch  where error is ExitCode || error is CleanExit || error is ValidationError {
    throw error
  } catch let stop as Stopped {
    try? FileHandle.standardError.write(contentsOf: Data("\(stop)\n".utf8))
    throw ExitCode(Interruption.status)
  } catch {
    let text = printable("\(error)".split(whereSeparator: \.isNewline).joined(separator: " "))
    try? FileHandle.standardError.write(contentsOf: Data("\(program): error: \(text)\n".utf8))
    throw ExitCode(exitStatus(of: error))
  }
}

/// The exit status that tells what kind of error it is.
package func exitStatus(of error: any Error) -> Int32 {
  switch error {
  case is ConfigurationError, is UsageError, is EnvironmentError, is SubsetError, is AssetsError,
    TrainingError.invalidSetting, ClusteringError.invalidGroupCount:
    64
  case let error as ArtifactError: error.exitCode
  // A robot model is data too.
  case is InputError, is FitError, is HDF5Error, is MuJoCoError, TrainingError.spacesDiffer,
    TrainingError.snapshotDoesNotFit, ClusteringError.noTasks, ClusteringError.notFinite:
    65
  case is OutputError: 73
  case is OutputHeldError, is ChangedMeanwhileError: Interruption.status
  default: 70
  }
}

/// An input that can be read, but whose contents a stage cannot work with.
package struct InputError: Error, CustomStringConvertible {
  /// One line: the file, and why.
  package let description: String

  /// The file, and why.
  package init(file: String, reason: String) { description = "\(file): \(reason)" }
}

/// The settings or an input of a stage have changed while it was at work.
struct ChangedMeanwhileError: Error, CustomStringConvertible {
  /// The file that has changed.
  let file: String

  /// One line: the file, and what to do.
  var description: String {
    "\(file) has changed since the stage began, so what it has made is not written; run it again"
  }
}

/// A command line that cannot be carried out.
package struct UsageError: Error, CustomStringConvertible {
  /// One line: what is wrong, and what would be right.
  package let description: String

  /// What is wrong, and what would be right.
  package init(_ description: String) { self.description = description }
}

/// A file that cannot be written.
package struct OutputError: Error, CustomStringConvertible {
  /// One line: the file, and why.
  package let description: String

  /// The file, and why.
  package init(file: String, reason: String) { description = "cannot write \(file): \(reason)" }
}
