/// How the return of every task grew while a policy was trained.
package struct LearningCurve: Sendable, Equatable {
  @Dataset("/curve/steps", ["point"], unit: "step", "Environment steps so far, over all tasks.", atLeast: 0)
  package var steps: [Int64]
  @Dataset(
    "/curve/return", ["point", "task"], unit: "return",
    "Mean return of each task's latest training episodes, 20 at most; NaN before the first ended.",
    missing: true)
  package var returns: [Double]
}

extension LearningCurve {
  /// A curve.
  package init(steps: [Int64], returns: [Double]) {
    self.init()
    (self.steps, self.returns) = (steps, returns)
  }

  /// The plot of the curve.
  static let plot = PlotSchema(
    name: "learning_curve", signal: "/curve/return", coordinates: ["point": "/curve/steps"])
}

extension LayoutPart {
  /// The steps of a curve never decrease.
  static func growing(_ curve: any WritableKeyPath<Root, LearningCurve> & Sendable) -> Self {
    rule { (root, contents) throws(ArtifactError) in
      let steps = root[keyPath: curve].steps
      for index in steps.indices.dropFirst() where steps[index] < steps[index - 1] {
        throw contents.mismatch(
          "/curve/steps[\(index)]", expected: "at least \(steps[index - 1])", found: "\(steps[index])")
      }
    }
  }
}
