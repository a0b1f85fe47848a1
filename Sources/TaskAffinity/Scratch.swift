/// Memory on a cache line's boundary, to be written before it is read.
final class Scratch<Element> {
  /// Its start.
  let pointer: UnsafeMutablePointer<Element>

  /// Room for `count` elements.
  init(count: Int) {
    pointer = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: 64
    ).bindMemory(to: Element.self, capacity: max(count, 1))
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }
}
