import Artifacts
import Pipeline
import Policies
import Random
import TestSupport
import Testing
import Training

@Suite struct StoredNetworksTests {
  /// A policy with random parameters for three tasks of which it is told.
  private func trained(_ network: NetworkCase, _ distribution: ActionDistribution) -> TrainedPolicy {
    var random = RandomStream(seed: 1, name: "stored")
    let input = NetworkInput(observationSize: 4, taskCount: 3)
    let policy = Policy(network: network.make(input, distribution.outputCount), distribution: distribution)
    let critic = network.make(input, 1)
    return TrainedPolicy(
      policy: policy, policyParameters: policy.initialParameters(using: &random), critic: critic,
      criticParameters: critic.initialParameters(headGain: 1, using: &random),
      normalizer: RunningNormalizer(mean: [1, 2, 3, 4], variance: [1, 2, 1, 2], count: 100),
      taskNumbers: [0, 1, 2], rewardScales: [1, 2, 3])
  }

  @Test(
    "policies of every kind of network come back from a file as they were", arguments: NetworkCase.all,
    [ActionDistribution.gaussian(size: 2), .categorical(count: 3)])
  func roundTrip(network: NetworkCase, distribution: ActionDistribution) throws {
    try withTemporaryDirectory { folder in
      let file = folder + "/meta-train.h5"
      let trained = trained(network, distribution)
      let artifact = try MetaTrainArtifact {
        $0.tasks = ["a", "b", "c"]
        $0.policy = try NetworkParameters(policyOf: trained)
        $0.critic = try NetworkParameters(criticOf: trained)
        $0.normalizer = NormalizerMoments(mean: [1, 2, 3, 4], variance: [1, 2, 1, 2], count: 100)
        $0.curve = LearningCurve(steps: [1], returns: [0, 0, 0])
        $0.taskReturn = [0, 0, 0]
        $0.rewardScale = [1, 2, 3]
      }
      let provenance = Provenance {
        $0.stage = "meta-train"
        $0.stageVersion = 2
        $0.gitCommit = "0123abc"
        $0.gitDirty = 0
        $0.toolchain = "Swift"
        $0.seed = 0
        $0.config = ""
      }
      try artifact.write(to: file, provenance: provenance)
      let stored = try MetaTrainArtifact(reading: file)
      #expect(
        try TrainedPolicy(stored, file: file, kinds: [MultilayerPerceptron.self, GatedSum.self]) == trained)
      if trained.critic is GatedSum {
        let error = #expect(throws: ArtifactError.self) { try TrainedPolicy(stored, file: file) }
        #expect("\(String(describing: error))".contains("/policy@architecture"))
      } else {
        #expect(try TrainedPolicy(stored, file: file) == trained)
      }
    }
  }
}
