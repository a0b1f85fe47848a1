internal import Artifacts
package import Configuration

/// Runs a stage that makes one artifact from those of other stages, as its program does, and writes the artifact.
///
/// - Parameters:
///   - stage: any but full-train-eval, whose artifacts are made set by set.
///   - inputs: the files of the stages in `stage.inputs`.
/// - Returns: where the time went.
/// - Throws: `ProgramError.usage` for a stage or an input that cannot be, and what the stage throws.
@discardableResult
package func run(
  _ stage: Stage, _ options: StageOptions, inputs: [Stage: String] = [:], threads: Int = 1,
  checkpoints: CheckpointOptions? = nil
) throws -> StageProfile {
  func file(_ input: Stage) throws -> String {
    guard let file = inputs[input] else {
      throw ProgramError.usage("\(stage.rawValue) needs a file of \(input.rawValue)")
    }
    return file
  }
  func make<Section, Made: Artifact>(_ work: (StageContext<Section>) throws -> Made) throws -> StageProfile {
    let context = try StageContext<Section>(options, threads: threads, checkpoints: checkpoints)
    let roles = try stage.inputs.map { ($0.role, try file($0)) }
    try context.write(work(context), inputs: Dictionary(uniqueKeysWithValues: roles))
    return context.profile
  }
  switch stage {
  case .metaTrain: return try make { try metaTrain($0) }
  case .collectGradients: return try make { try collectGradients($0, metaTrain: file(.metaTrain)) }
  case .sampleSubsets: return try make { try sampleSubsets($0) }
  case .linearizedAdapt:
    return try make {
      try linearizedAdapt(
        $0, collectGradients: file(.collectGradients), sampleSubsets: file(.sampleSubsets))
    }
  case .score:
    return try make {
      try score(
        $0, collectGradients: file(.collectGradients), sampleSubsets: file(.sampleSubsets),
        linearizedAdapt: file(.linearizedAdapt))
    }
  case .cluster: return try make { try cluster($0, score: file(.score)) }
  case .fullTrainEval, .truth:
    throw ProgramError.usage("\(stage.rawValue) trains set by set, and merges them")
  }
}
