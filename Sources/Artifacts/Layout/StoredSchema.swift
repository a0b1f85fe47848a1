internal import HDF5

/// What says how a property is stored: the schema of a dataset or of an attribute.
protocol StoredSchema: Sendable {
  /// The object's name in errors.
  var path: String { get }
  /// Whether the file may lack the object.
  var isOptional: Bool { get }
  /// The labels of its dimensions.
  var dimensions: [String] { get }
  /// What it has to be, in words.
  var expectation: String { get }
  /// The object in a file; nil if it is not there.
  func object(in contents: ArtifactContents) -> ArtifactDataset?
  /// Adds the object to contents.
  func add(_ object: ArtifactDataset, to contents: inout ArtifactContents)
}

extension DatasetSchema: StoredSchema {
  var expectation: String { shapeDescription }
  func object(in contents: ArtifactContents) -> ArtifactDataset? { contents.datasets[path] }
  func add(_ object: ArtifactDataset, to contents: inout ArtifactContents) {
    contents.datasets[path] = object
  }
}

extension AttributeSchema: StoredSchema {
  var dimensions: [String] { [] }
  var expectation: String { "an attribute of kind \(kind.rawValue)" }
  func object(in contents: ArtifactContents) -> ArtifactDataset? {
    contents.attributes[object]?[name]?.dataset
  }
  func add(_ object: ArtifactDataset, to contents: inout ArtifactContents) {
    contents.add(attribute: name, of: self.object, AttributeValue(object))
  }
}

extension AttributeValue {
  /// The value as a dataset would hold it; nil for what cannot be read.
  var dataset: ArtifactDataset? {
    switch self {
    case .string(let text): ArtifactDataset(values: .string([text]), shape: [])
    case .strings(let texts): ArtifactDataset(values: .string(texts), shape: [texts.count])
    case .integer(let number): ArtifactDataset(values: .int64([number]), shape: [])
    case .real(let number): ArtifactDataset(values: .float64([number]), shape: [])
    case .other: nil
    }
  }

  /// The attribute that holds what a dataset of strings or one number would.
  fileprivate init(_ dataset: ArtifactDataset) {
    self =
      switch dataset.values {
      case .string(let texts): dataset.shape.isEmpty ? .string(texts.joined()) : .strings(texts)
      case .int64(let numbers) where numbers.count == 1: .integer(numbers[0])
      case .float64(let numbers) where numbers.count == 1: .real(numbers[0])
      default: .other("\(dataset.values.type)")
      }
  }
}
