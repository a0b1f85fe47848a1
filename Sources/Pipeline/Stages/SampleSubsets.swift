package import Artifacts
package import Configuration
internal import Logging
internal import Random
internal import TaskAffinity

/// The stage sample-subsets: the task subsets whose adaptation is estimated.
///
/// - Throws: when the number of subsets that the configuration asks for does not exist or cannot cover every pair.
package func sampleSubsets(
  _ context: StageContext<SampleSubsetsSection>
) throws -> SampleSubsetsArtifact {
  let settings = context.slice.body
  let names = settings.tasks.map(\.name)
  guard names.count > 1 else {
    throw ProgramError.usage(
      "\(names[0]) is the only task, so there is nothing to group; run meta-train alone")
  }
  guard settings.section.size <= names.count else {
    throw ProgramError.usage(
      "sample-subsets.size is \(settings.section.size), but there are only \(names.count) tasks")
  }
  var random = context.random
  let subsets = try namingTasks(names, file: context.configFile) {
    try TaskAffinity.sampleSubsets(
      taskCount: names.count, size: settings.section.size, count: settings.section.count, random: &random)
  }
  context.logger.info("\(subsets.count) subsets of \(settings.section.size) of \(names.count) tasks")
  return SampleSubsetsArtifact {
    $0.tasks = names
    $0.subsets = subsets
  }
}
