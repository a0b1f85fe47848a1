internal import LinearAlgebra
package import Random

/// What a network is told about a row: an observation and, if it tells tasks apart, which one.
package struct NetworkInput: Sendable, Equatable {
  /// The width of an observation (O).
  package let observationSize: Int
  /// The number of tasks that are told apart (K); 0 if the network is not told the task.
  package let taskCount: Int

  /// An input; a single task needs no telling.
  package init(observationSize: Int, taskCount: Int) {
    self.observationSize = observationSize
    self.taskCount = taskCount > 1 ? taskCount : 0
  }

  /// The width of a row as one vector.
  package var width: Int { observationSize + taskCount }
  /// What the entries of such a vector are, with their widths: "observation[17]", "task_one_hot[10]".
  package var names: [String] {
    ["observation[\(observationSize)]"] + (taskCount > 0 ? ["task_one_hot[\(taskCount)]"] : [])
  }

  /// Writes a row as one vector, shape (width): the observation, shape (O), then, if the task is told, the task, in
  /// 0 ..< K, as a one-hot vector.
  package func write(
    _ observation: UnsafePointer<Float>, task: Int, into vector: UnsafeMutablePointer<Float>
  ) {
    vector.update(from: observation, count: observationSize)
    guard taskCount > 0 else { return }
    precondition(task < taskCount, "a task that the network does not know")
    (vector + observationSize).update(repeating: 0, count: taskCount)
    vector[observationSize + task] = 1
  }

  /// Rows as vectors, shape (N, width).
  ///
  /// - Parameters:
  ///   - observations: shape (N, O).
  ///   - tasks: shape (N).
  package func vectors(_ observations: [Float], tasks: [Int32]) -> [Float] {
    var vectors = [Float]()
    vectors.reserveCapacity(tasks.count * width)
    for (row, task) in tasks.enumerated() {
      vectors += observations[row * observationSize..<(row + 1) * observationSize]
      vectors += (0..<Int32(taskCount)).map { $0 == task ? 1 : 0 }
    }
    return vectors
  }
}

/// A differentiable function of an observation and a task over a flat parameter vector.
///
/// It is the shape alone, and does not change. Gradients, per-row scores, the names of tensors and the stored form follow
/// from `affineUses`: between them, the uses cover the parameter vector. A row's result depends on that row and the
/// parameters alone, to the bit. An object, as a copied value would count the references of its parts at every row.
package protocol Network: AnyObject, Sendable {
  /// What it is told.
  var input: NetworkInput { get }
  /// The width of the output.
  var outputCount: Int { get }
  /// The uses of weights, those of a map one after the other, the maps in the order of the parameter vector.
  var affineUses: [AffineUse] { get }
  /// The buffers of its passes.
  var layout: WorkspaceLayout { get }
  /// The kind and shape, from which it can be made again.
  var description: NetworkDescription { get }

  /// The network of a description; nil if it is of another kind or makes no sense.
  ///
  /// - Parameter input: what the network is told.
  init?(_ description: NetworkDescription, input: NetworkInput)

  /// Fresh parameters, shape (parameterCount); the gain of the last layer is `headGain`.
  func initialParameters(headGain: Double, using random: inout RandomStream) -> [Float]

  /// Prepares a workspace for passes with these parameters, shape (parameterCount).
  func load(_ parameters: UnsafePointer<Float>, into workspace: NetworkWorkspace)

  /// Sets a row of the batch, given as to `NetworkInput.write`; its output stays until `forward`.
  func feed(_ observation: UnsafePointer<Float>, task: Int, row: Int, workspace: NetworkWorkspace)

  /// Fills `workspace.output` for the first `count` rows, with the parameters loaded last.
  func forward(count: Int, workspace: NetworkWorkspace)

  /// Fills the inputs, deltas and scales that `affineUses` names from `workspace.outputDelta`, the gradient of each
  /// row's objective by its output, after `forward` on the same rows.
  func backward(count: Int, workspace: NetworkWorkspace)
}

/// An affine map y = W x + b of a network: two tensors.
package struct AffineMap: Sendable, Equatable {
  /// Its number in names: its tensors are "layer_<number>/weight" and "layer_<number>/bias". Between the maps of two
  /// parts of a network, which need not fit each other, a number is left out.
  package var number: Int
  /// The width of x.
  package var inputs: Int
  /// The width of y.
  package var outputs: Int
  /// Where W, shape (outputs, inputs), row-major, begins in the parameter vector; b follows it.
  package var offset: Int

  /// The entries of W in the parameter vector.
  package var weight: Range<Int> { offset..<offset + outputs * inputs }
  /// The entries of b in the parameter vector.
  package var bias: Range<Int> { weight.upperBound..<weight.upperBound + outputs }
}

/// A use of an affine map in a network's passes: ∇_W += s δ xᵀ and ∇_b += s δ for every row.
package struct AffineUse: Sendable, Equatable {
  /// The map.
  package var map: AffineMap
  /// The workspace's slot with x, shape (B, inputs).
  package var input: Int
  /// The slot with δ, shape (B, outputs).
  package var delta: Int
  /// s.
  package var scale = Scale.constant(1)

  /// A factor of a use's gradient.
  package enum Scale: Sendable, Hashable {
    /// The same for all rows.
    case constant(Float)
    /// One for each row, in a slot of shape (B, 1).
    case slot(Int)

    /// A row's factor.
    package func factor(of row: Int, _ workspace: NetworkWorkspace) -> Float {
      switch self {
      case .constant(let factor): factor
      case .slot(let slot): workspace.slot(slot)[row]
      }
    }
  }
}

extension Network {
  /// The affine maps, in the order of the parameter vector.
  package var maps: [AffineMap] {
    affineUses.reduce(into: []) { if $0.last != $1.map { $0.append($1.map) } }
  }

  /// The length of the parameter vector.
  package var parameterCount: Int { affineUses.last?.map.bias.upperBound ?? 0 }

  /// Adds the gradient summed over the rows, in order: ∇_W += Σ_t s_t δ_t x_tᵀ, ∇_b += Σ_t s_t δ_t for every use.
  ///
  /// - Parameters:
  ///   - count: B, the number of rows of the forward and backward pass.
  ///   - gradient: shape (parameterCount), read and added to.
  package func addGradient(
    count: Int, workspace: NetworkWorkspace, to gradient: UnsafeMutablePointer<Float>
  ) {
    for use in affineUses {
      let delta = workspace.slot(use.delta)
      if use.scale == .constant(1) {
        use.map.addGradient(delta, workspace.slot(use.input), count: count, to: gradient)
        continue
      }
      let width = use.map.outputs
      withUnsafeTemporaryAllocation(of: Float.self, capacity: count * width + 8) { scaled in
        guard let scaled = scaled.baseAddress else { return }
        for row in 0..<count {
          let factor = use.scale.factor(of: row, workspace)
          for place in row * width..<(row + 1) * width { scaled[place] = factor * delta[place] }
        }
        use.map.addGradient(scaled, workspace.slot(use.input), count: count, to: gradient)
      }
    }
  }
}

extension AffineMap {
  /// ∇_W += δᵀ X and ∇_b += δᵀ 1 for δ of shape (B, outputs) and X of shape (B, inputs).
  fileprivate func addGradient(
    _ delta: UnsafePointer<Float>, _ input: UnsafePointer<Float>, count: Int,
    to gradient: UnsafeMutablePointer<Float>
  ) {
    let weight = gradient + self.weight.lowerBound
    smallProduct(
      m: outputs, n: inputs, k: count, delta, aRow: 1, aColumn: outputs, input, ldb: inputs, start: weight,
      startRow: inputs, weight, ldc: inputs)
    let bias = gradient + self.bias.lowerBound
    withUnsafePointer(to: Float(1)) { one in
      smallProduct(
        m: 1, n: outputs, k: count, one, aRow: 0, aColumn: 0, delta, ldb: outputs, start: bias, startRow: 0,
        bias, ldc: outputs)
    }
  }
}
