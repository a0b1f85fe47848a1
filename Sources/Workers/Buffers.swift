/// Buffers that live as long as this, for a type that hands out pointers into its memory.
package final class Buffers {
  private var memory: [UnsafeMutableRawPointer] = []

  /// No buffers yet.
  package init() {}

  deinit { for piece in memory { piece.deallocate() } }

  /// A buffer of `count` equal elements of a type without references, from a cache line's boundary on. A cache line
  /// beyond its end may be read too.
  package func make<Element>(_ count: Int, _ value: Element) -> UnsafeMutablePointer<Element> {
    let size = count * MemoryLayout<Element>.stride + 64
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    bytes.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    memory.append(bytes)
    return bytes.initializeMemory(as: Element.self, repeating: value, count: count)
  }
}
