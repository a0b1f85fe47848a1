package import Environments
internal import MuJoCo

extension TaskRegistry {
  /// Registers the tasks that run on MuJoCo: the family HalfCheetah-v5, Gymnasium's plain task
  /// (1000 steps), and the ten tasks of the benchmark `halfcheetah` (200 steps).
  ///
  /// The models that these tasks compile are kept in one cache, which lives as long as the families do.
  ///
  /// - Parameter assets: where Gymnasium 1.4.0's half_cheetah.xml is looked for.
  /// - Throws: `EnvironmentError.duplicate` if called twice. A missing or broken model
  ///   file is found when the first environment is made, as an `AssetsError` or `MuJoCoError`.
  package mutating func registerMuJoCoTasks(assets: AssetFolder = AssetFolder()) throws {
    try register(HalfCheetahEnvironment.family(assets: assets, models: ModelCache()))
    try register(
      TaskSpecification(name: "HalfCheetah-v5", family: HalfCheetahEnvironment.familyName, horizon: 1000))
    for (variation, parameters) in halfCheetahSources {
      try register(
        TaskSpecification(
          name: "halfcheetah/\(variation)", family: HalfCheetahEnvironment.familyName, parameters: parameters,
          horizon: 200))
    }
  }
}

/// Three blocks of tasks that help each other and hinder the other blocks: fast forward, backward, and slow.
/// The target of 3 m/s leans to the first block, that of −3 to the second, and −1 lies between the last two.
private let halfCheetahSources: [(variation: String, parameters: [String: ParameterValue])] = [
  ("fwd", [:]), ("fwd-gravity-1.5", ["gravity_scale": 1.5]), ("fwd-torso-2", ["torso_mass_scale": 2]),
  ("velocity-3", ["target_velocity": 3]),
  ("bwd", ["direction": -1]), ("bwd-gravity-1.5", ["direction": -1, "gravity_scale": 1.5]),
  ("velocity-minus-3", ["target_velocity": -3]),
  ("velocity-1", ["target_velocity": 1]), ("velocity-0.5", ["target_velocity": 0.5]),
  ("velocity-minus-1", ["target_velocity": -1]),
]
