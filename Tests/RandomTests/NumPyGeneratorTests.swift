import Digest
import Foundation
import Random
import Testing

/// Draws of NumPy 2.4.6, made by scripts/golden/random_numbers.py.
private struct GoldenDraws: Decodable {
  struct Summary: Decodable {
    var digest: String
    var ends: [String]  // first three, last three
  }

  struct Normals: Decodable {
    enum Field: String, CodingKey { case digest, ends, tail }
    var summary: Summary
    var tail: [Int: Double] = [:]  // index: value

    init(from decoder: any Decoder) throws {
      summary = try Summary(from: decoder)
      var list = try decoder.container(keyedBy: Field.self).nestedUnkeyedContainer(forKey: .tail)
      while !list.isAtEnd {
        var pair = try list.nestedUnkeyedContainer()
        let index = try pair.decode(Int.self)
        let bits = UInt64(try pair.decode(String.self), radix: 16)
        tail[index] = Double(bitPattern: try #require(bits))
      }
    }
  }

  struct Case: Decodable {
    var seed: String
    var words: Summary
    var uniform: Summary
    var range: Summary
    var normal: Normals
    var integers: [String: Summary]
    var mixed: Summary

    func generator() throws -> NumPyGenerator {
      NumPyGenerator(seed: try #require(UInt64(seed, radix: 16)))
    }
  }

  var count: Int
  var tables: String
  var cases: [Case]

  init() throws {
    let url = try #require(
      Bundle.module.url(forResource: "numpy", withExtension: "json", subdirectory: "Fixtures"))
    self = try JSONDecoder().decode(GoldenDraws.self, from: Data(contentsOf: url))
  }
}

/// What the draws agree with: their ends, to say where they begin to differ, and all of them.
private func expect(
  _ draws: [UInt64], are expected: GoldenDraws.Summary, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let ends = (draws.prefix(3) + draws.suffix(3)).map { String($0, radix: 16) }
  #expect(ends == expected.ends, "\(what)", sourceLocation: sourceLocation)
  #expect(try digest(draws) == expected.digest, "\(what)", sourceLocation: sourceLocation)
}

private func digest(_ words: [UInt64]) throws -> String {
  SHA256.digest(of: words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } })
}

@Suite struct NumPyGeneratorTests {
  private let golden: GoldenDraws

  init() throws {
    golden = try GoldenDraws()
    try #require(golden.cases.count == 5 && golden.count == 20_000)
  }

  @Test("words, uniform numbers and bounded integers are NumPy's to the bit")
  func exactDraws() throws {
    for golden in golden.cases {
      func draw(_ next: (inout NumPyGenerator) -> UInt64) throws -> [UInt64] {
        var random = try golden.generator()
        return (0..<self.golden.count).map { _ in next(&random) }
      }
      try expect(draw { $0.next() }, are: golden.words, "words, seed \(golden.seed)")
      try expect(draw { $0.uniform().bitPattern }, are: golden.uniform, "uniform, seed \(golden.seed)")
      try expect(
        draw { $0.uniform(in: -0.1...0.3).bitPattern }, are: golden.range, "range, seed \(golden.seed)")
      #expect(golden.integers.count == 11)
      for (bound, expected) in golden.integers {
        let bound = try #require(Int(bound))
        try expect(
          draw { UInt64($0.index(below: bound)) }, are: expected, "below \(bound), seed \(golden.seed)")
      }
    }
  }

  @Test("normal numbers are NumPy's, to the bit but for the last ones of the tail")
  func normals() throws {
    var tails = 0
    for golden in golden.cases {
      var random = try golden.generator()
      var inside: [UInt64] = []
      for index in 0..<self.golden.count {
        let draw = random.gaussian()
        if let expected = golden.normal.tail[index] {
          // The tail goes through log1p, of which C libraries may round the last bit differently.
          #expect(abs(draw - expected) <= 2 * expected.ulp, "draw \(index), seed \(golden.seed)")
          tails += 1
        } else {
          inside.append(draw.bitPattern)
        }
      }
      try expect(inside, are: golden.normal.summary, "seed \(golden.seed)")
    }
    #expect(tails > 10)
  }

  @Test("the half of a word that a 32-bit draw leaves over waits for the next one, whatever comes between")
  func mixedDraws() throws {
    for golden in golden.cases {
      var random = try golden.generator()
      var draws: [UInt64] = []
      for _ in 0..<self.golden.count / 5 {
        draws.append(UInt64(random.index(below: 10)))
        draws.append(UInt64(random.index(below: 1 << 31 + 1)))
        draws.append(random.uniform().bitPattern)
        _ = random.gaussian()
        draws.append(UInt64(random.index(below: 3)))
        draws.append(UInt64(random.index(below: 1 << 40)))
      }
      try expect(draws, are: golden.mixed, "seed \(golden.seed)")
    }
  }

  @Test("where there is no choice, nothing is drawn, as by NumPy")
  func noChoice() {
    var random = NumPyGenerator(seed: 1)
    let before = random
    #expect(random.index(below: 1) == 0 && random == before)
    #expect(random.index(below: 2) < 2 && random != before)
  }

  @Test("the ziggurat's tables are those in NumPy's library")
  func tables() throws {
    let words =
      ZigguratTables.inside + ZigguratTables.width.map(\.bitPattern)
      + ZigguratTables.density.map(\.bitPattern)
    #expect(words.count == 3 * 256)
    #expect(try digest(words) == golden.tables)
  }

  @Test("a generator that goes on from a snapshot draws the same, half a word left over or not")
  func snapshots() {
    var generator = NumPyGenerator(seed: 11)
    for draw in 0..<200 {
      var copy = NumPyGenerator(snapshot: generator.snapshot)
      #expect(copy == generator && generator.snapshot.count == NumPyGenerator.snapshotSize)
      var original = generator
      #expect(copy.gaussian() == original.gaussian())
      #expect(copy.index(below: 7) == original.index(below: 7) && copy.next() == original.next())
      _ = draw % 3 == 0 ? UInt64(generator.nextWord()) : generator.next()
    }
    #expect(NumPyGenerator(snapshot: generator.snapshot) != NumPyGenerator(seed: 11))
  }

  @Test("a generator seeded by a stream has the stream's first word as its seed and leaves the stream alone")
  func seededByStream() {
    var stream = RandomStream(seed: 3, name: "start")
    let generator = NumPyGenerator(seededBy: stream)
    #expect(generator == NumPyGenerator(seed: stream.next()))
  }
}
