internal import LinearAlgebra
internal import Workers

/// Solves (mean of the members' H_i + 2λI) x_S = b_S for many subsets side by side, by conjugate gradients.
///
/// Every iteration lowers x ↦ ½ xᵀHx − bᵀx, so a solution that is stopped early is still a step downhill. The ridge of
/// the trust region is of the size of the largest eigenvalues, which makes a handful of iterations enough; they cost
/// 2sd² operations each, where a factorisation costs d³/3.
struct CurvatureSolver: Sendable {
  private let curvatures: [TaskCurvature]
  private let batch: SubsetBatch
  private let ridge: Double
  private let dimension: Int

  // The vectors of the iteration, shape (c, d) each; a subset's rows are touched by one worker at a time.
  private let solution: Slots<Float>
  private let residual: Slots<Float>
  private let direction: Slots<Float>
  private let image: Slots<Float>  // H times the direction
  private let slotProducts: Slots<Float>  // H_i times the direction, (slots, d)
  private let square: Slots<Double>  // the squared length of the residual, (c)
  private let goal: Slots<Double>  // the one at which a subset is done, (c)
  private let isOpen: Slots<Bool>  // whether a subset is not yet done, (c)

  /// A subset is done when its residual is this much shorter than its right-hand side.
  private static let reduction = 1e-4
  /// The largest number of iterations.
  private static let maxIterations = 500

  /// The equations of some subsets.
  init(_ curvatures: [TaskCurvature], _ batch: SubsetBatch, ridge: Double) {
    self.curvatures = curvatures
    self.batch = batch
    self.ridge = ridge
    let dimension = curvatures[0].slope.count
    self.dimension = dimension
    func vectors(_ count: Int) -> Slots<Float> { Slots(count, width: dimension, repeating: 0) }
    (solution, residual) = (vectors(batch.count), vectors(batch.count))
    (direction, image) = (vectors(batch.count), vectors(batch.count))
    slotProducts = vectors(batch.slotCount)
    square = Slots(batch.count, repeating: 0)
    goal = Slots(batch.count, repeating: 0)
    isOpen = Slots(batch.count, repeating: false)
  }

  /// The solutions x for right-hand sides b, both of shape (c, d); x is zero where b is.
  func solve(_ rightHandSides: [Double], workers: WorkerPool) throws -> [Float] {
    try batch.forEach(workers) { start($0, rightHandSides) }
    for _ in 0..<Self.maxIterations {
      guard (0..<batch.count).contains(where: { isOpen[$0] }) else { break }
      try workers.run(curvatures.count) { i, _ in multiply(task: i) }
      try batch.forEach(workers) { subset in
        guard isOpen[subset] else { return }
        assemble(subset)
        advance(subset)
      }
    }
    return solution.elements
  }

  /// Begins at x = 0, where residual and direction are b.
  private func start(_ subset: Int, _ rightHandSides: [Double]) {
    let (residual, direction) = (residual.row(subset), direction.row(subset))
    solution.row(subset).update(repeating: 0, count: dimension)
    for c in 0..<dimension {
      residual[c] = Float(rightHandSides[subset * dimension + c])
      direction[c] = residual[c]
    }
    let length = product(residual, residual)
    square[subset] = length
    goal[subset] = length * Self.reduction * Self.reduction
    isOpen[subset] = length > 0 && length.isFinite
  }

  /// H_i times the directions of the subsets that hold task i, into the task's slots.
  private func multiply(task i: Int) {
    let d = dimension
    let holders = batch.holders[i]
    guard !holders.isEmpty else { return }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: holders.count * d) { gathered in
      guard let gathered = gathered.baseAddress else { return }
      for (place, subset) in holders.enumerated() {
        (gathered + place * d).initialize(from: direction.row(subset), count: d)
      }
      gemm(
        .no, .no, m: holders.count, n: d, k: d, gathered, lda: d, curvatures[i].gram, ldb: d,
        slotProducts.row(batch.firstSlot[i]), ldc: d)
    }
  }

  /// Averages the members' products, in the order of the members, and adds the ridge.
  private func assemble(_ subset: Int) {
    let (direction, image) = (direction.row(subset), image.row(subset))
    let slots = batch.slots[subset]
    let mass = Float(1 / Double(slots.count))
    let diagonal = Float(2 * ridge)
    for c in 0..<dimension { image[c] = diagonal * direction[c] }
    for slot in slots {
      let product = slotProducts.row(slot)
      for c in 0..<dimension { image[c] += mass * product[c] }
    }
  }

  /// One iteration of one subset; ends it at its goal, and where rounding leaves nothing to gain.
  private func advance(_ subset: Int) {
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
