internal import Environments
internal import Random

/// Cart-poles in rows, stepped four at a time.
///
/// Quantities are held as arrays over rows, in the order of `CartPolePhysics`.
final class CartPoleGroup: EnvironmentGroup {
  private let count: Int
  /// Copied, for the initialiser of another module would be a call per row.
  private let standing = StepOutcome(reward: 1)
  private let storage: UnsafeMutablePointer<Double>  // (11, count)

  /// A cart-pole per row, by its quantities.
  init(_ rows: [[Double]]) {
    count = rows.count
    storage = .allocate(capacity: CartPolePhysics.quantityCount * count)
    for (row, quantities) in rows.enumerated() {
      for (index, quantity) in quantities.enumerated() {
        (storage + index * count + row).initialize(to: quantity)
      }
    }
  }

  deinit { storage.deallocate() }

  func reset(_ row: Int, using random: inout NumPyGenerator) {
    for index in 0..<4 { storage[index * count + row] = random.uniform(in: -0.05...0.05) }
  }

  func step(
    _ rows: Range<Int>, actions: UnsafePointer<Float>, outcomes: UnsafeMutablePointer<StepOutcome>
  ) {
    var row = rows.lowerBound
    while row + 4 <= rows.upperBound {
      step(row, 4, actions, outcomes)
      row += 4
    }
    if row < rows.upperBound { step(row, rows.upperBound - row, actions, outcomes) }
  }

  /// Steps `lanes` ≤ 4 rows; spare lanes hold zeros.
  @inline(__always)
  private func step(
    _ row: Int, _ lanes: Int, _ actions: UnsafePointer<Float>, _ outcomes: UnsafeMutablePointer<StepOutcome>
  ) {
    let place = storage + row
    var physics = CartPolePhysics { load(place + $0 * count, lanes) }
    var action = Lanes()
    for lane in 0..<lanes { action[lane] = Double(actions[row + lane]) }
    physics.step(action: action)
    store(physics.position, place, lanes)
    store(physics.velocity, place + count, lanes)
    store(physics.angle, place + 2 * count, lanes)
    store(physics.angularVelocity, place + 3 * count, lanes)
    let fallen = physics.hasFallen
    for lane in 0..<lanes {
      outcomes[row + lane] = standing
      outcomes[row + lane].terminated = fallen[lane]
    }
  }

  func observe(_ rows: Range<Int>, into observations: UnsafeMutablePointer<Double>) {
    for row in rows {
      let place = storage + row
      store(
        Lanes(place[0], place[count], place[2 * count], place[3 * count]), observations + 4 * row, 4)
    }
  }

  /// One row's state.
  func state(of row: Int) -> [Double] { (0..<4).map { storage[$0 * count + row] } }

  func snapshot(of row: Int) -> [Double]? { state(of: row) }

  func restore(_ row: Int, _ snapshot: [Double]) throws {
    guard snapshot.count == 4 else {
      throw EnvironmentError.wrongStateSize(expected: 4, found: snapshot.count)
    }
    for index in 0..<4 { storage[index * count + row] = snapshot[index] }
  }
}

@inline(__always)
private func load(_ place: UnsafePointer<Double>, _ count: Int) -> Lanes {
  guard count < 4 else { return UnsafeRawPointer(place).loadUnaligned(as: Lanes.self) }
  var lanes = Lanes()
  for lane in 0..<count { lanes[lane] = place[lane] }
  return lanes
}

@inline(__always)
private func store(_ lanes: Lanes, _ place: UnsafeMutablePointer<Double>, _ count: Int) {
  guard count < 4 else {
    return UnsafeMutableRawPointer(place).storeBytes(of: lanes, as: Lanes.self)
  }
  for lane in 0..<count { place[lane] = lanes[lane] }
}
