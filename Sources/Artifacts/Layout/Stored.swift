internal import HDF5

/// A property that an artifact's file stores, as a dataset or as an attribute. What stands at the property is all that
/// is ever said about it: reading, writing, validation and docs/artifacts.md follow. The description is the property's
/// documentation; the labels of a dataset's dimensions are its shape, row-major.
@propertyWrapper
package struct Stored<Value: Sendable & Equatable>: Sendable, Equatable {
  /// The value; an empty one until it is set.
  package var wrappedValue: Value { didSet { isSet = true } }

  /// This wrapper, `$name`, by which a layout refers to the property.
  package var projectedValue: Self {
    get { self }
    set { self = newValue }
  }

  /// How the value is stored.
  let schema: DatasetSchema

  /// Whether the value was set. What was not is not written, which the schema refuses unless it is optional.
  private(set) var isSet = false

  /// A property that several artifacts have.
  init(_ schema: DatasetSchema) where Value: DatasetValue {
    wrappedValue = .empty
    self.schema = schema
  }

  /// Whether two values are equal.
  package static func == (a: Self, b: Self) -> Bool { a.wrappedValue == b.wrappedValue }
}

/// A property that is one dataset.
package typealias Dataset<Value: Sendable & Equatable> = Stored<Value>

/// A property that is one attribute.
package typealias Attribute<Value: Sendable & Equatable> = Stored<Value>

/// The path to a stored property of an artifact: `\.$name`.
typealias StoredPath<Root, Value: Sendable & Equatable> = any WritableKeyPath<Root, Stored<Value>> & Sendable

extension Stored where Value: DatasetValue {
  /// A dataset.
  ///
  /// - Parameters:
  ///   - dimensions: the labels of its dimensions, slowest first; none for a scalar.
  ///   - unit: the unit of its values; "1" for plain numbers, "" for text.
  ///   - least: the least value allowed.
  ///   - range: the values allowed, where they have an upper bound too; flags have 0...1 without being told.
  ///   - missing: whether NaN stands for a missing value.
  ///   - optional: whether the file may lack the dataset. Then an empty array is not stored. Optional values need not say it.
  init(
    _ path: String, _ dimensions: [String], unit: String = "1", _ description: String,
    atLeast least: Double? = nil, range: ClosedRange<Double>? = nil, missing: Bool = false,
    optional: Bool = false
  ) {
    let type = Value.elementType
    let greatest = type == .int32 ? Double(Int32.max) : .infinity
    self.init(
      DatasetSchema(
        path: path, type: type, dimensions: dimensions, units: unit, description: description,
        range: range ?? least.map { $0...greatest } ?? (type == .uint8 ? 0...1 : nil), allowsMissing: missing,
        isOptional: optional || Value.isOptional))
  }

  /// An attribute of the object at `object`, "/" for the file: its name and what it says.
  init(_ object: String, _ name: String, _ description: String) {
    self.init(.attribute(object, name, Value.elementType, description, optional: Value.isOptional))
  }
}
