internal import Configuration
internal import Foundation

/// Checks a whole benchmark file, and writes one slice per stage and seed below a run folder.
///
/// A slice is rewritten only when its bytes change, so make re-runs exactly the stages whose settings changed.
///
/// - Parameters:
///   - profile: the profile to lay over the file; nil for none. All of the file's profiles are checked.
///   - folder: receives `seed-<s>/config/<stage>.yaml`, the slices of training and `checkpoints.yaml`; nil to check only.
/// - Returns: the slices that were written.
/// - Throws: `ConfigurationError`, or `ProgramError.output` for a folder that cannot be written.
package func writeSlices(
  of path: String, profile: String?, seeds: [UInt64], to folder: String?
) throws -> [String] {
  let workload = try Workload(reading: path, profile: profile)
  for name in workload.configuration.profiles where name != profile {
    _ = try Workload(reading: path, profile: name)
  }
  guard let folder else { return [] }
  var written: [String] = []
  for seed in seeds {
    var texts = [("checkpoints", workload.configuration.checkpoints.text)]
    for stage in Stage.allCases {
      let text = workload.slice(of: stage, seed: seed)
      texts.append((stage.rawValue, text))
      if let name = stage.trainingSlice { texts.append((name, stage.trainingText(of: text))) }
    }
    for (name, text) in texts {
      let file = "\(folder)/seed-\(seed)/config/\(name).yaml"
      guard FileManager.default.contents(atPath: file) != Data(text.utf8) else { continue }
      try writeSmallFile(text, to: file)
      written.append(file)
    }
  }
  return written
}

/// The seeds of a list such as "0 1 2".
///
/// - Throws: `ProgramError.usage` for a word that is not a whole number from 0 to 2⁵³, for a seed given twice, and for none.
package func parseSeeds(_ list: String) throws -> [UInt64] {
  let seeds = try list.split(separator: " ").map { word in
    guard let seed = UInt64(word), seed <= 1 << 53, "\(seed)" == word else {
      throw ProgramError.usage("a seed is a whole number from 0 to 2^53, found \"\(word)\"")
    }
    return seed
  }
  guard !seeds.isEmpty, Set(seeds).count == seeds.count else {
    throw ProgramError.usage("--seeds takes at least one seed, each once, found \"\(list)\"")
  }
  return seeds
}
