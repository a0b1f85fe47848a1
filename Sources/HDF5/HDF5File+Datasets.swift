internal import CHDF5

/// The type of a dataset's elements in a file, and its lengths, slowest dimension first; none for a scalar.
package typealias DatasetInformation = (elementType: ElementType, shape: [Int])

extension HDF5File {
  /// The type and shape of the dataset at `object`.
  package func information(of object: String) throws(HDF5Error) -> DatasetInformation {
    let dataset = try open(object)
    let type = try Handle(.datatype, "H5Dget_type", name(object)) { H5Dget_type(dataset.id) }
    let space = try Handle(.dataspace, "H5Dget_space", name(object)) { H5Dget_space(dataset.id) }
    return (ElementType(of: type.id), try shape(of: space.id, name(object)))
  }

  /// Writes a new dataset of numbers; missing groups on the way are made.
  ///
  /// It is stored in one piece, so that its bytes go between the file and memory without a copy. Nothing is compressed:
  /// on gradients deflate saves little and is forty times slower.
  ///
  /// - Parameters:
  ///   - values: the elements in row-major order.
  ///   - shape: its lengths, whose product is the number of values; empty for a scalar.
  package func write<Number: HDF5Number>(_ values: [Number], to object: String, shape: [Int])
    throws(HDF5Error)
  {
    precondition(shape.reduce(1, *) == values.count, "the shape of \(object) does not fit its values")
    try create(object, shape: shape, type: Number.elementType.libraryType, elements: values)
  }

  /// All numbers of the dataset at `object` in row-major order, converted by the library to the Swift type asked for.
  package func read<Number: HDF5Number>(_ object: String, as _: Number.Type = Number.self)
    throws(HDF5Error) -> [Number]
  {
    let dataset = try open(object)
    let space = try Handle(.dataspace, "H5Dget_space", name(object)) { H5Dget_space(dataset.id) }
    let count = try elementCount(
      of: shape(of: space.id, name(object)), size: MemoryLayout<Number>.stride, name(object))
    var status: herr_t = 0
    var values: [Number] = []
    try checked("H5Dread", name(object)) {
      values = [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
        status = H5Dread(
          dataset.id, Number.elementType.libraryType, ch5_all(), ch5_all(), ch5_default(),
          buffer.baseAddress)
        initialized = status < 0 ? 0 : count
      }
      return status
    }
    return values
  }

  /// Opens the dataset at `object`, whose elements must be in this file: a path in a file is not followed.
  func open(_ object: String) throws(HDF5Error) -> Handle {
    let dataset = try Handle(.dataset, "H5Dopen2", name(object)) {
      H5Dopen2(handle.id, object, ch5_default())
    }
    let creation = try Handle(.propertyList, "H5Dget_create_plist", name(object)) {
      H5Dget_create_plist(dataset.id)
    }
    guard H5Pget_layout(creation.id) != H5D_VIRTUAL, H5Pget_external_count(creation.id) <= 0 else {
      throw HDF5Error(
        call: "H5Dopen2", object: name(object), stack: ["its elements are in other files, which are not read"]
      )
    }
    return dataset
  }

  /// The number of elements of a shape, if that many of `size` bytes each can be in this file.
  func elementCount(of shape: [Int], size: Int, _ object: String) throws(HDF5Error) -> Int {
    var bytes = size
    // A length of 0 makes any shape empty, so that the others may be as they like.
    for length in shape where !shape.contains(0) {
      let product = bytes.multipliedReportingOverflow(by: length)
      guard !product.overflow, product.partialValue <= elementByteLimit else {
        throw HDF5Error(
          call: "H5Dread", object: object,
          stack: ["elements of \(size) bytes and shape \(shape) are more than the file can hold"])
      }
      bytes = product.partialValue
    }
    return shape.reduce(1) { $0 &* $1 }
  }

  /// Makes the dataset at `object`, and the groups above it, and fills it in row-major order with elements that have
  /// this type in memory too. It is stored without times.
  func create(
    _ object: String, shape: [Int], type: hid_t, elements: [some BitwiseCopyable]
  ) throws(HDF5Error) {
    try createGroup(object.split(separator: "/").dropLast().map { "/" + $0 }.joined())
    let space = try dataspace(shape, name(object))
    let creation = try Handle(.propertyList, "H5Pcreate", name(object)) {
      H5Pcreate(ch5_class_dataset_create())
    }
    try checked("H5Pset_obj_track_times", name(object)) { H5Pset_obj_track_times(creation.id, false) }
    let dataset = try Handle(.dataset, "H5Dcreate2", name(object)) {
      H5Dcreate2(handle.id, object, type, space.id, ch5_default(), creation.id, ch5_default())
    }
    try checked("H5Dwrite", name(object)) {
      elements.withUnsafeBytes {
        H5Dwrite(dataset.id, type, ch5_all(), ch5_all(), ch5_default(), $0.baseAddress)
      }
    }
    try dataset.close(name(object))
  }

  /// The dataspace of a shape; a scalar if the shape is empty.
  func dataspace(_ shape: [Int], _ object: String) throws(HDF5Error) -> Handle {
    guard !shape.isEmpty else {
      return try Handle(.dataspace, "H5Screate", object) { H5Screate(H5S_SCALAR) }
    }
    let lengths = shape.map(hsize_t.init)
    return try Handle(.dataspace, "H5Screate_simple", object) {
      H5Screate_simple(Int32(lengths.count), lengths, nil)
    }
  }

  /// The lengths of a dataspace, slowest dimension first.
  func shape(of space: hid_t, _ object: String) throws(HDF5Error) -> [Int] {
    let rank = Int(try checked("H5Sget_simple_extent_ndims", object) { H5Sget_simple_extent_ndims(space) })
    var lengths = [hsize_t](repeating: 0, count: rank)
    try checked("H5Sget_simple_extent_dims", object) { H5Sget_simple_extent_dims(space, &lengths, nil) }
    // A null dataspace has no dimension and no element; it counts as an empty vector.
    if rank == 0, H5Sget_simple_extent_npoints(space) == 0 { return [0] }
    return try lengths.map { length throws(HDF5Error) in
      guard let length = Int(exactly: length) else {
        throw HDF5Error(call: "H5Sget_simple_extent_dims", object: object, stack: ["a length of \(length)"])
      }
      return length
    }
  }
}
