internal import Random

/// Where all environments of a batch stand between two steps: with the tasks, all that its future depends on but the
/// actions.
///
/// A row whose world cannot write down its state is stored as the actions of its episode so far, and its generator as
/// it was before the episode's start state was drawn.
package struct EnvironmentBatchSnapshot: Sendable, Equatable {
  /// Each row's world, as `RestorableEnvironment.snapshot` or as actions, shape (E, …).
  package var worlds: [[Double]]
  /// Each row's generator of start states, as `NumPyGenerator.snapshot`, shape (E, 6), row-major.
  package var generators: [UInt64]
  /// The steps since each row's episode began, shape (E).
  package var elapsedSteps: [Int]
  /// The sum of rewards of each row's episode so far, shape (E).
  package var episodeReturns: [Double]
  /// The metrics of each row's episode so far, shape (E, M), row-major.
  package var episodeMetrics: [Double]
  /// How many episodes of each row were cut because the simulation became unstable, shape (E).
  package var divergedEpisodes: [Int]

  /// A snapshot; see the properties.
  package init(
    worlds: [[Double]], generators: [UInt64], elapsedSteps: [Int], episodeReturns: [Double],
    episodeMetrics: [Double], divergedEpisodes: [Int]
  ) {
    self.worlds = worlds
    self.generators = generators
    self.elapsedSteps = elapsedSteps
    self.episodeReturns = episodeReturns
    self.episodeMetrics = episodeMetrics
    self.divergedEpisodes = divergedEpisodes
  }
}

extension EnvironmentBatch {
  /// Where the batch stands; `reset` has been called before.
  package var snapshot: EnvironmentBatchSnapshot {
    let elapsed = (0..<count).map { begins[$0] ? 0 : episodeLengths[$0] }
    let worlds = (0..<count).map { row in
      guard let recording = recordings[row] else { return group.snapshot(of: row) ?? [] }
      return (0..<elapsed[row] * actionSpace.width).map { Double(recording[$0]) }
    }
    return EnvironmentBatchSnapshot(
      worlds: worlds,
      generators: (0..<count).flatMap { (recordings[$0] == nil ? generators : startGenerators)[$0].snapshot },
      elapsedSteps: elapsed, episodeReturns: (0..<count).map { elapsed[$0] == 0 ? 0 : episodeReturns[$0] },
      episodeMetrics: (0..<count * metrics.count).map {
        elapsed[$0 / metrics.count] == 0 ? 0 : episodeMetrics[$0]
      }, divergedEpisodes: (0..<count).map { divergedCounts[$0] })
  }

  /// Goes on from a snapshot of a batch of the same tasks: the same actions bring the same bits. `observations` are
  /// valid afterwards.
  ///
  /// - Throws: `EnvironmentError.snapshotDoesNotFit` for one of another batch, and what environments throw that are
  ///   replayed; the batch is then to be reset.
  package func restore(_ snapshot: EnvironmentBatchSnapshot) throws {
    func require(_ found: Int, _ expected: Int, _ quantity: String) throws {
      guard found == expected else {
        throw EnvironmentError.snapshotDoesNotFit(quantity: quantity, expected: expected, found: found)
      }
    }
    try require(snapshot.worlds.count, count, "worlds")
    try require(snapshot.generators.count, count * NumPyGenerator.snapshotSize, "words of generators")
    try require(snapshot.elapsedSteps.count, count, "episode lengths")
    try require(snapshot.episodeReturns.count, count, "episode returns")
    try require(snapshot.episodeMetrics.count, count * metrics.count, "episode metrics")
    try require(snapshot.divergedEpisodes.count, count, "counts of diverged episodes")
    for row in 0..<count {
      let elapsed = snapshot.elapsedSteps[row]
      guard (0..<horizons[row]).contains(elapsed) else {
        throw EnvironmentError.snapshotDoesNotFit(
          quantity: "steps of an unfinished episode at most", expected: horizons[row] - 1, found: elapsed)
      }
      let words = NumPyGenerator.snapshotSize
      generators[row] = NumPyGenerator(snapshot: snapshot.generators[row * words..<(row + 1) * words])
      let world = snapshot.worlds[row]
      if let recording = recordings[row] {
        try require(world.count, elapsed * actionSpace.width, "entries of actions")
        for (index, entry) in world.enumerated() { recording[index] = Float(entry) }
        try replay(row, recording, steps: elapsed)
      } else {
        try group.restore(row, world)
      }
      begins[row] = elapsed == 0
      episodeLengths[row] = elapsed
      episodeReturns[row] = snapshot.episodeReturns[row]
      for index in row * metrics.count..<(row + 1) * metrics.count {
        episodeMetrics[index] = snapshot.episodeMetrics[index]
      }
      divergedCounts[row] = snapshot.divergedEpisodes[row]
    }
    group.observe(0..<count, into: observations)
    hasBegun = true
  }

  /// Draws a row's start state and takes the actions of a recording.
  private func replay(_ row: Int, _ recording: UnsafePointer<Float>, steps: Int) throws {
    startGenerators[row] = generators[row]
    try group.reset(row, using: &generators[row])
    let width = actionSpace.width
    for step in 0..<steps {
      (actions + row * width).update(from: recording + step * width, count: width)
      do {
        try group.step(row..<row + 1, actions: actions, outcomes: outcomes)
      } catch {
        throw error.error
      }
    }
  }
}
