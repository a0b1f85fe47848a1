internal import HDF5

/// Contents that satisfy a schema, with typed access; what a stage's struct is made from.
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

  /// The value of a scalar dataset.
  func scalar<Element>(_ path: String, as type: Element.Type = Element.self) throws(ArtifactError) -> Element
  {
    guard let value = try values(path, as: type).first else {
      throw mismatch(path, expected: "one value", found: "none")
    }
    return value
  }

  /// The bytes 0 and 1 of a dataset as truth values.
  func flags(_ path: String) throws(ArtifactError) -> [Bool] {
    try values(path, as: UInt8.self).map { $0 != 0 }
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

  /// A real attribute.
  func real(_ attribute: String, of object: String) throws(ArtifactError) -> Double {
    guard case .real(let number)? = contents.attributes[object]?[attribute] else {
      throw mismatch("\(object)@\(attribute)", expected: "a real number", found: "nothing")
    }
    return number
  }

  /// The error for an object of this file that is not what it should be.
  func mismatch(_ object: String, expected: String, found: String) -> ArtifactError {
    .mismatch(file: file, object: object, expected: expected, found: found)
  }

  /// Checks that no lower bound of an interval is above its upper bound.
  func requireOrdered(_ low: String, _ high: String) throws(ArtifactError) {
    let (lows, highs) = (try values(low, as: Double.self), try values(high, as: Double.self))
    let shape = contents.datasets[low]?.shape ?? []
    for (index, bounds) in zip(lows, highs).enumerated() where bounds.0 > bounds.1 {
      throw mismatch(
        low + subscriptText(index, shape), expected: "at most \(high), \(bounds.1)", found: "\(bounds.0)")
    }
  }
}
