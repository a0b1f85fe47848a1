internal import CHDF5

/// The value of an attribute.
package enum AttributeValue: Sendable, Equatable, CustomStringConvertible {
  /// One string.
  case string(String)
  /// A list of strings.
  case strings([String])
  /// One integer.
  case integer(Int64)
  /// One real number.
  case real(Double)
  /// A value that this module does not read, in words; it cannot be written.
  case other(String)

  /// The value as text.
  package var description: String {
    switch self {
    case .string(let text): text
    case .strings(let texts): "[" + texts.joined(separator: ", ") + "]"
    case .integer(let number): "\(number)"
    case .real(let number): "\(number)"
    case .other(let words): "(\(words))"
    }
  }
}

extension HDF5File {
  /// The names of the attributes of the object at `object`, in the order of their bytes.
  package func attributeNames(of object: String) throws(HDF5Error) -> [String] {
    let opened = try openObject(object)
    var names: [String] = []
    try checked("H5Aiterate2", name(object)) {
      withUnsafeMutablePointer(to: &names) { names in
        H5Aiterate2(
          opened.id, H5_INDEX_NAME, H5_ITER_INC, nil,
          { _, attribute, _, names in
            guard let attribute, let names else { return 0 }
            names.assumingMemoryBound(to: [String].self).pointee.append(String(cString: attribute))
            return 0
          }, names)
      }
    }
    return names
  }

  /// The attribute `attribute` of the object at `object`, or nil if it has none of that name.
  package func attribute(_ attribute: String, of object: String) throws(HDF5Error) -> AttributeValue? {
    let label = name(object) + "@" + attribute
    let owner = try openObject(object)
    guard try checked("H5Aexists", label, { H5Aexists(owner.id, attribute) }) > 0 else { return nil }
    let opened = try Handle(.attribute, "H5Aopen", label) { H5Aopen(owner.id, attribute, ch5_default()) }
    let type = try Handle(.datatype, "H5Aget_type", label) { H5Aget_type(opened.id) }
    let space = try Handle(.dataspace, "H5Aget_space", label) { H5Aget_space(opened.id) }
    let shape = try shape(of: space.id, label)
    switch H5Tget_class(type.id) {
    case H5T_STRING:
      let texts = try strings(type: type.id, space: space.id, "H5Aread", label) { H5Aread(opened.id, $0, $1) }
      if shape.isEmpty, let text = texts.first { return .string(text) }
      return .strings(texts)
    case H5T_INTEGER where shape.allSatisfy { $0 == 1 }:
      var value: Int64 = 0
      try checked("H5Aread", label) { H5Aread(opened.id, ch5_int64(), &value) }
      return .integer(value)
    case H5T_FLOAT where shape.allSatisfy { $0 == 1 }:
      var value = 0.0
      try checked("H5Aread", label) { H5Aread(opened.id, ch5_float64(), &value) }
      return .real(value)
    default:
      return .other("\(ElementType(of: type.id)) of shape \(shape)")
    }
  }

  /// Gives the object at `object` a new attribute. The corresponding C function is `H5Acreate2`.
  package func setAttribute(_ attribute: String, of object: String, to value: AttributeValue)
    throws(HDF5Error)
  {
    let label = name(object) + "@" + attribute
    let owner = try openObject(object)
    func write(_ texts: [String], shape: [Int]) throws(HDF5Error) {
      let type = try stringType(label)
      let created = try createAttribute(attribute, of: owner.id, type: type.id, shape: shape, label)
      try withCStrings(texts, "H5Awrite", label) { H5Awrite(created.id, type.id, $0) }
    }
    func write(_ number: some HDF5Number) throws(HDF5Error) {
      let type = Swift.type(of: number).elementType.libraryType
      let created = try createAttribute(attribute, of: owner.id, type: type, shape: [], label)
      try checked("H5Awrite", label) {
        withUnsafeBytes(of: number) { H5Awrite(created.id, type, $0.baseAddress) }
      }
    }
    switch value {
    case .string(let text): try write([text], shape: [])
    case .strings(let texts): try write(texts, shape: [texts.count])
    case .integer(let number): try write(number)
    case .real(let number): try write(number)
    case .other(let words):
      throw HDF5Error(
        call: "H5Acreate2", object: label, stack: ["an attribute of \(words) cannot be written"])
    }
  }

  private func openObject(_ object: String) throws(HDF5Error) -> Handle {
    try Handle(.object, "H5Oopen", name(object)) { H5Oopen(handle.id, object, ch5_default()) }
  }

  private func createAttribute(
    _ attribute: String, of owner: hid_t, type: hid_t, shape: [Int], _ label: String
  ) throws(HDF5Error) -> Handle {
    let space = try dataspace(shape, label)
    return try Handle(.attribute, "H5Acreate2", label) {
      H5Acreate2(owner, attribute, type, space.id, ch5_default(), ch5_default())
    }
  }
}
