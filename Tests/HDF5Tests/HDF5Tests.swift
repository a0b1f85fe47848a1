import HDF5
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The bytes of a file.
private func bytes(_ path: String) throws -> [UInt8] {
  let file = try #require(fopen(path, "rb"))
  defer { fclose(file) }
  var contents: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&piece, 1, piece.count, file), count > 0 { contents += piece[..<count] }
  return contents
}

/// Writes a file with every kind of content this module knows, the large dataset in chunks.
private func writeEverything(_ path: String) throws {
  let file = try HDF5File(creating: path)
  try file.write([Float](repeating: 0.5, count: 1500 * 401), to: "/large", shape: [1500, 401])
  try file.write([1.0, -2.5, 3.25, 4], to: "/group/inner/double", shape: [2, 2])
  try file.write([Int32.min, 0, Int32.max], to: "/group/int32", shape: [3])
  try file.write([Int64.max], to: "/scalar", shape: [])
  try file.write([UInt8(0), 255], to: "/bytes", shape: [2])
  try file.write(["forward", "", "rückwärts 🏃"], to: "/names", shape: [3])
  try file.write([Double](), to: "/empty", shape: [0, 3])
  for index in 0..<20 { try file.setAttribute("number \(index)", of: "/group", to: .integer(Int64(index))) }
  try file.setAttribute("text", of: "/", to: .string(String(repeating: "configuration ", count: 20_000)))
  try file.setAttribute("labels", of: "/names", to: .strings(["task", ""]))
  try file.setAttribute("ratio", of: "/names", to: .real(0.1))
  try file.link("/names", at: "/group/same")
  try file.close()
}

@Test("Every element type comes back as it was written, with its type and shape")
func roundTrip() throws {
  try withTemporaryDirectory { folder in
    try writeEverything(folder + "/a.h5")
    let file = try HDF5File(reading: folder + "/a.h5")
    #expect(try file.read("/large", as: Float.self) == [Float](repeating: 0.5, count: 1500 * 401))
    #expect(try file.read("/group/inner/double", as: Double.self) == [1.0, -2.5, 3.25, 4])
    #expect(try file.read("/group/int32", as: Int32.self) == [Int32.min, 0, Int32.max])
    #expect(try file.read("/scalar", as: Int64.self) == [Int64.max])
    #expect(try file.read("/bytes", as: UInt8.self) == [0, 255])
    #expect(try file.readStrings("/names") == ["forward", "", "rückwärts 🏃"])
    #expect(try file.read("/empty", as: Double.self) == [])
    let large = try file.information(of: "/large")
    #expect(large.elementType == .float32 && large.shape == [1500, 401])
    let double = try file.information(of: "/group/inner/double")
    #expect(double.elementType == .float64 && double.shape == [2, 2])
    #expect(try file.information(of: "/scalar").shape == [])
    #expect(try file.information(of: "/names").elementType == .string)
    #expect(try file.information(of: "/empty").shape == [0, 3])
    #expect(
      try file.attribute("text", of: "/") == .string(String(repeating: "configuration ", count: 20_000)))
    #expect(try file.attribute("labels", of: "/names") == .strings(["task", ""]))
    #expect(try file.attribute("ratio", of: "/names") == .real(0.1))
    #expect(try file.attribute("number 19", of: "/group") == .integer(19))
    #expect(try file.attribute("absent", of: "/group") == nil)
    #expect(try file.attributeNames(of: "/group").count == 20)
    #expect(try file.children(of: "/") == ["bytes", "empty", "group", "large", "names", "scalar"])
    #expect(
      try file.walk().map(\.path) == [
        "/bytes", "/empty", "/group", "/group/inner", "/group/inner/double", "/group/int32", "/group/same",
        "/large", "/names", "/scalar",
      ])
    #expect(try file.kind(of: "/group/inner") == .group)
    #expect(try file.kind(of: "/group/same") == .dataset)
    #expect(try file.kind(of: "/group/absent/deeper") == nil)
    #expect(try file.kind(of: "/names/below") == nil)
  }
}

@Test("Numbers are converted to the Swift type asked for")
func conversion() throws {
  try withTemporaryDirectory { folder in
    try writeEverything(folder + "/a.h5")
    let file = try HDF5File(reading: folder + "/a.h5")
    #expect(try file.read("/group/inner/double", as: Float.self) == [1, -2.5, 3.25, 4])
    #expect(try file.read("/bytes", as: Int32.self) == [0, 255])
  }
}

@Test("Equal contents give equal bytes, more than a second apart")
func equalBytes() throws {
  try withTemporaryDirectory { folder in
    try writeEverything(folder + "/a.h5")
    sleep(2)  // object times are whole seconds
    try writeEverything(folder + "/b.h5")
    #expect(try bytes(folder + "/a.h5") == bytes(folder + "/b.h5"))
  }
}

@Test("Reading takes no lock: a file opens twice, and in a folder that cannot be written")
func readOnly() throws {
  try withTemporaryDirectory { folder in
    try writeEverything(folder + "/a.h5")
    #expect(chmod(folder + "/a.h5", 0o444) == 0)
    #expect(chmod(folder, 0o555) == 0)
    defer { chmod(folder, 0o755) }
    let first = try HDF5File(reading: folder + "/a.h5")
    let second = try HDF5File(reading: folder + "/a.h5")
    #expect(try first.read("/scalar", as: Int64.self) == second.read("/scalar", as: Int64.self))
  }
}

@Test("An error names the call, the file and the object, and carries the library's reason")
func errors() throws {
  try withTemporaryDirectory { folder in
    let path = folder + "/a.h5"
    let missing = #expect(throws: HDF5Error.self) { _ = try HDF5File(reading: path) }
    #expect(missing?.call == "H5Fopen" && missing?.object == path)
    #expect(missing?.description.contains("No such file or directory") == true)
    #expect(missing?.reason == "No such file or directory")
    try writeEverything(path)
    let exists = #expect(throws: HDF5Error.self) { _ = try HDF5File(creating: path) }
    #expect(exists?.call == "H5Fcreate" && exists?.description.contains("File exists") == true)
    let file = try HDF5File(reading: path)
    let absent = #expect(throws: HDF5Error.self) { _ = try file.read("/group/absent", as: Float.self) }
    #expect(absent?.call == "H5Dopen2" && absent?.object == path + ": /group/absent")
    #expect(absent?.description.contains("\n  H5") == true)
    let text = #expect(throws: HDF5Error.self) { _ = try file.read("/names", as: Float.self) }
    #expect(text?.call == "H5Dread" && text?.object == path + ": /names")
    let number = #expect(throws: HDF5Error.self) { _ = try file.readStrings("/scalar") }
    #expect(number?.description.contains("expected strings, found i64") == true)
    let zero = #expect(throws: HDF5Error.self) {
      let other = try HDF5File(creating: folder + "/b.h5")
      try other.write(["a\0b"], to: "/text", shape: [])
    }
    #expect(zero?.description.contains("zero byte") == true)
  }
}
