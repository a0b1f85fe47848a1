package import Environments

extension TaskRegistry {
  /// Registers the tasks that need no physics engine: the family CartPole-v1, Gymnasium's plain task
  /// (500 steps), and the ten tasks of the benchmark `cartpole` (200 steps).
  ///
  /// - Throws: `EnvironmentError.duplicate` if called twice.
  package mutating func registerClassicTasks() throws {
    try register(CartPoleEnvironment.family)
    try register(TaskSpecification(name: "CartPole-v1", family: "CartPole-v1", horizon: 500))
    for (variation, parameters) in cartPoleSources {
      try register(
        TaskSpecification(
          name: "cartpole/\(variation)", family: "CartPole-v1", parameters: parameters, horizon: 200))
    }
  }
}

/// Variations of which no single linear policy solves all: ordinary plants, very fast ones, and plants whose actuation
/// is reversed. Within each line one linear policy does well.
private let cartPoleSources: [(variation: String, parameters: [String: ParameterValue])] = [
  ("default", [:]), ("length-1.5", ["length": 1.5]), ("force-30", ["force": 30]),
  ("cart-mass-10", ["cart_mass": 10]),
  ("length-0.05", ["length": 0.05]), ("length-0.1", ["length": 0.1]), ("gravity-40", ["gravity": 40]),
  ("flip", ["actuation_sign": -1]), ("flip-length-1.5", ["actuation_sign": -1, "length": 1.5]),
  ("flip-force-30", ["actuation_sign": -1, "force": 30]),
]

extension CartPoleEnvironment {
  /// CartPole-v1 with its parameters; the ranges are CARL's, gravity's upper end ours.
  static let family = EnvironmentFamily(
    name: "CartPole-v1", observationSize: 4, actionSpace: .discrete(count: 2), defaultHorizon: 500,
    stepsPerPiece: 128,
    parameters: [
      ParameterSpecification(
        name: "length", description: "Half the length of the pole.", unit: "m", defaultValue: 0.5,
        range: 0.05...5),
      ParameterSpecification(
        name: "cart_mass", description: "Mass of the cart.", unit: "kg", defaultValue: 1, range: 0.1...10),
      ParameterSpecification(
        name: "pole_mass", description: "Mass of the pole.", unit: "kg", defaultValue: 0.1, range: 0.01...1),
      ParameterSpecification(
        name: "gravity", description: "Acceleration of gravity.", unit: "m/s^2", defaultValue: 9.8,
        range: 0.1...100),
      ParameterSpecification(
        name: "force", description: "Size of the push.", unit: "N", defaultValue: 10, range: 1...100),
      ParameterSpecification(
        name: "actuation_sign", description: "-1 exchanges left and right.", unit: "1", defaultValue: 1,
        range: -1...1, choices: [-1, 1]),
      ParameterSpecification(
        name: "tau", description: "Seconds between two control steps.", unit: "s", defaultValue: 0.02,
        range: 0.002...0.2),
    ],
    make: { CartPoleEnvironment(quantities($0)) },
    makeGroup: { CartPoleGroup($0.map(quantities)) })

  /// The quantities of a pole at rest, in the order of `CartPolePhysics`; every parameter has a default, so none is
  /// missing.
  private static func quantities(_ parameters: TaskParameters) -> [Double] {
    func value(_ name: String) -> Double { parameters[name] ?? .nan }
    let poleMass = value("pole_mass")
    let halfLength = value("length")
    return [
      0, 0, 0, 0, poleMass + value("cart_mass"), poleMass, halfLength, poleMass * halfLength,
      value("gravity"), value("tau"), value("actuation_sign") * value("force"),
    ]
  }
}
