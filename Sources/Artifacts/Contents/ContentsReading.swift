internal import Foundation
internal import HDF5

extension ArtifactContents {
  /// Reads a file whose schema and version are known, without validating what it holds.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - expected: its schema; nil for whichever it says.
  ///   - isTrusted: whether its seal need not be checked.
  /// - Returns: the contents, and the schema they claim to satisfy.
  static func load(
    _ path: String, as expected: ArtifactSchema?, isTrusted: Bool = false
  ) throws(ArtifactError) -> (Self, ArtifactSchema) {
    let file = try open(path, isTrusted: isTrusted)
    do {
      let schema = try schema(of: file, expected: expected)
      return (try ArtifactContents(file), schema)
    } catch let error as ArtifactError {
      throw error
    } catch let error as HDF5Error {
      throw .damaged(file: error.object, reason: error.reason)
    } catch {
      throw .damaged(file: path, reason: "\(error)")
    }
  }

  /// Opens a file, with an error that tells absence, foreign contents and damage apart.
  private static func open(_ path: String, isTrusted: Bool) throws(ArtifactError) -> HDF5File {
    try requireRegularFile(path)
    if !isTrusted { try Seal.check(path) }
    guard HDF5File.isHDF5(path) else { throw .notHDF5(file: path) }
    do {
      return try HDF5File(reading: path)
    } catch {
      throw .damaged(file: path, reason: error.reason)
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
    guard case .integer(let number)? = version, schema.knownVersions.contains(number) else {
      throw ArtifactError.unknownVersion(
        file: file.path, schema: schema.name, expected: schema.knownVersions,
        found: version.map { "\($0)" } ?? "nothing")
    }
    return schema
  }

  /// All that is in an open file, below every group but `/plots`.
  private init(_ file: borrowing HDF5File) throws(HDF5Error) {
    self.init()
    attributes["/"] = try Self.attributes(of: "/", in: file)
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
    var found = try Self.attributes(of: path, in: file)
    if kind == .dataset {
      var dataset = try Self.dataset(path, in: file)
      switch found.removeValue(forKey: "DIMENSION_LABELS") {
      case .strings(let labels): dataset.labels = labels
      case .some(let other): dataset.labels = ["\(other)"]
      case nil: break
      }
      datasets[path] = dataset
    }
    if !found.isEmpty { attributes[path] = found }
  }

  private static func attributes(of object: String, in file: borrowing HDF5File)
    throws(HDF5Error) -> [String: AttributeValue]
  {
    var found: [String: AttributeValue] = [:]
    for name in try file.attributeNames(of: object) { found[name] = try file.attribute(name, of: object) }
    return found
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
