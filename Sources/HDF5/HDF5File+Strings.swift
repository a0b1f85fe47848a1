internal import CHDF5

extension HDF5File {
  /// Writes a new dataset of UTF-8 strings; missing groups on the way are made.
  ///
  /// The strings are stored with the length of the longest, padded with zero bytes: strings of variable length would
  /// be references into a heap without checksums (docs/decisions/0013-fixed-length-strings.md).
  ///
  /// - Parameter strings: as the numbers of a dataset; a string with a zero byte is refused, as HDF5 would cut it.
  package func write(_ strings: [String], to object: String, shape: [Int]) throws(HDF5Error) {
    precondition(shape.reduce(1, *) == strings.count, "the shape of \(object) does not fit its strings")
    let length = strings.reduce(1) { max($0, $1.utf8.count) }
    var bytes = [UInt8](repeating: 0, count: strings.count * length)
    for (index, string) in strings.enumerated() {
      try requireNoZeroByte(string, "H5Dwrite", name(object))
      for (offset, byte) in string.utf8.enumerated() { bytes[index * length + offset] = byte }
    }
    let type = try Handle(.datatype, "H5Tcopy", name(object)) { H5Tcopy(ch5_string()) }
    try checked("H5Tset_size", name(object)) { H5Tset_size(type.id, length) }
    try checked("H5Tset_cset", name(object)) { H5Tset_cset(type.id, H5T_CSET_UTF8) }
    try checked("H5Tset_strpad", name(object)) { H5Tset_strpad(type.id, H5T_STR_NULLPAD) }
    try create(object, shape: shape, type: type.id, elements: bytes)
  }

  /// All strings of the dataset at `object` in row-major order, whether stored with fixed or variable length.
  package func readStrings(_ object: String) throws(HDF5Error) -> [String] {
    let dataset = try open(object)
    let type = try Handle(.datatype, "H5Dget_type", name(object)) { H5Dget_type(dataset.id) }
    let space = try Handle(.dataspace, "H5Dget_space", name(object)) { H5Dget_space(dataset.id) }
    return try strings(type: type.id, space: space.id, "H5Dread", name(object)) { memoryType, buffer in
      H5Dread(dataset.id, memoryType, ch5_all(), ch5_all(), ch5_default(), buffer)
    }
  }

  /// The type of a UTF-8 string of any length, the same in files and in memory: that of attributes, which h5py reads
  /// as text only so.
  func stringType(_ object: String) throws(HDF5Error) -> Handle {
    let type = try Handle(.datatype, "H5Tcopy", object) { H5Tcopy(ch5_string()) }
    try checked("H5Tset_size", object) { ch5_set_variable_size(type.id) }
    try checked("H5Tset_cset", object) { H5Tset_cset(type.id, H5T_CSET_UTF8) }
    return type
  }

  /// Calls `body` with an array of pointers to the strings as C strings.
  func withCStrings(
    _ strings: [String], _ call: StaticString, _ object: String,
    _ body: (UnsafePointer<UnsafePointer<UInt8>?>?) -> herr_t
  ) throws(HDF5Error) {
    var bytes: [UInt8] = []
    var starts: [Int] = []
    for string in strings {
      try requireNoZeroByte(string, call, object)
      starts.append(bytes.count)
      bytes += Array(string.utf8) + [0]
    }
    try checked(call, object) {
      bytes.withUnsafeBufferPointer { bytes in
        let pointers = starts.map { start in bytes.baseAddress.map { UnsafePointer($0 + start) } }
        return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
      }
    }
  }

  private func requireNoZeroByte(_ string: String, _ call: StaticString, _ object: String) throws(HDF5Error) {
    guard string.utf8.contains(0) else { return }
    throw HDF5Error(
      call: "\(call)", object: object,
      stack: ["a string with a zero byte cannot be stored: \(string.debugDescription)"])
  }

  /// Reads strings of an open dataset or attribute, whose type and dataspace in the file are given.
  ///
  /// - Parameter read: the call of the C function named `call`, given the memory type and the buffer.
  func strings(
    type: hid_t, space: hid_t, _ call: StaticString, _ object: String,
    _ read: (hid_t, UnsafeMutableRawPointer?) -> herr_t
  ) throws(HDF5Error) -> [String] {
    guard H5Tget_class(type) == H5T_STRING else {
      throw HDF5Error(
        call: "\(call)", object: object, stack: ["expected strings, found \(ElementType(of: type))"])
    }
    let count = try elementCount(of: shape(of: space, object), size: H5Tget_size(type), object)
    guard count > 0 else { return [] }
    guard H5Tis_variable_str(type) > 0 else {
      return try fixedLengthStrings(type: type, count: count, call, object, read)
    }
    let memoryType = try stringType(object)
    // The library converts between lengths but not between ASCII and UTF-8, of which ASCII is a part.
    try checked("H5Tset_cset", object) { H5Tset_cset(memoryType.id, H5Tget_cset(type)) }
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    try checked(call, object) { pointers.withUnsafeMutableBytes { read(memoryType.id, $0.baseAddress) } }
    let strings = pointers.map { $0.map { String(cString: $0) } ?? "" }
    try checked("H5Dvlen_reclaim", object) {
      pointers.withUnsafeMutableBytes { H5Dvlen_reclaim(memoryType.id, space, ch5_default(), $0.baseAddress) }
    }
    return strings
  }

  private func fixedLengthStrings(
    type: hid_t, count: Int, _ call: StaticString, _ object: String,
    _ read: (hid_t, UnsafeMutableRawPointer?) -> herr_t
  ) throws(HDF5Error) -> [String] {
    let size = H5Tget_size(type)
    let padsWithSpaces = H5Tget_strpad(type) == H5T_STR_SPACEPAD
    var bytes = [UInt8](repeating: 0, count: count * size)
    try checked(call, object) { bytes.withUnsafeMutableBytes { read(type, $0.baseAddress) } }
    return (0..<count).map { index in
      var text = bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }
      if padsWithSpaces { while text.last == UInt8(ascii: " ") { text.removeLast() } }
      return String(decoding: text, as: UTF8.self)
    }
  }
}
