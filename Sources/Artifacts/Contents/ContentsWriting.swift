internal import Digest
internal import Foundation
internal import HDF5
internal import Workers

extension ArtifactContents {
  /// Writes the file of a schema, all of it or nothing.
  ///
  /// The bytes go to `<file>.part`; that file is closed, then sealed and flushed to the disk while it is read again and
  /// validated, and renamed, and the rename is flushed too. After an error the `.part` is gone and what was there is as it was.
  ///
  /// - Throws: `ArtifactError.unwritable`, or `.invalidResult` if the contents break the schema.
  func write(as schema: ArtifactSchema) throws(ArtifactError) {
    let (path, part) = (file, file + ".part")
    if unlink(part) != 0, errno != ENOENT {
      throw .unwritable(file: path, reason: "\(part): \(String(cString: strerror(errno)))")
    }
    do {
      try store(part, as: schema)
      let sealing = InBackground {
        Result {
          try Seal.write(to: part)
          try Self.flush(part)
        }
      }
      // What the library wrote just now needs no protection from, so its seal is not waited for.
      let (contents, _) = try Self.load(part, as: schema, isTrusted: true)
      try schema.validate(contents)
      try sealing.value.get()
      guard rename(part, path) == 0 else { throw FileError(path, errno) }
      let folder = (path as NSString).deletingLastPathComponent
      try Self.flush(folder.isEmpty ? "." : folder)
    } catch {
      unlink(part)
      switch error {
      case let error as HDF5Error: throw .unwritable(file: path, reason: error.reason)
      case let error as FileError: throw .unwritable(file: path, reason: error.reason)
      default:
        throw (error as? ArtifactError)?.asInvalidResult(file: path)
          ?? .unwritable(file: path, reason: "\(error)")
      }
    }
  }

  /// Makes what was written to a file or a folder survive a loss of power.
  private static func flush(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path, errno) }
    defer { close(descriptor) }
    // A file system that cannot flush a folder says EINVAL; there is nothing else to be done then.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileError(path, errno) }
  }

  /// Makes the file, in an order that depends on the contents alone.
  private func store(_ path: String, as schema: ArtifactSchema) throws {
    let file = try HDF5File(creating: path, userBlock: Seal.size)
    try file.setAttribute("schema", of: "/", to: .string(schema.name))
    try file.setAttribute("schema_version", of: "/", to: .integer(schema.version))
    try file.setAttribute("NX_class", of: "/", to: .string("NXroot"))
    for (object, dataset) in datasets.sorted(by: { $0.key < $1.key }) {
      guard let entry = schema.entry(for: object, dataset.values.type) else {
        throw mismatch(object, expected: "a dataset of \(schema.name)", found: "one that it does not know")
      }
      try Self.store(dataset, at: object, in: file)
      try file.setAttribute("DIMENSION_LABELS", of: object, to: .strings(entry.dimensions))
      try file.setAttribute("description", of: object, to: .string(entry.description))
      try file.setAttribute("units", of: object, to: .string(entry.units))
    }
    for (path, value) in attributes.sorted(by: { $0.key < $1.key }) {
      let (object, name) = (String(path.prefix { $0 != "@" }), String(path.drop { $0 != "@" }.dropFirst()))
      if datasets[object] == nil { try file.createGroup(object) }
      try file.setAttribute(name, of: object, to: AttributeValue(value))
    }
    try storePlots(schema.plots.filter { datasets[$0.signal] != nil }, in: file)
    try file.close()
  }

  private static func store(_ dataset: ArtifactDataset, at path: String, in file: borrowing HDF5File) throws {
    switch dataset.values {
    case .float32(let values): try file.write(values, to: path, shape: dataset.shape)
    case .float64(let values): try file.write(values, to: path, shape: dataset.shape)
    case .int32(let values): try file.write(values, to: path, shape: dataset.shape)
    case .int64(let values): try file.write(values, to: path, shape: dataset.shape)
    case .uint8(let values): try file.write(values, to: path, shape: dataset.shape)
    case .string(let values): try file.write(values, to: path, shape: dataset.shape)
    case .unreadable(let words):
      throw ArtifactError.mismatch(file: file.path, object: path, expected: "numbers or text", found: words)
    }
  }

  /// Adds the NXdata groups below `/plots` and the chain of defaults that leads viewers to the first of them.
  private func storePlots(_ plots: [PlotSchema], in file: borrowing HDF5File) throws {
    guard let first = plots.first else { return }
    try file.createGroup("/plots")
    try file.setAttribute("default", of: "/", to: .string("plots"))
    try file.setAttribute("NX_class", of: "/plots", to: .string("NXentry"))
    try file.setAttribute("default", of: "/plots", to: .string(first.name))
    for plot in plots {
      guard let signal = datasets[plot.signal], let labels = signal.labels else { continue }
      let group = "/plots/\(plot.name)"
      try file.createGroup(group)
      let name = Self.lastComponent(plot.signal)
      try file.link(plot.signal, at: "\(group)/\(name)")
      var axes: [String] = []
      for (label, length) in zip(labels, signal.shape) {
        let coordinates = plot.coordinates[label]
        let axis = coordinates.map(Self.lastComponent) ?? label
        if !axes.contains(axis) {
          if let coordinates {
            try file.link(coordinates, at: "\(group)/\(axis)")
          } else {
            try file.write((0..<Int32(length)).map { $0 }, to: "\(group)/\(axis)", shape: [length])
            try file.setAttribute("DIMENSION_LABELS", of: "\(group)/\(axis)", to: .strings([label]))
            try file.setAttribute("description", of: "\(group)/\(axis)", to: .string("Index along \(label)."))
            try file.setAttribute("units", of: "\(group)/\(axis)", to: .string("1"))
          }
        }
        axes.append(axis)
      }
      try file.setAttribute("NX_class", of: group, to: .string("NXdata"))
      try file.setAttribute("signal", of: group, to: .string(name))
      try file.setAttribute("axes", of: group, to: .strings(axes))
    }
  }

  private static func lastComponent(_ path: String) -> String {
    String(path.split(separator: "/").last ?? "")
  }
}
