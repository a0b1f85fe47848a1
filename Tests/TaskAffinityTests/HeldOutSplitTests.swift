import Random
import TaskAffinity
import Testing

@Suite struct HeldOutSplitTests {
  private let random = RandomStream(seed: 5, name: "split")

  /// Two tasks of `counts` episodes with three transitions each, numbered through.
  private func transitions(_ counts: [Int]) -> (task: [Int32], episode: [Int32]) {
    var (task, episode): ([Int32], [Int32]) = ([], [])
    var next: Int32 = 0
    for (index, count) in counts.enumerated() {
      for _ in 0..<count {
        task += [Int32](repeating: Int32(index), count: 3)
        episode += [Int32](repeating: next, count: 3)
        next += 1
      }
    }
    return (task, episode)
  }

  @Test(
    "whole episodes are held out: the fraction, rounded, but at least one and never all",
    arguments: [(0.5, 5), (0.26, 3), (0, 1), (1, 9)])
  func share(fraction: Double, expected: Int) throws {
    let (task, episode) = transitions([10, 10])
    let held = try heldOutTransitions(
      task: task, episode: episode, names: ["a", "b"], fraction: fraction, random: random)
    for index in 0..<2 {
      let rows = held.indices.filter { task[$0] == Int32(index) }
      let (out, kept) = (
        Set(rows.filter { held[$0] }.map { episode[$0] }), Set(rows.filter { !held[$0] }.map { episode[$0] })
      )
      #expect(out.count == expected && kept.count == 10 - expected && out.isDisjoint(with: kept))
    }
  }

  @Test("a task's split depends on its own name and episodes alone")
  func independent() throws {
    let (task, episode) = transitions([8, 8])
    let both = try heldOutTransitions(
      task: task, episode: episode, names: ["a", "b"], fraction: 0.5, random: random)
    let alone = try heldOutTransitions(
      task: Array(task.prefix(24)), episode: Array(episode.prefix(24)), names: ["a"], fraction: 0.5,
      random: random)
    #expect(Array(both.prefix(24)) == alone)
    #expect(Array(both.suffix(24)) != alone)
  }

  @Test("a task with a single episode cannot be split, and is told")
  func tooFew() throws {
    let (task, episode) = transitions([3, 1])
    let error = try #require(throws: HeldOutSplitError.self) {
      try heldOutTransitions(
        task: task, episode: episode, names: ["a", "b"], fraction: 0.5, random: random)
    }
    #expect(error.task == 1 && error.episodeCount == 1)
  }
}
