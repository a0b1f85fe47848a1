internal import HDF5

/// What linearized-adapt hands on: how the policy would move for each subset.
package struct LinearizedAdaptArtifact: Artifact {
  /// How it is stored.
  package static var schema: ArtifactSchema { .linearizedAdapt }

  /// The names of the tasks (K).
  package let tasks: [String]

  /// The task indices of each subset (M), those of sample-subsets.
  package let subsets: [[Int]]

  /// The minimisers (M, dimension), row-major.
  package let solution: [Double]

  /// The number of entries of a projected gradient.
  package let dimension: Int

  /// The regularised loss at each solution (M).
  package let loss: [Double]

  /// The Euclidean norm of the gradient at each solution (M).
  package let gradientNorm: [Double]

  /// The Newton steps taken for each subset (M).
  package let iterations: [Int32]

  /// The mean |margin| over the samples fitted for each subset (M).
  package let meanAbsoluteMargin: [Double]

  /// The weight of the squared norm in the loss.
  package let ridge: Double

  /// The values of the stage; see the properties.
  package init(
    tasks: [String], subsets: [[Int]], solution: [Double], dimension: Int, loss: [Double],
    gradientNorm: [Double],
    iterations: [Int32], meanAbsoluteMargin: [Double], ridge: Double
  ) {
    self.tasks = tasks
    self.subsets = subsets
    self.solution = solution
    self.dimension = dimension
    self.loss = loss
    self.gradientNorm = gradientNorm
    self.iterations = iterations
    self.meanAbsoluteMargin = meanAbsoluteMargin
    self.ridge = ridge
  }

  /// The values of a validated file.
  package init(_ contents: ValidatedContents) throws(ArtifactError) {
    self.init(
      tasks: try contents.values("/dims/task"), subsets: try SubsetTable.subsets(contents),
      solution: try contents.values("/solution"), dimension: try contents.length("/solution", 1),
      loss: try contents.values("/loss"), gradientNorm: try contents.values("/gradient_norm"),
      iterations: try contents.values("/iterations"),
      meanAbsoluteMargin: try contents.values("/mean_abs_margin"), ridge: try contents.real("ridge", of: "/"))
  }

  /// The datasets and attributes.
  package var contents: ArtifactContents {
    let count = subsets.count
    var contents = ArtifactContents()
    contents.add(tasks: tasks)
    contents.add(
      "/member", .uint8(SubsetTable.flags(subsets, taskCount: tasks.count)), shape: [count, tasks.count])
    contents.add("/solution", .float64(solution), shape: [count, dimension])
    contents.add("/loss", .float64(loss), shape: [count])
    contents.add("/gradient_norm", .float64(gradientNorm), shape: [count])
    contents.add("/iterations", .int32(iterations), shape: [count])
    contents.add("/mean_abs_margin", .float64(meanAbsoluteMargin), shape: [count])
    contents.add(attribute: "ridge", of: "/", .real(ridge))
    return contents
  }
}
