internal import Foundation
internal import HDF5

extension ArtifactContents {
  /// Reads a file of an expected schema, or of whichever it says, without validating what it holds.
  ///
  /// - Parameter isTrusted: whether its seal need not be checked.
  /// - Returns: the contents, and the schema they claim to satisfy.
  /// - Throws: an error that tells absence, foreign contents and damage apart.
  static func load(
    _ path: String, as expected: ArtifactSchema?, isTrusted: Bool = false
  ) throws(ArtifactError) -> (Self, ArtifactSchema) {
    try requireRegularFile(path)
    if !isTrusted { try Seal.check(path) }
    guard HDF5File.isHDF5(path) else { throw .notHDF5(file: path) }
    do {
      let file = try HDF5File(reading: path)
      let schema = try schema(of: file, expected: expected)
      return (try ArtifactContents(reading: file), schema)
    } catch let error as ArtifactError {
      throw error
    } catch let error as HDF5Error {
      throw .damaged(file: error.object, reason: error.reason)
    } catch {
      throw .damaged(file: path, reason: "\(error)")
    }
  }

  private static func schema(of file: borrowing HDF5File, expected: ArtifactSchema?) throws -> ArtifactSchema
  {
    guard case .string(let found)? = try file.attribute("schema", of: "/") else {
      throw ArtifactError.wrongSchema(file: file.path, expected: expected?.name, found: nil)
    }
    guard let schema = expected ?? .named(found), schema.name == found else {
      throw ArtifactError.wrongSchema(file: file.path, expected: expected?.name, found: found)
    }
    let version = try file.attribute("schema_version", of: "/")
    guard version == .integer(schema.version) else {
      throw ArtifactError.mismatch(
        file: file.path, object: "/@schema_version", expected: "\(schema.version) of \(schema.name)",
        found: version.map { "\($0)" } ?? "nothing")
    }
    return schema
  }

  /// All that is in an open file, below every group but `/plots`.
  private init(reading file: borrowing HDF5File) throws(HDF5Error) {
    self.init(file: file.path)
    try add("/", .group, from: file)
    for child in try file.children(of: "/") where child != "plots" {
      let path = "/" + child
      try add(path, try file.kind(of: path), from: file)
      guard try file.kind(of: path) == .group else { continue }
      for object in try file.walk(from: path) { try add(object.path, object.kind, from: file) }
    }
  }

  private mutating func add(_ path: String, _ kind: HDF5ObjectKind?, from file: borrowing HDF5File)
    throws(HDF5Error)
  {
    guard let kind, kind != .other else { return }
    if kind == .dataset { datasets[path] = try Self.dataset(path, in: file) }
    for name in try file.attributeNames(of: path) {
      guard let value = try file.attribute(name, of: path) else { continue }
      if kind == .dataset, name == "DIMENSION_LABELS" {
        datasets[path]?.labels = ArtifactDataset(value).values.array(of: String.self) ?? ["\(value)"]
      } else {
        attributes["\(path)@\(name)"] = ArtifactDataset(value)
      }
    }
  }

  private static func dataset(_ path: String, in file: borrowing HDF5File) throws(HDF5Error)
    -> ArtifactDataset
  {
    let information = try file.information(of: path)
    let values: ArtifactValues =
      switch information.elementType {
      case .float32: .float32(try file.read(path))
      case .float64: .float64(try file.read(path))
      case .int32: .int32(try file.read(path))
      case .int64: .int64(try file.read(path))
      case .uint8: .uint8(try file.read(path))
      case .string: .string(try file.readStrings(path))
      case .other(let words): .unreadable(words)
      }
    return ArtifactDataset(values: values, shape: information.shape)
  }
}

extension ArtifactDataset {
  /// What an attribute holds.
  init(_ attribute: AttributeValue) {
    switch attribute {
    case .string(let text): self.init(values: .string([text]), shape: [])
    case .strings(let texts): self.init(values: .string(texts), shape: [texts.count])
    case .integer(let number): self.init(values: .int64([number]), shape: [])
    case .real(let number): self.init(values: .float64([number]), shape: [])
    case .other(let words): self.init(values: .unreadable(words), shape: [])
    }
  }
}

extension AttributeValue {
  /// The attribute that holds what a dataset of strings or one number would.
  init(_ dataset: ArtifactDataset) {
    self =
      switch dataset.values {
      case .string(let texts): dataset.shape.isEmpty ? .string(texts.joined()) : .strings(texts)
      case .int64(let numbers) where numbers.count == 1: .integer(numbers[0])
      case .float64(let numbers) where numbers.count == 1: .real(numbers[0])
      default: .other("\(dataset.values.type)")
      }
  }
}

/// Checks that a path leads to a regular file that may be read. It never waits, as opening a FIFO would.
///
/// - Throws: `ArtifactError.unreadable`.
package func requireRegularFile(_ path: String) throws(ArtifactError) {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw .unreadable(file: path, reason: String(cString: strerror(errno))) }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
    throw .unreadable(file: path, reason: "it is not a file")
  }
}
