internal import Workers

extension WorkerPool {
  /// Cuts pieces of work into consecutive groups, after each of which a caller can be told how far it has come: eight
  /// pieces per thread, some seconds of ten episodes each where a step takes ten microseconds.
  ///
  /// - Parameters:
  ///   - count: the number of pieces.
  ///   - first: the first piece that is to be done.
  func groups(of count: Int, from first: Int = 0) -> [Range<Int>] {
    stride(from: first, to: count, by: 8 * threads).map { $0..<min($0 + 8 * threads, count) }
  }
}
