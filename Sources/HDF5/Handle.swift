internal import CHDF5

/// The owner of one HDF5 identifier: closed exactly once, at the end of the owner's life or by `close`.
struct Handle: ~Copyable {
  /// The kinds of identifiers, each with its own function for closing.
  enum Kind { case file, group, dataset, object, datatype, dataspace, attribute, propertyList }

  /// The library's identifier, valid as long as this owner lives.
  let id: hid_t

  private let kind: Kind

  /// Takes the identifier that `body`, a call of the C function named `call`, returns.
  init(_ kind: Kind, _ call: StaticString, _ object: @autoclosure () -> String, _ body: () -> hid_t)
    throws(HDF5Error)
  {
    id = try checked(call, object(), body)
    self.kind = kind
  }

  deinit { _ = Self.release(id, kind) }

  /// Closes the identifier now and reports a failure, which `deinit` cannot.
  consuming func close(_ object: @autoclosure () -> String) throws(HDF5Error) {
    let (id, kind) = (self.id, self.kind)
    discard self
    try checked("H5?close", object()) { Self.release(id, kind) }
  }

  private static func release(_ id: hid_t, _ kind: Kind) -> herr_t {
    switch kind {
    case .file: H5Fclose(id)
    case .group: H5Gclose(id)
    case .dataset: H5Dclose(id)
    case .object: H5Oclose(id)
    case .datatype: H5Tclose(id)
    case .dataspace: H5Sclose(id)
    case .attribute: H5Aclose(id)
    case .propertyList: H5Pclose(id)
    }
  }
}
