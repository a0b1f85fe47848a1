internal import HDF5

/// Contents that satisfy a schema, with typed access: what the struct of a stage is read from.
package struct ValidatedContents: Sendable {
  /// The file they come from.
  package let file: String

  let contents: ArtifactContents

  /// The elements of a dataset that the schema requires.
  func values<Element>(_ path: String, as type: Element.Type = Element.self) throws(ArtifactError)
    -> [Element]
  {
    guard let values = contents.datasets[path]?.values.array(of: type) else {
      throw mismatch(path, expected: "elements of type \(type)", found: "nothing")
    }
    return values
  }

  /// The elements of an optional dataset; nil if the file lacks it.
  func optional<Element>(_ path: String, as type: Element.Type = Element.self) -> [Element]? {
    contents.datasets[path]?.values.array(of: type)
  }

  /// The length of one dimension of a dataset.
  func length(_ path: String, _ dimension: Int) throws(ArtifactError) -> Int {
    guard let shape = contents.datasets[path]?.shape, dimension < shape.count else {
      throw mismatch(path, expected: "at least \(dimension + 1) dimensions", found: "fewer")
    }
    return shape[dimension]
  }

  /// A string attribute; nil if absent.
  func text(_ attribute: String, of object: String) -> String? {
    guard case .string(let text)? = contents.attributes[object]?[attribute] else { return nil }
    return text
  }

  /// An integer attribute.
  func integer(_ attribute: String, of object: String) throws(ArtifactError) -> Int {
    guard case .integer(let number)? = contents.attributes[object]?[attribute] else {
      throw mismatch("\(object)@\(attribute)", expected: "an integer", found: "nothing")
    }
    return Int(number)
  }

  /// The error for an object of this file that is not what it should be.
  func mismatch(_ object: String, expected: String, found: String) -> ArtifactError {
    .mismatch(file: file, object: object, expected: expected, found: found)
  }
}
