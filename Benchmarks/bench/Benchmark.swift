/// What a round of a benchmark measures, and which way is better.
enum Quantity {
  /// Something per second: more is better. The string is the unit, "env steps/s".
  case rate(String)
  /// Seconds: less is better.
  case seconds
  /// Bytes of memory: less is better.
  case bytes

  /// How many times as good `ours` is as `theirs`.
  func ratio(_ ours: Double, to theirs: Double) -> Double {
    switch self {
    case .rate: ours / theirs
    case .seconds, .bytes: theirs / ours
    }
  }
}

/// Someone who does the work of a benchmark.
struct Contestant {
  /// The name in the table.
  let name: String
  /// One round, in the benchmark's quantity. A round lasts long enough to be steady, about a second.
  let round: () throws -> Double

  /// A contestant.
  init(_ name: String, round: @escaping () throws -> Double) {
    self.name = name
    self.round = round
  }
}

/// The least ratio to a contestant that ours must reach.
struct Target {
  /// The contestant's name.
  let contestant: String
  /// How many times as good as that contestant ours must be.
  let ratio: Double
}

/// The same work done by us and by others, alternately.
struct Benchmark {
  /// The name on the command line.
  let name: String
  /// What is measured, with sizes, in one line.
  let title: String
  /// What a round gives.
  let quantity: Quantity
  /// Ours first. Peers that are not installed are left out.
  let contestants: [Contestant]
  /// What must be reached against those that are present.
  let targets: [Target]
  /// The most seconds or bytes that ours may take, if that is laid down.
  var limit: Double?

  /// Whether a word of the command line means this benchmark: its name, or what stands before a dash of it.
  func isMeant(by word: String) -> Bool { name == word || name.hasPrefix(word + "-") }
}

/// The rounds of one benchmark.
struct Measurement {
  /// The benchmark.
  let benchmark: Benchmark
  /// Sorted rounds of each contestant, shape (contestants, rounds).
  let rounds: [[Double]]

  /// Runs every contestant once for warmth, and then all of them in turn, `rounds` times, so that a change of
  /// the machine's speed meets all alike.
  init(_ benchmark: Benchmark, rounds: Int) throws {
    self.benchmark = benchmark
    for contestant in benchmark.contestants { _ = try contestant.round() }
    var measured = [[Double]](repeating: [], count: benchmark.contestants.count)
    for _ in 0..<rounds {
      for (index, contestant) in benchmark.contestants.enumerated() {
        measured[index].append(try contestant.round())
      }
    }
    self.rounds = measured.map { $0.sorted() }
  }

  /// The median round of a contestant.
  func median(_ contestant: Int) -> Double {
    let sorted = rounds[contestant]
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// How many times as good ours is as a contestant, by medians.
  func ratio(_ contestant: Int) -> Double {
    benchmark.quantity.ratio(median(0), to: median(contestant))
  }

  /// Whether ours keeps the limit; nil if there is none.
  var keepsLimit: Bool? { benchmark.limit.map { median(0) <= $0 } }

  /// The target against a contestant, if there is one.
  func target(_ contestant: Int) -> Target? {
    benchmark.targets.first { $0.contestant == benchmark.contestants[contestant].name }
  }
}
