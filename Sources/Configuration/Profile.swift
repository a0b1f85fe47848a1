internal import Spelling
internal import Yams

/// The whole file's settings with one of its profiles, or none, laid over them, and without the section `profiles`;
/// `names` receives the names of all profiles.
///
/// - Throws: for a profile that the file does not have, and for profiles that have no names.
func overlay(
  profile: String?, of root: Node, file: String, names: inout [String]
) throws(ConfigurationError) -> Node {
  guard case .mapping(var mapping) = root else { return root }
  let profiles = mapping["profiles"]
  mapping["profiles"] = nil
  if let profiles, profiles.mapping == nil {
    throw ConfigurationError(
      file: file, line: profiles.mark?.line, "profiles must hold the profiles by name")
  }
  names = profiles?.mapping?.keys.compactMap { $0.scalar?.string } ?? []
  guard let profile else { return .mapping(mapping) }
  guard let layer = profiles?[profile] else {
    throw ConfigurationError(
      file: file, line: profiles?.mark?.line,
      "there is no profile \"\(profile)\"\(spellingHint(for: profile, among: names))")
  }
  return merge(.mapping(mapping), layer)
}

/// `lower` with the keys of `upper` in their place, section by section; lists and values are replaced whole, an empty
/// section changes nothing, and a key of `upper` takes the place of one that says the same by another name.
func merge(_ lower: Node, _ upper: Node) -> Node {
  guard case .mapping(var result) = lower else { return upper }
  if let scalar = upper.scalar, scalar.string.isEmpty { return lower }
  guard case .mapping(let layer) = upper else { return upper }
  let given = layer.keys.compactMap { $0.scalar?.string }
  for key in result.keys {
    guard let name = key.scalar?.string, !given.contains(name) else { continue }
    if given.contains(where: { canonicalKey($0) == canonicalKey(name) }) { result[key] = nil }
  }
  for (key, value) in layer {
    result[key] = result[key].map { merge($0, value) } ?? value
  }
  return .mapping(result)
}

/// The name under which a key is kept: Stable-Baselines3's names of settings are understood as CleanRL's.
func canonicalKey(_ key: String) -> String {
  switch key {
  case "n_envs": "num_envs"
  case "n_steps": "num_steps"
  case "n_epochs": "update_epochs"
  case "clip_range": "clip_coef"
  default: key
  }
}
