internal import LinearAlgebra
internal import Workers

/// Solves (mean of the members' H_i + 2λI) x_S = b_S for many subsets side by side, by conjugate gradients.
///
/// Every iteration lowers x ↦ ½ xᵀHx − bᵀx, so a solution that is stopped early is still a step downhill. The ridge of
/// the trust region is of the size of the largest eigenvalues, which makes a handful of iterations enough; they cost
/// 2sd² operations each, where a factorisation costs d³/3.
struct CurvatureSolver {
  /// The tasks' quadratic models.
  let curvatures: [TaskCurvature]
  /// The subsets.
  let batch: SubsetBatch
  /// λ.
  let ridge: Double
  /// Shares out tasks and subsets.
  let workers: WorkerPool

  /// A subset is done when its residual is this much shorter than its right-hand side.
  static let reduction = 1e-4
  /// The largest number of iterations.
  static let maxIterations = 500

  private var dimension: Int { curvatures[0].slope.count }

  /// The solutions.
  ///
  /// - Parameter rightHandSides: b, shape (c, d).
  /// - Returns: x, shape (c, d), zero where b is.
  func solve(_ rightHandSides: [Double]) throws -> [Float] {
    let state = State(count: batch.count, dimension: dimension)
    let slotProducts = Slots<Float>(batch.slotCount, width: dimension, repeating: 0)
    try batch.forEach(workers) { state.start($0, rightHandSides) }
    for _ in 0..<Self.maxIterations {
      guard (0..<batch.count).contains(where: { state.isOpen[$0] }) else { break }
      try multiply(state.direction, into: slotProducts)
      try batch.forEach(workers) { subset in
        guard state.isOpen[subset] else { return }
        state.assemble(subset, from: slotProducts, slots: batch.slots[subset], ridge: ridge)
        state.advance(subset)
      }
    }
    return state.solution.elements
  }

  /// H_i times the directions of the subsets that hold task i, for every task, into the task's slots.
  private func multiply(_ directions: Slots<Float>, into products: Slots<Float>) throws {
    let d = dimension
    try workers.run(curvatures.count) { i, _ in
      let holders = batch.holders[i]
      guard !holders.isEmpty else { return }
      withUnsafeTemporaryAllocation(of: Float.self, capacity: holders.count * d) { gathered in
        guard let gathered = gathered.baseAddress else { return }
        for (place, subset) in holders.enumerated() {
          (gathered + place * d).initialize(from: directions.row(subset), count: d)
        }
        gemm(
          .no, .no, m: holders.count, n: d, k: d, gathered, lda: d, curvatures[i].gram, ldb: d,
          products.row(batch.firstSlot[i]), ldc: d)
      }
    }
  }

  /// The vectors of the iteration, shape (c, d) each; a subset's rows are touched by one worker at a time.
  private struct State: Sendable {
    let dimension: Int
    let solution: Slots<Float>
    let residual: Slots<Float>
    let direction: Slots<Float>
    /// H times the direction.
    let image: Slots<Float>
    /// Whether a subset is not yet done, shape (c).
    let isOpen: Slots<Bool>
    /// The squared length of the residual, and the one at which a subset is done, shape (c).
    private let square: Slots<Double>
    private let goal: Slots<Double>

    init(count: Int, dimension: Int) {
      self.dimension = dimension
      solution = Slots(count, width: dimension, repeating: 0)
      residual = Slots(count, width: dimension, repeating: 0)
      direction = Slots(count, width: dimension, repeating: 0)
      image = Slots(count, width: dimension, repeating: 0)
      isOpen = Slots(count, repeating: false)
      square = Slots(count, repeating: 0)
      goal = Slots(count, repeating: 0)
    }

    /// Begins at x = 0, where residual and direction are b.
    func start(_ subset: Int, _ rightHandSides: [Double]) {
      let (residual, direction) = (residual.row(subset), direction.row(subset))
      for c in 0..<dimension {
        residual[c] = Float(rightHandSides[subset * dimension + c])
        direction[c] = residual[c]
      }
      let length = product(residual, residual)
      square[subset] = length
      goal[subset] = length * CurvatureSolver.reduction * CurvatureSolver.reduction
      isOpen[subset] = length > 0 && length.isFinite
    }

    /// Averages the members' products, in the order of the members, and adds the ridge.
    func assemble(_ subset: Int, from products: Slots<Float>, slots: [Int], ridge: Double) {
      let (direction, image) = (direction.row(subset), image.row(subset))
      let mass = Float(1 / Double(slots.count))
      let diagonal = Float(2 * ridge)
      for c in 0..<dimension { image[c] = diagonal * direction[c] }
      for slot in slots {
        let product = products.row(slot)
        for c in 0..<dimension { image[c] += mass * product[c] }
      }
    }

    /// One iteration of one subset; ends it at its goal, and where rounding leaves nothing to gain.
    func advance(_ subset: Int) {
      let (solution, residual) = (solution.row(subset), residual.row(subset))
      let (direction, image) = (direction.row(subset), image.row(subset))
      let curvature = product(direction, image)
      let length = square[subset] / curvature
      guard curvature > 0, length.isFinite else { return isOpen[subset] = false }
      let step = Float(length)
      for c in 0..<dimension {
        solution[c] += step * direction[c]
        residual[c] -= step * image[c]
      }
      let next = product(residual, residual)
      let ratio = Float(next / square[subset])
      square[subset] = next
      guard next > goal[subset] else { return isOpen[subset] = false }
      for c in 0..<dimension { direction[c] = residual[c] + ratio * direction[c] }
    }

    /// aᵀb, summed in double precision in eight interleaved parts.
    private func product(_ a: UnsafeMutablePointer<Float>, _ b: UnsafeMutablePointer<Float>) -> Double {
      var sums = SIMD8<Double>(repeating: 0)
      var c = 0
      while c + 8 <= dimension {
        let left = UnsafeRawPointer(a + c).loadUnaligned(as: SIMD8<Float>.self)
        let right = UnsafeRawPointer(b + c).loadUnaligned(as: SIMD8<Float>.self)
        sums += SIMD8<Double>(left) * SIMD8<Double>(right)
        c += 8
      }
      var sum = sums.sum()
      while c < dimension {
        sum += Double(a[c]) * Double(b[c])
        c += 1
      }
      return sum
    }
  }
}
