import Configuration
import Environments
import Foundation
import Policies
import Random
import TestSupport
import Testing
import Training
import Workers

/// Three tasks that look the same and want another action each.
@Suite struct TaskIdentityTests {
  private static let tasks = (0..<3).map {
    TaskSpecification(
      name: "choice-\($0)", family: "Choice", parameters: ["right": .number(Double($0))], horizon: 5)
  }

  private func train(seesTask: Bool) throws -> TrainedPolicy {
    var configuration = PPOConfiguration.small
    configuration.learningRate = 1e-2
    return try Trainer(Self.tasks, configuration, seesTask: seesTask, totalSteps: 20_000).finished().trained
  }

  /// The mean return of each task; 5 is the most.
  private func returns(_ trained: TrainedPolicy, _ tasks: [TaskSpecification] = tasks) throws -> [Double] {
    try evaluate(
      trained, tasks: tasks, registry: testRegistry(), episodes: 4,
      random: RandomStream(seed: 2, name: "choice"), workers: WorkerPool(threads: 2)
    ).map { $0.map(\.undiscountedReturn).reduce(0, +) / 4 }
  }

  @Test(
    "a policy that is told the task chooses each task's action; with two tasks exchanged it fails in both")
  func evaluation() throws {
    let trained = try train(seesTask: true)
    #expect(try returns(trained) == [5, 5, 5])
    #expect(try returns(trained, [1, 0, 2].map { Self.tasks[$0] }) == [0, 0, 5])
    #expect(try returns(trained.restricted(to: [2, 1, 0])) == [0, 5, 0])
    #expect(try returns(trained.restricted(to: [2, 1]), [Self.tasks[2], Self.tasks[1]]) == [5, 5])
    // The policy that is not told does the same everywhere.
    #expect(try returns(train(seesTask: false)).reduce(0, +) == 5)
  }

  @Test("collection acts, and takes scores, with each task's own number")
  func collection() throws {
    let trained = try train(seesTask: true)
    let batch = try collectTransitions(
      trained, tasks: Self.tasks, registry: testRegistry(), transitionsPerTask: 30, gamma: 0.99,
      gaeLambda: 0.95, random: RandomStream(seed: 3, name: "collect"), workers: WorkerPool(threads: 2))
    // Solved: nearly all actions drawn are the task's number.
    #expect(zip(batch.actions, batch.task).count { Int32($0) == $1 } > 80)
    let policy = trained.policy
    let parameters = trained.policyParameters.map(Double.init)
    let workspace = Policy.Workspace(policy, capacity: batch.count)
    policy.load(trained.policyParameters, into: workspace)
    policy.scoreFactors(
      observations: batch.observations, tasks: batch.task, actions: batch.actions, count: batch.count,
      workspace: workspace)
    /// log π in double precision with the task as a one-hot vector.
    func logProbability(_ parameters: [Double], row: Int, task: Int) -> Double {
      let logits = obviousOutput(
        policy.network, parameters[...], [Double(batch.observations[row])], task: task)
      return logits[Int(batch.actions[row])] - log(logits.map(exp).reduce(0, +))
    }
    for row in stride(from: 0, to: batch.count, by: 7) {
      let task = Int(batch.task[row])
      #expect(
        abs(Double(batch.logProbability[row]) - logProbability(parameters, row: row, task: task)) < 1e-4)
      if Int(batch.actions[row]) == task {
        #expect(logProbability(parameters, row: row, task: (task + 1) % 3) < -1)
      }
      var score = [Float](repeating: 0, count: policy.parameterCount)
      policy.assembleScore(row: row, workspace: workspace, into: &score)
      // The columns of the first weight that belong to the other tasks have no part in the score.
      let first = policy.network.maps[0]
      for unit in 0..<first.outputs {
        for column in 0..<3 where column != task {
          #expect(score[first.offset + unit * first.inputs + 1 + column] == 0)
        }
      }
      for index in stride(from: 0, to: score.count, by: 11) {
        var moved = parameters
        moved[index] += 1e-5
        let above = logProbability(moved, row: row, task: task)
        moved[index] -= 2e-5
        let below = logProbability(moved, row: row, task: task)
        #expect(abs(Double(score[index]) - (above - below) / 2e-5) < 1e-4)
      }
    }
  }
}
