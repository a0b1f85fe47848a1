import Artifacts
import Foundation
import HDF5
import TestSupport
import Testing

/// A fault in one dataset.
private enum Fault: String, CaseIterable {
  case missing, otherType, moreDimensions, shorter, empty, otherLabels, noLabels, notANumber, infinite

  /// The change that puts the fault into a dataset; nil if it cannot have it.
  ///
  /// - Parameters:
  ///   - path: the dataset.
  ///   - found: its type and shape.
  ///   - labels: those of its dimensions.
  ///   - numbers: its elements, if they are numbers.
  func change(_ path: String, _ found: DatasetInformation, _ labels: [String], _ numbers: [Double])
    -> Changes?
  {
    let isReal = [.float32, .float64].contains(found.elementType)
    let attribute = path + "@DIMENSION_LABELS"
    func dataset(_ write: @escaping (borrowing HDF5File) throws -> Void) -> Changes {
      Changes(datasets: [path: write])
    }
    let type = found.elementType
    func same(_ shape: [Int], _ values: [Double]) -> Changes {
      dataset { file in
        switch type {
        case .float32: try file.write(values.map(Float.init), to: path, shape: shape)
        case .float64: try file.write(values, to: path, shape: shape)
        case .int32: try file.write(values.map(Int32.init), to: path, shape: shape)
        case .int64: try file.write(values.map(Int64.init), to: path, shape: shape)
        case .uint8: try file.write(values.map(UInt8.init), to: path, shape: shape)
        default: try file.write(values.indices.map { "name \($0)" }, to: path, shape: shape)
        }
      }
    }
    switch self {
    case .missing: return Changes(without: [path])
    case .otherType:
      return dataset { file in
        if type == .float64 {
          try file.write(numbers.map(Float.init), to: path, shape: found.shape)
        } else {
          try file.write(numbers, to: path, shape: found.shape)
        }
      }
    case .moreDimensions: return same(found.shape + [1], numbers)
    case .shorter:
      guard let rows = found.shape.first, rows > 1 else { return nil }
      let shape = [rows - 1] + found.shape.dropFirst()
      return same(shape, Array(numbers.prefix(shape.reduce(1, *))))
    case .empty:
      guard !found.shape.isEmpty else { return nil }
      return same([0] + found.shape.dropFirst(), [])
    case .otherLabels: return Changes(attributes: [attribute: .strings(labels.map { $0 + "s" } + ["row"])])
    case .noLabels: return labels.isEmpty ? nil : Changes(withoutAttributes: [attribute])
    case .notANumber: return isReal ? same(found.shape, [.nan] + numbers.dropFirst()) : nil
    case .infinite: return isReal ? same(found.shape, numbers.dropLast() + [.infinity]) : nil
    }
  }
}

@Suite struct SchemaTests {
  @Test(
    "every dataset of every schema is refused, and named, when it is missing, or has another type, shape or label, or a value that is no number"
  )
  func faults() throws {
    var count = 0
    try withTemporaryDirectory { folder in
      let bad = folder + "/bad.h5"
      for good in Fixtures.version1 {
        let file = try HDF5File(reading: good)
        let name = try #require(ArtifactSchema.all.first { good.hasSuffix("/\($0.stage).h5") })
        for (path, kind) in try file.walk() where kind == .dataset && !path.hasPrefix("/plots") {
          let found = try file.information(of: path)
          let isText = found.elementType == .string
          let numbers =
            isText
            ? [Double](repeating: 0, count: found.shape.reduce(1, *)) : try file.read(path, as: Double.self)
          guard case .strings(let labels)? = try file.attribute("DIMENSION_LABELS", of: path) else {
            Issue.record("\(path) has no labels")
            continue
          }
          // Earlier programs kept the episodes of an evaluation in a state; nobody reads them.
          if path.hasPrefix("/evaluation/") { continue }
          let entries = name.datasets.filter { $0.path == path }
          for fault in Fault.allCases {
            guard let change = fault.change(path, found, labels, numbers) else { continue }
            if fault == .missing, entries.contains(where: \.isOptional) { continue }
            // Subsets of their own number are as good as more.
            if fault == .shorter, name.stage == "sample-subsets", path == "/member" { continue }
            // A state may hold the features of fewer transitions.
            if [.shorter, .empty].contains(fault), path == "/feature" { continue }
            if fault == .notANumber, entries.contains(where: \.allowsMissing) { continue }
            try? FileManager.default.removeItem(atPath: bad)
            try copy(good, to: bad, change)
            let refused = try verdict(bad)
            #expect(
              refused?.hasPrefix("NOT VALID: \(bad): /") == true,
              "\(fault) of \(path) of \(good): \(refused ?? "valid")")
            // A length is told against the dataset that was met first.
            if ![.shorter, .empty, .missing].contains(fault) {
              #expect(refused?.contains(path) == true, "\(fault) of \(path): \(refused ?? "valid")")
            }
            count += 1
          }
        }
      }
    }
    print("reliability: inputs refused, artifacts with a faulty dataset: \(count)")
    #expect(count >= 200)
  }

  @Test("every attribute of every schema is refused, and named, when it is missing or of another kind")
  func attributes() throws {
    var count = 0
    try withTemporaryDirectory { folder in
      let bad = folder + "/bad.h5"
      for (schema, good) in zip(ArtifactSchema.all, Fixtures.version1) {
        for attribute in schema.attributes where !attribute.isOptional {
          let other: AttributeValue = attribute.type == .int64 ? .real(0.5) : .integer(1)
          for change in [
            Changes(withoutAttributes: [attribute.path]), Changes(attributes: [attribute.path: other]),
          ] {
            try? FileManager.default.removeItem(atPath: bad)
            try copy(good, to: bad, change)
            #expect(try verdict(bad)?.contains("\(bad): \(attribute.path): expected") == true)
            count += 1
          }
        }
        for (path, value) in [
          ("/@schema", AttributeValue.string("policygradex/none")), ("/@schema", .integer(1)),
          ("/@schema", .string("")),
          ("/@schema_version", .integer(0)), ("/@schema_version", .integer(.max)),
          ("/@schema_version", .string("1")),
          ("/@schema_version", .real(1)),
        ] {
          try? FileManager.default.removeItem(atPath: bad)
          try copy(good, to: bad, Changes(attributes: [path: value]))
          #expect(try verdict(bad) != nil)
          count += 1
        }
      }
    }
    print("reliability: inputs refused, artifacts with a faulty attribute: \(count)")
  }

  @Test("a layer with the largest number there is, is a gap in the numbers and nothing worse")
  func largestLayer() throws {
    try withTemporaryDirectory { folder in
      let bad = folder + "/bad.h5"
      let layer = "/policy/layer_\(Int.max)"
      let good = try #require(Fixtures.version1.first { $0.hasSuffix("/meta-train.h5") })
      let anchor = "/policy/layer_0/bias"
      let bias = try HDF5File(reading: good).read(anchor, as: Float.self)
      try copy(
        good, to: bad,
        Changes(datasets: [
          anchor: { file in
            try file.write(bias, to: anchor, shape: [bias.count])
            try file.write([1, 2] as [Float], to: layer + "/weight", shape: [1, 2])
            let labels = AttributeValue.strings(["policy_units_\(Int.max &+ 1)", "policy_units_\(Int.max)"])
            try file.setAttribute("DIMENSION_LABELS", of: layer + "/weight", to: labels)
          }
        ]))
      #expect(try verdict(bad)?.contains("layers numbered 0, 1, … without a gap") == true)
    }
  }

  @Test("each reader refuses every other stage's file and says what it is")
  func otherStages() throws {
    let readers: [(String, (String) throws -> Void)] = [
      ("meta-train", { _ = try MetaTrainArtifact(reading: $0) }),
      ("collect-gradients", { _ = try CollectGradientsArtifact(reading: $0) }),
      ("sample-subsets", { _ = try SampleSubsetsArtifact(reading: $0) }),
      ("linearized-adapt", { _ = try LinearizedAdaptArtifact(reading: $0) }),
      ("score", { _ = try ScoreArtifact(reading: $0) }),
      ("cluster", { _ = try ClusterArtifact(reading: $0) }),
      ("full-train-eval-set", { _ = try TrainedSetArtifact(reading: $0) }),
      ("full-train-eval", { _ = try EvaluationArtifact(reading: $0) }),
    ]
    for (stage, read) in readers {
      for (other, path) in zip(ArtifactSchema.all.map(\.stage), Fixtures.version1) where other != stage {
        let error = #expect(throws: ArtifactError.self) { try read(path) }
        #expect(
          error?.description == "\(path): is a policygradex/\(other) artifact, expected policygradex/\(stage)"
        )
      }
    }
  }
}
