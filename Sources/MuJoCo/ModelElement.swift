internal import CMuJoCo

/// A part of a model that has a name.
package struct ModelElement: Sendable, Hashable {
  /// What can be asked for by name.
  package enum Kind: String, Sendable {
    /// A rigid body.
    case body
    /// A point of interest on a body.
    case site
    /// A shape on a body.
    case geometry
    /// A joint between a body and its parent.
    case joint
  }

  /// What it is.
  package let kind: Kind
  /// Its number among its kind.
  package let index: Int
}

extension PhysicsModel {
  /// The part of this name. The corresponding C function is `mj_name2id`.
  ///
  /// - Throws: `MuJoCoError.unknownName`.
  package func element(_ kind: ModelElement.Kind, named name: String) throws(MuJoCoError) -> ModelElement {
    let type =
      switch kind {
      case .body: mjOBJ_BODY
      case .site: mjOBJ_SITE
      case .geometry: mjOBJ_GEOM
      case .joint: mjOBJ_JOINT
      }
    let index = mj_name2id(handle, Int32(type.rawValue), name)
    guard index >= 0 else { throw .unknownName(kind: kind.rawValue, name: name, model: path) }
    return ModelElement(kind: kind, index: Int(index))
  }

  /// Where a joint's coordinates stand in `Simulation.positions` and `velocities` (`jnt_qposadr`, `jnt_dofadr`).
  ///
  /// - Throws: `MuJoCoError.unknownName`.
  package func joint(named name: String) throws(MuJoCoError) -> (
    positions: Range<Int>, velocities: Range<Int>
  ) {
    let index = try element(.joint, named: name).index
    let type = mjtJoint(UInt32(handle.pointee.jnt_type[index]))
    let (positions, velocities) = type == mjJNT_FREE ? (7, 6) : type == mjJNT_BALL ? (4, 3) : (1, 1)
    let first = (Int(handle.pointee.jnt_qposadr[index]), Int(handle.pointee.jnt_dofadr[index]))
    return (first.0..<first.0 + positions, first.1..<first.1 + velocities)
  }

  /// The body of this name that is moved from outside, as a motion capture moves a hand (`body_mocapid`).
  ///
  /// - Returns: its number among such bodies.
  /// - Throws: `MuJoCoError.unknownName`.
  package func motionCapture(named name: String) throws(MuJoCoError) -> Int {
    let index = handle.pointee.body_mocapid[try element(.body, named: name).index]
    guard index >= 0 else { throw .unknownName(kind: "mocap body", name: name, model: path) }
    return Int(index)
  }
}

extension Simulation {
  /// Where a part is in the world, m, as of the last `forward` or the beginning of the last engine step (`xpos`,
  /// `site_xpos`, `geom_xpos`, `xanchor`).
  package func position(of element: ModelElement) -> SIMD3<Double> {
    let positions: UnsafeMutablePointer<Double> =
      switch element.kind {
      case .body: data.pointee.xpos
      case .site: data.pointee.site_xpos
      case .geometry: data.pointee.geom_xpos
      case .joint: data.pointee.xanchor
      }
    return vector(positions + 3 * element.index)
  }

  /// How a body, site or geometry is turned in the world, a unit quaternion (w, x, y, z), as of the same time (`xquat`,
  /// `site_xmat`, `geom_xmat`). A joint is turned as the body that it moves.
  package func orientation(of element: ModelElement) -> SIMD4<Double> {
    var quaternion = SIMD4<Double>()
    func fromMatrix(_ matrices: UnsafeMutablePointer<Double>) {
      withUnsafeMutableBytes(of: &quaternion) {
        mju_mat2Quat($0.assumingMemoryBound(to: Double.self).baseAddress, matrices + 9 * element.index)
      }
    }
    switch element.kind {
    case .body: return rotation(data.pointee.xquat + 4 * element.index)
    case .joint:
      return rotation(data.pointee.xquat + 4 * Int(model.handle.pointee.jnt_bodyid[element.index]))
    case .site: fromMatrix(data.pointee.site_xmat)
    case .geometry: fromMatrix(data.pointee.geom_xmat)
    }
    return quaternion
  }

  /// Where a motion capture's body is to be, m, and how it is to be turned, (w, x, y, z) (`mocap_pos`, `mocap_quat`).
  package subscript(motionCapture index: Int) -> (position: SIMD3<Double>, orientation: SIMD4<Double>) {
    get {
      (vector(data.pointee.mocap_pos + 3 * index), rotation(data.pointee.mocap_quat + 4 * index))
    }
    set {
      for axis in 0..<3 { data.pointee.mocap_pos[3 * index + axis] = newValue.position[axis] }
      for axis in 0..<4 { data.pointee.mocap_quat[4 * index + axis] = newValue.orientation[axis] }
    }
  }

  /// Moves a part to another place of its parent's frame (`body_pos`, `site_pos`, `geom_pos`, `jnt_pos`); seen after
  /// the next `forward` or step.
  ///
  /// - Precondition: the simulation was made by `init(copying:)`, so that the model is its own.
  package func place(_ element: ModelElement, at position: SIMD3<Double>) {
    precondition(ownsModel, "a shared model is not moved")
    let positions: UnsafeMutablePointer<Double> =
      switch element.kind {
      case .body: model.handle.pointee.body_pos
      case .site: model.handle.pointee.site_pos
      case .geometry: model.handle.pointee.geom_pos
      case .joint: model.handle.pointee.jnt_pos
      }
    for axis in 0..<3 { positions[3 * element.index + axis] = position[axis] }
  }

  private func vector(_ place: UnsafePointer<Double>) -> SIMD3<Double> { .init(place[0], place[1], place[2]) }

  private func rotation(_ place: UnsafePointer<Double>) -> SIMD4<Double> {
    .init(place[0], place[1], place[2], place[3])
  }
}
