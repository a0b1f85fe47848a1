internal import Workers

/// The buffers that a network's passes need.
package struct WorkspaceLayout: Sendable {
  /// The widths of the slots, of which each has as many entries for every row: the output, its delta, then whatever the
  /// network keeps.
  package var slots: [Int]
  /// The lengths of the buffers for the parameters as the passes want them.
  package var parameters: [Int]
  /// The buffers of the networks that this one is put together from; their slots follow its own, part after part.
  package var parts: [WorkspaceLayout]

  /// A layout; see the properties.
  package init(slots: [Int], parameters: [Int], parts: [WorkspaceLayout] = []) {
    (self.slots, self.parameters, self.parts) = (slots, parameters, parts)
  }

  /// The number of slots, those of the parts included.
  package var slotCount: Int { parts.reduce(slots.count) { $0 + $1.slotCount } }
}

/// The buffers of one network's forward and backward pass over batches of up to `capacity` rows, and the
/// network's parameters as the passes want them.
///
/// Allocated once and reused, so that passes do not allocate. One workspace serves one worker at a time.
package final class NetworkWorkspace {
  /// The largest batch.
  package let capacity: Int
  /// The parts' workspaces.
  package let parts: [NetworkWorkspace]

  private let buffers = Buffers()
  private let slots: [UnsafeMutablePointer<Float>]
  private let parameters: [UnsafeMutablePointer<Float>]

  /// Buffers for `network` and batches of up to `capacity` rows, all zero.
  package convenience init(_ network: any Network, capacity: Int) {
    precondition(capacity > 0, "a workspace needs room for at least one row")
    self.init(network.layout, capacity)
  }

  private init(_ layout: WorkspaceLayout, _ capacity: Int) {
    self.capacity = capacity
    let buffers = buffers
    parameters = layout.parameters.map { buffers.make($0, 0) }
    parts = layout.parts.map { NetworkWorkspace($0, capacity) }
    slots = layout.slots.map { buffers.make($0 * capacity, 0) } + parts.flatMap(\.slots)
  }

  /// A slot of the layout, or of the parts' after its own, shape (B, width).
  package func slot(_ number: Int) -> UnsafeMutablePointer<Float> { slots[number] }

  /// A buffer for parameters, filled by the network's `load`.
  package func parameters(_ number: Int) -> UnsafeMutablePointer<Float> { parameters[number] }

  /// The network's output, shape (B, outputs), filled by `forward`.
  package var output: UnsafeMutablePointer<Float> { slots[0] }

  /// The gradient of a row's objective by the output, shape (B, outputs), filled by the objective.
  package var outputDelta: UnsafeMutablePointer<Float> { slots[1] }

  /// The next multiple of a vector's eight entries.
  static func padded(_ width: Int) -> Int { (width + 7) / 8 * 8 }
}
