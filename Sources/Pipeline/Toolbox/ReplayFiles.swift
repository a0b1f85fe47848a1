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
/// - Parameter seed: the start state is that of Gymnasium's `reset(seed=)`, unless the input has one.
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
      throw ProgramError.output(output, errno)
    }
  } catch {
    try? FileManager.default.removeItem(atPath: partial)
    throw (error as? HDF5Error).map { ProgramError.output(file: output, reason: $0.reason) } ?? error
  }
  let total = trajectory.rewards.reduce(0, +)
  return "\(name): \(trajectory.rewards.count) steps, return \(fixed(total, 6))"
}

private func readActions(_ path: String, width: Int) throws -> (actions: [Float], state: [Double]?) {
  try requireRegularFile(path)
  guard HDF5File.isHDF5(path) else { throw ArtifactError.notHDF5(file: path) }
  do {
    let file = try HDF5File(reading: path)
    let expected = "f32 (T, \(width))"
    guard try file.kind(of: "/actions") != nil else { throw mismatch(path, "/actions", expected, "nothing") }
    let found = try file.information(of: "/actions")
    let fits = found.shape.count == 2 && found.shape[1] == width || found.shape.count == 1 && width == 1
    guard fits, found.elementType == .float32 else {
      throw mismatch(path, "/actions", expected, "\(found.elementType) of shape \(found.shape)")
    }
    let actions: [Float] = try file.read("/actions")
    if let index = actions.firstIndex(where: { !$0.isFinite }) {
      let place = found.shape.count == 2 ? "[\(index / width), \(index % width)]" : "[\(index)]"
      throw mismatch(path, "/actions\(place)", "a finite number", "\(actions[index])")
    }
    return (actions, try file.kind(of: "/state") == nil ? nil : file.read("/state"))
  } catch let error as HDF5Error {
    throw ArtifactError.damaged(file: error.object, reason: error.reason)
  }
}

private func mismatch(_ file: String, _ object: String, _ expected: String, _ found: String) -> ArtifactError
{
  .mismatch(file: file, object: object, expected: expected, found: found)
}

/// What an environment does not take, as a fault of the file that it came from.
private func fault(_ error: EnvironmentError, in file: String) -> any Error {
  return switch error {
  case .invalidAction(let value, let count):
    mismatch(file, "/actions", "whole numbers from 0 to \(count - 1)", "\(value)")
  case .wrongStateSize(let expected, let found): mismatch(file, "/state", "\(expected) entries", "\(found)")
  case .nonFiniteState(let index, let value):
    mismatch(file, "/state[\(index)]", "a finite number", "\(value)")
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
