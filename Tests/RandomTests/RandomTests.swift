import Foundation
import Random
import Testing

@Suite struct PhiloxTests {
  /// The known-answer vectors published with Random123 (kat_vectors, philox4x32 10).
  @Test(
    "Philox4x32-10 gives the published vectors",
    arguments: [
      (
        SIMD4<UInt32>(repeating: 0), SIMD2<UInt32>(repeating: 0),
        SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
      ),
      (
        SIMD4<UInt32>(repeating: .max), SIMD2<UInt32>(repeating: .max),
        SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
      ),
      (
        SIMD4<UInt32>(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
        SIMD2<UInt32>(0xa409_3822, 0x299f_31d0),
        SIMD4<UInt32>(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
      ),
    ])
  func knownAnswers(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, expected: SIMD4<UInt32>) {
    #expect(Philox.block(counter: counter, key: key) == expected)
  }
}

@Suite struct RandomStreamTests {
  @Test("a stream is a function of seed and name alone")
  func streamsAreNamed() {
    var a = RandomStream(seed: 7, name: "rollout/task-3")
    var b = RandomStream(seed: 7, name: "rollout/task-3")
    let drawn = (0..<100).map { _ in a.next() }
    #expect(drawn.allSatisfy { $0 == b.next() } && Set(drawn).count == 100)
    #expect(RandomStream(seed: 8, name: "rollout/task-3").key != b.key)
    #expect(RandomStream(seed: 7, name: "rollout/task-4").key != b.key)
  }

  @Test("a derived stream depends on its parent's key and its own name, not on what the parent has drawn")
  func derivedStreams() {
    var parent = RandomStream(seed: 1, name: "parent")
    let before = parent.derived("child")
    _ = parent.next()
    #expect(parent.derived("child") == before)
    #expect(parent.derived("other") != before)
    #expect(RandomStream(seed: 2, name: "parent").derived("child") != before)
  }

  @Test("uniform and normal draws have their distributions' first two moments")
  func moments() {
    var stream = RandomStream(seed: 3, name: "moments")
    let count = 200_000
    var sums = (0.0, 0.0, 0.0, 0.0)
    for _ in 0..<count {
      let u = stream.uniform()
      let z = stream.gaussian()
      #expect(u >= 0 && u < 1)
      sums = (sums.0 + u, sums.1 + u * u, sums.2 + z, sums.3 + z * z)
    }
    let n = Double(count)
    // Five standard errors of each mean.
    #expect(abs(sums.0 / n - 0.5) < 5 * (1.0 / 12 / n).squareRoot())
    #expect(abs(sums.1 / n - 1.0 / 3) < 5 * (4.0 / 45 / n).squareRoot())
    #expect(abs(sums.2 / n) < 5 * (1 / n).squareRoot())
    #expect(abs(sums.3 / n - 1) < 5 * (2 / n).squareRoot())
  }

  @Test("normal draws come in pairs, by Box and Muller's formula, and uniform ones lie in their range")
  func definitions() {
    var stream = RandomStream(seed: 4, name: "definitions")
    var copy = stream
    for _ in 0..<100 {
      let (u, v) = (copy.uniform(), copy.uniform())
      let radius = (-2 * log(1 - u)).squareRoot()
      #expect(stream.gaussian() == radius * cos(2 * Double.pi * v))
      #expect(stream.gaussian() == radius * sin(2 * Double.pi * v))
      #expect(stream.uniform(in: 2...5) == 2 + 3 * copy.uniform())
    }
  }

  @Test(
    "bounded integers are ⌊x b / 2⁶⁴⌋ of the draws x that the method accepts",
    arguments: [
      (7, [3, 1, 5, 3, 0, 1, 4, 5]),
      (1_000_003, [433_923, 258_752, 852_513, 516_360, 39_289, 182_080, 597_215, 726_146]),
      // The fifth and the sixth number take two draws each.
      (
        (1 << 62) + (1 << 61) + 1,
        [
          3_001_671_591_842_731_792, 1_789_923_304_546_566_574, 5_897_266_506_654_276_655,
          3_571_925_577_393_046_104, 1_259_539_988_839_835_598, 5_023_127_338_436_230_183,
          4_061_015_881_706_765_010, 3_849_951_951_937_263_401,
        ]
      ),
    ])
  func boundedIntegers(bound: Int, expected: [Int]) {
    // Computed from the definition in docs/artifacts.md with whole numbers of any length (Python).
    var stream = RandomStream(seed: 5, name: "integers")
    #expect(expected.map { _ in stream.index(below: bound) } == expected)
  }

  @Test("bounded integers are uniform and a shuffle is a permutation")
  func integers() {
    var stream = RandomStream(seed: 5, name: "integers")
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[stream.index(below: 7)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
    var elements = Array(0..<50)
    stream.shuffle(count: elements.count) { elements.swapAt($0, $1) }
    #expect(elements != Array(0..<50))
    #expect(elements.sorted() == Array(0..<50))
  }
}
