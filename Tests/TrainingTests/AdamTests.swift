import Foundation
import Random
import TestSupport
import Testing
import Training
import Workers

@Suite struct AdamTests {
  @Test("fifty steps of Adam follow the published formula")
  func formula() throws {
    var random = RandomStream(seed: 4, name: "adam")
    var parameters = (0..<37).map { _ in Float(random.gaussian()) }
    var expected = parameters.map(Double.init)
    var first = [Double](repeating: 0, count: 37)
    var second = first
    var adam = Adam(parameterCount: 37)
    for step in 1...50 {
      let gradient = (0..<37).map { _ in Float(random.gaussian()) }
      let slots = Slots<Float>(1, width: 37, repeating: 0)
      for (index, entry) in gradient.enumerated() { slots[index] = entry }
      try adam.update(
        &parameters, gradient: slots, in: [0..<5, 5..<37], scale: 0.5, learningRate: 0.01,
        workers: WorkerPool(threads: 1))
      for index in expected.indices {
        let g = 0.5 * Double(gradient[index])
        first[index] = 0.9 * first[index] + 0.1 * g
        second[index] = 0.999 * second[index] + 0.001 * g * g
        let corrected = (
          first[index] / (1 - pow(0.9, Double(step))), second[index] / (1 - pow(0.999, Double(step)))
        )
        expected[index] -= 0.01 * corrected.0 / (corrected.1.squareRoot() + 1e-5)
      }
    }
    #expect(adam.step == 50)
    // Fifty roundings of numbers of order 1 in single precision.
    #expect(largestRelativeDifference(parameters.map(Double.init), expected) < 5e-6)
  }
}
