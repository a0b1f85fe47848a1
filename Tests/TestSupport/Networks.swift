import Foundation
package import Policies
package import Random

extension MultilayerPerceptron {
  /// A network that is told an observation alone.
  package convenience init(sizes: [Int], activation: Activation) {
    self.init(
      input: NetworkInput(observationSize: sizes[0], taskCount: 0), hidden: Array(sizes[1..<sizes.count - 1]),
      outputs: sizes[sizes.count - 1], activation: activation)
  }
}

extension Policy {
  /// Loads parameters and runs the network on observations, shape (B, O), all of one task.
  package func forward(
    _ parameters: [Float], _ observations: [Float], task: Int = 0, workspace: Workspace
  ) {
    load(parameters, into: workspace)
    let rows = network.feed(observations, tasks: nil, task: task, workspace: workspace.network)
    network.forward(count: rows, workspace: workspace.network)
  }

  /// One row's score g_t in the flat order of θ, put together from `scoreFactors`.
  ///
  /// - Parameters:
  ///   - row: which row.
  ///   - workspace: filled by `scoreFactors`.
  ///   - score: shape (parameterCount), filled here.
  package func assembleScore(row: Int, workspace: Workspace, into score: UnsafeMutablePointer<Float>) {
    score.update(repeating: 0, count: logStdOffset)
    for use in network.affineUses {
      let (map, factor) = (use.map, use.scale.factor(of: row, workspace.network))
      let input = workspace.network.slot(use.input) + row * map.inputs
      let delta = workspace.network.slot(use.delta) + row * map.outputs
      for i in 0..<map.outputs {
        let scaled = factor * delta[i]
        for j in 0..<map.inputs { score[map.offset + i * map.inputs + j] += scaled * input[j] }
        score[map.bias.lowerBound + i] += scaled
      }
    }
    let size = parameterCount - logStdOffset
    (score + logStdOffset).update(from: workspace.logStdScore + row * size, count: size)
  }
}

extension Network {
  /// Feeds observations, shape (B, O).
  ///
  /// - Parameter tasks: shape (B); nil if all rows are of one task.
  /// - Returns: B.
  @discardableResult
  package func feed(
    _ observations: [Float], tasks: [Int32]?, task: Int = 0, workspace: NetworkWorkspace
  ) -> Int {
    let size = input.observationSize
    for row in 0..<observations.count / size {
      feed(
        Array(observations[row * size..<(row + 1) * size]), task: tasks.map { Int($0[row]) } ?? task,
        row: row,
        workspace: workspace)
    }
    return observations.count / size
  }
}

/// y = g A(x) + (1 − g) B(x) with g = 1 / (1 + exp −½ G(x, task)): a second kind of network, put together from
/// perceptrons of which the gate alone is told the task. If it is tied, B(x) is A(−x), so that A's weights are used twice.
package final class GatedSum: Network {
  package let first: MultilayerPerceptron
  package let second: MultilayerPerceptron
  package let gate: MultilayerPerceptron
  package let isTied: Bool

  /// A sum of two networks with as many hidden units each.
  package init(input: NetworkInput, hidden: Int, outputs: Int, isTied: Bool) {
    first = MultilayerPerceptron(
      sizes: [input.observationSize, hidden, outputs], activation: .tanh)
    second =
      isTied
      ? first : MultilayerPerceptron(sizes: [input.observationSize, hidden + 1, outputs], activation: .relu)
    gate = MultilayerPerceptron(input: input, hidden: [3], outputs: 1, activation: .tanh)
    self.isTied = isTied
  }

  package init?(_ description: NetworkDescription, input: NetworkInput) {
    let told = NetworkInput(observationSize: input.observationSize, taskCount: 0)
    guard let kind = description.network, ["gated_sum", "tied_gated_sum"].contains(kind),
      let parts = description.parts, parts.count == 3,
      let first = MultilayerPerceptron(parts[0], input: told),
      let second = MultilayerPerceptron(parts[1], input: told),
      let gate = MultilayerPerceptron(parts[2], input: input)
    else { return nil }
    (self.first, self.second, self.gate, isTied) = (first, second, gate, kind == "tied_gated_sum")
  }

  package var input: NetworkInput { gate.input }
  package var outputCount: Int { first.outputCount }
  package var description: NetworkDescription {
    NetworkDescription(
      inputs: input.names, network: isTied ? "tied_gated_sum" : "gated_sum",
      parts: [first.description, second.description, gate.description])
  }

  /// The output and its delta, g and 1 − g; then the parts.
  package var layout: WorkspaceLayout {
    WorkspaceLayout(
      slots: [outputCount, outputCount, 1, 1], parameters: [],
      parts: [first.layout, second.layout, gate.layout])
  }

  private var gateOffset: Int { first.parameterCount + (isTied ? 0 : second.parameterCount) }

  package var affineUses: [AffineUse] {
    let slots = [4, 4 + first.layout.slotCount, 4 + first.layout.slotCount + second.layout.slotCount]
    let a = first.affineUses.map { $0.moved(slots: slots[0], scale: .slot(2)) }
    let g = gate.affineUses.map {
      $0.moved(
        slots: slots[2], parameters: gateOffset,
        numbers: first.layerCount + 1 + (isTied ? 0 : second.layerCount + 1), scale: .constant(0.5))
    }
    if isTied {
      let b = second.affineUses.map { $0.moved(slots: slots[1], scale: .slot(3)) }
      return zip(a, b).flatMap { [$0, $1] } + g
    }
    return a
      + second.affineUses.map {
        $0.moved(
          slots: slots[1], parameters: first.parameterCount, numbers: first.layerCount + 1, scale: .slot(3))
      } + g
  }

  package func initialParameters(headGain: Double, using random: inout RandomStream) -> [Float] {
    var parameters = first.initialParameters(headGain: headGain, using: &random)
    if !isTied { parameters += second.initialParameters(headGain: headGain, using: &random) }
    return parameters + gate.initialParameters(headGain: 1, using: &random)
  }

  package func load(_ parameters: UnsafePointer<Float>, into workspace: NetworkWorkspace) {
    first.load(parameters, into: workspace.parts[0])
    second.load(parameters + (isTied ? 0 : first.parameterCount), into: workspace.parts[1])
    gate.load(parameters + gateOffset, into: workspace.parts[2])
  }

  package func feed(
    _ observation: UnsafePointer<Float>, task: Int, row: Int, workspace: NetworkWorkspace
  ) {
    let other = (0..<input.observationSize).map { isTied ? -observation[$0] : observation[$0] }
    first.feed(observation, task: 0, row: row, workspace: workspace.parts[0])
    second.feed(other, task: 0, row: row, workspace: workspace.parts[1])
    gate.feed(observation, task: task, row: row, workspace: workspace.parts[2])
  }

  package func forward(count: Int, workspace: NetworkWorkspace) {
    let (a, b, g) = (workspace.parts[0], workspace.parts[1], workspace.parts[2])
    first.forward(count: count, workspace: a)
    second.forward(count: count, workspace: b)
    gate.forward(count: count, workspace: g)
    for row in 0..<count {
      let share = 1 / (1 + exp(-0.5 * g.output[row]))
      workspace.slot(2)[row] = share
      workspace.slot(3)[row] = 1 - share
      for place in row * outputCount..<(row + 1) * outputCount {
        workspace.output[place] = share * a.output[place] + (1 - share) * b.output[place]
      }
    }
  }

  package func backward(count: Int, workspace: NetworkWorkspace) {
    let (a, b, g) = (workspace.parts[0], workspace.parts[1], workspace.parts[2])
    for row in 0..<count {
      var slope: Float = 0
      for place in row * outputCount..<(row + 1) * outputCount {
        let delta = workspace.outputDelta[place]
        a.outputDelta[place] = delta
        b.outputDelta[place] = delta
        slope += delta * (a.output[place] - b.output[place])
      }
      g.outputDelta[row] = slope * workspace.slot(2)[row] * workspace.slot(3)[row]
    }
    first.backward(count: count, workspace: a)
    second.backward(count: count, workspace: b)
    gate.backward(count: count, workspace: g)
  }
}

extension AffineUse {
  /// The use as one of a part of a larger network.
  fileprivate func moved(
    slots: Int, parameters: Int = 0, numbers: Int = 0, scale: Scale
  ) -> AffineUse {
    var use = self
    use.map.number += numbers
    use.map.offset += parameters
    use.input += slots
    use.delta += slots
    use.scale = scale
    return use
  }
}

/// A network's output for one observation of a task, in double precision, one entry at a time.
package func obviousOutput(
  _ network: any Network, _ parameters: ArraySlice<Double>, _ observation: [Double], task: Int
) -> [Double] {
  if let network = network as? GatedSum {
    let rest = parameters.dropFirst(network.first.parameterCount)
    let a = obviousOutput(network.first, parameters, observation, task: 0)
    let b =
      network.isTied
      ? obviousOutput(network.second, parameters, observation.map { -$0 }, task: 0)
      : obviousOutput(network.second, rest, observation, task: 0)
    let gate = network.isTied ? rest : rest.dropFirst(network.second.parameterCount)
    let share = 1 / (1 + exp(-0.5 * obviousOutput(network.gate, gate, observation, task: task)[0]))
    return zip(a, b).map { share * $0 + (1 - share) * $1 }
  }
  guard let network = network as? MultilayerPerceptron else { return [] }
  let parameters = Array(parameters)
  var values = observation + (0..<network.input.taskCount).map { $0 == task ? 1 : 0 }
  for map in network.maps {
    values = (0..<map.outputs).map { i in
      var sum = parameters[map.bias.lowerBound + i]
      for (j, value) in values.enumerated() { sum += parameters[map.offset + i * map.inputs + j] * value }
      guard map.number < network.layerCount - 1 else { return sum }
      return network.activation == .tanh ? tanh(sum) : max(sum, 0)
    }
  }
  return values
}

/// A way to make a network, for tests of all kinds.
package struct NetworkCase: Sendable, CustomStringConvertible {
  package let description: String
  /// Makes it.
  package let make: @Sendable (NetworkInput, Int) -> any Network

  /// Perceptrons of several depths and nonlinearities, and gated sums.
  package static let all: [NetworkCase] =
    [([], .tanh), ([7], .tanh), ([6, 5], .tanh), ([6, 5], .relu), ([5, 4, 5, 4], .tanh)].map {
      (hidden: [Int], activation: Activation) in
      NetworkCase(description: "\(activation) \(hidden)") {
        MultilayerPerceptron(input: $0, hidden: hidden, outputs: $1, activation: activation)
      }
    }
    + [false, true].map { isTied in
      NetworkCase(description: isTied ? "tied gated sum" : "gated sum") {
        GatedSum(input: $0, hidden: 4, outputs: $1, isTied: isTied)
      }
    }
}
