import Environments
import Foundation
import MuJoCo
import MuJoCoTasks
import TestSupport
import Testing

/// Parts of models by name, on a hand that a motion capture leads, and on the cheetah.
@Suite struct ModelElementTests {
  private static let xml = """
    <mujoco>
      <option timestep="0.01" gravity="0 0 0"/>
      <worldbody>
        <body name="table" pos="1 2 3" quat="0 0 0 1">
          <geom name="top" type="box" size=".1 .1 .1" pos="0 0 .5" contype="0" conaffinity="0"/>
          <site name="goal" pos=".25 0 0" euler="0 0 90"/>
        </body>
        <body name="guide" mocap="true" pos="0 0 1"/>
        <body name="puck" pos="0 0 1">
          <freejoint name="flight"/>
          <geom name="disc" type="sphere" size=".1" mass="1"/>
        </body>
        <body name="arm" pos="0 5 0">
          <joint name="shoulder" type="ball"/>
          <geom type="capsule" size=".05" fromto="0 0 0 1 0 0" contype="0" conaffinity="0"/>
          <body name="hand" pos="1 0 0">
            <joint name="wrist" type="hinge" axis="0 0 1" pos="0 0 .25"/>
            <geom type="sphere" size=".05" contype="0" conaffinity="0"/>
          </body>
        </body>
      </worldbody>
      <equality><weld body1="puck" body2="guide" solref="0.02 1"/></equality>
    </mujoco>
    """

  private func withModel(_ body: (PhysicsModel) throws -> Void) throws {
    try withTemporaryDirectory { folder in
      try Self.xml.write(toFile: folder + "/hand.xml", atomically: true, encoding: .utf8)
      try body(PhysicsModel(path: folder + "/hand.xml"))
    }
  }

  @Test("bodies, sites, geometries and joints are found by name, where and how they stand in the world")
  func places() throws {
    try withModel { model in
      let simulation = try Simulation(model)
      try simulation.forward()
      func position(_ kind: ModelElement.Kind, _ name: String) throws -> SIMD3<Double> {
        simulation.position(of: try model.element(kind, named: name))
      }
      // The table is turned by half a turn about the vertical, the site by a further quarter.
      #expect(try near(position(.body, "table"), [1, 2, 3]))
      #expect(try near(position(.geometry, "top"), [1, 2, 3.5]))
      #expect(try near(position(.site, "goal"), [0.75, 2, 3]))
      #expect(try near(position(.joint, "wrist"), [1, 5, 0.25]))
      let table = simulation.orientation(of: try model.element(.body, named: "table"))
      #expect(near(table, [0, 0, 0, 1]))
      #expect(near(simulation.orientation(of: try model.element(.geometry, named: "top")), [0, 0, 0, 1]))
      let goal = simulation.orientation(of: try model.element(.site, named: "goal"))
      let root = 0.5.squareRoot()
      #expect(near(goal, [-root, 0, 0, root]) || near(goal, [root, 0, 0, -root]))
      #expect(near(simulation.orientation(of: try model.element(.joint, named: "wrist")), [1, 0, 0, 0]))
    }
  }

  @Test("a joint's name leads to its coordinates and velocities, of whatever kind it is")
  func joints() throws {
    try withModel { model in
      for (name, positions, velocities) in [
        ("flight", 0..<7, 0..<6), ("shoulder", 7..<11, 6..<9), ("wrist", 11..<12, 9..<10),
      ] {
        let joint = try model.joint(named: name)
        #expect(joint.positions == positions && joint.velocities == velocities)
      }
      let simulation = try Simulation(model)
      simulation.positions[11] = .pi / 2
      try simulation.forward()
      let hand = simulation.orientation(of: try model.element(.body, named: "hand"))
      let root = 0.5.squareRoot()
      #expect(near(hand, [root, 0, 0, root]))
    }
    let cheetah = try PhysicsModel(path: AssetFolder().path(of: "half_cheetah.xml"))
    #expect(try cheetah.joint(named: "rooty").positions == 2..<3)
    #expect(try cheetah.joint(named: "ffoot").velocities == 8..<9)
  }

  @Test("a motion capture's target leads the body that is welded to it")
  func motionCapture() throws {
    try withModel { model in
      let simulation = try Simulation(model)
      let guide = try model.motionCapture(named: "guide")
      #expect(simulation[motionCapture: guide].position == [0, 0, 1])
      let root = 0.5.squareRoot()
      let target: (SIMD3<Double>, SIMD4<Double>) = ([0.3, -0.2, 1.1], [root, 0, 0, root])
      simulation[motionCapture: guide] = target
      #expect(simulation[motionCapture: guide].orientation == target.1)
      try simulation.step(count: 300)
      let puck = try model.element(.body, named: "puck")
      #expect(near(simulation.position(of: puck), target.0, within: 1e-3))
      let turned = simulation.orientation(of: puck)
      #expect(abs((turned * target.1).sum()) > 0.9999)
    }
  }

  @Test("a simulation moves the parts of its own copy, and the shared model and its other simulations stay")
  func ownCopy() throws {
    try withModel { model in
      let moved = try Simulation(copying: model)
      let shared = try Simulation(model)
      let goal = try model.element(.site, named: "goal")
      let table = try model.element(.body, named: "table")
      moved.place(table, at: [0, 0, 0])
      moved.place(goal, at: [0.5, 0, 0])
      for simulation in [moved, shared] { try simulation.forward() }
      #expect(near(moved.position(of: goal), [-0.5, 0, 0]))
      #expect(near(shared.position(of: goal), [0.75, 2, 3]))
      try moved.reset()
      try moved.forward()
      #expect(near(moved.position(of: table), [0, 0, 0]))
    }
  }

  @Test("a name that the model does not have is an error that says kind, name and file")
  func unknownNames() throws {
    try withModel { model in
      for kind in [ModelElement.Kind.body, .site, .geometry, .joint] {
        #expect(throws: MuJoCoError.unknownName(kind: kind.rawValue, name: "wing", model: model.path)) {
          try model.element(kind, named: "wing")
        }
      }
      #expect(throws: MuJoCoError.unknownName(kind: "mocap body", name: "puck", model: model.path)) {
        try model.motionCapture(named: "puck")
      }
    }
  }

  @Test("equal files and edits share one compiled model as long as somebody uses it")
  func cache() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/hand.xml"
      try Self.xml.write(toFile: path, atomically: true, encoding: .utf8)
      let cache = ModelCache()
      let plain = try cache.model(path: path)
      let heavy = try cache.model(path: path, edits: [.scaleMass(body: "puck", by: 2)])
      #expect(try cache.model(path: path) === plain && heavy !== plain)
      #expect(try cache.model(path: path, edits: [.scaleMass(body: "puck", by: 2)]) === heavy)
      #expect(try ModelCache().model(path: path) !== plain)
      #expect(heavy.bodyMasses[3] == 2 * plain.bodyMasses[3])
    }
  }

  private func near(_ one: SIMD3<Double>, _ other: SIMD3<Double>, within limit: Double = 1e-12) -> Bool {
    let difference = one - other
    return (difference * difference).sum() <= limit * limit
  }

  private func near(_ one: SIMD4<Double>, _ other: SIMD4<Double>) -> Bool {
    let difference = one - other
    return (difference * difference).sum() <= 1e-24
  }
}
