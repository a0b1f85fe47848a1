internal import Foundation
internal import HDF5

extension Inspection {
  /// The size in bytes of an artifact that is like an existing one but for the lengths of some dimensions, by label.
  ///
  /// Datasets are stored whole and uncompressed, so what a longer dimension adds is its elements' bytes; everything else
  /// in the file stays as it is. Only HDF5's blocks of descriptions, of 2 kB, may be filled differently.
  ///
  /// - Throws: `HDF5Error`, and `CocoaError` for a file that is not there.
  package static func size(of file: String, lengths: [String: Int]) throws -> Int {
    var size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
    let artifact = try HDF5File(reading: file)
    for (path, kind) in try artifact.walk() where kind == .dataset {
      guard case .strings(let labels)? = try artifact.attribute("DIMENSION_LABELS", of: path) else {
        continue
      }
      let name = String(path.split(separator: "/").last ?? "")
      // Below /plots all but the axes of a label's own name are second links to datasets from elsewhere.
      if path.hasPrefix("/plots/"), labels != [name] { continue }
      let found = try artifact.information(of: path)
      let wanted = zip(labels, found.shape).reduce(1) { $0 * (lengths[$1.0] ?? $1.1) }
      size += (wanted - found.shape.reduce(1, *)) * found.elementType.byteCount
    }
    return size
  }
}

extension ElementType {
  /// The bytes of an element in a file; 0 for text, whose length is not known from its type.
  fileprivate var byteCount: Int {
    switch self {
    case .uint8: 1
    case .float32, .int32: 4
    case .float64, .int64: 8
    case .string, .other: 0
    }
  }
}
