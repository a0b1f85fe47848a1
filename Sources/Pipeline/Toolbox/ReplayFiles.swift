internal import Artifacts
internal import Environments
internal import Foundation
internal import HDF5
internal import Random
internal import Spelling

/// Drives one registered task by the actions of a file, and writes what the environment answers.
///
/// Input: `/actions` (T, A) float32 ((T) or (T, 1) for a discrete task), optional `/state` float64 as the start
/// (positions, then velocities). Output: `/observations` (T+1, O) float64, `/rewards` (T) float64, `/terminations`,
/// `/truncations` (T) uint8.
///
/// - Parameters:
///   - name: the task.
///   - seed: the start state is that of Gymnasium's `reset(seed=)`, unless the input has one.
///   - input: the file of actions.
///   - output: the file to write.
/// - Returns: one line that says what happened.
/// - Throws: for an unknown task, and a file without fitting actions.
package func replayFile(task name: String, seed: UInt64, actions input: String, output: String) throws
  -> String
{
  let registry = try standardRegistry()
  let task = try registry.task(named: name)
  let environment = try registry.makeEnvironment(task)
  let (actions, state) = try readActions(input, width: environment.actionSpace.width)
  let trajectory: Trajectory
  do {
    if let state {
      try environment.start(at: state)
    } else {
      var random = NumPyGenerator(seed: seed)
      try environment.reset(using: &random)
    }
    trajectory = try replay(environment, actions: actions, horizon: task.horizon)
  } catch let error as EnvironmentError {
    throw fault(error, in: input)
  }
  let partial = output + ".part"
  try? FileManager.default.removeItem(atPath: partial)
  do {
    try write(trajectory, to: partial)
    guard rename(partial, output) == 0 else {
      throw OutputError(file: output, reason: String(cString: strerror(errno)))
    }
  } catch {
    try? FileManager.default.removeItem(atPath: partial)
    throw (error as? HDF5Error).map { OutputError(file: output, reason: $0.reason) } ?? error
  }
  let total = trajectory.rewards.reduce(0, +)
  return "\(name): \(trajectory.rewards.count) steps, return \(fixed(total, 6))"
}

private func readActions(_ path: String, width: Int) throws -> (actions: [Float], state: [Double]?) {
  try requireRegularFile(path)
  guard HDF5File.isHDF5(path) else { throw ArtifactError.notHDF5(file: path) }
  do {
    return try readActions(HDF5File(reading: path), width: width)
  } catch let error as HDF5Error {
    throw ArtifactError.damaged(file: error.object, reason: error.reason)
  }
}

private func readActions(_ file: borrowing HDF5File, width: Int) throws -> (
  actions: [Float], state: [Double]?
) {
  let path = file.path
  guard try file.kind(of: "/actions") != nil else {
    throw ArtifactError.mismatch(
      file: path, object: "/actions", expected: "f32 (T, \(width))", found: "nothing")
  }
  let information = try file.information(of: "/actions")
  let fits =
    information.shape.count == 2 && information.shape[1] == width
    || information.shape.count == 1 && width == 1
  guard fits, information.elementType == .float32 else {
    throw ArtifactError.mismatch(
      file: path, object: "/actions", expected: "f32 (T, \(width))",
      found: "\(information.elementType) of shape \(information.shape)")
  }
  let actions: [Float] = try file.read("/actions")
  if let index = actions.firstIndex(where: { !$0.isFinite }) {
    let place = information.shape.count == 2 ? "[\(index / width), \(index % width)]" : "[\(index)]"
    throw ArtifactError.mismatch(
      file: path, object: "/actions\(place)", expected: "a finite number", found: "\(actions[index])")
  }
  let state: [Double]? = try file.kind(of: "/state") == nil ? nil : file.read("/state")
  return (actions, state)
}

/// What an environment does not take, as a fault of the file that it came from.
private func fault(_ error: EnvironmentError, in file: String) -> any Error {
  switch error {
  case .invalidAction(let value, let count):
    ArtifactError.mismatch(
      file: file, object: "/actions", expected: "whole numbers from 0 to \(count - 1)", found: "\(value)")
  case .wrongStateSize(let expected, let found):
    ArtifactError.mismatch(
      file: file, object: "/state", expected: "\(expected) entries", found: "\(found)")
  case .nonFiniteState(let index, let value):
    ArtifactError.mismatch(
      file: file, object: "/state[\(index)]", expected: "a finite number", found: "\(value)")
  default: error
  }
}

private func write(_ trajectory: Trajectory, to path: String) throws {
  let file = try HDF5File(creating: path)
  let steps = trajectory.rewards.count
  try file.write(
    trajectory.observations, to: "/observations", shape: [steps + 1, trajectory.observationSize])
  try file.write(trajectory.rewards, to: "/rewards", shape: [steps])
  try file.write(trajectory.terminations.map { UInt8($0 ? 1 : 0) }, to: "/terminations", shape: [steps])
  try file.write(trajectory.truncations.map { UInt8($0 ? 1 : 0) }, to: "/truncations", shape: [steps])
  try file.close()
}
