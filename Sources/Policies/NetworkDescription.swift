internal import Foundation

/// What the attribute `architecture` of a stored network says, as JSON with sorted keys: all that is needed to make the
/// network again. What a network has no use for is left out.
package struct NetworkDescription: Codable, Equatable, Sendable {
  /// The nonlinearity of the hidden layers.
  package var activation: String?
  /// What the inputs are, in order, with their widths: "observation[17]", "task_one_hot[10]".
  package var inputs: [String]?
  /// What the outputs parameterise: "gaussian" (means; log-std is state-independent), "categorical" (logits), "value".
  package var kind: String?
  /// The kind of network; a multilayer perceptron if it is left out.
  package var network: String?
  /// The networks that it is put together from.
  package var parts: [NetworkDescription]?
  /// Inputs, hidden widths, outputs.
  package var sizes: [Int]?

  /// A description; see the properties.
  package init(
    activation: String? = nil, inputs: [String]? = nil, network: String? = nil,
    parts: [NetworkDescription]? = nil, sizes: [Int]? = nil
  ) {
    self.activation = activation
    self.inputs = inputs
    self.network = network
    self.parts = parts
    self.sizes = sizes
  }

  /// The description in a text; nil if the text is none.
  package init?(parsing text: String) {
    guard let parsed = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else { return nil }
    self = parsed
  }

  /// The number of tasks that the network tells apart, the K of "task_one_hot[K]"; nil if it is not said.
  package var taskCount: Int? {
    inputs?.last?.wholeMatch(of: /task_one_hot\[(\d+)\]/).flatMap { Int($0.1) }
  }

  /// The text of the attribute.
  package func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
