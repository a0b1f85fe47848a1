internal import Random

/// Where all environments of a batch stand between two steps: with the tasks, all that its future depends on but the
/// actions.
package struct EnvironmentBatchSnapshot: Sendable, Equatable {
  /// Entries of a row of `worlds` (S).
  package var worldSize: Int
  /// Each row's world, as `Environment.snapshot`, shape (E, S), row-major.
  package var worlds: [Double]
  /// Each row's generator of start states, as `NumPyGenerator.snapshot`, shape (E, 6), row-major.
  package var generators: [UInt64]
  /// The steps since each row's episode began, shape (E).
  package var elapsedSteps: [Int]
  /// The sum of rewards of each row's episode so far, shape (E).
  package var episodeReturns: [Double]
  /// How many episodes of each row were cut because the simulation became unstable, shape (E).
  package var divergedEpisodes: [Int]

  /// A snapshot; see the properties.
  package init(
    worldSize: Int, worlds: [Double], generators: [UInt64], elapsedSteps: [Int], episodeReturns: [Double],
    divergedEpisodes: [Int]
  ) {
    self.worldSize = worldSize
    self.worlds = worlds
    self.generators = generators
    self.elapsedSteps = elapsedSteps
    self.episodeReturns = episodeReturns
    self.divergedEpisodes = divergedEpisodes
  }
}

extension EnvironmentBatch {
  /// Where the batch stands; `reset` has been called before.
  package var snapshot: EnvironmentBatchSnapshot {
    let worlds = (0..<count).map(group.snapshot(of:))
    let elapsed = (0..<count).map { begins[$0] ? 0 : episodeLengths[$0] }
    return EnvironmentBatchSnapshot(
      worldSize: worlds.first?.count ?? 0, worlds: worlds.flatMap { $0 },
      generators: (0..<count).flatMap { generators[$0].snapshot }, elapsedSteps: elapsed,
      episodeReturns: (0..<count).map { elapsed[$0] == 0 ? 0 : episodeReturns[$0] },
      divergedEpisodes: (0..<count).map { divergedCounts[$0] })
  }

  /// Goes on from a snapshot of a batch of the same tasks: the same actions bring the same bits. `observations` are
  /// valid afterwards.
  ///
  /// - Throws: `EnvironmentError.snapshotDoesNotFit` for one of another batch; the batch is then to be reset.
  package func restore(_ snapshot: EnvironmentBatchSnapshot) throws {
    let size = group.snapshotSize
    func require(_ found: Int, _ expected: Int, _ quantity: String) throws {
      guard found == expected else {
        throw EnvironmentError.snapshotDoesNotFit(quantity: quantity, expected: expected, found: found)
      }
    }
    try require(snapshot.worldSize, size, "numbers per world")
    try require(snapshot.worlds.count, count * size, "numbers of worlds")
    try require(snapshot.generators.count, count * NumPyGenerator.snapshotSize, "words of generators")
    try require(snapshot.elapsedSteps.count, count, "episode lengths")
    try require(snapshot.episodeReturns.count, count, "episode returns")
    try require(snapshot.divergedEpisodes.count, count, "counts of diverged episodes")
    for row in 0..<count {
      let elapsed = snapshot.elapsedSteps[row]
      guard (0..<horizons[row]).contains(elapsed) else {
        throw EnvironmentError.snapshotDoesNotFit(
          quantity: "steps of an unfinished episode at most", expected: horizons[row] - 1, found: elapsed)
      }
      let words = NumPyGenerator.snapshotSize
      generators[row] = NumPyGenerator(snapshot: snapshot.generators[row * words..<(row + 1) * words])
      begins[row] = elapsed == 0
      episodeLengths[row] = elapsed
      episodeReturns[row] = snapshot.episodeReturns[row]
      divergedCounts[row] = snapshot.divergedEpisodes[row]
      try group.restore(row, Array(snapshot.worlds[row * size..<(row + 1) * size]))
    }
    group.observe(0..<count, into: observations)
    hasBegun = true
  }
}
