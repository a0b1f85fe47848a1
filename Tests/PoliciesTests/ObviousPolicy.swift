import Foundation
import Policies
import TestSupport

/// The slow, obvious policy in double precision: the oracle for the batched one.
struct ObviousPolicy {
  let policy: Policy

  /// log π(action | input).
  func logProbability(_ parameters: [Double], _ input: [Double], task: Int, _ action: [Double]) -> Double {
    let output = obviousOutput(policy.network, parameters[...], input, task: task)
    switch policy.distribution {
    case .gaussian(let size):
      var sum = 0.0
      for j in 0..<size {
        let logStd = parameters[policy.logStdOffset + j]
        let z = (action[j] - output[j]) / exp(logStd)
        sum += -0.5 * z * z - logStd - 0.5 * log(2 * Double.pi)
      }
      return sum
    case .categorical:
      return output[Int(action[0])] - log(output.map(exp).reduce(0, +))
    }
  }

  /// The entropy of π(· | input).
  func entropy(_ parameters: [Double], _ input: [Double], task: Int) -> Double {
    switch policy.distribution {
    case .gaussian(let size):
      return (0..<size).map { parameters[policy.logStdOffset + $0] + 0.5 * log(2 * Double.pi * M_E) }
        .reduce(0, +)
    case .categorical:
      let output = obviousOutput(policy.network, parameters[...], input, task: task)
      let total = output.map(exp).reduce(0, +)
      return output.map { -exp($0) / total * log(exp($0) / total) }.reduce(0, +)
    }
  }
}

/// The central differences of a function of many variables.
func centralDifferences(_ point: [Double], step: Double = 1e-5, _ function: ([Double]) -> Double) -> [Double]
{
  var moved = point
  return point.indices.map { index in
    moved[index] = point[index] + step
    let above = function(moved)
    moved[index] = point[index] - step
    let below = function(moved)
    moved[index] = point[index]
    return (above - below) / (2 * step)
  }
}
