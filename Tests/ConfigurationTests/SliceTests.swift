import Configuration
import Foundation
import TestSupport
import Testing

@Suite struct SliceTests {
  @Test("numbers may be written 1e6, 1_000_000 and 1000000.0 where whole ones are asked for")
  func wholeNumbers() throws {
    for text in ["1e6", "1_000_000", "1000000.0", "1000000"] {
      let read = try configuration(edited("total_timesteps: 1000", "total_timesteps: \(text)"))
      #expect(read.metaTrain.totalTimesteps == 1_000_000)
    }
  }

  @Test("comments, order, layout and the spelling of numbers leave every slice as it is")
  func formatting() throws {
    let text = """
      # Another order, another layout.
      full-train-eval: {timesteps_per_task: 1e2}   # a comment

      score: {confidence: 0.90}
      meta-train: {"total_timesteps": 1_000}
      task_id: 'hidden'
      ppo: {n_envs: 4.0, gae_lambda: 9e-1}
      tasks: [cartpole/default, cartpole/flip, cartpole/length-1.5]
      """
    #expect(try slices(configuration(text)) == slices(configuration(sample)))
  }

  @Test("writing a default out leaves every slice as it is")
  func defaultsWrittenOut() throws {
    let text = try edited(
      "score:\n  confidence: 0.9",
      "score:\n  confidence: 0.9\n  bootstrap_replicates: 1000\ncluster: {k: auto}")
    #expect(try slices(configuration(text)) == slices(configuration(sample)))
  }

  @Test(
    "an edit changes the slices of the stages that read it, and no other",
    arguments: [
      ("confidence: 0.9", "confidence: 0.8", [Stage.score]),
      ("total_timesteps: 1000", "total_timesteps: 1001", [.metaTrain]),
      ("timesteps_per_task: 100", "timesteps_per_task: 101", [.fullTrainEval, .truth]),
      ("gae_lambda: 0.9", "gae_lambda: 0.8", [.metaTrain, .fullTrainEval, .truth]),
      ("task_id: hidden", "task_id: one_hot", [.metaTrain, .fullTrainEval, .truth]),
      ("score:\n", "cluster: {k: 2}\nscore:\n", [.cluster]),
      ("score:\n", "linearized-adapt: {ridge: 0.5}\nscore:\n", [.linearizedAdapt]),
      ("score:\n", "collect-gradients: {projection_dimension: 7}\nscore:\n", [.collectGradients]),
      ("score:\n", "sample-subsets: {size: 2}\nscore:\n", [.sampleSubsets]),
      ("score:\n", "truth: {sizes: all}\nscore:\n", [.truth]),
    ])
  func editsChangeTheirSlices(old: String, new: String, stages: [Stage]) throws {
    let (before, after) = (try slices(configuration(sample)), try slices(configuration(edited(old, new))))
    #expect(Stage.allCases.filter { before[$0] != after[$0] } == stages)
  }

  @Test("the truth trains as long as full-train-eval, unless it says otherwise")
  func stepsOfTruth() throws {
    let (plain, own) = try (
      configuration(sample), configuration(edited("score:\n", "truth: {timesteps_per_task: 7}\nscore:\n"))
    )
    #expect(try slice(of: plain, TruthSection.self).body.section.timestepsPerTask == 100)
    #expect(try slice(of: own, TruthSection.self).body.section.timestepsPerTask == 7)
    #expect(try slice(of: own, FullTrainEvalSection.self).body.section.training.timestepsPerTask == 100)
  }

  @Test("a profile changes what it names and keeps the rest")
  func profile() throws {
    let smoke = try configuration(sample, profile: "smoke")
    #expect(smoke.learner.ppo.numEnvs == 2)
    #expect(smoke.learner.ppo.gaeLambda == 0.9)
    #expect(smoke.metaTrain.totalTimesteps == 1000)
    #expect(smoke.profiles == ["smoke", "large"])
  }

  @Test("a profile that says nothing, or nothing of a section, changes nothing")
  func emptyProfile() throws {
    let plain = try slices(configuration(sample))
    for empty in ["smoke:", "smoke:\n    ppo:", "smoke: {}"] {
      let text = try edited("smoke:\n    ppo: {num_envs: 2}", empty)
      #expect(try slices(configuration(text, profile: "smoke")) == plain)
    }
  }

  @Test("a profile's setting wins over the file's, whichever of its two names each uses")
  func synonymsInProfiles() throws {
    let text = try edited("ppo: {num_envs: 2}", "ppo: {n_envs: 2}")
    #expect(try configuration(text, profile: "smoke").learner.ppo.numEnvs == 2)
    let other = try edited("num_envs: 4", "n_envs: 4")
    #expect(try configuration(other, profile: "smoke").learner.ppo.numEnvs == 2)
    let both = try edited("ppo: {num_envs: 2}", "ppo: {n_envs: 2, num_envs: 3}")
    #expect(try refusal(Data(both.utf8), profile: "smoke")?.message.contains("says the same as") == true)
  }

  @Test("a slice reads back to what was sliced")
  func roundTrip() throws {
    let whole = try configuration(sample)
    let training = try slice(of: whole, MetaTrainSection.self)
    #expect(training.seed == 3)
    #expect(training.text == whole.slice(for: .metaTrain, seed: 3, tasks: resolvedTasks))
    #expect(training.body.section == whole.metaTrain)
    #expect(training.body.learner.ppo == whole.learner.ppo)
    #expect(training.body.learner.policy == whole.learner.policy)
    #expect(training.body.learner.taskID == whole.learner.taskID)
    for (entry, name) in zip(training.body.learner.tasks, ["default", "flip", "length-1.5"]) {
      #expect(entry.name == "cartpole/\(name)")
      #expect(entry.environment == "CartPole-v1" && entry.horizon == 200)
      #expect(entry.parameters == ["length": .number(0.5), "actuation_sign": .number(-1)])
    }
    #expect(try slice(of: whole, CollectGradientsSection.self).body.section == whole.collectGradients)
    #expect(try slice(of: whole, SampleSubsetsSection.self).body.section == whole.sampleSubsets)
    #expect(try slice(of: whole, LinearizedAdaptSection.self).body.section == whole.linearizedAdapt)
    #expect(try slice(of: whole, ScoreSection.self).body.section == whole.score)
    #expect(try slice(of: whole, ClusterSection.self).body.section == whole.cluster)
    #expect(try slice(of: whole, FullTrainEvalSection.self).body.section == whole.fullTrainEval)
  }

  @Test("numbers survive a slice to the last bit, and texts with quotes too")
  func exactNumbers() throws {
    let text = try edited("gae_lambda: 0.9", "gae_lambda: 0.1234567890123456789\n  learning_rate: 1e-7")
    let whole = try configuration(text)
    let odd = TaskEntry.resolved(
      name: #"a "quoted\" name"#, environment: "CartPole-v1", horizon: 10,
      parameters: ["x": .number(1e-300), "y": .string("windy")])
    let source = whole.slice(for: .metaTrain, seed: 0, tasks: [odd])
    let read = try withFile(Data(source.utf8)) { try Slice<MetaTrainSection>(reading: $0) }
    #expect(read.body.learner.ppo == whole.learner.ppo)
    #expect(read.body.learner.tasks.first?.name == #"a "quoted\" name"#)
    #expect(read.body.learner.tasks.first?.parameters == ["x": .number(1e-300), "y": .string("windy")])
  }

  @Test("a slice of another stage, of another version, or no slice at all is refused")
  func foreignSlices() throws {
    let whole = try configuration(sample)
    let text = whole.slice(for: .score, seed: 0, tasks: resolvedTasks)
    let other = try sliceRefusal(text)
    #expect(
      other?.message == "is the slice of score, expected that of cluster; make one with `pgx config`")
    let versions = whole.slice(for: .cluster, seed: 0, tasks: resolvedTasks)
      .replacingOccurrences(of: "stage_version: \(Stage.cluster.version)", with: "stage_version: 999")
    #expect(try sliceRefusal(versions)?.message.hasPrefix("is of version 999 of cluster") == true)
    #expect(
      try sliceRefusal(sample)?.message == "is no slice, expected that of cluster; make one with `pgx config`"
    )
    let unknown = whole.slice(for: .cluster, seed: 0, tasks: resolvedTasks) + "colour: 1\n"
    #expect(try sliceRefusal(unknown)?.message.hasPrefix("unknown key \"colour\"") == true)
  }

  private func slice<Section: StageSection>(
    of whole: BenchmarkConfiguration, _: Section.Type
  ) throws -> Slice<Section> {
    let text = whole.slice(for: Section.stage, seed: 3, tasks: resolvedTasks)
    return try withFile(Data(text.utf8)) { try Slice<Section>(reading: $0) }
  }

  private func sliceRefusal(_ text: String) throws -> ConfigurationError? {
    try withFile(Data(text.utf8)) { path in
      #expect(throws: ConfigurationError.self) { _ = try Slice<ClusterSection>(reading: path) }
    }
  }
}
