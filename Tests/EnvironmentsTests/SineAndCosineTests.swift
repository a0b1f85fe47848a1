import ClassicTasks
import Foundation
import Random
import Testing

@Suite struct SineAndCosineTests {
  @Test("sines and cosines are libm's to the bit, for small angles, large ones, zeros and what is no number")
  func bits() {
    var random = RandomStream(seed: 0, name: "angles")
    let special = [0, -0.0, 0x1p-1074, -0x1p-600, 0x1p-30, 0.25, 0.25.nextUp, -3, 1e22, .infinity, .nan]
    // 3 million angles of all sizes: within a pole's reach, a little beyond, and near zero.
    let drawn = (0..<3_000_000).map { index in
      random.uniform(in: -0.26...0.26) * (index % 3 == 0 ? random.uniform() * random.uniform() : 1)
    }
    var different = 0
    var angles = special + drawn
    angles.removeLast(angles.count % 4)
    for first in stride(from: 0, to: angles.count, by: 4) {
      let (sine, cosine) = SineAndCosine.of(
        Lanes(angles[first], angles[first + 1], angles[first + 2], angles[first + 3]))
      for lane in 0..<4 {
        let angle = angles[first + lane]
        if !isSame(sine[lane], Foundation.sin(angle)) || !isSame(cosine[lane], Foundation.cos(angle)) {
          different += 1
        }
      }
    }
    #expect(different == 0)
  }

  private func isSame(_ one: Double, _ other: Double) -> Bool {
    one.bitPattern == other.bitPattern || one.isNaN && other.isNaN
  }
}
