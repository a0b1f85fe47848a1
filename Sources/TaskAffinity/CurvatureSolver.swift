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
    let d = dimension
    let size = batch.count * d
    let state = State(count: batch.count, dimension: d)
    var slotProducts = [Float](repeating: 0, count: batch.slotCount * d)
    try rightHandSides.withUnsafeBufferPointer { b in
      try batch.forEach(workers) { state.start($0, b) }
    }
    for _ in 0..<Self.maxIterations {
      guard (0..<batch.count).contains(where: { state.isOpen[$0] }) else { break }
      try multiply(state.direction, into: &slotProducts)
      try slotProducts.withUnsafeBufferPointer { products in
        guard let products = products.baseAddress else { return }
        try batch.forEach(workers) { subset in
          guard state.isOpen[subset] else { return }
          state.assemble(subset, from: products, slots: batch.slots[subset], ridge: ridge)
          state.advance(subset)
        }
      }
    }
    return Array(UnsafeBufferPointer(start: state.solution, count: size))
  }

  /// H_i times the directions of the subsets that hold task i, for every task, into the task's slots.
  private func multiply(_ directions: UnsafeMutablePointer<Float>, into products: inout [Float]) throws {
    let d = dimension
    try products.withUnsafeMutableBufferPointer { products in
      guard let products = products.baseAddress else { return }
      try workers.run(curvatures.count) { i, _ in
        let holders = batch.holders[i]
        guard !holders.isEmpty else { return }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: holders.count * d) { gathered in
          guard let gathered = gathered.baseAddress else { return }
          for (place, subset) in holders.enumerated() {
            (gathered + place * d).initialize(from: directions + subset * d, count: d)
          }
          gemm(
            .no, .no, m: holders.count, n: d, k: d, gathered, lda: d, curvatures[i].gram, ldb: d,
            products + batch.firstSlot[i] * d, ldc: d)
        }
      }
    }
  }

  /// The vectors of the iteration, shape (c, d) each; a subset's rows are touched by one worker at a time.
  private final class State {
    let dimension: Int
    let solution: UnsafeMutablePointer<Float>
    let residual: UnsafeMutablePointer<Float>
    let direction: UnsafeMutablePointer<Float>
    /// H times the direction.
    let image: UnsafeMutablePointer<Float>
    let isOpen: UnsafeMutablePointer<Bool>
    /// The squared length of the residual, and the one at which a subset is done.
    private let square: UnsafeMutablePointer<Double>
    private let goal: UnsafeMutablePointer<Double>

    init(count: Int, dimension: Int) {
      self.dimension = dimension
      func vectors<Element>(_ count: Int, _ zero: Element) -> UnsafeMutablePointer<Element> {
        let pointer = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
        pointer.initialize(repeating: zero, count: count)
        return pointer
      }
      solution = vectors(count * dimension, 0)
      residual = vectors(count * dimension, 0)
      direction = vectors(count * dimension, 0)
      image = vectors(count * dimension, 0)
      isOpen = vectors(count, false)
      square = vectors(count, 0)
      goal = vectors(count, 0)
    }

    deinit {
      for pointer in [solution, residual, direction, image] { pointer.deallocate() }
      isOpen.deallocate()
      square.deallocate()
      goal.deallocate()
    }

    func start(_ subset: Int, _ rightHandSides: UnsafeBufferPointer<Double>) {
      let base = subset * dimension
      for c in base..<base + dimension {
        residual[c] = Float(rightHandSides[c])
        direction[c] = residual[c]
      }
      square[subset] = squaredLength(residual + base)
      goal[subset] = square[subset] * CurvatureSolver.reduction * CurvatureSolver.reduction
      isOpen[subset] = square[subset] > 0 && square[subset].isFinite
    }

    /// Averages the members' products, in the order of the members, and adds the ridge.
    func assemble(_ subset: Int, from products: UnsafePointer<Float>, slots: [Int], ridge: Double) {
      let base = subset * dimension
      let mass = Float(1 / Double(slots.count))
      let diagonal = Float(2 * ridge)
      for c in 0..<dimension { image[base + c] = diagonal * direction[base + c] }
      for slot in slots {
        let product = products + slot * dimension
        for c in 0..<dimension { image[base + c] += mass * product[c] }
      }
    }

    /// One iteration of one subset; ends it at its goal, and where rounding leaves nothing to gain.
    func advance(_ subset: Int) {
      let base = subset * dimension
      let curvature = product(direction + base, image + base)
      let length = square[subset] / curvature
      guard curvature > 0, length.isFinite else { return isOpen[subset] = false }
      let step = Float(length)
      for c in base..<base + dimension {
        solution[c] += step * direction[c]
        residual[c] -= step * image[c]
      }
      let next = squaredLength(residual + base)
      let ratio = Float(next / square[subset])
      square[subset] = next
      guard next > goal[subset] else { return isOpen[subset] = false }
      for c in base..<base + dimension { direction[c] = residual[c] + ratio * direction[c] }
    }

    private func squaredLength(_ a: UnsafeMutablePointer<Float>) -> Double { product(a, a) }

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
