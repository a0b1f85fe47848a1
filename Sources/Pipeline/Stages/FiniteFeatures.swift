package import Training

/// Checks the projected gradients of some transitions.
///
/// - Parameters:
///   - features: shape (N, d).
///   - tasks: the tasks' names, shape (K).
/// - Throws: `TrainingError.nonFinite` for the first that is not finite.
package func requireFinite(
  features: [Float], of batch: TransitionBatch, tasks: [String]
) throws(TrainingError) {
  guard let index = features.firstIndex(where: { !$0.isFinite }),
    let value = NonFiniteValue(Double(features[index]))
  else { return }
  let dimension = features.count / batch.count
  let transition = index / dimension
  throw .nonFinite(
    NonFiniteNumber(
      value, in: .feature(entry: index % dimension), tasks: [tasks[Int(batch.task[transition])]],
      at: .transition(transition)))
}
