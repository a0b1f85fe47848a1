internal import CHDF5

/// What a path in a file leads to.
package enum HDF5ObjectKind: Sendable, Equatable {
  /// A group: a folder of objects.
  case group
  /// An array of elements, or one element.
  case dataset
  /// A named datatype or anything else.
  case other
}

extension HDF5File {
  /// What is at `object`, or nil if nothing is (a dangling link, and one into another file, count as nothing).
  package func kind(of object: String) throws(HDF5Error) -> HDF5ObjectKind? {
    guard object != "/" else { return .group }
    var prefix = ""
    for component in object.split(separator: "/") {
      prefix += "/" + component
      guard try checked("H5Lexists", name(object), { H5Lexists(handle.id, prefix, ch5_default()) }) > 0,
        ch5_leads_outside(handle.id, prefix) == 0,
        try checked(
          "H5Oexists_by_name", name(object), { H5Oexists_by_name(handle.id, prefix, ch5_default()) }) > 0
      else { return nil }
      let opened = try Handle(.object, "H5Oopen", name(prefix)) { H5Oopen(handle.id, prefix, ch5_default()) }
      let type = H5Iget_type(opened.id)
      if prefix.count == object.count {
        return type == H5I_GROUP ? .group : type == H5I_DATASET ? .dataset : .other
      }
      guard type == H5I_GROUP else { return nil }
    }
    return nil
  }

  /// The names of what is directly in a group, in the order of their bytes.
  package func children(of group: String) throws(HDF5Error) -> [String] {
    let opened = try Handle(.group, "H5Gopen2", name(group)) { H5Gopen2(handle.id, group, ch5_default()) }
    var names: [String] = []
    // Asked for an order, or for names one by one, library 1.10 frees what it never had when the file is damaged.
    try checked("H5Literate", name(group)) {
      withUnsafeMutablePointer(to: &names) { names in
        ch5_iterate_links(
          opened.id,
          { _, link, _, names in
            guard let link, let names else { return 0 }
            names.assumingMemoryBound(to: [String].self).pointee.append(String(cString: link))
            return 0
          }, names)
      }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The paths of everything below `group` with its kind: depth first, in the order of the names' bytes.
  ///
  /// An object with two links is met twice.
  ///
  /// - Throws: `HDF5Error`, also if a group is below itself, and beyond 100 000 objects.
  package func walk(from group: String = "/") throws(HDF5Error) -> [(path: String, kind: HDF5ObjectKind)] {
    var found: [(path: String, kind: HDF5ObjectKind)] = []
    try walk(from: group, below: [], &found)
    return found
  }

  /// The most objects that a file of arrays can sensibly have; groups linked from everywhere make any number of paths.
  private static let objectLimit = 100_000

  private func walk(
    from group: String, below ancestors: [haddr_t], _ found: inout [(path: String, kind: HDF5ObjectKind)]
  ) throws(HDF5Error) {
    let address = try address(of: group)
    guard !ancestors.contains(address) else {
      throw HDF5Error(call: "H5Literate", object: name(group), stack: ["a group is below itself"])
    }
    for child in try children(of: group) {
      let path = (group == "/" ? "" : group) + "/" + child
      guard let kind = try kind(of: path) else { continue }
      guard found.count < Self.objectLimit else {
        throw HDF5Error(
          call: "H5Literate", object: name(group), stack: ["more than \(Self.objectLimit) objects"])
      }
      found.append((path, kind))
      if kind == .group { try walk(from: path, below: ancestors + [address], &found) }
    }
  }

  private func address(of object: String) throws(HDF5Error) -> haddr_t {
    let opened = try Handle(.object, "H5Oopen", name(object)) { H5Oopen(handle.id, object, ch5_default()) }
    var address: haddr_t = 0
    try checked("H5Oget_info", name(object)) { ch5_address(opened.id, &address) }
    return address
  }

  /// Makes a group, and the groups above it that are missing. The corresponding C function is `H5Gcreate2`.
  package func createGroup(_ group: String) throws(HDF5Error) {
    var prefix = ""
    for component in group.split(separator: "/") {
      prefix += "/" + component
      if try kind(of: prefix) == .group { continue }
      let creation = try Handle(.propertyList, "H5Pcreate", name(prefix)) {
        H5Pcreate(ch5_class_group_create())
      }
      try checked("H5Pset_obj_track_times", name(prefix)) { H5Pset_obj_track_times(creation.id, false) }
      let made = try Handle(.group, "H5Gcreate2", name(prefix)) {
        H5Gcreate2(handle.id, prefix, ch5_default(), creation.id, ch5_default())
      }
      try made.close(name(prefix))
    }
  }

  /// Gives an object a second path (a hard link); the group of the new path must exist.
  /// The corresponding C function is `H5Lcreate_hard`.
  package func link(_ object: String, at newPath: String) throws(HDF5Error) {
    try checked("H5Lcreate_hard", name(newPath)) {
      H5Lcreate_hard(handle.id, object, handle.id, newPath, ch5_default(), ch5_default())
    }
  }
}
