internal import CHDF5

/// The type of the elements of a dataset in a file.
package enum ElementType: Sendable, Hashable, CustomStringConvertible {
  /// IEEE single precision, little-endian.
  case float32
  /// IEEE double precision, little-endian.
  case float64
  /// Signed 32-bit integer, little-endian.
  case int32
  /// Signed 64-bit integer, little-endian.
  case int64
  /// Unsigned byte.
  case uint8
  /// UTF-8 text of any length.
  case string
  /// Any type that this module neither reads nor writes, in words.
  case other(String)

  /// The short name of the type, as in the documentation: "f32", "f64", "i32", "i64", "u8", "string".
  package var description: String {
    switch self {
    case .float32: "f32"
    case .float64: "f64"
    case .int32: "i32"
    case .int64: "i64"
    case .uint8: "u8"
    case .string: "string"
    case .other(let words): words
    }
  }

  /// The type of an open HDF5 datatype.
  init(of type: hid_t) {
    if H5Tget_class(type) == H5T_STRING {
      self = .string
      return
    }
    for candidate in [ElementType.float32, .float64, .int32, .int64, .uint8]
    where H5Tequal(type, candidate.libraryType) > 0 {
      self = candidate
      return
    }
    let bits = 8 * H5Tget_size(type)
    self =
      switch H5Tget_class(type) {
      case H5T_INTEGER: .other("\(H5Tget_sign(type) == H5T_SGN_NONE ? "u" : "i")\(bits)\(Self.order(type))")
      case H5T_FLOAT: .other("f\(bits)\(Self.order(type))")
      case H5T_ENUM: .other("enumeration")
      case H5T_COMPOUND: .other("compound")
      case H5T_ARRAY: .other("array")
      case H5T_REFERENCE: .other("reference")
      default: .other("another type")
      }
  }

  private static func order(_ type: hid_t) -> String {
    H5Tget_order(type) == H5T_ORDER_BE ? " big-endian" : ""
  }

  /// The library's type for this element, in a file and in a Swift array. Strings have none of their own, see
  /// `stringType`.
  var libraryType: hid_t {
    switch self {
    case .float32: ch5_float32()
    case .float64: ch5_float64()
    case .int32: ch5_int32()
    case .int64: ch5_int64()
    case .uint8: ch5_uint8()
    case .string, .other: ch5_string()
    }
  }
}

/// A Swift number of which HDF5 can read and write arrays.
package protocol HDF5Number: BitwiseCopyable, Sendable {
  /// The type of this element in a file.
  static var elementType: ElementType { get }
}

extension Float: HDF5Number {
  /// IEEE single precision.
  package static var elementType: ElementType { .float32 }
}

extension Double: HDF5Number {
  /// IEEE double precision.
  package static var elementType: ElementType { .float64 }
}

extension Int32: HDF5Number {
  /// Signed 32-bit integer.
  package static var elementType: ElementType { .int32 }
}

extension Int64: HDF5Number {
  /// Signed 64-bit integer.
  package static var elementType: ElementType { .int64 }
}

extension UInt8: HDF5Number {
  /// Unsigned byte.
  package static var elementType: ElementType { .uint8 }
}
