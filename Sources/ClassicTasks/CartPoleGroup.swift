internal import Environments
internal import Random

/// Cart-poles in rows, stepped four at a time with the operations of `CartPolePhysics` in the same order.
///
/// States and constants are held as arrays over rows, one per quantity.
final class CartPoleGroup: EnvironmentGroup {
  private let storage: UnsafeMutablePointer<Double>
  /// State, shape (rows) each: m, m/s, rad, rad/s.
  private let positions, velocities, angles, angularVelocities: UnsafeMutablePointer<Double>
  /// Constants, shape (rows) each: kg, kg m, kg, m, m/s^2, s, and the force of action 1, N.
  private let totalMasses, poleMoments, poleMasses, halfLengths: UnsafeMutablePointer<Double>
  private let gravities, timeSteps, pushes: UnsafeMutablePointer<Double>

  /// A cart-pole per row; `actuationSigns` as in `CartPoleEnvironment`.
  init(_ rows: [(physics: CartPolePhysics, actuationSign: Double)]) {
    let count = rows.count
    storage = .allocate(capacity: 11 * count)
    storage.initialize(repeating: 0, count: 11 * count)
    (positions, velocities, angles) = (storage, storage + count, storage + 2 * count)
    (angularVelocities, totalMasses) = (storage + 3 * count, storage + 4 * count)
    (poleMoments, poleMasses, halfLengths) = (storage + 5 * count, storage + 6 * count, storage + 7 * count)
    (gravities, timeSteps, pushes) = (storage + 8 * count, storage + 9 * count, storage + 10 * count)
    for (row, (physics, actuationSign)) in rows.enumerated() {
      totalMasses[row] = physics.poleMass + physics.cartMass
      poleMoments[row] = physics.poleMass * physics.halfLength
      poleMasses[row] = physics.poleMass
      halfLengths[row] = physics.halfLength
      gravities[row] = physics.gravity
      timeSteps[row] = physics.timeStep
      pushes[row] = actuationSign * physics.force
    }
  }

  deinit { storage.deallocate() }

  func reset(_ row: Int, using random: inout NumPyGenerator) {
    positions[row] = random.uniform(in: -0.05...0.05)
    velocities[row] = random.uniform(in: -0.05...0.05)
    angles[row] = random.uniform(in: -0.05...0.05)
    angularVelocities[row] = random.uniform(in: -0.05...0.05)
  }

  func step(
    _ rows: Range<Int>, actions: UnsafePointer<Float>, rewards: UnsafeMutablePointer<Double>,
    terminated: UnsafeMutablePointer<Bool>
  ) {
    var row = rows.lowerBound
    while row + 4 <= rows.upperBound {
      step(row, 4, actions, rewards, terminated)
      row += 4
    }
    if row < rows.upperBound { step(row, rows.upperBound - row, actions, rewards, terminated) }
  }

  /// Steps `count` ≤ 4 rows; spare lanes hold a pole at rest.
  @inline(__always)
  private func step(
    _ row: Int, _ count: Int, _ actions: UnsafePointer<Float>, _ rewards: UnsafeMutablePointer<Double>,
    _ terminated: UnsafeMutablePointer<Bool>
  ) {
    var choice = Lanes()
    for lane in 0..<count { choice[lane] = Double(actions[row + lane]) }
    // Multiplied by ±1: a branch would be mispredicted half of the time.
    let push = load(pushes + row, count) * (choice + choice - 1)
    let angle = load(angles + row, count)
    let angularVelocity = load(angularVelocities + row, count)
    let velocity = load(velocities + row, count)
    let totalMass = load(totalMasses + row, count)
    let poleMoment = load(poleMoments + row, count)
    let timeStep = load(timeSteps + row, count)
    let (sine, cosine) = SineAndCosine.of(angle)

    let common = (push + poleMoment * (angularVelocity * angularVelocity) * sine) / totalMass
    let inertia = 4.0 / 3.0 - load(poleMasses + row, count) * (cosine * cosine) / totalMass
    let angularAcceleration =
      (load(gravities + row, count) * sine - cosine * common) / (load(halfLengths + row, count) * inertia)
    let acceleration = common - poleMoment * angularAcceleration * cosine / totalMass

    let nextPosition = load(positions + row, count) + timeStep * velocity
    let nextAngle = angle + timeStep * angularVelocity
    store(nextPosition, positions + row, count)
    store(velocity + timeStep * acceleration, velocities + row, count)
    store(nextAngle, angles + row, count)
    store(angularVelocity + timeStep * angularAcceleration, angularVelocities + row, count)

    let fallen = CartPolePhysics.hasFallen(position: nextPosition, angle: nextAngle)
    store(Lanes(repeating: 1), rewards + row, count)
    for lane in 0..<count { terminated[row + lane] = fallen[lane] }
  }

  let snapshotSize = 4

  func snapshot(of row: Int) -> [Double] {
    [positions[row], velocities[row], angles[row], angularVelocities[row]]
  }

  func restore(_ row: Int, _ snapshot: [Double]) {
    positions[row] = snapshot[0]
    velocities[row] = snapshot[1]
    angles[row] = snapshot[2]
    angularVelocities[row] = snapshot[3]
  }

  func observe(_ rows: Range<Int>, into observations: UnsafeMutablePointer<Double>) {
    for row in rows {
      let lanes = Lanes(positions[row], velocities[row], angles[row], angularVelocities[row])
      store(lanes, observations + 4 * row, 4)
    }
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
