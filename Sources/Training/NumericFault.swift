/// A number that is not finite, put into a training on purpose to prove that the guards find it.
///
/// Nothing in the shipped programs makes one. Environment steps and optimiser steps count from 0, as in
/// `NonFiniteNumber.Moment`.
package struct NumericFault: Sendable, Equatable {
  /// Where it is put.
  package enum Quantity: String, Sendable, CaseIterable {
    /// The first entry of the raw observation that is acted on at an environment step.
    case observation
    /// The reward of an environment step.
    case reward
    /// The advantage of an environment step, before advantages are standardised.
    case advantage
    /// The policy loss of an optimiser step's minibatch.
    case loss
    /// Entry `step` mod P of an optimiser step's gradient, shape (P).
    case gradient
    /// Entry `step` mod P of the parameters after an optimiser step, shape (P).
    case parameter
  }

  /// The number.
  package let value: NonFiniteValue
  /// Where.
  package let quantity: Quantity
  /// When: an environment step, or a step of the optimiser.
  package let step: Int

  /// A fault from its parts.
  package init(_ value: NonFiniteValue, in quantity: Quantity, step: Int) {
    self.value = value
    self.quantity = quantity
    self.step = step
  }

  /// Reads `value@quantity:step`, such as "nan@reward:1234".
  ///
  /// - Throws: `TrainingError.invalidFault`.
  package init(parsing text: String) throws(TrainingError) {
    let ends = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let places = ends.last?.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false) ?? []
    guard ends.count == 2, places.count == 2 else {
      throw .invalidFault(text: text, reason: "it must be value@quantity:step, such as nan@reward:1234")
    }
    guard let value = NonFiniteValue(rawValue: String(ends[0])) else {
      throw .invalidFault(text: text, reason: Self.choice("value", ends[0], of: NonFiniteValue.self))
    }
    guard let quantity = Quantity(rawValue: String(places[0])) else {
      throw .invalidFault(text: text, reason: Self.choice("quantity", places[0], of: Quantity.self))
    }
    guard let step = Int(places[1]), step >= 0, "\(step)" == places[1] else {
      throw .invalidFault(
        text: text,
        reason: "the step \"\(places[1])\" must be a whole number from 0 on, without sign or zeros before")
    }
    self.init(value, in: quantity, step: step)
  }

  private static func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _ found: Substring, of choices: Choice.Type
  ) -> String where Choice.RawValue == String {
    "the \(name) \"\(found)\" must be one of \(choices.allCases.map(\.rawValue).joined(separator: ", "))"
  }

  /// The step counted from `first` on, if the fault is one of this quantity.
  func offset(of quantity: Quantity, from first: Int) -> Int? {
    quantity == self.quantity ? step - first : nil
  }
}
