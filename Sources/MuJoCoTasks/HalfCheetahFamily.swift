internal import Environments
internal import MuJoCo

extension HalfCheetahEnvironment {
  /// The family's name.
  package static var familyName: String { "HalfCheetah-v5" }

  /// HalfCheetah-v5 with its parameters. The ranges are those in which the body still moves soundly under random
  /// actions.
  static func family(assets: AssetFolder, models: ModelCache) -> EnvironmentFamily {
    let model = EnvironmentAsset(name: "HalfCheetah model", file: "half_cheetah.xml", folder: assets)
    return EnvironmentFamily(
      name: familyName, observationSize: 17, actionSpace: .continuous(size: 6, low: -1, high: 1),
      defaultHorizon: 1000, assets: [model], parameters: bodyParameters + taskParameters
    ) { parameters in
      // A factor of 1 is no edit, so that the plain model is the file's to the bit.
      func factor(_ name: String) -> Double? { parameters[name].flatMap { $0 == 1 ? nil : $0 } }
      let edits = [
        factor("gravity_scale").map { .scaleGravity(by: $0) },
        factor("mass_scale").map { .scaleMasses(by: $0) },
        factor("torso_mass_scale").map { .scaleMass(body: "torso", by: $0) },
        factor("friction_scale").map { .scaleSlidingFriction(by: $0) },
        factor("gear_scale").map { ModelEdit.scaleGears(by: $0) },
      ].compactMap { $0 }
      var task = HalfCheetahTask()
      task.direction = parameters["direction"] ?? task.direction
      task.targetVelocity = parameters["target_velocity"]
      let usualWeight = task.targetVelocity == nil ? 0.1 : 0.05
      task.controlCostWeight = Float(parameters["control_cost_weight"] ?? usualWeight)
      return try HalfCheetahEnvironment(models.model(path: model.path(), edits: edits), task: task)
    }
  }

  private static let bodyParameters = [
    factor("gravity_scale", "Factor of gravity.", 0.1...5),
    factor("mass_scale", "Factor of every body's mass and inertia.", 0.1...10),
    factor("torso_mass_scale", "Further factor of the torso's mass and inertia.", 0.1...10),
    factor("friction_scale", "Factor of every geometry's sliding friction.", 0.05...10),
    factor("gear_scale", "Factor of every motor's torque.", 0.1...5),
  ]

  private static func factor(
    _ name: String, _ description: String, _ range: ClosedRange<Double>
  ) -> ParameterSpecification {
    ParameterSpecification(name: name, description: description, unit: "1", defaultValue: 1, range: range)
  }

  private static let taskParameters = [
    ParameterSpecification(
      name: "direction", description: "The direction that counts as forward.", unit: "1", defaultValue: 1,
      range: -1...1, choices: [-1, 1]),
    ParameterSpecification(
      name: "target_velocity",
      description: "The velocity to keep, measured along the direction; absent: run as fast as possible.",
      unit: "m/s", defaultValue: nil, range: -10...10),
    ParameterSpecification(
      name: "control_cost_weight",
      description: "The price of the sum of squared controls; absent: 0.1, or 0.05 with a target velocity.",
      unit: "1", defaultValue: nil, range: 0...10),
  ]
}
