/// The value of one of a task's parameters.
package enum ParameterValue: Sendable, Hashable {
  /// A quantity, a ratio or a sign.
  case number(Double)
  /// One of a few words.
  case choice(String)
}

extension ParameterValue: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(integerLiteral value: Int) { self = .number(Double(value)) }
  package init(stringLiteral value: String) { self = .choice(value) }
}

/// The parameters of one environment: those that the task sets, over the family's defaults, each checked against its
/// specification. A parameter with neither is absent.
package struct TaskParameters: Sendable {
  private let values: [String: ParameterValue]

  /// Checked values.
  init(_ values: [String: ParameterValue]) { self.values = values }

  /// A number; nil if it is absent.
  package subscript(name: String) -> Double? {
    if case .number(let value)? = values[name] { value } else { nil }
  }

  /// A word; nil if it is absent.
  package func choice(_ name: String) -> String? {
    if case .choice(let word)? = values[name] { word } else { nil }
  }
}

/// One parameter that a family's tasks may set.
package struct ParameterSpecification: Sendable {
  /// What a parameter may be.
  package enum Kind: Sendable, Equatable {
    /// A number in the range for which the simulation is known to make sense; one of `choices`, unless there are none.
    case number(ClosedRange<Double>, choices: [Double])
    /// One of these words.
    case choice([String])
  }

  /// The name in task specifications and configuration files, in snake_case.
  package let name: String

  /// What the parameter does, in one sentence.
  package let description: String

  /// The unit ("m", "kg"), or "1" for a ratio, a sign or a choice.
  package let unit: String

  /// The value of a task that does not name the parameter; nil if the parameter is then simply absent.
  package let defaultValue: ParameterValue?

  /// What it may be.
  package let kind: Kind

  /// A number.
  package init(
    name: String, description: String, unit: String, defaultValue: Double?, range: ClosedRange<Double>,
    choices: [Double] = []
  ) {
    self.name = name
    self.description = description
    self.unit = unit
    self.defaultValue = defaultValue.map { .number($0) }
    kind = .number(range, choices: choices)
  }

  /// A choice among words.
  package init(name: String, description: String, defaultValue: String?, choices: [String]) {
    self.name = name
    self.description = description
    unit = "1"
    self.defaultValue = defaultValue.map { .choice($0) }
    kind = .choice(choices)
  }

  /// Checks a value that a task sets.
  ///
  /// - Throws: `EnvironmentError.unfit`.
  func check(_ value: ParameterValue, of task: String) throws(EnvironmentError) {
    let demand: String?
    switch (kind, value) {
    case (.number(let range, _), .number(let number)) where !range.contains(number):
      demand = "lie in [\(range.lowerBound), \(range.upperBound)]"
    case (.number(_, let choices), .number(let number)):
      demand = choices.isEmpty || choices.contains(number) ? nil : oneOf(choices)
    case (.number, .choice):
      demand = "be a number"
    case (.choice(let words), let value):
      demand = words.contains { .choice($0) == value } ? nil : oneOf(words)
    }
    guard let demand else { return }
    let text =
      switch value {
      case .number(let number): "\(number)"
      case .choice(let word): word
      }
    throw .unfit(task: task, setting: name, value: text, demand: demand)
  }

  private func oneOf(_ choices: [some Any]) -> String {
    "be one of \(choices.map { "\($0)" }.joined(separator: ", "))"
  }
}
