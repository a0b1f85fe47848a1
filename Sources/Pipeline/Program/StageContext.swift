package import Artifacts
package import Configuration
internal import Environments
internal import Foundation
package import Logging
package import Random
internal import Spelling
internal import Training
package import Workers

/// What a stage works with besides its inputs: its settings, its randomness, its workers, its log and profile.
package struct StageContext<Section: StageSection> {
  /// The stage's settings.
  package let slice: Slice<Section>
  /// Writes to standard error.
  package let logger: Logger
  /// Shares out the work; results do not depend on its size.
  package let workers: WorkerPool
  /// The file that the settings were read from, for errors.
  package let configFile: String
  /// The artifact to write.
  package let output: String

  /// Where the time goes; logged when the artifact is written.
  package let profile = StageProfile()

  private let start = ContinuousClock.now
  /// What the program was built from, which is asked of git in the background.
  let revision = InBackground { SourceRevision.ofThisProgram() }
  /// The least pause between two checkpoints, seconds; 0 writes one at every opportunity.
  let checkpointInterval: Double
  /// Whether the program was asked to stop.
  let interruption: Interruption
  private let lock: OutputLock

  /// Reads the settings, and looks whether the artifact can be written before work is put into it.
  ///
  /// - Parameters:
  ///   - checkpoints: how often the stage saves its state, for one that has `Checkpoints`.
  ///   - label: what log lines start with; nil for the stage's name.
  /// - Throws: `ConfigurationError`, `ProgramError.output` for a folder that cannot be written, or `.held` if another
  ///   process is making the artifact.
  package init(
    _ options: StageOptions, threads: Int = 1, checkpoints: CheckpointOptions? = nil, label: String? = nil
  ) throws {
    checkpointInterval = try checkpoints?.interval() ?? CheckpointConfiguration.defaultSeconds
    slice = try Slice<Section>(reading: options.config)
    logger = consoleLogger(label ?? Section.stage.rawValue, quiet: options.quiet)
    workers = WorkerPool(threads: threads)
    configFile = options.config
    output = options.output
    let folder = (output as NSString).deletingLastPathComponent
    guard access(folder.isEmpty ? "." : folder + "/.", W_OK) == 0 else {
      throw ProgramError.output(output, errno)
    }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: output, isDirectory: &isFolder), isFolder.boolValue {
      throw ProgramError.output(output, EISDIR)
    }
    lock = try OutputLock(output: output)
    interruption = Interruption(logger, leftovers: [output + ".part", lock.path])
  }

  /// The stage's random numbers: a function of the run's seed and the stage's name.
  package var random: RandomStream { RandomStream(seed: slice.seed, name: Section.stage.rawValue) }

  /// Checks that the artifact would not take the place of an input.
  ///
  /// - Throws: `ProgramError.usage`.
  package func requireOutput(apartFrom inputs: [String]) throws {
    try Pipeline.requireOutput(output, apartFrom: inputs)
  }

  /// Makes the artifact from files by role, writes it with its provenance, and says so.
  ///
  /// - Parameter artifact: the stage's work, which begins once the output is known to be none of the inputs.
  /// - Throws: what the stage throws, `ArtifactError` if the artifact cannot be written, and `ProgramError`: `.usage` for
  ///   an output that is one of the inputs, `.changedMeanwhile` for settings or inputs that are no longer those it was
  ///   made from, `.stopped` if it is written but the program was asked to stop.
  package func write<Made: Artifact>(
    _ artifact: @autoclosure () throws -> Made, inputs: [String: String] = [:]
  ) throws {
    try requireOutput(apartFrom: Array(inputs.values))
    // Inputs are digested while the stage reads them, which seldom keeps every processor busy.
    let digests = InBackground { Result { try Provenance.digests(of: inputs) } }
    let artifact = try artifact()
    try profile.measure(.inputOutput) {
      let digests = try digests.value.get()
      try requireUnchanged(inputs, digests)
      try artifact.write(to: output, provenance: provenance(inputs: digests))
    }
    CheckpointFiles(of: output).remove()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    if let text = profile.text(of: seconds) { logger.info("\(text)") }
    logger.info("wrote \(output) after \(timeText(seconds))")
    if interruption.isRequested {
      throw ProgramError.stopped("\(logger.label): stopped; \(output) is written")
    }
  }

  /// Checks that the settings and inputs are still those that the stage began with. Otherwise the artifact, newer than
  /// all of them, would look to make as if it were made from them.
  private func requireUnchanged(_ inputs: [String: String], _ digests: [String: String]) throws {
    guard FileManager.default.contents(atPath: configFile) == Data(slice.text.utf8) else {
      throw ProgramError.changedMeanwhile(file: configFile)
    }
    let present = try Provenance.digests(of: inputs)
    for (role, file) in inputs.sorted(by: { $0.key < $1.key }) where present[role] != digests[role] {
      throw ProgramError.changedMeanwhile(file: file)
    }
  }
}
