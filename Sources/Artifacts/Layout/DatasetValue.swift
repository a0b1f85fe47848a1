internal import HDF5

/// A Swift value that one dataset or attribute stores: an array, a scalar, or an optional of either.
protocol DatasetValue: Sendable, Equatable {
  /// The type of the elements in the file.
  static var elementType: ElementType { get }
  /// The value before it is set, and that of an optional object that is absent.
  static var empty: Self { get }
  /// Whether the object may be absent.
  static var isOptional: Bool { get }

  /// The dataset, or nil for none.
  ///
  /// - Parameter lengths: the lengths of its dimensions as far as other datasets tell them.
  func stored(along lengths: [Int?]) -> ArtifactDataset?

  /// The value of a dataset; nil if its elements are of another type.
  init?(_ dataset: ArtifactDataset)
}

/// A Swift type of which arrays are stored as datasets.
protocol DatasetElement: Sendable, Equatable {
  /// The elements as they are stored.
  static func values(_ elements: [Self]) -> ArtifactValues
  /// The dataset of an array, given the lengths that are known; one that is not follows from the number of elements.
  static func stored(_ elements: [Self], along lengths: [Int?]) -> ArtifactDataset
  /// The array of a dataset; nil if its elements are of another type.
  static func array(_ dataset: ArtifactDataset) -> [Self]?
}

extension DatasetElement {
  static func stored(_ elements: [Self], along lengths: [Int?]) -> ArtifactDataset {
    let known = lengths.reduce(1) { $0 * ($1 ?? 1) }
    let rest = known > 0 ? elements.count / known : 0
    return ArtifactDataset(values: values(elements), shape: lengths.map { $0 ?? rest })
  }

  static func array(_ dataset: ArtifactDataset) -> [Self]? { dataset.values.array(of: Self.self) }
}

extension Float: DatasetElement {
  static func values(_ elements: [Float]) -> ArtifactValues { .float32(elements) }
}

extension Double: DatasetElement, DatasetValue {
  static var empty: Double { 0 }
  static func values(_ elements: [Double]) -> ArtifactValues { .float64(elements) }
}

extension Int32: DatasetElement {
  static func values(_ elements: [Int32]) -> ArtifactValues { .int32(elements) }
}

extension Int64: DatasetElement, DatasetValue {
  static var empty: Int64 { 0 }
  static func values(_ elements: [Int64]) -> ArtifactValues { .int64(elements) }
}

extension Int: DatasetElement, DatasetValue {
  static var empty: Int { 0 }
  static func values(_ elements: [Int]) -> ArtifactValues { .int64(elements.map(Int64.init)) }
  static func array(_ dataset: ArtifactDataset) -> [Int]? {
    dataset.values.array(of: Int64.self)?.map(Int.init)
  }
}

extension String: DatasetElement, DatasetValue {
  static var empty: String { "" }
  static func values(_ elements: [String]) -> ArtifactValues { .string(elements) }
}

extension Bool: DatasetElement {
  static func values(_ elements: [Bool]) -> ArtifactValues { .uint8(elements.map { $0 ? 1 : 0 }) }
  static func array(_ dataset: ArtifactDataset) -> [Bool]? {
    dataset.values.array(of: UInt8.self)?.map { $0 != 0 }
  }
}

/// A scalar.
extension DatasetValue where Self: DatasetElement {
  static var elementType: ElementType { values([]).type }
  static var isOptional: Bool { false }

  func stored(along lengths: [Int?]) -> ArtifactDataset? {
    ArtifactDataset(values: Self.values([self]), shape: [])
  }

  init?(_ dataset: ArtifactDataset) {
    guard let first = Self.array(dataset)?.first else { return nil }
    self = first
  }
}

extension Array: DatasetValue where Element: DatasetElement {
  static var elementType: ElementType { Element.values([]).type }
  static var empty: [Element] { [] }
  static var isOptional: Bool { false }

  func stored(along lengths: [Int?]) -> ArtifactDataset? {
    // A vector tells its own length, so that one of the wrong length is noticed.
    Element.stored(self, along: lengths.count == 1 ? [count] : lengths)
  }

  init?(_ dataset: ArtifactDataset) {
    guard let array = Element.array(dataset) else { return nil }
    self = array
  }
}

extension Optional: DatasetValue where Wrapped: DatasetValue {
  static var elementType: ElementType { Wrapped.elementType }
  static var empty: Wrapped? { nil }
  static var isOptional: Bool { true }

  func stored(along lengths: [Int?]) -> ArtifactDataset? { flatMap { $0.stored(along: lengths) } }

  init?(_ dataset: ArtifactDataset) {
    guard let value = Wrapped(dataset) else { return nil }
    self = .some(value)
  }
}
