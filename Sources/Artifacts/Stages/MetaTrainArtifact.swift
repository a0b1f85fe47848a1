/// What meta-train hands on: one policy for all tasks.
package struct MetaTrainArtifact: Artifact {
  /// How it is stored.
  package static var schema: ArtifactSchema { .metaTrain }

  /// The names of the tasks (K).
  package let tasks: [String]

  /// The policy.
  package let policy: NetworkParameters

  /// The critic; its log-std is nil.
  package let critic: NetworkParameters

  /// The observation normalizer at the end of training (O).
  package let normalizer: NormalizerMoments

  /// The learning curve (T, K).
  package let curve: LearningCurve

  /// The mean return of the trained policy on each task (K).
  package let taskReturn: [Double]

  /// What the critic's values of each task are in units of (K): its rewards were divided by this.
  package let rewardScale: [Double]

  /// The values of the stage; see the properties.
  package init(
    tasks: [String], policy: NetworkParameters, critic: NetworkParameters, normalizer: NormalizerMoments,
    curve: LearningCurve, taskReturn: [Double], rewardScale: [Double]
  ) {
    self.tasks = tasks
    self.policy = policy
    self.critic = critic
    self.normalizer = normalizer
    self.curve = curve
    self.taskReturn = taskReturn
    self.rewardScale = rewardScale
  }

  /// The values of a validated file.
  package init(_ contents: ValidatedContents) throws(ArtifactError) {
    self.init(
      tasks: try contents.values("/dims/task"), policy: try NetworkParameters(contents, group: "/policy"),
      critic: try NetworkParameters(contents, group: "/critic"), normalizer: try NormalizerMoments(contents),
      curve: try LearningCurve(contents), taskReturn: try contents.values("/return"),
      rewardScale: try contents.values("/reward_scale"))
  }

  /// The datasets and attributes.
  package var contents: ArtifactContents {
    var contents = ArtifactContents()
    contents.add(tasks: tasks)
    policy.add(to: &contents, group: "/policy")
    critic.add(to: &contents, group: "/critic")
    normalizer.add(to: &contents)
    curve.add(to: &contents, taskCount: tasks.count)
    contents.add("/return", .float64(taskReturn), shape: [taskReturn.count])
    contents.add("/reward_scale", .float64(rewardScale), shape: [rewardScale.count])
    return contents
  }
}
