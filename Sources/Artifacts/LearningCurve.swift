internal import HDF5

/// How the return of every task grew while a policy was trained.
package struct LearningCurve: Sendable, Equatable {
  /// The environment steps taken so far, over all tasks (point), never decreasing.
  package let steps: [Int64]

  /// The mean return of each task's latest training episodes, 20 at most (point, task), row-major; NaN before the
  /// first ended.
  package let returns: [Double]

  /// A curve.
  package init(steps: [Int64], returns: [Double]) {
    self.steps = steps
    self.returns = returns
  }

  /// The datasets below `/curve`.
  static let datasets = [
    DatasetSchema(
      "/curve/steps", .int64, ["point"], units: "step", "Environment steps so far, over all tasks.",
      range: 0...Double.infinity),
    DatasetSchema(
      "/curve/return", .float64, ["point", "task"], units: "return",
      "Mean return of each task's latest training episodes, 20 at most; NaN before the first ended.",
      missing: true),
  ]

  /// The plot of the curve.
  static let plot = PlotSchema(
    "learning_curve", signal: "/curve/return", coordinates: ["point": "/curve/steps"])

  /// Reads `/curve`.
  init(_ contents: ValidatedContents) throws(ArtifactError) {
    let steps: [Int64] = try contents.values("/curve/steps")
    for index in steps.indices.dropFirst() where steps[index] < steps[index - 1] {
      throw contents.mismatch(
        "/curve/steps[\(index)]", expected: "at least \(steps[index - 1])", found: "\(steps[index])")
    }
    self.init(steps: steps, returns: try contents.values("/curve/return"))
  }

  /// Adds `/curve`.
  func add(to contents: inout ArtifactContents, taskCount: Int) {
    contents.add("/curve/steps", .int64(steps), shape: [steps.count])
    contents.add("/curve/return", .float64(returns), shape: [steps.count, taskCount])
  }
}
