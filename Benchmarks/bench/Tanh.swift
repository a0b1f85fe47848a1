internal import Foundation
internal import Policies

/// The hyperbolic tangent of the policies beside libm's.
func tanhBenchmarks() -> [Benchmark] {
  let arguments = (0..<4096).map { Float($0) / 512 - 4 }
  var values = arguments
  return [
    Benchmark(
      name: "tanh", title: "hyperbolic tangent of 4096 floats, one thread", quantity: .rate("values/s"),
      contestants: [
        Contestant("ours") {
          rate {
            values = arguments
            values.withUnsafeMutableBufferPointer { buffer in
              if let base = buffer.baseAddress { hyperbolicTangent(inPlace: base, count: buffer.count) }
            }
            return arguments.count
          }
        },
        Contestant("libm") {
          rate {
            values = arguments
            for index in values.indices { values[index] = Foundation.tanh(values[index]) }
            return arguments.count
          }
        },
      ],
      targets: [])
  ]
}
