import Artifacts
import Digest
import Foundation
import HDF5
import TestSupport
import Testing

/// docs/artifacts.md, "The content's digest", word by word, straight from the file.
private func obviousDigest(_ path: String) throws -> String {
  let file = try HDF5File(reading: path)
  var lines: [(name: String, line: String)] = []
  func add(_ name: String, _ type: String, _ shape: [Int], _ elements: Data) throws {
    let digest = SHA256.digest(of: Array(elements))
    let lengths = shape.map { "\($0)" }.joined(separator: ",")
    lines.append((name, "\(digest)  \(type)[\(lengths)]  \(name)\n"))
  }
  func littleEndian<T: HDF5Number>(_ numbers: [T]) -> Data {
    numbers.reduce(into: Data()) { data, number in withUnsafeBytes(of: number) { data.append(contentsOf: $0) }
    }
  }
  func text(_ strings: [String]) -> Data { Data(strings.map { $0 + "\0" }.joined().utf8) }
  var objects = [(path: "/", kind: HDF5ObjectKind.group)]
  objects += try file.walk().filter { !$0.path.hasPrefix("/plots") }
  for (object, kind) in objects {
    if kind == .dataset {
      let information = try file.information(of: object)
      let elements: Data =
        switch information.elementType {
        case .float32: littleEndian(try file.read(object, as: Float.self))
        case .float64: littleEndian(try file.read(object, as: Double.self))
        case .int32: littleEndian(try file.read(object, as: Int32.self))
        case .int64: littleEndian(try file.read(object, as: Int64.self))
        case .uint8: littleEndian(try file.read(object, as: UInt8.self))
        default: text(try file.readStrings(object))
        }
      try add(object, "\(information.elementType)", information.shape, elements)
    }
    for attribute in try file.attributeNames(of: object) where object != "/provenance" {
      let name = "\(object)@\(attribute)"
      switch try #require(try file.attribute(attribute, of: object)) {
      case .string(let value): try add(name, "string", [], text([value]))
      case .strings(let values): try add(name, "string", [values.count], text(values))
      case .integer(let value): try add(name, "i64", [], littleEndian([value]))
      case .real(let value): try add(name, "f64", [], littleEndian([value]))
      case .other(let words): Issue.record("\(name) is \(words)")
      }
    }
  }
  lines.sort { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
  return SHA256.digest(of: Array(lines.map(\.line).joined().utf8))
}

@Suite struct ContentDigestTests {
  @Test("A content's digest is that of the specification, for every stage", arguments: Samples.all.indices)
  func specification(index: Int) throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/a.h5"
      try Samples.all[index].write(to: path, provenance: Samples.provenance)
      let found = try Inspection.contentDigest(of: path)
      #expect(try found.digest == obviousDigest(path))
      #expect(found.stage == "score" && found.stageVersion == 3)
      #expect(found.description == "\(found.digest)  score  3")
    }
  }

  @Test("A content's digest depends on neither the provenance nor on how the file lies, and on all else")
  func dependence() throws {
    try withTemporaryDirectory { folder in
      let (a, b) = (folder + "/a.h5", folder + "/b.h5")
      try Samples.score().write(to: a, provenance: Samples.provenance)
      let digest = try Inspection.contentDigest(of: a).digest
      func changed(_ changes: Changes) throws -> ContentDigest {
        try? FileManager.default.removeItem(atPath: b)
        try copy(a, to: b, changes)
        return try Inspection.contentDigest(of: b)
      }
      let foreign = try changed(Changes(without: ["/provenance"]))
      #expect(foreign.digest == digest && foreign.description == "\(digest)  -  -")
      let file = try HDF5File(reading: a)
      let gains: [Double] = try file.read("/gain")
      let shape = try file.information(of: "/gain").shape
      var nudged = gains
      nudged[0] = nudged[0].nextUp
      let one = nudged
      let single = gains.map { Float($0) }
      let others: [Changes] = [
        Changes(datasets: ["/gain": { try $0.write(one, to: "/gain", shape: shape) }]),
        Changes(datasets: ["/gain": { try $0.write(single, to: "/gain", shape: shape) }]),
        Changes(datasets: ["/gain": { try $0.write(gains, to: "/gain", shape: shape + [1]) }]),
        Changes(without: ["/gain"]),
        Changes(withoutAttributes: ["/gain@units"]),
        Changes(attributes: ["/gain@DIMENSION_LABELS": .strings(["tasks"])]),
        Changes(attributes: ["/@verdict": .string("none")]),
        Changes(attributes: ["/@reliable_tasks": .real(1)]),
      ]
      let digests = try others.map { try changed($0).digest }
      #expect(Set(digests + [digest]).count == others.count + 1)
    }
  }
}
