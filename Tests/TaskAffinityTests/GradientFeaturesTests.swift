import Policies
import Random
import TaskAffinity
import TestSupport
import Testing
import Workers

@Suite struct GradientFeaturesTests {
  /// A policy with some on-policy-like data.
  private struct Sample {
    let policy: Policy
    let parameters: [Float]
    let observations: [Float]
    let tasks: [Int32]
    let actions: [Float]
    let count: Int

    /// - Parameter network: nil for a perceptron with these hidden layers.
    init(
      _ distribution: ActionDistribution, observationSize: Int, count: Int, hidden: [Int] = [11, 7],
      network: NetworkCase? = nil
    ) {
      var random = RandomStream(seed: 4, name: "sample")
      let input = NetworkInput(observationSize: observationSize, taskCount: network == nil ? 0 : 3)
      policy = Policy(
        network: network?.make(input, distribution.outputCount)
          ?? MultilayerPerceptron(
            input: input, hidden: hidden, outputs: distribution.outputCount, activation: .tanh),
        distribution: distribution)
      parameters = policy.initialParameters(using: &random).map { $0 + 0.1 * Float(random.gaussian()) }
      observations = (0..<count * observationSize).map { _ in Float(random.gaussian()) }
      tasks = (0..<count).map { Int32($0 % 3) }
      switch distribution {
      case .gaussian(let size): actions = (0..<count * size).map { _ in Float(random.gaussian()) }
      case .categorical(let choices): actions = (0..<count).map { _ in Float(random.index(below: choices)) }
      }
      self.count = count
    }

    /// The whole score of one transition, put together entry by entry.
    func score(_ row: Int) -> [Float] {
      let width = policy.network.input.observationSize
      let workspace = Policy.Workspace(policy, capacity: 1)
      policy.load(parameters, into: workspace)
      var score = [Float](repeating: 0, count: policy.parameterCount)
      policy.scoreFactors(
        observations: Array(observations[row * width..<(row + 1) * width]), tasks: [tasks[row]],
        actions: Array(actions[row * policy.actionWidth..<(row + 1) * policy.actionWidth]), count: 1,
        workspace: workspace)
      policy.assembleScore(row: 0, workspace: workspace, into: &score)
      return score
    }

    /// The features of all transitions.
    func project(_ features: GradientFeatures, threads: Int) throws -> [Float] {
      try features.project(
        observations: observations, tasks: tasks, actions: actions, workers: WorkerPool(threads: threads))
    }
  }

  private static let projection = GaussianProjection(
    dimension: 30, stream: RandomStream(seed: 9, name: "projection"))

  @Test("features that go on from any transition are equal to the bit", arguments: [0, 1, 37, 240, 299, 300])
  func resumed(known count: Int) throws {
    let sample = Sample(.gaussian(size: 3), observationSize: 5, count: 300)
    var gradients = GradientFeatures(
      policy: sample.policy, parameters: sample.parameters, projection: Self.projection)
    let workers = WorkerPool(threads: 2)
    let whole = try sample.project(gradients, threads: 2)
    gradients.block = 128
    var reports = [Int]()
    let d = Self.projection.dimension
    let resumed = try gradients.project(
      observations: sample.observations, tasks: sample.tasks, actions: sample.actions, workers: workers,
      known: Array(whole[..<(count * d)])
    ) { features in
      let known = features()
      reports.append(known.count / d)
      #expect(known == Array(whole[..<known.count]))
    }
    #expect(resumed == whole)
    #expect(reports == stride(from: count, to: 300, by: 128).map { min($0 + 128, 300) })
  }

  @Test(
    "the projected margin g̃·v equals g·(Pv)",
    arguments: [ActionDistribution.gaussian(size: 3), .categorical(count: 4)], NetworkCase.all)
  func margins(distribution: ActionDistribution, network: NetworkCase) throws {
    let sample = Sample(distribution, observationSize: 5, count: 300, network: network)
    let projection = Self.projection
    let d = projection.dimension
    let p = sample.policy.parameterCount
    let features = try sample.project(
      GradientFeatures(policy: sample.policy, parameters: sample.parameters, projection: projection),
      threads: 2)
    let matrix = Slots<Float>(p, width: d, repeating: 0)
    projection.fill(rows: 0..<p, length: p, into: matrix)
    var random = RandomStream(seed: 1, name: "direction")
    let v = (0..<d).map { _ in random.gaussian() }
    let lifted = (0..<p).map { r in (0..<d).reduce(0.0) { $0 + Double(matrix[r * d + $1]) * v[$1] } }
    for row in 0..<sample.count {
      let score = sample.score(row)
      let direct = (0..<p).reduce(0.0) { $0 + Double(score[$1]) * lifted[$1] }
      let projected = (0..<d).reduce(0.0) { $0 + Double(features[row * d + $1]) * v[$1] }
      // Both sum p ≈ 200 single-precision terms; 1e-4 of the margin's scale is far above their rounding.
      #expect(abs(direct - projected) <= 1e-4 * max(1, abs(direct)))
    }
  }

  @Test(
    "features have equal bits for every block size and number of threads", arguments: [1, 64, 4096],
    [1, 2, 8])
  func equalBits(block: Int, threads: Int) throws {
    let sample = Sample(.gaussian(size: 6), observationSize: 17, count: 300, hidden: [40, 40])
    let projection = GaussianProjection(dimension: 24, stream: RandomStream(seed: 2, name: "projection"))
    var features = GradientFeatures(
      policy: sample.policy, parameters: sample.parameters, projection: projection)
    let reference = try sample.project(features, threads: 1)
    features.block = block
    let other = try sample.project(features, threads: threads)
    let differing = zip(other, reference).count { $0.bitPattern != $1.bitPattern }
    #expect(other.count == reference.count && differing == 0)
  }

  @Test("the projection's entries have mean 0 and variance 1/d, and any row can be made alone")
  func projectionMoments() {
    let projection = GaussianProjection(dimension: 50, stream: RandomStream(seed: 3, name: "projection"))
    let matrix = Slots<Float>(4000, width: 50, repeating: 0)
    projection.fill(rows: 0..<4000, length: 4000, into: matrix)
    let rows = matrix.elements
    let count = Double(rows.count)
    let mean = rows.reduce(0.0) { $0 + Double($1) } / count
    let square = rows.reduce(0.0) { $0 + Double($1) * Double($1) } / count
    // Five standard errors.
    #expect(abs(mean) < 5 * (1 / 50 / count).squareRoot())
    #expect(abs(square * 50 - 1) < 5 * (2 / count).squareRoot())
    let row = Slots<Float>(1, width: 50, repeating: 0)
    projection.fill(rows: 1234..<1235, length: 1, into: row)
    #expect(row.elements == Array(rows[1234 * 50..<1235 * 50]))
  }
}
