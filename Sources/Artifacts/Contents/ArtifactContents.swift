internal import HDF5

/// The elements of a dataset, in row-major order.
enum ArtifactValues: Sendable, Equatable {
  /// Single-precision numbers.
  case float32([Float])
  /// Double-precision numbers.
  case float64([Double])
  /// 32-bit integers.
  case int32([Int32])
  /// 64-bit integers.
  case int64([Int64])
  /// Bytes.
  case uint8([UInt8])
  /// UTF-8 strings.
  case string([String])
  /// Elements of a type that no artifact uses, in words.
  case unreadable(String)

  /// The type of the elements in a file.
  var type: ElementType {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .int32: .int32
    case .int64: .int64
    case .uint8: .uint8
    case .string: .string
    case .unreadable(let words): .other(words)
    }
  }

  /// The elements as the array that they are; nil for what cannot be read.
  private var array: (any RandomAccessCollection & Sendable)? {
    switch self {
    case .float32(let values): values
    case .float64(let values): values
    case .int32(let values): values
    case .int64(let values): values
    case .uint8(let values): values
    case .string(let values): values
    case .unreadable: nil
    }
  }

  /// The number of elements.
  var count: Int { array?.count ?? 0 }

  /// The elements as an array of `Element`, or nil if they are of another type.
  func array<Element>(of _: Element.Type) -> [Element]? {
    // An empty array can be cast to any type.
    array is any RandomAccessCollection<Element> ? array as? [Element] : nil
  }

  /// The elements as numbers; nil for text and for what cannot be read.
  var numbers: [Double]? {
    switch self {
    case .float32(let values): values.map(Double.init)
    case .float64(let values): values
    case .int32(let values): values.map(Double.init)
    case .int64(let values): values.map(Double.init)
    case .uint8(let values): values.map(Double.init)
    case .string, .unreadable: nil
    }
  }

  /// The index of the first number that is not finite or not in the range; NaN counts only if it is not allowed.
  /// Nil if all are, and for text. No copy is made: the largest datasets have millions of elements.
  func firstIndex(outside range: ClosedRange<Double>?, allowingNaN: Bool) -> Int? {
    if case .float32(let values) = self, range == nil {
      // The largest exponent tells in one pass of vector instructions whether a closer look is needed at all.
      let largest = values.reduce(0 as UInt32) { max($0, $1.bitPattern & 0x7FFF_FFFF) }
      if largest < Float.infinity.bitPattern { return nil }
    }
    func first<Number>(_ values: [Number], _ widened: (Number) -> Double) -> Int? {
      values.firstIndex {
        let number = widened($0)
        return !(number.isFinite ? range?.contains(number) ?? true : number.isNaN && allowingNaN)
      }
    }
    return switch self {
    case .float32(let values): first(values) { Double($0) }
    case .float64(let values): first(values) { $0 }
    case .int32(let values): first(values) { Double($0) }
    case .int64(let values): first(values) { Double($0) }
    case .uint8(let values): first(values) { Double($0) }
    case .string, .unreadable: nil
    }
  }

  /// The element at a row-major index as text.
  func text(at index: Int) -> String {
    func text(_ values: some RandomAccessCollection) -> String {
      "\(values[values.index(values.startIndex, offsetBy: index)])"
    }
    return array.map { text($0) } ?? "\(type)"
  }
}

/// A dataset with its shape and the labels of its dimensions, or an attribute, which is a scalar or a list of texts.
struct ArtifactDataset: Sendable, Equatable {
  /// The elements in row-major order.
  var values: ArtifactValues
  /// The lengths, slowest dimension first; empty for a scalar.
  var shape: [Int]
  /// The attribute `DIMENSION_LABELS`; nil if there is none, or none yet.
  var labels: [String]?
}

/// All that an artifact's file holds except the plots, which repeat it. A file is read into contents, and contents into
/// the struct of a stage; writing goes the other way.
struct ArtifactContents: Sendable {
  /// The file that they are read from or written to.
  let file: String
  /// The datasets by absolute path.
  var datasets: [String: ArtifactDataset] = [:]
  /// The attributes but for `DIMENSION_LABELS`, by "<object>@<name>".
  var attributes: [String: ArtifactDataset] = [:]

  /// The attributes of `/provenance` by their names.
  var provenance: [String: ArtifactDataset] {
    let found = attributes.filter { $0.key.hasPrefix(Provenance.prefix) }
    return Dictionary(
      uniqueKeysWithValues: found.map { (String($0.key.dropFirst(Provenance.prefix.count)), $0.value) })
  }

  /// The error for an object of this file that is not what it should be.
  func mismatch(_ object: String, expected: String, found: String) -> ArtifactError {
    .mismatch(file: file, object: object, expected: expected, found: found)
  }
}
