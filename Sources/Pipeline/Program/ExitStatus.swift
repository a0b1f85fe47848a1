internal import ArgumentParser
internal import Artifacts
internal import Clustering
internal import Configuration
internal import Environments
internal import Foundation
internal import HDF5
internal import MuJoCo
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
  } catch ProgramError.stopped(let line) {
    try? show(line, isError: true)
    throw ExitCode(Interruption.status)
  } catch {
    let text = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
    try? show("\(program): error: \(text)", isError: true)
    throw ExitCode(exitStatus(of: error))
  }
}

/// The exit status that tells what kind of error it is.
package func exitStatus(of error: any Error) -> Int32 {
  switch error {
  case let error as ProgramError: error.exitCode
  case let error as ArtifactError: error.exitCode
  case is ConfigurationError, is EnvironmentError, is SubsetError, is AssetsError,
    TrainingError.invalidSetting, ClusteringError.invalidGroupCount:
    64
  // A robot model is data too.
  case is FitError, is HDF5Error, is MuJoCoError, TrainingError.spacesDiffer,
    TrainingError.snapshotDoesNotFit, ClusteringError.noTasks, ClusteringError.notFinite:
    65
  default: 70
  }
}
