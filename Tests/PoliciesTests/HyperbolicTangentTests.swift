import Foundation
import Policies
import Testing

@Suite struct HyperbolicTangentTests {
  @Test("tanh is within 4e-7 and 7 units in the last place of the true value everywhere")
  func accuracy() {
    var arguments = (-1_200_000...1_200_000).map { Float($0) * 1e-5 }
    for exponent in -120...120 { arguments += [Float(sign: .plus, exponent: exponent, significand: 1.37)] }
    var values = arguments
    hyperbolicTangent(inPlace: &values, count: values.count)
    var worst = (difference: 0.0, ulps: 0.0)
    for (x, y) in zip(arguments, values) {
      let exact = Foundation.tanh(Double(x))
      let difference = abs(Double(y) - exact)
      worst.difference = max(worst.difference, difference)
      if x != 0 { worst.ulps = max(worst.ulps, difference / Double(Float(exact).ulp)) }
    }
    #expect(worst.difference <= 4e-7)
    #expect(worst.ulps <= 7)
    #expect(values.allSatisfy { abs($0) <= 1 })
  }

  @Test("tanh is odd, saturates at ±1, and keeps NaN")
  func edges() {
    let arguments: [Float] = [0, 0.3, 2, 8.9, 9.5, 1e30, .infinity]
    var positive = arguments
    var negative = arguments.map { -$0 }
    hyperbolicTangent(inPlace: &positive, count: positive.count)
    hyperbolicTangent(inPlace: &negative, count: negative.count)
    #expect(positive == negative.map { -$0 })
    #expect(positive[0] == 0 && positive[5] == 1 && positive[6] == 1)
    var nan: [Float] = [.nan, 1]
    hyperbolicTangent(inPlace: &nan, count: 2)
    #expect(nan[0].isNaN && !nan[1].isNaN)
  }

  @Test("an entry's tanh does not depend on its place or on the length of the buffer")
  func placeDoesNotMatter() {
    let arguments = (0..<40).map { Float($0) * 0.21 - 4 }
    let single = arguments.map { argument in
      var value = [argument]
      hyperbolicTangent(inPlace: &value, count: 1)
      return value[0]
    }
    for length in 1...40 {
      var values = Array(arguments.prefix(length))
      hyperbolicTangent(inPlace: &values, count: length)
      #expect(values == Array(single.prefix(length)))
    }
  }
}
